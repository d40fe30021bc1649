"""Each safeguard by itself: with it the story ends well, without it somebody gets a message.

Every scenario is told twice, the second time with one function replaced by one that never objects.
A scenario that ends well both times would prove nothing, and fails.
"""

from dataclasses import dataclass, replace

import pytest

from desks import HOUR, bench
from fakes import FakeClock
from providers.loopback import Fault, failing
from providers.notify_stand_in import KEY, TEMPLATE, NotifyStandIn
from sync.server.desk import (
    claim,
    dispatch,
    late,
    lookups,
    optouts,
    pausing,
    progress,
    queue,
    rounds,
    rules,
)
from sync.server.desk.providers.base import Refused
from sync.server.desk.providers.notify import Notify
from sync.server.desk.tables import capsules


@dataclass
class Story:
    at_desk: object
    notify: NotifyStandIn

    def sent(self):
        return len(self.notify.sent)

    def another_process(self):
        """A second process on the same database."""
        return replace(self.at_desk, desk=replace(self.at_desk.desk))


def never(*_arguments, **_more):
    """No objection."""


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


def sent_again(_desk, connection, order, _found, now):
    """What a less careful desk would do about a timeout."""
    again = {"duty": progress.SEND, "due": now}
    progress.move(connection, order, "held", order.reason, now, again)


def forced_in(story, **values):
    """A reminder that was in the queue before what refuses it, as when the two crossed."""
    at_desk = story.at_desk
    capsule = at_desk.plan(**values).made(at_desk.by())
    row = queue.row_of(capsule, "planned", None, at_desk.now) | queue.first_step(capsule)
    with at_desk.desk.database.writing() as connection:
        connection.execute(capsules.insert(), row)


def all_consents(facts):
    """A stop that refuses whatever comes, for ever."""
    return rules.Never("suppressed", "stopped") if facts.stopped is not None else None


# What is taken away: the function, and where a second one stands behind it, that one too.
SAFEGUARDS = {
    "window": (
        outside_the_window,
        [(rules, "outside_window", never), (dispatch, "is_fresh", lambda *_: True)],
    ),
    "stop": (stopped_on_a_stale_device, [(rules, "stopped", never)]),
    "consent version": (consent_given_anew, [(rules, "stopped", all_consents)]),
    "withdrawal floor": (withdrawn_before_it_came, [(rules, "withdrawn", never)]),
    "opt-out": (opted_out_before_it_was_opened, [(rules, "opted_out", never)]),
    "silence rule": (silent_worker, [(rules, "silence", never)]),
    "kill switch": (paused_desk, [(rules, "paused", never)]),
    "number limit": (
        one_phone_too_often,
        [(rules, "number_limit", never), (claim, "_counted", lambda *_: 0)],
    ),
    "number check": (wrong_number, [(rules, "number_unfit", never)]),
    "correction": (correction_of_nothing, [(rules, "correction", never)]),
    "claim": (two_processes_on_one_reminder, [(claim, "_mark_leaving", never)]),
    "fencing": (overtaken_process, [(dispatch, "still_ours", lambda *_: ())]),
    "freshness": (suspended_process, [(dispatch, "is_fresh", lambda *_: True)]),
    "looking up": (provider_without_an_answer, [(lookups, "_found", sent_again)]),
    "fallback on time": (
        late_and_somebody_rings,
        [
            (rules.Facts, "end", property(lambda facts: facts.closes)),
            (late, "call_out", lambda _desk: 0),
        ],
    ),
}


@pytest.fixture
def story(database_url):
    with NotifyStandIn() as notify:
        provider = Notify(
            key=KEY, template=TEMPLATE, base_url=notify.address, timeout_s=0.4, per_second=None
        )
        at_desk = bench(database_url, FakeClock(), {"sms": provider})
        yield Story(at_desk, notify)
        at_desk.desk.database.close()


@pytest.mark.parametrize("name", SAFEGUARDS)
def test_with_it_the_story_ends_well(story, name):
    tell, _ = SAFEGUARDS[name]
    assert tell(story), name


@pytest.mark.parametrize("name", SAFEGUARDS)
def test_without_it_the_story_goes_wrong(story, name, monkeypatch):
    tell, taken_away = SAFEGUARDS[name]
    for place, function, instead in taken_away:
        monkeypatch.setattr(place, function, instead)
    monkeypatch.setattr(rounds, "REMINDERS", (*rounds.REMINDERS[:1], late.call_out, *rest()))
    assert not tell(story), f"the {name} safeguard is not what saves this story"


def rest():
    """The duties after falling back on time, which one story takes away."""
    return rounds.REMINDERS[2:]
