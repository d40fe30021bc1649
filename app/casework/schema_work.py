"""The work itself: plans and their reviews, what was offered, and forms that measure a change.

What a plan asks of somebody, and an appraisal asked of an agency, are actions (schema_diary). An
anonymous form stands in the team's own casefile and names neither a person nor an episode.
"""

from __future__ import annotations

from storage.kinds import Field, Kind

WORK = (
    Kind(
        name="plan",
        fields=(
            Field(name="episode", column="text"),
            Field(name="plan", column="text"),
            Field(name="agreed_at", column="text"),
            Field(name="worker", column="text"),
            Field(name="review_due", column="text"),
            Field(name="reviewed_at", column="text"),
            Field(name="residence_at_birth"),
            Field(name="text", searchable=True),
        ),
    ),
    # The first review also stands in the plan itself as `reviewed_at`; `again` marks later ones.
    Kind(
        name="plan_review",
        fields=(
            Field(name="episode", column="text"),
            Field(name="plan", column="text"),
            Field(name="on", column="text"),
            Field(name="text", searchable=True),
            Field(name="again"),
        ),
    ),
    Kind(
        name="intervention",
        fields=(
            Field(name="episode", column="text"),
            Field(name="intervention", column="text"),
            Field(name="started_at", column="text"),
            Field(name="ended_at", column="text"),
            Field(name="outcome"),
            Field(name="worker", column="text"),
            Field(name="text", searchable=True),
        ),
    ),
    Kind(
        name="measurement",
        fields=(
            Field(name="episode", column="text"),
            Field(name="measure", column="text"),
            Field(name="occasion", column="text"),
            Field(name="taken_at", column="text"),
            Field(name="programme", column="text"),
            Field(name="person", column="text"),
            Field(name="scores"),
        ),
    ),
)
