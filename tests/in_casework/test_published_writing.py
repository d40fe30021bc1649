"""Families A, B and C of RCT, written down by the casebook; and the quick writer held to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import pytest

from app.casework.appraisal import AppraisalForm
from app.casework.attendance import Code, Obstacle
from app.casework.contact_type import ContactType
from app.casework.figures import Span, WorkingOut
from app.casework.forms import Booking, ContactForm, FamilyForm, PersonForm
from app.casework.intervention import Ending, InterventionForm
from app.casework.moments import UK
from app.casework.pathway import ClosureForm, DecisionForm
from app.casework.period import PeriodKind
from app.casework.plan import Owner, PlanForm, ReviewForm
from app.casework.profile.tiles import Changed, Selection
from casebooks import House, Member, okoro
from cast import AMINA, GRACE
from fakes import unsynced
from published.writing import Writing

DOMAINS = ("environment", "adversity", "resilience", "vulnerability")
ABC = {
    "A": ((25, 22, 17, 18), (15, 18, 11, 13), (65, 46)),
    "B": ((21, 23, 16, 16), (15, 19, 11, 12), (60, 46)),
    "C": ((18, 21, 26, 22), (15, 22, 14, 14), (61, 51)),
}
TODAY = date(2026, 11, 23)
SPAN = Span(first=date(2026, 1, 1), last=TODAY)


@pytest.fixture
def grace(tmp_path):
    """A supervisor of RCT's service on a Monday morning."""
    house = House(tmp_path, datetime(2026, 11, 23, 9, 0, tzinfo=UK), unsynced)
    for who in (GRACE, AMINA):
        house.joins(who)
    house.opens("rct")
    yield house.members[GRACE.person]
    house.close()


def test_families_a_b_and_c_come_out_as_printed_and_adversity_of_c_shows_worse(grace):
    book, ids = grace.book, {}
    for name, (initial, evaluation, _) in ABC.items():
        family = ids[name] = book.families.register(
            FamilyForm(name=f"Family {name}", people=(PersonForm(given="Ada", surname=name),))
        )
        for occasion, scores in (("initial", initial), ("evaluation", evaluation)):
            filled = dict(zip(DOMAINS, scores, strict=True))
            book.measures.fill_in(family, "resilience", occasion, filled)
    change = book.figures.tile("resilience_change", SPAN)
    better = book.figures.tile("resilience_better", SPAN)
    assert change is not None
    assert better is not None
    behind = book.figures.behind(change.numerator.things, change)
    assert [(b.name, int(b.own or 0)) for b in behind] == [
        ("Family A", -19), ("Family B", -14), ("Family C", -10),
    ]  # fmt: skip
    assert better.value == 100
    measure = book.profile.measure("resilience")
    assert measure is not None
    for initial, evaluation, printed in ABC.values():
        totals = [
            measure.total_of(dict(zip(DOMAINS, s, strict=True))) for s in (initial, evaluation)
        ]
        assert tuple(totals) == printed
    worse = Changed(
        measure="resilience", domain="adversity", begin="initial", end="evaluation",
        changes=("worse",),
    )  # fmt: skip
    tile = replace(better.tile, numerator=Selection(of="episodes", where=(worse,)))
    found = WorkingOut(book.profile, book.figures._collections(), SPAN).tile(tile)
    assert [t.family for t in found.numerator.things] == [ids["C"]]


def test_a_form_that_is_missing_one_half_is_counted_as_missing(grace):
    family = grace.book.families.register(FamilyForm(name="Half"))
    for occasion, scores in (("initial", (1, 2, 3, 4)), ("evaluation", (1, 2, 3))):
        filled = dict(zip(DOMAINS, scores, strict=False))
        grace.book.measures.fill_in(family, "resilience", occasion, filled)
    change = grace.book.figures.tile("resilience_change", SPAN)
    assert change is not None
    assert (change.value, [t.family for t in change.missing]) == (None, [family])


def test_the_quick_writer_says_what_the_casebook_says(grace):
    quick, family = _quickly(grace), _slowly(grace)
    for kind in (
        "period", "allocation", "decision", "plan", "action", "intervention", "measurement",
        "appointment", "attendance", "contact", "episode",
    ):  # fmt: skip
        ours, theirs = _fields(grace, kind, quick), _fields(grace, kind, family)
        assert ours, kind
        for name, value in ours.items():
            assert name in theirs, (kind, name)
            assert type(value) is type(theirs[name]), (kind, name)


def _quickly(grace: Member) -> str:
    writing = Writing(grace)
    family = writing.family(TODAY, source="school", decision="accepted")
    on, worker = TODAY, AMINA.person
    writing.stage(family, "assessment", on)
    writing.period(family, "indicator", "domestic_abuse", on, answer=True)
    writing.allocate(family, worker, "engagement_assessment", on, "east")
    writing.decide(family, "assessment", "completed", on)
    plan = writing.plan(family, "family_plan", on, worker=worker, reviewed=on)
    writing.action(family, plan, on, "housing", "open")
    writing.intervention(family, "parenting", on, on)
    writing.form(family, "resilience", "initial", on, {"adversity": 3})
    mother = family.adults[0]
    writing.appointment(family, on, worker, {mother: "3"}, obstacle="transport")
    writing.call(family, on, worker)
    writing.close(family, "completed", on, "universal")
    writing.write()
    return family.id


def _slowly(grace: Member) -> str:
    book = grace.book
    family = book.families.register(okoro())
    book.supervision.allocate(family, AMINA.person, "engagement_assessment", TODAY, team="east")
    book.pathways.move(family, "assessment", TODAY)
    book.families.begin_period(family, PeriodKind.INDICATOR, "domestic_abuse", answer=True)
    assessed = DecisionForm(kind="assessment", outcome="completed", on=TODAY)
    book.pathways.decide(family, assessed)
    plan = book.plans.agree(family, PlanForm(kind="family_plan", agreed_on=TODAY))
    book.plans.review(plan, ReviewForm(on=TODAY))
    book.appraisals.ask(family, AppraisalForm(kind="housing", asked_on=TODAY))
    book.plans.add_action(family, "Ring the landlord", Owner(agency="housing"), plan=plan)
    begun = book.interventions.start(family, InterventionForm(code="parenting", on=TODAY))
    book.interventions.end(begun, TODAY, Ending.COMPLETED)
    book.measures.fill_in(family, "resilience", "initial", {"adversity": 3})
    mother = next(p.id for p in book.families.people(family) if p.given)
    appointment = book.diary.book(
        Booking(
            family=family,
            kind=ContactType.HOME_VISIT,
            starts=book.at(TODAY, time(8)),
            people=(mother,),
            workers=(AMINA.person,),
        )
    )
    book.engagement.record_outcome(
        appointment, {mother: Code.DID_NOT_ATTEND}, obstacle=Obstacle.TRANSPORT
    )
    book.engagement.record_contact(
        ContactForm(family=family, person=mother, occurred_at=book.now, minutes=15)
    )
    book.pathways.close(family, ClosureForm(closure="completed", on=TODAY, destination="universal"))
    return family


def _fields(grace: Member, kind: str, family: str) -> Mapping[str, Any]:
    """Every field any record of that kind has there, with a value of it."""
    found: dict[str, Any] = {}
    for record in grace.vault.find(kind, casefile=family):
        found |= {n: v for n, v in record.fields.items() if v not in (None, "", [])}
    return found
