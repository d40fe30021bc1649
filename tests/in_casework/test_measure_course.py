"""What three published families came to, and what may not be told of half a form."""

from datetime import date

import pytest

from app.casework.measure_course import Taken, course_of, doubt, read_answers, unanswered
from app.casework.profile import Shelf
from app.places import PROFILES

SHELF = Shelf(shipped=PROFILES)
DOMAINS = ("environment", "adversity", "resilience", "vulnerability")
FAMILIES = {
    "A": ((25, 22, 17, 18), (15, 18, 11, 13)),
    "B": ((21, 23, 16, 16), (15, 19, 11, 12)),
    "C": ((18, 21, 26, 22), (15, 22, 14, 14)),
}


@pytest.fixture(scope="module")
def measure():
    return SHELF.find("rct").profile.measure("resilience")


def filled(occasion, scores, on=date(2026, 3, 2), measure="resilience"):
    answers = dict(zip(DOMAINS, scores, strict=True)) if isinstance(scores, tuple) else scores
    return Taken(id=f"{occasion}{on}", measure=measure, occasion=occasion, on=on, answers=answers)


def both(family):
    before, after = FAMILIES[family]
    return [filled("initial", before), filled("evaluation", after, date(2026, 9, 1))]


@pytest.mark.parametrize(("family", "printed"), [("A", (65, 46)), ("B", (60, 46)), ("C", (61, 51))])
def test_the_three_families_come_out_as_printed_and_better(measure, family, printed):
    course = course_of(measure, both(family))
    assert [total for _, total in course.drawn] == list(printed)
    assert (course.total.before, course.total.after) == printed
    assert course.total.direction == "better"
    assert course.lacking == ()


def test_adversity_of_family_c_is_worse_although_its_total_got_better(measure):
    [worse] = course_of(measure, both("C")).worse
    assert (worse.domain, worse.before, worse.after, worse.by) == ("adversity", 21, 22, 1)
    assert course_of(measure, both("A")).worse == ()


def test_before_without_after_tells_no_change_and_says_what_is_missing(measure):
    course = course_of(measure, [filled("initial", FAMILIES["A"][0])])
    assert course.changes == ()
    assert (course.lacking, course.skipped, course.next) == (("evaluation",), (), "evaluation")


def test_after_without_before_is_a_pair_that_can_never_be_made(measure):
    course = course_of(measure, [filled("evaluation", FAMILIES["A"][1])])
    assert course.changes == ()
    assert course.skipped == ("initial",)


def test_half_a_form_has_no_total_and_no_zeros_but_what_it_has_is_compared(measure):
    half = filled("initial", {"environment": 25, "adversity": 22})
    course = course_of(measure, [half, both("A")[1]])
    assert course.done[0].total is None
    assert course.done[0].unanswered == ("resilience", "vulnerability")
    assert course.total is None
    assert [c.domain for c in course.changes] == ["environment", "adversity"]
    assert [o.code for o, _ in course.drawn] == ["evaluation"]


def test_nothing_filled_in_is_no_missing_pair(measure):
    course = course_of(measure, [])
    assert (course.lacking, course.next, course.drawn) == ((), "initial", ())


def test_of_two_forms_of_one_occasion_the_later_counts_and_other_measures_do_not(measure):
    again = filled("initial", (1, 1, 1, 1), date(2026, 3, 9))
    other = filled("initial", {"needs": 4}, date(2026, 4, 1), measure="ace")
    [done] = course_of(measure, [again, filled("initial", FAMILIES["A"][0]), other]).done
    assert done.total == 3


@pytest.mark.parametrize(
    ("typed", "why"),
    [("0", None), ("30", None), ("", None), (" 7 ", None), ("31", "out_of_range"),
     ("-1", "out_of_range"), ("7.5", "not_a_number"), ("seven", "not_a_number")],
)  # fmt: skip
def test_a_score_is_a_whole_number_within_its_range(measure, typed, why):
    assert doubt(measure.domain("adversity"), typed) == why


def test_what_was_left_open_or_cannot_be_is_not_read_as_anything(measure):
    answers = read_answers(measure, {"environment": "25", "adversity": "99", "resilience": " "})
    assert answers == {"environment": 25}
    assert unanswered(measure, answers) == ("adversity", "resilience", "vulnerability")


def test_a_word_of_ones_own_may_be_left_out_without_anything_missing():
    feedback = SHELF.find("reconnect").profile.measure("feedback")
    assert unanswered(feedback, {"listened_to": 2, "recommend": 1}) == ()
    assert doubt(feedback.domain("listened_to"), "3") == "not_offered"
