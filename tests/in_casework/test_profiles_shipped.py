"""What the four services that come with the app say of themselves, against what they published."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, timedelta

import pytest

from app.casework.gestation import gestation_on
from app.casework.profile import Profile, Shelf, Words
from app.casework.profile.standard import STANDARD
from app.casework.profile.tiles import Tile
from app.places import PROFILES, ROOT

SERVICES = ("reconnect", "durham", "rct", "building-bonds")
SHELF = Shelf(shipped=PROFILES)


def profile(service: str) -> Profile:
    return SHELF.find(service).profile


def tile(service: str, code: str) -> Tile:
    return next(t for t in profile(service).tiles if t.code == code)


def every(kind: type, value: object) -> Iterator[object]:
    """Everything of a kind anywhere inside a profile."""
    if isinstance(value, kind):
        yield value
    if is_dataclass(value):
        for field in fields(value):
            if not field.name.startswith("_"):
                yield from every(kind, getattr(value, field.name))
    elif isinstance(value, tuple):
        for inner in value:
            yield from every(kind, inner)


@pytest.mark.parametrize("service", SERVICES)
def test_every_word_of_a_service_is_there_in_english_and_welsh(service):
    said = [w for w in every(Words, profile(service)) if w != Words()]
    assert len(said) > 150
    assert all(w.en and w.cy for w in said)
    reminders = profile(service).reminders
    for template in reminders.templates.values():
        assert set(template.text) == {"en", "cy"}
        assert template.key.startswith(("voice_", "staff_")) or set(template.easy) == {"en", "cy"}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_words_its_own_codes_and_leaves_no_standard_one_without_words(service):
    for vocabulary, codes in STANDARD.items():
        for code in profile(service).codes(vocabulary) or ():
            assert profile(service).word(vocabulary, code, "cy_GB") or code in codes


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_assumed_is_marked_as_such(service):
    text = (PROFILES / f"{service}.toml").read_text(encoding="utf-8")
    for assumed in ("stale_hours", "begin", "review_months", "max_silence_hours", "grace"):
        (line,) = re.findall(rf"(?m)^{assumed} = .*$", text)
        assert "[A]" in line, line


def test_reconnect_is_as_it_publishes_itself():
    service = profile("reconnect")
    assert service.capacity.families == 30
    assert {
        "social_worker", "midwife", "health_visitor", "community_paediatrician",
        "childrens_centre", "mental_health", "family_nurse_partnership",
    } <= set(service.codes("source") or ())  # fmt: skip
    assert service.codes("legal") == (
        "none", "child_in_need", "child_protection_plan", "pre_proceedings", "care_proceedings",
        "ended",
    )  # fmt: skip
    assert service.contact_type("telephone_support").counts == "contact"
    assert service.codes("intervention") == (
        "mbt_group", "mbt_individual", "vig", "trauma_therapy", "couples",
    )  # fmt: skip
    group = service.programme("mbt_group")
    assert 180 <= group.sessions * group.every_days <= 190
    assert {m.code: m.better for m in service.measures} == {
        "parental_stress": "lower", "sensitivity": "higher", "self_efficacy": "higher",
        "mental_health": "lower", "feedback": "higher",
    }  # fmt: skip
    assert {"video_interview", "focus_group", "interview_panel", "research"} <= set(
        service.codes("consent") or ()
    )
    checks = {c.code: c for c in service.eligibility}
    assert checks["under_two"].below == 24
    assert checks["before_proceedings"].none_of == ("care_proceedings",)
    assert tile("reconnect", "length").mark_at_least == 24


def test_durhams_clocks_are_days_before_the_due_date():
    """The published Baby A: 12+0 on 1 June 2018, due on 14 December 2018."""
    service = profile("durham")
    due = date(2018, 12, 14)
    days = {
        clock.code: due + timedelta(days=clock.amount)
        for clock in service.clocks
        if clock.unit == "edd_offset"
    }
    assert days == {
        "allocation": date(2018, 6, 1),
        "assessment": date(2018, 9, 21),
        "plan": date(2018, 10, 19),
    }
    assert str(gestation_on(due, days["assessment"])) == "28+0"
    assert {c.for_each for c in service.clocks} == {"baby"}
    (limits,) = service.caseload
    assert (limits.role, limits.least, limits.most) == ("social_worker", 10, 12)
    assert {"parents", "family", "foster", "foster_to_adopt", "other"} <= set(
        service.codes("placement") or ()
    )
    always = {f.code for f in service.functions if "assessment" in f.needed_in}
    assert always == {"social_worker", "family_worker"}
    assert [c.fact for c in service.eligibility] == [
        "pregnant",
        "previous_removal",
        "gestation_days",
    ]


def test_the_resilient_families_service_is_as_it_publishes_itself():
    service = profile("rct")
    assert service.calendar == "WLS"
    assert service.codes("team") == ("west", "east", "families_plus", "cans")
    assert service.codes("function") == (
        "engagement_assessment", "brokerage_review", "intervention_worker", "family_aide",
        "social_worker", "health_specialist",
    )  # fmt: skip
    assert service.codes("via") == ("mash",)
    limits = {c.code: (str(c.anchor), c.amount, c.unit) for c in service.clocks}
    assert limits["assessment"] == ("referral_received", 14, "days")
    assert limits["plan"] == ("referral_received", 21, "days")
    assert limits["plan_review"] == ("intervention_started", 42, "days")
    assert limits["intervention"] == ("intervention_started", 84, "days")
    assert limits["appraisal"][2] == "working_days"
    assert service.codes("appraisal") == (
        "health", "housing", "education", "financial_inclusion", "parenting", "young_person",
    )  # fmt: skip
    assert (service.panel.weekday, service.panel.every_weeks) == (2, 1)
    assert service.reminders.until_known == ("cy", "en")


@pytest.mark.parametrize(
    ("family", "initial", "evaluation", "printed"),
    [
        ("A", (25, 22, 17, 18), (15, 18, 11, 13), (65, 46)),
        ("B", (21, 23, 16, 16), (15, 19, 11, 12), (60, 46)),
        ("C", (18, 21, 26, 22), (15, 22, 14, 14), (61, 51)),
    ],
)
def test_the_published_families_totals_come_out_as_printed(family, initial, evaluation, printed):
    measure = profile("rct").measure("resilience")
    before, after = (
        dict(zip(("environment", "adversity", "resilience", "vulnerability"), s, strict=True))
        for s in (initial, evaluation)
    )
    assert (measure.total_of(before), measure.total_of(after)) == printed
    assert measure.direction(*printed) == "better"
    adversity = measure.direction(before["adversity"], after["adversity"], "adversity")
    assert adversity == ("worse" if family == "C" else "better")


def test_building_bonds_is_as_it_publishes_itself():
    service = profile("building-bonds")
    assert service.codes("locality") == ("huyton", "kirkby")
    assert service.capacity.waiting_by == "locality"
    for code in ("peep_antenatal", "peep_postnatal"):
        peep = service.programme(code)
        assert (peep.sessions, peep.every_days, peep.audience) == (8, 7, "family")
        assert peep.venue == "childrens_centre"
    courses = {p.code: p.sessions for p in service.programmes if p.audience == "professional"}
    assert courses == {"training_8_day": 8, "training_2_day": 2}
    assert {"antidepressant", "domestic_abuse", "drugs_alcohol", "known_at_booking"} <= set(
        service.codes("indicator") or ()
    )
    assert [o.code for o in service.measure("mental_health").occasions][-1] == "follow_up"
    assert service.destinations[0].code == "universal"


PUBLISHED = {
    "rct": (
        "referrals", "referrals_a_month", "open_now", "open_by_stage", "allocated", "assessed",
        "planned", "allocations_per_worker_month", "plans_per_worker_month", "plans_in_time",
        "days_to_allocation", "days_brokerage_to_panel", "days_plan_to_panel",
        "days_panel_to_intervention", "days_open_to_review", "plans_reviewed", "actions",
        "actions_per_plan", "teams", "contacts_per_family", "not_completed",
    ),
    "durham": ("referrals", "progressed", "stayed", "babies_now", "where_babies_live", "caseload"),
    "reconnect": ("open_now", "treated", "stays_with_parent", "length"),
    "building-bonds": (
        "engaged", "off_antidepressants", "domestic_abuse", "drugs_alcohol",
        "mental_health_better", "wellbeing_better", "destination", "parents_in_groups",
        "group_closer", "group_recommend", "not_known_at_booking", "trained", "training_useful",
        "training_confident",
    ),
}  # fmt: skip
"""Each figure a service published, as the code of the tile that says how it is computed."""


@pytest.mark.parametrize("service", PUBLISHED)
def test_every_published_figure_is_a_tile(service):
    codes = [t.code for t in profile(service).tiles]
    assert set(PUBLISHED[service]) <= set(codes)
    assert {t.section for t in profile(service).tiles} == set(profile(service).codes("section"))


def test_the_shown_digits_are_those_that_were_published():
    digits = {
        "plans_in_time": 1, "days_to_allocation": 2, "days_brokerage_to_panel": 2,
        "days_plan_to_panel": 2, "days_panel_to_intervention": 2, "days_open_to_review": 1,
        "contacts_per_family": 1, "not_completed": 1, "assessed": 0,
    }  # fmt: skip
    assert {code: tile("rct", code).digits for code in digits} == digits
    assert tile("durham", "caseload").digits == 1


def test_nothing_in_the_product_asks_which_service_it_is():
    """A service is a file. Code that names one could not be had by a fifth."""
    named = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for folder in ("app", "storage", "sync", "build")
        for file in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in SERVICES
    ]
    # The demo's default is the one place that names a service, as a person would by typing it.
    assert [place.partition(":")[0] for place in named] == ["build/demo/__main__.py"]


def test_nothing_compares_the_name_of_a_service():
    """`profile.service == …` would be the same question in other words."""
    for file in (ROOT / "app").rglob("*.py"):
        if "casework/profile" in file.as_posix():
            continue  # there it is told whether a file is the one asked for
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare | ast.Match):
                said = (
                    [node.left, *node.comparators]
                    if isinstance(node, ast.Compare)
                    else [node.subject]
                )
                for one in said:
                    assert not (isinstance(one, ast.Attribute) and one.attr == "service"), (
                        f"{file.name}:{node.lineno}"
                    )
