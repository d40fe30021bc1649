"""The stories of the safeguards that count once something has left: who is told what of it."""

from __future__ import annotations

from contextlib import contextmanager

import requests

from at_the_desk.wired import RECEIPTS, SCRIPT, TWILIO_TEXTS, secrets
from desks import BEN, DUTY, MUM, OWNER, console_of
from offices import served
from storage.alarm import AlarmStep
from sync.server.desk import alarm_queue, attendance, calls, rounds, told
from sync.server.desk.calls import Answered
from sync.server.desk.queue import OrderRefused
from sync.server.desk.settings import addresses
from sync.server.desk.statuses import Standing
from sync.server.office import OfficeService


def news_in_the_wrong_order(story):
    text = story.at_desk.order()
    story.at_desk.work()
    for state in ("delivered", "sent"):
        told.of_reference(story.at_desk.desk, text, Standing(state), "id")
    return story.at_desk.stands(text)[0] == "delivered"


def call_that_nobody_saw(story):
    story.at_desk.order(number="+447700900002")
    story.at_desk.work()
    story.notify.settle()
    for _ in range(4):
        story.at_desk.later(hours=1)
    story.at_desk.later(seconds=5)
    return DUTY in [text.to for text in story.notify.sent]


def eight_days_later(story):
    text = story.at_desk.order()
    story.at_desk.work()
    story.notify.settle()
    story.at_desk.later(hours=1)
    story.at_desk.clock.advance(8 * 86_400)
    rounds.run(story.at_desk.desk, rounds.HOUSEKEEPING)
    return story.at_desk.row(text).packed is None


def checked_out_under_duress(story):
    alarm = story.at_desk.alarm()
    story.at_desk.check_out(alarm, "is the kettle on")
    story.at_desk.work()
    return BEN in [text.to for text in story.notify.sent]


def her_phone_in_his_hand(story):
    alarm = story.at_desk.alarm(
        steps=(
            AlarmStep(number=OWNER, channel="sms", words=""),
            AlarmStep(number=BEN, channel="sms", words="Amina has not checked out."),
        )
    )
    story.at_desk.check_out(alarm, "is the kettle on")
    for _ in range(3):
        story.at_desk.later(minutes=5)
    return {text.to for text in story.notify.sent} == {BEN}


def going_in_while_nobody_would_ring(story):
    at_desk = story.at_desk
    with at_desk.desk.database.writing() as connection:
        attendance.begin(connection)
        try:
            alarm_queue.leave_alarm(
                connection, at_desk.alarm_plan().made(at_desk.by()), at_desk.now
            )
        except OrderRefused:
            return True
    return False


def somebody_else_picks_up(story):
    return "Tuesday" not in calls.picked_up(story.at_desk.desk, ringing(story), "human")


def voicemail_that_others_hear(story):
    return "<Say" not in calls.picked_up(story.at_desk.desk, ringing(story), "machine_start")


def stopped_while_it_rings(story):
    call = ringing(story)
    story.at_desk.stop()
    return "<Say" not in calls.expected(story.at_desk.desk, call, "1")


def ringing(story):
    """A call that has left; nobody has picked up yet."""
    at_desk = story.at_desk
    desk = at_desk.desk
    desk.providers["voice"] = console_of(desk, "voice")
    reference = at_desk.order(channel="voice", texts=(), voice=SCRIPT)
    at_desk.work()
    return Answered(reference, 1, "https://office.example.org/key", "https://office.example.org")


def delivery_that_somebody_made_up(story):
    text = story.at_desk.order()
    story.at_desk.work()
    with open_to_providers(story) as where:
        body = {"reference": text.hex(), "status": "delivered", "id": "x"}
        requests.post(where[RECEIPTS], json=body, headers={"Authorization": "Bearer x"}, timeout=10)
    return story.at_desk.stands(text)[0] == "sent"


def stop_that_somebody_made_up(story):
    story.at_desk.order()
    story.at_desk.work()
    with open_to_providers(story) as where:
        body = {"From": MUM, "Body": "STOP", "MessageSid": "x"}
        requests.post(where[TWILIO_TEXTS], data=body, timeout=10)
    return not story.at_desk.told("reply")


@contextmanager
def open_to_providers(story):
    """The desk's addresses for them, served."""
    desk = story.at_desk.desk
    service = OfficeService(story.url, clock=desk.clock)
    with served(service, desk=lambda address: (desk, secrets(address))) as address:
        yield addresses(secrets(address), desk.keys)
    service.close()


ONCE_IT_HAS_LEFT = {
    "states move on": news_in_the_wrong_order,
    "passing on": call_that_nobody_saw,
    "forgetting": eight_days_later,
    "duress": checked_out_under_duress,
    "her own phone": her_phone_in_his_hand,
    "attendance": going_in_while_nobody_would_ring,
    "key before details": somebody_else_picks_up,
    "no machine": voicemail_that_others_hear,
    "asking while it rings": stopped_while_it_rings,
    "bearer token": delivery_that_somebody_made_up,
    "signature": stop_that_somebody_made_up,
}
