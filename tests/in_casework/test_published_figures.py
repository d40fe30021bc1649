"""What ReConnect, Durham and Building Bonds published, read off their own records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app.casework.figures import Span
from casebooks import Member
from published import building_bonds, durham, reconnect
from published.reading import corrected, figure, halves, on_a_device, shown, slices

DURHAM = Span(first=durham.FIRST, last=durham.LAST)
RECONNECT = Span(first=reconnect.FIRST, last=reconnect.LAST)
BONDS = Span(first=building_bonds.FIRST, last=building_bonds.LAST)


@pytest.fixture(scope="module")
def pre_birth(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Member]:
    evening = datetime(2019, 3, 31, 18, 0, tzinfo=UTC)
    with on_a_device(tmp_path_factory.mktemp("d"), evening, "durham", durham.write) as member:
        yield member


@pytest.fixture(scope="module")
def treating(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Member]:
    evening = datetime(2018, 3, 31, 18, 0, tzinfo=UTC)
    with on_a_device(tmp_path_factory.mktemp("r"), evening, "reconnect", reconnect.write) as m:
        yield m


@pytest.fixture(scope="module")
def bonds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Member]:
    evening = datetime(2017, 5, 31, 18, 0, tzinfo=UTC)
    with on_a_device(
        tmp_path_factory.mktemp("b"), evening, "building-bonds", building_bonds.write
    ) as member:
        yield member


# --- Durham


def test_of_64_referrals_56_went_on_and_8_did_not(pre_birth):
    book = pre_birth.book
    assert shown(figure(book, "referrals", DURHAM)) == "64"
    assert slices(figure(book, "progressed", DURHAM)) == {"progressed": 56, "no_further_action": 8}
    assert figure(book, "progressed", DURHAM).rest is None


def test_54_stayed_when_two_had_moved_to_another_authority(pre_birth):
    stayed = figure(pre_birth.book, "stayed", DURHAM)
    assert stayed.value == 54
    assert [int(left.counted.number) for left in stayed.left] == [2]


def test_29_are_in_assessment_3_unborn_on_a_plan_and_22_born(pre_birth):
    now = figure(pre_birth.book, "babies_now", DURHAM)
    assert (now.value, slices(now)) == (54, {"in_assessment": 29, "unborn_on_plan": 3, "born": 22})
    assert (now.rest, now.overlapping) == (None, 0)


def test_9_and_12_do_not_make_22_and_the_one_left_over_is_shown(pre_birth):
    living = figure(pre_birth.book, "where_babies_live", DURHAM)
    assert (living.value, slices(living)) == (22, {"from_birth": 9, "now": 12})
    assert living.rest is not None
    assert living.rest.numerator.number == 1
    assert pre_birth.book.figures.behind(living.rest.numerator.things)[0].ref.startswith("F-")


def test_each_of_five_social_workers_has_10_8_families_inside_what_is_meant(pre_birth):
    caseload = figure(pre_birth.book, "caseload", DURHAM)
    assert halves(caseload) == (54, 5)
    assert shown(caseload, caseload.tile.digits) == "10.8"
    assert (caseload.tile.target_least, caseload.tile.target) == (10, 12)


def test_a_baby_whose_home_was_written_down_after_all_closes_the_gap(pre_birth):
    adopted = pre_birth.vault.find("period", {"kind": "placement", "code": "foster"}, limit=3)
    with corrected(pre_birth, adopted, code="parents"):
        living = figure(pre_birth.book, "where_babies_live", DURHAM)
        assert slices(living) == {"from_birth": 12, "now": 9}


# --- ReConnect


def test_30_families_are_open_and_85_were_treated(treating):
    assert figure(treating.book, "open_now", RECONNECT).value == 30
    assert figure(treating.book, "open_now", RECONNECT).tile.target == 30
    assert figure(treating.book, "treated", RECONNECT).value == 85
    assert figure(treating.book, "waiting_now", RECONNECT).value == 4


def test_three_of_four_children_stay_with_their_parent(treating):
    stays = figure(treating.book, "stays_with_parent", RECONNECT)
    assert halves(stays) == (64, 85)
    assert shown(stays, stays.tile.digits) == "75.3"


def test_where_nobody_wrote_down_who_a_child_lives_with_the_episode_is_left_out(treating):
    foster = treating.vault.find("period", {"kind": "placement", "code": "foster"}, limit=5)
    with corrected(treating, foster, since="2019-01-01"):
        stays = figure(treating.book, "stays_with_parent", RECONNECT)
        assert halves(stays) == (64, 80)
        assert [int(left.counted.number) for left in stays.left] == [5]
        assert shown(stays, 1) != "75.3"


def test_treatment_lasts_15_months_and_those_of_two_years_are_listed(treating):
    length = figure(treating.book, "length", RECONNECT)
    assert (shown(length), len(length.own), length.missing) == ("15", 85, ())
    assert len(length.marked) == len(reconnect.LONG)
    months = [b.own for b in treating.book.figures.behind(length.marked, length)]
    assert sorted(round(m) for m in months if m is not None) == sorted(reconnect.LONG)


# --- Building Bonds


@pytest.mark.parametrize(
    ("code", "above", "below", "percent"),
    [
        ("engaged", 48, 50, "96"),
        ("not_known_at_booking", 25, 50, "50"),
        ("off_antidepressants", 20, 50, "40"),
        ("domestic_abuse", 30, 5, "83"),
        ("drugs_alcohol", 21, 4, "81"),
        ("mental_health_better", 45, 50, "90"),
        ("wellbeing_better", 50, 50, "100"),
        ("group_closer", 45, 50, "90"),
        ("group_recommend", 50, 50, "100"),
        ("training_useful", 46, 50, "92"),
        ("training_confident", 50, 50, "100"),
    ],
)
def test_the_percentages_come_out_with_what_they_are_of(bonds, code, above, below, percent):
    span = BONDS
    if code == "not_known_at_booking":
        span = Span(first=building_bonds.REPORT[0], last=building_bonds.REPORT[1])
    found = figure(bonds.book, code, span)
    assert (halves(found), shown(found)) == ((above, below), percent)


def test_two_of_three_go_on_to_universal_services(bonds):
    found = figure(bonds.book, "destination", BONDS)
    assert [(s.code, shown(s)) for s in found.slices] == [("universal", "67"), ("other", "33")]


def test_286_parents_came_to_a_group_however_often_each_came(bonds):
    found = figure(bonds.book, "parents_in_groups", BONDS)
    assert found.value == 286
    assert len(found.numerator.things) > 500


def test_a_parent_who_was_only_expected_is_not_one_who_came(bonds):
    one = bonds.vault.find("attendance", {"code": "3"}, limit=2)
    assert len(one) == 2
    before = figure(bonds.book, "engaged", BONDS).numerator.number
    with corrected(bonds, one, code="5"):
        assert figure(bonds.book, "engaged", BONDS).numerator.number == before + 2


def test_79_and_74_professionals_were_trained_each_counted_once(bonds):
    trained = figure(bonds.book, "trained", BONDS)
    assert (trained.value, slices(trained)) == (153, {"training_8_day": 79, "training_2_day": 74})
    assert not any(thing.family for thing in trained.numerator.things)
