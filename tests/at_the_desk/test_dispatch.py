"""A reminder leaves within its window, and unless anybody objects."""

from dataclasses import replace

import pytest
from phonenumbers import PhoneNumberType as Kind

from desks import HELLO, HOUR, MUM, number_of
from fakes import seeded
from storage.seal import raw_public
from sync.server.desk import pausing, reasons
from sync.server.desk.keys import DeskKeys


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
        (number_of(Kind.PREMIUM_RATE), reasons.PREMIUM),
        (number_of(Kind.MOBILE, "FR"), reasons.FOREIGN),
        (number_of(Kind.FIXED_LINE), reasons.LANDLINE),
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


def test_what_opens_after_it_would_count_as_late_still_leaves(at_desk, notify):
    """A visit moved to this afternoon is told at once, though four hours before is long ago."""
    text = at_desk.order(opens=at_desk.now + HOUR, deliver_by=at_desk.now - HOUR)
    at_desk.work()

    at_desk.later(hours=1)
    assert at_desk.stands(text) == ("sent", "")


def test_polling_finds_what_no_callback_told(at_desk, notify):
    reached = at_desk.order()
    lost = at_desk.order(number="+447700900002", route="bb" * 16)
    at_desk.work()
    notify.settle()

    at_desk.later(minutes=10)
    assert at_desk.stands(reached) == ("delivered", "")
    assert at_desk.stands(lost) == ("failed", reasons.NUMBER_DEAD)
    assert at_desk.row(lost).task is not None


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
