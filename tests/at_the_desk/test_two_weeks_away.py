"""A tablet that was out of signal for two weeks, and cancelled and moved visits meanwhile."""

from dataclasses import replace

import pytest

from desks import DAY, DUTY, HOUR
from ordered import capsule, new_id
from storage.clock import milliseconds
from storage.stop import StopPlan, WithdrawalPlan
from sync.server.desk import news, reasons, rounds
from sync.server.desk.staff import TASK_WORDS

WEEKS_AWAY = 14
EARLY, LATE, NEW = "+447700900131", "+447700900132", "+447700900133"


@pytest.fixture
def away(house, desk_of_house):
    """Amina has planned three weeks of visits, handed her reminders in, and driven off."""
    grace = house.begins("grace")
    amina = house.joins("amina", by=grace)
    okoro = amina.founds_family()
    amina.round()
    grace.round()
    return Away(house, desk_of_house, grace, amina, okoro)


class Away:
    def __init__(self, house, desk, grace, amina, okoro):
        self.house, self.desk = house, desk
        self.grace, self.amina, self.okoro = grace, amina, okoro
        self.start = milliseconds(house.clock.now())

    def reminder(self, day, number, **changed):
        """A text on that day from now, between ten and six."""
        opens = self.start + day * DAY + HOUR
        plan = capsule(
            now=self.start,
            casefile=self.okoro,
            opens=opens,
            closes=opens + 8 * HOUR,
            not_after=opens + DAY,
            **changed,
        )
        return replace(plan, contents=replace(plan.contents, number=number))

    def orders(self, *plans):
        self.amina.vault.write([], orders=list(plans))

    def until(self, day, hour=0):
        """The desk works every two hours; nobody hears from Amina."""
        end = self.start + day * DAY + hour * HOUR
        while milliseconds(self.house.clock.now()) < end:
            self.house.clock.advance(2 * 3600)
            self.works()

    def works(self):
        for duty in (*rounds.ALARMS, *rounds.REMINDERS, *rounds.NEWS):
            duty(self.desk)

    def comes_back(self):
        self.amina.round()
        self.works()
        self.grace.round()

    def told(self, plan):
        """How a reminder stands for her supervisor."""
        found = self.grace.reads(news.receipt_record(bytes.fromhex(plan.reference)).hex())
        return found.get("state"), found.get("reason")


def test_what_was_cancelled_out_of_signal_does_not_leave_once_she_is_back(away, notify):
    appointment = new_id()
    cancelled = away.reminder(15, LATE, appointment=appointment, appointment_version=1)
    kept = away.reminder(15, EARLY)
    away.orders(cancelled, kept)
    away.amina.round()
    away.until(5)
    away.orders(
        WithdrawalPlan(
            casefile=away.okoro, appointment=appointment, before_version=2, reason="cancelled"
        )
    )

    away.until(WEEKS_AWAY)
    away.comes_back()
    away.until(16)
    assert [text.to for text in notify.sent] == [EARLY]
    away.grace.round()
    assert away.told(cancelled) == ("withdrawn", reasons.WITHDRAWN)
    assert away.told(kept) == ("sent", "")


def test_in_the_round_that_brings_her_back_the_cancellation_comes_before_the_text(away, notify):
    """Its window is open already: had anything else been first, the text would have left."""
    due = away.reminder(14, LATE, max_silence=24, watch=working_days(away))
    away.orders(due)
    away.amina.round()
    away.orders(
        WithdrawalPlan(casefile=away.okoro, references=(due.reference,), reason="cancelled")
    )

    away.until(WEEKS_AWAY, hour=4)
    assert not notify.sent
    away.comes_back()
    assert away.told(due) == ("withdrawn", reasons.WITHDRAWN)
    away.until(16)
    assert LATE not in [text.to for text in notify.sent]


def test_where_there_is_danger_nothing_leaves_while_she_is_out_of_contact(away, notify):
    """She may have learnt on any of those days that the phone is not safe."""
    dangerous = away.reminder(8, LATE, max_silence=24, watch=working_days(away))
    harmless = away.reminder(8, EARLY)
    away.orders(dangerous, harmless)
    away.amina.round()

    away.until(WEEKS_AWAY)
    assert [text.to for text in notify.sent if text.body != TASK_WORDS] == [EARLY]
    assert DUTY in [text.to for text in notify.sent], "somebody has to ring instead"
    away.grace.round()
    assert away.told(dangerous) == ("suppressed", reasons.SILENCE)


def test_what_she_planned_out_of_signal_for_days_gone_by_is_a_call_and_not_a_text(away, notify):
    away.until(4)
    late = away.reminder(9, LATE)
    away.orders(late)

    away.until(WEEKS_AWAY)
    away.comes_back()
    assert not notify.sent
    assert away.told(late) == ("expired", reasons.TOO_LATE)


def test_a_number_stopped_by_a_colleague_meanwhile_gets_nothing_she_planned(away, notify):
    route = new_id()
    away.until(3)
    away.orders(away.reminder(15, LATE, route=route, consent=1))
    away.until(6)
    away.grace.vault.write([], orders=[StopPlan(route=route, consent=1)])
    away.grace.round()

    away.until(WEEKS_AWAY)
    away.comes_back()
    away.until(16)
    assert LATE not in [text.to for text in notify.sent]


def test_a_text_that_left_before_anybody_knew_is_put_right_once_she_is_back(away, notify):
    appointment = new_id()
    first = away.reminder(6, NEW, appointment=appointment, appointment_version=1)
    away.orders(first)
    away.amina.round()
    away.until(5)
    moved = away.reminder(
        14, NEW, appointment=appointment, appointment_version=2, correction_of=first.reference
    )
    away.orders(
        WithdrawalPlan(
            casefile=away.okoro, appointment=appointment, before_version=2, reason="moved"
        ),
        moved,
    )

    away.until(WEEKS_AWAY)
    assert [text.reference for text in notify.sent] == [first.reference]
    away.comes_back()
    away.until(WEEKS_AWAY, hour=4)
    assert [text.reference for text in notify.sent] == [first.reference, moved.reference]


def working_days(away):
    """Amina's own tablet is watched, and she works every day from nine to five."""
    spells = tuple((away.start + day * DAY, away.start + day * DAY + 8 * HOUR) for day in range(21))
    return {away.amina.device.hex(): spells}
