"""What providers tell us of a message: proven, calm, harmless when repeated or out of order."""

import pytest
import requests

from at_the_desk.wired import BEARER, RECEIPTS
from desks import HELLO, MUM
from sync.server.desk import codes, dispatch, reasons
from sync.server.desk.claim import claim


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
