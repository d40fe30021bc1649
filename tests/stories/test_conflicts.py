"""Two people change one thing without a signal: both versions stand until somebody chooses."""

import re
from datetime import time

import pytest

from driver.browser import PHONE, TABLET, FletBrowser, expect
from stories.households import SHARED
from stories.town import THERAPIST, WORKER, Town, go_to, synchronise

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_an_appointment_moved_by_two_people_offline_keeps_both_times_until_one_is_chosen(
    town: Town,
) -> None:
    with (
        town.in_hand(WORKER, TABLET) as tablet,
        town.in_hand(THERAPIST, PHONE) as phone,
    ):
        town.cables[WORKER].cut()
        town.cables[THERAPIST].cut()
        move(tablet, time(15, 0), opened_from_family=False)
        move(phone, time(16, 15), opened_from_family=True)
        town.cables[WORKER].restore()
        town.cables[THERAPIST].restore()
        synchronise(tablet)
        synchronise(phone)
        synchronise(tablet)

        tablet.open("/conflicts")
        tablet.see(re.compile("^Amina Yusuf, today"), 30)
        tablet.see(re.compile("^Dr Rhian Pryce, today"))
        tablet.screenshot("tablet-conflict")
        choose(tablet, "16:15")
        tablet.see("Nothing to choose.")
        synchronise(tablet)
        synchronise(phone)

        for ui in (tablet, phone):
            ui.open("/conflicts")
            ui.see("Nothing to choose.", 30)
        go_to(tablet, "Today")
        tablet.scroll_to("16:15–17:15  Marsh")


def move(ui: FletBrowser, to: time, *, opened_from_family: bool) -> None:
    """Move today's appointment of the shared family."""
    if opened_from_family:
        go_to(ui, "Families")
        ui.click(ui.tile(SHARED.titled))
        ui.not_see("Search names, addresses and notes")  # the list says 14:30 too
        # In "What is booked", or once its time has passed in the timeline.
        visit = re.compile(r"14:30(–15:30|, Appointment)")
        ui.scroll_to(visit)
        ui.click(ui.button(visit))
    else:
        ui.scroll_to("14:30–15:30  Marsh")
        ui.tap("Move or cancel 14:30")
    ui.tap("Move or change")
    ui.fill("Time", f"{to:%H:%M}")
    ui.tap("Save")
    warned = ui.button("Save all the same")  # in the afternoon that time has passed
    expect(ui.text("Only on this device").or_(warned).first).to_be_attached()
    if warned.count():
        ui.click(warned)
    ui.see("Only on this device")


def choose(ui: FletBrowser, words: str) -> None:
    """Take the version that says `words`: the button that follows it."""
    names = [node.name for node in ui.tree() if node.role == "button" or words in node.name]
    after = next(n for n, name in enumerate(names) if words in name)
    earlier = names[:after].count("This one holds")
    ui.click(ui.page.get_by_role("button", name="This one holds").nth(earlier))
