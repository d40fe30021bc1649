"""What a court, a conference or a parent may read of a family, and the record that it was made."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.casework.attendance import Code
from app.casework.chronology import Span
from app.casework.disclosure import Reader, Why
from app.casework.forms import Booking, PersonForm
from app.casework.life_event import LossForm, What
from app.casework.paper import MeantFor, PaperForm, Report, Sheet
from app.casework.people import Relation
from app.casework.period import PeriodKind
from app.casework.plan import PlanForm
from casebooks import okoro

MONDAY = date(2026, 11, 23)


@pytest.fixture
def family(amina) -> str:
    return amina.book.families.register(okoro())


def note(member, family: str, text: str) -> None:
    member.book.notes.sign(replace(member.book.notes.start(family), text=text))


def report(member, family: str, *readers: str, **more) -> Report:
    return member.book.papers.report(family, Reader(persons=frozenset(readers)), **more)


def texts(said: Report) -> list[str]:
    return [item.text for item in said.items if item.text]


def test_a_chronology_tells_what_happened_in_order_with_who_wrote_it(house, amina, family):
    house.passes(days=1)
    note(amina, family, "Chidi was rested.")
    house.passes(days=2)
    baby = amina.book.families.get(family).unborn[0].id
    amina.book.families.begin_period(family, PeriodKind.LEGAL, "cp_plan", subject=baby)
    house.passes(days=1)
    note(amina, family, "The cot is here.")

    said = report(amina, family)

    kinds = [(item.piece.kind, item.piece.code) for item in said.items]
    assert kinds.index(("period", "legal:cp_plan")) > kinds.index(("visit_note", "home_visit"))
    assert texts(said)[-1] == "The cot is here."
    assert [item.on for item in said.items] == sorted(item.on for item in said.items)
    assert {i.piece.author for i in said.items} == {amina.person}


def test_what_happened_on_one_day_is_told_in_the_order_in_which_it_was_written_down(
    house, amina, family
):
    book = amina.book
    baby = book.families.get(family).unborn[0].id
    for code in ("section_47", "cp_plan", "cin_plan"):
        house.passes(minutes=5)
        book.families.begin_period(family, PeriodKind.LEGAL, code, subject=baby)
    legal = ["legal:section_47", "legal:cp_plan", "legal:cin_plan"]

    items = report(amina, family).items
    told = [i.piece.code for i in items if i.piece.code in legal]
    assert (items[0].piece.kind, told) == ("referral", legal)

    seen = [e.code for e in book.families.timeline(family, limit=30).entries]
    assert [code for code in seen if code in legal] == legal[::-1], "newest first on the screen"


def test_of_a_chronology_only_the_days_asked_for(house, amina, family):
    note(amina, family, "First.")
    house.passes(days=10)
    note(amina, family, "Second.")
    house.passes(days=10)
    note(amina, family, "Third.")

    span = Span(first=MONDAY + timedelta(days=10), last=MONDAY + timedelta(days=10))
    assert texts(report(amina, family, span=span)) == ["Second."]


def test_an_unsigned_note_a_restricted_one_and_others_words_are_named_and_not_told(
    house, amina, family
):
    house.passes(days=1)
    note(amina, family, "Calm.\n\n[third party: Mrs Lane] Shouting at night.")
    restricted = amina.book.notes.start(family, restricted=True)
    amina.book.notes.sign(replace(restricted, text="He said he would come."))
    unsigned = replace(amina.book.notes.start(family), text="Still to be thought over.")
    amina.book.notes.put_aside(unsigned)

    said = report(amina, family)

    assert texts(said)[-1] == "Calm."
    whys = {one.why for one in said.disclosure.left_out}
    assert whys == {Why.THIRD_PARTY, Why.RESTRICTED, Why.UNSIGNED}
    [others] = [o for o in said.disclosure.left_out if o.why is Why.THIRD_PARTY]
    closed = [o.id for o in said.disclosure.left_out if not o.may_be_put_in]
    assert len(closed) == 2
    assert texts(report(amina, family, put_in=[others.id]))[-1].endswith("Shouting at night.")
    assert texts(report(amina, family, put_in=closed)) == texts(said)


def test_a_visit_that_somebody_missed_is_told_and_one_with_a_note_is_told_once(
    house, amina, family
):
    book = amina.book
    mother = book.families.get(family).adults[0].id

    def visit(code: Code) -> None:
        appointment = book.diary.book(
            Booking(family=family, starts=book.now, minutes=60, people=(mother,))
        )
        book.engagement.record_outcome(appointment, {mother: code})

    visit(Code.ON_TIME)
    note(amina, family, "She was there.")
    house.passes(days=7)
    visit(Code.DID_NOT_ATTEND)

    said = [(i.piece.kind, i.piece.code) for i in report(amina, family).items]
    assert ("attendance", "did_not_attend") in said
    assert ("attendance", "on_time") not in said


def test_what_colleagues_are_warned_of_is_in_no_report_until_a_person_puts_it_in(amina, family):
    book = amina.book
    book.families.add_risk(family, "Leave at once if he has been drinking.")
    father = book.families.add_person(
        family, PersonForm(given="Tomos", surname="Okoro", relation=Relation.FATHER)
    )

    told = report(amina, family, father, what=Sheet.CONFERENCE)

    assert told.risks == ()
    [warning] = [o for o in told.disclosure.left_out if o.why is Why.WARNING]
    assert warning.text == "Leave at once if he has been drinking."
    again = report(amina, family, father, what=Sheet.CONFERENCE, put_in=[warning.id])
    assert [k.text for k in again.risks] == ["Leave at once if he has been drinking."]
    assert [k.put_in for k in again.risks] == [(warning.id,)]


def test_a_conference_report_has_addresses_and_the_plan_and_a_chronology_has_none(amina, family):
    book = amina.book
    mother = book.families.get(family).adults[0].id
    father = book.families.add_person(
        family, PersonForm(given="Tomos", surname="Okoro", relation=Relation.FATHER)
    )
    book.families.add_address(mother, "9 Hidden Court", "ZX2 9ZZ", secret_from=[father])
    book.families.add_risk(family, "The dog bites.")
    plan = book.plans.agree(family, PlanForm(kind=book.profile.plans[0].code, agreed_on=book.today))
    book.plans.add_goal(family, "A calm evening", plan=plan)

    told = report(amina, family, mother, what=Sheet.CONFERENCE)
    assert [k.text for k in told.addresses] == ["9 Hidden Court, ZX2 9ZZ"]
    assert [g.text for p in told.plans for g in p.goals] == ["A calm evening"]

    both = report(amina, family, mother, father, what=Sheet.CONFERENCE)
    assert both.addresses == ()
    assert Why.SECRET_ADDRESS in {o.why for o in both.disclosure.left_out}

    bare = report(amina, family, mother)
    assert (bare.risks, bare.addresses, bare.plans) == ((), (), ())


def test_a_passage_that_names_an_address_kept_from_a_reader_is_left_out_of_her_chronology(
    amina, family
):
    book = amina.book
    mother = book.families.get(family).adults[0].id
    father = book.families.add_person(
        family, PersonForm(given="Tomos", surname="Okoro", relation=Relation.FATHER)
    )
    book.families.add_address(mother, "9 Hidden Court", "ZX2 9ZZ", secret_from=[father])
    note(amina, family, "Went well.\n\nWe met at 9 Hidden Court.")

    assert "Hidden" not in " ".join(texts(report(amina, family, father)))
    assert "Hidden" in " ".join(texts(report(amina, family, mother)))


def test_a_loss_that_was_taken_back_is_in_no_chronology(house, amina, family):
    book = amina.book
    baby = book.families.get(family).unborn[0].id
    form = LossForm(
        what=What.PREGNANCY_ENDED,
        on=book.today,
        persons=(baby,),
        caller=amina.person,
        call_on=book.today,
        call_words="Ring her.",
    )
    event = book.losses.record(family, form)
    assert "life_event" in {i.piece.kind for i in report(amina, family).items}

    book.losses.take_back(event)
    assert "life_event" not in {i.piece.kind for i in report(amina, family).items}


def test_who_made_what_for_whom_reaches_the_supervisor(house, amina, grace, family):
    mother = amina.book.families.get(family).adults[0].id
    amina.book.papers.made(
        family,
        PaperForm(
            what=Sheet.CHRONOLOGY,
            meant_for=MeantFor.COURT,
            persons=(mother,),
            to="Northmere Family Court",
            pages=3,
            left_out=("a:third_party",),
            put_in=("b:third_party",),
            digest="ab" * 32,
        ),
    )
    house.carry()

    [made] = grace.book.papers.of_family(family)
    assert (made.author, made.at) == (amina.person, amina.book.now)
    assert made.form.to == "Northmere Family Court"
    assert (made.form.pages, made.form.put_in) == (3, ("b:third_party",))
