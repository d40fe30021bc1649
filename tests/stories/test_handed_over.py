"""Whoever picks up a tablet that was handed to a parent finds one form, whatever he tries."""

import pytest
from playwright.sync_api import ViewportSize

from driver.browser import PHONE, TABLET, FletBrowser
from stories.households import ADA
from stories.town import OPENS_S, PEOPLE, WORKER, Town, go_to

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
DONE = "I have finished"


@pytest.mark.parametrize("size", [PHONE, TABLET], ids=["phone", "tablet"])
def test_neither_addresses_nor_keys_nor_reloading_lead_out_of_the_form(
    town: Town, size: ViewportSize
) -> None:
    with town.in_hand(WORKER, size) as ui:
        go_to(ui, "Families")
        ui.click(ui.tile(ADA.titled))
        ui.see("Write a note")
        family = ui.page.url.rsplit("/", 1)[-1]
        ui.open(f"/families/{family}/measures/parental_stress")
        ui.see("Save form", OPENS_S)
        ui.scroll_to("Hand over: Parental stress")
        ui.tap("Hand over: Parental stress")
        only_the_form(ui)
        for address in ("/", "/families", f"/families/{family}", "/sync", "/settings"):
            ui.open(address)
            only_the_form(ui)
        ui.back()
        ui.enable_semantics()
        only_the_form(ui)
        ui.press("Escape", "Alt+ArrowLeft", "Control+l", "F6")
        only_the_form(ui)
        ui.fill("Score", "31")
        ui.reload()
        only_the_form(ui)
        ui.has_value("Score", "31")
        ui.screenshot(f"{'phone' if size == PHONE else 'tablet'}-handed-over")

        ui.tap(DONE)
        ui.see("Please give the tablet back.")
        ui.tap("For the worker: unlock")
        ui.fill("Passphrase", PEOPLE[WORKER].passphrase)
        ui.tap("Unlock")
        ui.see("Today", OPENS_S)
        ui.open(f"/families/{family}/measures/parental_stress")
        ui.see("Save form", OPENS_S)
        ui.has_value("Score", "31")
        ui.tap("Save form")
        ui.see("Before", OPENS_S)


def only_the_form(ui: FletBrowser) -> None:
    """All that is there to be seen, read out or tapped belongs to the form."""
    ui.see(DONE, OPENS_S)
    ui.not_see("Save form")
    said = " ".join(node.name for node in ui.tree())
    for word in (ADA.surname, ADA.mother, "Families", "Sync", "Settings", "Today", "Back"):
        assert word not in said, said
