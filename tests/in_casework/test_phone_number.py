"""A wrong digit can ring a stranger: what is no number, or none for texts, is not kept."""

from __future__ import annotations

import phonenumbers as plan
import pytest

from app.casework.phone_number import (
    BadNumber,
    NumberProblem,
    check_number,
    check_work_number,
    e164,
    number_problem,
)
from app.casework.safe_contact import Channel

TEXT, CALL = Channel.TEXT, Channel.CALL
Kind = plan.PhoneNumberType


def example(kind: int, region: str = "GB") -> str:
    """A number of that kind from the numbering plan; none is written out here."""
    found = plan.example_number_for_type(region, kind)
    assert found is not None
    return plan.format_number(found, plan.PhoneNumberFormat.E164)


@pytest.mark.parametrize(
    "typed", ["07700 900201", "07700900201", "+44 7700 900201", "(07700) 900-201", "00447700900201"]
)
def test_a_mobile_is_one_number_however_it_was_typed(typed):
    assert number_problem(typed, TEXT) is None
    assert e164(typed) == "+447700900201"


@pytest.mark.parametrize("typed", ["", "hello", "12", "07700 9002", "07700 " * 3, "0" * 10])
def test_what_is_no_number_is_said_to_be_none(typed):
    assert number_problem(typed, CALL) in {
        NumberProblem.NOT_A_NUMBER,
        NumberProblem.NOT_IN_USE,
    }
    with pytest.raises(BadNumber):
        check_number(typed, CALL)


def test_no_text_goes_to_a_landline_but_it_can_be_rung():
    landline = example(Kind.FIXED_LINE)
    assert number_problem(landline, TEXT) is NumberProblem.LANDLINE
    assert number_problem(landline, CALL) is None
    with pytest.raises(BadNumber, match="landline"):
        check_number(landline, TEXT)


@pytest.mark.parametrize("kind", [Kind.PREMIUM_RATE, Kind.SHARED_COST, Kind.PERSONAL_NUMBER])
def test_a_number_that_costs_the_caller_is_refused(kind):
    found = plan.example_number_for_type("GB", kind)
    if found is None:  # the plan has no such numbers left
        assert kind == Kind.SHARED_COST
        return
    costly = plan.format_number(found, plan.PhoneNumberFormat.E164)
    assert number_problem(costly, CALL) is NumberProblem.PREMIUM


def test_a_free_number_belongs_to_an_organisation_not_to_a_parent():
    assert number_problem(example(Kind.TOLL_FREE), CALL) is NumberProblem.ORGANISATION


def test_a_foreign_mobile_may_be_kept_and_rung_by_hand_only():
    abroad = example(Kind.MOBILE, "FR")
    assert number_problem(abroad, TEXT) is NumberProblem.FOREIGN
    check_number(abroad, TEXT)


def test_the_islands_are_not_abroad():
    for region in ("JE", "GG", "IM"):
        assert number_problem(example(Kind.MOBILE, region), TEXT) is None


def test_letters_and_mail_are_not_telephones():
    assert number_problem("4 Larch Row", Channel.LETTER) is None
    assert number_problem("chidi@example.org", Channel.EMAIL) is None


def test_a_duty_telephone_may_be_the_organisations_own_but_not_a_costly_or_mistyped_one():
    for ours in (example(Kind.UAN), example(Kind.FIXED_LINE), "07700 900100"):
        check_work_number(ours)
    for bad in ("0770", example(Kind.PREMIUM_RATE)):
        with pytest.raises(BadNumber):
            check_work_number(bad)
