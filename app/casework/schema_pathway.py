"""The way of a family through the service: decisions, pauses of clocks, and why somebody waits.

Referrals, episodes, periods and allocations stand with the family (schema_family); here is what is
decided about them. Clocks are never written down: they are computed when they are read.
"""

from __future__ import annotations

from storage.kinds import Field, Kind

PATHWAY = (
    # `by` says who decided, in words: a meeting, a court, a person. The writer is the author.
    Kind(
        name="decision",
        fields=(
            Field(name="episode", column="text"),
            Field(name="decision", column="text"),
            Field(name="outcome", column="text"),
            Field(name="on", column="text"),
            Field(name="by", searchable=True),
            Field(name="reason", searchable=True),
            Field(name="to", searchable=True),
        ),
    ),
    # `subject` is the baby, plan or appraisal whose clock stands still; empty for the episode's.
    Kind(
        name="clock_pause",
        fields=(
            Field(name="episode", column="text"),
            Field(name="clock", column="text"),
            Field(name="subject", column="text"),
            Field(name="reason"),
            Field(name="text", searchable=True),
            Field(name="since", column="text"),
            Field(name="until", column="text"),
        ),
    ),
    # One for each episode and question: what a person answered.
    Kind(
        name="eligibility_answer",
        fields=(
            Field(name="episode", column="text"),
            Field(name="check", column="text"),
            Field(name="answer"),
        ),
    ),
    # Why a family has not been allocated yet; the latest counts.
    Kind(
        name="waiting_reason",
        fields=(
            Field(name="episode", column="text"),
            Field(name="reason", column="text"),
            Field(name="text", searchable=True),
            Field(name="on", column="text"),
        ),
    ),
)
