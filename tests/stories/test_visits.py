"""What came of a visit: few taps when all went well, help when it did not."""

import re

import pytest

from driver.browser import PHONE, TABLET, FletBrowser, expect
from stories.households import ADA, MISSED_LAST_TIME, SHARED
from stories.town import SUPERVISOR, WORKER, Town, go_to, synchronise

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


class Taps:
    """Counts what a thumb does."""

    def __init__(self, ui: FletBrowser) -> None:
        self.ui = ui
        self.count = 0

    def __call__(self, name: str) -> None:
        self.ui.tap(name)
        self.count += 1


def test_an_outcome_takes_at_most_five_taps_and_a_second_miss_asks_what_stands_in_the_way(
    town: Town,
) -> None:
    with town.in_hand(WORKER, PHONE) as ui:
        tap = Taps(ui)
        tap("Outcome")
        tap("Everybody seen, on time")
        ui.see("Ada Okoro: Seen, on time")
        assert tap.count <= 5

        ui.scroll_to(f"13:00–14:00  {MISSED_LAST_TIME.surname}")
        tap = Taps(ui)
        the_outcome_of(ui, "13:00", "14:30")
        tap.count += 1
        ui.see(MISSED_LAST_TIME.surname)
        tap("Not there")
        tap("Was not brought")
        tap("Save outcome")
        assert tap.count <= 5
        ui.see("Missed twice in a row")
        ui.see(re.compile("The family stays with you"))
        ui.tap("Open the conversation")
        ui.see("Obstacle conversation")
        ui.fill("What we agreed", "A lift to the centre on Thursdays.")
        ui.tap("Save conversation")
        ui.see(re.compile("^Please choose what stood in the way"))
        ui.tap("Getting there")
        ui.tap("Save conversation")
        ui.see("The week and its free times")


def the_outcome_of(ui: FletBrowser, starts: str, before: str) -> None:
    """Press the outcome button of the card that starts then."""
    names = [node.name for node in ui.tree() if node.name == "Outcome" or "–" in node.name]
    card = next(n for n, name in enumerate(names) if name.startswith(starts))
    earlier = names[:card].count("Outcome")
    button = ui.page.get_by_role("button", name="Outcome", exact=True).nth(earlier)
    expect(button).to_be_attached()
    ui.click(button)


def test_a_note_on_the_wrong_family_is_moved_and_its_copy_removed_everywhere(town: Town) -> None:
    words = "Zephyrine said the word only this note has."
    with town.in_hand(WORKER, PHONE) as worker:
        worker.tap("Start note")
        worker.fill("Note", words)
        worker.tap("Sign note")
        worker.tap("Yes, sign")
        worker.see("Waiting for review")  # the page it was written on has the button too
        worker.scroll_to("Wrong family?")
        worker.tap("Wrong family?")
        worker.click(worker.page.get_by_role("button", name=re.compile(r"^\s*Family")).last)
        worker.click(worker.page.get_by_role("menuitem", name=re.compile("Marsh")))
        worker.tap("Move it")
        worker.not_see("Which family does it belong to?")
        expect(worker.button("Marsh")).to_be_attached()  # the page of the note it became
        worker.see(words)
        synchronise(worker)

        with town.in_hand(SUPERVISOR, TABLET) as laptop:
            synchronise(laptop)
            go_to(laptop, "Team")
            laptop.click(laptop.button("on the wrong family", exact=False))
            laptop.see(f"belongs to {SHARED.titled}")
            laptop.tap("Remove copy")
            laptop.see("Remove this copy everywhere?")
            laptop.click(laptop.page.get_by_role("button", name="Remove copy").last)
            laptop.see("No note stands with the wrong family.")
            synchronise(laptop)

        synchronise(worker)
        go_to(worker, "Families")
        worker.fill("Search names, addresses and notes", "Zephyrine")
        worker.see("Found in what was written")
        worker.see(re.compile(r"^Marsh \(BF104\).*, today"))
        worker.not_see(re.compile(r"^Okoro .*, today"))
        assert ADA.surname == "Okoro"
