"""The console's page: what would have been sent, and the phone at the other end."""

import re

import pytest

from at_the_desk.wired import SCRIPT
from desks import BEN, console_of
from storage.alarm import AlarmStep
from sync.server.desk import reasons
from sync.server.desk.settings import Secrets


def test_the_console_shows_what_would_have_left_and_lets_things_happen(duty, at_desk):
    text = at_desk.order()
    at_desk.work()
    said = duty.open("/desk/console")
    assert "Text to 07700 900123" in said
    assert "Sam will see you Tue 4 June" in said
    (form,) = set(re.findall(r'action="(/desk/console/\w+)"', duty.reply.text))

    assert "It reached the phone" in duty.send(form, act="reached")
    assert at_desk.stands(text) == ("delivered", "")
    duty.send(form, act="reply", text="CHANGE")
    assert [told["meaning"] for told in at_desk.told("reply")] == ["change"]


def test_left_alone_a_message_reaches_its_phone_in_a_few_seconds(duty, at_desk):
    fine = at_desk.order()
    gone = at_desk.order(number="+447700900002", route="bb" * 16)
    at_desk.work()

    assert duty.open("/desk/console").count(", sent") == 2
    at_desk.later(seconds=5)
    said = duty.open("/desk/console")
    assert "reached phone" in said
    assert "failed" in said
    assert at_desk.stands(fine) == ("delivered", "")
    assert at_desk.stands(gone) == ("failed", reasons.NUMBER_DEAD)


def test_an_empty_console_looks_again_and_one_that_is_answered_from_does_not(duty, at_desk):
    duty.open("/desk/console")
    assert 'http-equiv="refresh"' in duty.reply.text
    at_desk.order()
    at_desk.work()
    duty.open("/desk/console")
    assert 'http-equiv="refresh"' not in duty.reply.text


def test_with_a_real_provider_there_is_no_console_to_look_at(duty, at_desk):
    assert "What would have been sent" in duty.open("/desk")
    at_desk.desk.providers.clear()
    assert "What would have been sent" not in duty.open("/desk")


@pytest.fixture
def call(duty, at_desk):
    """A call that is ringing, and the form to answer it."""
    desk = at_desk.desk
    desk.providers["voice"] = console_of(desk, "voice")
    reference = at_desk.order(channel="voice", texts=(), voice=SCRIPT)
    at_desk.work()
    duty.open("/desk/console")
    (form,) = set(re.findall(r'action="(/desk/console/\w+)"', duty.reply.text))
    return reference, form


def test_a_call_can_be_read_before_it_is_answered(duty, call):
    said = duty.open("/desk/console")
    assert "Call to 07700 900123" in said
    assert "ringing" in said
    assert "Call from Sam. Press 1 if you were expecting it." in said
    assert "After a 1:" in said


@pytest.mark.parametrize(
    ("act", "state", "heard"),
    [
        ("confirm", ("answered", reasons.CONFIRMED), "She heard: Call from Sam."),
        ("change", ("answered", reasons.CHANGE), "Sam will ring you."),
        ("stop", ("answered", reasons.STOP), "She heard: Call from Sam."),
        ("machine", ("machine", reasons.MACHINE), "The machine heard nothing."),
        ("missed", ("no_answer", reasons.RANG_OUT), "Nobody answered."),
    ],
)
def test_a_call_is_answered_in_every_way_that_a_phone_is(duty, at_desk, call, act, state, heard):
    reference, form = call
    assert heard in duty.send(form, act=act)
    assert at_desk.stands(reference) == state


def test_only_after_the_key_are_details_heard(duty, call):
    _, form = call
    details = "Sam will see you on Tuesday"
    assert details in duty.send(form, act="confirm").partition("Call to")[0]
    assert details not in duty.send(form, act="stop").partition("Call to")[0]


def test_a_call_that_nobody_answers_at_the_page_rings_out_after_a_minute(at_desk, call):
    reference, _ = call
    at_desk.later(seconds=30)
    assert at_desk.stands(reference)[0] == "sent"
    at_desk.later(seconds=60)
    at_desk.later(seconds=60)
    assert at_desk.stands(reference) == ("no_answer", reasons.RANG_OUT)
    assert at_desk.row(reference).task is not None


def test_an_alarm_that_rings_at_the_page_is_acknowledged_by_its_key(duty, at_desk):
    at_desk.desk.providers["voice"] = console_of(at_desk.desk, "voice")
    step = AlarmStep(number=BEN, channel="voice", words="Amina has not checked out. Press 1.")
    alarm = at_desk.alarm(after_s=0, steps=(step,))
    at_desk.work()
    duty.open("/desk/console")
    (form,) = set(re.findall(r'action="(/desk/console/\w+)"', duty.reply.text))

    assert "Amina has not checked out. Press 1." in duty.send(form, act="confirm")
    assert at_desk.shown(alarm) == "acknowledged"


def test_what_no_button_says_does_nothing(duty, at_desk, call):
    reference, form = call
    before = at_desk.stands(reference)
    assert "heard" not in duty.send(form, act="explode").partition("Call to")[0]
    assert at_desk.stands(reference) == before


@pytest.mark.parametrize("page_secrets", [Secrets(open_console=True)])
def test_in_a_demo_the_console_is_open_on_this_machine_and_nothing_else_is(browser, at_desk):
    at_desk.order()
    at_desk.work()
    assert "07700 900123" in browser.open("/desk/console")
    assert "Stop this number" not in browser.open("/desk/stop")
