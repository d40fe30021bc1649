"""What the office writes down: random ids, counters, hashes, signatures and sealed bytes.

No column holds a word that a person wrote, and none could: the office has no key. Types are
portable; what differs between databases is in `dialects`. Instants are milliseconds since 1970.
Whoever changes anything here adds a revision under `migrations`.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

FLEETING: Final = "fleeting"
"""In the `info` of a table or column: of use for minutes, or a secret, so no backup has it."""

metadata = MetaData()


def _id(
    name: str, *, primary_key: bool = False, index: bool = False, unique: bool = False
) -> Column[bytes]:
    return Column(
        name,
        LargeBinary,
        nullable=False,
        primary_key=primary_key,
        index=index or None,
        unique=unique or None,
    )


def _count(name: str, *, primary_key: bool = False, index: bool = False) -> Column[int]:
    return Column(
        name,
        BigInteger,
        nullable=False,
        primary_key=primary_key,
        index=index or None,
        autoincrement=False,
    )


office = Table(
    "office",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),  # always 1: there is one row
    Column("org", LargeBinary),  # None while the office belongs to nobody
    Column("root_public", LargeBinary),
    _count("length"),  # of the directory: the version everybody's standing is checked against
    # Hash of the code that claims an empty office.
    Column("claim", LargeBinary, info={FLEETING: True}),
    # Keys the hashes of addresses that failed to enrol.
    Column("pepper", LargeBinary, nullable=False, info={FLEETING: True}),
    Column("restored", LargeBinary),  # random, new with every restore; None before the first
)

directory = Table(
    "directory",
    metadata,
    _count("position", primary_key=True),
    _id("id", unique=True),
    _id("packed"),
)

challenges = Table(
    "challenges",
    metadata,
    _id("challenge", primary_key=True),
    _id("device", index=True),
    _count("expires"),
    info={FLEETING: True},
)

tokens = Table(
    "tokens",
    metadata,
    _id("hash", primary_key=True),  # SHA-256: a stolen database logs nobody in
    _id("device", index=True),
    _count("expires", index=True),
    Column("revoked", Boolean, nullable=False),  # given to a device that stood revoked already
    info={FLEETING: True},
)

devices = Table(
    "devices",
    metadata,
    _id("device", primary_key=True),
    _count("last_seen"),
    _count("day"),  # days since 1970 that `bytes_today` counts for
    _count("bytes_today"),
    Column("wiped", BigInteger),  # when it said that its keys are gone
)

casefiles = Table(
    "casefiles",
    metadata,
    _id("casefile", primary_key=True),
    _count("top"),  # the dense sequence 1…top; locking this row is what makes it dense
    _id("grant_id"),
    _count("grants"),
    _count("inbox"),
)

grants = Table(
    "grants",
    metadata,
    _id("casefile", primary_key=True),
    _count("position", primary_key=True),
    _id("id", unique=True),
    _id("packed"),
)

members = Table(
    "members",
    metadata,
    _id("casefile", primary_key=True),
    _id("device", primary_key=True),
    Column("current", Boolean, nullable=False),  # False: was one, so what it sends is quarantined
    Index("members_device", "device"),
)

chains = Table(
    "chains",
    metadata,
    _id("casefile", primary_key=True),
    _id("device", primary_key=True),
    _count("n"),  # last change in the log, 0 for none
    _id("id"),
    _count("seq"),
    _count("held_n"),  # last change in quarantine, 0 for none
    _id("held_id"),
    Index("chains_device", "device"),
)

# The logs: consecutive changes of one chain under one key, as they were pushed, in one row. A full
# batch is a handful of rows and not a thousand, and no change needs an index entry of its own: its
# number is counted from the row's.
stretches = Table(
    "stretches",
    metadata,
    _id("casefile", primary_key=True),
    _count("seq", primary_key=True),  # of its last change
    _id("device"),
    _count("n"),  # of its last change
    _id("kid"),
    _id("prev"),  # of its first change
    Column("signature", LargeBinary),  # of the head that covers it: where a page may end
    _count("bytes"),  # of its items
    _id("ids"),  # 32 bytes for each change, in order
    # msgpack list: nonce and ciphertext of each; once redacted, nonce and the ciphertext's hash.
    # Last, so that reading what stands before it does not read it.
    _id("packed"),
    Index("stretches_chain", "casefile", "device", "n"),
)

# What non-members left for a casefile's members, in the order of the casefile's own counter.
inbox = Table(
    "inbox",
    metadata,
    _id("casefile", primary_key=True),
    _count("seq", primary_key=True),  # the dense sequence 1…casefiles.inbox
    _id("device"),
    _id("entry"),
    _id("id", index=True),  # of the change it is folded as: a redaction names it
    _id("header"),
    _id("signature"),
    _id("item"),  # sealed; once redacted its hash
    Index("inbox_entry", "casefile", "device", "entry", unique=True),
    Index("inbox_device", "device"),
)

quarantine = Table(
    "quarantine",
    metadata,
    _id("casefile", primary_key=True),
    _id("device", primary_key=True),
    _count("n", primary_key=True),
    _id("prev"),
    _id("id", unique=True),
    _id("kid"),
    _id("item"),
    Column("settled", Boolean, nullable=False),
)

held_heads = Table(
    "held_heads",
    metadata,
    _id("casefile", primary_key=True),
    _id("device", primary_key=True),
    _count("n", primary_key=True),
    _id("id"),
    _id("signature"),
)

# Changes that a restored backup does not hold and whose text had been dropped since it was made:
# when they come again, only their place is kept.
erased = Table("erased", metadata, _id("id", primary_key=True))

drafts = Table(
    "drafts",
    metadata,
    _id("device", primary_key=True),
    _id("draft", primary_key=True),
    _id("casefile"),
    _id("person", index=True),
    _id("kid"),
    _id("sealed"),
    _id("signature"),
    _count("bytes"),
)

invites = Table(
    "invites",
    metadata,
    _id("lookup", primary_key=True),
    _id("device", index=True),
    _count("expires"),
    Column("request", LargeBinary),
    Column("mac", LargeBinary),
    Column("at", BigInteger),
    Column("certified", Boolean, nullable=False),
)

failures = Table(
    "failures",
    metadata,
    _id("address", primary_key=True),  # keyed hash
    _count("since"),
    _count("count"),
    info={FLEETING: True},
)

acts = Table(
    "acts",
    metadata,
    Column(
        "position",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    _count("at"),
    _id("device"),
    Column("act", String(32), nullable=False),
    Column("casefile", LargeBinary),
    Column("subject", LargeBinary),
)
