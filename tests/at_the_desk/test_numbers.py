"""A wrong digit can ring a stranger, so a number is looked at again before it is used."""

import pytest
from phonenumbers import PhoneNumberType as Kind

from desks import number_of
from sync.server.desk import numbers, reasons


@pytest.mark.parametrize(
    "number", ["+447700900123", number_of(Kind.MOBILE), number_of(Kind.MOBILE, "IM")]
)
def test_mobile_numbers_here_and_on_the_islands_will_do(number):
    assert numbers.refusal(number, "sms") is None
    assert numbers.refusal(number, "voice") is None


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("", reasons.NOT_A_NUMBER),
        ("sister's phone", reasons.NOT_A_NUMBER),
        ("07700900123", reasons.NOT_A_NUMBER),
        ("+44 7700 900123", reasons.NOT_A_NUMBER),
        ("+4477009001", reasons.NOT_IN_USE),
        ("+4477009001234567", reasons.NOT_A_NUMBER),
        ("+44" + 10 * "0", reasons.NOT_A_NUMBER),
        (number_of(Kind.MOBILE, "FR"), reasons.FOREIGN),
        (number_of(Kind.MOBILE, "US"), reasons.FOREIGN),
        (number_of(Kind.PREMIUM_RATE), reasons.PREMIUM),
        (number_of(Kind.PERSONAL_NUMBER), reasons.PREMIUM),
        (number_of(Kind.PAGER), reasons.PREMIUM),
        (number_of(Kind.UAN), reasons.ORGANISATION),
        (number_of(Kind.TOLL_FREE), reasons.ORGANISATION),
        (number_of(Kind.FIXED_LINE), reasons.LANDLINE),
    ],
)
def test_every_other_number_is_refused_for_its_own_reason(number, reason):
    assert numbers.refusal(number, "sms") == reason


def test_a_landline_can_be_rung():
    assert numbers.refusal(number_of(Kind.FIXED_LINE), "voice") is None


def test_numbers_are_recognised_however_they_are_written():
    for typed in ("07700 900123", "447700900123", "+44 (0)7700 900-123", "00447700900123"):
        assert numbers.plainly(typed) == "+447700900123", typed
    assert numbers.plainly("not a number") is None
    assert numbers.plainly("GOVUK") is None


def test_what_is_kept_of_a_number_depends_on_the_secret():
    kept = numbers.keyed(b"s" * 32, "+447700900123")
    assert kept == numbers.keyed(b"s" * 32, "+447700900123")
    assert kept != numbers.keyed(b"t" * 32, "+447700900123")
    assert kept != numbers.keyed(b"s" * 32, "+447700900124")
    assert len(kept) == 32
