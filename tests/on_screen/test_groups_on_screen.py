"""The register on the screen: large marks, walk-ins, corrections, and calling a session off."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import flet as ft
import pytest

from app.casework.attendance import Code
from app.casework.casebook.group_lists import GroupForm
from app.casework.forms import Booking
from app.casework.moments import UK
from casebooks import House, Member, mother_of, okoro
from cast import AMINA, GRACE
from fakes import unsynced
from on_screen.at_work import Visit, at

FOURTH = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def bonds(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, datetime(2026, 11, 1, 18, 0, tzinfo=UTC), unsynced)
    for who in (GRACE, AMINA):
        made.joins(who)
    made.opens("building-bonds")
    yield made
    made.close()


@pytest.fixture
def amina(bonds: House) -> Member:
    return bonds.members[AMINA.person]


@pytest.fixture
def group(bonds: House, amina: Member) -> str:
    """Eight Mondays from 2 November, with Chidi Okoro and Nan Ellis; it is the fourth's noon."""
    started = amina.book.groups.start(
        GroupForm(
            programme="peep_postnatal",
            cohort="Larch Row",
            starts=datetime(2026, 11, 2, 10, 0, tzinfo=UTC),
            leaders=(AMINA.person,),
        )
    )
    family = amina.book.families.register(okoro(referral=None))
    amina.book.groups.enrol(started, family, mother_of(amina.book, family))
    amina.book.groups.enrol_by_name(started, "Nan Ellis")
    bonds.clock.advance((FOURTH - bonds.clock.now()).total_seconds())
    return started


def fourth(member: Member, group: str) -> str:
    session = member.book.groups.sessions(group)[3]
    return f"/groups/{group}/sessions/{session.id}"


def marks(member: Member, group: str) -> dict[str, Code]:
    session = member.book.groups.sessions(group)[3]
    return {
        line.enrolled.name: line.mark.code
        for line in member.book.groups.register(session.id).lines
        if line.mark
    }


def chip_of(app: Visit, name: str, words: str) -> ft.Chip:
    """The chip in the group of that name, as a screen reader would find it."""
    asked = app.find(ft.Semantics, key=f"asked {name}")
    return next(c for c in asked.content.controls[1].controls if c.label.value == words)


def test_the_register_is_taken_and_corrected_in_one_screen(bonds, amina, group):
    async def steps(app: Visit) -> None:
        assert app.shows("2 not marked yet")
        await app.fire(chip_of(app, "Chidi Okoro", "Not here"), "select", True)
        await app.fire(chip_of(app, "Nan Ellis", "Late"), "select", True)
        assert marks(amina, group) == {
            "Chidi Okoro": Code.DID_NOT_ATTEND,
            "Nan Ellis": Code.LATE_SEEN,
        }
        assert app.shows("1 here")
        await app.fire(chip_of(app, "Chidi Okoro", "Here"), "select", True)
        assert marks(amina, group)["Chidi Okoro"] is Code.ON_TIME
        assert app.shows("Before: Not here")
        assert app.shows("2 here")

    at(bonds, amina, fourth(amina, group), steps)


def test_somebody_who_walks_in_is_put_on_the_list_and_a_name_that_is_on_it_is_asked_about(
    bonds, amina, group
):
    async def steps(app: Visit) -> None:
        await app.click("Somebody else came")
        await app.fill("Or a name, if no family is on record", "nan ellis")
        await app.click("Somebody else came")
        assert app.shows("That person is on this register already.")
        await app.fill("Or a name, if no family is on record", "Shanice Bell")
        await app.click("Somebody else came")
        assert marks(amina, group) == {"Shanice Bell": Code.ON_TIME}
        assert app.shows("1 different person has come so far")

    at(bonds, amina, fourth(amina, group), steps)


def test_a_session_called_off_says_how_each_is_told_and_takes_no_more_marks(bonds, amina, group):
    session = amina.book.groups.sessions(group)[4]

    async def steps(app: Visit) -> None:
        assert not list(app.controls(ft.Chip))  # it is still to come
        await app.click("Call this session off")
        assert app.shows("1 parent is told by her safe route, or rung by her worker.")
        assert app.shows("Nobody but you tells Nan Ellis.")
        await app.fill("Why?", "The heating is broken.")
        await app.click("Call it off")
        assert app.shows("The heating is broken.")
        assert app.shows("nobody tells her but you")
        assert app.shows("will be rung by her worker")

    at(bonds, amina, f"/groups/{group}/sessions/{session.id}", steps)
    assert amina.book.groups.session(session.id).cancelled


def test_a_group_is_started_from_the_families_and_its_dates_follow(bonds, amina):
    async def steps(app: Visit) -> None:
        await app.click("Groups and courses")
        assert app.shows("No groups yet.")
        await app.click("Start a group")
        await app.click("Start the group")
        assert app.shows("Please choose what it is, and when it first meets.")
        await app.choose("What is it?", "PEEP, after birth")
        await app.fill("What is this one called?", "Larch Row")
        await app.fill("First session", "2 November 2026")
        await app.fill("Time", "10:00")
        await app.click("Start the group")
        assert app.shows("Session 8 of 8")
        assert app.shows("Nobody yet.")

    at(bonds, amina, "/families", steps)
    (group,) = amina.book.groups.all()
    assert [s.starts.date() for s in amina.book.groups.sessions(group.id)][-1] == date(2026, 12, 21)


def test_the_leader_finds_todays_register_on_today(bonds, amina, group):
    async def steps(app: Visit) -> None:
        assert app.shows("PEEP, after birth: Larch Row")
        await app.click("Register")
        assert app.shows("Session 4 of 8, today")

    at(bonds, amina, "/", steps)


def test_a_session_stands_among_the_visits_at_its_time(bonds, amina, group):
    family = amina.book.families.lines()[0].id
    for hour in (14, 9):
        amina.book.diary.book(Booking(family=family, starts=FOURTH.replace(hour=hour)))

    async def steps(app: Visit) -> None:
        headed = [said[:5] for said in app.texts() if re.match(r"\d\d:\d\d–", said)]
        assert headed == ["09:00", "10:00", "14:00"]

    at(bonds, amina, "/", steps)


def test_a_session_that_i_lead_is_no_free_time(bonds: House, amina: Member, group: str) -> None:
    chosen = amina.book.groups.sessions(group)[4]
    family = amina.book.families.lines()[0].id
    made = amina.book.diary.book(
        Booking(
            family=family,
            starts=chosen.starts + timedelta(days=1),
            people=(mother_of(amina.book, family),),
        )
    )

    async def week(app: Visit) -> None:
        await app.click("The week after")
        ends = f"{chosen.ends.astimezone(UK):%H:%M}"
        (led,) = (row for row in app.rows() if "PEEP, after birth: Larch Row" in row)
        assert led.startswith(f"10:00–{ends}")
        assert {"09:00–10:00  free", f"{ends}–17:30  free"} <= set(app.rows())

    async def moving(app: Visit) -> None:
        await app.fill("Day", f"{chosen.starts:%d.%m.%Y}")
        await app.fill("Time", "10:30")
        assert app.shows("PEEP, after birth: Larch Row")
        await app.click("Save")
        assert app.shows(
            f"Amina Yusuf leads PEEP, after birth: Larch Row then, 10:00–{chosen.ends:%H:%M}."
        )
        await app.click("Change something")

    at(bonds, amina, "/week", week)
    at(bonds, amina, f"/appointments/{made}/change", moving)


def test_a_week_begins_with_today_and_keeps_the_days_before_a_tap_away(
    bonds: House, amina: Member, group: str
) -> None:
    bonds.passes(days=2)

    async def week(app: Visit) -> None:
        assert not app.shows("PEEP, after birth: Larch Row")
        await app.click("Earlier this week")
        assert any("PEEP, after birth: Larch Row" in row for row in app.rows())

    at(bonds, amina, "/week", week)


def test_a_session_to_come_stands_on_its_day(bonds: House, amina: Member, group: str) -> None:
    async def steps(app: Visit) -> None:
        for _ in range(6):
            await app.click("The day after")
        assert not app.shows("PEEP, after birth: Larch Row")
        await app.click("The day after")
        assert app.shows("PEEP, after birth: Larch Row")

    at(bonds, amina, "/", steps)
