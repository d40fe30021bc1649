"""What a newcomer finds waiting: a full day, a missed note, a clash of times, a note sent back.

Everything before is history; these are the loose ends that make each screen worth opening.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from app.casework.appointment import Appointment, CancelledBy, Status
from app.casework.casebook import Casebook
from app.casework.forms import Booking
from app.casework.note import Note
from app.demo.clock import SetClock
from app.demo.registering import Placed
from app.demo.sentences_office import ANSWERS, CANCELLED

_FULL_DAY = 4


class Scenes:
    """Loose ends of one worker's days."""

    def __init__(self, book: Casebook, clock: SetClock, now: datetime) -> None:
        self._book = book
        self._clock = clock
        self._now = now
        self._today = now.astimezone(book.zone).date()

    def fill_today(self, mine: list[Placed], walls: tuple[time, ...]) -> None:
        """Enough appointments today, whatever day of the week it is."""
        self._clock.show(self._now - timedelta(days=2))
        open_ones = [one for one in mine if one.household.status == "open"]
        there = {card.appointment.family for card in self._book.diary.today(self._today)}
        spare = [one for one in open_ones if one.family not in there]
        taken = [
            c.appointment
            for c in self._book.diary.today(self._today)
            if not c.appointment.cancelled
        ]
        for wall in walls:
            if len(taken) >= _FULL_DAY or not spare:
                break
            starts = self._book.at(self._today, wall)
            if any(abs(a.starts - starts) < timedelta(minutes=75) for a in taken):
                continue
            like = self._latest(spare.pop(0))
            if like is not None:
                made = self._book.diary.book(replace(self._booking(like), starts=starts))
                taken.append(self._book.diary.get(made))

    def one_is_cancelled(self) -> None:
        """The family rang: of a full day the last that is still ahead gives its time back."""
        cards = self._book.diary.today(self._today)
        ahead = [c.appointment for c in cards if c.appointment.starts > self._now]
        if len(cards) >= _FULL_DAY and ahead:
            self._clock.show(self._now - timedelta(minutes=20))
            self._book.diary.cancel(ahead[-1].id, CancelledBy.FAMILY, CANCELLED[0])

    def loose_notes(self) -> None:
        """The last three notes: one only begun, one put aside unsigned, one not written at all."""
        late = [
            note
            for note in self._book.notes.mine(signed=True, limit=60)
            if note.appointment and not note.restricted and self._now - note.occurred_at
        ]
        for note in late[:1]:
            self._clock.show(note.occurred_at + timedelta(hours=2))
            draft = self._book.notes.start(note.family, occurred_at=note.occurred_at)
            self._book.notes.save_draft(
                replace(draft, text="Rang after the visit. She said that", people=note.people)
            )
        old = [n for n in late if self._now - n.occurred_at > timedelta(hours=30)]
        for note in old[:1]:
            self._clock.show(note.occurred_at + timedelta(hours=3))
            draft = self._book.notes.start(
                note.family, occurred_at=note.occurred_at + timedelta(hours=2)
            )
            self._book.notes.put_aside(
                replace(
                    draft,
                    people=note.people,
                    text="Came back with the sling as promised. Her sister was there and "
                    "asked about the group. To finish: what we said about Friday.",
                )
            )

    def answer(self, sent_back: list[Note]) -> None:
        """One of the notes that came back is answered; the other still waits."""
        mine = [n for n in sent_back if n.writer == self._book.me.person]
        for note in mine[:1]:
            self._clock.show(self._now - timedelta(hours=20))
            self._book.notes.add_addendum(note.id, ANSWERS[0])

    def tomorrow(self) -> Appointment | None:
        """The next appointment after today that stands."""
        begin = self._book.at(self._today + timedelta(days=1), time(0))
        for line in self._book.families.lines(worker=self._book.me.person):
            for one in self._book.diary.of_family(line.id, since=begin, limit=3):
                if one.status is Status.BOOKED:
                    return one
        return None

    def move(self, appointment: Appointment, wall: time) -> None:
        """Move it; somebody else does so too without having seen it."""
        self._clock.show(self._now - timedelta(hours=4))
        on: date = appointment.local.date()
        self._book.diary.move(appointment.id, self._book.at(on, wall))

    def _latest(self, one: Placed) -> Appointment | None:
        back = self._book.at(self._today - timedelta(weeks=8), time(0))
        found = self._book.diary.of_family(one.family, since=back)
        me = self._book.me.person
        return next((a for a in reversed(found) if me in a.workers), None)

    def _booking(self, like: Appointment) -> Booking:
        return replace(self._book.diary.booking_of(like.id), planned=True)
