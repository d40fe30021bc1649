"""Inboxes, and what the reminder desk writes down."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def _bytes(name: str, *, nullable: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary, nullable=nullable)


def _count(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=nullable, autoincrement=False)


def _small(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False, autoincrement=False)


def _word(name: str, length: int = 32, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False)


def upgrade() -> None:
    """Make them all."""
    _inbox()
    _capsules()
    _orders()
    _alarms()
    _numbers()
    _desk()


def _inbox() -> None:
    op.create_table(
        "inbox",
        _bytes("casefile"),
        _count("seq"),
        _bytes("device"),
        _bytes("entry"),
        _bytes("id"),
        _bytes("header"),
        _bytes("signature"),
        _bytes("item"),
        sa.PrimaryKeyConstraint("casefile", "seq"),
    )
    op.create_index("inbox_device", "inbox", ["device"])
    op.create_index("inbox_entry", "inbox", ["casefile", "device", "entry"], unique=True)
    op.create_index("ix_inbox_id", "inbox", ["id"])


def _capsules() -> None:
    op.create_table(
        "desk_capsules",
        _bytes("reference"),
        _bytes("casefile"),
        _bytes("device"),
        _count("planned"),
        _count("received"),
        _bytes("route"),
        _count("consent"),
        _bytes("appointment", nullable=True),
        _count("appointment_version"),
        _word("rule"),
        _word("channel"),
        _count("opens"),
        _count("closes"),
        _count("not_after"),
        _count("deliver_by", nullable=True),
        _count("max_silence", nullable=True),
        _bytes("correction_of", nullable=True),
        _word("state"),
        _word("reason", nullable=True),
        _count("changed"),
        _bytes("digest"),
        _bytes("packed", nullable=True),
        _word("duty", nullable=True),
        _count("due", nullable=True),
        _count("fence"),
        _count("attempt"),
        _count("looked"),
        _word("provider", nullable=True),
        _word("provider_id", 64, nullable=True),
        _flag("claims_refusal"),
        _bytes("number", nullable=True),
        _count("began", nullable=True),
        _count("late", nullable=True),
        _count("task", nullable=True),
        _count("known", nullable=True),
        _count("ended", nullable=True),
        sa.PrimaryKeyConstraint("reference"),
    )
    op.create_index("desk_capsules_casefile", "desk_capsules", ["casefile", "state"])
    op.create_index("desk_capsules_device", "desk_capsules", ["device", "state"])
    op.create_index("desk_capsules_duty", "desk_capsules", ["duty", "due"])
    op.create_index("desk_capsules_ended", "desk_capsules", ["ended"])
    op.create_index("desk_capsules_late", "desk_capsules", ["late"])
    op.create_index("desk_capsules_number", "desk_capsules", ["number"])
    op.create_index("desk_capsules_provider_id", "desk_capsules", ["provider_id"])
    op.create_index("desk_capsules_route", "desk_capsules", ["route"])
    op.create_index("desk_capsules_task", "desk_capsules", ["task"])


def _orders() -> None:
    op.create_table(
        "desk_routes",
        _bytes("route"),
        _count("stopped"),
        _count("at", nullable=True),
        _bytes("packed", nullable=True),
        sa.PrimaryKeyConstraint("route"),
    )
    op.create_table(
        "desk_floors",
        _bytes("casefile"),
        _count("upto"),
        sa.PrimaryKeyConstraint("casefile"),
    )
    op.create_table(
        "desk_appointment_floors",
        _bytes("casefile"),
        _bytes("appointment"),
        _count("before_version"),
        sa.PrimaryKeyConstraint("casefile", "appointment"),
    )
    op.create_table(
        "desk_withdrawn",
        _bytes("casefile"),
        _bytes("reference"),
        _count("at"),
        sa.PrimaryKeyConstraint("casefile", "reference"),
    )


def _alarms() -> None:
    op.create_table(
        "desk_alarms",
        _bytes("reference"),
        _bytes("casefile", nullable=True),
        _bytes("device"),
        _word("kind"),
        _count("received"),
        _count("due"),
        _count("again_s"),
        _small("steps"),
        _small("step"),
        _bytes("replaces", nullable=True),
        _word("state"),
        _word("reason", nullable=True),
        _count("changed"),
        _bytes("digest"),
        _bytes("packed", nullable=True),
        _count("told"),
        _count("ended", nullable=True),
        sa.PrimaryKeyConstraint("reference"),
    )
    op.create_index("desk_alarms_due", "desk_alarms", ["state", "due"])
    op.create_index("desk_alarms_ended", "desk_alarms", ["ended"])
    op.create_index("desk_alarms_replaces", "desk_alarms", ["replaces"])
    op.create_table(
        "desk_check_outs",
        _bytes("alarm"),
        _bytes("device"),
        _count("received"),
        _bytes("packed"),
        sa.PrimaryKeyConstraint("alarm", "device"),
    )
    op.create_table(
        "desk_sightings",
        _bytes("reference"),
        _bytes("device"),
        _count("at"),
        sa.PrimaryKeyConstraint("reference", "device"),
    )
    op.create_table(
        "desk_phases",
        _bytes("device"),
        _count("at"),
        sa.PrimaryKeyConstraint("device"),
    )
    op.create_table(
        "desk_alarm_calls",
        _bytes("alarm"),
        _count("call"),
        _count("step"),
        _count("at"),
        _bytes("number"),
        _word("provider"),
        _word("provider_id", 64, nullable=True),
        _word("outcome"),
        sa.PrimaryKeyConstraint("alarm", "call"),
    )
    op.create_index("desk_alarm_calls_number", "desk_alarm_calls", ["number"])


def _numbers() -> None:
    op.create_table(
        "desk_lines",
        _bytes("number"),
        _bytes("route"),
        _bytes("casefile"),
        _bytes("reference"),
        _count("at"),
        sa.PrimaryKeyConstraint("number", "route"),
    )
    op.create_table(
        "desk_optouts",
        _bytes("number"),
        _count("at"),
        _word("by"),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "desk_daily",
        _bytes("number"),
        _count("day"),
        _count("times"),
        sa.PrimaryKeyConstraint("number"),
    )


def _desk() -> None:
    op.create_table(
        "desk_switch",
        _small("one"),
        _flag("paused"),
        _count("at"),
        sa.PrimaryKeyConstraint("one"),
    )
    op.create_table(
        "desk_providers",
        _word("provider"),
        _word("reason", nullable=True),
        _count("since", nullable=True),
        _count("until"),
        _count("failures"),
        _count("next_slot"),
        sa.PrimaryKeyConstraint("provider"),
    )
    op.create_table(
        "desk_news",
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            autoincrement=True,
        ),
        _bytes("entry"),
        _bytes("casefile"),
        _word("kind"),
        _bytes("record"),
        _count("at"),
        _count("due"),
        _flag("sealed"),
        _bytes("body"),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("entry"),
    )
    op.create_index("desk_news_due", "desk_news", ["due"])
    op.create_table(
        "desk_outbox",
        _word("id"),
        _count("at"),
        _word("reference", 64),
        _word("code", 128),
        _word("channel"),
        _word("state"),
        _bytes("sealed"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("desk_outbox_at", "desk_outbox", ["at"])
    op.create_index("desk_outbox_reference", "desk_outbox", ["reference"])
    op.create_table(
        "desk_incoming",
        _bytes("id"),
        _count("at"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("desk_incoming_at", "desk_incoming", ["at"])
