"""A note is signed for ever: what it says of who was there agrees with the outcome, or is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.casework.appointment import CancelledBy, VenueType
from app.casework.attendance import Code
from app.casework.contact_type import ContactType
from app.casework.errors import NotASensibleDate
from app.casework.forms import Booking
from app.casework.note import NoteDraft, Seen
from app.casework.note_doubts import Against, Doubt, doubts
from casebooks import House, Member, pugh


class Visited:
    """Carys and her son Osian, expected this morning."""

    def __init__(self, member: Member) -> None:
        self.book = member.book
        self.id = self.book.families.register(pugh())
        self.carys, self.osian = (p.id for p in self.book.families.get(self.id).people)
        self.visit = self.book.diary.book(
            Booking(family=self.id, starts=self.book.now, people=(self.carys, self.osian))
        )

    def outcome(self, **codes: Code) -> None:
        ids = {"carys": self.carys, "osian": self.osian}
        self.book.engagement.record_outcome(self.visit, {ids[n]: c for n, c in codes.items()})

    def begin(self) -> NoteDraft:
        draft = self.book.notes.start(self.id, appointment=self.visit)
        return replace(draft, text="She was glad to talk.")

    def against(self, draft: NoteDraft) -> list[Doubt]:
        appointment = draft.appointment
        return doubts(
            draft,
            self.book.families.get(self.id),
            appointment=self.book.diary.get(appointment) if appointment else None,
            outcomes=self.book.engagement.outcomes(appointment) if appointment else (),
            on=draft.occurred_at.date(),
            today=self.book.today,
        )


@pytest.fixture
def visited(amina: Member) -> Visited:
    return Visited(amina)


def test_a_note_starts_with_those_who_came_and_not_with_those_who_did_not(
    visited: Visited,
) -> None:
    assert visited.begin().people == (visited.carys, visited.osian), "nothing is recorded yet"
    visited.outcome(carys=Code.ON_TIME, osian=Code.DID_NOT_ATTEND)
    assert visited.begin().people == (visited.carys,)


def test_after_a_visit_to_nobody_nobody_is_ticked(visited: Visited) -> None:
    visited.outcome(carys=Code.DID_NOT_ATTEND, osian=Code.DID_NOT_ATTEND)
    assert visited.begin().people == ()


def test_an_outcome_recorded_after_the_note_was_begun_is_held_against_it(
    visited: Visited,
) -> None:
    draft = replace(visited.begin(), child_seen=Seen.YES)
    assert visited.against(draft) == []
    visited.outcome(carys=Code.DID_NOT_ATTEND, osian=Code.LATE_SEEN)
    draft = replace(draft, people=(visited.carys,))
    assert visited.against(draft) == [
        Doubt(against=Against.NOT_THERE, person=visited.carys),
        Doubt(against=Against.NOT_TICKED, person=visited.osian),
    ]


def test_it_is_asked_whether_the_child_was_seen_where_somebody_was_met(visited: Visited) -> None:
    draft = visited.begin()
    assert visited.against(draft) == [Doubt(against=Against.CHILD_NOT_SAID)]
    for answer in (Seen.YES, Seen.NO, Seen.NOT_APPLICABLE):
        assert visited.against(replace(draft, child_seen=answer)) == []
    call = replace(draft, appointment=None, contact_type=ContactType.TELEPHONE_SUPPORT)
    assert visited.against(call) == []
    book = visited.book
    by_video = book.diary.book(
        Booking(family=visited.id, starts=book.now, venue_type=VenueType.VIDEO)
    )
    assert visited.against(book.notes.start(visited.id, appointment=by_video)) == []


def test_a_cancelled_appointment_and_a_date_long_past_are_asked_about(visited: Visited) -> None:
    draft = replace(visited.begin(), child_seen=Seen.NO)
    visited.book.diary.cancel(visited.visit, CancelledBy.FAMILY)
    long_ago = replace(draft, occurred_at=draft.occurred_at - timedelta(days=400))
    assert visited.against(long_ago) == [
        Doubt(against=Against.CANCELLED),
        Doubt(against=Against.LONG_AGO),
    ]


def test_a_note_about_a_day_still_to_come_is_not_signed(house: House, visited: Visited) -> None:
    draft = replace(visited.begin(), occurred_at=visited.book.now + timedelta(days=1))
    with pytest.raises(NotASensibleDate):
        visited.book.notes.check(draft)
    with pytest.raises(NotASensibleDate):
        visited.book.notes.sign(draft)
    assert visited.book.notes.mine() == []
    house.passes(days=1)
    assert visited.book.notes.sign(draft).signed
