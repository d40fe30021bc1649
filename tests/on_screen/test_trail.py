"""Where a tab has been: what the arrow and the browser agree on."""

from app.trail import BACK, INSTEAD, LONGEST, Trail, bare


def test_back_leads_where_the_page_was_opened_from():
    trail = Trail(["/"])
    for route in ("/families", "/families/a", "/notes/n"):
        trail.went(route)
        trail.arrived(route)
    assert [trail.back(), trail.back(), trail.back(), trail.back()] == [
        "/families/a",
        "/families",
        "/",
        None,
    ]


def test_the_browsers_own_back_is_followed_and_its_forward_too():
    trail = Trail(["/", "/families", "/families/a"])
    trail.arrived("/families")
    assert trail.before == "/"
    trail.arrived("/families/a")
    assert trail.before == "/families"


def test_a_link_to_a_place_passed_before_is_a_step_on_and_not_back():
    trail = Trail(["/", "/families/a", "/notes/n"])
    trail.went("/families/a")
    trail.arrived("/families/a")
    assert trail.before == "/notes/n"


def test_what_gave_way_is_not_come_back_to():
    trail = Trail(["/", "/families/a"])
    trail.went("/write/d")
    trail.replaced("/notes/d")
    trail.arrived("/notes/d")
    assert trail.before == "/families/a"


def test_an_address_opened_from_outside_has_nothing_before_it():
    trail = Trail()
    trail.arrived("/notes/n")
    assert trail.before is None
    assert trail.back() is None


def test_drawing_the_same_page_again_is_no_step():
    trail = Trail(["/", "/families"])
    for _ in range(3):
        trail.arrived("/families")
        trail.went("/families")
    assert trail.routes == ["/", "/families"]


def test_what_only_our_page_understands_is_no_part_of_a_route():
    assert bare(f"/notes/n{BACK}") == bare(f"/notes/n{INSTEAD}") == "/notes/n"
    assert bare("/appointments/new?at=20261130T1405") == "/appointments/new?at=20261130T1405"


def test_a_long_day_is_not_remembered_for_ever():
    trail = Trail()
    for n in range(3 * LONGEST):
        trail.went(f"/families/{n}")
    assert len(trail.routes) == LONGEST
    assert trail.before == f"/families/{3 * LONGEST - 2}"
