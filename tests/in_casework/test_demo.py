"""The demo's history: full enough to try everything, made up, and the same each time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest

from app.casework.appointment import clashes
from app.casework.appraisal import AppraisalState
from app.casework.casebook import Casebook
from app.casework.family import FamilyStatus
from app.casework.figures import Span
from app.casework.forms import Booking
from app.casework.life_event import What
from app.casework.people import PersonKind
from app.casework.review import ReviewState
from app.casework.safe_contact import Channel
from app.casework.third_party import passages
from app.casework.timeline import Event
from app.demo import Cast, generate
from app.demo.households import HOUSEHOLDS
from app.demo.renaming import households_of
from app.places import ROOT
from casebooks import House
from cast import AMINA, GRACE, RHIAN
from fakes import unsynced

SUNDAY_EVENING = datetime(2026, 11, 22, 19, 30, tzinfo=UTC)
WEDNESDAY_NOON = datetime(2026, 11, 25, 12, 10, tzinfo=UTC)
THURSDAY_EVENING = datetime(2026, 11, 26, 20, 40, tzinfo=UTC)


def told(folder, now: datetime, service: str = "reconnect") -> House:
    house = House(folder, now, unsynced)
    for who in (GRACE, AMINA, RHIAN):
        house.joins(who)
    house.opens(service)
    cast = Cast(
        grace=house.members[GRACE.person].book,
        amina=house.members[AMINA.person].book,
        rhian=house.members[RHIAN.person].book,
    )
    generate(cast, now=now, carry=house.carry)
    return house


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[House]:
    made = told(tmp_path_factory.mktemp("demo"), WEDNESDAY_NOON)
    yield made
    made.close()


@pytest.fixture
def grace(house: House) -> Casebook:
    return house.members[GRACE.person].book


@pytest.fixture
def amina(house: House) -> Casebook:
    return house.members[AMINA.person].book


def every_text(house: House) -> str:
    vault = house.members[GRACE.person].vault
    kinds = (
        "person", "address", "safe_contact", "professional", "visit_note", "contact", "addendum",
        "note_review", "risk_note", "access_note", "goal", "action", "attendance", "worker",
    )  # fmt: skip
    return "\n".join(str(dict(x.fields)) for kind in kinds for x in vault.find(kind))


def test_there_are_thirty_families_and_fifteen_months(grace):
    lines = grace.families.lines()
    assert len(lines) == 30
    assert Counter(line.status for line in lines) == {
        FamilyStatus.OPEN: 26,
        FamilyStatus.WAITING: 2,
        FamilyStatus.CLOSED: 2,
    }
    oldest = min(n.occurred_at for line in lines for n in grace.notes.of_family(line.id, limit=500))
    assert timedelta(days=365) < WEDNESDAY_NOON - oldest < timedelta(days=460)
    assert sum(line.gestation is not None for line in lines) >= 5


def test_two_families_are_nearly_the_same_and_told_apart(grace):
    alike = grace.families.lines("hughes")
    assert [line.name for line in alike] == ["Hughes", "Hughes"]
    streets = [dict(line.told_apart)["street"] for line in alike]
    assert streets == ["17 Sorrel Way", "71 Sorrel Way"]


def test_every_screen_finds_something(grace, amina, house):
    overview = grace.supervision.overview()
    assert 5 <= overview.to_review <= 8
    assert len(grace.supervision.queue()) == overview.to_review
    assert 3 <= len(grace.supervision.queue(looked_at=True)) <= 20
    assert overview.conversations >= 1
    assert overview.conflicts == 1
    assert overview.over_capacity >= 1
    unsigned = grace.supervision.unsigned()
    assert {u.note is None for u in unsigned} == {True, False}
    assert len(amina.notes.drafts()) == 1
    mine = Counter(x.note.review for x in amina.supervision.for_me())
    assert mine[ReviewState.RETURNED] == 1
    assert mine[ReviewState.COMMENTED] >= 1
    assert any(x.note.review is ReviewState.ANSWERED for x in grace.supervision.queue())
    okoro = next(line for line in amina.families.lines("okoro"))
    shown = amina.families.get(okoro.id)
    assert shown.unborn[0].edd_before
    assert shown.network
    assert shown.risks
    assert {e.event for e in amina.families.timeline(okoro.id, limit=500).entries} >= {
        Event.NOTE, Event.OUTCOME, Event.CANCELLED, Event.CONTACT, Event.REVIEW, Event.PERIOD,
        Event.GOAL, Event.ACTION, Event.OBSTACLE, Event.REFERRAL,
    }  # fmt: skip


def test_the_hard_things_are_there_and_worded_with_care(grace, amina, house):
    by_name = {line.name: grace.families.get(line.id) for line in grace.families.lines()}
    popescu = by_name["Popescu"]
    assert [(b.place, b.of) for b in popescu.unborn] == [(1, 2), (2, 2)], "twins are expected"
    assert len({b.edd for b in popescu.unborn}) == 1
    events = [e for family in by_name.values() for e in family.events]
    assert Counter(e.what for e in events) == {What.BORN: len(events) - 1, What.PREGNANCY_ENDED: 1}
    assert len(events) > 10, "many were born while the service worked with them"
    born = by_name["Delgado"].children[0]
    assert born.edd is not None
    assert born.born_at is not None

    lost = by_name["Ibrahim"]
    assert (lost.unborn, len(lost.lost)) == ((), 1)
    (event,) = lost.events
    after = [n for n in grace.notes.of_family(lost.id) if n.occurred_at.date() > event.on]
    assert len(after) >= 2
    assert not any(re.search(r"\b(baby|pregnan|due|cot|birth)", n.text) for n in after)
    coming = grace.diary.of_family(lost.id)
    assert all(a.cancelled for a in coming)
    assert not [d for d in amina.diary.due_today() if d.family == lost.id]
    assert all(goal.status != "open" for goal in lost.goals)

    for name in ("Okoro", "Whitcombe"):
        (away,) = by_name[name].children_elsewhere
        assert away.address is not None
        parents = {p.id for p in by_name[name].adults}
        assert set(away.address.secret_from) == parents
        assert away.contact_arrangements
    twice = by_name["Tesfay"]
    assert [by_name["Tesfaye"].id] == list(twice.alike), "one family, entered a second time"
    doubled = grace.joining.look(by_name["Tesfaye"].id, twice.id)
    assert len(doubled.likely) == 2, "mother and child"
    told = [
        p
        for note in grace.notes.of_family(by_name["Marsh"].id, limit=500)
        for p in passages(note.text)
        if p.third_party
    ]
    assert told
    assert all(p.who for p in told)


def test_a_parent_who_must_not_know_the_address_is_named_on_it(grace):
    secret = [
        (family, person)
        for line in grace.families.lines()
        for family in [grace.families.get(line.id)]
        for person in family.adults
        if person.address and person.address.secret_from
    ]
    assert len(secret) == 2
    for family, person in secret:
        partner = family.person(person.address.secret_from[0])
        assert partner.address.lines != person.address.lines
        assert "Sorrel" not in str(partner.addresses)


def test_today_is_full_on_a_working_day_and_on_a_sunday(tmp_path, amina):
    assert len(amina.diary.today()) >= 4
    sunday = told(tmp_path, SUNDAY_EVENING)
    for who in (AMINA, RHIAN):
        assert len(sunday.members[who.person].book.diary.today()) >= 3
    sunday.close()


@pytest.mark.parametrize("now", [THURSDAY_EVENING, THURSDAY_EVENING.replace(hour=8)])
def test_there_is_a_visit_to_write_about_at_any_hour(tmp_path, now):
    made = told(tmp_path, now)
    cards = made.members[AMINA.person].book.diary.today()
    assert [c for c in cards if c.note is None and not c.appointment.cancelled]
    made.close()


@pytest.mark.parametrize("now", [SUNDAY_EVENING, WEDNESDAY_NOON, THURSDAY_EVENING])
def test_the_family_that_the_readme_names_may_be_texted(tmp_path, now):
    """Its second journey ends at once where nobody was asked about messages."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = re.search(r"whose mother may be\s+texted, such as \*(\w+)\*", readme)
    assert named
    made = told(tmp_path, now)
    made.gets_a_desk()
    made.carry()
    book = made.members[AMINA.person].book
    (family,) = [line.id for line in book.families.lines() if line.name == named[1]]
    visit = book.at(date(2026, 12, 3), time(14, 30))
    texts = [
        reminder
        for reminder in book.reminders.preview(Booking(family=family, starts=visit)).reminders
        if reminder.channel is Channel.TEXT
    ]
    assert texts
    made.close()


def test_nothing_is_told_that_contradicts_itself(house, grace):
    vault = house.members[GRACE.person].vault
    cancelled = {a.record: a for a in vault.find("appointment", {"status": "cancelled"})}
    assert len(cancelled) > 50
    for kind in ("visit_note", "attendance"):
        assert {x.fields["appointment"] for x in vault.find(kind)} & set(cancelled) == set()

    for line in grace.families.lines():
        family = grace.families.get(line.id)
        told = " ".join(referral.reason for referral in family.referrals)
        homes = [{a.one_line for a in p.addresses if a.current} for p in family.adults]
        together = len(homes) > 1 and bool(set.intersection(*homes))
        assert not (together and "living apart" in told), line.name
    with_baby = [a for a in cancelled.values() if "Baby" in str(a.fields.get("cancel_reason"))]
    assert with_baby
    for one in with_baby:
        on = grace.diary.get(one.record).local.date()
        family = grace.families.get(one.casefile)
        born = [p.dob for p in family.people if p.kind == "child" and p.dob is not None]
        assert any(day <= on for day in born), family.name


def test_nobody_is_in_two_places_at_once(house, grace):
    vault = house.members[GRACE.person].vault
    everything = [
        grace.diary.get(record.record)
        for record in vault.find("appointment", {"status": "booked"}, order_by=("starts",))
    ]
    booked = [one for one in everything if not one.session]  # many come to one group's session
    conflicting = {c.record for c in grace.conflicts()}
    near = [
        (one, other)
        for place, one in enumerate(booked)
        for other in booked[place + 1 : place + 40]
        if clashes(one, [other]) and not {one.id, other.id} & conflicting
    ]
    assert near == []


def test_notes_differ_and_fit_the_age_of_the_baby(grace):
    for line in grace.families.lines():
        notes = grace.notes.of_family(line.id, limit=500)
        texts = [n.text for n in notes if n.text]
        assert len(set(texts)) == len(texts)
        for one, other in pairwise(texts):
            ours = set(re.split(r"(?<=[.!?])\s+", one))
            theirs = set(re.split(r"(?<=[.!?])\s+", other))
            assert len(ours & theirs) <= len(ours) // 2
        baby = next(
            (p for p in grace.families.people(line.id) if p.kind is not PersonKind.ADULT), None
        )
        for note in notes:
            if baby is not None and (baby.dob is None or note.occurred_at.date() < baby.dob):
                assert not re.search(r"\b(slept on|nappy|bottle|rolled|teeth)\b", note.text)


def test_no_number_could_be_anybodys_and_nothing_is_left_unfilled(house):
    texts = every_text(house)
    numbers = re.findall(r"\b0\d[\d ]{8,}\d\b", texts)
    assert len(numbers) > 100
    assert all(re.fullmatch(r"07700 900\d{3}", n) for n in numbers)
    assert not re.search(r"\{(mum|baby|partner|he|him|his|He|himself|weeks)\}", texts)
    assert set(re.findall(r"\b([A-Z]{1,2})\d{1,2} \d[A-Z]{2}\b", texts)) == {"ZX"}


def test_the_same_day_tells_the_same_story_again(house, tmp_path):
    again = told(tmp_path, WEDNESDAY_NOON)

    def story(h: House) -> list[tuple[str, str]]:
        vault = h.members[GRACE.person].vault
        return sorted(
            (str(n.fields["occurred_at"]), str(n.fields["text"])) for n in vault.find("visit_note")
        )

    assert story(again) == story(house)
    again.close()


def test_only_her_own_families_are_on_a_workers_device(house, amina):
    grace_families = {line.id for line in house.members[GRACE.person].book.families.lines()}
    hers = {line.id for line in amina.families.lines()}
    assert hers < grace_families
    assert {line.id for line in amina.families.lines(worker=AMINA.person)} == hers


def test_each_service_has_families_of_its_own():
    told_of = [households_of(s) for s in ("reconnect", "durham", "rct", "building-bonds")]
    names = [name for families in told_of for name in {family.surname for family in families}]
    assert len(set(names)) == len(names)
    for families in told_of:
        assert len({(family.surname, family.street) for family in families}) == 30
        for family, first in zip(families, HOUSEHOLDS, strict=True):
            assert family.themes == first.themes
            for name in ("known_as", "partner", "baby", "sibling", "away"):
                assert bool(getattr(family, name)) == bool(getattr(first, name)), family


@pytest.mark.parametrize("service", ["durham", "rct", "building-bonds"])
def test_each_service_tells_the_story_in_its_own_codes(tmp_path, service):
    made = told(tmp_path, WEDNESDAY_NOON, service)
    grace = made.members[GRACE.person].book
    profile, vault = grace.profile, made.members[GRACE.person].vault

    def used(kind: str, field: str) -> set[str]:
        return {str(r.fields[field]) for r in vault.find(kind) if r.fields.get(field)}

    stages = {str(r.fields["code"]) for r in vault.find("period", {"kind": "stage"})}
    assert profile.service == service
    assert len(stages & set(profile.codes("stage"))) >= 4
    assert stages <= set(profile.codes("stage"))
    assert used("referral", "source") <= set(profile.codes("source"))
    assert used("referral", "via") == set(profile.codes("via"))
    assert used("appointment", "kind") <= set(profile.codes("contact_type"))
    assert used("visit_note", "contact_type") <= set(profile.codes("contact_type"))
    assert used("appointment", "venue_type") <= set(profile.codes("venue_type"))
    assert used("allocation", "function") <= set(profile.codes("function"))
    assert {line.status for line in grace.families.lines()} == set(FamilyStatus)
    assert used("plan", "plan") == set(profile.codes("plan"))
    assert used("action", "agency") <= set(profile.codes("agency"))
    assert used("intervention", "intervention") <= set(profile.codes("intervention"))
    agenda = grace.panels.agenda()
    assert (agenda is None) == (profile.panel is None)
    assert agenda is None or 1 <= len(agenda.items) <= 6
    out = {one.state(grace.today) for one in grace.appraisals.out()}
    expected = {AppraisalState.ASKED, AppraisalState.OVERDUE} if profile.appraisals else set()
    assert out == expected
    assert used("measurement", "measure") == {m.code for m in profile.measures}
    begun = grace.figures.beginning()
    assert begun is not None
    seen = grace.figures.dashboard(Span(first=begun, last=grace.today))
    empty = [f.tile.code for f in seen.figures if not f.numerator.things]
    assert len(empty) <= len(seen.figures) // 3, empty
    assert all(flow.steps[1].counted.number for flow in seen.flows)
    made.close()
