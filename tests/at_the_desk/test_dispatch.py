"""A reminder leaves at most once, within its window, and unless anybody objects."""

from dataclasses import replace

import pytest

from desks import DAY, HELLO, HOUR, MUM
from fakes import seeded
from providers.loopback import Fault
from storage.seal import raw_public
from sync.server.desk import dispatch, pausing, reasons
from sync.server.desk.claim import Claim, claim
from sync.server.desk.figures import figures
from sync.server.desk.keys import DeskKeys
from sync.server.desk.providers.base import Accepted, Refused, Unsure
from sync.server.desk.queue import OrderRefused
from sync.server.desk.restored import after_restore
from sync.server.desk.tables import capsules


def failing(*kinds):
    """Let the first requests to send fail in these ways."""
    left = list(kinds)
    return lambda _ask: left.pop(0) if left else None


def test_a_due_reminder_leaves_once_and_its_casefile_is_told(at_desk, notify):
    text = at_desk.order()

    at_desk.work()
    at_desk.work()
    (sent,) = notify.sent
    assert (sent.to, sent.body, sent.reference) == (MUM, HELLO, text.hex())
    assert at_desk.stands(text) == ("sent", "")
    assert at_desk.receipts(text) == [("sent", "")]


def test_two_languages_leave_as_one_message(at_desk, notify):
    at_desk.order(texts=("Helo. Bydd Sam yn eich gweld.", "Hi. Sam will see you."))
    at_desk.work()

    assert [t.body for t in notify.sent] == [
        "Helo. Bydd Sam yn eich gweld.\n\nHi. Sam will see you."
    ]


def test_it_waits_for_its_window(at_desk, notify):
    text = at_desk.order(opens=at_desk.now + HOUR, closes=at_desk.now + 2 * HOUR)

    at_desk.later(minutes=59)
    assert not notify.sent
    assert at_desk.stands(text) == ("planned", "")
    at_desk.later(minutes=1)
    assert len(notify.sent) == 1


def test_after_its_window_it_is_a_task_and_not_a_text(at_desk, notify):
    text = at_desk.order()

    at_desk.later(hours=3)
    assert not notify.sent
    assert at_desk.stands(text) == ("expired", reasons.TOO_LATE)
    assert at_desk.row(text).task == at_desk.now


def test_a_stop_ends_what_waits_and_what_comes_later_with_an_older_consent(at_desk, notify):
    waiting = at_desk.order(opens=at_desk.now + HOUR, consent=2)
    assert at_desk.stop(consent=2) == "stopped"
    stale = at_desk.order(consent=1)
    agreed_anew = at_desk.order(consent=3)

    at_desk.work()
    assert at_desk.stands(waiting) == at_desk.stands(stale) == ("suppressed", reasons.STOPPED)
    assert at_desk.stands(agreed_anew) == ("sent", "")
    assert at_desk.receipts(waiting) == at_desk.receipts(stale) == [("suppressed", "stopped")]


def test_moving_an_appointment_withdraws_older_versions_now_and_later(at_desk, notify):
    old = at_desk.order(appointment_version=1)
    at_desk.withdraw(appointment="ab" * 16, before_version=2)
    stale = at_desk.order(appointment_version=1)
    new = at_desk.order(appointment_version=2)

    at_desk.work()
    assert at_desk.stands(old)[0] == at_desk.stands(stale)[0] == "withdrawn"
    assert [text.reference for text in notify.sent] == [new.hex()]
    assert at_desk.row(old).task is None


def test_a_whole_family_is_withdrawn_at_once(at_desk, notify):
    orders = [at_desk.order(appointment=f"{n:02x}" * 16) for n in range(5)]
    at_desk.withdraw(upto=at_desk.now)

    at_desk.work()
    assert {at_desk.stands(order)[0] for order in orders} == {"withdrawn"}
    assert not notify.sent


def test_a_correction_goes_where_the_original_went(at_desk, notify):
    wrong = at_desk.order()
    at_desk.work()
    at_desk.order(texts=("It is Thursday now.",), correction_of=wrong.hex())
    never = at_desk.order(opens=at_desk.now + HOUR)
    at_desk.withdraw(references=(never.hex(),))
    lost = at_desk.order(texts=("Not Friday.",), correction_of=never.hex())

    at_desk.work()
    assert [text.body for text in notify.sent] == [HELLO, "It is Thursday now."]
    assert at_desk.stands(lost) == ("suppressed", reasons.ORIGINAL_NOT_SENT)
    assert at_desk.row(lost).task is None


def test_nobody_has_been_out_of_contact(at_desk, notify):
    amina, ben = b"a" * 16, b"b" * 16
    works = ((at_desk.now - HOUR, at_desk.now + 8 * HOUR),)
    text = at_desk.order(max_silence=2, watch={amina.hex(): works, ben.hex(): works})

    at_desk.work()
    assert at_desk.stands(text) == ("held", reasons.SILENCE)
    at_desk.phase_done(amina)
    at_desk.later(minutes=5)
    assert not notify.sent
    at_desk.phase_done(ben)
    at_desk.later(minutes=5)
    assert len(notify.sent) == 1


def test_silence_to_the_end_of_the_window_is_a_task(at_desk, notify):
    works = ((at_desk.now - HOUR, at_desk.now + 8 * HOUR),)
    text = at_desk.order(max_silence=2, watch={"aa" * 16: works})

    at_desk.work()
    at_desk.later(hours=3)
    assert not notify.sent
    assert at_desk.stands(text) == ("suppressed", reasons.SILENCE)
    assert at_desk.receipts(text) == [("held", "silence"), ("suppressed", "silence")]


def test_where_the_rule_holds_and_nobody_is_watched_nothing_leaves(at_desk, notify):
    text = at_desk.order(max_silence=2)

    at_desk.work()
    assert at_desk.stands(text) == ("held", reasons.SILENCE)
    assert not notify.sent


def test_one_phone_gets_so_many_messages_a_day(at_desk, notify):
    texts = [at_desk.order(appointment=f"{n:02x}" * 16) for n in range(6)]
    other = at_desk.order(number="+447700900124", route="bb" * 16)

    at_desk.work()
    assert [at_desk.stands(t) for t in texts].count(("sent", "")) == 4
    assert [at_desk.stands(t) for t in texts].count(("held", reasons.NUMBER_LIMIT)) == 2
    assert at_desk.stands(other) == ("sent", "")


def test_a_paused_desk_holds_everything_and_goes_on_where_it_was(at_desk, notify):
    text = at_desk.order()
    pausing.set_paused(at_desk.desk, True)
    at_desk.work()
    assert at_desk.stands(text) == ("held", reasons.PAUSED)

    pausing.set_paused(at_desk.desk, False)
    at_desk.later(minutes=1)
    assert len(notify.sent) == 1


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("+449098790000", reasons.PREMIUM),
        ("+33612345678", reasons.FOREIGN),
        ("+442079460123", reasons.LANDLINE),
        ("+4477009001", reasons.NOT_IN_USE),
    ],
)
def test_a_number_that_will_not_do_is_never_tried(at_desk, notify, number, reason):
    text = at_desk.order(number=number)

    at_desk.work()
    assert at_desk.stands(text) == ("suppressed", reason)
    assert not notify.sent


def test_an_order_without_words_or_for_a_channel_without_provider_says_so(at_desk, notify):
    silent = at_desk.order(texts=())
    call = at_desk.order(channel="voice", voice={"en": {"greeting": "Call from Sam."}})
    hidden = at_desk.order(channel="voice", voice={"en": {"greeting": "x"}}, withheld=True)

    at_desk.work()
    assert at_desk.stands(silent) == ("suppressed", reasons.NO_WORDS)
    assert at_desk.stands(call) == ("held", reasons.NO_PROVIDER)
    assert at_desk.stands(hidden) == ("suppressed", reasons.CANNOT_WITHHOLD)


def test_a_timeout_is_looked_up_and_never_sent_again(at_desk, notify):
    text = at_desk.order()
    notify.faults = failing(Fault.ACCEPT_THEN_HANG)

    at_desk.work()
    assert at_desk.stands(text) == ("unknown", reasons.TIMED_OUT)
    at_desk.later(seconds=5)
    assert at_desk.stands(text) == ("sent", "")
    assert at_desk.receipts(text) == [("unknown", "timed_out"), ("sent", "")]
    assert len(notify.sent) == 1


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


def test_what_does_not_arrive_in_time_is_a_task_and_still_counts_when_it_does(at_desk, notify):
    text = at_desk.order(deliver_by=at_desk.now + 2 * HOUR)
    at_desk.work()

    at_desk.later(hours=2)
    assert at_desk.receipts(text) == [("sent", ""), ("not_reached", "not_reached")]
    task = at_desk.row(text).task
    notify.settle()
    at_desk.later(hours=3)
    assert at_desk.stands(text) == ("delivered", "")
    assert task is not None
    assert at_desk.row(text).task is None


def test_what_waits_when_it_counts_as_late_does_not_leave_behind_the_call(at_desk, notify):
    text = at_desk.order(deliver_by=at_desk.now + HOUR)
    pausing.set_paused(at_desk.desk, True)
    at_desk.work()
    at_desk.later(hours=1)
    pausing.set_paused(at_desk.desk, False)

    at_desk.later(minutes=1)
    assert at_desk.stands(text) == ("suppressed", reasons.PAUSED)
    assert not notify.sent


def test_polling_finds_what_no_callback_told(at_desk, notify):
    reached = at_desk.order()
    lost = at_desk.order(number="+447700900002", route="bb" * 16)
    at_desk.work()
    notify.settle()

    at_desk.later(minutes=10)
    assert at_desk.stands(reached) == ("delivered", "")
    assert at_desk.stands(lost) == ("failed", reasons.NUMBER_DEAD)
    assert at_desk.row(lost).task is not None


def test_a_stop_that_comes_while_it_leaves_says_so(at_desk):
    at_desk.order()
    claim(at_desk.desk)

    assert at_desk.stop() == "leaving"
    assert at_desk.withdraw(upto=at_desk.now) == "leaving"


def test_an_order_that_nobody_can_open_is_a_task(at_desk, notify):
    other = DeskKeys.fresh(seeded("another desk"))
    elsewhere = at_desk.by(desk=raw_public(other.receiving[0]))
    text = at_desk.put(at_desk.plan().made(elsewhere))

    at_desk.work()
    assert at_desk.stands(text) == ("suppressed", reasons.UNREADABLE)
    assert at_desk.row(text).task is not None


def test_an_order_sealed_to_the_desks_old_key_is_still_sent(at_desk, notify):
    at_desk.order()
    renewed = at_desk.desk.keys.renewed(seeded("renewed"))
    later = replace(at_desk, desk=replace(at_desk.desk, keys=renewed))

    later.work()
    assert len(notify.sent) == 1


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
        assert after_restore(connection, at_desk.now) == 2

    for _ in range(40):
        at_desk.later(minutes=1)
    assert at_desk.stands(sent)[0] == "sent"
    assert at_desk.stands(missed) == ("unknown", reasons.NOT_FOUND)
    assert at_desk.row(missed).task is not None
    assert len(notify.sent) == 1
    pausing.set_paused(at_desk.desk, False)
    at_desk.later(hours=20)
    assert at_desk.stands(tomorrow)[0] == "sent"
