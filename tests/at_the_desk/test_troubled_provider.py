"""A provider that is away, busy or refuses our account: nothing lost, and somebody is told."""

import pytest

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


def revoked(notify, is_so):
    notify.revoked = is_so


def on_trial(notify, is_so):
    notify.mode = "trial" if is_so else "live"


def with_a_team_key(notify, is_so):
    notify.mode = "team" if is_so else "live"


def a_clock_ten_minutes_wrong(notify, is_so):
    notify.clock_skew_s = 600 if is_so else 0


@pytest.mark.parametrize(
    ("trouble", "reason", "said"),
    [
        (revoked, reasons.PROVIDER_KEY, "does not accept our key"),
        (on_trial, reasons.PROVIDER_TRIAL, "trial mode"),
        (with_a_team_key, reasons.PROVIDER_TRIAL, "may not send to the public yet"),
        (a_clock_ten_minutes_wrong, reasons.PROVIDER_CLOCK, "clock is wrong"),
    ],
)
def test_an_account_in_trouble_is_met_once_and_told_to_whoever_can_act(
    at_desk, notify, trouble, reason, said
):
    texts = [at_desk.order(route=f"{n:02x}" * 16, number=f"+4477009003{n:02}") for n in range(9)]
    trouble(notify, True)

    at_desk.work()
    tried = notify.asks.count(("POST", "/v2/notifications/sms"))
    assert tried <= at_desk.desk.limits.threads
    (told,) = figures(at_desk.desk).troubles
    assert said in told.sentence
    assert {at_desk.stands(t) for t in texts} == {("held", reason)}

    trouble(notify, False)
    at_desk.later(minutes=6)
    assert len(notify.sent) == 9
    assert figures(at_desk.desk).troubles == ()


def test_an_account_that_stays_in_trouble_makes_calls_of_its_reminders(at_desk, notify):
    notify.revoked = True
    text = at_desk.order(closes=at_desk.now + HOUR)
    at_desk.work()

    for _ in range(13):
        at_desk.later(minutes=5)
    assert at_desk.stands(text) == ("expired", reasons.PROVIDER_KEY)
    assert at_desk.row(text).task is not None


def test_a_template_that_asks_for_unknown_fields_holds_its_own_texts_alone(at_desk, notify):
    """Made on the provider's site, so it may be put right there while there is time."""
    notify.templates["t2"] = "Hi. ((worker)) will see you at ((place))."
    its = at_desk.order(template="t2", personalisation={"worker": "Sam"})
    other = at_desk.order(route="bb" * 16, number="+447700900124")

    at_desk.work()
    assert at_desk.stands(its) == ("held", reasons.PROVIDER_SETUP)
    assert at_desk.stands(other) == ("sent", "")
    assert "template" in reasons.IN_WORDS[reasons.PROVIDER_SETUP]
    notify.templates["t2"] = "Hi. ((worker)) will see you."
    at_desk.later(minutes=6)
    assert [t.body for t in notify.sent if t.reference == its.hex()] == ["Hi. Sam will see you."]


def test_a_template_that_is_never_put_right_makes_a_call(at_desk, notify):
    text = at_desk.order(
        template="gone", personalisation={"worker": "Sam"}, closes=at_desk.now + HOUR
    )
    for _ in range(13):
        at_desk.later(minutes=5)

    assert at_desk.stands(text) == ("expired", reasons.PROVIDER_SETUP)
    assert at_desk.row(text).task is not None
    assert not notify.sent
