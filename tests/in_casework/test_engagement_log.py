"""Outcomes, calls and obstacle conversations, as they are recorded at the door and elsewhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from app.casework.appointment import CancelledBy
from app.casework.attendance import Code, Obstacle
from app.casework.engagement import Noticed
from app.casework.errors import Missing
from app.casework.family import FamilyStatus
from app.casework.forms import Booking, ContactForm
from app.casework.people import PersonKind
from app.casework.timeline import Event
from casebooks import okoro, pugh

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)


def visits(member, family, count, *, until=MONDAY):
    """Weekly visits that ended with this one, oldest first."""
    people = [p.id for p in member.book.families.get(family).adults]
    return [
        member.book.diary.book(
            Booking(
                family=family, starts=until - timedelta(weeks=count - 1 - n), people=tuple(people)
            )
        )
        for n in range(count)
    ]


def mother(member, family):
    return member.book.families.get(family).adults[0].id


def test_an_outcome_said_again_corrects_the_first_and_both_can_be_read(amina):
    book = amina.book
    family = book.families.register(okoro())
    (visit,) = visits(amina, family, 1)
    who = mother(amina, family)
    book.engagement.record_outcome(visit, {who: Code.DID_NOT_ATTEND})
    book.engagement.record_outcome(visit, {who: Code.LATE_SEEN})

    (found,) = book.engagement.outcomes(visit)
    assert (found.code, found.corrected) == (Code.LATE_SEEN, 1)
    assert [c.fields.get("code") for c in book.history(found.id)] == ["3", "6"]
    assert book.engagement.pattern(family).seen == 1


def test_two_devices_marking_the_same_mother_offline_count_her_once(house, amina, grace):
    family = amina.book.families.register(okoro())
    (visit,) = visits(amina, family, 1)
    house.carry()
    who = mother(amina, family)
    with house.out_of_signal(amina, grace):
        amina.book.engagement.record_outcome(visit, {who: Code.ON_TIME})
        house.passes(minutes=5)
        grace.book.engagement.record_outcome(visit, {who: Code.LATE_SEEN})
    house.carry()
    for member in (amina, grace):
        (found,) = member.book.engagement.outcomes(visit)
        assert (found.code, found.corrected) == (Code.LATE_SEEN, 1)
        assert len(member.book.engagement.pattern(family).marks) == 1


def test_both_parents_are_marked_apart(amina):
    book = amina.book
    family = book.families.register(okoro())
    (visit,) = visits(amina, family, 1)
    book.engagement.record_outcome(
        visit,
        {"mum": Code.ON_TIME, "dad": Code.DID_NOT_ATTEND},
        obstacle=Obstacle.WORK,
        obstacle_text="Night shift.",
    )
    found = {a.attendee: a for a in book.engagement.outcomes(visit)}
    assert found["dad"].obstacle is Obstacle.WORK
    assert found["mum"].obstacle is None, "nothing stood in her way"
    assert book.engagement.pattern(family).seen == 1


def test_a_baby_nobody_brought_was_not_brought(amina):
    book = amina.book
    family = book.families.register(pugh())
    (visit,) = visits(amina, family, 1)
    baby = book.families.get(family).children[0].id
    book.engagement.record_outcome(visit, {baby: Code.DID_NOT_ATTEND}, not_brought=[baby])
    assert book.engagement.outcomes(visit)[0].word == "was_not_brought"
    assert book.engagement.pattern(family).noticed == (Noticed.NOT_BROUGHT,)
    assert book.engagement.log(family).entries[0].code == "was_not_brought"


def test_the_second_miss_in_a_row_raises_a_conversation_for_the_next_working_day(amina):
    book = amina.book
    family = book.families.register(okoro())
    first, second = visits(amina, family, 2)
    who = mother(amina, family)
    assert book.engagement.record_outcome(first, {who: Code.DID_NOT_ATTEND}) is None
    raised = book.engagement.record_outcome(second, {who: Code.DID_NOT_ATTEND})

    assert raised is not None
    assert (raised.why, raised.due) == (Noticed.MISSED_TWICE, date(2026, 11, 24))
    assert set(raised.appointments) == {first, second}
    assert [c.id for c in book.engagement.conversations(worker=amina.person)] == [raised.id]
    assert Event.OBSTACLE in {e.event for e in book.engagement.log(family).entries}


def test_twenty_misses_in_a_row_end_nothing(house, grace):
    book = grace.book
    family = book.families.register(okoro())
    book.supervision.allocate(family, grace.person, "family_worker")
    who = mother(grace, family)
    for visit in visits(grace, family, 20):
        book.engagement.record_outcome(visit, {who: Code.DID_NOT_ATTEND})

    assert len(book.engagement.conversations()) == 1
    assert book.families.get(family).status is FamilyStatus.OPEN
    assert [a.until for a in book.families.get(family).allocations] == [None]
    assert [line.stage for line in book.families.lines()] == ["assessment"], (
        "as since the allocation"
    )


def test_a_conversation_is_held_and_says_what_stood_in_the_way(house, amina):
    book = amina.book
    family = book.families.register(okoro())
    raised = book.engagement.raise_conversation(family)
    with pytest.raises(Missing):
        book.engagement.hold(raised.id)
    book.engagement.postpone(raised.id, date(2026, 11, 26))
    book.engagement.hold(
        raised.id,
        code=Obstacle.TRANSPORT,
        text="Two buses with the pram.",
        agreed="Visits at home until Christmas.",
    )
    assert book.engagement.conversations() == []
    (held,) = book.engagement.conversations(open_only=False, family=family)
    assert (held.open, held.code, held.due) == (False, Obstacle.TRANSPORT, date(2026, 11, 26))
    house.passes(minutes=1)
    closed = book.engagement.log(family).entries[0]
    assert (closed.event, closed.code) == (Event.OBSTACLE_CLOSED, "transport")
    assert "Two buses" in closed.text


def test_after_a_conversation_two_more_misses_raise_the_next(amina):
    book = amina.book
    family = book.families.register(okoro())
    who = mother(amina, family)
    made = visits(amina, family, 4)
    for visit in made[:2]:
        raised = book.engagement.record_outcome(visit, {who: Code.DID_NOT_ATTEND})
    assert raised is not None
    book.engagement.hold(raised.id, code=Obstacle.ILL)
    assert book.engagement.record_outcome(made[2], {who: Code.DID_NOT_ATTEND}) is None
    again = book.engagement.record_outcome(made[3], {who: Code.DID_NOT_ATTEND})
    assert again is not None
    assert again.id != raised.id


def test_two_devices_that_learn_of_the_same_misses_raise_one_conversation(house, amina, grace):
    family = amina.book.families.register(okoro())
    first, second = visits(amina, family, 2)
    who = mother(amina, family)
    amina.book.engagement.record_outcome(first, {who: Code.DID_NOT_ATTEND})
    house.carry()
    with house.out_of_signal(amina, grace):
        amina.book.engagement.record_outcome(second, {who: Code.DID_NOT_ATTEND})
        grace.book.engagement.record_outcome(second, {who: Code.DID_NOT_ATTEND})
    house.carry()
    assert len(grace.book.engagement.conversations()) == 1
    assert len(amina.book.engagement.conversations()) == 1


def test_correcting_a_miss_that_was_none_leaves_the_conversation_to_people(amina):
    book = amina.book
    family = book.families.register(okoro())
    first, second = visits(amina, family, 2)
    who = mother(amina, family)
    for visit in (first, second):
        book.engagement.record_outcome(visit, {who: Code.DID_NOT_ATTEND})
    book.engagement.record_outcome(second, {who: Code.ON_TIME})
    assert book.engagement.pattern(family).noticed == ()
    assert len(book.engagement.conversations()) == 1


def test_a_telephone_call_is_a_contact_and_never_attendance(house, amina):
    book = amina.book
    family = book.families.register(okoro())
    book.engagement.record_contact(
        ContactForm(family=family, minutes=20, outcome="spoke", summary="Slept four hours.")
    )
    pattern = book.engagement.pattern(family)
    assert (pattern.calls, pattern.seen, pattern.marks) == (1, 0, ())
    entry = book.engagement.log(family).entries[0]
    assert (entry.event, entry.code, entry.text) == (Event.CONTACT, "spoke", "Slept four hours.")


def test_cancelling_again_and_again_is_noticed(amina):
    book = amina.book
    family = book.families.register(okoro())
    for visit in visits(amina, family, 3):
        book.diary.cancel(visit, CancelledBy.FAMILY, "Not today.")
    assert book.engagement.pattern(family).noticed == (Noticed.CANCELS_OFTEN,)
    assert [m.code.value for m in book.families.get(family).engagement.marks] == ["2", "2", "2"]


def test_whom_to_mark_are_the_people_expected_or_the_family(amina):
    book = amina.book
    family = book.families.register(pugh())
    (visit,) = visits(amina, family, 1)
    assert [p.name for p in book.engagement.expected(visit)] == ["Carys Pugh"]
    anybody = book.diary.book(Booking(family=family, starts=MONDAY))
    assert [p.kind for p in book.engagement.expected(anybody)] == [
        PersonKind.ADULT,
        PersonKind.CHILD,
    ]
    unborn = book.families.register(okoro())
    (visit,) = visits(amina, unborn, 1)
    assert [p.name for p in book.engagement.expected(visit)] == ["Chidi Okoro"]
