"""Booking, moving and cancelling, on one device and on two, and Today as a worker sees it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.casework.appointment import CancelledBy, Status, VenueType
from app.casework.attendance import Code
from app.casework.casebook import Casebook
from app.casework.contact_type import ContactType
from app.casework.errors import Unknown
from app.casework.family import RiskLevel
from app.casework.forms import Booking, RouteForm, WorkerForm
from app.casework.note import NoteState
from app.casework.safe_contact import Allowed, Caution
from casebooks import okoro, pugh

TODAY = date(2026, 11, 23)


def at(hour: int, minute: int = 0, on: date = TODAY) -> datetime:
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=UTC)


def home(book: Casebook, family: str, starts: datetime, **more: object) -> Booking:
    """A home visit to the mother, at her address."""
    shown = book.families.get(family)
    who = shown.adults[0]
    fields: dict = {
        "address": who.address.one_line if who.address else "",
        "postcode": who.address.postcode if who.address else "",
        "people": (who.id,),
        **more,
    }
    return Booking(family=family, starts=starts, **fields)


def test_today_shows_my_visits_in_order_with_what_to_know_before_each(amina):
    book = amina.book
    first, second = book.families.register(okoro()), book.families.register(pugh())
    book.families.add_risk(first, "Do not mention the service at the door.", RiskLevel.CARE)
    book.families.add_access(first, "Top bell.")
    book.diary.book(home(book, second, at(11, 15)))
    book.diary.book(home(book, first, at(10), kind=ContactType.HOME_VISIT))
    book.families.add_action(first, "Take the sling.", owner="Amina", due=TODAY)

    one, two = book.diary.today()
    assert [c.family.name for c in (one, two)] == ["Okoro", "Pugh"]
    assert one.address == "4 Larch Row, Northmere, ZX1 4AA"
    assert one.risks == ("Do not mention the service at the door.",)
    assert one.access == ("Top bell.",)
    assert [(d.code, d.text, d.overdue) for d in one.due] == [("action", "Take the sling.", False)]
    assert one.phone is not None
    assert (one.phone.number, one.phone_person) == ("07700 900201", "Chidi Okoro")
    assert Caution.NEUTRAL_WORDING in one.cautions
    assert one.travel is None
    assert two.travel is not None
    assert (two.travel.minutes, two.travel.tight) == (15, True)
    assert two.phone is None, "nobody gave a number"
    assert [(p.name, p.kind.value) for p in one.people] == [("Chidi Okoro", "adult")]


def test_a_phone_called_unsafe_is_warned_of_on_today_and_never_offered(amina):
    book = amina.book
    family = book.families.register(okoro())
    book.diary.book(home(book, family, at(10)))
    route = book.families.get(family).adults[0].routes[0]
    assert book.diary.today()[0].unsafe == ()
    book.families.mark_unsafe(route.id)
    card = book.diary.today()[0]
    assert card.phone is None
    assert [r.id for r in card.unsafe] == [route.id]


def test_only_my_own_visits_are_on_my_today_and_a_colleagues_on_hers(house, amina, rhian, grace):
    family = amina.book.families.register(okoro())
    house.carry()
    grace.book.supervision.allocate(family, rhian.person, "therapist")
    house.carry()
    rhian.book.diary.book(home(rhian.book, family, at(14)))
    house.carry()
    assert amina.book.diary.today() == ()
    assert len(rhian.book.diary.today()) == 1
    assert len(amina.book.diary.today(worker=rhian.person)) == 1


def test_a_card_says_how_far_the_note_and_the_outcome_have_come(house, amina):
    book = amina.book
    family = book.families.register(okoro())
    visit = book.diary.book(home(book, family, at(8)))
    assert book.diary.today()[0].note is None

    draft = book.notes.save_draft(
        replace(book.notes.start(family, appointment=visit), text="Baby kicks.")
    )
    card = book.diary.today()[0]
    assert (card.note, card.note_id) == (NoteState.DRAFT, draft.id)
    book.notes.put_aside(draft)
    assert book.diary.today()[0].note is NoteState.UNSIGNED
    book.notes.sign(book.notes.reopen(draft.id))
    assert book.diary.today()[0].note is NoteState.SIGNED

    who = book.families.get(family).adults[0].id
    book.engagement.record_outcome(visit, {who: Code.ON_TIME})
    assert [a.code for a in book.diary.today()[0].outcomes] == [Code.ON_TIME]


def test_a_visit_near_midnight_belongs_to_the_day_on_the_wall(house, amina):
    book = amina.book
    family = book.families.register(okoro())
    july = date(2027, 7, 6)
    late = book.at(july, time(23, 30))
    assert late.date() == july
    early = book.at(july, time(0, 15))
    assert early.date() == july - timedelta(days=1), "in UTC it is still yesterday"
    for starts in (late, early):
        book.diary.book(home(book, family, starts, minutes=15))
    assert [c.appointment.local.time() for c in book.diary.today(july)] == [
        time(0, 15),
        time(23, 30),
    ]


def test_a_weekly_series_keeps_its_time_when_the_clocks_change(amina):
    book = amina.book
    family = book.families.register(okoro())
    first = book.at(date(2027, 3, 16), time(10))
    made = book.diary.book_series(home(book, family, first), 4)
    series = book.diary.get(made[0]).series
    assert series is not None
    found = book.diary.series(series)
    assert [a.id for a in found] == made
    assert [(a.local.date().day, a.local.hour) for a in found] == [
        (16, 10),
        (23, 10),
        (30, 10),
        (6, 10),
    ]


def test_the_rest_of_a_series_moves_together_and_keeps_wall_time(amina):
    book = amina.book
    family = book.families.register(okoro())
    made = book.diary.book_series(home(book, family, book.at(date(2027, 3, 16), time(10))), 4)
    book.diary.move(made[1], book.at(date(2027, 3, 24), time(13)), rest_of_series=True)
    assert [(a.local.day, a.local.hour) for a in map(book.diary.get, made)] == [
        (16, 10),
        (24, 13),
        (31, 13),
        (7, 13),
    ]


def test_cancelling_says_who_and_why_and_can_be_taken_back(amina):
    book = amina.book
    family = book.families.register(okoro())
    visit = book.diary.book(home(book, family, at(10)))
    book.diary.cancel(visit, CancelledBy.FAMILY, "Poorly.")
    gone = book.diary.get(visit)
    assert (gone.status, gone.cancelled_by, gone.cancel_reason) == (
        Status.CANCELLED,
        CancelledBy.FAMILY,
        "Poorly.",
    )
    assert [c.appointment.cancelled for c in book.diary.today()] == [True], "still in sight"

    book.diary.restore(visit)
    back = book.diary.get(visit)
    assert (back.status, back.cancelled_by, back.cancel_reason) == (Status.BOOKED, None, "")
    assert len(book.history(visit)) == 3


def test_the_rest_of_a_series_is_cancelled_and_what_was_cancelled_before_keeps_its_reason(amina):
    book = amina.book
    family = book.families.register(okoro())
    made = book.diary.book_series(home(book, family, at(10)), 4)
    book.diary.cancel(made[3], CancelledBy.FAMILY, "Holiday.")
    book.diary.cancel(made[1], CancelledBy.SERVICE, "Leave.", rest_of_series=True)
    assert [book.diary.get(a).cancel_reason for a in made] == ["", "Leave.", "Leave.", "Holiday."]


def test_a_clash_is_seen_before_booking_also_with_another_family(amina):
    book = amina.book
    one, other = book.families.register(okoro()), book.families.register(pugh())
    visit = book.diary.book(home(book, one, at(10)))
    wanted = home(book, other, at(10, 30))
    assert [(c.appointment.family, c.workers) for c in book.diary.clashes(wanted)] == [
        (one, (amina.person,))
    ]
    assert book.diary.clashes(home(book, one, at(10, 15)), besides=visit) == []
    book.diary.cancel(visit, CancelledBy.FAMILY)
    assert book.diary.clashes(wanted) == []


def test_the_week_shows_free_stretches_within_her_working_days(house, grace, amina):
    grace.book.team.change_worker(
        amina.person,
        WorkerForm(
            name="Amina Yusuf",
            works_days=frozenset({0, 1, 2}),
            works_from=time(9),
            works_to=time(15),
        ),
    )
    house.carry()
    book = amina.book
    family = book.families.register(okoro())
    book.diary.book(home(book, family, at(10, on=TODAY + timedelta(days=1))))
    week = book.diary.week()
    assert week.monday == TODAY
    assert [d.working for d in week.days] == [True, True, True, False, False, False, False]
    tuesday = week.days[1]
    assert [(s.starts.hour, s.minutes) for s in tuesday.free] == [(9, 60), (11, 240)]
    assert week.days[3].free == ()


def test_two_people_move_one_visit_offline_and_somebody_chooses(house, amina, grace):
    family = amina.book.families.register(okoro())
    visit = amina.book.diary.book(home(amina.book, family, at(14)))
    house.carry()
    with house.out_of_signal(amina, grace):
        amina.book.diary.move(visit, at(15))
        grace.book.diary.move(visit, at(16))
    house.carry()

    for member in (amina, grace):
        seen = member.book.diary.get(visit)
        assert {seen.starts, *seen.other_starts} == {at(15), at(16)}
        (conflict,) = member.book.conflicts()
        assert (conflict.kind, conflict.field, conflict.family_name) == (
            "appointment",
            "starts",
            "Okoro",
        )
        assert {c.author_name for c in conflict.choices} == {"Amina Yusuf", "Grace Adeyemi"}
        assert [c.here for c in conflict.choices].count(True) == 1

    mine = next(c for c in amina.book.conflicts()[0].choices if c.author == amina.person)
    amina.book.settle(visit, "starts", mine.value)
    house.carry()
    for member in (amina, grace):
        assert member.book.diary.get(visit).starts == at(15)
        assert member.book.diary.get(visit).other_starts == ()
        assert member.book.conflicts() == []
    starts = [c.fields.get("starts") for c in grace.book.history(visit)]
    assert "2026-11-23T16:00:00Z" in starts, "what was not chosen is in the history"


def test_changing_an_appointment_writes_only_what_differs(house, amina, grace):
    family = amina.book.families.register(okoro())
    visit = amina.book.diary.book(home(amina.book, family, at(14)))
    house.carry()
    with house.out_of_signal(amina, grace):
        form = amina.book.diary.booking_of(visit)
        amina.book.diary.change(visit, replace(form, about="Bring scales."))
        form = grace.book.diary.booking_of(visit)
        grace.book.diary.change(visit, replace(form, venue="Weir Centre"))
    house.carry()
    seen = amina.book.diary.get(visit)
    assert (seen.about, seen.venue, seen.other_starts) == ("Bring scales.", "Weir Centre", ())


def test_venues_begin_with_homes_and_go_on_with_places_used_before(amina):
    book = amina.book
    family = book.families.register(okoro())
    book.diary.book(
        home(
            book,
            family,
            at(10),
            venue_type=VenueType.CHILDRENS_CENTRE,
            venue="Weir Centre",
            address="1 Weir Lane",
            postcode="ZX8 1AA",
        )
    )
    assert book.diary.venues(family) == [
        (VenueType.HOME, "", "4 Larch Row, Northmere", "ZX1 4AA"),
        (VenueType.CHILDRENS_CENTRE, "Weir Centre", "1 Weir Lane", "ZX8 1AA"),
    ]


def test_what_waits_on_me_is_listed_longest_first(house, amina):
    book = amina.book
    family = book.families.register(okoro())
    visit = book.diary.book(home(book, family, at(8)))
    book.families.add_action(
        family, "Ring the midwife.", owner="Amina", due=TODAY, worker=amina.person
    )
    house.passes(hours=2)
    assert [(d.code, d.record) for d in book.diary.due_today() if d.code == "outcome"] == [
        ("outcome", visit)
    ]
    assert [d.code for d in book.diary.due_today()].count("action") == 1
    assert [a.id for a in book.engagement.without_outcome()] == [visit]


def test_an_appointment_of_a_family_that_is_not_here_is_unknown(amina):
    with pytest.raises(Unknown):
        amina.book.diary.get("0" * 32)


def test_a_new_number_can_be_rung_only_with_a_warning(amina):
    book = amina.book
    family = book.families.register(pugh())
    who = book.families.get(family).adults[0].id
    book.families.add_route(who, RouteForm(number="07700 900300"))
    book.diary.book(home(book, family, at(10)))
    card = book.diary.today()[0]
    assert card.phone is not None
    assert card.phone.allowed is Allowed.UNKNOWN
    assert Caution.NOT_AGREED in card.cautions
