"""Every reason why a reminder may not leave now, one at a time and in their order."""

from dataclasses import replace

import pytest

from sync.server.desk import reasons, rules, statuses
from sync.server.desk.rules import Facts, Never, Wait

HOUR = 3_600_000
NOON = 20_000 * 24 * HOUR + 12 * HOUR
READY = Facts(now=NOON, opens=NOON - HOUR, closes=NOON + HOUR, not_after=NOON + 2 * HOUR)


def told(**facts):
    return rules.objection(replace(READY, **facts))


def test_with_nothing_against_it_a_reminder_leaves():
    assert told() is None


def test_it_waits_for_its_window_and_never_leaves_after_it():
    assert told(opens=NOON + 1) == Wait(NOON + 1, reasons.NOT_YET)
    assert told(opens=NOON) is None
    late = Never(statuses.EXPIRED, reasons.TOO_LATE)
    assert told(closes=NOON - 1) == late
    assert told(not_after=NOON - 1) == late


def test_no_call_begins_that_could_end_after_the_window():
    assert told(closes=NOON + rules.LEAD_MS) is None
    assert told(closes=NOON + rules.LEAD_MS - 1) == Never(statuses.EXPIRED, reasons.TOO_LATE)


@pytest.mark.parametrize("reason", [reasons.PAUSED, reasons.SILENCE, reasons.NUMBER_LIMIT])
def test_what_was_held_by_us_until_the_end_is_suppressed_for_that_reason(reason):
    assert told(closes=NOON, held_for=reason) == Never(statuses.SUPPRESSED, reason)


def test_what_a_provider_could_not_take_until_the_end_expires_for_that_reason():
    ended = told(closes=NOON, held_for=reasons.PROVIDER_KEY)
    assert ended == Never(statuses.EXPIRED, reasons.PROVIDER_KEY)


def test_a_stop_refuses_its_own_and_every_older_consent_and_no_newer_one():
    refused = Never(statuses.SUPPRESSED, reasons.STOPPED)
    assert told(consent=3, stopped=3) == refused
    assert told(consent=2, stopped=3) == refused
    assert told(consent=4, stopped=3) is None
    assert told(consent=1, stopped=None) is None


def test_what_was_withdrawn_says_so_whatever_else_is_the_matter():
    ended = told(withdrawn=True, stopped=9, paused=True, closes=NOON - 1)
    assert ended == Never(statuses.WITHDRAWN, reasons.WITHDRAWN)


def test_an_opt_out_silences_every_automated_channel_and_no_text_to_staff():
    refused = Never(statuses.SUPPRESSED, reasons.OPTED_OUT)
    assert told(opted_out=True, channel="sms") == refused
    assert told(opted_out=True, channel="voice") == refused
    assert told(opted_out=True, channel="staff_sms") is None


def test_an_unfit_number_ends_it():
    assert told(number=reasons.PREMIUM) == Never(statuses.SUPPRESSED, reasons.PREMIUM)


@pytest.mark.parametrize("state", ["sent", "delivered", "answered"])
def test_a_correction_follows_what_told_somebody_something(state):
    assert told(original=state) is None


@pytest.mark.parametrize("state", ["planned", "held", "sending", "unknown"])
def test_a_correction_waits_while_its_original_may_still_tell_somebody(state):
    assert told(original=state) == Wait(NOON + 60_000, reasons.ORIGINAL_UNSETTLED)


@pytest.mark.parametrize(
    "state", ["withdrawn", "suppressed", "expired", "failed", "machine", "no_answer", "missing"]
)
def test_a_correction_of_what_told_nobody_anything_is_not_sent(state):
    assert told(original=state) == Never(statuses.SUPPRESSED, reasons.ORIGINAL_NOT_SENT)


def test_a_paused_desk_waits_and_still_texts_staff():
    assert told(paused=True) == Wait(NOON + 60_000, reasons.PAUSED)
    assert told(paused=True, channel="staff_sms") is None


def test_a_silent_device_makes_it_wait():
    assert told(overdue=(b"d" * 16,)) == Wait(NOON + 60_000, reasons.SILENCE)


def test_a_phone_that_had_its_fill_waits():
    assert told(sent_today=3, daily_limit=4) is None
    assert told(sent_today=4, daily_limit=4) == Wait(NOON + 300_000, reasons.NUMBER_LIMIT)


def test_a_provider_says_when_to_come_again():
    assert told(provider=reasons.NO_PROVIDER) == Wait(NOON + 60_000, reasons.NO_PROVIDER)
    later = told(provider=reasons.PROVIDER_AWAY, provider_until=NOON + HOUR)
    assert later == Wait(NOON + HOUR, reasons.PROVIDER_AWAY)


def test_every_code_has_a_sentence_for_whoever_can_act():
    codes = {
        value for name, value in vars(reasons).items() if name.isupper() and name != "IN_WORDS"
    }
    assert codes == set(reasons.IN_WORDS)


def test_states_only_move_on():
    assert statuses.moves_on("sending", "sent")
    assert statuses.moves_on("planned", "delivered")
    assert statuses.moves_on("unknown", "sent")
    assert statuses.moves_on("sent", "failed")
    assert statuses.moves_on("failed", "delivered")
    for before, after in [
        ("delivered", "sent"),
        ("delivered", "failed"),
        ("delivered", "delivered"),
        ("failed", "sent"),
        ("answered", "no_answer"),
        ("withdrawn", "sent"),
        ("suppressed", "delivered"),
    ]:
        assert not statuses.moves_on(before, after), (before, after)
