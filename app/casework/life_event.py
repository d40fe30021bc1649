"""The days that change a family's picture: a birth, a loss, a child who no longer lives at home.

Each is one action, written down whole: whoever reads the record afterwards, in whichever list,
must not meet a due date that no longer holds. Nothing is overwritten that cannot be taken back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from app.casework.errors import NotASensibleDate
from app.casework.gestation import TERM_DAYS, checked_dob, day_of
from app.casework.people import Ended

EARLIEST_BIRTH_WEEKS = 20
LATEST_BIRTH_WEEKS = 44
"""Outside these the due date or the birth was mistyped. Sources: no baby born before 20 weeks has
lived; nobody is 44 weeks pregnant."""

FRESH = timedelta(days=90)
"""How long a child's leaving home is said before every visit; an assumption, to be confirmed."""


class What(StrEnum):
    """What happened on that day."""

    BORN = "born"
    PREGNANCY_ENDED = "pregnancy_ended"
    STILLBORN = "stillborn"
    DIED = "died"
    REMOVED = "removed"


LOSSES = frozenset({What.PREGNANCY_ENDED, What.STILLBORN, What.DIED})
BEFORE_BIRTH = frozenset({What.PREGNANCY_ENDED, What.STILLBORN})


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeEvent:
    """One such day of one person. `call` is the action that asks somebody to ring.

    `called_off` are appointments that were called off with it. `taken_back`: it was written down
    by mistake, and what it changed was put back.
    """

    id: str
    family: str
    what: What
    person: str
    on: date
    at_time: time | None = None
    text: str = ""
    call: str | None = None
    called_off: tuple[str, ...] = ()
    author: str = ""
    taken_back: bool = False
    sent: bool = True

    @property
    def loss(self) -> bool:
        """A loss that stands."""
        return self.what in LOSSES and not self.taken_back


@dataclass(frozen=True, slots=True, kw_only=True)
class BirthForm:
    """A baby is born. The time of day and the name may not be known yet.

    `placement` is where the child lives from birth, a code of the service's; empty: nobody said.
    """

    on: date
    at_time: time | None = None
    given: str = ""
    surname: str = ""
    gender: str = ""
    placement: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LossForm:
    """A loss, or a child who lives elsewhere from now on, and who takes care of the family then.

    `persons`: one baby, or all of a pregnancy. `placement` is where a removed child lives.
    `caller` rings on `call_on`; `call_words` is what stands on her list. `call_off`: appointments
    to come are called off until then. `close_plan`: goals and actions that stand open are closed,
    because some are about the baby. `text` is what others must know to say the right thing.
    """

    what: What
    on: date
    persons: tuple[str, ...]
    given: str = ""
    placement: str = ""
    carers: str = ""
    text: str = ""
    caller: str | None = None
    call_on: date | None = None
    call_words: str = ""
    call_off: bool = True
    close_plan: bool = False


def ended_as(what: What) -> Ended | None:
    """How a person's record ends by it; None for a birth and for a child who lives on."""
    return Ended(what.value) if what in LOSSES else None


def checked_birth(on: date, edd: date | None, today: date) -> date:
    """The day of a birth, if the due date allows it. Raises NotASensibleDate."""
    checked_dob(on, today)
    if edd is not None:
        earliest = day_of(edd, EARLIEST_BIRTH_WEEKS)
        latest = edd + timedelta(days=LATEST_BIRTH_WEEKS * 7 - TERM_DAYS)
        if not earliest <= on <= latest:
            raise NotASensibleDate("dob", "not_with_due_date")
    return on


def checked_day(on: date, born: date | None, today: date) -> date:
    """The day of a loss or a removal: not ahead, and not before the birth. NotASensibleDate."""
    if on > today:
        raise NotASensibleDate("on", "in_the_future")
    if born is not None and on < born:
        raise NotASensibleDate("on", "before_birth")
    return on


def to_be_known(events: Iterable[LifeEvent], today: date) -> tuple[LifeEvent, ...]:
    """What must be known before every visit, the latest first: losses always, a removal while it
    is fresh.
    """
    known = [
        e
        for e in events
        if e.loss or (e.what is What.REMOVED and not e.taken_back and today - e.on <= FRESH)
    ]
    return tuple(sorted(known, key=lambda e: (e.on, e.id), reverse=True))
