"""What protects a worker who goes in alone, and what she hears before a visit, on the screens."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import flet as ft
from flet_audio import Audio

from app.session import Session
from casebooks import House, Member, thursday
from cast import GRACE
from desk_stand_in import Desk
from on_screen.at_work import Visit, at
from on_screen.reminded import MONDAY, desk, family, house, press, screen, steps

__all__ = ["desk", "family", "house"]


def test_a_colleague_is_named_who_is_told_first(
    house: House, amina: Member, family: str, desk: Desk
):
    starts = MONDAY + timedelta(minutes=25)
    visit = amina.book.diary.book(replace(thursday(family), starts=starts, address="4 Larch Row"))

    async def steps(app: Visit) -> None:
        await app.choose("Whom to tell first", "Grace Adeyemi")
        assert app.shows("If you are not out in time the office rings you, then Grace Adeyemi")
        await app.click("I am going in alone")

    at(house, amina, f"/appointments/{visit}", steps)
    desk.hears(amina.vault)
    [_own, first, *_others] = desk.opened(desk.alarms[0]).steps
    assert first.number == "+447700900103"


def test_a_soft_sound_is_heard_once_before_a_visit_and_never_where_it_was_turned_off(
    house: House, amina: Member, family: str
):
    amina.book.diary.book(replace(thursday(family), starts=MONDAY + timedelta(minutes=25)))

    async def steps(app: Visit) -> None:
        session = app.session.store.get("tab").session
        assert await heard(app, session) == ["chime.wav"]
        assert await heard(app, session) == [], "said once"

        await app.tick("A soft sound", on=False)
        assert session.settings.sound == "off"
        amina.book.diary.book(replace(thursday(family), starts=MONDAY + timedelta(minutes=20)))
        assert await heard(app, session) == []
        assert app.shows("09:20 Okoro")

    at(house, amina, "/settings", steps)


async def heard(app: Visit, session: Session) -> list[str]:
    """What begins to play while the device looks into the diary."""

    def players() -> dict[int, str]:
        found = [c for c in app.session.index.values() if isinstance(c, Audio) and c.autoplay]
        return {player._i: str(player.src) for player in found}

    before = players()
    await session.alerts.look()
    await app.settle()
    return [src for key, src in players().items() if key not in before]


@steps
async def test_going_in_alone_says_not_protected_until_the_office_knows(
    house: House, amina: Member, family: str, desk: Desk
):
    booked = amina.book.diary.book(
        replace(thursday(family), starts=MONDAY + timedelta(minutes=25), address="4 Larch Row")
    )
    async with screen(amina, house, f"/appointments/{booked}") as app:
        await press(app, "I am going in alone")
        assert app.shows("NOT PROTECTED")
        desk.hears(amina.vault)
    async with screen(amina, house, f"/appointments/{booked}") as app:
        assert app.shows("Protected")
        assert not app.shows("NOT PROTECTED")
        words = desk.opened(desk.alarms[0]).steps[1].words
        assert "Amina Yusuf has not checked out of a visit at 4 Larch Row" in words
        await press(app, "I am out")
        assert app.shows("Checked out")


@steps
async def test_supervisor_please_asks_first_and_then_goes(
    house: House, amina: Member, family: str, desk: Desk
):
    async with screen(amina, house, "/") as app:
        await press(app, "Supervisor please")
        assert app.shows("Ask a supervisor to ring you now?")
        assert amina.vault.orders_waiting() == []
        dialog = app.find(ft.AlertDialog)
        await app.fire(dialog.actions[1], "click")
    desk.hears(amina.vault)
    assert [a.kind for a in desk.alarms] == ["urgent"]


@steps
async def test_the_rota_is_written_where_duty_is_shown(house: House, grace: Member):
    async with screen(grace, house, "/team/duty") as app:
        box = app.find(ft.DropdownM2, label="Mon")
        app.session.apply_patch(box._i, {"value": GRACE.person})
        await app.fire(box, "change", GRACE.person)
        assert app.shows("On duty today: Grace Adeyemi")
    assert grace.book.rota.on() == GRACE.person
