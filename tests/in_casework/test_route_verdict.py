"""Nothing is sent by default; every no has its reason, and danger makes the unknown a no."""

from __future__ import annotations

from datetime import date

import phonenumbers
import pytest

from app.casework.consent_version import (
    after_change,
    after_refusal,
    consent_version,
    refused_up_to,
)
from app.casework.route_verdict import Reason, Sign, verdict
from app.casework.safe_contact import Allowed, Channel, Route
from appointments import text_route

ON = date(2027, 6, 1)
ABUSE = frozenset({Sign.DOMESTIC_ABUSE})


def reasons(consent=None, signs=frozenset(), on=ON, **agreed):
    return verdict(text_route(**agreed), consent=consent, signs=signs, on=on).reasons


def test_a_number_she_called_safe_may_be_used():
    assert reasons() == ()


def test_a_new_number_is_not_used_until_somebody_asked_her():
    fresh = Route(id="n", family="f", person="mum", channel=Channel.TEXT, number="07700 900202")
    assert verdict(fresh, consent=None, signs=(), on=ON).reasons == (Reason.NOT_AGREED,)


def test_a_yes_without_a_day_is_not_an_agreement():
    assert reasons(agreed_at=None) == (Reason.NOT_AGREED,)


@pytest.mark.parametrize(
    ("agreed", "why"),
    [
        ({"allowed": Allowed.NO}, Reason.NOT_ALLOWED),
        ({"allowed": Allowed.UNKNOWN}, Reason.NOT_AGREED),
        ({"review_by": date(2027, 5, 31)}, Reason.REVIEW_LAPSED),
        ({"shared_phone": Allowed.YES}, Reason.SHARED_PHONE),
        ({"number": "07700"}, Reason.BAD_NUMBER),
    ],
)
def test_each_of_these_alone_is_a_no(agreed, why):
    assert reasons(**agreed) == (why,)


def test_the_agreement_must_still_hold_on_the_day_it_goes():
    assert reasons(review_by=date(2027, 6, 1)) == ()
    assert reasons(review_by=date(2027, 6, 1), on=date(2027, 6, 2)) == (Reason.REVIEW_LAPSED,)


def test_consent_taken_back_is_a_no_whatever_the_route_says():
    assert reasons(consent=False) == (Reason.CONSENT_WITHDRAWN,)


def test_where_there_is_danger_nothing_may_be_unknown():
    assert reasons(signs=ABUSE) == (Reason.CONSENT_UNKNOWN,)
    assert reasons(consent=True, signs=ABUSE) == ()
    assert reasons(consent=True, signs=ABUSE, shared_phone=Allowed.UNKNOWN) == (
        Reason.PERHAPS_SHARED,
    )
    assert reasons(shared_phone=Allowed.UNKNOWN) == ()


def test_an_address_kept_secret_is_a_sign_of_danger_too():
    assert reasons(signs=frozenset({Sign.SECRET_ADDRESS})) == (Reason.CONSENT_UNKNOWN,)


def test_every_reason_is_given_the_gravest_first():
    told = reasons(allowed=Allowed.NO, consent=False, shared_phone=Allowed.YES)
    assert told == (Reason.NOT_ALLOWED, Reason.CONSENT_WITHDRAWN, Reason.SHARED_PHONE)


def test_a_foreign_mobile_is_left_to_people():
    number = phonenumbers.example_number_for_type("FR", phonenumbers.PhoneNumberType.MOBILE)
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    assert reasons(number=written) == (Reason.FOREIGN_NUMBER,)


# -- versions ------------------------------------------------------------------------------


def test_a_stop_catches_what_a_device_plans_that_has_not_heard_of_it():
    known_to_both = consent_version([1, 2, 3])
    stopped_here = after_refusal(known_to_both)
    changed_there = after_change(after_change(known_to_both))
    assert changed_there <= refused_up_to(stopped_here)
    assert stopped_here <= refused_up_to(stopped_here)


def test_two_devices_that_stop_the_same_route_refuse_the_same():
    assert refused_up_to(after_refusal(3)) == refused_up_to(after_refusal(5))


def test_only_an_agreement_after_the_stop_gets_past_it():
    stopped = after_refusal(3)
    assert after_change(stopped) <= refused_up_to(stopped)
    assert after_refusal(after_change(stopped)) > refused_up_to(stopped)


def test_the_version_is_the_highest_anybody_counted_to():
    assert consent_version([4, 1000, 5]) == 1000
    assert consent_version([]) == 0
