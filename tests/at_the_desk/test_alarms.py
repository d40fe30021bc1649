"""Alarms reach somebody at least once, at any hour, until a human has heard."""

from dataclasses import replace

import pytest

from desks import BEN, DAY, DUTY, MINUTE, MUM, OWNER
from fakes import seeded
from providers.loopback import Fault, failing
from storage.alarm import AlarmContents, AlarmPlan, AlarmStep, CheckOutPlan
from storage.seal import raw_public
from sync.server.desk import alarm_queue, alarms, incoming_texts, optouts, pausing
from sync.server.desk.alarms import OWN_WORDS
from sync.server.desk.keys import DeskKeys


def told(notify):
    return [text.to for text in notify.sent]


def text_from(at_desk, number, words, message="m1"):
    incoming_texts.heard(at_desk.desk, number=number, text=words, message=message)


def test_a_worker_who_does_not_come_out_is_missed(at_desk, notify):
    alarm = at_desk.alarm()

    at_desk.later(minutes=74)
    assert not notify.sent
    at_desk.later(minutes=1)
    assert [(t.to, t.body) for t in notify.sent] == [(BEN, "Amina has not checked out.")]
    at_desk.later(minutes=5)
    assert told(notify) == [BEN, DUTY]
    assert at_desk.shown(alarm) == "ringing"


def test_it_goes_on_until_a_human_acknowledges(at_desk, notify):
    alarm = at_desk.alarm(after_s=0)
    for _ in range(24):
        at_desk.later(minutes=5)
    assert len(notify.sent) >= 8

    text_from(at_desk, DUTY, "Ok, on my way")
    before = len(notify.sent)
    at_desk.later(hours=5)
    assert len(notify.sent) == before
    assert at_desk.shown(alarm) == "acknowledged"


def test_supervisor_please_reaches_one_after_another_at_once_until_somebody_answers(
    at_desk, notify
):
    """A worker asks for help: the same road as an alarm, without waiting for anything."""
    urgent = at_desk.alarm(
        kind="urgent",
        after_s=0,
        again_s=45,
        steps=(
            AlarmStep(number=BEN, channel="sms", words="Amina asks for a supervisor now."),
            AlarmStep(number=DUTY, channel="sms", words="Amina asks for a supervisor now."),
        ),
    )
    at_desk.work()
    assert told(notify) == [BEN]
    for _ in range(24):
        at_desk.later(seconds=5)
    assert told(notify)[:2] == [BEN, DUTY]

    at_desk.seen(urgent)
    so_far = len(notify.sent)
    at_desk.later(hours=1)
    assert len(notify.sent) == so_far
    assert at_desk.shown(urgent) == "acknowledged"


def with_her_own_number_first():
    """As an app leaves it: she may only have forgotten."""
    return (
        AlarmStep(number=OWNER, channel="sms", words=""),
        AlarmStep(number=BEN, channel="sms", words="Amina has not checked out."),
        AlarmStep(number=DUTY, channel="sms", words="Amina has not checked out. Act."),
    )


def test_she_is_asked_first_whether_she_has_forgotten(at_desk, notify):
    at_desk.alarm(steps=with_her_own_number_first())

    at_desk.later(minutes=75)
    assert [(t.to, t.body) for t in notify.sent] == [(OWNER, OWN_WORDS)]
    at_desk.later(minutes=5)
    at_desk.later(minutes=5)
    assert told(notify) == [OWNER, BEN, DUTY]


def test_under_duress_nothing_reaches_the_phone_in_her_hand(at_desk, notify):
    alarm = at_desk.alarm(steps=with_her_own_number_first())
    at_desk.check_out(alarm, "Is the kettle on")

    for _ in range(12):
        at_desk.later(minutes=5)
    assert told(notify)[:2] == [BEN, DUTY]
    assert OWNER not in told(notify)


def test_whoever_holds_her_phone_cannot_acknowledge_by_it(at_desk, notify):
    alarm = at_desk.alarm(after_s=0, steps=with_her_own_number_first())
    at_desk.work()

    text_from(at_desk, OWNER, "OK")
    assert at_desk.shown(alarm) == "ringing"
    at_desk.later(minutes=5)
    assert told(notify) == [OWNER, BEN]
    text_from(at_desk, BEN, "OK", "m2")
    assert at_desk.shown(alarm) == "acknowledged"


def test_checked_out_late_she_is_not_told_what_she_knows(at_desk, notify):
    alarm = at_desk.alarm(steps=with_her_own_number_first())
    at_desk.later(minutes=75)
    at_desk.later(minutes=5)
    at_desk.check_out(alarm)

    at_desk.later(seconds=5)
    at_desk.later(seconds=5)
    assert told(notify) == [OWNER, BEN, BEN]
    assert "stand down" in notify.sent[-1].body


def test_only_whoever_was_told_can_acknowledge_by_text(at_desk, notify):
    alarm = at_desk.alarm(after_s=0)
    at_desk.work()

    text_from(at_desk, MUM, "OK")
    assert at_desk.shown(alarm) == "ringing"
    text_from(at_desk, BEN, "what is this?", "m2")
    assert at_desk.shown(alarm) == "ringing"
    text_from(at_desk, BEN, "OK", "m3")
    assert at_desk.shown(alarm) == "acknowledged"


def test_an_app_acknowledges_but_never_the_one_it_came_from(at_desk, notify):
    alarm = at_desk.alarm(after_s=0)
    at_desk.work()

    at_desk.seen(alarm, device=at_desk.device)
    assert at_desk.shown(alarm) == "ringing"
    at_desk.seen(alarm)
    assert at_desk.shown(alarm) == "acknowledged"
    events = {each["event"] for each in at_desk.told("alarm_log")}
    assert events == {"raised", "told", "acknowledged"}


def test_checking_out_cancels_it(at_desk, notify):
    alarm = at_desk.alarm()
    at_desk.later(minutes=60)
    at_desk.check_out(alarm)

    assert at_desk.shown(alarm) == "checked_out"
    at_desk.later(hours=3)
    assert not notify.sent
    assert at_desk.alarm_row(alarm).state == "checked_out"


def test_a_late_check_out_stands_down_whoever_was_told(at_desk, notify):
    alarm = at_desk.alarm(steps=(AlarmStep(number=BEN, channel="sms", words="Ring Amina."),))
    at_desk.later(minutes=80)
    at_desk.check_out(alarm)

    at_desk.later(seconds=5)
    at_desk.later(hours=2)
    assert [(t.to, t.body) for t in notify.sent] == [
        (BEN, "Ring Amina."),
        (BEN, "Doorstep: stand down. Amina has checked out."),
    ]
    events = [e["event"] for e in at_desk.told("alarm_log") if e["alarm"] == alarm.hex()]
    assert sorted(events) == ["checked_out", "raised", "told"]


def test_a_check_out_under_duress_looks_like_any_other_and_rings_at_once(at_desk, notify):
    alarm = at_desk.alarm()
    at_desk.later(minutes=20)
    quiet = at_desk.alarm()
    at_desk.check_out(quiet)
    at_desk.check_out(alarm, "is the  KETTLE on")

    assert at_desk.shown(alarm) == at_desk.shown(quiet) == "checked_out"
    at_desk.work()
    assert told(notify) == [BEN]
    assert at_desk.shown(alarm) == at_desk.shown(quiet) == "checked_out"
    at_desk.later(minutes=5)
    assert told(notify) == [BEN, DUTY]

    text_from(at_desk, DUTY, "OK")
    assert at_desk.shown(alarm) == "checked_out"
    # The casefile's log is on the tablet too, so it says no more than of the other.
    log = at_desk.told("alarm_log")
    assert [each["event"] for each in log if each["alarm"] == alarm.hex()] == ["checked_out"]


def test_a_check_out_that_cannot_be_read_does_not_silence_anything(at_desk, notify):
    alarm = at_desk.alarm()
    other = raw_public(DeskKeys.fresh(seeded("elsewhere")).receiving[0])
    check_out = CheckOutPlan(alarm=alarm.hex()).made(at_desk.by(desk=other))
    with at_desk.desk.database.writing() as connection:
        alarm_queue.check_out(connection, check_out, at_desk.now)

    at_desk.work()
    assert told(notify) == [BEN]


def test_it_counts_from_when_the_office_had_it_and_not_from_the_devices_clock(at_desk, notify):
    ten_years = 10 * 365 * DAY
    with at_desk.desk.database.writing() as connection:
        by = replace(at_desk.by(), at=at_desk.now - ten_years)
        alarm_queue.put_alarm(connection, at_desk.alarm_plan(after_s=600).made(by), at_desk.now)

    at_desk.later(minutes=9)
    assert not notify.sent
    at_desk.later(minutes=1)
    assert len(notify.sent) == 1


def test_it_passes_the_switch_opt_outs_and_limits(at_desk, notify):
    pausing.set_paused(at_desk.desk, True)
    assert optouts.stop_typed(at_desk.desk, BEN)
    for _ in range(6):
        at_desk.alarm(kind="urgent", after_s=0)

    at_desk.work()
    assert told(notify) == [BEN] * 6


@pytest.mark.parametrize("hour", [3, 12])
def test_it_rings_at_any_hour(at_desk, notify, hour):
    at_desk.clock.advance(hour * 3600)
    at_desk.alarm(kind="urgent", after_s=0)

    at_desk.work()
    assert told(notify) == [BEN]


def test_what_may_not_have_gone_out_is_sent_again(at_desk, notify):
    at_desk.alarm(after_s=0)
    notify.faults = failing(Fault.ACCEPT_THEN_CUT, Fault.ERROR_500)

    at_desk.work()
    at_desk.later(seconds=5)
    at_desk.later(seconds=5)
    assert told(notify) == [BEN, BEN]


def test_whoever_cannot_be_told_is_passed_over(at_desk, notify):
    notify.mode, notify.team = "team", {DUTY}
    at_desk.alarm(after_s=0)

    at_desk.work()
    at_desk.later(seconds=5)
    assert told(notify) == [DUTY]


def test_an_alarm_in_the_hands_of_a_process_that_died_rings_after_all(at_desk, notify):
    at_desk.alarm(after_s=0)
    with at_desk.desk.database.writing() as connection:
        alarms._take(at_desk.desk, connection)  # claimed, and then nothing more happened

    at_desk.work()
    assert not notify.sent
    at_desk.later(seconds=20)
    assert told(notify) == [BEN]


def test_an_extension_replaces_and_cannot_put_off_what_rings(at_desk, notify):
    first = at_desk.alarm(after_s=600)
    second = at_desk.alarm(after_s=3600, replaces=first.hex())
    at_desk.later(minutes=30)
    assert not notify.sent
    assert at_desk.shown(first) == "replaced"

    at_desk.later(minutes=31)
    assert told(notify) == [BEN]
    at_desk.alarm(after_s=3600, replaces=second.hex())
    at_desk.later(minutes=5)
    assert told(notify) == [BEN, DUTY]


def test_an_alarm_nobody_can_open_goes_to_duty(at_desk, notify):
    with_duty = at_desk.with_limits(duty=DUTY)
    other = raw_public(DeskKeys.fresh(seeded("elsewhere")).receiving[0])
    plan = AlarmPlan(
        reference="77" * 16,
        kind="urgent",
        after_s=0,
        again_s=60,
        contents=AlarmContents(steps=(AlarmStep(number=BEN, channel="sms", words="Help"),)),
    )
    with at_desk.desk.database.writing() as connection:
        alarm_queue.put_alarm(connection, plan.made(at_desk.by(desk=other)), at_desk.now)

    with_duty.work()
    ((to, words),) = [(t.to, t.body) for t in notify.sent]
    assert to == DUTY
    assert "cannot read" in words


def test_it_rings_less_often_once_everybody_was_told_but_never_stops(at_desk, notify):
    at_desk.alarm(after_s=0, again_s=60)
    for _ in range(12 * 60):
        at_desk.later(minutes=1)

    assert len(notify.sent) > 40
    alarm = at_desk.alarm_row((1_000_001).to_bytes(16, "big"))
    assert alarm.state == "ringing"
    assert alarm.due - at_desk.now <= 15 * MINUTE
