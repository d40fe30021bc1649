"""Locking, covering, coming back and letting nobody else in, with a real browser at the device."""

import pytest

from driver.browser import PHONE, TABLET, FletBrowser, FletServer, expect, wait_until
from on_screen.small_house import PASSPHRASE

pytestmark = pytest.mark.browser


def device(**rules: float) -> FletServer:
    """The small house as a process; `rules` shorten its waits, in seconds."""
    words = " ".join(f"{name}={seconds}" for name, seconds in rules.items())
    return FletServer("-m", "on_screen.serve_small_house", env={"RULES": words})


def unlock(ui: FletBrowser) -> None:
    ui.fill("Passphrase", PASSPHRASE)
    ui.tap("Unlock")
    ui.see("Orchid family")


def hide(ui: FletBrowser, hidden: bool = True) -> None:
    """What a browser does when another tab or app comes to the front."""
    ui.page.evaluate(
        """hidden => {
            const state = hidden ? 'hidden' : 'visible';
            Object.defineProperty(document, 'visibilityState', {value: state, configurable: true});
            Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});
            document.dispatchEvent(new Event('visibilitychange'));
        }""",
        hidden,
    )


def is_covered(ui: FletBrowser) -> bool:
    """Whether one opaque sheet lies over the whole page."""
    covered: bool = ui.page.evaluate(
        """() => {
            const at = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
            const box = at.getBoundingClientRect(), style = getComputedStyle(at);
            return at.parentElement === document.documentElement
                && box.width >= innerWidth && box.height >= innerHeight
                && !style.backgroundColor.startsWith('rgba');
        }"""
    )
    return covered


def test_it_unlocks_and_locks_and_shows_nothing_afterwards():
    with device() as served, FletBrowser(served.url) as ui:
        ui.open()
        ui.see("Good morning")
        assert ui.accessibility_problems() == []
        unlock(ui)
        assert ui.accessibility_problems() == []
        ui.tap("Lock")
        ui.see("Good morning")
        ui.not_see("Orchid family")
        assert ui.external == []


def test_no_other_browser_gets_in_by_the_same_link():
    with device() as served, FletBrowser(served.url) as ui:
        ui.open()
        unlock(ui)
        with FletBrowser(served.url) as thief:
            answer = thief.page.goto(served.url)
            assert answer.status == 403
            assert thief.page.goto(served.url.partition("?")[0]).status == 403
        ui.open()  # the same link again in the same browser
        ui.see("Orchid family")


def test_leaving_covers_at_once_and_coming_back_uncovers():
    with device() as served, FletBrowser(served.url) as ui:
        ui.open()
        unlock(ui)
        ui.fill("Visit note", "Calm visit")
        hide(ui)
        # A hidden Flutter draws nothing any more, so the page covers itself.
        assert is_covered(ui)
        hide(ui, hidden=False)
        assert not is_covered(ui)
        ui.see("Orchid family")
        ui.has_value("Visit note", "Calm visit")


def test_away_too_long_locks():
    with device(away=1) as served, FletBrowser(served.url) as ui:
        ui.open()
        unlock(ui)
        hide(ui)
        wait_until(lambda: "locked: away" in served.read_log(), "the lock")
        assert is_covered(ui)
        hide(ui, hidden=False)
        ui.see("Good morning")
        ui.not_see("Orchid family")
        unlock(ui)


def test_idle_it_announces_the_lock_and_locks():
    with device(idle=4, warning=3) as served, FletBrowser(served.url) as ui:
        ui.open()
        unlock(ui)
        ui.see("Stay")
        ui.tap("Stay")
        ui.not_see("Stay")
        ui.see("Stay")
        ui.see("Good morning")


def test_loading_the_page_again_keeps_what_was_typed():
    with device() as served, FletBrowser(served.url) as ui:
        ui.open()
        unlock(ui)
        for word in ("once", "twice", "three times"):
            ui.fill("Visit note", f"Loaded again {word}")
            ui.reload()
            ui.has_value("Visit note", f"Loaded again {word}")
        assert "Traceback" not in served.read_log()


def test_two_tabs_lock_together():
    with device() as served, FletBrowser(served.url) as ui:
        ui.open()
        unlock(ui)
        second = ui.context.new_page()
        second.goto(served.url.partition("?")[0])
        expect(second.locator("flt-semantics-placeholder")).to_be_attached()
        ui.tap("Lock")
        ui.see("Good morning")
        second.close()


@pytest.mark.parametrize("size", [PHONE, TABLET])
def test_bar_or_rail_by_the_width_and_both_by_keyboard(size):
    with device() as served, FletBrowser(served.url, size) as ui:
        ui.open()
        unlock(ui)
        ui.tap("Families")
        ui.see("2 children")
        assert ui.accessibility_problems() == []
        ui.page.set_viewport_size(TABLET if size == PHONE else PHONE)
        (ui.see if size == PHONE else ui.not_see)("Tab 1 of 2")  # what only a rail says
        ui.tab_to("Today")
        ui.press("Enter")
        ui.see("All parts are well")


def test_control_l_locks():
    with device() as served, FletBrowser(served.url) as ui:
        ui.open()
        unlock(ui)
        ui.press("Control+l")
        ui.see("Good morning")


def test_stopped_while_somebody_types_it_keeps_the_draft_and_locks_at_once():
    with device() as served, FletBrowser(served.url) as ui:
        ui.open()
        unlock(ui)
        ui.fill("Visit note", "Half a sentence")
        served.stop()
        assert "locked: asked" in served.read_log()
        assert "Traceback" not in served.read_log()


def test_a_process_that_was_killed_leaves_no_picture_on_the_screen():
    with device() as served, FletBrowser(served.url) as ui:
        ui.open()
        unlock(ui)
        served.kill()
        expect(ui.page.get_by_role("alert")).to_have_text(
            "Doorstep has stopped. Start it again to go on. What you saved is safe.",
            timeout=20_000,
        )
        assert is_covered(ui)
