"""An alarm is taken only while somebody would ring: else the worker is told NOT PROTECTED."""

import pytest

from desks import BEN, MUM
from ordered import alarm
from sync.protocol import UNATTENDED
from sync.server.desk import alarm_queue, attendance, incoming_texts, rounds
from sync.server.desk.queue import OrderRefused


@pytest.fixture
def kept(at_desk):
    """A desk whose office asks whether it is attended, as one that was started by its command."""
    with at_desk.desk.database.writing() as connection:
        attendance.begin(connection)
    return at_desk


def looks(at_desk):
    rounds.run(at_desk.desk, rounds.ALARMS)


def leaves(at_desk, plan=None):
    plan = plan or at_desk.alarm_plan()
    with at_desk.desk.database.writing() as connection:
        return alarm_queue.leave_alarm(connection, plan.made(at_desk.by()), at_desk.now)


def is_refused(at_desk):
    try:
        leaves(at_desk)
    except OrderRefused as refused:
        return refused.code == UNATTENDED
    return False


def test_while_a_desk_looks_after_them_alarms_are_taken(kept):
    assert is_refused(kept)
    looks(kept)
    assert leaves(kept) == "waiting"


def test_a_desk_that_has_stopped_protects_nobody(kept):
    looks(kept)
    kept.clock.advance(119)
    assert not is_refused(kept)
    kept.clock.advance(2)
    assert is_refused(kept)


def test_a_desk_without_a_provider_protects_nobody(kept):
    kept.desk.providers.clear()
    looks(kept)
    assert is_refused(kept)


def test_a_desk_whose_key_was_revoked_protects_nobody_until_it_works_again(kept, notify):
    notify.revoked = True
    kept.order()
    kept.work()
    kept.clock.advance(121)
    looks(kept)
    assert is_refused(kept)

    notify.revoked = False
    kept.later(minutes=6)
    looks(kept)
    assert not is_refused(kept)


def test_what_was_taken_is_answered_as_before(kept):
    looks(kept)
    plan = kept.alarm_plan()
    leaves(kept, plan)
    kept.clock.advance(3600)
    assert leaves(kept, plan) == "waiting"


def test_what_the_desk_itself_has_to_tell_is_kept_until_it_can(kept, notify):
    """A cry for help is not refused because nobody could be texted just now."""
    kept.order()
    kept.work()
    kept.clock.advance(3600)
    incoming_texts.heard(kept.desk, number=MUM, text="help", message="m1")

    kept.later(seconds=5)
    assert len(notify.sent) > 1


def test_a_desk_that_can_tell_nobody_leaves_alarms_to_others(kept, notify):
    looks(kept)
    kept.alarm(after_s=0)
    provider = kept.desk.providers.pop("sms")
    kept.later(seconds=5)
    kept.desk.providers["sms"] = provider

    looks(kept)
    assert [text.to for text in notify.sent] == [BEN]


def test_a_device_is_not_protected_until_somebody_attends_and_then_by_itself(house, desk_of_house):
    grace = house.begins("grace")
    amina = house.joins("amina", by=grace)
    with desk_of_house.database.writing() as connection:
        attendance.begin(connection)
    plan = alarm()
    amina.vault.write([], orders=[plan])

    for _ in range(2):
        outcome = amina.round()
        (waiting,) = amina.vault.orders_waiting("alarm")
        assert (waiting.reference, waiting.refused) == (plan.reference, None)
        assert outcome.told == 0
    rounds.run(desk_of_house, rounds.ALARMS)
    assert amina.round().told == 1
    assert amina.vault.orders_waiting("alarm") == []
