"""What the desk writes down: ids, versions, times, states, and what is sealed to its key.

Registered on the office's metadata, so that one database holds both. Numbers and words stay inside
`packed` until the desk's process opens them; the key for that is in a file of its own. Instants
are milliseconds since 1970.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table

from sync.server.tables import metadata


def _bytes(name: str, *, key: bool = False, nullable: bool = False) -> Column[bytes]:
    return Column(name, LargeBinary, primary_key=key, nullable=nullable)


def _count(name: str, *, key: bool = False, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, primary_key=key, nullable=nullable, autoincrement=False)


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
    Index("desk_capsules_due", "state", "opens"),
    Index("desk_capsules_casefile", "casefile", "state"),
    Index("desk_capsules_route", "route"),
    Index("desk_capsules_device", "device", "state"),
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
    Index("desk_alarms_due", "state", "due"),
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
