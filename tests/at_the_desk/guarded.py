"""A story for each safeguard that ends well with it, and badly without it.

Each gives whether it ended well: whether nobody got a message who should not have got it, and
somebody rang who should have.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from desks import HOUR
from providers.loopback import Fault, failing
from providers.notify_stand_in import NotifyStandIn
from sync.server.desk import (
    claim,
    dispatch,
    optouts,
    pausing,
    queue,
    restored,
)
from sync.server.desk.providers.base import Refused
from sync.server.desk.tables import capsules


@dataclass
class Story:
    at_desk: object
    notify: NotifyStandIn
    url: str

    def sent(self):
        return len(self.notify.sent)

    def another_process(self):
        """A second process on the same database."""
        return replace(self.at_desk, desk=replace(self.at_desk.desk))


def outside_the_window(story):
    story.at_desk.order(opens=story.at_desk.now - 3 * HOUR, closes=story.at_desk.now - HOUR)
    story.at_desk.work()
    return story.sent() == 0


def stopped_on_a_stale_device(story):
    story.at_desk.stop(consent=3)
    forced_in(story, consent=1)
    story.at_desk.work()
    return story.sent() == 0


def consent_given_anew(story):
    """A stop refuses what it knew of, and not what was agreed after it."""
    story.at_desk.stop(consent=1)
    story.at_desk.order(consent=2)
    story.at_desk.work()
    return story.sent() == 1


def withdrawn_before_it_came(story):
    story.at_desk.withdraw(appointment="ab" * 16, before_version=5)
    forced_in(story, appointment_version=4)
    story.at_desk.work()
    return story.sent() == 0


def opted_out_before_it_was_opened(story):
    optouts.stop_typed(story.at_desk.desk, "07700 900123")
    story.at_desk.order()
    story.at_desk.work()
    return story.sent() == 0


def silent_worker(story):
    works = ((story.at_desk.now - HOUR, story.at_desk.now + 8 * HOUR),)
    story.at_desk.order(max_silence=1, watch={"ee" * 16: works})
    story.at_desk.work()
    return story.sent() == 0


def paused_desk(story):
    story.at_desk.order()
    pausing.set_paused(story.at_desk.desk, True)
    story.at_desk.work()
    return story.sent() == 0


def one_phone_too_often(story):
    for n in range(9):
        story.at_desk.order(route=f"{n:02x}" * 16)
    story.at_desk.work()
    return story.sent() <= 4


def wrong_number(story):
    story.at_desk.order(number="+447700901")
    story.at_desk.work()
    tried = story.notify.asks.count(("POST", "/v2/notifications/sms"))
    return tried == 0


def correction_of_nothing(story):
    original = story.at_desk.order(opens=story.at_desk.now + HOUR)
    story.at_desk.withdraw(references=(original.hex(),))
    story.at_desk.order(correction_of=original.hex())
    story.at_desk.work()
    return story.sent() == 0


def two_processes_on_one_reminder(story):
    """One is about to call the provider when the other looks for work."""
    story.at_desk.order()
    first = claim.claim(story.at_desk.desk)
    second = claim.claim(story.another_process().desk)
    for taken in (first, second):
        if isinstance(taken, claim.Claim):
            dispatch.attempt(story.at_desk.desk, taken)
    return story.sent() == 1


def overtaken_process(story):
    """It was handed to a person while the process stalled; then the process comes back."""
    story.at_desk.order()
    stalled = claim.claim(story.at_desk.desk)
    for _ in range(40):
        story.at_desk.later(minutes=1)
    dispatch.settle(story.at_desk.desk, stalled, Refused("provider_away", 1))
    story.at_desk.later(minutes=1)
    return story.sent() == 0


def suspended_process(story):
    """A machine sleeps between claiming and calling, past the end of the window."""
    story.at_desk.order(closes=story.at_desk.now + HOUR)
    taken = claim.claim(story.at_desk.desk)
    story.at_desk.clock.advance(2 * 3600)
    dispatch.attempt(story.at_desk.desk, taken)
    return story.sent() == 0


def provider_without_an_answer(story):
    story.notify.faults = failing(Fault.ACCEPT_THEN_CUT)
    story.at_desk.order()
    for _ in range(10):
        story.at_desk.later(minutes=1)
    return story.sent() == 1


def late_and_somebody_rings(story):
    story.at_desk.order(opens=story.at_desk.now, deliver_by=story.at_desk.now + HOUR)
    pausing.set_paused(story.at_desk.desk, True)
    story.at_desk.work()
    story.at_desk.clock.advance(3600)
    pausing.set_paused(story.at_desk.desk, False)
    story.at_desk.work()
    return story.sent() == 0


def forced_in(story, **values):
    """A reminder that was in the queue before what refuses it, as when the two crossed."""
    at_desk = story.at_desk
    capsule = at_desk.plan(**values).made(at_desk.by())
    row = queue.row_of(capsule, "planned", None, at_desk.now) | queue.first_step(capsule)
    with at_desk.desk.database.writing() as connection:
        connection.execute(capsules.insert(), row)


def put_back_from_a_backup(story):
    """It had left since the backup was made, and in the backup it still waits."""
    at_desk = story.at_desk
    text = at_desk.order()
    taken = claim.claim(at_desk.desk)
    taken.provider.send(taken.message)
    with at_desk.desk.database.writing() as connection:
        connection.execute(
            capsules.update()
            .where(capsules.c.reference == text)
            .values(state="planned", duty="send", due=at_desk.now, attempt=0, provider=None)
        )
        restored.after_restore(connection, at_desk.now)
    pausing.set_paused(at_desk.desk, False)
    for _ in range(3):
        at_desk.later(minutes=1)
    return story.sent() == 1


BEFORE_IT_LEAVES = {
    "window": outside_the_window,
    "stop": stopped_on_a_stale_device,
    "consent version": consent_given_anew,
    "withdrawal": withdrawn_before_it_came,
    "opt-out": opted_out_before_it_was_opened,
    "silence rule": silent_worker,
    "kill switch": paused_desk,
    "number limit": one_phone_too_often,
    "number check": wrong_number,
    "correction": correction_of_nothing,
    "claim": two_processes_on_one_reminder,
    "fencing": overtaken_process,
    "freshness": suspended_process,
    "looking up": provider_without_an_answer,
    "fallback on time": late_and_somebody_rings,
    "restore": put_back_from_a_backup,
}
