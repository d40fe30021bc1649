"""Never twice: whatever is killed, stalls, times out, is ordered twice or put back."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from desks import HOUR
from providers.loopback import Fault, failing
from sync.server.database import Database
from sync.server.desk import dispatch, pausing, reasons, restored
from sync.server.desk.claim import Claim, claim
from sync.server.desk.pace import Pace
from sync.server.desk.providers.base import Accepted, Refused, Unsure
from sync.server.desk.queue import OrderRefused
from sync.server.desk.tables import capsules


def test_a_timeout_is_looked_up_and_never_sent_again(at_desk, notify):
    text = at_desk.order()
    notify.faults = failing(Fault.ACCEPT_THEN_HANG)

    at_desk.work()
    assert at_desk.stands(text) == ("unknown", reasons.TIMED_OUT)
    at_desk.later(seconds=5)
    assert at_desk.stands(text) == ("sent", "")
    assert at_desk.receipts(text) == [("unknown", "timed_out"), ("sent", "")]
    assert len(notify.sent) == 1


def test_two_processes_at_work_send_each_reminder_once(at_desk, notify, database_url):
    texts = [at_desk.order(route=f"{n:032x}", number=f"+4477009003{n:02}") for n in range(20)]
    elsewhere = Database(database_url)
    other = replace(
        at_desk.desk, office=replace(at_desk.desk.office, database=elsewhere), pace=Pace()
    )
    with ThreadPoolExecutor(2) as pool:
        sent = sum(pool.map(dispatch.send_due, (at_desk.desk, other)))
    elsewhere.close()

    assert sorted(t.reference for t in notify.sent) == sorted(t.hex() for t in texts)
    assert sent == len(texts)


def test_what_the_provider_never_heard_of_becomes_a_task(at_desk, notify):
    text = at_desk.order()
    notify.faults = failing(Fault.ACCEPT_THEN_CUT)
    at_desk.work()
    notify.sent.clear()  # as if the connection had broken before it was read

    for _ in range(30):
        at_desk.later(minutes=1)
    assert at_desk.stands(text) == ("unknown", reasons.NOT_FOUND)
    assert at_desk.row(text).task is not None
    assert not notify.sent


def test_a_failure_the_provider_admits_is_offered_again_once_looked_up(at_desk, notify):
    text = at_desk.order()
    notify.faults = failing(Fault.ERROR_500)

    at_desk.work()
    assert at_desk.stands(text)[0] == "unknown"
    at_desk.later(seconds=5)
    at_desk.later(seconds=30)
    at_desk.work()
    assert at_desk.stands(text) == ("sent", "")
    assert len(notify.sent) == 1


def test_a_provider_that_says_it_failed_and_did_not_is_not_believed(at_desk, notify):
    """The rarest fault: it took the message, and then an error came back."""
    text = at_desk.order()
    notify.faults = failing(Fault.ACCEPT_THEN_502)
    at_desk.work()

    at_desk.later(seconds=5)
    assert at_desk.stands(text) == ("sent", "")
    assert len(notify.sent) == 1


def test_whoever_was_overtaken_does_not_settle(at_desk, notify):
    """A process stalls; another rescues its attempt, finds nothing, and hands it to a person."""
    text = at_desk.order()
    stalled = claim(at_desk.desk)
    assert isinstance(stalled, Claim)
    for _ in range(40):
        at_desk.later(minutes=1)
    assert at_desk.stands(text) == ("unknown", reasons.NOT_FOUND)

    assert not dispatch.settle(at_desk.desk, stalled, Refused(reasons.PROVIDER_AWAY, 1))
    at_desk.later(minutes=1)
    assert at_desk.stands(text) == ("unknown", reasons.NOT_FOUND)
    assert not notify.sent


def test_whoever_slept_too_long_over_a_claim_does_not_send(at_desk, notify, clock):
    text = at_desk.order()
    taken = claim(at_desk.desk)
    clock.advance(30)

    assert not dispatch.attempt(at_desk.desk, taken)
    assert not notify.sent
    assert at_desk.stands(text) == ("planned", "")
    at_desk.later(seconds=1)
    assert len(notify.sent) == 1


def test_a_process_that_died_while_sending_is_looked_after(at_desk, notify):
    sent = at_desk.order()
    first = claim(at_desk.desk)
    first.provider.send(first.message)  # and then it died

    at_desk.later(minutes=1)
    assert at_desk.receipts(sent) == [("unknown", "interrupted"), ("sent", "")]
    assert len(notify.sent) == 1


def test_late_news_of_its_own_does_not_undo_what_is_known(at_desk, notify):
    text = at_desk.order()
    taken = claim(at_desk.desk)
    outcome = taken.provider.send(taken.message)
    at_desk.later(minutes=1)
    assert at_desk.stands(text) == ("sent", "")

    assert not dispatch.settle(at_desk.desk, taken, Unsure(reasons.TIMED_OUT))
    assert not dispatch.settle(at_desk.desk, taken, outcome)
    assert isinstance(outcome, Accepted)
    assert at_desk.stands(text) == ("sent", "")


def test_a_stop_that_comes_while_it_leaves_says_so(at_desk):
    at_desk.order()
    claim(at_desk.desk)

    assert at_desk.stop() == "leaving"
    assert at_desk.withdraw(upto=at_desk.now) == "leaving"


def test_one_reminder_that_two_devices_planned_leaves_once(at_desk, notify):
    plan = at_desk.plan()
    first = at_desk.put(plan.made(at_desk.by()))
    at_desk.clock.advance(60)
    assert at_desk.put(plan.made(at_desk.by(b"e" * 16))) == first

    at_desk.work()
    assert len(notify.sent) == 1
    moved = replace(plan, closes=plan.closes + HOUR, rule="text_3_days")
    with pytest.raises(OrderRefused):
        at_desk.put(moved.made(at_desk.by()))


def test_after_a_restore_nothing_leaves_a_second_time(at_desk, notify, clock):
    """The backup was made before the text left; so in the backup it still waits."""
    sent = at_desk.order()
    missed = at_desk.order(route="bb" * 16, number="+447700900124")
    tomorrow = at_desk.order(
        route="cc" * 16,
        opens=at_desk.now + 20 * HOUR,
        closes=at_desk.now + 24 * HOUR,
        not_after=at_desk.now + 30 * HOUR,
    )
    taken = claim(at_desk.desk)
    taken.provider.send(taken.message)
    with at_desk.desk.database.writing() as connection:
        connection.execute(
            capsules.update()
            .where(capsules.c.reference == sent)
            .values(state="planned", duty="send", due=at_desk.now, attempt=0, provider=None)
        )
        assert restored.after_restore(connection, at_desk.now) == 2

    for _ in range(40):
        at_desk.later(minutes=1)
    assert at_desk.stands(sent)[0] == "sent"
    assert at_desk.stands(missed) == ("unknown", reasons.NOT_FOUND)
    assert at_desk.row(missed).task is not None
    assert len(notify.sent) == 1
    pausing.set_paused(at_desk.desk, False)
    at_desk.later(hours=20)
    assert at_desk.stands(tomorrow)[0] == "sent"
