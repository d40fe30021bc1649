"""What is made on paper reaches the browser's downloads; beside the app nothing of it is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.casework.plan import Owner, PlanForm
from driver.browser import TABLET, FletBrowser
from on_paper.reading import words_of
from stories.households import ADA
from stories.test_every_screen import turn_to
from stories.town import WORKER, Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def downloaded(ui: FletBrowser, button: str) -> tuple[str, bytes]:
    """Press it and take the file that comes: its name and what is in it."""
    with ui.page.expect_download() as coming:
        ui.tap(button)
    file = coming.value
    return file.suggested_filename, Path(file.path()).read_bytes()


def test_a_plan_and_a_chronology_are_downloaded_without_signal_and_no_file_stays(
    town: Town,
) -> None:
    with town.book_of(WORKER) as book:
        family = next(f for f in book.families.lines() if f.ref == ADA.ref).id
        plan = book.plans.agree(
            family, PlanForm(kind=book.profile.plans[0].code, agreed_on=book.today)
        )
        me = book.me.person
        book.plans.add_action(family, "Bring the book on Friday", Owner(worker=me), plan=plan)
    town.cables[WORKER].cut()
    with town.in_hand(WORKER, TABLET) as ui:
        turn_to(ui, f"/families/{family}/plans/{plan}/paper")
        ui.see("Save as PDF")
        name, pdf = downloaded(ui, "Save as PDF")
        assert name.startswith("plan-")
        assert "Bring the book on Friday" in words_of(pdf)
        ui.see("Saved. The file is yours to print; delete it afterwards.")
        ui.screenshot("plan-on-paper")

        turn_to(ui, f"/families/{family}/paper")
        ui.see("Which document?")
        name, pdf = downloaded(ui, "Save as PDF")
        assert name.startswith("chronology-")
        assert "Chronology" in words_of(pdf)
        ui.screenshot("chronology-on-paper")
        assert ui.external == []

    for file in (town.folder / WORKER).rglob("*"):
        if file.is_file():
            kept = file.read_bytes()
            assert b"%PDF" not in kept, file.name
            assert b"Bring the book" not in kept, file.name
