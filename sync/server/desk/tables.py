"""What the desk writes down: ids, versions, times, states, and what is sealed to its key.

Registered on the office's metadata, so that one database holds both. Numbers and words stay inside
`packed` until the desk's process opens them; the key for that is in a file of its own. Instants
are milliseconds since 1970.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
)

from sync.server.tables import metadata


def _bytes(name: str, *, key: bool = False, nullable: bool = False) -> Column[bytes]:
    return Column(name, LargeBinary, primary_key=key, nullable=nullable)


def _count(
    name: str, *, key: bool = False, nullable: bool = False, default: int | None = None
) -> Column[int]:
    return Column(
        name,
        BigInteger,
        primary_key=key,
        nullable=nullable,
        default=default,
        autoincrement=False,
    )


def _word(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, String(32), nullable=nullable)


capsules = Table(
    "desk_capsules",
    metadata,
    _bytes("reference", key=True),
    _bytes("casefile"),
    _bytes("device"),
    _count("planned"),  # by the device's clock
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
    _count("max_silence", nullable=True),  # hours
    _bytes("correction_of", nullable=True),
    _word("state"),
    _word("reason", nullable=True),
    _count("changed"),  # when it came into this state
    _bytes("digest"),  # of what was ordered: the same reference with another one is refused
    _bytes("packed", nullable=True),  # gone some days after the end
    # What the desk has to do next with it, and when: "send", "rescue" or "look"; nothing once it
    # has ended.
    _word("duty", nullable=True),
    _count("due", nullable=True),
    _count("fence", default=0),  # whoever settles an attempt must still hold this number
    _count("attempt", default=0),
    _count("looked", default=0),  # how often this attempt was looked up
    _word("provider", nullable=True),
    Column("provider_id", String(64)),
    Column("claims_refusal", Boolean, nullable=False, default=False),
    _bytes("number", nullable=True),  # keyed hash
    _count("began", nullable=True),  # when the provider was called
    _count("late", nullable=True),  # when it counts as not reached; nothing once that was said
    _count("task", nullable=True),  # since when somebody has to ring instead
    _count("known", nullable=True),  # when somebody had seen that, or duty was told
    _count("ended", nullable=True),
    Index("desk_capsules_duty", "duty", "due"),
    Index("desk_capsules_late", "late"),
    Index("desk_capsules_task", "task"),
    Index("desk_capsules_ended", "ended"),
    Index("desk_capsules_casefile", "casefile", "state"),
    Index("desk_capsules_route", "route"),
    Index("desk_capsules_device", "device", "state"),
    Index("desk_capsules_number", "number"),
    Index("desk_capsules_provider_id", "provider_id"),
)

# One row for each route that anything was ever ordered about. Whoever puts or stops one of its
# reminders holds it, so that neither can slip past the other.
routes = Table(
    "desk_routes",
    metadata,
    _bytes("route", key=True),
    _count("stopped"),  # the highest consent version refused, -1 for none
    _count("at", nullable=True),  # when the office received that stop
    _bytes("packed", nullable=True),  # the stop itself, to be shown to whoever asks
)

# Likewise one row for each casefile, held by whoever puts or withdraws.
floors = Table(
    "desk_floors",
    metadata,
    _bytes("casefile", key=True),
    _count("upto"),  # whatever was planned by then is withdrawn, -1 for nothing
)

appointment_floors = Table(
    "desk_appointment_floors",
    metadata,
    _bytes("casefile", key=True),
    _bytes("appointment", key=True),
    _count("before_version"),
)

# References withdrawn before, or without, their capsule having come.
withdrawn = Table(
    "desk_withdrawn",
    metadata,
    _bytes("casefile", key=True),
    _bytes("reference", key=True),
    _count("at"),
)

alarms = Table(
    "desk_alarms",
    metadata,
    _bytes("reference", key=True),
    _bytes("casefile", nullable=True),
    _bytes("device"),
    _word("kind"),
    _count("received"),
    _count("due"),  # when it next has to be looked at
    _count("again_s"),
    Column("steps", Integer, nullable=False),
    Column("step", Integer, nullable=False),  # how many people were told so far
    _bytes("replaces", nullable=True),
    _word("state"),
    _word("reason", nullable=True),
    _count("changed"),
    _bytes("digest"),
    _bytes("packed", nullable=True),
    _count("told", default=0),  # messages that a provider took
    _count("ended", nullable=True),
    Index("desk_alarms_due", "state", "due"),
    Index("desk_alarms_ended", "ended"),
    Index("desk_alarms_replaces", "replaces"),
)

check_outs = Table(
    "desk_check_outs",
    metadata,
    _bytes("alarm", key=True),
    _bytes("device", key=True),
    _count("received"),
    _bytes("packed"),
)

sightings = Table(
    "desk_sightings",
    metadata,
    _bytes("reference", key=True),
    _bytes("device", key=True),
    _count("at"),
)

phases = Table(
    "desk_phases",
    metadata,
    _bytes("device", key=True),
    _count("at"),  # when it last had pushed every stop and withdrawal it had
)

# Each message sent for an alarm: what somebody's answer is recognised by.
alarm_calls = Table(
    "desk_alarm_calls",
    metadata,
    _bytes("alarm", key=True),
    _count("call", key=True),  # 1, 2, 3…
    _count("step"),
    _count("at"),
    _bytes("number"),  # keyed hash
    _word("provider"),
    Column("provider_id", String(64)),
    _word("outcome"),
    Index("desk_alarm_calls_number", "number"),
)

# Which ways to reach somebody a number stands for, and what was last sent there: how a reply finds
# its casefile. Keyed hashes, kept as long as the casefile.
lines = Table(
    "desk_lines",
    metadata,
    _bytes("number", key=True),
    _bytes("route", key=True),
    _bytes("casefile"),
    _bytes("reference"),
    _count("at"),
)

# Numbers that asked to be left alone, or that duty stopped. Keyed hashes.
optouts = Table(
    "desk_optouts",
    metadata,
    _bytes("number", key=True),
    _count("at"),
    _word("by"),  # "reply", "call", "provider" or "duty"
)

# How many messages a number got on a day, counted in days since 1970.
daily = Table(
    "desk_daily",
    metadata,
    _bytes("number", key=True),
    _count("day"),
    _count("times"),
)

# One row, of the whole desk.
switch = Table(
    "desk_switch",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("paused", Boolean, nullable=False),
    _count("at"),
)

# What is the matter with a provider, shared by all processes. `until` is when it may be tried
# again, `failures` how often in a row it could not be reached.
providers = Table(
    "desk_providers",
    metadata,
    Column("provider", String(32), primary_key=True),
    _word("reason", nullable=True),
    _count("since", nullable=True),
    _count("until"),
    _count("failures"),
    _count("next_slot"),  # when the next message may be handed to it
)

# What happened, to be sealed and left in a casefile's inbox. `body` is a msgpack map of plain
# values; where it holds somebody's words it is sealed to the desk's own key.
news = Table(
    "desk_news",
    metadata,
    Column(  # so that it is left in the order in which it happened
        "position",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    Column("entry", LargeBinary, nullable=False, unique=True),
    _bytes("casefile"),
    _word("kind"),
    _bytes("record"),
    _count("at"),
    _count("due"),
    Column("sealed", Boolean, nullable=False),
    _bytes("body"),
    Index("desk_news_due", "due"),
)

# What the console provider would have sent, sealed to the desk's own key.
outbox = Table(
    "desk_outbox",
    metadata,
    Column("id", String(32), primary_key=True),
    _count("at"),
    Column("reference", String(64), nullable=False),
    Column("code", String(128), nullable=False),
    _word("channel"),
    _word("state"),
    _bytes("sealed"),
    Index("desk_outbox_at", "at"),
    Index("desk_outbox_reference", "reference"),
)

# Messages that came in, so that a repeated one is heard once.
incoming = Table(
    "desk_incoming",
    metadata,
    _bytes("id", key=True),
    _count("at"),
    Index("desk_incoming_at", "at"),
)
