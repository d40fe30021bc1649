"""Booking: nobody is sent to the wrong house, and no clash is overlooked."""

from dataclasses import replace
from datetime import date, time, timedelta

import flet as ft
import pytest

from app.casework.attendance import Code
from app.casework.caseload import Role
from app.casework.forms import Booking, WorkerForm
from casebooks import House, Member, okoro, pugh, registers_marsh
from cast import AMINA, RHIAN
from on_screen.at_work import Visit, at


@pytest.fixture
def marsh(amina: Member) -> str:
    return registers_marsh(amina)


def jodie_of(member: Member, family: str) -> str:
    return next(p.id for p in member.book.families.people(family) if p.given == "Jodie")


def expected(app: Visit) -> list[str]:
    """The chips that are ticked among those of the family."""
    names = {"Kane Doyle", "Jodie Marsh", "Tyler Marsh"}
    return [c.label.value for c in app.controls(ft.Chip) if c.selected and c.label.value in names]


def address(app: Visit) -> str:
    return str(app.find(ft.TextField, label="Address").value)


def test_nobody_is_ticked_and_no_address_filled_in_where_a_mothers_home_is_secret(
    house: House, amina: Member, marsh: str
) -> None:
    async def steps(app: Visit) -> None:
        assert expected(app) == []
        assert address(app) == ""
        assert app.shows("Nobody is chosen for you here")
        assert not app.shows("17 Tollgate Road")
        assert not app.shows("40 Fullers Rise")

        await app.chip("Jodie Marsh")
        assert address(app) == "40 Fullers Rise"
        await app.chip("Tyler Marsh")
        assert address(app) == "40 Fullers Rise"
        assert not app.shows("must not learn")

        await app.chip("Kane Doyle")
        assert app.shows(
            "Kane Doyle must not learn where Jodie Marsh lives. Do not bring them together."
        )
        assert address(app) == "17 Tollgate Road"
        assert not app.shows("40 Fullers Rise")

        await app.chip("Jodie Marsh")
        await app.chip("Tyler Marsh")
        assert expected(app) == ["Kane Doyle"]
        assert address(app) == "17 Tollgate Road"

    at(house, amina, f"/appointments/new?family={marsh}", steps)


def test_who_came_last_time_is_ticked_and_met_where_she_lives(
    house: House, amina: Member, marsh: str
) -> None:
    book = amina.book
    jodie = jodie_of(amina, marsh)
    then = book.diary.book(
        Booking(family=marsh, starts=book.now - timedelta(days=7), people=(jodie,))
    )
    book.engagement.record_outcome(then, {jodie: Code.ON_TIME})

    async def steps(app: Visit) -> None:
        assert expected(app) == ["Jodie Marsh"]
        assert address(app) == "40 Fullers Rise"
        await app.choose("What kind", "Therapy session")
        assert expected(app) == []

    at(house, amina, f"/appointments/new?family={marsh}", steps)


def test_a_secret_address_typed_for_the_wrong_parent_is_said_and_refused(
    house: House, amina: Member, marsh: str
) -> None:
    async def steps(app: Visit) -> None:
        await app.chip("Kane Doyle")
        await app.fill("Address", "40 fullers rise")
        await app.fill("Time", "10:00")
        assert app.shows("Kane Doyle must not learn this address.")
        await app.click("Book")
        assert above_the_button(app, "Book").endswith("Choose another place, or meet them apart.")
        assert amina.book.diary.of_family(marsh) == []

    at(house, amina, f"/appointments/new?family={marsh}", steps)


def test_a_clash_is_said_beside_the_time_and_must_be_answered_before_it_is_booked(
    house: House, amina: Member
) -> None:
    family = amina.book.families.register(pugh())
    day = amina.book.today + timedelta(days=7)
    booked = Booking(family=family, starts=amina.book.at(day, amina.book.now.time()))
    amina.book.diary.book(booked)

    async def steps(app: Visit) -> None:
        await app.fill("Time", "9:30")
        labels = [getattr(f, "label", "") for f in app.controls(ft.BaseControl)]
        said = [getattr(c, "value", "") for c in app.controls(ft.BaseControl)]
        assert said.index("Clashes with") < labels.index("Where"), "far below, nobody sees it"
        await app.click("Book")
        assert app.shows("Before you book")
        assert app.shows("It clashes with 09:00–10:00 Pugh (RC-0102).")
        assert len(amina.book.diary.of_family(family)) == 1
        await app.click("Book all the same")
        assert app.route == "/"

    at(house, amina, f"/appointments/new?family={family}", steps)
    assert len(amina.book.diary.of_family(family)) == 2


def test_what_is_missing_is_said_above_the_button(house: House, amina: Member) -> None:
    async def steps(app: Visit) -> None:
        await app.click("Book")
        assert above_the_button(app, "Book") == "Please choose the family, the day and the time."

    at(house, amina, "/appointments/new", steps)


def above_the_button(app: Visit, words: str) -> str:
    """What stands just above the primary button, outside what scrolls."""
    last = ""
    for control in app.controls(ft.BaseControl):
        if isinstance(control, ft.Text) and control.value:
            last = control.value
        if isinstance(control, ft.FilledButton) and control.content == words:
            return last
    raise AssertionError(words)


def test_a_day_that_has_passed_is_asked_about_and_one_years_ago_refused(
    house: House, amina: Member
) -> None:
    family = amina.book.families.register(pugh())

    async def steps(app: Visit) -> None:
        await app.fill("Day", "27 November 2026")
        await app.fill("Time", "10:00")
        await app.click("Book")
        assert app.shows("The time has passed: Friday 27 November 2026, 10:00–11:00.")
        await app.click("Change something")
        await app.fill("Day", "1 March 2020")
        await app.click("Book")
        await app.click("Book all the same")
        assert app.shows("This appointment would be years ago.")
        await app.fill("Day", "1 March 2036")
        await app.click("Book")
        assert app.shows("This appointment is years ahead.")

    at(house, amina, f"/appointments/new?family={family}", steps)
    assert amina.book.diary.of_family(family, since=amina.book.now - timedelta(days=9999)) == []


def test_moving_one_into_another_is_asked_about_too(house: House, amina: Member) -> None:
    family = amina.book.families.register(pugh())
    people = tuple(p.id for p in amina.book.families.get(family).people)
    first = Booking(
        family=family,
        starts=amina.book.at(amina.book.today + timedelta(days=1), amina.book.now.time()),
        people=people,
    )
    amina.book.diary.book(first)
    second = amina.book.diary.book(replace(first, starts=first.starts + timedelta(hours=2)))

    async def steps(app: Visit) -> None:
        await app.fill("Time", "9:15")
        await app.click("Save")
        assert app.shows("Before you save")
        await app.click("Save all the same")

    at(house, amina, f"/appointments/{second}/change", steps)
    assert amina.book.diary.get(second).local.strftime("%H:%M") == "09:15"


def test_telephone_support_assumes_neither_whom_nor_what(
    house: House, amina: Member, marsh: str
) -> None:
    async def steps(app: Visit) -> None:
        assert app.find(ft.DropdownM2, label="Whom did you speak with?").value is None
        assert not any(route in " ".join(app.texts()) for route in ("900211", "900212"))
        await app.click("Save contact")
        assert above_the_button(app, "Save contact") == (
            "Please choose whom you spoke with, and what came of it."
        )
        await app.choose("Whom did you speak with?", "Jodie Marsh")
        await app.click("Save contact")
        assert app.shows("Please choose whom you spoke with")
        await app.choose("What came of it?", "We spoke")
        await app.fill("Minutes", "ten")
        await app.click("Save contact")
        assert app.shows("Please give the minutes as a whole number, such as 10.")
        await app.fill("Minutes", "25")
        await app.click("Save contact")
        assert app.route == f"/families/{marsh}"

    at(house, amina, f"/families/{marsh}/contact", steps)
    (call,) = amina.book.engagement.log(marsh).entries
    assert call.code == "spoke"


def test_a_time_that_a_colleague_changed_meanwhile_is_not_overwritten_unseen(
    house: House, amina: Member, grace: Member, marsh: str
) -> None:
    jodie = jodie_of(amina, marsh)
    starts = amina.book.now + timedelta(days=3)
    made = amina.book.diary.book(
        Booking(family=marsh, starts=starts, minutes=30, people=(jodie,), address="40 Fullers Rise")
    )
    house.carry()
    known = amina.book.diary.get(made)

    async def steps(app: Visit) -> None:
        await app.fill("Time", f"{known.local + timedelta(hours=2):%H:%M}")
        grace.book.diary.move(made, known.starts + timedelta(hours=3))
        house.carry()
        await app.settle()
        now = f"{known.local + timedelta(hours=3):%H:%M}"
        assert any(line.startswith("Now: ") and now in line for line in app.texts())
        await app.click("Save")
        assert any(
            line.startswith("Grace Adeyemi has moved it meanwhile: ") and now in line
            for line in app.texts()
        )
        await app.click("Save all the same")

    at(house, amina, f"/appointments/{made}/change", steps)
    assert amina.book.diary.get(made).starts == known.starts + timedelta(hours=2)


def test_what_a_colleague_changed_meanwhile_stays_where_nobody_touched_it(
    house: House, amina: Member, grace: Member, marsh: str
) -> None:
    jodie = jodie_of(amina, marsh)
    starts = amina.book.now + timedelta(days=3)
    made = amina.book.diary.book(
        Booking(family=marsh, starts=starts, minutes=30, people=(jodie,), address="40 Fullers Rise")
    )
    house.carry()
    known = amina.book.diary.get(made)

    async def steps(app: Visit) -> None:
        await app.fill("What it is about (optional)", "The cot.")
        grace.book.diary.move(made, known.starts + timedelta(hours=3))
        house.carry()
        await app.settle()
        await app.click("Save")

    at(house, amina, f"/appointments/{made}/change", steps)
    now = amina.book.diary.get(made)
    assert (now.starts, now.about) == (known.starts + timedelta(hours=3), "The cot.")


def test_a_call_task_is_for_a_worker_by_her_first_name_and_not_by_her_title(
    house: House, amina: Member, grace: Member, marsh: str
) -> None:
    grace.book.team.add_worker(RHIAN.person, WorkerForm(name=RHIAN.name, role=Role.WORKER))
    house.carry()

    async def steps(app: Visit) -> None:
        assert app.shows("Call task for Rhian: ring Jodie Marsh")

    made = amina.book.diary.book(
        Booking(
            family=marsh,
            starts=amina.book.now + timedelta(days=3),
            people=(jodie_of(amina, marsh),),
            workers=(RHIAN.person,),
        )
    )
    at(house, amina, f"/appointments/{made}/change", steps)


def test_a_later_one_of_a_series_that_clashes_or_falls_on_a_bank_holiday_is_named(
    house: House, amina: Member, marsh: str
) -> None:
    other = amina.book.families.register(pugh())
    first = amina.book.at(date(2026, 12, 4), time(10))
    amina.book.diary.book(
        Booking(family=other, starts=first + timedelta(weeks=2), workers=(AMINA.person,))
    )

    async def steps(app: Visit) -> None:
        await app.chip("Jodie Marsh")
        await app.fill("Day", "4 December 2026")
        await app.fill("Time", "10:00")
        await app.choose("Repeat", "Every week, 4 times")
        await app.click("Book 4 appointments")
        assert app.shows("Fri 18 December: It clashes with 10:00–11:00 Pugh")
        assert app.shows("Fri 25 December: the service is closed.")
        await app.click("Book all the same")

    at(house, amina, f"/appointments/new?family={marsh}", steps)
    assert len(amina.book.diary.of_family(marsh)) == 4


def test_an_attendance_that_two_people_recorded_shows_both_answers_and_whose_they_were(
    house: House, amina: Member, grace: Member
) -> None:
    family = amina.book.families.register(okoro())
    (mother, *_others) = amina.book.families.get(family).adults
    starts = amina.book.now - timedelta(hours=2)
    visit = amina.book.diary.book(Booking(family=family, starts=starts, people=(mother.id,)))
    house.carry()
    grace.book.engagement.record_outcome(visit, {mother.id: Code.DID_NOT_ATTEND})
    house.passes(seconds=60)
    amina.book.engagement.record_outcome(visit, {mother.id: Code.LATE_SEEN})
    house.carry()

    async def steps(app: Visit) -> None:
        said = app.texts()
        at_ = said.index("Recorded more than once")
        assert said[at_ + 1] == "Chidi Okoro, as it stands: Seen, came late"
        assert said[at_ + 2] == "Not there, recorded by Grace Adeyemi, today 09:00"
        assert said[at_ + 3] == "Seen, came late, recorded by Amina Yusuf, today 09:01"

    for member in (amina, grace):
        at(house, member, f"/appointments/{visit}", steps)
