import asyncio
import logging
from typing import Any

import flet as ft
import pytest

from app.guards import attempt, handler, part
from app.parts.buttons import primary
from app.parts.fields import text_field
from app.state import use_state
from driver.inprocess import InProcessApp
from on_screen.small_house import PASSPHRASE, Door, house

FAMILY_WORDS = ("Orchid", "07700", "900123")


@pytest.fixture
def open_door():
    door = Door(locked=False)
    yield door
    door.close()


async def run(steps, door):
    session, main = house(door)
    async with InProcessApp(main) as app:
        await steps(app, session)
        assert not app.crashed()


def test_a_part_that_cannot_be_drawn_leaves_the_rest_standing_and_recovers(open_door):
    async def steps(app, session):
        open_door.write("break")
        await app.until(lambda: app.shows("could not be shown"), "the apology")
        assert app.shows("Orchid family")
        open_door.write("whole again")
        await app.until(lambda: app.shows("All parts are well"), "the part again")

    asyncio.run(run(steps, open_door))


def test_a_tap_that_fails_says_what_is_safe_and_leaves_the_screen(open_door):
    async def steps(app, session):
        await app.click("Fail")
        assert app.shows("Nothing already saved is lost.")
        assert app.shows("Orchid family")

    asyncio.run(run(steps, open_door))


def test_no_log_line_carries_what_an_exception_said(open_door, caplog):
    async def steps(app, session):
        open_door.write("break")
        await app.click("Fail")
        await app.until(lambda: app.shows("could not be shown"), "the apology")

    with caplog.at_level(logging.DEBUG):
        asyncio.run(run(steps, open_door))
    ours = [r for r in caplog.records if r.name.startswith("app")]
    assert any("RuntimeError" in r.getMessage() for r in ours)
    assert any("ValueError" in r.getMessage() for r in ours)
    for record in ours:
        assert record.exc_info is None
        assert not any(word in record.getMessage() for word in FAMILY_WORDS)


def test_the_reference_on_screen_is_the_one_in_the_log(open_door, caplog):
    shown: list[str] = []

    async def steps(app, session):
        await app.click("Fail")
        shown.extend(t for t in app.texts() if "Reference" in t)

    asyncio.run(run(steps, open_door))
    reference = shown[0].split("Reference ")[1].strip(".")
    assert any(reference in r.getMessage() for r in caplog.records)


def test_enter_straight_after_the_last_key_misses_no_letter(open_door):
    """Both arrive before anything could be drawn, as on a busy machine."""
    asked = []

    @part
    def Form():
        name, set_name = use_state("")
        return ft.Column(
            [text_field("Name", name, set_name), primary("Save", lambda: asked.append(name))]
        )

    async def steps():
        session, _main = house(open_door)

        async with InProcessApp(lambda page: page.render(Form)) as app:
            session.attach(app.page)
            box, button = app.find(ft.TextField, label="Name"), app.find(ft.FilledButton)
            app.session.apply_patch(box._i, {"value": "Ada"})
            await asyncio.gather(
                app.session.dispatch_event(box._i, "change", "Ada"),
                app.session.dispatch_event(button._i, "click", None),
            )
            assert asked == ["Ada"]

    asyncio.run(steps())


def test_what_stood_there_when_it_was_tapped_is_done_and_nothing_that_came_since(open_door):
    done = []

    @part
    def Page():
        typed, set_typed = use_state("")
        act = primary("Other", lambda: done.append("other"))
        if not typed:
            act = primary("This", lambda: done.append("this"))
        return ft.Column([text_field("Name", typed, set_typed), act])

    async def steps():
        session, _main = house(open_door)

        async with InProcessApp(lambda page: page.render(Page)) as app:
            session.attach(app.page)
            box, button = app.find(ft.TextField, label="Name"), app.find(ft.FilledButton)
            app.session.apply_patch(box._i, {"value": "a"})
            await asyncio.gather(
                app.session.dispatch_event(box._i, "change", "a"),
                app.session.dispatch_event(button._i, "click", None),
            )
            await app.settle()
            assert app.find(ft.FilledButton).content == "Other"
            assert done == ["this"]

    asyncio.run(steps())


def test_a_second_tap_does_nothing_while_the_first_is_being_worked_on(open_door):
    booked = []
    go_on = asyncio.Event()

    async def book():
        booked.append("booked")
        await go_on.wait()

    async def steps():
        def main(page: ft.Page):
            page.render(lambda: ft.Column([ft.Button("Book", on_click=handler(book, once=True))]))

        session, _main = house(open_door)

        async with InProcessApp(main) as app:
            session.attach(app.page)
            button = app.find(ft.Button, content="Book")
            first = asyncio.create_task(app.fire(button, "click"))
            await app.settle()
            await app.fire(button, "click")
            assert booked == ["booked"]
            go_on.set()
            await first
            await app.fire(button, "click")
            assert booked == ["booked", "booked"]

    asyncio.run(steps())


def test_a_handler_takes_the_event_or_nothing_and_never_mistakes_a_default_for_it():
    heard = []

    async def steps():
        acts: dict[str, Any] = {
            "event": lambda e: heard.append(e.control.content),
            "nothing": lambda: heard.append("nothing"),
            "default": lambda family="Maple": heard.append(family),
        }

        def main(page: ft.Page):
            page.render(
                lambda: ft.Column(
                    [ft.Button(name, on_click=handler(act)) for name, act in acts.items()]
                )
            )

        async with InProcessApp(main) as app:
            for name in acts:
                await app.click(name)

    asyncio.run(steps())
    assert heard == ["event", "nothing", "Maple"]


def test_wrapping_twice_changes_nothing():
    once = handler(lambda: None)
    assert handler(once) is once
    assert handler(None) is None


def test_a_service_that_is_not_there_gives_the_default():
    async def missing():
        raise ft.FletUnsupportedPlatformException("no such thing here")

    async def endless():
        await asyncio.Event().wait()

    async def steps():
        assert await attempt(missing, default="none") == "none"
        assert await attempt(endless, default="late", seconds=0.01) == "late"

    asyncio.run(steps())


def test_the_unlock_screen_answers_kindly_and_opens_with_the_right_passphrase(open_door):
    open_door.vault.lock()

    async def steps(app, session):
        await app.fill("Passphrase", "not these words")
        await app.click("Unlock")
        await app.until(lambda: app.shows("not the passphrase"), "the answer")
        await app.fill("Passphrase", PASSPHRASE)
        await app.click("Unlock")
        await app.until(lambda: app.shows("Orchid family"), "Today")

    asyncio.run(run(steps, open_door))
