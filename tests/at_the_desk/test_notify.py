"""GOV.UK Notify through its own client, against a stand-in that speaks its HTTP API."""

import logging
import time
from dataclasses import replace

import pytest

from providers.loopback import Fault, failing
from providers.notify_stand_in import KEY, TEMPLATE, NotifyStandIn
from sync.server.desk import reasons, statuses
from sync.server.desk.providers.base import (
    Absent,
    Accepted,
    Found,
    Message,
    Refused,
    Silent,
    Trace,
    Unsure,
)
from sync.server.desk.providers.notify import Notify
from sync.server.desk.statuses import Standing

HELLO = Message(
    reference="r1", code="r1.1", channel="sms", number="+447700900123", text="Hi. Sam will see you."
)


@pytest.fixture
def stand_in():
    with NotifyStandIn() as running:
        yield running


@pytest.fixture
def notify(stand_in):
    return Notify(key=KEY, template=TEMPLATE, base_url=stand_in.address, timeout_s=0.5)


def trace(reference="r1", known=None):
    return Trace(
        reference=reference, number="+447700900123", id=known, began=int(time.time() * 1000)
    )


def test_a_text_leaves_with_its_exact_words_and_our_reference(stand_in, notify):
    outcome = notify.send(HELLO)

    (text,) = stand_in.sent
    assert outcome == Accepted(text.id)
    assert (text.to, text.body, text.reference) == ("+447700900123", HELLO.text, "r1")


def test_an_order_may_name_a_template_of_its_own(stand_in, notify):
    stand_in.templates["t2"] = "Hi. ((worker)) will see you ((day))."
    notify.send(replace(HELLO, template="t2", personalisation={"worker": "Sam", "day": "Tuesday"}))

    assert stand_in.sent[0].body == "Hi. Sam will see you Tuesday."


@pytest.mark.parametrize(
    ("status", "standing"),
    [
        ("created", Standing(statuses.SENT)),
        ("sending", Standing(statuses.SENT)),
        ("pending", Standing(statuses.SENT)),
        ("sent", Standing(statuses.SENT)),
        ("delivered", Standing(statuses.DELIVERED)),
        ("permanent-failure", Standing(statuses.FAILED, reasons.NUMBER_DEAD)),
        ("temporary-failure", Standing(statuses.FAILED, reasons.PHONE_OFF)),
        ("technical-failure", Standing(statuses.FAILED, reasons.PROVIDER_FAULT)),
    ],
)
def test_each_of_its_statuses_has_a_meaning_of_ours(stand_in, notify, status, standing):
    accepted = notify.send(HELLO)
    stand_in.progress(stand_in.sent[0], status)

    assert notify.look_up(trace(known=accepted.id)) == Found(accepted.id, standing)


@pytest.mark.parametrize(
    ("number", "reason"),
    [("+447700900003", reasons.PHONE_OFF), ("+447700900002", reasons.NUMBER_DEAD)],
)
def test_its_test_numbers_fail_as_it_says(stand_in, notify, number, reason):
    accepted = notify.send(replace(HELLO, number=number))
    stand_in.settle()

    found = notify.look_up(trace(known=accepted.id))
    assert found.standing == Standing(statuses.FAILED, reason)


@pytest.mark.parametrize("number", ["+447700900000", "+447700900111", "+447700900222"])
def test_its_smoke_test_numbers_are_taken_and_never_heard_of_again(stand_in, notify, number):
    accepted = notify.send(replace(HELLO, number=number))

    assert isinstance(accepted, Accepted)
    assert notify.look_up(trace(known=accepted.id)) == Absent()
    assert not stand_in.sent


@pytest.mark.parametrize(
    "fault", [Fault.ACCEPT_THEN_HANG, Fault.ACCEPT_THEN_CUT, Fault.ACCEPT_THEN_502]
)
def test_what_was_taken_without_an_answer_is_found_by_its_reference(stand_in, notify, fault):
    stand_in.faults = failing(fault)

    outcome = notify.send(HELLO)
    assert isinstance(outcome, Unsure)
    assert not outcome.claims_refusal
    found = notify.look_up(trace())
    assert found == Found(stand_in.sent[0].id, Standing(statuses.SENT))
    assert notify.look_up(trace("another")) == Absent()


def test_of_several_under_one_reference_the_furthest_counts(stand_in, notify):
    notify.send(HELLO)
    notify.send(HELLO)
    stand_in.progress(stand_in.sent[0], "delivered")

    assert notify.look_up(trace()).standing == Standing(statuses.DELIVERED)


@pytest.mark.parametrize("fault", [Fault.ERROR_500, Fault.UNAVAILABLE_503])
def test_a_failure_it_admits_is_believed_only_after_looking_it_up(stand_in, notify, fault):
    stand_in.faults = failing(fault)

    assert notify.send(HELLO) == Unsure(reasons.PROVIDER_AWAY, claims_refusal=True)
    assert notify.look_up(trace()) == Absent()


def test_a_provider_that_is_not_there_has_definitely_not_taken_it(stand_in):
    with NotifyStandIn() as gone:
        address = gone.address
    notify = Notify(key=KEY, template=TEMPLATE, base_url=address, timeout_s=0.5)

    assert notify.send(HELLO) == Refused(reasons.PROVIDER_AWAY, 60)
    assert notify.look_up(trace()) == Silent()


def test_a_wrong_or_revoked_key_is_the_accounts_trouble(stand_in, notify):
    other = KEY[:-1] + ("1" if KEY[-1] == "0" else "0")
    wrong = Notify(key=other, template=TEMPLATE, base_url=stand_in.address)
    assert wrong.send(HELLO) == Refused(reasons.PROVIDER_KEY, 300, account=True)

    stand_in.revoked = True
    assert notify.send(HELLO) == Refused(reasons.PROVIDER_KEY, 300, account=True)
    assert not stand_in.sent


@pytest.mark.parametrize("mode", ["trial", "team"])
def test_trial_mode_and_a_team_key_are_told_from_a_bad_number(stand_in, notify, mode):
    stand_in.mode = mode
    assert notify.send(HELLO) == Refused(reasons.PROVIDER_TRIAL, 300, account=True)

    stand_in.team.add(HELLO.number)
    assert isinstance(notify.send(HELLO), Accepted)


def test_its_limits_make_us_wait(stand_in, notify):
    stand_in.per_minute = 1
    notify.send(HELLO)
    assert notify.send(HELLO) == Refused(reasons.PROVIDER_BUSY, 5)

    stand_in.per_minute, stand_in.daily_limit = 0, 1
    assert notify.send(HELLO) == Refused(reasons.PROVIDER_LIMIT, 3600, account=True)


def test_a_machine_with_a_wrong_clock_is_told_so(stand_in, notify):
    stand_in.clock_skew_s = 600

    assert notify.send(HELLO) == Refused(reasons.PROVIDER_CLOCK, 300, account=True)


def test_a_template_or_sender_that_is_not_there_is_a_matter_of_setting_up(stand_in, notify):
    expected = Refused(reasons.PROVIDER_SETUP, 300)
    assert notify.send(replace(HELLO, template="none", personalisation={})) == expected
    stand_in.templates["t2"] = "((day))"
    assert notify.send(replace(HELLO, template="t2", personalisation={"a": "b"})) == expected
    sender = Notify(key=KEY, template=TEMPLATE, sender="nobody", base_url=stand_in.address)
    assert sender.send(HELLO) == expected


def test_a_number_it_does_not_take_is_refused_for_good(notify):
    assert notify.send(replace(HELLO, number="+33612345678")) == Refused(reasons.REFUSED)


def test_numbers_and_words_are_in_no_log(stand_in, notify, caplog):
    caplog.set_level(logging.DEBUG)
    stand_in.faults = failing(Fault.ERROR_500)
    notify.send(HELLO)
    notify.send(HELLO)
    notify.send(replace(HELLO, number="+33612345678"))
    notify.look_up(trace())

    assert not caplog.records
