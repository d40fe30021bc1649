"""What the published figures do not show: reminders, misses, appraisals, families entered twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from app.casework.appraisal import AppraisalForm
from app.casework.casebook import Casebook
from app.casework.figures import Span
from app.casework.forms import FamilyForm, PersonForm, ReferralForm
from app.casework.life_event import BirthForm
from app.casework.moments import UK
from app.casework.people import PersonKind, Relation
from app.casework.plan import PlanForm
from app.casework.profile import Shelf
from casebooks import House, Member
from cast import GRACE, PASSPHRASE
from fakes import unsynced
from profiles import HARBOUR, write_profile
from published.reading import figure, halves, slices
from published.writing import Writing

TODAY = date(2026, 11, 23)
SPAN = Span(first=date(2026, 1, 1), last=TODAY)


@pytest.fixture
def house(tmp_path) -> Iterator[House]:
    made = House(tmp_path, datetime(2026, 11, 23, 9, 0, tzinfo=UK), unsynced)
    made.joins(GRACE)
    made.opens("rct")
    yield made
    made.close()


@pytest.fixture
def grace(house: House) -> Member:
    return house.members[GRACE.person]


@pytest.fixture
def writing(grace: Member) -> Writing:
    return Writing(grace)


def test_missed_appointments_are_counted_by_the_reminder_that_went_out(grace, writing):
    family = writing.family(TODAY - timedelta(days=60))
    mother = family.adults[0]
    went = {"5": "delivered", "3": "sent"}
    for code, state in went.items():
        on = TODAY - timedelta(days=20 + int(code))
        appointment = writing.appointment(family, on, GRACE.person, {mother: code})
        _reminded(writing, family.id, appointment, on, ("planned", state))
    on = TODAY - timedelta(days=5)
    held_back = writing.appointment(family, on, GRACE.person, {mother: "3"})
    _reminded(writing, family.id, held_back, on, ("suppressed",))
    writing.write()
    book = grace.book
    missed = figure(book, "missed_by_rule", SPAN)
    assert halves(missed) == (2, 3)
    (by_text,) = missed.slices
    assert (by_text.code, by_text.value) == ("text_1_day", 50)
    assert missed.rest is not None
    assert missed.rest.value == 100  # without a reminder that went out
    states = figure(book, "reminders_by_state", SPAN)
    assert slices(states) == {"delivered": 1, "sent": 1, "suppressed": 1}


def test_what_stood_in_the_way_is_counted_once_for_each_who_was_missed(grace, writing):
    family = writing.family(TODAY - timedelta(days=60), adults=2)
    codes = {family.adults[0]: "3", family.adults[1]: "5"}
    writing.appointment(
        family, TODAY - timedelta(days=9), GRACE.person, codes, obstacle="transport"
    )
    writing.write()
    assert slices(figure(grace.book, "obstacles", SPAN)) == {"transport": 1}
    attendance = figure(grace.book, "attendance", SPAN)
    assert slices(attendance) == {"on_time": 1}  # somebody was seen: the visit took place


def test_appraisals_are_in_time_by_the_working_days_of_wales(grace, writing):
    family = writing.family(date(2026, 3, 20)).id
    appraisals = grace.book.appraisals
    # Ten working days from Thursday 26 March, Good Friday and Easter Monday not counted.
    for back in (date(2026, 4, 13), date(2026, 4, 14)):
        asked = appraisals.ask(family, AppraisalForm(kind="housing", asked_on=date(2026, 3, 26)))
        appraisals.back(asked, back)
    appraisals.ask(family, AppraisalForm(kind="health", asked_on=date(2026, 3, 26)))
    asked_for = figure(grace.book, "appraisals", SPAN)
    assert slices(asked_for) == {"health": 1, "housing": 2}
    assert halves(figure(grace.book, "appraisals_in_time", SPAN)) == (1, 2)


def test_a_family_recorded_twice_counts_once(grace):
    ids = [
        grace.book.families.register(
            FamilyForm(
                name="Okoro",
                people=(PersonForm(given="Chidi", surname="Okoro"),),
                referral=ReferralForm(received_at=TODAY, source="school"),
            )
        )
        for _ in range(2)
    ]
    grace.book.plans.agree(ids[1], PlanForm(kind="family_plan", agreed_on=TODAY))
    assert figure(grace.book, "open_now", SPAN).value == 2
    grace.book.joining.join(ids[0], ids[1], same=(), reason="The same door")
    assert figure(grace.book, "open_now", SPAN).value == 1
    assert figure(grace.book, "referrals", SPAN).value == 1
    planned = figure(grace.book, "plans_per_worker_month", SPAN).numerator
    assert [thing.family for thing in planned.things] == [ids[0]]
    assert figure(grace.book, "plans_in_time", SPAN).numerator.number == 1


def test_a_baby_is_the_same_baby_before_and_after_its_birth(house, grace):
    unborn = PersonForm(
        kind=PersonKind.UNBORN, relation=Relation.UNBORN, edd=TODAY + timedelta(days=3)
    )
    family = grace.book.families.register(FamilyForm(name="Okoro", people=(unborn,)))
    (before,) = grace.book.figures._collections()["babies"]
    baby = next(p for p in grace.book.families.people(family) if p.kind is PersonKind.UNBORN)
    house.passes(days=2)
    grace.book.families.born(baby.id, BirthForm(on=TODAY + timedelta(days=1), given="Ife"))
    (after,) = grace.book.figures._collections()["babies"]
    assert (before.id, before.case.babies[0].born) == (after.id, None)
    assert after.case.babies[0].born == TODAY + timedelta(days=1)


def test_a_service_whose_file_was_edited_shows_other_figures_at_the_next_unlocking(tmp_path):
    folder = tmp_path / "profiles"
    write_profile(folder)
    house = House(
        tmp_path, datetime(2026, 11, 23, 9, 0, tzinfo=UK), unsynced, shelf=Shelf([folder])
    )
    house.joins(GRACE)
    house.opens("harbour")
    grace = house.members[GRACE.person]
    grace.book.families.register(FamilyForm(name="Okoro", stage="afloat"))
    before = figure(grace.book, "afloat", SPAN)
    assert (before.tile.words.en, before.value) == ("Afloat now", 100)

    text = HARBOUR.replace('en = "Afloat now"', 'en = "Moored now"').replace(
        'where = { stage = "afloat" } }\ndenominator', 'where = { stage = "moored" } }\ndenominator'
    )
    write_profile(folder, text.replace("version = 1", "version = 2"))
    grace.vault.lock()
    grace.vault.unlock(PASSPHRASE)
    again = Casebook(grace.vault, clock=house.clock, access=grace.access, shelf=Shelf([folder]))
    after = figure(again, "afloat", SPAN)
    assert (after.tile.words.en, after.value) == ("Moored now", 0)
    again.close()
    house.close()


def _reminded(
    writing: Writing, family: str, appointment: str, on: date, states: tuple[str, ...]
) -> None:
    """A reminder that was planned, and what the desk said of it."""
    reference = writing.new_id()
    writing._say(
        family,
        "reminder",
        reference,
        {
            "appointment": appointment, "rule": "text_1_day", "channel": "text",
            "day": (on - timedelta(days=1)).isoformat(),
        },
    )  # fmt: skip
    for state in states:
        said = {"reference": reference, "appointment": appointment, "state": state}
        writing._say(family, "receipt", writing.new_id(), said)
