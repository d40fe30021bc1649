"""A baby is born without losing what was written before, and twins share one due date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from app.casework.errors import AlreadyEnded, Missing, NotASensibleDate, NotExpected
from app.casework.forms import Booking, PersonForm
from app.casework.life_event import BirthForm, LossForm, What
from app.casework.people import PersonKind, Relation
from app.casework.period import PeriodKind
from app.casework.timeline import Event
from casebooks import okoro
from storage.vault import Statement

DUE = date(2027, 2, 15)


@pytest.fixture
def family(amina) -> str:
    return amina.book.families.register(okoro())


def only_baby(member, family: str):
    (baby,) = member.book.families.get(family).unborn
    return baby


def nearly_due(house) -> None:
    """Time goes by: it is the eleventh of February."""
    house.passes(days=80)


def test_the_child_is_the_same_person_and_keeps_notes_status_and_appointments(house, amina, family):
    book = amina.book
    baby = only_baby(amina, family)
    book.families.begin_period(family, PeriodKind.LEGAL, "child_protection_plan", subject=baby.id)
    visit = book.diary.book(
        Booking(family=family, starts=house.clock.now() + timedelta(hours=3), people=(baby.id,))
    )
    note = book.notes.sign(
        replace(book.notes.start(family, appointment=visit), text="Kicks when she sings.")
    )
    nearly_due(house)
    born = date(2027, 2, 9)
    book.families.born(
        baby.id,
        BirthForm(
            on=born, at_time=time(4, 20), given="Nia", surname="Okoro", gender="girl",
            placement="with_parent",
        ),
    )  # fmt: skip

    shown = book.families.get(family)
    (child,) = shown.children
    assert shown.unborn == ()
    assert (child.id, child.name, child.dob, child.born_time) == (
        baby.id, "Nia Okoro", born, time(4, 20),
    )  # fmt: skip
    assert child.relation is Relation.CHILD
    assert (child.edd, str(child.born_at)) == (DUE, "39+1"), "the due date stays to be read"
    assert child.gestation(book.today) is None
    assert [p.subject for p in shown.periods if p.kind is PeriodKind.LEGAL] == [child.id]
    assert [
        (p.subject, p.code, p.since) for p in shown.periods if p.kind is PeriodKind.PLACEMENT
    ] == [(child.id, "with_parent", born)]
    assert book.notes.get(note.id).people == (child.id,)
    assert book.diary.get(visit).people == (child.id,)
    entry = book.families.timeline(family, events={Event.BORN}).entries[0]
    assert (entry.person, entry.at) == (child.id, book.at(born, time(4, 20)))
    assert [line.gestation for line in book.families.lines()] == [None]


def test_a_birth_reaches_the_supervisor_and_one_written_twice_offline_is_one_birth(
    house, amina, grace, family
):
    house.carry()
    nearly_due(house)
    baby = only_baby(amina, family)
    with house.out_of_signal(amina, grace):
        amina.book.families.born(baby.id, BirthForm(on=date(2027, 2, 9), surname="Okoro"))
        house.passes(hours=1)
        grace.book.families.born(
            baby.id, BirthForm(on=date(2027, 2, 9), given="Nia", surname="Okoro")
        )
    house.carry()
    for member in (amina, grace):
        assert [c.name for c in member.book.families.get(family).children] == ["Nia Okoro"]
        assert len(member.book.families.timeline(family, events={Event.BORN}).entries) == 1


def test_the_name_may_follow_later_and_a_birth_by_mistake_is_taken_back(house, amina, family):
    families = amina.book.families
    nearly_due(house)
    baby = only_baby(amina, family)
    with pytest.raises(Missing):
        families.born(baby.id, BirthForm(on=date(2027, 2, 9)))
    event = families.born(baby.id, BirthForm(on=date(2027, 2, 9), surname="Okoro"))
    assert families.born(baby.id, BirthForm(on=date(2027, 2, 9), given="Nia")) == event
    assert families.get(family).children[0].given == "Nia"

    families.not_born(event)
    back = only_baby(amina, family)
    assert (back.id, back.name, back.dob, back.edd) == (baby.id, "", None, DUE)
    assert back.relation is Relation.UNBORN
    (entry,) = families.timeline(family, events={Event.TAKEN_BACK}).entries
    assert entry.code == What.BORN


def test_a_name_corrected_since_is_not_undone_by_taking_the_birth_back(house, amina, family):
    families = amina.book.families
    nearly_due(house)
    baby = only_baby(amina, family)
    event = families.born(baby.id, BirthForm(on=date(2027, 2, 9), given="Nea"))
    families.change_person(baby.id, replace(families.form_of(baby.id), given="Nia"))
    families.not_born(event)
    assert only_baby(amina, family).given == "Nia"


def lived(member, family: str) -> list[tuple[str, date, date | None]]:
    """Where children lived, the first first."""
    placed = [p for p in member.book.families.get(family).periods if p.kind is PeriodKind.PLACEMENT]
    return sorted((p.code, p.since, p.until) for p in placed)


def test_a_birth_written_again_corrects_the_day_and_the_place(house, amina, family):
    families = amina.book.families
    nearly_due(house)
    baby = only_baby(amina, family)
    wrong, right = date(2027, 2, 10), date(2027, 2, 9)
    families.born(baby.id, BirthForm(on=wrong, surname="Okoro", placement="with_parent"))
    families.born(baby.id, BirthForm(on=right, surname="Okoro"))
    assert lived(amina, family) == [("with_parent", right, None)]
    event = families.born(baby.id, BirthForm(on=right, surname="Okoro", placement="hospital"))
    assert lived(amina, family) == [("hospital", right, None)]

    families.not_born(event)
    ((_, since, until),) = lived(amina, family)
    assert since == until, "a stretch of no days"
    families.born(baby.id, BirthForm(on=right, surname="Okoro", placement="kinship"))
    assert lived(amina, family) == [("kinship", right, None)]


def test_the_day_of_birth_corrected_on_the_person_is_the_day_from_which_the_child_lives_there(
    house, amina, family
):
    families = amina.book.families
    nearly_due(house)
    baby = only_baby(amina, family)
    families.born(baby.id, BirthForm(on=date(2027, 2, 10), given="Nia", placement="with_parent"))
    families.change_person(baby.id, replace(families.form_of(baby.id), dob=date(2027, 2, 9)))
    assert lived(amina, family) == [("with_parent", date(2027, 2, 9), None)]


def test_where_a_child_lived_from_birth_does_not_end_where_the_child_lives_now(
    house, amina, family
):
    families = amina.book.families
    nearly_due(house)
    baby = only_baby(amina, family)
    families.born(baby.id, BirthForm(on=date(2027, 2, 8), given="Nia"))
    families.begin_period(
        family, PeriodKind.PLACEMENT, "foster", date(2027, 2, 10), subject=baby.id
    )
    families.born(baby.id, BirthForm(on=date(2027, 2, 8), given="Nia", placement="with_parent"))
    assert lived(amina, family) == [
        ("foster", date(2027, 2, 10), None),
        ("with_parent", date(2027, 2, 8), date(2027, 2, 10)),
    ]


def test_two_workers_who_place_one_newborn_offline_leave_one_place(house, amina, grace, family):
    house.carry()
    nearly_due(house)
    baby = only_baby(amina, family)
    with house.out_of_signal(amina, grace):
        amina.book.families.born(
            baby.id, BirthForm(on=date(2027, 2, 9), given="Nia", placement="hospital")
        )
        house.passes(hours=1)
        grace.book.families.born(
            baby.id, BirthForm(on=date(2027, 2, 8), given="Nia", placement="with_parent")
        )
    house.carry()
    for member in (amina, grace):
        ((_, _, until),) = lived(member, family)
        assert until is None


@pytest.mark.parametrize(
    ("on", "reason"),
    [
        (date(2027, 2, 12), "in_the_future"),
        (date(2026, 2, 9), "not_with_due_date"),
        (date(2026, 9, 1), "not_with_due_date"),
    ],
)
def test_a_day_that_the_due_date_does_not_allow_is_refused(house, amina, family, on, reason):
    nearly_due(house)
    with pytest.raises(NotASensibleDate) as refused:
        amina.book.families.born(only_baby(amina, family).id, BirthForm(on=on, given="Nia"))
    assert refused.value.reason == reason
    assert amina.book.families.get(family).children == ()


def test_twins_share_one_due_date_and_a_changed_one_moves_both(house, amina, grace, family):
    families = amina.book.families
    first = only_baby(amina, family)
    families.another_baby(first.id)
    one, two = families.get(family).unborn
    assert (one.edd, two.edd) == (DUE, DUE)
    assert [(b.place, b.of) for b in (one, two)] == [(1, 2), (2, 2)]
    assert families.lines()[0].expected == 2

    families.change_person(two.id, replace(families.form_of(two.id), edd=date(2027, 2, 22)))
    house.carry()
    for member in (amina, grace):
        babies = member.book.families.get(family).unborn
        assert [str(b.gestation(member.book.today)) for b in babies] == ["27+0", "27+0"]
        assert [b.edd_before for b in babies] == [(DUE,), (DUE,)]
        assert str(member.book.families.lines()[0].gestation) == "27+0"


def test_twins_separate_at_birth_and_the_other_is_still_expected(house, amina, family):
    families = amina.book.families
    first = only_baby(amina, family)
    second = families.another_baby(first.id)
    nearly_due(house)
    families.born(first.id, BirthForm(on=date(2027, 2, 9), given="Nia", surname="Okoro"))
    shown = families.get(family)
    assert [c.id for c in shown.children] == [first.id]
    assert [(b.id, b.place, b.of) for b in shown.unborn] == [(second, 1, 1)]
    assert str(shown.unborn[0].gestation(amina.book.today)) == "39+3"

    families.born(second, BirthForm(on=date(2027, 2, 10), given="Ada", surname="Okoro"))
    shown = families.get(family)
    assert [c.given for c in shown.children] == ["Ada", "Nia"]
    assert {c.edd for c in shown.children} == {DUE}
    assert len({c.pregnancy for c in shown.children}) == 1


def test_two_workers_who_hear_of_twins_offline_make_one_pregnancy(house, amina, grace, family):
    house.carry()
    first = only_baby(amina, family)
    with house.out_of_signal(amina, grace):
        amina.book.families.another_baby(first.id)
        form = grace.book.families.form_of(first.id)
        grace.book.families.change_person(first.id, replace(form, edd=date(2027, 3, 1)))
    house.carry()
    babies = amina.book.families.get(family).unborn
    assert {b.edd for b in babies} == {date(2027, 3, 1)}


def test_a_baby_counted_by_mistake_is_no_longer_expected_and_no_loss(amina, family):
    families = amina.book.families
    second = families.another_baby(only_baby(amina, family).id)
    families.not_expected(second)
    shown = families.get(family)
    assert [(b.place, b.of) for b in shown.people if b.expected and not b.until] == [(1, 1)]
    assert shown.lost == ()
    assert families.lines()[0].expected == 1


def as_written_before(member, family: str) -> str:
    """An unborn baby with a due date of its own, as it was kept before pregnancies were."""
    baby = member.vault.new_id()
    fields = {"kind": "unborn", "edd": "2027-03-01", "edd_source": "dating scan"}
    member.vault.write(
        [Statement(casefile=family, kind="person", record=baby, fields=fields)],
    )
    member.vault.write(
        [Statement(casefile=family, kind="person", record=baby, fields={"edd": "2027-03-08"})],
    )
    return baby


def test_a_baby_that_bears_its_own_due_date_is_read_changed_and_becomes_a_twin(house, amina):
    families = amina.book.families
    family = families.register(okoro(people=okoro().people[:1]))
    baby = as_written_before(amina, family)
    (shown,) = families.get(family).unborn
    assert (shown.edd, shown.edd_source) == (date(2027, 3, 8), "dating scan")
    assert shown.edd_before == (date(2027, 3, 1),)
    assert str(families.lines()[0].gestation) == "25+0"

    twin = families.another_baby(baby)
    families.change_person(twin, PersonForm(kind=PersonKind.UNBORN, edd=date(2027, 3, 15)))
    one, two = families.get(family).unborn
    assert (one.edd, two.edd) == (date(2027, 3, 15), date(2027, 3, 15))
    assert one.edd_before == (date(2027, 3, 1), date(2027, 3, 8)), "no date that held is lost"


def test_a_due_date_can_be_struck_out_and_then_nothing_is_guessed(amina, family):
    families = amina.book.families
    baby = only_baby(amina, family)
    families.change_person(baby.id, replace(families.form_of(baby.id), edd=None))
    assert only_baby(amina, family).edd is None
    assert families.lines()[0].gestation is None


def test_who_is_lost_is_not_born_and_has_no_twin(house, amina, family):
    baby = only_baby(amina, family)
    amina.book.losses.record(
        family,
        LossForm(
            what=What.PREGNANCY_ENDED,
            on=amina.book.today,
            persons=(baby.id,),
            caller=amina.person,
        ),
    )
    with pytest.raises(AlreadyEnded):
        amina.book.families.born(baby.id, BirthForm(on=amina.book.today, given="Nia"))
    with pytest.raises(NotExpected):
        amina.book.families.another_baby(baby.id)
