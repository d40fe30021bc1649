"""Groups, in the team's casefile: names and what to know before ringing, nothing of the families.

The register's marks stand here too, because a leader who may not read a family needs to see what
she has written. What came of it for the family stands in that family's own casefile.
"""

from __future__ import annotations

from storage.kinds import Field, Kind

GROUP = (
    Kind(
        name="group",
        fields=(
            Field(name="programme", column="text"),
            Field(name="cohort", column="text", searchable=True),
            Field(name="venue", searchable=True),
            Field(name="leaders"),
            Field(name="audience"),
        ),
    ),
    Kind(
        name="group_session",
        fields=(
            Field(name="group", column="text"),
            Field(name="n", column="integer"),
            Field(name="of"),
            Field(name="starts", column="text"),
            Field(name="minutes"),
            Field(name="leaders"),
            Field(name="status", column="text"),
            Field(name="cancel_reason", searchable=True),
            Field(name="told"),
        ),
    ),
    # `kid` and `inbox` let somebody who may not read the family leave the outcome in its inbox.
    Kind(
        name="enrolment",
        fields=(
            Field(name="group", column="text"),
            Field(name="name"),
            Field(name="warning"),
            Field(name="agency"),
            Field(name="family", column="text"),
            Field(name="person", column="text"),
            Field(name="kid"),
            Field(name="inbox"),
            Field(name="walked_in"),
            Field(name="left"),
        ),
    ),
    # One for each session and person, so that two devices correct one mark and add none.
    Kind(
        name="register_mark",
        fields=(
            Field(name="group", column="text"),
            Field(name="session", column="text"),
            Field(name="enrolment", column="text"),
            Field(name="code", column="text"),
        ),
    ),
)
