"""The main job: a note written with no signal reaches the supervisor, and her answer comes back."""

import pytest

from driver.browser import PHONE, TABLET, FletBrowser
from stories.town import SUPERVISOR, WORKER, Town, go_to, synchronise, unlock

TYPED = "Poppy walked three steps from Ada to the sofa. Ada cried, and so nearly did I."

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_a_note_written_offline_survives_a_crash_and_is_answered_by_the_supervisor(
    town: Town,
) -> None:
    town.cables[WORKER].cut()
    with town.device(WORKER) as phone:
        with FletBrowser(phone.url, PHONE) as ui:
            ui.open()
            unlock(ui, WORKER)
            ui.tap("Start note")
            ui.fill("Note", TYPED)
            ui.see("Saved on this device today")
            ui.screenshot("phone-note")
            phone.kill()
        phone.start()
        with FletBrowser(phone.url, PHONE) as ui:
            ui.open()
            unlock(ui, WORKER)
            ui.tap("Go on writing")
            ui.has_value("Note", TYPED)
            ui.tap("Sign note")
            ui.see("Sign this note for")
            ui.see("3 Tannery Row")
            ui.tap("Yes, sign")
            ui.see("Only on this device")
            ui.screenshot("phone-note-offline")
            go_to(ui, "Sync")
            ui.tap("Sync now")
            ui.see("The office cannot be reached.")
            ui.screenshot("phone-sync")
            town.cables[WORKER].restore()
            synchronise(ui)
            ui.see("All sent")
            the_supervisor_answers(town)
            synchronise(ui)
            go_to(ui, "Today")
            ui.scroll_to("Answers to your notes")
            ui.click(ui.tile("Okoro"))
            ui.see("A lovely moment, well seen.")
            ui.see("Commented")


def the_supervisor_answers(town: Town) -> None:
    """On the laptop: read what the worker wrote, and say something kind."""
    with town.in_hand(SUPERVISOR, TABLET) as ui:
        synchronise(ui)
        go_to(ui, "Team")
        ui.click(ui.button("notes to review", exact=False))
        ui.scroll_to("Poppy walked three steps")
        ui.click(ui.button("Poppy walked three steps", exact=False))
        ui.see(TYPED)
        ui.fill("A word to the writer", "A lovely moment, well seen.")
        ui.screenshot("laptop-review")
        ui.tap("Comment")
        ui.see("To review")
        synchronise(ui)


@pytest.mark.parametrize("pause_ms", [0, 20, 45, 80])
def test_not_a_letter_is_lost_to_whoever_types_fast(town: Town, pause_ms: int) -> None:
    said = "Poppy took three steps, fell on the rug, and laughed until Ada laughed too. " * 2
    with town.device(WORKER) as phone, FletBrowser(phone.url, PHONE) as ui:
        ui.open()
        unlock(ui, WORKER)
        ui.tap("Start note")
        ui.fill("Note", "Today: ")
        ui.see("Saved on this device today")
        ui.page.keyboard.type(said, delay=pause_ms)
        ui.has_value("Note", f"Today: {said}")
        ui.tap("Lock")
        unlock(ui, WORKER)
        ui.has_value("Note", f"Today: {said}")
