"""A provider that is away, busy or refuses our account: nothing lost, and somebody is told."""

from desks import DAY, HOUR
from providers.loopback import Fault, failing
from sync.server.desk import reasons
from sync.server.desk.figures import figures


def test_rate_limits_make_everybody_wait_and_lose_nothing(at_desk, notify):
    texts = [at_desk.order(route=f"{n:02x}" * 16, number=f"+4477009003{n:02}") for n in range(6)]
    notify.faults = failing(Fault.TOO_MANY_429)

    at_desk.work()
    assert len(notify.sent) < 6
    for _ in range(3):
        at_desk.later(minutes=1)
    assert sorted(t.reference for t in notify.sent) == sorted(t.hex() for t in texts)


def test_a_provider_down_for_a_day_loses_nothing_but_what_ran_out_of_time(at_desk, notify):
    today = at_desk.order()
    tomorrow = at_desk.order(
        opens=at_desk.now + DAY,
        closes=at_desk.now + DAY + 3 * HOUR,
        not_after=at_desk.now + 2 * DAY,
    )
    notify.away = True
    for _ in range(12):
        at_desk.later(minutes=20)
    notify.away = False

    at_desk.later(hours=20)
    for _ in range(10):
        at_desk.later(minutes=1)
    state, reason = at_desk.stands(today)
    assert state in ("expired", "unknown")
    assert reason in (reasons.PROVIDER_AWAY, reasons.NOT_FOUND)
    assert at_desk.row(today).task is not None
    assert [t.reference for t in notify.sent] == [tomorrow.hex()]


def test_a_wrong_key_is_met_once_and_told_to_whoever_can_act(at_desk, notify):
    texts = [at_desk.order(route=f"{n:02x}" * 16, number=f"+4477009003{n:02}") for n in range(9)]
    notify.revoked = True

    at_desk.work()
    tried = notify.asks.count(("POST", "/v2/notifications/sms"))
    assert tried <= at_desk.desk.limits.threads
    (trouble,) = figures(at_desk.desk).troubles
    assert "does not accept our key" in trouble.sentence
    assert {at_desk.stands(t) for t in texts} == {("held", reasons.PROVIDER_KEY)}

    notify.revoked = False
    at_desk.later(minutes=6)
    assert len(notify.sent) == 9
    assert figures(at_desk.desk).troubles == ()
