"""What a screen reader is told: the page that is there, all of it, and nothing of the last one."""

from dataclasses import replace

import pytest

from app.casework.forms import AddressForm, PersonForm
from app.casework.people import Relation
from driver.browser import PHONE, TABLET, FletBrowser
from stories.households import JESS
from stories.town import WORKER, Town, go_to

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def headings(ui: FletBrowser) -> list[str]:
    """Every heading a screen reader can jump to, in order."""
    return [node.name for node in ui.tree() if node.tag in ("h1", "h2", "h3")]


def test_after_booking_nothing_of_the_form_is_read_out_on_the_pages_that_follow(
    town: Town,
) -> None:
    with town.book_of(WORKER) as book:
        family = next(f for f in book.families.lines() if f.ref == JESS.ref).id
        book.families.add_person(
            family,
            PersonForm(
                given="Kyle",
                surname="Doyle",
                relation=Relation.FATHER,
                addresses=(AddressForm(lines="17 Cutlers Yard", postcode="BX3 1AB"),),
            ),
        )
    with town.in_hand(WORKER, PHONE) as ui:
        ui.scroll_to("Book an appointment")
        ui.tap("Book an appointment")
        ui.see("Who goes")
        ui.choose("Family", JESS.titled)
        # Two homes to choose from appear above fields of one line and of several, and go again.
        ui.tap("Kyle Doyle")
        ui.see("Where they live")
        assert ui.field("Address").evaluate("e => e.tagName") == "TEXTAREA"
        assert ui.field("Name of the place").evaluate("e => e.tagName") == "INPUT"
        ui.tap("Kyle Doyle")
        ui.not_see("Where they live")
        ui.fill("Time", "17:15")
        ui.tap("Book")
        ui.see("The week and its free times")
        assert "Book an appointment" not in headings(ui)
        go_to(ui, "Families")
        ui.see("4 families")
        ui.not_see("The week and its free times")
        assert headings(ui) == ["Families"]
        go_to(ui, "Sync")
        ui.see("Sync now")
        ui.not_see("4 families")
        assert headings(ui)[0] == "Sync"
        assert "Families" not in headings(ui)


def test_what_stands_side_by_side_is_read_one_after_the_other(town: Town) -> None:
    with town.book_of(WORKER) as book:
        family = next(f for f in book.families.lines() if f.ref == JESS.ref).id
        book.notes.save_draft(replace(book.notes.start(family), text="She said that"))
    with town.in_hand(WORKER, TABLET) as ui:
        ui.see("Begun and not finished")
        heard = [node.name for node in ui.tree()]
        visits = [at for at, name in enumerate(heard) if name == "Start note"]
        assert len(visits) > 1
        assert max(visits) < heard.index("Supervisor please")
        assert heard.index("Supervisor please") < heard.index("Begun and not finished")
        ui.tap("Start note")
        ui.see("Sign note")
        heard = [node.name for node in ui.tree()]
        assert heard.index("Put aside unsigned") < heard.index("About the appointment")
        for question in ("Child seen?", "Child seen alone?"):
            at = heard.index(question)
            assert heard[at + 1 : at + 4] == ["Yes", "No", "Does not apply"]
            assert ui.tree()[at].role == "group"
