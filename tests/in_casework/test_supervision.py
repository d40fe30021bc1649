"""Reviewing, allocating and lending caseloads, and what a supervisor is told without asking."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.casework.attendance import Code
from app.casework.caseload import Role
from app.casework.errors import Missing, NotSigned, OnlySupervisors, ReasonNeeded, Unknown
from app.casework.family import FamilyStatus
from app.casework.forms import Booking, WorkerForm
from app.casework.review import ReviewState
from casebooks import okoro, pugh

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)


def signed(member, family, text="Feeding well.", **more):
    notes = member.book.notes
    return notes.sign(notes.save_draft(replace(notes.start(family, **more), text=text)))


def test_a_signed_note_reaches_the_queue_and_her_review_travels_back(house, amina, grace):
    family = amina.book.families.register(okoro())
    note = signed(amina, family)
    assert grace.book.supervision.queue() == []
    house.carry()
    house.carry()

    (line,) = grace.book.supervision.queue()
    assert (line.family_name, line.writer_name, line.note.text) == (
        "Okoro",
        "Amina Yusuf",
        "Feeding well.",
    )
    grace.book.supervision.mark_read(note.id)
    grace.book.supervision.mark_read(note.id)
    house.passes(minutes=1)
    grace.book.supervision.comment(note.id, "Was the health visitor told?")
    house.carry()
    (mine,) = amina.book.supervision.for_me()
    assert mine.note.review is ReviewState.COMMENTED
    assert [(a.act, a.comment) for a in mine.note.reviews] == [
        ("read", ""),
        ("commented", "Was the health visitor told?"),
    ]

    grace.book.supervision.approve(note.id)
    house.carry()
    assert grace.book.supervision.queue() == []
    assert amina.book.notes.get(note.id).review is ReviewState.APPROVED
    (mine,) = amina.book.supervision.for_me()
    assert mine.answer.comment == "Was the health visitor told?", "approved before she read it"


def test_words_that_come_with_an_approval_reach_the_writer_for_a_fortnight(house, amina, grace):
    family = amina.book.families.register(okoro())
    told, plainly = signed(amina, family, "She cried."), signed(amina, family, "Feeding well.")
    house.carry()
    grace.book.supervision.approve(plainly.id)
    grace.book.supervision.approve(told.id, "Please ring her on Friday.")
    house.carry()

    (mine,) = amina.book.supervision.for_me()
    assert (mine.note.id, mine.note.review) == (told.id, ReviewState.APPROVED)
    assert mine.answer.comment == "Please ring her on Friday."
    house.passes(days=13)
    assert len(amina.book.supervision.for_me()) == 1
    house.passes(days=2)
    assert amina.book.supervision.for_me() == []


def test_a_return_that_was_answered_and_approved_is_no_longer_an_answer(house, amina, grace):
    family = amina.book.families.register(okoro())
    note = signed(amina, family)
    house.carry()
    grace.book.supervision.send_back(note.id, "Who else was there?")
    house.carry()
    house.passes(minutes=5)
    amina.book.notes.add_addendum(note.id, "Her sister.")
    house.carry()
    house.passes(minutes=5)
    grace.book.supervision.approve(note.id)
    house.carry()
    assert amina.book.supervision.for_me() == []


def test_a_returned_note_comes_back_to_the_queue_when_its_writer_has_answered(house, amina, grace):
    family = amina.book.families.register(okoro())
    note = signed(amina, family)
    house.carry()
    assert grace.book.supervision.overview().to_review == 1
    grace.book.supervision.send_back(note.id, "Who else was there?")
    assert grace.book.supervision.queue() == []
    assert grace.book.supervision.overview().to_review == 0
    house.carry()
    assert [line.note.id for line in amina.book.supervision.for_me()] == [note.id]

    house.passes(hours=1)
    amina.book.notes.add_addendum(note.id, "Her sister.")
    house.carry()
    (line,) = grace.book.supervision.queue()
    assert line.note.review is ReviewState.ANSWERED
    assert grace.book.supervision.overview().to_review == 1
    grace.book.supervision.approve(note.id)
    assert grace.book.supervision.queue() == []


def test_the_queue_is_as_long_as_asked_whatever_lies_between(house, amina, rhian, grace):
    family = amina.book.families.register(okoro())
    house.carry()
    grace.book.supervision.allocate(family, rhian.person, "therapist")
    house.carry()
    written = []
    for i in range(12):
        house.passes(minutes=1)
        written.append(signed(rhian if i % 4 == 3 else amina, family, text=f"Visit {i}.").id)
    house.carry()
    for sent_back in written[:7]:
        grace.book.supervision.send_back(sent_back, "Who else was there?")

    queue = grace.book.supervision.queue

    def shown(**asked):
        return [line.note.id for line in queue(**asked)]

    assert shown(limit=2) == written[:9:-1]
    assert shown(oldest_first=True, limit=2) == written[7:9]
    assert shown(oldest_first=True) == written[7:]
    assert shown() == written[:6:-1]
    assert shown(writer=rhian.person, oldest_first=True, limit=1) == [written[7]]
    assert shown(writer=rhian.person) == [written[11], written[7]]


def test_the_queue_begins_with_the_newest_contact_not_with_the_newest_signature(
    house, amina, grace
):
    family = amina.book.families.register(okoro())
    now = house.clock.now()
    wednesday = signed(amina, family, "On time.", occurred_at=now - timedelta(hours=2))
    late = signed(amina, family, "Written late.", occurred_at=now - timedelta(days=9))
    house.carry()
    assert [line.note.id for line in grace.book.supervision.queue()] == [wednesday.id, late.id]
    first = grace.book.supervision.queue(oldest_first=True, limit=1)
    assert [line.note.id for line in first] == [late.id]


def test_what_was_looked_at_stands_apart_from_what_waits(house, amina, grace):
    family = amina.book.families.register(okoro())
    waiting, read, commented, approved = (signed(amina, family, f"Visit {n}.") for n in range(4))
    house.carry()
    supervision = grace.book.supervision
    supervision.mark_read(read.id)
    supervision.comment(commented.id, "Well put.")
    supervision.mark_read(approved.id)
    supervision.approve(approved.id)

    assert [line.note.id for line in supervision.queue()] == [waiting.id]
    assert supervision.overview().to_review == 1
    looked_at = supervision.queue(looked_at=True)
    assert {line.note.id for line in looked_at} == {read.id, commented.id}
    supervision.approve(commented.id)
    assert [line.note.id for line in supervision.queue(looked_at=True)] == [read.id]


def test_nobody_is_asked_to_review_her_own_notes(house, amina, grace):
    family = amina.book.families.register(okoro())
    house.carry()
    signed(grace, family, "The core group met.")
    assert grace.book.supervision.queue() == []
    assert grace.book.supervision.queue(writer=grace.person) == []
    assert grace.book.supervision.overview().to_review == 0


def test_only_a_supervisor_reviews_and_only_what_is_signed(house, amina, grace):
    family = amina.book.families.register(okoro())
    notes = amina.book.notes
    aside = notes.put_aside(replace(notes.start(family), text="Half."))
    house.carry()
    with pytest.raises(OnlySupervisors):
        amina.book.supervision.approve(aside.id)
    with pytest.raises(NotSigned):
        grace.book.supervision.approve(aside.id)
    with pytest.raises(Missing):
        grace.book.supervision.comment(signed(grace, family).id, " ")


def test_a_review_written_into_the_casefile_by_a_worker_counts_for_nothing(house, amina, grace):
    """A worker's device may write there; what it says of its own notes is not a review."""
    family = amina.book.families.register(okoro())
    note = signed(amina, family)
    amina.vault.write(
        [
            amina.book.notes._ledger.statement(
                family,
                "note_review",
                amina.vault.new_id(),
                {
                    "note": note.id,
                    "act": "approved",
                    "at": "2026-11-23T09:00:00Z",
                    "reviewer": grace.person,
                },
            )
        ]
    )
    house.carry()
    (line,) = grace.book.supervision.queue()
    assert line.note.review is ReviewState.WAITING
    assert grace.book.notes.get(note.id).reviews == ()


def test_a_restricted_note_is_in_the_queue_without_its_text(house, amina, grace):
    family = amina.book.families.register(okoro())
    note = signed(amina, family, "He was at the window.", restricted=True)
    house.carry()
    (line,) = grace.book.supervision.queue()
    assert (line.note.text, line.note.text_hidden, line.family_name) == ("", True, "Okoro")
    with pytest.raises(ReasonNeeded):
        grace.book.notes.get(note.id)
    grace.book.notes.get(note.id, reason="Review.")
    grace.book.supervision.approve(note.id)
    house.carry()
    assert amina.book.notes.get(note.id).review is ReviewState.APPROVED


def test_a_note_unsigned_or_unwritten_for_a_day_is_named_to_the_supervisor(house, amina, grace):
    book = amina.book
    family = book.families.register(okoro())
    who = book.families.get(family).adults[0].id
    visit = book.diary.book(Booking(family=family, starts=MONDAY, people=(who,)))
    book.engagement.record_outcome(visit, {who: Code.ON_TIME})
    aside = book.notes.put_aside(replace(book.notes.start(family), text="Half."))
    house.carry()
    assert grace.book.supervision.unsigned() == []

    house.passes(hours=25)
    found = {u.note: u for u in grace.book.supervision.unsigned()}
    assert set(found) == {None, aside.id}
    assert found[None].appointment == visit
    assert {u.writer_name for u in found.values()} == {"Amina Yusuf"}
    assert grace.book.supervision.unsigned(worker=grace.person) == []

    book.notes.sign(book.notes.reopen(aside.id))
    draft = replace(book.notes.start(family, appointment=visit), text="Now written.")
    book.notes.sign(draft)
    house.carry()
    assert grace.book.supervision.unsigned() == []


def test_allocating_opens_a_waiting_family_and_lets_her_read_it_whole(house, amina, rhian, grace):
    family = amina.book.families.register(okoro())
    note = signed(amina, family)
    house.carry()
    assert [waiter.family for waiter in grace.book.pathways.waiting_list()] == [family]
    allocation = grace.book.supervision.allocate(family, rhian.person, "therapist")
    assert grace.book.supervision.allocate(family, rhian.person, "therapist") == allocation
    house.carry()

    assert rhian.book.families.get(family).status is FamilyStatus.OPEN
    assert rhian.book.notes.get(note.id).text == "Feeding well."
    assert grace.book.pathways.waiting_list() == []
    with pytest.raises(OnlySupervisors):
        rhian.book.supervision.allocate(family, amina.person, "family_worker")


def test_ending_an_allocation_ends_the_reading_and_keeps_the_name(house, amina, rhian, grace):
    family = amina.book.families.register(okoro())
    house.carry()
    allocation = grace.book.supervision.allocate(family, rhian.person, "therapist")
    house.carry()
    signed(rhian, family, "Rhian was here.")
    house.carry()
    grace.book.supervision.end_allocation(allocation)
    assert grace.book.families.lines(worker=rhian.person) == []
    house.carry()
    with pytest.raises(Unknown):
        rhian.book.families.get(family)
    (note,) = grace.book.notes.of_family(family)
    assert grace.book.team.name_of(note.writer) == "Dr Rhian Pryce"


def test_whoever_covers_has_the_visits_of_the_colleague_before_her_until_it_is_given_back(
    house, amina, rhian, grace
):
    lent, hers = (grace.book.families.register(each()) for each in (okoro, pugh))
    house.carry()
    grace.book.supervision.allocate(lent, amina.person, "family_worker")
    grace.book.supervision.allocate(hers, rhian.person, "therapist")
    house.carry()
    soon = amina.book.now + timedelta(hours=1)
    visit = amina.book.diary.book(Booking(family=lent, starts=soon))
    house.carry()
    assert rhian.book.diary.covered() == ()

    loan = grace.book.supervision.cover(amina.person, rhian.person, date(2026, 12, 7))
    house.carry()
    (covered,) = rhian.book.diary.covered()
    assert (covered.away_name, covered.families) == ("Amina Yusuf", 1)
    assert [card.appointment.id for card in covered.cards] == [visit]
    assert rhian.book.diary.today() == ()
    assert amina.book.diary.covered() == ()
    assert rhian.book.diary.covered(date(2026, 12, 8)) == (), "given back by then, as it stands"

    mine = rhian.book.diary.get(visit)
    booking = Booking(family=lent, starts=mine.starts, workers=(*mine.workers, rhian.person))
    rhian.book.diary.change(visit, booking)
    assert [card.appointment.id for card in rhian.book.diary.today()] == [visit]
    assert rhian.book.diary.covered()[0].cards == (), "one visit is one card"

    grace.book.supervision.give_back(loan.id)
    house.carry()
    assert rhian.book.diary.covered() == ()


def test_a_caseload_moves_to_cover_and_back_in_one_action(house, amina, rhian, grace):
    one = grace.book.families.register(okoro())
    two = grace.book.families.register(pugh())
    house.carry()
    for family in (one, two):
        grace.book.supervision.allocate(family, amina.person, "family_worker")
    grace.book.supervision.allocate(two, rhian.person, "therapist")
    house.carry()

    loan = grace.book.supervision.cover(amina.person, rhian.person, date(2026, 12, 7))
    house.carry()
    assert (loan.away_name, loan.covering_name) == ("Amina Yusuf", "Dr Rhian Pryce")
    assert set(loan.families) == {one, two}
    assert {line.id for line in rhian.book.families.lines(worker=rhian.person)} == {one, two}
    assert {line.id for line in amina.book.families.lines(worker=amina.person)} == {one, two}
    load = {x.worker.name: x for x in grace.book.supervision.caseloads()}
    assert load["Dr Rhian Pryce"].covering == (one,), "the second is also her own"

    house.passes(days=14)
    assert grace.book.supervision.covers()[0].overdue is False
    house.passes(days=1)
    assert grace.book.supervision.covers()[0].overdue is True
    grace.book.supervision.give_back(loan.id)
    house.carry()
    assert grace.book.supervision.covers() == []
    assert [line.id for line in rhian.book.families.lines(worker=rhian.person)] == [two]
    with pytest.raises(Unknown):
        rhian.book.families.get(one)
    assert {line.id for line in amina.book.families.lines(worker=amina.person)} == {one, two}


def test_a_full_caseload_shows_and_counts_what_waits(house, amina, grace):
    grace.book.team.change_worker(
        amina.person, WorkerForm(name="Amina Yusuf", capacity=1, title="Family worker")
    )
    families = [grace.book.families.register(form) for form in (okoro(), pugh())]
    for family in families:
        grace.book.supervision.allocate(family, amina.person, "family_worker")
    load = next(x for x in grace.book.supervision.caseloads() if x.worker.person == amina.person)
    assert (load.room, load.over, load.capacity) == (-1, True, 1)
    grace.book.families.change(families[0], status=FamilyStatus.CLOSED)
    load = next(x for x in grace.book.supervision.caseloads() if x.worker.person == amina.person)
    assert load.families == (families[1],)
    overview = grace.book.supervision.overview()
    assert (overview.families_open, overview.over_capacity, overview.to_review) == (1, 0, 0)


def test_names_come_from_sealed_records_and_invites_are_kept_beside_them(house, amina, grace):
    team = grace.book.team
    assert [w.name for w in team.workers()] == ["Amina Yusuf", "Dr Rhian Pryce", "Grace Adeyemi"]
    assert amina.book.team.me().title == "Family worker"
    assert amina.book.team.name_of("f" * 32) == ""
    assert amina.book.me.role is Role.WORKER

    expires = house.clock.now() + timedelta(hours=24)
    team.record_invite("inv-1", name="Ben Whitlock", role="worker", expires_at=expires)
    team.record_invite("inv-2", name="Olwen Parry", role="administrator", expires_at=expires)
    team.invite_used("inv-1", "d4" * 16)
    house.passes(hours=25)
    assert {i.name: i.status for i in team.invites()} == {
        "Ben Whitlock": "used",
        "Olwen Parry": "expired",
    }

    team.leave(amina.person)
    house.carry()
    assert [w.name for w in team.workers()] == ["Dr Rhian Pryce", "Grace Adeyemi"]
    assert team.name_of(amina.person) == "Amina Yusuf"


def test_a_locked_casebook_remembers_no_name(house, amina):
    family = amina.book.families.register(okoro())
    assert amina.book.families.name_of(family) == "Okoro"
    amina.book.close()
    assert "Okoro" not in repr(vars(amina.book._ledger))


def test_a_colleague_is_not_told_of_a_missing_note_that_may_be_restricted(
    house, amina, rhian, grace
):
    """Rhian cannot know whether Amina wrote a note that only few may read."""
    family = amina.book.families.register(okoro())
    house.carry()
    grace.book.supervision.allocate(family, rhian.person, "therapist")
    house.carry()
    who = amina.book.families.get(family).adults[0].id
    visit = amina.book.diary.book(Booking(family=family, starts=MONDAY, people=(who,)))
    amina.book.engagement.record_outcome(visit, {who: Code.ON_TIME})
    signed(amina, family, "For few only.", appointment=visit, restricted=True)
    house.passes(hours=30)
    house.carry()
    for member in (amina, rhian, grace):
        assert member.book.supervision.unsigned() == []
