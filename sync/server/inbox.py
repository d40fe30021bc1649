"""Inboxes at the office: what is left for a casefile's members by those who may not read it.

Whoever appends holds the casefile's row while its counter moves, so the numbers are dense and in
the order of commits. The office checks who signed an entry and that it goes into this casefile; it
can open none of them. Must not know what they say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, bindparam, func, insert, select, update

from storage.envelope import HASH_BYTES
from storage.errors import BadEnvelope, BadSignature
from storage.inbox import Entry, EntryHeader, read_entry, read_entry_header
from storage.seal import fingerprint
from sync.errors import TooMuch
from sync.protocol import (
    MAX_BATCH_BYTES,
    MAX_CASEFILES,
    MAX_ENTRIES,
    Cursor,
    EntryAnswer,
    InboxPage,
)
from sync.server.access import Caller, caller
from sync.server.allowance import spend
from sync.server.ledger import hold_casefiles
from sync.server.surroundings import Surroundings
from sync.server.tables import casefiles, erased, inbox, members

Checked = tuple[EntryHeader, Entry]

_NOBODY = bytes(16)
_TOP = (
    select(casefiles.c.inbox)
    .join(members, members.c.casefile == casefiles.c.casefile)
    .where(
        casefiles.c.casefile == bindparam("casefile"),
        members.c.device == bindparam("me"),
        members.c.current.is_(True),
    )
)
_TOPS = select(casefiles.c.casefile, casefiles.c.inbox).where(
    casefiles.c.casefile.in_(bindparam("wanted", expanding=True))
)
_ERASED = select(erased.c.id).where(erased.c.id.in_(bindparam("ids", expanding=True)))
_AFTER = (
    select(inbox.c.header, inbox.c.item, inbox.c.signature)
    .where(inbox.c.casefile == bindparam("casefile"), inbox.c.seq > bindparam("after"))
    .order_by(inbox.c.seq)
    .limit(MAX_ENTRIES)
)


def append(connection: Connection, entries: Sequence[Checked]) -> tuple[set[bytes], int]:
    """Number new entries at the end of their inboxes, within the caller's transaction.

    Gives the casefiles that there are (entries for others are left out), and the bytes of what is
    new. An entry that is there already keeps its number. The casefiles' rows are held from here
    on, taken in order.
    """
    by_casefile: dict[bytes, list[Checked]] = {}
    for header, entry in entries:
        by_casefile.setdefault(header.casefile, []).append((header, entry))
    hold_casefiles(connection, list(by_casefile))
    tops = _tops(connection, list(by_casefile))
    gone = _erased(connection, entries)
    size = 0
    for casefile, top in tops.items():
        rows = _new_rows(connection, casefile, top, by_casefile[casefile], gone)
        if rows:
            connection.execute(insert(inbox), rows)
            connection.execute(
                update(casefiles)
                .where(casefiles.c.casefile == casefile)
                .values(inbox=top + len(rows))
            )
            size += sum(len(row["item"]) for row in rows)
    return set(tops), size


def _tops(connection: Connection, wanted: Sequence[bytes]) -> dict[bytes, int]:
    """The numbers of the last entries, of those casefiles that there are."""
    if not wanted:
        return {}
    return {c: int(top) for c, top in connection.execute(_TOPS, {"wanted": wanted})}


def _erased(connection: Connection, entries: Sequence[Checked]) -> frozenset[bytes]:
    """Which of these had been redacted before the office was put back from a backup."""
    ids = [entry.id for _, entry in entries]
    return frozenset(connection.execute(_ERASED, {"ids": ids}).scalars() if ids else ())


def _new_rows(
    connection: Connection,
    casefile: bytes,
    top: int,
    entries: Sequence[Checked],
    gone: frozenset[bytes],
) -> list[dict[str, Any]]:
    known = {
        (row.device, row.entry)
        for row in connection.execute(
            select(inbox.c.device, inbox.c.entry).where(
                inbox.c.casefile == casefile,
                inbox.c.entry.in_([header.entry for header, _ in entries]),
            )
        )
    }
    rows: list[dict[str, Any]] = []
    for header, entry in entries:
        if (header.device, header.entry) in known:
            continue
        known.add((header.device, header.entry))
        rows.append(
            {
                "casefile": casefile,
                "seq": top + len(rows) + 1,
                "device": header.device,
                "entry": header.entry,
                "id": entry.id,
                "header": entry.header,
                "signature": entry.signature,
                "item": emptied(entry.item) if entry.id in gone else entry.item,
            }
        )
    return rows


def write(s: Surroundings, token: bytes, entries: Sequence[Entry]) -> tuple[EntryAnswer, ...]:
    """Leave entries in inboxes; see `Office.inbox_write`."""
    size = sum(len(entry.header) + len(entry.item) for entry in entries)
    if len(entries) > MAX_ENTRIES or size > MAX_BATCH_BYTES:
        raise TooMuch("more was left at once than the office takes")
    with s.database.writing() as connection:
        who = caller(s, connection, token, even_revoked=True, held=True)
        checked = [_checked(who, entry) for entry in entries]
        sound = [(header, entry) for header, entry, fault in checked if header and not fault]
        there, stored = append(connection, sound)
        spend(s, connection, who, stored)
    return tuple(_answer(header, fault, there) for header, _, fault in checked)


def _checked(who: Caller, entry: Entry) -> tuple[EntryHeader | None, Entry, str | None]:
    """An entry's header, and a code for what is wrong with it. Who hands it in does not matter:
    what counts is who signed it."""
    try:
        header, entry = read_entry(entry.header, entry.item, entry.signature)
    except BadEnvelope:
        return None, entry, "malformed"
    if header.org != who.org:
        return header, entry, "not-ours"
    if entry.redacted:
        return header, entry, "malformed"
    writer = who.directory.certificate(header.device)
    if writer is None:
        return header, entry, "unknown-device"
    try:
        entry.check(Ed25519PublicKey.from_public_bytes(writer.signing))
    except BadSignature:
        return header, entry, "bad-signature"
    return header, entry, None


def _answer(header: EntryHeader | None, fault: str | None, there: set[bytes]) -> EntryAnswer:
    if header is None:
        return EntryAnswer(entry=_NOBODY, accepted=False, refused=fault)
    if fault is None and header.casefile not in there:
        fault = "not-yours"
    return EntryAnswer(entry=header.entry, accepted=fault is None, refused=fault)


def pull(s: Surroundings, token: bytes, wanted: Sequence[Cursor]) -> tuple[InboxPage, ...]:
    """Pages of inboxes of casefiles of mine, in the order asked; see `Office.inbox_pull`."""
    pages: list[InboxPage] = []
    size = 0
    with s.database.reading() as connection:
        who = caller(s, connection, token)
        for cursor in wanted[:MAX_CASEFILES]:
            place = {"casefile": cursor.casefile, "me": who.device}
            top = connection.execute(_TOP, place).scalar_one_or_none()
            if top is None:
                continue
            entries: list[Entry] = []
            after = {"casefile": cursor.casefile, "after": cursor.after}
            for header, item, signature in connection.execute(_AFTER, after):
                size += len(header) + len(item)
                if size > MAX_BATCH_BYTES and (entries or pages):
                    break
                entries.append(Entry(header=header, item=item, signature=signature))
            pages.append(
                InboxPage(
                    casefile=cursor.casefile,
                    after=cursor.after,
                    next=cursor.after + len(entries),
                    top=top,
                    entries=tuple(entries),
                )
            )
            if size > MAX_BATCH_BYTES:
                break
    return tuple(pages)


def reach(connection: Connection, device: bytes) -> dict[bytes, int]:
    """The number of a device's last entry, by casefile."""
    rows = connection.execute(
        select(inbox.c.casefile, func.max(inbox.c.seq))
        .where(inbox.c.device == device)
        .group_by(inbox.c.casefile)
    )
    return {casefile: int(upto) for casefile, upto in rows}


def emptied(item: bytes) -> bytes:
    """A sealed part without its text: signature and id stay what they were."""
    return item if len(item) == HASH_BYTES else fingerprint(item)


def leave(connection: Connection, entry: Entry) -> bool:
    """The desk's own entry, within its transaction; gives whether there is such a casefile."""
    header = read_entry_header(entry.header)
    there, _ = append(connection, [(header, entry)])
    return header.casefile in there
