"""Two supervisors decide about one family out of signal: both stand until somebody chooses."""

from app.casework.caseload import AllocationCaution
from app.casework.family import FamilyStatus
from app.casework.pathway import ClosureForm
from pathways import MONDAY, come_into_signal, family_of


def test_two_supervisors_allocate_offline_and_one_chooses(two_heads):
    house, grace, nia, amina, rhian, family = two_heads
    with house.out_of_signal(grace, nia):
        grace.book.supervision.allocate(family, amina.person, "engagement_assessment")
        nia.book.supervision.allocate(family, rhian.person, "engagement_assessment")
    come_into_signal(house, grace, nia)
    for head in (grace, nia):
        (double,) = head.book.supervision.doubles(family)
        assert {a.worker for a in double.allocations} == {amina.person, rhian.person}
        assert {a.author for a in double.allocations} == {grace.person, nia.person}
        assert head.book.supervision.overview().conflicts == 1
    (double,) = grace.book.supervision.doubles()
    hers = next(a for a in double.allocations if a.worker == amina.person)
    grace.book.supervision.keep_one(double, hers.id)
    house.carry()
    house.carry()
    assert nia.book.supervision.doubles() == []
    assert [a.worker for a in nia.book.supervision.of_family(family)] == [amina.person]


def test_both_may_be_kept(two_heads):
    house, grace, nia, amina, rhian, family = two_heads
    with house.out_of_signal(grace, nia):
        grace.book.supervision.allocate(family, amina.person, "family_aide")
        nia.book.supervision.allocate(family, rhian.person, "family_aide")
    come_into_signal(house, grace, nia)
    grace.book.supervision.keep_both(grace.book.supervision.doubles()[0])
    house.carry()
    house.carry()
    assert nia.book.supervision.doubles() == []
    assert len(nia.book.supervision.of_family(family)) == 2


def test_different_functions_are_no_matter_and_neither_is_a_second_one_on_purpose(two_heads):
    house, grace, nia, amina, rhian, family = two_heads
    with house.out_of_signal(grace, nia):
        grace.book.supervision.allocate(family, amina.person, "family_aide")
        nia.book.supervision.allocate(family, rhian.person, "social_worker")
    come_into_signal(house, grace, nia)
    assert grace.book.supervision.doubles() == []
    grace.book.supervision.allocate(family, nia.person, "family_aide")
    assert AllocationCaution.HELD_ALREADY in grace.book.supervision.cautions(
        family, rhian.person, "family_aide"
    )
    assert grace.book.supervision.doubles() == []


def test_two_people_move_a_family_to_different_stages_and_somebody_chooses(two_heads):
    house, grace, nia, amina, _rhian, family = two_heads
    grace.book.supervision.allocate(family, amina.person, "engagement_assessment")
    house.carry()
    house.carry()
    with house.out_of_signal(grace, nia):
        grace.book.pathways.move(family, "brokerage", MONDAY)
        nia.book.pathways.move(family, "intervention", MONDAY)
    house.carry()
    house.carry()
    both = nia.book.pathways.of(family).two_stages
    assert {p.code for p in both} == {"brokerage", "intervention"}
    chosen = next(p for p in both if p.code == "brokerage")
    nia.book.pathways.choose_stage(chosen.id)
    house.carry()
    path = grace.book.pathways.of(family)
    assert path.two_stages == ()
    assert path.stage is not None
    assert path.stage.code == "brokerage"


def test_two_people_close_a_family_for_different_reasons_and_both_reasons_are_kept(two_heads):
    house, grace, nia, _amina, _rhian, family = two_heads
    with house.out_of_signal(grace, nia):
        grace.book.pathways.close(family, ClosureForm(on=MONDAY, closure="stepped_up"))
        nia.book.pathways.close(family, ClosureForm(on=MONDAY, closure="transferred"))
    house.carry()
    house.carry()
    (conflict,) = grace.book.conflicts(family)
    assert conflict.field == "closure_reason"
    assert {c.value for c in conflict.choices} == {"stepped_up", "transferred"}


def test_a_family_that_was_entered_twice_goes_one_way_from_then_on(team):
    _house, grace, *_rest = team("rct")
    book = grace.book
    stays, other = family_of(grace), family_of(grace, MONDAY, ref="RC-0199")
    book.pathways.move(other, "assessment", MONDAY, all_the_same=True)
    mothers = [book.families.get(f).adults[0].id for f in (stays, other)]
    book.joining.join(stays, other, [(mothers[0], mothers[1])])
    assert {p.code for p in book.pathways.of(stays).two_stages} == {
        "awaiting_allocation", "assessment",
    }  # fmt: skip

    book.pathways.move(stays, "brokerage", MONDAY, all_the_same=True)
    path = book.pathways.of(other)
    assert path.two_stages == ()
    assert path.stage is not None
    assert path.stage.code == "brokerage"
    assert [c.code for c in path.clocks if c.open] == ["assessment", "plan"], "each once"
    book.pathways.close(other, ClosureForm(on=MONDAY, closure="no_plan"))
    assert book.families.get(stays).status is FamilyStatus.CLOSED
