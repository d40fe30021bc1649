"""What was arranged with a family and what came of it: appointments, outcomes, calls, obstacles.

A start moved by two people offline keeps both times until somebody chooses. Attendance has one
record for each appointment and person, so that two devices marking the same person correct one
record, with history, instead of counting her twice.
"""

from __future__ import annotations

from storage.kinds import Field, Kind, Policy

DIARY = (
    Kind(
        name="appointment",
        fields=(
            Field(name="kind", column="text"),
            Field(name="starts", policy=Policy.KEEP_BOTH, column="text"),
            Field(name="zone"),
            Field(name="minutes", column="integer"),
            Field(name="venue_type"),
            Field(name="venue", searchable=True),
            Field(name="address", searchable=True),
            Field(name="postcode"),
            Field(name="workers"),
            Field(name="people"),
            Field(name="about", searchable=True),
            Field(name="series", column="text"),
            Field(name="programme", column="text"),
            Field(name="session", column="text"),
            Field(name="planned"),
            Field(name="status", column="text"),
            Field(name="cancelled_by", column="text"),
            Field(name="cancelled_at", column="text"),
            Field(name="cancel_reason", searchable=True),
            Field(name="versions", policy=Policy.ADD_ONLY),
        ),
    ),
    # Whoever leads a group may leave it for a family that she may not read.
    Kind(
        name="attendance",
        from_inbox=True,
        fields=(
            Field(name="appointment", column="text"),
            Field(name="attendee", column="text"),
            Field(name="code", column="text"),
            Field(name="not_brought"),
            Field(name="obstacle", column="text"),
            Field(name="obstacle_text", searchable=True),
            Field(name="starts", column="text"),
            Field(name="recorded_at", column="text"),
            Field(name="mechanism"),
        ),
    ),
    Kind(
        name="contact",
        fields=(
            Field(name="kind", column="text"),
            Field(name="direction"),
            Field(name="person", column="text"),
            Field(name="worker", column="text"),
            Field(name="occurred_at", column="text"),
            Field(name="minutes"),
            Field(name="outcome", column="text"),
            Field(name="summary", searchable=True),
            Field(name="obstacle", column="text"),
        ),
    ),
    Kind(
        name="obstacle",
        fields=(
            Field(name="why", column="text"),
            Field(name="raised_at", column="text"),
            Field(name="due", column="text"),
            Field(name="status", column="text"),
            Field(name="worker", column="text"),
            Field(name="appointments", policy=Policy.ADD_ONLY),
            Field(name="code", column="text"),
            Field(name="text", searchable=True),
            Field(name="agreed", searchable=True),
            Field(name="closed_at", column="text"),
        ),
    ),
    Kind(
        name="goal",
        fields=(
            Field(name="text", searchable=True),
            Field(name="agreed_at", column="text"),
            Field(name="review_due", column="text"),
            Field(name="status", column="text"),
            Field(name="closed_at"),
            Field(name="plan", column="text"),
        ),
    ),
    Kind(
        name="action",
        fields=(
            Field(name="kind", column="text"),
            Field(name="goal", column="text"),
            Field(name="text", searchable=True),
            Field(name="owner"),
            Field(name="agreed_at", column="text"),
            Field(name="worker", column="text"),
            Field(name="due", column="text"),
            Field(name="status", column="text"),
            Field(name="completed_at"),
            Field(name="episode", column="text"),
            Field(name="plan", column="text"),
            Field(name="appraisal", column="text"),
            Field(name="agency", column="text"),
            Field(name="person", column="text"),
            Field(name="result", searchable=True),
        ),
    ),
)
