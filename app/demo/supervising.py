"""The supervisor's reading of the demo's notes, and the meetings that she keeps notes of."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from app.casework.casebook import Casebook
from app.casework.note import Note
from app.demo.casting import Casting
from app.demo.chance import Chance
from app.demo.clock import SetClock
from app.demo.prose import Prose
from app.demo.registering import Placed
from app.demo.sentences_office import COMMENTS, RETURNED

_READ_BY_NOW = timedelta(days=18)
_MAYBE_READ = timedelta(days=6)
_TWO = time(14)


class Supervising:
    """Grace at her laptop."""

    def __init__(self, book: Casebook, clock: SetClock, now: datetime, seed: int) -> None:
        self._book = book
        self._clock = clock
        self._now = now
        self._chance = Chance(seed, "supervision")

    def review(self, sends_back_to: str) -> list[Note]:
        """Read what was signed: nearly all that is old, some of the new.

        Sends two recent ones back to one writer, and gives them.
        """
        sent_back: list[Note] = []
        for line in self._book.supervision.queue(limit=10_000):
            note = line.note
            if note.signed_at is None or note.writer == self._book.me.person:
                continue
            age = self._now - note.signed_at
            at = note.signed_at + timedelta(days=self._chance.number("after", 1, 5), hours=3)
            at += timedelta(days=max(0, 7 - at.weekday()) if at.weekday() > 4 else 0)
            if age < _MAYBE_READ or at > self._now:
                continue
            if age < _READ_BY_NOW and not self._chance.happens("recent", 0.45):
                continue
            self._clock.show(at)
            recent = age < _READ_BY_NOW and not note.restricted
            if recent and len(sent_back) < 2 and note.writer == sends_back_to:
                self._book.supervision.send_back(note.id, RETURNED[len(sent_back)])
                sent_back.append(note)
                continue
            self._read(note)
        return sent_back

    def meetings(self, placed: list[Placed]) -> None:
        """Core groups of the families she coordinates, every few weeks."""
        for one in placed:
            if "G" not in one.household.who:
                continue
            prose = Prose(one.household, one.due, one.born, one.chance)
            weeks = (self._now.date() - one.allocated).days // 7
            for week in range(2, weeks, 5):
                at = self._book.at(one.allocated + timedelta(weeks=week), _TWO)
                self._clock.show(at)
                draft = self._book.notes.start(
                    one.family, contact_type=Casting(self._book.profile).meeting, occurred_at=at
                )
                self._clock.show(at + timedelta(hours=2))
                self._book.notes.sign(replace(draft, text=prose.meeting(at.date())))

    def _read(self, note: Note) -> None:
        supervision = self._book.supervision
        if note.restricted:
            self._book.notes.get(note.id, reason="Supervision")
        if self._chance.happens("read first", 0.3):
            supervision.mark_read(note.id)
        if self._chance.happens("comment", 0.13):
            supervision.comment(note.id, self._chance.draw("comment", COMMENTS))
            if self._chance.happens("leave open", 0.1):
                return
        supervision.approve(note.id)
