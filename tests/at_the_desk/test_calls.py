"""An automated call: nothing about anybody until a key is pressed, and nothing to a machine."""

import pytest

from at_the_desk.wired import SCRIPT
from desks import BEN, DUTY, HOUR, OWNER
from storage.alarm import AlarmStep
from sync.server.desk import reasons
from sync.server.desk.alarms import OWN_WORDS


@pytest.fixture
def call(by_twilio, twilio):
    """A call that is ringing."""
    reference = by_twilio.order(channel="voice", texts=(), voice=SCRIPT, language="cy")
    by_twilio.work()
    return reference, twilio.calls[0]


def test_details_are_said_only_after_the_key(by_twilio, twilio, call):
    reference, ringing = call
    heard = twilio.answer_call(ringing)

    assert heard == [SCRIPT["cy"]["greeting"], SCRIPT["en"]["greeting"]]
    assert by_twilio.stands(reference) == ("no_answer", reasons.NO_KEY)
    assert by_twilio.row(reference).task is not None


def test_she_confirms(by_twilio, twilio, call):
    reference, ringing = call
    heard = twilio.answer_call(ringing, "11")

    assert SCRIPT["en"]["details"] in heard
    assert by_twilio.stands(reference) == ("answered", reasons.CONFIRMED)
    assert [t["meaning"] for t in by_twilio.told("reply")] == ["confirm"]
    assert by_twilio.receipts(reference)[-1] == ("answered", "confirmed")


def test_she_asks_for_another_time(by_twilio, twilio, call):
    reference, ringing = call
    heard = twilio.answer_call(ringing, "12")

    assert heard[-1] == "Sam will ring you."
    assert by_twilio.stands(reference) == ("answered", reasons.CHANGE)
    assert [t["meaning"] for t in by_twilio.told("reply")] == ["change"]


@pytest.mark.parametrize("keys", ["19", "9"])
def test_nine_stops_everything(by_twilio, twilio, call, keys):
    reference, ringing = call
    later = by_twilio.order(opens=by_twilio.now + HOUR)
    twilio.answer_call(ringing, keys)

    assert by_twilio.stands(reference) == ("answered", reasons.STOP)
    assert by_twilio.stands(later) == ("suppressed", reasons.OPTED_OUT)
    by_twilio.work()
    by_twilio.later(minutes=1)
    assert [text.to for text in twilio.messages] == [OWNER, DUTY]  # somebody should know why


def test_whoever_did_not_expect_it_hears_nothing_more(by_twilio, twilio, call):
    reference, ringing = call
    heard = twilio.answer_call(ringing, "5")

    assert len(heard) == 2
    assert by_twilio.stands(reference) == ("no_answer", reasons.NO_KEY)


def test_a_machine_hears_nothing(by_twilio, twilio, call):
    reference, ringing = call
    assert twilio.answer_call(ringing, by="machine_start") == []
    assert by_twilio.stands(reference) == ("machine", reasons.MACHINE)
    assert by_twilio.row(reference).task is not None


def test_a_machine_hears_the_agreed_words_where_that_was_agreed(by_twilio, twilio):
    words = {"en": {**SCRIPT["en"], "voicemail": "Hello from Sam."}}
    by_twilio.order(channel="voice", texts=(), voice=words, voicemail=True)
    by_twilio.work()

    assert twilio.answer_call(twilio.calls[0], by="machine_end_beep") == ["Hello from Sam."]


def test_a_stop_that_comes_while_it_rings_silences_it(by_twilio, twilio, call):
    reference, ringing = call
    by_twilio.stop()

    assert twilio.answer_call(ringing, "11") == []
    assert by_twilio.stands(reference)[0] == "no_answer"


def test_a_call_withdrawn_while_it_rings_gives_no_details(by_twilio, twilio, call):
    _, ringing = call
    by_twilio.withdraw(appointment="ab" * 16, before_version=2)

    assert twilio.answer_call(ringing, "1") == []


@pytest.mark.parametrize(
    ("status", "reason"), [("busy", reasons.BUSY), ("no-answer", reasons.RANG_OUT)]
)
def test_nobody_picked_up(by_twilio, twilio, call, status, reason):
    reference, ringing = call
    twilio.progress(ringing, status)
    assert by_twilio.stands(reference) == ("no_answer", reason)


def test_a_call_to_her_own_number_acknowledges_nothing(by_twilio, twilio):
    steps = (
        AlarmStep(number=OWNER, channel="voice", words=""),
        AlarmStep(number=BEN, channel="voice", words="Amina has not checked out. Press 1."),
    )
    alarm = by_twilio.alarm(after_s=0, steps=steps)
    by_twilio.work()

    assert twilio.answer_call(twilio.calls[0], "1") == [OWN_WORDS] * 2
    assert by_twilio.shown(alarm) == "ringing"


def test_an_alarm_can_be_a_call_and_a_key_acknowledges_it(by_twilio, twilio):
    step = AlarmStep(number=BEN, channel="voice", words="Amina has not checked out. Press 1.")
    alarm = by_twilio.alarm(after_s=0, steps=(step,))
    by_twilio.work()

    (ringing,) = twilio.calls
    assert twilio.answer_call(ringing) == ["Amina has not checked out. Press 1."] * 2
    assert by_twilio.shown(alarm) == "ringing"
    by_twilio.later(minutes=5)
    twilio.answer_call(twilio.calls[1], "1")
    assert by_twilio.shown(alarm) == "acknowledged"
