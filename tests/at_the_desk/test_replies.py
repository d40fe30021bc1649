"""What people text back: understood or handed to a person, never answered, heard once."""

import logging
import time

import pytest
import requests

from at_the_desk.wired import BEARER, SCRIPT, TEXTS, TWILIO_TEXTS
from desks import DUTY, HOUR, MUM, OWNER
from sync.server.desk import polling, reasons


def reply(desk, notify, words, number=MUM):
    answer = notify.incoming(desk.where[TEXTS], BEARER, number, words)
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("words", ["CHANGE", "change", "2", " Change. ", "CANCEL", "Newid"])
def test_another_time_is_asked_for(open_desk, notify, words):
    """Acceptance story 10: CANCEL opens a change task and opts nobody out."""
    text = open_desk.order()
    open_desk.work()
    reply(open_desk, notify, words)

    (told,) = open_desk.told("reply")
    assert (told["meaning"], told["text"], told["reference"]) == ("change", words, text.hex())
    assert told["casefile"] == b"\xca" * 16
    again = open_desk.order()
    open_desk.later(minutes=1)
    assert open_desk.stands(again) == ("sent", "")
    assert len(notify.sent) == 2  # and nothing to staff: a change can wait for the app


@pytest.mark.parametrize("words", ["STOP", "stop", "Stop please", "STOPIO", "unsubscribe"])
def test_stop_ends_everything_automated_on_every_channel_at_once(open_desk, notify, words):
    open_desk.order()
    open_desk.work()
    waiting = open_desk.order(opens=open_desk.now + HOUR)
    elsewhere = open_desk.order(route="bb" * 16, opens=open_desk.now + HOUR)
    call = open_desk.order(channel="voice", opens=open_desk.now + HOUR, voice=SCRIPT)
    reply(open_desk, notify, words)

    assert open_desk.stands(waiting) == ("suppressed", reasons.OPTED_OUT)
    open_desk.later(hours=1)
    assert open_desk.stands(elsewhere) == ("suppressed", reasons.OPTED_OUT)
    assert open_desk.stands(call) == ("suppressed", reasons.OPTED_OUT)
    assert [told["meaning"] for told in open_desk.told("reply")] == ["stop"]
    assert [t.to for t in notify.sent].count(MUM) == 1


def test_after_a_stop_the_worker_is_told_by_a_neutral_text(open_desk, notify):
    open_desk.order()
    open_desk.work()
    reply(open_desk, notify, "STOP")

    open_desk.later(seconds=5)
    open_desk.later(seconds=60)
    staff = [t for t in notify.sent if t.to != MUM]
    assert [t.to for t in staff] == [OWNER, DUTY]
    for text in staff:
        assert "stop" not in text.body.lower()
        assert MUM not in text.body


def test_a_cry_for_help_reaches_owner_and_duty_within_two_minutes_and_no_machine_answers(
    open_desk, notify
):
    open_desk.order()
    open_desk.work()
    reply(open_desk, notify, "help, he is here")

    for _ in range(24):
        open_desk.later(seconds=5)
    assert [t.to for t in notify.sent] == [MUM, OWNER, DUTY]
    assert "he is here" not in "".join(t.body for t in notify.sent)
    (told,) = open_desk.told("reply")
    assert (told["meaning"], told["text"]) == ("other", "help, he is here")


def test_it_goes_on_until_somebody_has_read_it(open_desk, notify):
    open_desk.order()
    open_desk.work()
    reply(open_desk, notify, "help, he is here")
    for _ in range(30):
        open_desk.later(minutes=1)
    assert len(notify.sent) > 4

    reply(open_desk, notify, "ok", number=OWNER)
    so_far = len(notify.sent)
    open_desk.later(hours=2)
    assert len(notify.sent) == so_far


def test_a_colleague_who_opens_it_in_the_app_ends_it_too(open_desk, notify):
    open_desk.order()
    open_desk.work()
    reply(open_desk, notify, "help, he is here")
    open_desk.work()
    (told,) = open_desk.told("reply")

    record = open_desk.records("reply")[0]
    open_desk.seen(record)
    so_far = len(notify.sent)
    open_desk.later(hours=2)
    assert len(notify.sent) == so_far
    assert told["meaning"] == "other"


def test_the_same_message_twice_is_heard_once(open_desk, notify):
    open_desk.order()
    open_desk.work()
    reply(open_desk, notify, "help")
    body = notify.received[0]
    for _ in range(3):
        requests.post(
            open_desk.where[TEXTS],
            json=body,
            headers={"Authorization": f"Bearer {BEARER}"},
            timeout=10,
        )
    assert len(open_desk.told("reply")) == 1


def test_a_message_that_no_callback_brought_is_fetched(open_desk, notify):
    open_desk.order()
    open_desk.work()
    reply(open_desk, notify, "STOP")
    notify.received[0] = dict(notify.received[0], id="another-one", message="CHANGE")

    polling.fetch_texts(open_desk.desk)
    polling.fetch_texts(open_desk.desk)
    assert sorted(t["meaning"] for t in open_desk.told("reply")) == ["change", "stop"]


def test_a_stop_that_came_while_the_office_was_restarted_is_fetched(by_twilio, twilio, clock):
    """Twilio calls once and never again."""
    clock.advance(time.time() - clock.now().timestamp())  # the stand-in's messages are of today
    by_twilio.order()
    by_twilio.work()
    with pytest.raises(requests.ConnectionError):
        twilio.incoming("http://127.0.0.1:9/", MUM, "STOP")

    for _ in range(2):
        polling.fetch_texts(by_twilio.desk)
    assert [t["meaning"] for t in by_twilio.told("reply")] == ["stop"]
    text = by_twilio.order(route="bb" * 16)
    by_twilio.work()
    assert by_twilio.stands(text) == ("suppressed", reasons.OPTED_OUT)


def test_what_a_callback_brought_is_not_heard_again_when_it_is_fetched(by_twilio, twilio, clock):
    clock.advance(time.time() - clock.now().timestamp())
    by_twilio.order()
    by_twilio.work()
    twilio.incoming(by_twilio.where[TWILIO_TEXTS], MUM, "CHANGE")

    polling.fetch_texts(by_twilio.desk)
    clock.advance(3 * 86_400)
    polling.fetch_texts(by_twilio.desk)
    assert [t["meaning"] for t in by_twilio.told("reply")] == ["change"]


def test_an_unknown_number_is_answered_calmly_and_leaves_no_trace(open_desk, notify, caplog):
    caplog.set_level(logging.INFO)
    reply(open_desk, notify, "who is this?", number="+447700900555")

    assert not open_desk.told("reply")
    assert "unknown number" in caplog.text
    assert "900555" not in str([record.__dict__ for record in caplog.records])


def test_whoever_asks_for_silence_before_we_have_written_gets_it(open_desk, notify):
    waiting = open_desk.order(opens=open_desk.now + HOUR)
    reply(open_desk, notify, "STOP")

    open_desk.later(hours=1)
    assert open_desk.stands(waiting) == ("suppressed", reasons.OPTED_OUT)
    assert not notify.sent


def test_a_shared_phone_stops_for_both_families_and_tells_each_only_that(open_desk, notify):
    open_desk.order()
    open_desk.work()
    open_desk.clock.advance(60)
    open_desk.order(casefile="cb" * 16, route="bb" * 16)
    open_desk.work()
    reply(open_desk, notify, "Stop texting")

    told = {each["casefile"]: each for each in open_desk.told("reply")}
    assert set(told) == {b"\xca" * 16, b"\xcb" * 16}
    assert told[b"\xcb" * 16]["text"] == "Stop texting"
    assert told[b"\xca" * 16]["text"] == ""


def test_replies_through_twilio_get_an_empty_answer(by_twilio, twilio):
    by_twilio.order()
    by_twilio.work()
    answer = twilio.incoming(by_twilio.where[TWILIO_TEXTS], MUM, "help, he is here")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/xml")
    assert "<Message" not in answer.text
    assert [t["meaning"] for t in by_twilio.told("reply")] == ["other"]


def test_cancel_means_another_time_even_when_twilio_took_it_for_an_opt_out(by_twilio, twilio):
    by_twilio.order()
    by_twilio.work()
    twilio.incoming(by_twilio.where[TWILIO_TEXTS], MUM, "CANCEL", opt_out="STOP")
    assert [t["meaning"] for t in by_twilio.told("reply")] == ["change"]

    twilio.opted_out.add(MUM)  # Twilio now refuses us, and that is said as it is
    blocked = by_twilio.order()
    by_twilio.later(minutes=1)
    assert by_twilio.stands(blocked) == ("failed", reasons.OPTED_OUT)


def test_another_opt_out_word_of_twilios_counts(by_twilio, twilio):
    by_twilio.order()
    by_twilio.work()
    twilio.incoming(by_twilio.where[TWILIO_TEXTS], MUM, "arret", opt_out="STOP")
    assert [t["meaning"] for t in by_twilio.told("reply")] == ["stop"]
