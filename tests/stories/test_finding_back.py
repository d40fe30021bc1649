"""Going back: the arrow and the browser's own button lead where one came from."""

import re
from collections.abc import Callable

import pytest

from driver.browser import PHONE, FletBrowser, expect
from stories.households import ADA
from stories.town import WORKER, Town, go_to

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def arrow(ui: FletBrowser) -> None:
    """The arrow in the bar."""
    ui.tap("Back")


def browsers_own(ui: FletBrowser) -> None:
    """The browser's back, which is also Android's."""
    ui.back()


def path(ui: FletBrowser) -> str:
    """The address without the machine."""
    return re.sub(r"^https?://[^/]+", "", ui.page.url)


def is_at(ui: FletBrowser, address: str) -> None:
    """Wait until the browser shows that address."""
    expect(ui.page).to_have_url(re.compile(rf"^https?://[^/]+{re.escape(address)}$"))


@pytest.mark.parametrize("back", [arrow, browsers_own])
def test_back_from_a_note_leads_to_the_family_and_from_there_to_the_list(
    town: Town, back: Callable[[FletBrowser], None]
) -> None:
    with town.in_hand(WORKER, PHONE) as ui:
        go_to(ui, "Families")
        ui.click(ui.tile(ADA.titled))
        ui.see("Write a note")
        family = path(ui)
        ui.scroll_to("Timeline")
        ui.scroll_to("Ada had Poppy on her lap")
        ui.click(ui.button("Ada had Poppy on her lap", exact=False))
        ui.see("Add to this note")
        back(ui)
        ui.see("Write a note")
        ui.not_see("Add to this note")
        is_at(ui, family)
        back(ui)
        ui.see("4 families")
        is_at(ui, "/families")


def test_the_arrow_is_the_browsers_own_step_back_and_not_one_more_step(town: Town) -> None:
    with town.in_hand(WORKER, PHONE) as ui:
        go_to(ui, "Families")
        ui.click(ui.tile(ADA.titled))
        ui.see("Write a note")
        family = path(ui)
        ui.tap("Telephone support")
        ui.see("Whom did you speak with?")
        arrow(ui)
        ui.see("Write a note")
        is_at(ui, family)  # the page is drawn before the browser has taken its step
        # Had the arrow opened the family once more, this would show the telephone support again.
        browsers_own(ui)
        ui.see("4 families")
        ui.page.go_forward()
        ui.see("Write a note")


def test_what_is_booked_from_the_week_leads_back_to_the_week(town: Town) -> None:
    with town.in_hand(WORKER, PHONE) as ui:
        ui.scroll_to("The week and its free times")
        ui.tap("The week and its free times")
        ui.tap("The week after")
        ui.click(ui.tile("09:00–17:30  free"))
        ui.see("Who goes")
        ui.choose("Family", ADA.titled)
        ui.tap("Book")
        ui.see("The week after")
        is_at(ui, "/week")
        browsers_own(ui)
        ui.see("Today")
        ui.not_see("Who goes")


def test_a_signed_note_leads_back_to_the_family_it_was_begun_from(town: Town) -> None:
    with town.in_hand(WORKER, PHONE) as ui:
        go_to(ui, "Families")
        ui.click(ui.tile(ADA.titled))
        ui.tap("Write a note")
        ui.fill("Note", "Poppy slept through the visit.")
        ui.tap("Sign note")
        ui.tap("Yes, sign")
        ui.see("Add to this note")
        arrow(ui)
        ui.see("Write a note")
        ui.see(ADA.titled)
