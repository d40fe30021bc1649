"""The tables as they were before there were revisions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _bytes(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary, nullable=False)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, autoincrement=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False)


def upgrade() -> None:
    """Make them all."""
    _organisation()
    _devices()
    _casefiles()
    _logs()
    _set_aside()


def _organisation() -> None:
    op.create_table(
        "office",
        sa.Column("one", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("layout", sa.Integer, nullable=False),
        sa.Column("org", sa.LargeBinary),
        sa.Column("root_public", sa.LargeBinary),
        _count("length"),
        sa.Column("claim", sa.LargeBinary),
        _bytes("pepper"),
        sa.PrimaryKeyConstraint("one"),
    )
    op.create_table(
        "directory",
        _count("position"),
        _bytes("id"),
        _bytes("packed"),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("id"),
    )
    op.create_table(
        "acts",
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            autoincrement=True,
        ),
        _count("at"),
        _bytes("device"),
        sa.Column("act", sa.String(32), nullable=False),
        sa.Column("casefile", sa.LargeBinary),
        sa.Column("subject", sa.LargeBinary),
        sa.PrimaryKeyConstraint("position"),
    )


def _devices() -> None:
    op.create_table(
        "challenges",
        _bytes("challenge"),
        _bytes("device"),
        _count("expires"),
        sa.PrimaryKeyConstraint("challenge"),
    )
    op.create_index("ix_challenges_device", "challenges", ["device"])
    op.create_table(
        "tokens",
        _bytes("hash"),
        _bytes("device"),
        _count("expires"),
        _flag("revoked"),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_index("ix_tokens_device", "tokens", ["device"])
    op.create_index("ix_tokens_expires", "tokens", ["expires"])
    op.create_table(
        "devices",
        _bytes("device"),
        _count("last_seen"),
        _count("day"),
        _count("bytes_today"),
        sa.Column("wiped", sa.BigInteger),
        sa.PrimaryKeyConstraint("device"),
    )
    op.create_table(
        "invites",
        _bytes("lookup"),
        _bytes("device"),
        _count("expires"),
        sa.Column("request", sa.LargeBinary),
        sa.Column("mac", sa.LargeBinary),
        sa.Column("at", sa.BigInteger),
        _flag("certified"),
        sa.PrimaryKeyConstraint("lookup"),
    )
    op.create_index("ix_invites_device", "invites", ["device"])
    op.create_table(
        "failures",
        _bytes("address"),
        _count("since"),
        _count("count"),
        sa.PrimaryKeyConstraint("address"),
    )


def _casefiles() -> None:
    op.create_table(
        "casefiles",
        _bytes("casefile"),
        _count("top"),
        _bytes("grant_id"),
        _count("grants"),
        _count("inbox"),
        sa.PrimaryKeyConstraint("casefile"),
    )
    op.create_table(
        "grants",
        _bytes("casefile"),
        _count("position"),
        _bytes("id"),
        _bytes("packed"),
        sa.PrimaryKeyConstraint("casefile", "position"),
        sa.UniqueConstraint("id"),
    )
    op.create_table(
        "members",
        _bytes("casefile"),
        _bytes("device"),
        _flag("current"),
        sa.PrimaryKeyConstraint("casefile", "device"),
    )
    op.create_index("members_device", "members", ["device"])


def _logs() -> None:
    op.create_table(
        "chains",
        _bytes("casefile"),
        _bytes("device"),
        _count("n"),
        _bytes("id"),
        _count("seq"),
        _count("held_n"),
        _bytes("held_id"),
        sa.PrimaryKeyConstraint("casefile", "device"),
    )
    op.create_index("chains_device", "chains", ["device"])
    op.create_table(
        "stretches",
        _bytes("casefile"),
        _count("seq"),
        _bytes("device"),
        _count("n"),
        _bytes("kid"),
        _bytes("prev"),
        sa.Column("signature", sa.LargeBinary),
        _count("bytes"),
        _bytes("ids"),
        _bytes("packed"),
        sa.PrimaryKeyConstraint("casefile", "seq"),
    )
    op.create_index("stretches_chain", "stretches", ["casefile", "device", "n"])


def _set_aside() -> None:
    op.create_table(
        "quarantine",
        _bytes("casefile"),
        _bytes("device"),
        _count("n"),
        _bytes("prev"),
        _bytes("id"),
        _bytes("kid"),
        _bytes("item"),
        _flag("settled"),
        sa.PrimaryKeyConstraint("casefile", "device", "n"),
        sa.UniqueConstraint("id"),
    )
    op.create_table(
        "held_heads",
        _bytes("casefile"),
        _bytes("device"),
        _count("n"),
        _bytes("id"),
        _bytes("signature"),
        sa.PrimaryKeyConstraint("casefile", "device", "n"),
    )
    op.create_table(
        "drafts",
        _bytes("device"),
        _bytes("draft"),
        _bytes("casefile"),
        _bytes("person"),
        _bytes("kid"),
        _bytes("sealed"),
        _bytes("signature"),
        _count("bytes"),
        sa.PrimaryKeyConstraint("device", "draft"),
    )
    op.create_index("ix_drafts_person", "drafts", ["person"])
