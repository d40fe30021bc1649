"""A worker's part of the demo's history: visits, outcomes, notes and calls."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from app.casework.appointment import Appointment, CancelledBy, VenueType
from app.casework.attendance import Code, Obstacle
from app.casework.casebook import Casebook
from app.casework.engagement import ObstacleConversation
from app.casework.forms import Booking, ContactForm
from app.casework.life_event import LossForm, What
from app.casework.note import NoteDraft, Seen
from app.casework.profile import ContactKind
from app.demo.casting import Casting
from app.demo.clock import SetClock
from app.demo.households import CENTRES, CLINIC, Temper
from app.demo.measuring import Measuring
from app.demo.planning import Planning
from app.demo.prose import Prose
from app.demo.registering import Placed, birth
from app.demo.sentences_hard import LOSS_CALL, LOSS_NOTES, LOSS_TO_KNOW, OVERHEARD
from app.demo.sentences_office import (
    AGREED,
    CANCELLED,
    CANCELLED_BY_US,
    CANCELLED_WITH_BABY,
    MISSED,
    TOLD,
)
from app.demo.weeks import Slot, working_day

_AHEAD = timedelta(weeks=4)
_NOON = time(12, 20)
_CHANCES: dict[Temper, tuple[float, float, float]] = {
    # missed, cancelled by the family, late but seen
    "steady": (0.03, 0.05, 0.08),
    "patchy": (0.17, 0.10, 0.14),
    "cancels": (0.06, 0.26, 0.10),
    "slow_start": (0.10, 0.08, 0.12),
    "drifting": (0.12, 0.14, 0.10),
}
_STILL_TO_WRITE = time(13)
"""From when on today's visits have no note yet, however late it is: a newcomer writes one."""
_SLOW_START_WEEKS = 5
_WITHOUT_NOTE = 5
"""The family whose latest visit has no note yet, by its place in the table."""


class Visiting:
    """Writes one worker's work with one family after another."""

    def __init__(self, book: Casebook, clock: SetClock, now: datetime, letter: str) -> None:
        self._book = book
        self._clock = clock
        self._now = now
        self._today = now.astimezone(book.zone).date()
        self._letter = letter
        self._casting = Casting(book.profile)

    def family(self, one: Placed, slot: Slot) -> None:
        """Everything this worker did with that family, in the order in which it happened."""
        prose = Prose(one.household, one.due, one.born, one.chance)
        ends = self._today - timedelta(weeks=6) if one.household.status == "closed" else None
        visits = self._book_series(one, slot, ends)
        past = [v for v in visits if v.ends <= self._now - timedelta(hours=3)]
        if one.lost:
            past = [v for v in past if v.local.date() < one.lost]
        if self._letter in one.household.who[:1]:
            self._birth_and_plan(one)
        for place, visit in enumerate(past):
            self._visit(one, prose, visit, place, last=len(past) - 1)
        self._between(one, prose)

    # --- appointments

    def _book_series(self, one: Placed, slot: Slot, ends: date | None) -> list[Appointment]:
        first = slot.first_on_or_after(one.allocated + timedelta(days=2))
        last = ends or self._today + _AHEAD
        times = max(1, (last - first).days // (7 * slot.every) + 1)
        self._clock.show(self._book.at(one.allocated, slot.wall))
        made = self._book.diary.book_series(
            self._booking(one, slot, first), times, every_weeks=slot.every
        )
        return [self._book.diary.get(appointment) for appointment in made]

    def _booking(self, one: Placed, slot: Slot, first: date) -> Booking:
        h = one.household
        people = (one.mother, one.baby)
        starts = self._book.at(first, slot.wall)
        if self._letter == "R":
            session = self._casting.session
            venue, address, postcode = _place(session, one.number)
            return Booking(
                family=one.family,
                starts=starts,
                kind=session.code,
                minutes=50,
                venue_type=session.venue,
                venue=venue,
                address=address,
                postcode=postcode,
                people=people,
                about="",
            )
        if one.number % 5 == 4:
            elsewhere = self._casting.elsewhere
            venue, address, postcode = _place(elsewhere, one.number)
            return Booking(
                family=one.family,
                starts=starts,
                kind=elsewhere.code,
                venue_type=elsewhere.venue,
                venue=venue,
                address=address,
                postcode=postcode,
                people=people,
            )
        return Booking(
            family=one.family,
            starts=starts,
            kind=self._casting.visit.code,
            venue_type=self._casting.visit.venue or VenueType.HOME,
            minutes=75 if one.number % 4 == 3 else 60,
            address=f"{h.street}, {h.locality}",
            postcode=h.postcode,
            people=people,
        )

    # --- what came of them

    def _visit(self, one: Placed, prose: Prose, visit: Appointment, place: int, last: int) -> None:
        chance = one.chance
        on = visit.local.date()
        missed, cancelled, late = _CHANCES[one.household.temper]
        if one.household.temper == "slow_start" and place < _SLOW_START_WEEKS:
            missed = 0.45
        throw = chance.stream(f"{self._letter} outcome").random()
        unwritten = (one.number == _WITHOUT_NOTE and place == last) or (
            on == self._today and visit.local.time() >= _STILL_TO_WRITE
        )
        if unwritten:
            throw = 0.5
        if one.household.temper == "drifting" and place >= last - 1:
            throw = missed / 2
        if self._away(on):
            self._clock.show(visit.starts - timedelta(days=6))
            self._book.diary.cancel(
                visit.id, CancelledBy.SERVICE, chance.draw("ours", CANCELLED_BY_US)
            )
        elif throw < missed:
            self._missed(one, visit)
        elif throw < missed + cancelled:
            self._clock.show(visit.starts - timedelta(hours=chance.number("notice", 2, 30)))
            born = one.born is not None and on >= one.born
            reason = (
                chance.draw("cancelled with baby", (*CANCELLED, CANCELLED_WITH_BABY))
                if born
                else chance.draw("cancelled", CANCELLED)
            )
            self._book.diary.cancel(visit.id, CancelledBy.FAMILY, reason)
        else:
            self._seen(one, prose, visit, late=throw > 1 - late, written=not unwritten)

    def _missed(self, one: Placed, visit: Appointment) -> None:
        obstacle = one.chance.one_of("obstacle", tuple(MISSED))
        self._clock.show(visit.starts + timedelta(minutes=25))
        codes = {one.mother: Code.DID_NOT_ATTEND}
        born = one.born is not None and visit.local.date() >= one.born
        if born:
            codes[one.baby] = Code.DID_NOT_ATTEND
        raised = self._book.engagement.record_outcome(
            visit.id,
            codes,
            not_brought=(one.baby,) if born and self._letter == "R" else (),
            obstacle=obstacle,
            obstacle_text=one.chance.draw(f"missed {obstacle}", MISSED[obstacle]),
        )
        if raised is not None:
            self._hold(one, raised, visit)

    def _hold(self, one: Placed, raised: ObstacleConversation, visit: Appointment) -> None:
        """Held within days; one raised of late is still to be held."""
        held = visit.starts + timedelta(days=one.chance.number("held", 1, 4), hours=2)
        if held > self._now - timedelta(days=12):
            return
        self._clock.show(held)
        self._book.engagement.hold(
            raised.id,
            code=one.chance.one_of("why", (Obstacle.LOW, Obstacle.TRANSPORT, Obstacle.PARTNER)),
            text=one.chance.draw("told", TOLD),
            agreed=one.chance.draw("agreed", AGREED),
        )

    def _seen(
        self, one: Placed, prose: Prose, visit: Appointment, *, late: bool, written: bool
    ) -> None:
        on = visit.local.date()
        self._clock.show(visit.ends + timedelta(minutes=5))
        codes = {one.mother: Code.LATE_SEEN if late else Code.ON_TIME}
        born = one.born is not None and on >= one.born
        if born:
            codes[one.baby] = codes[one.mother]
        self._book.engagement.record_outcome(visit.id, codes)
        if not written:
            return
        away = visit.kind == self._casting.elsewhere.code
        text = (
            prose.session(on)
            if self._casting.is_session(visit.kind)
            else prose.visit(on, at_home=not away)
        )
        if one.household.overheard and self._letter == "A" and visit.local.day < 8:
            text = f"{text}\n\n{one.chance.draw('overheard', OVERHEARD)}"
        draft = self._book.notes.start(one.family, appointment=visit.id)
        goals = [g.id for g in self._book.families.goals(one.family) if g.agreed_at <= on]
        self._note(
            replace(
                draft,
                text=text,
                people=tuple(codes),
                child_seen=Seen.YES if born else Seen.NOT_APPLICABLE,
                seen_alone=Seen.NO if born else Seen.NOT_APPLICABLE,
                goals=tuple(goals[:1]) if one.chance.happens("goal", 0.4) else (),
            ),
            visit,
        )

    def _note(self, draft: NoteDraft, visit: Appointment) -> None:
        written = visit.ends + timedelta(minutes=40 + 17 * (len(draft.text) % 9))
        self._clock.show(min(written, self._now))
        self._book.notes.sign(replace(draft, started_at=visit.ends))

    def _away(self, on: date) -> bool:
        """Two weeks in August, the days after Christmas, and a course."""
        august = on.month == 8 and (8 if self._letter == "A" else 15) <= on.day < 22
        christmas = (on.month == 12 and on.day >= 25) or (on.month == 1 and on.day == 1)
        return august or christmas

    # --- between visits

    def _birth_and_plan(self, one: Placed) -> None:
        """The birth, or a revised due date, and the plan, by the first worker named."""
        book = self._book
        if one.number == 0:
            self._clock.show(self._book.at(one.referred + timedelta(weeks=5), _NOON))
            form = book.families.form_of(one.baby)
            book.families.change_person(one.baby, replace(form, edd=one.due))
        if one.born is not None and one.born > one.referred:
            self._clock.show(book.at(one.born + timedelta(days=1), _NOON))
            birth(book, one)
        if one.household.twins:
            self._clock.show(book.at(one.referred + timedelta(weeks=2), _NOON))
            book.families.another_baby(one.baby)
        Planning(book, self._noon, self._today).family(one)
        Measuring(book, self._noon, self._today).family(one)
        if one.lost:
            self._loss(one, one.lost)

    def _loss(self, one: Placed, on: date) -> None:
        """The midwife rang: what was booked is called off, and somebody goes on being there."""
        book = self._book
        self._clock.show(book.at(on, _NOON))
        mother = one.household.known_as or one.household.mother
        book.losses.record(
            one.family,
            LossForm(
                what=What.PREGNANCY_ENDED,
                on=on,
                persons=(one.baby,),
                text=LOSS_TO_KNOW.format(mum=mother),
                caller=book.me.person,
                call_on=on,
                call_words=LOSS_CALL.format(mum=mother),
                close_plan=True,
            ),
        )
        call = next(a for a in book.families.get(one.family).actions if a.kind == "call")
        book.families.complete_action(call.id, on + timedelta(days=1))
        for days, said in enumerate(LOSS_NOTES, start=1):
            at = book.at(working_day(on + timedelta(days=6 * days - 3)), _NOON)
            if at > self._now:
                continue
            self._clock.show(at)
            draft = book.notes.start(
                one.family,
                contact_type=self._casting.call if days == 1 else self._casting.visit.code,
                occurred_at=at,
            )
            book.notes.sign(replace(draft, text=said.format(mum=mother), people=(one.mother,)))

    def _noon(self, on: date) -> None:
        self._clock.show(self._book.at(on, _NOON))

    def _between(self, one: Placed, prose: Prose) -> None:
        """Telephone support between visits, and what may be read by few only."""
        book, chance = self._book, one.chance
        ends = self._today - timedelta(weeks=6 if one.household.status == "closed" else 0)
        ends = one.lost or ends
        weeks = max(0, (ends - one.allocated).days // 7)
        for week in range(weeks):
            if not chance.happens(f"{self._letter} call", 0.22):
                continue
            on = working_day(
                one.allocated + timedelta(weeks=week, days=chance.number("call day", 0, 6))
            )
            if on >= ends:
                continue
            at = book.at(on, _NOON) + timedelta(minutes=chance.number("call", -150, 230))
            spoke = chance.happens("spoke", 0.8)
            self._clock.show(at)
            book.engagement.record_contact(
                ContactForm(
                    family=one.family,
                    kind=self._casting.call,
                    person=one.mother,
                    direction="in" if chance.happens("rang", 0.25) and spoke else "out",
                    minutes=chance.number("minutes", 6, 35) if spoke else 0,
                    outcome="spoke" if spoke else "no_answer",
                    summary=prose.call(on) if spoke else "",
                )
            )
        if "partner" in one.household.themes or one.household.secret:
            for weeks_ago in (9, 3):
                on = self._today - timedelta(weeks=weeks_ago, days=one.number % 4)
                if on <= one.allocated:
                    continue
                self._clock.show(book.at(on, _NOON))
                draft = book.notes.start(
                    one.family, contact_type=self._casting.call, restricted=True
                )
                book.notes.sign(replace(draft, text=prose.disclosure(on), people=(one.mother,)))


def _place(kind: ContactKind, number: int) -> tuple[str, str, str]:
    """Name, address and postcode of where contacts of that kind are held; empty where unknown."""
    if kind.venue == VenueType.CLINIC:
        return CLINIC
    if kind.venue == VenueType.CHILDRENS_CENTRE:
        return CENTRES[number % len(CENTRES)]
    return "", "", ""
