"""What changes a family's picture: pregnancies, births and losses, families recorded twice, and
what somebody else told.

A pregnancy bears the due date, so that twins share one and a new date moves both. That a family
was recorded twice is said in both casefiles, because a device may hold only one of them.
"""

from __future__ import annotations

from storage.kinds import Field, Kind, Policy

DETAILS = (
    Kind(
        name="pregnancy",
        fields=(Field(name="edd", column="text"), Field(name="edd_source")),
    ),
    Kind(
        name="life_event",
        fields=(
            Field(name="what", column="text"),
            Field(name="person", column="text"),
            Field(name="on", column="text"),
            Field(name="at_time"),
            Field(name="text", searchable=True),
            Field(name="call", column="text"),
            Field(name="called_off"),
            Field(name="changed"),
            Field(name="standing", column="text"),
        ),
    ),
    Kind(
        name="recorded_twice",
        fields=(
            Field(name="other", column="text"),
            Field(name="stays", column="text"),
            Field(name="same"),
            Field(name="reason", searchable=True),
            Field(name="by"),
            Field(name="at", column="text"),
            Field(name="standing", column="text"),
            Field(name="parted_at", column="text"),
            Field(name="parted_by"),
            Field(name="shared"),
        ),
    ),
    Kind(
        name="third_party",
        fields=(
            Field(name="of", column="text"),
            Field(name="passage"),
            Field(name="who", searchable=True),
            Field(
                name="standing",
                column="text",
                policy=Policy.MOST_RESTRICTIVE,
                loosest_first=("lifted", "marked"),
            ),
        ),
    ),
)
