"""What is planned to be said to a family, what became of it, and who should ring instead.

A reminder's text is kept here, sealed like everything else, so that whoever sits at the door knows
what the parent was told. Receipts and replies come through the inbox from the desk, which may
write nothing else; each names its state, and the furthest state wins whatever order they come in.
Their `at` is milliseconds since 1970, by the office's clock.
"""

from __future__ import annotations

from app.casework.receipt import FORWARD
from storage.kinds import Field, Kind, Policy

REMINDERS = (
    Kind(
        name="reminder",
        fields=(
            Field(name="appointment", column="text"),
            Field(name="version", column="integer"),
            Field(name="person", column="text"),
            Field(name="route", column="text"),
            Field(name="consent"),
            Field(name="rule", column="text"),
            Field(name="channel", column="text"),
            Field(name="languages"),
            Field(name="text"),
            Field(name="tells"),
            Field(name="day", column="text"),
            Field(name="opens", column="text"),
            Field(name="closes"),
            Field(name="not_after", column="text"),
            Field(name="deliver_by"),
            Field(name="correction_of"),
            Field(name="planned_at", column="text"),
            Field(name="withdrawn_at", column="text"),
            Field(name="withdrawn_why"),
        ),
    ),
    Kind(
        name="receipt",
        from_inbox=True,
        fields=(
            Field(name="reference", column="text"),
            Field(name="appointment", column="text"),
            Field(name="appointment_version"),
            Field(name="route"),
            Field(name="rule", column="text"),
            Field(name="channel"),
            Field(
                name="state",
                policy=Policy.MOST_RESTRICTIVE,
                loosest_first=tuple(s.value for s in FORWARD),
                column="text",
            ),
            Field(name="reason"),
            Field(name="at", column="integer"),
            Field(name="attempt"),
        ),
    ),
    Kind(
        name="reply",
        from_inbox=True,
        fields=(
            Field(name="route", column="text"),
            Field(name="reference", column="text"),
            Field(name="channel"),
            Field(name="text", searchable=True),
            Field(name="at", column="integer"),
            Field(name="meaning", column="text"),
        ),
    ),
    Kind(
        name="alarm_log",
        from_inbox=True,
        fields=(
            Field(name="alarm", column="text"),
            Field(name="kind"),
            Field(name="event", column="text"),
            Field(name="call"),
            Field(name="at", column="integer"),
        ),
    ),
    Kind(
        name="call_task",
        fields=(
            Field(name="appointment", column="text"),
            Field(name="version"),
            Field(name="person", column="text"),
            Field(name="route"),
            Field(name="owner", column="text"),
            Field(name="due", column="text"),
            Field(name="since", column="text"),
            Field(name="reasons", policy=Policy.ADD_ONLY),
            Field(name="text"),
            Field(name="reference", column="text"),
            Field(name="seen_at"),
            Field(name="seen_by"),
            Field(name="attempts"),
            Field(name="outcome", column="text"),
            Field(name="closed_at", column="text"),
        ),
    ),
    Kind(
        name="check_in",
        fields=(
            Field(name="appointment", column="text"),
            Field(name="worker", column="text"),
            Field(name="alarm", column="text"),
            Field(name="at", column="text"),
            Field(name="expected", column="text"),
            Field(name="buddy"),
            Field(name="checked_out_at", column="text"),
        ),
    ),
)

DUTY = Kind(
    name="duty",
    fields=(
        Field(name="day", column="text"),
        Field(name="worker", column="text"),
    ),
)
"""One record for each weekday, `0` for Monday, and for each single day that differs, in the team's
casefile; each with an id of its own so that two supervisors correct one and add none."""
