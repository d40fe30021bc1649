"""What RCT's service published for January to August 2018, read off its own records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction

import pytest

from app.casework.casebook import Casebook
from app.casework.figures import Figure, Span
from casebooks import Member
from published import rct
from published.reading import corrected, halves, on_a_device, shown
from published.reading import figure as figure_of

SPAN = Span(first=rct.FIRST, last=rct.LAST)
EVENING = datetime(2018, 8, 31, 18, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def grace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Member]:
    """A supervisor's device with all of it."""
    with on_a_device(tmp_path_factory.mktemp("rct"), EVENING, "rct", rct.write) as member:
        yield member


@pytest.fixture
def book(grace: Member) -> Casebook:
    return grace.book


def figure(book: Casebook, code: str) -> Figure:
    return figure_of(book, code, SPAN)


def test_1032_were_referred_129_a_month(book):
    assert shown(figure(book, "referrals")) == "1032"
    assert shown(figure(book, "referrals_a_month")) == "129"
    assert [p.value for p in figure(book, "referrals").trend] == [129] * 8


def test_396_are_open_at_9_27_56_and_8_percent(book):
    by_stage = figure(book, "open_by_stage")
    assert by_stage.value == 396
    assert [(s.code, int(s.numerator.number), shown(s)) for s in by_stage.slices] == [
        ("waiting", 36, "9"), ("assessment", 107, "27"), ("intervention", 222, "56"),
        ("review", 31, "8"),
    ]  # fmt: skip
    assert (by_stage.rest, by_stage.overlapping) == (None, 0)


def test_977_were_allocated_and_822_assessed(book):
    assert halves(figure(book, "assessed")) == (822, 977)
    assert shown(figure(book, "assessed")) == "84"


def test_724_were_allocated_for_brokerage_and_688_have_a_plan(book):
    assert halves(figure(book, "planned")) == (688, 724)
    assert shown(figure(book, "planned")) == "95"


def test_each_assessor_takes_23_a_month_and_each_broker_agrees_25_plans(book):
    assert halves(figure(book, "allocations_per_worker_month")) == (977, 42)
    assert shown(figure(book, "allocations_per_worker_month")) == "23"
    assert halves(figure(book, "plans_per_worker_month")) == (688, 27)
    assert shown(figure(book, "plans_per_worker_month")) == "25"


def test_78_6_percent_of_plans_were_in_time(book):
    assert halves(figure(book, "plans_in_time")) == (541, 688)
    assert shown(figure(book, "plans_in_time"), 1) == "78.6"


@pytest.mark.parametrize(
    ("code", "digits", "mean", "many"),
    [
        ("days_to_allocation", 2, "3.32", 977),
        ("days_brokerage_to_panel", 2, "9.97", 688),
        ("days_plan_to_panel", 2, "3.04", 688),
        ("days_panel_to_intervention", 2, "1.95", 508),
        ("days_open_to_review", 1, "66.6", 445),
    ],
)
def test_the_days_between_are_as_published(book, code, digits, mean, many):
    found = figure(book, code)
    assert (shown(found, digits), len(found.own), found.missing) == (mean, many, ())
    assert found.tile.digits == digits


def test_445_plans_were_reviewed_with_2456_actions(book):
    assert shown(figure(book, "plans_reviewed")) == "445"
    assert shown(figure(book, "actions")) == "2456"
    assert shown(figure(book, "actions_per_plan"), 2) == "5.52"


def test_the_teams_add_up_to_more_than_the_families_and_it_is_said(book):
    teams = figure(book, "teams")
    assert {s.code: int(s.numerator.number) for s in teams.slices} == {
        "west": 151, "east": 203, "families_plus": 254, "cans": 193,
    }  # fmt: skip
    assert teams.value == 801
    assert teams.tile.note.en.startswith("A family with two teams counts in both")
    families = {t.family for t in teams.numerator.things}
    assert len(families) == 508


def test_east_saw_each_family_9_2_times_and_families_plus_6_5(book):
    each = {s.code: s for s in figure(book, "contacts_per_family").slices}
    assert shown(each["east"], 1) == "9.2"
    assert each["east"].value == Fraction(1868, 203)
    assert shown(each["families_plus"], 1) == "6.5"


def test_60_of_508_interventions_were_not_completed(book):
    assert halves(figure(book, "not_completed")) == (60, 508)
    assert shown(figure(book, "not_completed"), 1) == "11.8"
    assert "does not say" in figure(book, "not_completed").tile.note.en


def test_the_way_of_1032_families_is_a_funnel(book):
    flow = book.figures.funnel("journey", SPAN)
    assert [int(s.counted.number) for s in flow.steps] == [1032, 977, 822, 724, 688, 508, 445]


def test_a_tile_opens_the_families_behind_it(book):
    not_completed = figure(book, "not_completed")
    behind = book.figures.behind(not_completed.numerator.things)
    assert len(behind) == 60
    assert all(b.name and b.ref.startswith("F-") for b in behind)
    assert [b.name for b in behind] == sorted(b.name for b in behind)
    assert len({b.family for b in behind}) == 60


def test_everything_is_asked_as_of_the_last_day(book):
    early = book.figures.tile("open_now", Span(first=rct.FIRST, last=rct.FIRST))
    assert early is not None
    assert early.value == 5  # those of the first of January


def test_records_with_wrong_dates_do_not_come_out_as_published(grace, book):
    late = grace.vault.find("allocation", {"function": "engagement_assessment"}, limit=12)
    with corrected(grace, late, since="2018-08-31", worker="ff" * 16):
        assert shown(figure(book, "days_to_allocation"), 2) != "3.32"
        assert halves(figure(book, "allocations_per_worker_month")) != (977, 42)
        assert shown(figure(book, "referrals")) == "1032"
    assert shown(figure(book, "days_to_allocation"), 2) == "3.32"


def test_five_families_that_finished_after_all_do_not_come_out_as_published(grace, book):
    five = grace.vault.find("episode", {"closure_reason": "not_completed"}, limit=5)
    with corrected(grace, five, closure_reason="completed"):
        assert halves(figure(book, "not_completed")) == (55, 508)
        assert shown(figure(book, "not_completed"), 1) == "10.8"
    assert shown(figure(book, "not_completed"), 1) == "11.8"
