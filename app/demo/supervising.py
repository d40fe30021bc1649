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

_RECENT = timedelta(days=18)
_LEFT_WAITING = 5
"""With the answer to one that was sent back it is a handful, which two minutes are enough for."""
_TWO = time(14)


class Supervising:
    """Grace at her laptop."""

    def __init__(self, book: Casebook, clock: SetClock, now: datetime, seed: int) -> None:
        self._book = book
        self._clock = clock
        self._now = now
        self._chance = Chance(seed, "supervision")

    def review(self, sends_back_to: str) -> list[Note]:
        """Read what was signed, but for the last few, which are left for whoever tries the demo.

        Sends two recent ones back to one writer, and gives them.
        """
        sent_back: list[Note] = []
        queue = self._book.supervision.queue(oldest_first=True, limit=10_000)
        signed = sorted((line.note for line in queue), key=lambda n: n.signed_at or n.occurred_at)
        for note in signed[:-_LEFT_WAITING]:
            self._clock.show(self._read_at(note))
            recent = self._now - note.occurred_at < _RECENT and not note.restricted
            if recent and len(sent_back) < 2 and note.writer == sends_back_to:
                self._book.supervision.send_back(note.id, RETURNED[len(sent_back)])
                sent_back.append(note)
                continue
            self._read(note)
        return sent_back

    def _read_at(self, note: Note) -> datetime:
        """Some days after it was signed, on a working day, and before now."""
        at = (note.signed_at or note.occurred_at) + timedelta(
            days=self._chance.number("after", 1, 5), hours=3
        )
        at += timedelta(days=7 - at.weekday() if at.weekday() > 4 else 0)
        return min(at, self._now - timedelta(minutes=30))

    def meetings(self, placed: list[Placed]) -> None:
        """Core groups of the families she coordinates, every few weeks."""
        for one in placed:
            if "G" not in one.household.who:
                continue
            prose = Prose(one.household, one.due, one.born, one.chance)
            weeks = ((one.lost or self._now.date()) - one.allocated).days // 7
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
