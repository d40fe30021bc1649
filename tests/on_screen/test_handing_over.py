"""The tablet in a parent's hands: one form, no way out but the worker's passphrase."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import flet as ft
import pytest

from app.casework.measure_course import Taken
from casebooks import House, Member, okoro
from cast import AMINA, GRACE, PASSPHRASE
from fakes import unsynced
from on_screen.at_work import Visit, at

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HAND_OVER = "Hand over: Parental stress"
WORKER = "For the worker: unlock"


@pytest.fixture
def reconnect(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, MONDAY, unsynced)
    for who in (GRACE, AMINA):
        made.joins(who)
    made.opens("reconnect")
    yield made
    made.close()


@pytest.fixture
def amina(reconnect: House) -> Member:
    return reconnect.members[AMINA.person]


@pytest.fixture
def family(amina: Member) -> str:
    return amina.book.families.register(okoro())


def form(family: str) -> str:
    return f"/families/{family}/measures/parental_stress"


def filled_in(member: Member, family: str) -> list[Taken]:
    return [
        occasion.taken
        for course in member.book.measures.courses(family)
        for occasion in course.done
        if occasion.taken is not None
    ]


def offers(app: Visit, words: str) -> bool:
    """Whether a button of that name is on screen."""
    kinds = (ft.FilledButton, ft.OutlinedButton, ft.TextButton)
    return any(button.content == words for kind in kinds for button in app.controls(kind))


def asks(app: Visit) -> str:
    """The one question of the form, as it is worded for the parent."""
    (field,) = app.controls(ft.TextField)
    return str(field.label)


def test_the_parent_sees_the_form_and_nothing_else_and_no_address_leads_out(
    reconnect, amina, family
):
    async def steps(app: Visit) -> None:
        await app.click(HAND_OVER)
        await app.settle()
        assert amina.vault.locked
        for address in ("/", "/families", f"/families/{family}", "/settings", "/team", "/nowhere"):
            await app.turn_to(address)
            assert not app.shows("Okoro"), address
            assert not app.shows("Today"), address
            assert not list(app.controls(ft.NavigationBar)), address
            assert offers(app, "I have finished"), address
        await app.arrow()
        assert offers(app, "I have finished")

    at(reconnect, amina, form(family), steps)


def test_leaving_needs_the_passphrase_and_what_she_typed_is_in_the_workers_form(
    reconnect, amina, family
):
    async def steps(app: Visit) -> None:
        await app.click(HAND_OVER)
        await app.settle()
        await app.fill(asks(app), "31")
        await app.click("I have finished")
        assert app.shows("Please give the tablet back.")
        await app.click(WORKER)
        await app.fill("Passphrase", "not that one at all")
        await app.click("Unlock")
        await app.until(lambda: app.shows("passphrase"), "the refusal")
        assert amina.vault.locked
        reconnect.clock.advance(60)
        await app.fill("Passphrase", PASSPHRASE)
        await app.click("Unlock")
        await app.until(lambda: offers(app, "Save form"), "the worker's form")
        assert "31" in [field.value for field in app.controls(ft.TextField)]
        assert not filled_in(amina, family)
        await app.click("Save form")

    at(reconnect, amina, form(family), steps)
    (taken,) = filled_in(amina, family)
    assert list(taken.answers.values()) == [31]


def test_a_parent_who_pressed_the_workers_button_gets_back_to_her_form(reconnect, amina, family):
    async def steps(app: Visit) -> None:
        await app.click(HAND_OVER)
        await app.settle()
        await app.fill(asks(app), "31")
        await app.click(WORKER)
        assert not offers(app, "I have finished")
        await app.click("Back to the form")
        assert offers(app, "I have finished")
        assert "31" in [field.value for field in app.controls(ft.TextField)]
        await app.click("I have finished")
        await app.click(WORKER)
        assert not offers(app, "Back to the form")

    at(reconnect, amina, form(family), steps)


def test_an_answer_that_cannot_be_is_pointed_out_before_the_form_is_given_back(
    reconnect, amina, family
):
    async def steps(app: Visit) -> None:
        await app.click(HAND_OVER)
        await app.settle()
        await app.fill(asks(app), "3100")
        await app.click("I have finished")
        assert app.shows("Please look at the marked answers again.")
        assert not app.shows("Please give the tablet back.")

    at(reconnect, amina, form(family), steps)


def test_feedback_without_a_name_is_kept_unseen_and_belongs_to_nobody(reconnect, amina, family):
    async def steps(app: Visit) -> None:
        await app.click("Hand over: Feedback")
        await app.settle()
        assert app.shows("Nobody will know that these answers are yours.")
        await app.choose("Did you feel listened to?", "Yes")
        await app.click("I have finished")
        await app.click(WORKER)
        await app.fill("Passphrase", PASSPHRASE)
        await app.click("Unlock")
        await app.until(lambda: app.shows("Measures"), "the page")

    at(reconnect, amina, f"/families/{family}/measures", steps)
    (kept,) = amina.vault.find("measurement")
    assert kept.casefile != family
    assert not kept.fields.get("person")
    assert not kept.fields.get("episode")
    assert family not in str(kept.fields)
