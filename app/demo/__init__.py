"""A made-up service with thirty families and fifteen months of work, for trying the app out.

Everything is written through the casebook, as people would have, on three people's devices; only
the clock is set back. The same seed and day give the same history. No name, place, number or
sentence belongs to anybody.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time

from app.casework.casebook import Casebook
from app.demo.clock import SetClock
from app.demo.grouping import groups
from app.demo.registering import Placed, Registering
from app.demo.scenes import Scenes
from app.demo.supervising import Supervising
from app.demo.visiting import Visiting
from app.demo.weeks import slots

__all__ = ["Cast", "generate"]

log = logging.getLogger(__name__)

_AMINAS_DAY = (time(9, 30), time(11), time(13), time(14, 30), time(16))
_RHIANS_DAY = (time(9, 15), time(10, 45), time(13, 15), time(14, 45))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The three people's casebooks. Grace must be a supervisor; all must be in one team."""

    grace: Casebook
    amina: Casebook
    rhian: Casebook


def generate(cast: Cast, *, now: datetime, carry: Callable[[], None], seed: int = 7) -> None:
    """Write fifteen months of history that ends now, `now` being aware.

    `carry` takes what each has written to the others; it is called between people's turns. Takes
    some seconds and about 5,000 changes. Raises what the casebook raises.
    """
    clock = SetClock()
    grace, amina, rhian = (book.with_clock(clock) for book in (cast.grace, cast.amina, cast.rhian))
    clock.show(now)
    today = grace.today
    workers = {"A": amina.me.person, "R": rhian.me.person, "G": grace.me.person}

    registering = Registering(grace, clock, today, workers, seed)
    placed = registering.all()
    carry()
    _work(amina, clock, now, placed, "A")
    _work(rhian, clock, now, placed, "R")
    supervising = Supervising(grace, clock, now, seed)
    supervising.meetings(placed)
    carry()
    sent_back = supervising.review(sends_back_to=amina.me.person)
    registering.close_ended(placed)
    carry()

    for book, letter, walls in ((amina, "A", _AMINAS_DAY), (rhian, "R", _RHIANS_DAY)):
        scenes = Scenes(book, clock, now)
        mine = [one for one in placed if one.household.who == letter]
        scenes.fill_today(mine, walls)
        scenes.answer(sent_back)
        if letter == "A":
            scenes.one_is_cancelled()
            scenes.loose_notes()
    _two_move_one(amina, grace, clock, now)
    clock.show(now)
    groups(grace, amina, clock, placed, carry, seed)
    carry()
    for book in (grace, amina, rhian):
        book.close()
    log.info("the demo's history is written", extra={"families": len(placed)})


def _work(
    book: Casebook, clock: SetClock, now: datetime, placed: list[Placed], letter: str
) -> None:
    hours = slots(letter, [one.household for one in placed])
    visiting = Visiting(book, clock, now, letter)
    for one in placed:
        if one.household in hours:
            visiting.family(one, hours[one.household])


def _two_move_one(amina: Casebook, grace: Casebook, clock: SetClock, now: datetime) -> None:
    """The worker and her supervisor move one appointment, neither having seen the other's."""
    scenes = Scenes(amina, clock, now)
    appointment = scenes.tomorrow()
    if appointment is not None:
        scenes.move(appointment, time(17))
        Scenes(grace, clock, now).move(appointment, time(12, 15))
