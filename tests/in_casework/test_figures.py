"""Every form of tile over a handful of boats: what is counted, what is left out, what is behind."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from app.casework.clocks import Pregnant
from app.casework.figures import Baby, Figure, Span, Working, chosen, rounded
from figured import a_case, a_period, a_thing, flowed, worked_out

YEAR = ("2026-01-01", "2026-12-31")


def names(figure: Figure) -> list[str]:
    return [thing.id for thing in figure.numerator.things]


def sail(name: str, since: str, **more: object):
    """A boat that sailed on the day it came."""
    return a_case(name, opened=since, stages={"afloat": since}, **more)  # type: ignore[arg-type]


# --- numbers


def test_a_number_counts_what_bears_its_date_in_the_period_and_names_the_records():
    boats = [sail("early", "2026-01-31"), sail("in", "2026-02-01"), sail("late", "2026-03-01")]
    figure = worked_out(
        'show = "number"\nnumerator = { count = "episodes", during = "stage:afloat" }',
        boats, "2026-02-01", "2026-02-28",
    )  # fmt: skip
    assert figure.value == 1
    assert names(figure) == ["in"]


def test_without_a_date_it_counts_what_was_true_on_the_last_day_and_not_what_is_true_today():
    boat = a_case(
        "boat",
        opened="2026-01-05",
        closed="2026-06-01",
        closure="landed",
        stages={"moored": "2026-01-05", "afloat": "2026-02-01"},
    )
    not_yet = sail("next", "2026-04-01")
    standing = 'show = "number"\nnumerator = { count = "episodes", where = { standing = "open" } }'
    assert names(worked_out(standing, [boat, not_yet], "2026-01-01", "2026-01-31")) == []
    assert names(worked_out(standing, [boat, not_yet], "2026-01-01", "2026-03-31")) == ["boat"]
    assert names(worked_out(standing, [boat, not_yet], *YEAR)) == ["next"]


@pytest.mark.parametrize(
    ("per", "last", "amount"),
    [
        ("month", "2018-08-31", Fraction(8)),
        ("month", "2018-02-14", Fraction(3, 2)),
        ("quarter", "2018-06-30", Fraction(2)),
        ("year", "2018-12-31", Fraction(1)),
        ("week", "2018-01-14", Fraction(2)),
    ],
)
def test_so_many_a_month_is_divided_by_the_months_of_the_period(per, last, amount):
    assert Span(first=date(2018, 1, 1), last=date.fromisoformat(last)).amount(per) == amount


def test_eight_months_of_referrals_are_divided_by_eight():
    referrals = [a_thing("referrals", str(n), on={"received": "2026-03-03"}) for n in range(24)]
    figure = worked_out(
        'show = "number"\nper = "month"\nnumerator = { count = "referrals", during = "received" }',
        referrals, "2026-01-01", "2026-08-31",
    )  # fmt: skip
    assert figure.value == 3


def test_what_went_on_in_the_period_counts_whenever_it_began():
    allocations = [
        a_thing("allocations", "over", on={"since": "2025-03-01", "until": "2026-02-28"}),
        a_thing("allocations", "ends in it", on={"since": "2025-03-01", "until": "2026-03-01"}),
        a_thing("allocations", "goes on", on={"since": "2025-03-01"}),
        a_thing("allocations", "begins in it", on={"since": "2026-03-31"}),
        a_thing("allocations", "to come", on={"since": "2026-04-01"}),
    ]
    figure = worked_out(
        'show = "number"\nnumerator = { count = "allocations", during = "held" }',
        allocations, "2026-03-01", "2026-03-31",
    )  # fmt: skip
    assert names(figure) == ["ends in it", "goes on", "begins in it"]


def test_different_pairs_are_counted_instead_of_records_when_a_tile_says_so():
    allocations = [
        a_thing("allocations", "1", on={"since": "2026-01-02"}, worker="wren"),
        a_thing("allocations", "2", on={"since": "2026-01-30"}, worker="wren"),
        a_thing("allocations", "3", on={"since": "2026-02-01"}, worker="wren"),
        a_thing("allocations", "4", on={"since": "2026-02-01"}, worker="finch"),
    ]
    figure = worked_out(
        'show = "ratio"\ndigits = 2\n'
        'numerator = { count = "allocations", during = "since" }\n'
        'denominator = { count = "allocations", during = "since", distinct = ["worker", "month"] }',
        allocations, *YEAR,
    )  # fmt: skip
    assert figure.denominator is not None
    assert (figure.numerator.number, figure.denominator.number) == (4, 3)
    assert str(rounded(figure.value or Fraction(0), 2)) == "1.33"


def test_hours_are_added_up():
    crew = [a_thing("workers", "a", amount=0.6), a_thing("workers", "b", amount=1)]
    figure = worked_out(
        'show = "ratio"\ndigits = 1\nnumerator = { count = "episodes" }\n'
        'denominator = { add_up = "wte" }',
        [sail("boat", "2026-02-01"), *crew], *YEAR,
    )  # fmt: skip
    assert figure.value == Fraction(1) / Fraction("1.6")


# --- percentages


def test_a_percentage_has_both_halves_and_nothing_is_divided_by_nothing():
    told = (
        'show = "percentage"\n'
        'numerator = { count = "episodes", where = { stage = "afloat" } }\n'
        'denominator = { count = "episodes", where = { standing = ["waiting", "open"] } }'
    )
    moored = a_case("moored", opened="2026-01-02", stages={"moored": "2026-01-02"})
    figure = worked_out(told, [sail("a", "2026-02-01"), sail("b", "2026-02-01"), moored], *YEAR)
    assert figure.value == Fraction(200, 3)
    assert rounded(figure.value) == 67
    assert worked_out(told, [], *YEAR).value is None


def test_a_half_is_rounded_up_whichever_way_it_points():
    assert [str(rounded(Fraction(n, 2))) for n in (1, 3, 5, -1)] == ["1", "2", "3", "-1"]
    assert str(rounded(Fraction(541 * 100, 688), 1)) == "78.6"
    assert str(rounded(Fraction(1, 200), 2)) == "0.01"


def test_what_is_left_out_is_left_out_above_and_below_and_stays_on_a_list():
    boats = [
        sail("known", "2026-02-01", held=[a_period("placement", "with_parent", "2026-02-01")]),
        sail("away", "2026-02-01", held=[a_period("placement", "aboard", "2026-02-01")]),
        sail("unknown", "2026-02-01"),
    ]
    figure = worked_out(
        'show = "percentage"\n'
        'numerator = { count = "episodes", where = { placement = "with_parent" } }\n'
        'denominator = { count = "episodes" }\n'
        'exclusions = [{ code = "unknown", en = "Not known", cy = "Ddim yn hysbys", '
        "where = { placement = { recorded = false } } }]",
        boats, *YEAR,
    )  # fmt: skip
    assert figure.value == 50
    (left,) = figure.left
    assert [t.id for t in left.counted.things] == ["unknown"]


def test_a_reduction_is_what_is_gone_of_what_was_there():
    abuse = [a_period("indicator", "domestic_abuse", "2026-02-01", "2026-05-01", subject="b")]
    still = [a_period("indicator", "domestic_abuse", "2026-02-01", subject="c")]
    boats = [
        sail("b", "2026-02-01", closed="2026-06-01", closure="landed", held=abuse),
        sail("c", "2026-02-01", closed="2026-06-01", closure="landed", held=still),
        sail("d", "2026-02-01", closed="2026-06-01", closure="landed"),
    ]
    asked = 'indicator = {{ code = "domestic_abuse", at = "{}" }}'
    at = f'{{{{ count = "episodes", where = {{{{ {asked} }}}} }}}}'
    figure = worked_out(
        f'show = "reduction"\nbefore = {at.format("start")}\nafter = {at.format("end")}',
        boats, *YEAR,
    )  # fmt: skip
    assert figure.value == 50
    assert names(figure) == ["b", "c"]


# --- slices


def test_shares_never_force_the_sum_what_is_in_no_part_is_shown():
    boats = [
        a_case("m", opened="2026-01-02", stages={"moored": "2026-01-02"}),
        sail("a", "2026-02-01"),
        a_case("h", opened="2026-01-02", stages={"homeward": "2026-01-02"}),
    ]
    figure = worked_out(
        'show = "shares"\nnumerator = { count = "episodes" }\nparts = [\n'
        '  { code = "m", en = "M", cy = "M", where = { stage = "moored" } },\n'
        '  { code = "a", en = "A", cy = "A", where = { stage = "afloat" } },\n]',
        boats, *YEAR,
    )  # fmt: skip
    assert [s.value for s in figure.slices] == [Fraction(100, 3), Fraction(100, 3)]
    assert figure.rest is not None
    assert [t.id for t in figure.rest.numerator.things] == ["h"]
    assert figure.overlapping == 0


def test_a_family_of_two_teams_counts_in_both_and_it_is_said():
    two = sail(
        "two",
        "2026-02-01",
        working=[
            Working(worker="w", function="pilot", since=date(2026, 2, 1), team="east_quay"),
            Working(worker="x", function="cook", since=date(2026, 2, 1), team="west"),
        ],
    )
    figure = worked_out(
        'show = "number"\nby = "team"\nnumerator = { count = "episodes" }', [two], *YEAR
    )
    assert figure.value == 1
    assert [(s.code, s.value) for s in figure.slices] == [("east_quay", 1), ("west", 1)]
    assert (figure.overlapping, figure.rest) == (1, None)


def test_a_ratio_by_team_divides_each_team_by_its_own():
    visits = [
        a_thing(
            "appointments", f"v{n}", on={"starts": "2026-03-01"}, team=("east_quay",), seen=True
        )
        for n in range(5)
    ]
    allocated = [
        a_thing("allocations", "1", on={"since": "2026-02-01"}, team="east_quay"),
        a_thing("allocations", "2", on={"since": "2026-02-01"}, team="east_quay"),
        a_thing("allocations", "3", on={"since": "2026-02-01"}, team="west"),
        a_thing("allocations", "4", on={"since": "2026-02-01"}),
    ]
    figure = worked_out(
        'show = "ratio"\nby = "team"\n'
        'numerator = { count = "appointments", during = "starts", where = { seen = true } }\n'
        'denominator = { count = "allocations", during = "since" }',
        [*visits, *allocated], *YEAR,
    )  # fmt: skip
    assert {s.code: s.value for s in figure.slices} == {"east_quay": Fraction(5, 2), "west": 0}
    assert figure.rest is not None
    assert figure.rest.denominator is not None
    assert figure.rest.denominator.number == 1


# --- means


def test_a_mean_leaves_out_what_has_no_value_and_says_so():
    boats = [
        sail("two", "2026-02-01", happened=[("allocated:pilot", "2026-02-03")]),
        sail("five", "2026-02-01", happened=[("allocated:pilot", "2026-02-06")]),
        sail("never", "2026-02-01"),
    ]
    figure = worked_out(
        'show = "mean"\ndigits = 1\nmark_at_least = 5\nnumerator = { count = "episodes" }\n'
        'mean = { from = "referral_received", to = "allocated:pilot" }',
        boats, *YEAR,
    )  # fmt: skip
    assert figure.value == Fraction(7, 2)
    assert [t.id for t in figure.missing] == ["never"]
    assert [t.id for t in figure.marked] == ["five"]
    assert figure.own == {"two": 2, "five": 5}


def test_a_mean_in_working_days_leaves_out_weekends_and_welsh_bank_holidays():
    boat = sail("boat", "2026-03-27", happened=[("allocated:pilot", "2026-04-07")])
    figure = worked_out(
        'show = "mean"\nnumerator = { count = "episodes" }\n'
        'mean = { from = "referral_received", to = "allocated:pilot", unit = "working_days" }',
        [boat], *YEAR,
    )  # fmt: skip
    assert figure.value == 5  # Good Friday and Easter Monday lie between


def test_what_is_still_open_runs_to_the_last_day_only_when_the_tile_says_so():
    boat = sail("boat", "2026-01-01")
    told = (
        'show = "mean"\nnumerator = {{ count = "episodes" }}\n'
        'mean = {{ from = "opened", to = "closed", open_too = {} }}'
    )
    assert worked_out(told.format("true"), [boat], "2026-01-01", "2026-01-31").value == 30
    assert worked_out(told.format("false"), [boat], "2026-01-01", "2026-01-31").value is None


def test_a_change_is_later_minus_earlier_and_a_missing_half_counts_for_nothing():
    both = sail(
        "both",
        "2026-01-01",
        filled=[
            ("initial", "2026-01-05", {"keel": 3, "mast": 3}),
            ("landfall", "2026-03-05", {"keel": 6, "mast": 6}),
        ],
    )
    half = sail("half", "2026-01-01", filled=[("initial", "2026-01-05", {"keel": 3, "mast": 3})])
    mean = 'mean = { change_of = "steadiness", from = "initial", to = "landfall" }'
    figure = worked_out(
        f'show = "mean"\nnumerator = {{ count = "episodes" }}\n{mean}', [both, half], *YEAR
    )
    assert figure.value == 3
    assert [t.id for t in figure.missing] == ["half"]


def test_a_domain_gets_worse_although_the_total_gets_better():
    boat = sail(
        "boat",
        "2026-01-01",
        filled=[
            ("initial", "2026-01-05", {"keel": 1, "mast": 3}),
            ("landfall", "2026-03-05", {"keel": 9, "mast": 4}),
        ],
    )
    asked = 'where = {{ measure = {{ code = "steadiness", change = "{}"{} }} }}'
    count = 'show = "number"\nnumerator = {{ count = "episodes", {} }}'
    better = count.format(asked.format("better", ""))
    worse = count.format(asked.format("worse", ', domain = "mast"'))
    assert worked_out(better, [boat], *YEAR).value == 1
    assert worked_out(worse, [boat], *YEAR).value == 1


# --- conditions


def test_days_between_two_events_decide_whether_it_was_in_time():
    boats = [
        sail("in", "2026-01-01", happened=[("plan_agreed:chart", "2026-01-22")]),
        sail("late", "2026-01-01", happened=[("plan_agreed:chart", "2026-01-23")]),
        sail("none", "2026-01-01"),
    ]
    between = '{ from = "referral_received", to = "plan_agreed:chart", at_most = 21 }'
    figure = worked_out(
        'show = "number"\n'
        f'numerator = {{ count = "episodes", where = {{ between = {between} }} }}',
        boats, *YEAR,
    )  # fmt: skip
    assert names(figure) == ["in"]


def test_a_clock_is_asked_as_it_stood_on_the_last_day():
    boat = sail("boat", "2026-01-01", happened=[("plan_agreed:chart", "2026-02-10")])
    told = (
        'show = "number"\nnumerator = {{ count = "episodes", '
        'where = {{ clock = {{ code = "chart", is = "{}" }} }} }}'
    )
    assert worked_out(told.format("overdue"), [boat], "2026-01-01", "2026-01-31").value == 1
    assert worked_out(told.format("met_late"), [boat], "2026-01-01", "2026-01-31").value == 0
    assert worked_out(told.format("met_late"), [boat], *YEAR).value == 1


def test_twins_count_two_and_each_by_what_is_true_of_it():
    born = Baby(person="one", born=date(2026, 3, 1), over=date(2026, 3, 1))
    coming = Baby(person="two", pregnancy=Pregnant(edd=date(2026, 3, 10)))
    boat = sail(
        "boat",
        "2026-01-01",
        babies=[born, coming],
        held=[a_period("legal", "ward", "2026-02-01", subject="one")],
    )
    count = 'show = "number"\nnumerator = {{ count = "babies"{} }}'
    assert worked_out(count.format(""), [boat], *YEAR).value == 2
    is_born = count.format(", where = { born = true }")
    assert names(worked_out(is_born, [boat], *YEAR)) == ["boat one"]
    assert names(worked_out(is_born, [boat], "2026-01-01", "2026-02-28")) == []
    ward = count.format(', where = { legal = { code = "ward", is = false } }')
    assert names(worked_out(ward, [boat], *YEAR)) == ["boat two"]


def test_a_placement_that_was_taken_back_is_where_no_baby_lived_at_birth():
    born = date(2026, 3, 1)
    boat = sail(
        "boat",
        "2026-01-01",
        babies=[Baby(person="one", born=born, over=born)],
        held=[
            a_period("placement", "aboard", born.isoformat(), born.isoformat(), subject="one"),
            a_period("placement", "with_parent", born.isoformat(), subject="one"),
        ],
    )
    told = (
        'show = "number"\nnumerator = {{ count = "babies", '
        'where = {{ placement = {{ code = "{}", at = "birth" }} }} }}'
    )
    assert worked_out(told.format("with_parent"), [boat], *YEAR).value == 1
    assert worked_out(told.format("aboard"), [boat], *YEAR).value == 0


def test_an_indicator_nobody_asked_about_is_neither_yes_nor_no():
    boats = [
        sail(
            n, "2026-01-01", held=[a_period("indicator", "domestic_abuse", "2026-01-10", answer=a)]
        )
        for n, a in (("yes", True), ("no", False))
    ]
    boats.append(sail("not asked", "2026-01-01"))
    told = (
        'show = "number"\nnumerator = {{ count = "episodes", '
        'where = {{ indicator = {{ code = "domestic_abuse", at = "start", is = {} }} }} }}'
    )
    assert names(worked_out(told.format("true"), boats, *YEAR)) == ["yes"]
    assert names(worked_out(told.format("false"), boats, *YEAR)) == ["no"]


def test_an_indicator_counts_for_the_start_up_to_four_weeks_after_opening():
    boats = [
        sail(on, "2026-01-01", held=[a_period("indicator", "domestic_abuse", on)])
        for on in ("2026-01-29", "2026-01-30")
    ]
    figure = worked_out(
        'show = "number"\nnumerator = { count = "episodes", '
        'where = { indicator = { code = "domestic_abuse", at = "start" } } }',
        boats, *YEAR,
    )  # fmt: skip
    assert names(figure) == ["2026-01-29"]


def test_having_come_once_is_counted_up_to_the_last_day():
    boat = sail("boat", "2026-01-01", seen=["2026-03-01"])
    once = "where = { attended = { at_least = 1 } }"
    told = f'show = "number"\nnumerator = {{ count = "episodes", {once} }}'
    assert worked_out(told, [boat], "2026-01-01", "2026-02-28").value == 0
    assert worked_out(told, [boat], "2026-01-01", "2026-03-31").value == 1


def test_answers_are_counted_one_question_at_a_time():
    forms = [
        a_thing(
            "answers", str(n), on={"taken": "2026-02-01"}, form="steadiness", scores={"keel": n}
        )
        for n in (1, 4, 5)
    ]
    answer = '{ code = "steadiness", domain = "keel", at_least = 4 }'
    figure = worked_out(
        'show = "number"\n'
        f'numerator = {{ count = "answers", during = "taken", where = {{ answer = {answer} }} }}',
        forms, *YEAR,
    )  # fmt: skip
    assert names(figure) == ["4", "5"]


# --- lines, funnels, periods


def test_a_line_has_one_point_for_each_month_and_asks_each_anew():
    referrals = [
        a_thing("referrals", on, on={"received": on})
        for on in ("2026-01-15", "2026-03-01", "2026-03-31")
    ]
    figure = worked_out(
        'show = "number"\ntrend = true\nnumerator = { count = "referrals", during = "received" }',
        referrals, "2026-01-10", "2026-03-31",
    )  # fmt: skip
    assert [(p.span.first.month, p.value) for p in figure.trend] == [(1, 1), (2, 0), (3, 2)]


def test_each_step_of_a_funnel_counts_those_of_the_step_before():
    text = (
        '[[funnels]]\ncode = "way"\nen = "Way"\ncy = "Ffordd"\n'
        'start = { count = "episodes", during = "referral_received" }\nsteps = [\n'
        '  { code = "s", en = "Sailed", cy = "Hwyliodd", reached = "stage:afloat" },\n'
        '  { code = "l", en = "Landed", cy = "Glanio", reached = "closed:landed" },\n]\n'
    )
    boats = [
        sail("a", "2026-01-01", closed="2026-05-01", closure="landed"),
        sail("b", "2026-01-01"),
        a_case("c", opened="2026-01-01", closed="2026-02-01", closure="landed"),
    ]
    flow = flowed(text, boats, *YEAR)
    assert [s.counted.number for s in flow.steps] == [3, 2, 1]
    assert [s.of_before for s in flow.steps] == [None, Fraction(200, 3), 50]


def test_periods_that_are_offered_begin_where_services_report():
    today = date(2026, 11, 26)
    assert chosen("last_month", today) == Span(first=date(2026, 10, 1), last=date(2026, 10, 31))
    assert chosen("last_3_months", today).first == date(2026, 9, 1)
    assert chosen("this_year", today).first == date(2026, 4, 1)
    last = chosen("last_year", date(2026, 2, 1))
    assert (last.first, last.last) == (date(2024, 4, 1), date(2025, 3, 31))
    with pytest.raises(ValueError, match="before it begins"):
        Span(first=date(2026, 2, 1), last=date(2026, 1, 1))
