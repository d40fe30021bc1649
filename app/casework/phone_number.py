"""Telephone numbers as the desk needs them: E.164, and why one will not do.

A wrong digit can ring a stranger, so a number is checked against the numbering plan before it is
kept. Must not know whether the number is safe to use: that is what was agreed with the person.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

import phonenumbers as plan

from app.casework.errors import CaseworkError
from app.casework.safe_contact import Channel

HOME = "GB"
_ISLANDS = frozenset({HOME, "GG", "JE", "IM"})
"""Guernsey, Jersey and Man share the country's numbering plan and are dialled the same way."""

_DRAMA = re.compile(r"\+447700900\d{3}")
"""Mobile numbers that ring nowhere. Source: Ofcom, numbers for use in TV and radio drama. The
demo and training use them, and the numbering plan calls them unassigned."""

_TEXTABLE = frozenset({plan.PhoneNumberType.MOBILE, plan.PhoneNumberType.FIXED_LINE_OR_MOBILE})
_COSTLY = frozenset(
    {
        plan.PhoneNumberType.PREMIUM_RATE,
        plan.PhoneNumberType.SHARED_COST,
        plan.PhoneNumberType.PERSONAL_NUMBER,
        plan.PhoneNumberType.PAGER,
    }
)
_ORGANISATION = frozenset(
    {plan.PhoneNumberType.TOLL_FREE, plan.PhoneNumberType.UAN, plan.PhoneNumberType.VOICEMAIL}
)


class NumberProblem(StrEnum):
    """Why a number will not do; the app words each."""

    NOT_A_NUMBER = "not_a_number"
    NOT_IN_USE = "not_in_use"
    FOREIGN = "foreign"
    PREMIUM = "premium"
    ORGANISATION = "organisation"
    LANDLINE = "landline"


REFUSED = frozenset(NumberProblem) - {NumberProblem.FOREIGN}
"""These are not kept at all. A foreign number may be rung by a person, never by the desk."""


class BadNumber(CaseworkError):
    """A telephone number will not do. `problem` says why."""

    def __init__(self, problem: NumberProblem) -> None:
        super().__init__(f"number: {problem}")
        self.problem = problem


@lru_cache(maxsize=4096)
def number_problem(number: str, channel: Channel) -> NumberProblem | None:
    """What is wrong with a number for that channel; None when it will do, or is no telephone."""
    if channel not in {Channel.CALL, Channel.TEXT}:
        return None
    try:
        parsed = plan.parse(number, HOME)
    except plan.NumberParseException:
        return NumberProblem.NOT_A_NUMBER
    if _DRAMA.fullmatch(_written(parsed)):
        return None
    if not plan.is_valid_number(parsed):
        length = plan.is_possible_number_with_reason(parsed)
        whole = length == plan.ValidationResult.IS_POSSIBLE
        return NumberProblem.NOT_IN_USE if whole else NumberProblem.NOT_A_NUMBER
    kind = plan.number_type(parsed)
    if kind in _COSTLY:
        return NumberProblem.PREMIUM
    if plan.region_code_for_number(parsed) not in _ISLANDS:
        return NumberProblem.FOREIGN
    if kind in _ORGANISATION:
        return NumberProblem.ORGANISATION
    if channel is Channel.TEXT and kind not in _TEXTABLE:
        return NumberProblem.LANDLINE
    return None


@lru_cache(maxsize=4096)
def e164(number: str) -> str:
    """`+447700900123` from however it was typed. Raises BadNumber when it is no number at all."""
    try:
        return _written(plan.parse(number, HOME))
    except plan.NumberParseException as error:
        raise BadNumber(NumberProblem.NOT_A_NUMBER) from error


def check_number(number: str, channel: Channel) -> None:
    """Raises BadNumber for a number that must not be kept for that channel."""
    problem = number_problem(number, channel)
    if problem in REFUSED:
        raise BadNumber(problem)


def check_work_number(number: str) -> None:
    """The same for a telephone of the service itself, which may well be an organisation's."""
    problem = number_problem(number, Channel.CALL)
    if problem in REFUSED - {NumberProblem.ORGANISATION}:
        raise BadNumber(problem)


def _written(parsed: plan.PhoneNumber) -> str:
    return str(plan.format_number(parsed, plan.PhoneNumberFormat.E164))


def comparable(typed: str, channel: Channel) -> str:
    """The same for one number in any spelling: E.164, or what was typed without blanks and case."""
    plain = "".join(typed.split()).lower()
    if channel not in {Channel.CALL, Channel.TEXT}:
        return plain
    try:
        return e164(typed)
    except BadNumber:
        return plain
