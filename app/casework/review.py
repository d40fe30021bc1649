"""Where a signed note stands with its supervisor, from what was done with it.

Acts only add up; none is taken back. Two supervisors who act offline are both heard: the later
act decides, and a return that nobody has answered stays in sight.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.casework.note import Addendum, Note, ReviewAct


class Act(StrEnum):
    """What a supervisor can do with a signed note."""

    READ = "read"
    COMMENTED = "commented"
    RETURNED = "returned"
    APPROVED = "approved"


class ReviewState(StrEnum):
    """What the acts add up to."""

    WAITING = "waiting"
    READ = "read"
    COMMENTED = "commented"
    RETURNED = "returned"
    ANSWERED = "answered"
    APPROVED = "approved"


TO_REVIEW = frozenset({ReviewState.WAITING, ReviewState.ANSWERED})
"""Nobody has looked at it, or not since its writer answered."""
LOOKED_AT = frozenset({ReviewState.READ, ReviewState.COMMENTED})
"""A supervisor has read it or said something, and it may rest there; approving it settles it.

A returned note is in neither: it is the writer's until she answers.
"""

HEARD_WITHIN = timedelta(days=14)
"""How long words that came with an approval stay among the answers: a fortnight of leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewLine:
    """One note in the supervisor's queue, or among the answers to its writer.

    `answer` is what the writer has to hear, if anything.
    """

    note: Note
    family_name: str
    family_ref: str
    writer_name: str
    waiting_since: datetime
    comments: int
    answer: ReviewAct | None = None


def answer(acts: Iterable[ReviewAct], now: ReviewState) -> ReviewAct | None:
    """What a supervisor said last that its writer has to hear, given where the note stands.

    A return until it is answered; a comment; words that came with an approval or before it.
    """
    heard = {
        ReviewState.RETURNED: {Act.RETURNED, Act.COMMENTED},
        ReviewState.COMMENTED: {Act.COMMENTED},
        ReviewState.APPROVED: {Act.COMMENTED, Act.APPROVED},
    }.get(now, set())
    said = [act for act in acts if act.comment and act.act in heard]
    return max(said, key=lambda act: (act.at, act.id), default=None)


def state(acts: Iterable[ReviewAct], addenda: Iterable[Addendum] = ()) -> ReviewState:
    """The state of a signed note. An addendum after a return is the writer's answer to it.

    Reading never weakens what was said before it: a note approved and read again is approved.
    """
    found = ReviewState.WAITING
    returned_at: datetime | None = None
    for act in sorted(acts, key=lambda a: (a.at, a.id)):
        match Act(act.act):
            case Act.READ:
                found = ReviewState.READ if found is ReviewState.WAITING else found
            case Act.COMMENTED:
                keep = found in {ReviewState.RETURNED, ReviewState.APPROVED}
                found = found if keep else ReviewState.COMMENTED
            case Act.RETURNED:
                found, returned_at = ReviewState.RETURNED, act.at
            case Act.APPROVED:
                found = ReviewState.APPROVED
    if found is ReviewState.RETURNED and returned_at is not None:
        answered = any(a.signed_at > returned_at for a in addenda)
        found = ReviewState.ANSWERED if answered else found
    return found
