"""Each service from referral to closure on a telephone, as a newcomer would: counted and timed.

Each begins with nobody in it. A person needs about twelve seconds for a tap or a field at first
sight, so fifty of them are ten minutes.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from app.wording.dates import HERE
from demo.organisation import found
from driver.browser import PHONE, FlakyLink, FletBrowser, free_port
from storage.clock import SystemClock
from stories.town import PEOPLE, SUPERVISOR, Town, go_to

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

MOST_ACTS = 50
SECONDS_EACH = 12


class Newcomer:
    """Looks for what she needs, and counts every tap, choice and field."""

    def __init__(self, ui: FletBrowser) -> None:
        self.ui = ui
        self.acts: list[str] = []

    def taps(self, name: str) -> None:
        self.acts.append(f"tap {name}")
        self.ui.tap(name)

    def finds_and_taps(self, name: str) -> None:
        self.ui.scroll_to(name)
        self.taps(name)

    def fills(self, label: str, value: str) -> None:
        self.acts.append(f"fill {label}")
        self.ui.scroll_to(label)
        self.ui.fill(label, value)

    def chooses(self, dropdown: str, option: str) -> None:
        self.acts.append(f"choose {dropdown}")
        self.ui.scroll_to(dropdown)
        self.ui.choose(dropdown, option)


@contextmanager
def office_of(service: str, folder: Path) -> Iterator[FletBrowser]:
    """A service just founded, and the supervisor's device in a newcomer's hand."""
    port = free_port()
    cables = {key: FlakyLink(port) for key in PEOPLE}
    try:
        with Town(folder, port, cables) as town:
            founded = found(folder, {key: cables[key].url for key in PEOPLE}, service)
            for desk in (founded.grace, founded.amina, founded.rhian):
                desk.vault.close()
            with town.in_hand(SUPERVISOR, PHONE) as ui:
                yield ui
    finally:
        for cable in cables.values():
            cable.__exit__()


def register(person: Newcomer, given: str, surname: str) -> None:
    go_to(person.ui, "Families")
    person.taps("New family")
    person.fills("First name", given)
    person.fills("Surname", surname)


def give_to(person: Newcomer, worker: str, *, only_one: bool = False) -> None:
    """`only_one`: nobody else here has that job, and so she stands there already."""
    person.finds_and_taps("Allocate")
    if only_one:
        person.ui.see(re.compile(rf"^Who\s+{re.escape(worker)}"))
    else:
        person.chooses("Who", worker)
    person.taps("Allocate")


def decide(person: Newcomer, kind: str, outcome: str) -> None:
    person.finds_and_taps("Decision")
    person.chooses("What was decided on?", kind)
    person.taps(outcome)
    person.taps("Save")


def visit(person: Newcomer) -> None:
    """Book a first visit for early today, and write down what came of it."""
    person.finds_and_taps("Book")
    person.fills("Day", f"{SystemClock().now().astimezone(HERE).date():%d/%m/%Y}")
    person.fills("Time", "00:05")
    person.finds_and_taps("Grace Adeyemi")
    person.taps("Book")
    person.taps("Book all the same")  # the time has passed, and it asks
    person.ui.see("Write a note")
    person.finds_and_taps("Outcome, today 00:05")
    person.taps("Everybody seen, on time")
    person.ui.see("Way through the service")


def plan(person: Newcomer, goal: str) -> None:
    """Agree a plan with a goal, and look at it again."""
    person.finds_and_taps("New plan")
    person.taps("Save plan")
    person.finds_and_taps("Add a goal")
    person.fills("In the family's own words", goal)
    person.taps("Save")
    person.taps("Look at it again")
    person.taps("Save review")
    person.ui.see("Looked at before")


def close(person: Newcomer, why: str, where: str) -> None:
    person.finds_and_taps("All of it")
    person.finds_and_taps("Close the family")
    person.chooses("Why is the family closed?", why)
    person.chooses("Where to", where)
    person.ui.screenshot("way-through-closing")
    person.taps("Close the family")
    person.ui.see("Closed before")


def in_under_ten_minutes(person: Newcomer, begun: float) -> None:
    assert len(person.acts) <= MOST_ACTS, "\n".join(person.acts)
    assert time.monotonic() - begun < 600
    assert len(person.acts) * SECONDS_EACH <= 600


def test_rct_from_mash_to_closure(tmp_path: Path) -> None:
    with office_of("rct", tmp_path) as ui:
        person, begun = Newcomer(ui), time.monotonic()
        register(person, "Carys", "Pugh")
        person.chooses("Who referred", "School")
        person.chooses("By way of", "MASH")
        person.taps("Save family")
        ui.scroll_to("Assessment within two weeks")
        ui.screenshot("way-through-rct-referred")

        person.finds_and_taps("Decide on the referral")
        person.taps("Save")
        give_to(person, "Amina Yusuf, Engagement and assessment worker", only_one=True)
        visit(person)
        ui.scroll_to("Move to Brokerage")
        decide(person, "Assessment", "Completed")
        person.finds_and_taps("Move to Brokerage")
        person.taps("Save")
        ui.scroll_to("Nobody yet as Brokerage and review")
        give_to(person, "Dr Rhian Pryce, Brokerage and review worker", only_one=True)
        decide(person, "Panel", "Intervention allocated")
        ui.scroll_to("Nobody yet as Intervention worker")
        give_to(person, "Amina Yusuf, Engagement and assessment worker")
        plan(person, "To be at school on time")
        arrow_to_family(person)
        person.finds_and_taps("Move to Review")
        person.taps("Save")
        close(person, "Intervention completed", "Universal services")
        in_under_ten_minutes(person, begun)


def test_durham_from_midwifery_to_permanence(tmp_path: Path) -> None:
    with office_of("durham", tmp_path) as ui:
        person, begun = Newcomer(ui), time.monotonic()
        register(person, "Ada", "Okoro")
        expected = SystemClock().now().astimezone(HERE).date() + timedelta(days=140)
        person.fills("Baby due on (if on the way)", f"{expected:%d/%m/%Y}")
        person.chooses("Who referred", "Midwifery")
        ui.scroll_to("Was an earlier child removed for good?")
        person.taps("Yes")
        person.taps("Save family")
        ui.scroll_to("Assessment concluded by 28 weeks")
        ui.screenshot("way-through-durham-referred")

        person.finds_and_taps("Decide on the referral")
        ui.see("20+0 weeks on that day")
        ui.screenshot("way-through-durham-eligible")
        person.taps("Save")
        give_to(person, "Amina Yusuf, Family worker", only_one=True)
        ui.scroll_to("Nobody yet as Social worker")
        give_to(person, "Dr Rhian Pryce, Social worker", only_one=True)
        visit(person)
        decide(person, "Assessment concluded", "Support with a plan")
        ui.scroll_to("Plan made by 32 weeks")
        plan(person, "To have the room ready")
        arrow_to_family(person)
        person.finds_and_taps("Move to After birth, until permanence")
        person.taps("Save")
        close(person, "Permanence achieved", "Universal services")
        in_under_ten_minutes(person, begun)


def test_reconnect_from_the_health_visitor_to_closure(tmp_path: Path) -> None:
    with office_of("reconnect", tmp_path) as ui:
        person, begun = Newcomer(ui), time.monotonic()
        register(person, "Zofia", "Nowak")
        person.chooses("Who referred", "Health visitor")
        person.taps("Save family")
        person.finds_and_taps("Decide on the referral")
        person.taps("Save")
        give_to(person, "Amina Yusuf, Family worker")
        visit(person)
        plan(person, "To sing the song every evening")
        arrow_to_family(person)
        person.finds_and_taps("Move to Treatment")
        person.taps("Save")
        person.finds_and_taps("Move to Review")
        person.taps("Save")
        close(person, "Work completed", "Universal services")
        in_under_ten_minutes(person, begun)


def test_building_bonds_from_the_midwife_to_follow_up(tmp_path: Path) -> None:
    with office_of("building-bonds", tmp_path) as ui:
        person, begun = Newcomer(ui), time.monotonic()
        register(person, "Mia", "Ash")
        person.chooses("Who referred", "Public health (mental health) midwife")
        person.taps("Save family")
        person.finds_and_taps("Decide on the referral")
        person.taps("Save")
        give_to(person, "Amina Yusuf, Parent-infant practitioner")
        visit(person)
        plan(person, "To play on the floor once a day")
        arrow_to_family(person)
        person.finds_and_taps("Move to Intervention")
        person.taps("Save")
        person.finds_and_taps("Move to Follow-up after discharge")
        person.taps("Save")
        close(person, "Work completed", "Universal services")
        in_under_ten_minutes(person, begun)


def arrow_to_family(person: Newcomer) -> None:
    person.acts.append("tap Back")
    person.ui.tap("Back")
    person.ui.see("Write a note")
