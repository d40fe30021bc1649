"""Twilio through its own client, against a stand-in that speaks its HTTP API."""

import logging
import time
from dataclasses import replace

import pytest

from providers.loopback import Fault, failing
from providers.twilio_stand_in import NUMBER, SID, TOKEN, TwilioStandIn
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
from sync.server.desk.providers.twilio_account import Account
from sync.server.desk.providers.twilio_calls import TwilioCalls
from sync.server.desk.providers.twilio_texts import TwilioTexts
from sync.server.desk.statuses import Standing

HELLO = Message(
    reference="r1",
    code="r1.1.c0de",
    channel="sms",
    number="+447700900123",
    text="Hi. Sam will see you.",
    valid_s=900,
)
RING = replace(HELLO, channel="voice")


@pytest.fixture
def stand_in():
    with TwilioStandIn() as running:
        yield running


@pytest.fixture
def account(stand_in):
    return Account(
        sid=SID,
        token=TOKEN,
        sender=NUMBER,
        callbacks=lambda kind, code: f"https://office.example.org/{kind}/{code}",
        api=stand_in.address,
        timeout_s=0.5,
    )


@pytest.fixture
def texts(account):
    return TwilioTexts(account)


@pytest.fixture
def calls(account):
    return TwilioCalls(account)


def trace(known=None, began=None, others=frozenset()):
    began = int(time.time() * 1000) if began is None else began
    return Trace(reference="r1", number="+447700900123", id=known, began=began, others=others)


def test_a_text_leaves_as_a_form_that_says_where_to_report_and_until_when(stand_in, texts):
    outcome = texts.send(HELLO)

    (item,) = stand_in.messages
    assert outcome == Accepted(item.sid)
    assert item.form == {
        "To": ["+447700900123"],
        "From": [NUMBER],
        "Body": ["Hi. Sam will see you."],
        "StatusCallback": ["https://office.example.org/status/r1.1.c0de"],
        "ValidityPeriod": ["900"],
    }


def test_a_messaging_service_stands_in_for_the_sender(stand_in, account):
    TwilioTexts(replace(account, sender="MG" + "0" * 32)).send(HELLO)

    (item,) = stand_in.messages
    assert item.sent("MessagingServiceSid") == "MG" + "0" * 32
    assert item.sent("From") is None


def test_words_and_numbers_are_kept_by_twilio_only_where_it_cannot_be_told_not_to(
    stand_in, account
):
    redacted = TwilioTexts(replace(account, redacted=True))
    assert redacted.send(HELLO) == Refused(reasons.PROVIDER_SETUP, 300)
    stand_in.redaction = True
    assert isinstance(redacted.send(HELLO), Accepted)

    (item,) = stand_in.messages
    assert item.sent("ContentRetention") == "discard"
    assert item.sent("AddressRetention") == "obfuscate"
    assert redacted.look_up(trace(known=item.sid)) == Found(item.sid, Standing(statuses.SENT))
    assert redacted.look_up(trace()) == Silent()


@pytest.mark.parametrize(
    ("status", "error", "standing"),
    [
        ("queued", None, Standing(statuses.SENT)),
        ("sent", None, Standing(statuses.SENT)),
        ("delivered", None, Standing(statuses.DELIVERED)),
        ("undelivered", 30003, Standing(statuses.FAILED, reasons.PHONE_OFF)),
        ("undelivered", 30005, Standing(statuses.FAILED, reasons.NUMBER_DEAD)),
        ("undelivered", 30006, Standing(statuses.FAILED, reasons.LANDLINE)),
        ("undelivered", 30007, Standing(statuses.FAILED, reasons.FILTERED)),
        ("failed", 30008, Standing(statuses.FAILED, reasons.PROVIDER_FAULT)),
    ],
)
def test_each_status_of_a_text_has_a_meaning_of_ours(stand_in, texts, status, error, standing):
    accepted = texts.send(HELLO)
    stand_in.messages[0].status, stand_in.messages[0].error = status, error

    assert texts.look_up(trace(known=accepted.id)) == Found(accepted.id, standing)


@pytest.mark.parametrize(
    ("status", "by", "standing"),
    [
        ("ringing", None, Standing(statuses.SENT)),
        ("busy", None, Standing(statuses.NO_ANSWER, reasons.BUSY)),
        ("no-answer", None, Standing(statuses.NO_ANSWER, reasons.RANG_OUT)),
        ("completed", "human", Standing(statuses.NO_ANSWER, reasons.NO_KEY)),
        ("completed", "machine_start", Standing(statuses.MACHINE, reasons.MACHINE)),
        ("failed", None, Standing(statuses.FAILED, reasons.PROVIDER_FAULT)),
    ],
)
def test_each_status_of_a_call_has_a_meaning_of_ours(stand_in, calls, status, by, standing):
    accepted = calls.send(RING)
    stand_in.calls[0].status, stand_in.calls[0].answered_by = status, by

    assert calls.look_up(trace(known=accepted.id)) == Found(accepted.id, standing)


def test_a_call_listens_for_a_machine_and_asks_us_what_to_say(stand_in, calls):
    calls.send(RING)
    calls.send(replace(RING, voicemail=True))

    first, second = stand_in.calls
    assert first.sent("MachineDetection") == "Enable"
    assert second.sent("MachineDetection") == "DetectMessageEnd"
    assert first.sent("Url") == "https://office.example.org/voice/r1.1.c0de"
    assert first.form["StatusCallbackEvent"] == ["answered", "completed"]
    assert "Body" not in first.form
    assert "Hi." not in str(first.form)


def test_without_an_address_of_ours_there_are_no_calls_and_texts_are_polled(stand_in, account):
    unreachable = replace(account, callbacks=lambda _kind, _code: None)

    assert TwilioCalls(unreachable).send(RING) == Refused(reasons.PROVIDER_SETUP, 300)
    assert isinstance(TwilioTexts(unreachable).send(HELLO), Accepted)
    assert stand_in.messages[0].sent("StatusCallback") is None


@pytest.mark.parametrize(
    "fault",
    [Fault.ACCEPT_THEN_HANG, Fault.ACCEPT_THEN_CUT, Fault.ACCEPT_THEN_502, Fault.ERROR_500],
)
def test_what_may_have_been_taken_is_looked_up_by_number_and_time(stand_in, texts, fault):
    stand_in.faults = failing(fault)

    outcome = texts.send(HELLO)
    assert isinstance(outcome, Unsure)
    assert not outcome.claims_refusal
    if fault is Fault.ERROR_500:
        assert texts.look_up(trace()) == Absent()
    else:
        (item,) = stand_in.messages
        assert texts.look_up(trace()) == Found(item.sid, Standing(statuses.SENT))
        assert texts.look_up(trace(others=frozenset({item.sid}))) == Absent()
        yesterday = int(time.time() * 1000) - 86_400_000
        assert texts.look_up(trace(began=yesterday)) == Absent()


def test_a_call_is_found_again_too(stand_in, calls):
    stand_in.faults = failing(Fault.ACCEPT_THEN_CUT)
    assert isinstance(calls.send(RING), Unsure)

    assert calls.look_up(trace()) == Found(stand_in.calls[0].sid, Standing(statuses.SENT))


def test_what_is_wrong_with_the_account_is_told_from_what_is_wrong_with_a_number(
    stand_in, texts, calls, account
):
    assert texts.send(replace(HELLO, number="+447700900001")) == Refused(reasons.NOT_A_NUMBER)
    stand_in.opted_out.add(HELLO.number)
    assert texts.send(HELLO) == Refused(reasons.OPTED_OUT)
    stand_in.opted_out.clear()
    foreign = TwilioTexts(replace(account, sender="+447700900888"))
    assert foreign.send(HELLO) == Refused(reasons.PROVIDER_SETUP, 300)
    stand_in.trial = True
    assert texts.send(HELLO) == Refused(reasons.PROVIDER_TRIAL, 300, account=True)
    assert calls.send(RING) == Refused(reasons.PROVIDER_TRIAL, 300, account=True)
    stand_in.trial, stand_in.revoked = False, True
    assert texts.send(HELLO) == Refused(reasons.PROVIDER_KEY, 300, account=True)
    stand_in.revoked, stand_in.faults = False, failing(Fault.TOO_MANY_429)
    assert texts.send(HELLO) == Refused(reasons.PROVIDER_BUSY, 5)
    assert not stand_in.messages


def test_a_wrong_token_is_the_accounts_trouble(account):
    wrong = TwilioTexts(replace(account, token="0" * 32))
    assert wrong.send(HELLO) == Refused(reasons.PROVIDER_KEY, 300, account=True)


def test_a_provider_that_is_not_there_has_definitely_not_taken_it(account):
    with TwilioStandIn() as gone:
        address = gone.address
    nowhere = TwilioTexts(replace(account, api=address))

    assert nowhere.send(HELLO) == Refused(reasons.PROVIDER_AWAY, 60)
    assert nowhere.look_up(trace()) == Silent()


def test_numbers_and_words_are_in_no_log(stand_in, texts, calls, caplog):
    caplog.set_level(logging.DEBUG)
    stand_in.faults = failing(Fault.ERROR_500)
    texts.send(HELLO)
    texts.send(HELLO)
    calls.send(RING)
    texts.send(replace(HELLO, number="+447700900001"))
    texts.look_up(trace())

    assert not caplog.records
