"""Every screen, at both sizes, as worker and supervisor: it opens, everything on it has a name and
is large enough for a thumb, and nothing is asked of another machine."""

from collections.abc import Mapping

import pytest
from playwright.sync_api import ViewportSize

from app.settings import Settings, save
from driver.browser import PHONE, TABLET, FletBrowser
from stories.households import ADA, SHARED, Landmarks
from stories.town import OPENS_S, PEOPLE, SUPERVISOR, WORKER, Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

EVERYBODYS: Mapping[str, str] = {
    "/week": "Week",
    "/settings/hours": "Working days and telephone",
    "/conflicts": "Changed by two people",
    "/appointments/new": "Book an appointment",
    "/appointments/{appointment}": "Appointment",
    "/appointments/{appointment}/outcome": "Outcome",
    "/appointments/{appointment}/change": "Change appointment",
    "/notes/{note}": "Home visit",
    "/families": "Families",
    "/families/new": "New family",
    "/families/{family}": ADA.titled,
    "/families/{family}/change": "Change family",
    "/families/{family}/contact": "Telephone support",
    "/families/{family}/restricted": "Restricted note",
    "/families/{family}/warnings": "Risk and access notes",
    "/families/{family}/periods/new": "Change status",
    "/families/{family}/goals/new": "Goals and actions",
    "/families/{family}/plans/new": "New plan",
    "/families/{family}/plans/{plan}": "Treatment plan",
    "/families/{family}/plans/{plan}/review": "Look at the plan again",
    "/families/{family}/plans/{plan}/paper": "Treatment plan on paper",
    "/families/{family}/paper": "On paper",
    "/families/{family}/support": "Interventions and appraisals",
    "/families/{family}/support/begin": "Begin an intervention",
    "/families/{family}/support/ask": "Ask for an appraisal",
    "/families/{family}/pathway": "Way through the service",
    "/families/{family}/referral": "Referral",
    "/families/{family}/move": "Move on",
    "/families/{family}/decide": "Decision",
    "/families/{family}/indicators": "Indicators",
    "/families/{family}/clock?clock=first_contact": "Time limit",
    "/families/{family}/close": "Close the family",
    "/families/{family}/refer": "New referral",
    "/families/{family}/waiting": "Why they wait",
    "/families/{family}/people/new": "New person",
    "/families/{family}/people/{person}": "Ada Okoro",
    "/families/{family}/birth/{baby}": "Baby is born",
    "/families/{family}/loss/{baby}": "A change in the family",
    "/families/{family}/siblings/new": "A child who lives elsewhere",
    "/families/{family}/twice": "Entered twice",
    "/families/{shared}": SHARED.titled,
    "/families/{shared}/loss/{child}": "A change in the family",
    "/families/{twice}": "Marsh (BF205)",
    "/families/{family}/network/{professional}": "Siobhan Kerr",
    "/families/{family}/obstacle/{obstacle}": "Obstacle conversation",
    "/families/{family}/write/{appointment}": "Home visit",
    "/families/{family}/measures": "Measures",
    "/families/{family}/measures/parental_stress": "Parental stress",
    "/groups": "Groups and courses",
    "/groups/new": "Start a group",
    "/groups/{group}": "MBT group: Hazel Lodge",
    "/groups/{group}/sessions/{session}": "Register",
    "/calls/{call}": "Call to make",
    "/service": "The whole service",
    "/sync": "Sync",
    "/settings": "Settings",
    "/": "Today",
}
SUPERVISORS: Mapping[str, str] = {
    "/team": "Brackenfold team",
    "/team/review": "To review",
    "/team/review/{note}": "Review",
    "/team/unsigned": "Unsigned after a day",
    "/team/conversations": "Obstacle conversations",
    "/team/wrong-family": "On the wrong family",
    "/team/caseloads": "Caseloads",
    "/team/waiting": "Waiting list",
    "/team/clocks": "Time limits passed",
    "/team/allocate": "Allocate",
    "/team/cover": "Lend a caseload",
    "/team/figures": "Figures",
    "/team/figures/all?first=2026-01-01&last=2026-12-31": "All figures",
    "/team/figures/attendance?first=2020-01-01&last=2030-12-31": "Attendance",
    "/team/figures/journey?first=2020-01-01&last=2030-12-31": "From referral to the end",
    "/team/publish": "Publish figures",
    "/team/managers": "Who sees the whole service",
    "/team/panel": "Panel",
    "/team/appraisals": "Appraisals out",
    "/team/papers": "Taken out",
    "/team/people": "People, devices and invites",
    "/team/people/{colleague}": "Dr Rhian Pryce",
    "/team/quarantine": "Quarantine",
    "/team/deliveries": "Messages to families",
    "/team/duty": "Duty",
}
PICTURES = {
    "/": "today",
    "/families": "families",
    "/families/{family}": "family",
    "/families/{family}/pathway": "pathway",
    "/families/{family}/close": "closing",
    "/team/waiting": "waiting",
    "/team/clocks": "clocks",
}


@pytest.mark.parametrize("size", [PHONE, TABLET], ids=["phone", "tablet"])
@pytest.mark.parametrize("key", [WORKER, SUPERVISOR])
def test_every_screen_opens_named_and_large_enough(
    town: Town, key: str, size: ViewportSize
) -> None:
    routes = {**EVERYBODYS, **SUPERVISORS} if key == SUPERVISOR else EVERYBODYS
    shape = "phone" if size == PHONE else "tablet"
    picture = shape if key == WORKER else f"supervisor-{shape}"
    with town.in_hand(key, size) as ui:
        problems = walk(ui, town.landmarks, routes, picture)
        assert problems == {}
        assert ui.external == []


def test_every_screen_opens_in_the_dark_with_the_largest_text(town: Town) -> None:
    save(town.folder / SUPERVISOR, Settings(text_size="largest"))
    with town.in_hand(SUPERVISOR, PHONE, dark=True) as ui:
        assert walk(ui, town.landmarks, {**EVERYBODYS, **SUPERVISORS}, "dark") == {}


def walk(
    ui: FletBrowser, landmarks: Landmarks, routes: Mapping[str, str], picture: str
) -> dict[str, list[str]]:
    """Visit the routes one after another; what is wrong with each, by its address."""
    problems = {}
    for route, title in routes.items():
        address = route.format(**landmarks)
        turn_to(ui, address)
        ui.heading(title).wait_for(state="attached")
        found = ui.accessibility_problems()
        if any("could not be shown" in node.name for node in ui.tree()):
            found.append("could not be shown")
        if found:
            problems[route] = found
        if route in PICTURES:
            ui.screenshot(f"{picture}-{PICTURES[route]}")
    return problems


def turn_to(ui: FletBrowser, address: str) -> None:
    """As the browser does when somebody goes to an address of the app that is open."""
    ui.page.evaluate(
        """address => {
          history.pushState(null, '', address);
          dispatchEvent(new PopStateEvent('popstate', {state: null}));
        }""",
        address,
    )


def test_a_family_is_opened_by_the_keyboard_alone(town: Town) -> None:
    with town.device(WORKER) as device, FletBrowser(device.url, TABLET, desktop=True) as ui:
        ui.open()
        ui.see("Passphrase")
        ui.type_into("Passphrase", PEOPLE[WORKER].passphrase)
        ui.press("Enter")
        ui.see("Today", OPENS_S)
        ui.tab_to("Families")
        ui.press("Enter")
        ui.see("4 families")
        ui.tab_to(ADA.titled)
        ui.press("Enter")
        ui.see(ADA.risk)
