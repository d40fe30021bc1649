"""What providers call us with: proven, calm, and harmless when it repeats or comes out of order."""

import logging
from dataclasses import replace

import pytest
import requests

from desks import BEN, DUTY, HELLO, HOUR, MUM, OWNER
from offices import served
from providers.twilio_stand_in import NUMBER, SID, TOKEN, TwilioStandIn
from sync.server.desk import codes, reasons
from sync.server.desk.providers.twilio_account import Account
from sync.server.desk.providers.twilio_calls import TwilioCalls
from sync.server.desk.providers.twilio_texts import TwilioTexts
from sync.server.desk.settings import Secrets, addresses
from sync.server.office import OfficeService

BEARER = "notify-calls-us-with-this"
SCRIPT = {
    "en": {
        "greeting": "Call from Sam. Press 1 if you were expecting it.",
        "details": "Sam will see you on Tuesday the fourth of June at ten.",
        "confirm": "Press 1 if that is fine, 2 for another time, 9 for no more calls.",
        "changed": "Sam will ring you.",
    },
    "cy": {
        "greeting": "Galwad gan Sam. Pwyswch 1 os oeddech yn ei disgwyl.",
        "details": "Bydd Sam yn eich gweld ddydd Mawrth.",
    },
}


@pytest.fixture
def office(database_url, clock):
    service = OfficeService(database_url, clock=clock)
    yield service
    service.close()


@pytest.fixture
def open_desk(at_desk, office):
    """The desk's own addresses, served; gives it with where things are."""
    with served(office, desk=lambda address: (at_desk.desk, secrets(address))) as address:
        at_desk.address = address
        at_desk.where = addresses(secrets(address), at_desk.desk.keys)
        yield at_desk


def secrets(address):
    return Secrets(public_url=address, notify_callback_token=BEARER, twilio_token=TOKEN)


@pytest.fixture
def twilio():
    with TwilioStandIn() as running:
        yield running


@pytest.fixture
def by_twilio(at_desk, office, twilio):
    """The same desk, with texts and calls through Twilio."""

    def desk(address):
        account = Account(
            sid=SID,
            token=TOKEN,
            sender=NUMBER,
            callbacks=secrets(address).address,
            api=twilio.address,
            timeout_s=2,
        )
        calls = TwilioCalls(account)
        calls.per_second = None
        at_desk.desk = replace(
            at_desk.desk, providers={"sms": TwilioTexts(account), "voice": calls}
        )
        return at_desk.desk, secrets(address)

    with served(office, desk=desk) as address:
        at_desk.where = addresses(secrets(address), at_desk.desk.keys)
        yield at_desk


RECEIPTS, TEXTS = "GOV.UK Notify, delivery receipts", "GOV.UK Notify, received texts"
TWILIO_TEXTS = "Twilio, a message comes in"


# -- GOV.UK Notify ---------------------------------------------------------------------------------


def test_a_delivery_is_told_at_once_and_only_once(open_desk, notify):
    text = open_desk.order()
    open_desk.work()
    notify.callback = (open_desk.where[RECEIPTS], BEARER)

    replies = [notify.progress(notify.sent[0], "delivered") for _ in range(3)]
    late = notify.progress(notify.sent[0], "sending")
    assert {reply.status_code for reply in (*replies, late)} == {200}
    assert open_desk.stands(text) == ("delivered", "")
    assert open_desk.receipts(text) == [("sent", ""), ("delivered", "")]


def test_a_failure_makes_one_task_however_often_it_is_told(open_desk, notify):
    """Acceptance story 9: permanent failure creates one call task; no resend to that number."""
    text = open_desk.order(number="+447700900002")
    open_desk.work()
    notify.callback = (open_desk.where[RECEIPTS], BEARER)

    notify.settle()
    for _ in range(3):
        notify.tell(notify.sent[0])
    open_desk.later(hours=1)
    assert open_desk.stands(text) == ("failed", reasons.NUMBER_DEAD)
    assert open_desk.receipts(text) == [("sent", ""), ("failed", "number_dead")]
    assert len(notify.sent) == 1


def test_a_delivery_told_before_we_noticed_that_we_sent_it_counts(open_desk, notify):
    from sync.server.desk import dispatch
    from sync.server.desk.claim import claim

    text = open_desk.order()
    taken = claim(open_desk.desk)
    outcome = taken.provider.send(taken.message)
    notify.callback = (open_desk.where[RECEIPTS], BEARER)
    notify.progress(notify.sent[0], "delivered")

    dispatch.settle(open_desk.desk, taken, outcome)
    assert open_desk.stands(text) == ("delivered", "")


@pytest.mark.parametrize("token", ["", "wrong", BEARER[:-1]])
def test_a_forged_delivery_is_refused(open_desk, notify, token, caplog):
    text = open_desk.order()
    open_desk.work()
    notify.callback = (open_desk.where[RECEIPTS], token)

    assert notify.progress(notify.sent[0], "delivered").status_code == 403
    assert open_desk.stands(text) == ("sent", "")
    assert MUM not in caplog.text


def test_another_address_is_nowhere(open_desk, notify):
    open_desk.order()
    open_desk.work()
    notify.callback = (open_desk.where[RECEIPTS][:-1] + "x", BEARER)
    assert notify.progress(notify.sent[0], "delivered").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"reference": "00" * 16, "status": "delivered", "id": "x"},
        {"reference": None, "status": "delivered"},
        {"reference": "nonsense", "status": "delivered"},
        {"status": "read"},
        {},
    ],
)
def test_news_of_nothing_we_know_is_answered_calmly(open_desk, body):
    reply = requests.post(
        open_desk.where[RECEIPTS],
        json=body,
        headers={"Authorization": f"Bearer {BEARER}"},
        timeout=10,
    )
    assert (reply.status_code, reply.content) == (200, b"")


def test_a_code_of_strange_letters_is_nowhere(open_desk):
    for path in ("é", "%C3%A9%00", "x" * 3000):
        reply = requests.post(
            f"{open_desk.address}/desk/callbacks/notify/receipt/{path}", timeout=10
        )
        assert reply.status_code == 404


def test_what_is_no_news_at_all_is_not_understood(open_desk):
    for body in (b"", b"[]", b"\xff", b"delivered", b"[" * 100_000):
        reply = requests.post(
            open_desk.where[RECEIPTS],
            data=body,
            headers={"Authorization": f"Bearer {BEARER}"},
            timeout=10,
        )
        assert reply.status_code == 400


# -- replies ---------------------------------------------------------------------------------------


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
    from sync.server.desk import polling

    open_desk.order()
    open_desk.work()
    reply(open_desk, notify, "STOP")
    notify.received[0] = dict(notify.received[0], id="another-one", message="CHANGE")

    polling.fetch_texts(open_desk.desk)
    polling.fetch_texts(open_desk.desk)
    assert sorted(t["meaning"] for t in open_desk.told("reply")) == ["change", "stop"]


def test_an_unknown_number_is_answered_calmly_and_leaves_no_trace(open_desk, notify, caplog):
    caplog.set_level(logging.INFO)
    reply(open_desk, notify, "who is this?", number="+447700900555")

    assert not open_desk.told("reply")
    assert "unknown number" in caplog.text
    assert "900555" not in str([record.__dict__ for record in caplog.records])


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


# -- Twilio ----------------------------------------------------------------------------------------


def test_a_text_through_twilio_reports_to_an_address_of_its_own(by_twilio, twilio):
    text = by_twilio.order()
    by_twilio.work()
    (item,) = twilio.messages
    assert item.sent("Body") == HELLO

    for status in ("sent", "delivered", "sent", "delivered"):
        assert twilio.progress(item, status).status_code == 200
    assert by_twilio.stands(text) == ("delivered", "")
    assert MUM.removeprefix("+") not in item.sent("StatusCallback")


def test_a_failed_text_says_why(by_twilio, twilio):
    text = by_twilio.order()
    by_twilio.work()
    twilio.progress(twilio.messages[0], "undelivered", 30003)
    assert by_twilio.stands(text) == ("failed", reasons.PHONE_OFF)


def test_what_twilio_did_not_sign_is_refused(by_twilio, twilio):
    text = by_twilio.order()
    by_twilio.work()
    url = twilio.messages[0].sent("StatusCallback")
    form = {"MessageSid": twilio.messages[0].sid, "MessageStatus": "delivered"}

    assert twilio.post(url, form, token="f" * 32).status_code == 403
    assert requests.post(url, data=form, timeout=10).status_code == 403
    signed_for_another = twilio.post(url.replace("/status/", "/call/"), form)
    assert signed_for_another.status_code == 200
    assert by_twilio.stands(text) == ("sent", "")


def test_a_code_we_never_made_is_nowhere(by_twilio, twilio):
    text = by_twilio.order()
    by_twilio.work()
    url = twilio.messages[0].sent("StatusCallback")
    stem, _, _ = url.rpartition("-")
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}

    assert twilio.post(stem + "-" + "0" * 32, form).status_code == 404
    assert twilio.post(url[:-40], form).status_code == 404
    unknown = codes.of_attempt(by_twilio.desk.keys.secret, b"?" * 16, 1)
    base, _, _ = url.rpartition("/")
    assert twilio.post(f"{base}/{unknown}", form).status_code == 200
    assert by_twilio.stands(text) == ("sent", "")


def test_a_timeout_at_twilio_is_settled_by_its_own_callback(by_twilio, twilio):
    from providers.loopback import Fault

    text = by_twilio.order()
    left = [Fault.ACCEPT_THEN_CUT]
    twilio.faults = lambda _ask: left.pop() if left else None
    by_twilio.work()
    assert by_twilio.stands(text)[0] == "unknown"

    twilio.progress(twilio.messages[0], "sent")
    assert by_twilio.stands(text) == ("sent", "")
    assert by_twilio.row(text).provider_id == twilio.messages[0].sid


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


# -- calls -----------------------------------------------------------------------------------------


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


def test_an_alarm_can_be_a_call_and_a_key_acknowledges_it(by_twilio, twilio):
    from storage.alarm import AlarmStep

    step = AlarmStep(number=BEN, channel="voice", words="Amina has not checked out. Press 1.")
    alarm = by_twilio.alarm(after_s=0, steps=(step,))
    by_twilio.work()

    (ringing,) = twilio.calls
    assert twilio.answer_call(ringing) == ["Amina has not checked out. Press 1."] * 2
    assert by_twilio.shown(alarm) == "ringing"
    by_twilio.later(minutes=5)
    twilio.answer_call(twilio.calls[1], "1")
    assert by_twilio.shown(alarm) == "acknowledged"
