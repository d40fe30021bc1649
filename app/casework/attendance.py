"""What came of an appointment, in the NHS's own codes, with *was not brought* beside them.

Source: NHS Data Dictionary, ATTENDED OR DID NOT ATTEND CODE. It has no code for a dependent child
whom nobody brought: that is 3 with `not_brought`, and is shown as "Was not brought".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Code(StrEnum):
    """The NHS code, as stored and exported."""

    ON_TIME = "5"
    LATE_SEEN = "6"
    LATE_NOT_SEEN = "7"
    DID_NOT_ATTEND = "3"
    CANCELLED_BY_FAMILY = "2"
    CANCELLED_BY_SERVICE = "4"
    NOT_YET = "0"


SEEN = frozenset({Code.ON_TIME, Code.LATE_SEEN})
MISSED = frozenset({Code.DID_NOT_ATTEND, Code.LATE_NOT_SEEN})
CANCELLED = frozenset({Code.CANCELLED_BY_FAMILY, Code.CANCELLED_BY_SERVICE})


class Mechanism(StrEnum):
    """How the contact was held. Source: NHS Data Dictionary, CONSULTATION MECHANISM."""

    FACE_TO_FACE = "01"
    TELEPHONE = "02"
    TEXT = "09"
    OTHER = "98"


class Obstacle(StrEnum):
    """What stood in the way, in words a parent might use; free text says the rest."""

    TRANSPORT = "transport"
    MONEY = "money"
    ILL = "ill"
    CHILD_ILL = "child_ill"
    CHILDCARE = "childcare"
    WORK = "work"
    FORGOT = "forgot"
    OTHER_APPOINTMENT = "other_appointment"
    PARTNER = "partner"
    AFRAID = "afraid"
    LOW = "low"
    DID_NOT_WANT = "did_not_want"
    NO_ANSWER = "no_answer"
    MOVED = "moved"
    BEREAVEMENT = "bereavement"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """One person's outcome at one appointment. `corrected` counts the earlier versions."""

    id: str
    appointment: str
    attendee: str
    code: Code
    not_brought: bool = False
    obstacle: Obstacle | None = None
    obstacle_text: str = ""
    starts: datetime
    recorded_at: datetime
    recorded_by: str
    corrected: int = 0

    @property
    def word(self) -> str:
        """The key under which the app words this outcome."""
        return outcome_word(self.code, not_brought=self.not_brought)


def outcome_word(code: Code, *, not_brought: bool = False) -> str:
    """The key for the wording of an outcome; a child nobody brought did not "fail to attend"."""
    if code is Code.DID_NOT_ATTEND and not_brought:
        return "was_not_brought"
    return code.name.lower()


def was_missed(code: Code) -> bool:
    """The person was expected and was not seen, without having cancelled."""
    return code in MISSED


def of_appointment(codes: list[Code]) -> Code:
    """One code for a whole appointment attended by several people: the best that any of them had.

    Seen beats missed, because the visit took place; a cancellation beats a miss, because the
    family was in touch.
    """
    order = (
        Code.ON_TIME,
        Code.LATE_SEEN,
        Code.CANCELLED_BY_FAMILY,
        Code.CANCELLED_BY_SERVICE,
        Code.LATE_NOT_SEEN,
        Code.DID_NOT_ATTEND,
        Code.NOT_YET,
    )
    return min(codes, key=order.index, default=Code.NOT_YET)
