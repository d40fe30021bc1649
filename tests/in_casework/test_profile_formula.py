"""Totals by formula: right arithmetic, and no text of a profile ever executed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.casework.profile.formula import BadFormula, read_formula

SCORES = {"environment": 15, "adversity": 22, "resilience": 14, "vulnerability": 14}


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("environment + adversity + vulnerability", 51),
        ("environment + adversity * 2", 59),
        ("(environment + adversity) * 2", 74),
        ("environment - adversity - 1", -8),
        ("environment / 2 / 3", 2.5),
        ("-environment + 20", 5),
        ("0.1 + 0.2", 0.3),
        ("(environment+adversity)/(resilience+vulnerability)", 37 / 28),
    ],
)
def test_it_adds_up_as_a_person_would(text, total):
    assert read_formula(text).total(SCORES) == total


def test_a_score_that_is_missing_and_a_division_by_nothing_give_no_total():
    assert read_formula("environment + hope").total(SCORES) is None
    assert read_formula("adversity / (environment - 15)").total(SCORES) is None


def test_the_domains_it_asks_for_are_known_without_scores():
    assert read_formula("2 * keel + mast / keel").names == {"keel", "mast"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("a +", "end"),
        ("a b", "sign"),
        ("* a", "sign"),
        ("a ** b", "sign"),
        ("(a", "bracket"),
        ("a)", "bracket"),
        ("()", "bracket"),
        ("a % b", "sign"),
        ("__import__('os')", "sign"),
        ("a.b", "sign"),
        ("Environment", "sign"),
        ("a[0]", "sign"),
        ("(" * 40 + "a" + ")" * 40, "deep"),
        ("-" * 40 + "a", "deep"),
        ("a + " * 200 + "a", "too_long"),
    ],
)
def test_what_is_no_formula_says_why(text, reason):
    with pytest.raises(BadFormula) as caught:
        read_formula(text)
    assert caught.value.reason == reason


@given(st.text(max_size=60))
def test_any_text_is_a_formula_or_a_bad_one(text):
    try:
        formula = read_formula(text)
    except BadFormula:
        return
    formula.total(dict.fromkeys(formula.names, 1))


@given(st.lists(st.integers(0, 99), min_size=1, max_size=8))
def test_a_sum_of_whole_scores_is_whole(scores):
    names = [f"d{n}" for n in range(len(scores))]
    total = read_formula(" + ".join(names)).total(dict(zip(names, scores, strict=True)))
    assert total == sum(scores)
