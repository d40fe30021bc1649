"""What was written about a family, what was said about it afterwards, and who opened what.

A note's text keeps both versions when two people wrote offline; the signature freezes the note.
Reviews and addenda are records of their own, because a signed note takes nothing more.
Restricted notes are the same kinds in the family's linked casefile.
"""

from __future__ import annotations

from storage.kinds import Field, Kind, Policy

NOTES = (
    Kind(
        name="visit_note",
        frozen_by="signed_at",
        fields=(
            Field(name="text", policy=Policy.KEEP_BOTH, searchable=True),
            Field(name="contact_type", column="text"),
            Field(name="occurred_at", column="text"),
            Field(name="appointment", column="text"),
            Field(name="writer", column="text"),
            Field(name="people"),
            Field(name="workers"),
            Field(name="child_seen"),
            Field(name="seen_alone"),
            Field(name="goals"),
            Field(name="started_at", column="text"),
            Field(name="signed_at", column="text"),
            Field(name="moved_from"),
        ),
    ),
    Kind(
        name="addendum",
        frozen_by="signed_at",
        fields=(
            Field(name="note", column="text"),
            Field(name="text", searchable=True),
            Field(name="writer", column="text"),
            Field(name="signed_at", column="text"),
        ),
    ),
    Kind(
        name="note_review",
        frozen_by="at",
        fields=(
            Field(name="note", column="text"),
            Field(name="reviewer", column="text"),
            Field(name="act", column="text"),
            Field(name="comment", searchable=True),
            Field(name="at", column="text"),
        ),
    ),
    Kind(
        name="wrong_family",
        fields=(
            Field(name="note", column="text"),
            Field(name="moved_to", column="text"),
            Field(name="copy"),
            Field(name="asked_by", column="text"),
            Field(name="asked_at", column="text"),
            Field(name="reason"),
            Field(name="status", column="text"),
            Field(name="removed_at"),
        ),
    ),
    Kind(
        name="restricted",
        fields=(Field(name="family", column="text"), Field(name="founded_by", column="text")),
    ),
    Kind(
        name="opening",
        frozen_by="at",
        fields=(
            Field(name="note", column="text"),
            Field(name="reader", column="text"),
            Field(name="reason"),
            Field(name="at", column="text"),
        ),
    ),
)
