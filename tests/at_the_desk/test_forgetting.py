"""Numbers and words are nowhere in clear, and gone seven days after the end."""

import logging

import pytest
from sqlalchemy import select

from desks import DUTY, MUM, console_of
from providers.loopback import Fault, seeded_faults
from providers.notify_stand_in import TEMPLATE
from storage.alarm import AlarmStep
from sync.server.desk import incoming_texts, numbers, optouts, retention
from sync.server.desk.claim import claim
from sync.server.desk.tables import optouts as rows

WORDS = [f"canary{n}word{n * 7919 % 1000:03d}" for n in range(200)]
NUMBERS = [f"+4477009{n:05}" for n in range(300, 320)]


@pytest.fixture
def console(at_desk):
    """The same desk, showing on a page what it would have sent."""
    desk = at_desk.desk
    desk.providers["sms"] = console_of(desk)
    return at_desk


def assert_nothing_in(content, said):
    for word in (*WORDS, *NUMBERS, *(n.removeprefix("+44") for n in NUMBERS)):
        for name, raw in content.items():
            assert word.encode() not in raw, f"{name} holds {word}"
            assert word.encode("utf-16-le") not in raw
        assert word not in said, f"the log holds {word}"


def everything_said(caplog):
    return " ".join(
        f"{record.getMessage()} {record.__dict__} {record.exc_text}"
        for record in caplog.records
        if not record.name.startswith(("urllib3", "asyncio"))
    )


def order_canaries(at_desk):
    for n, number in enumerate(NUMBERS):
        at_desk.order(
            number=number,
            route=f"{n:02x}" * 16,
            texts=(" ".join(WORDS[n * 10 : n * 10 + 10]),),
            owner=NUMBERS[-1],
            duty=NUMBERS[-2],
        )
    at_desk.alarm(
        after_s=0, address=WORDS[0], worker=WORDS[1], duress=WORDS[2], steps=alarm_steps()
    )


def alarm_steps():
    return (AlarmStep(number=NUMBERS[0], channel="sms", words=WORDS[3]),)


def test_neither_the_database_nor_any_log_holds_a_number_or_a_word(
    at_desk, notify, database, caplog
):
    caplog.set_level(logging.DEBUG)
    shares = {Fault.ACCEPT_THEN_CUT: 0.2, Fault.ERROR_500: 0.2, Fault.TOO_MANY_429: 0.05}
    notify.faults = seeded_faults("canary", shares)
    order_canaries(at_desk)
    for _ in range(20):
        at_desk.later(minutes=1)
    for n, number in enumerate(NUMBERS):
        incoming_texts.heard(at_desk.desk, number=number, text=WORDS[n], message=f"m{n}")
    assert optouts.stop_typed(at_desk.desk, NUMBERS[5])
    at_desk.later(hours=3)

    assert len(notify.sent) > 15
    open_files = database.files()
    at_desk.desk.database.close()
    assert_nothing_in(open_files | database.files(), everything_said(caplog))
    assert "sent off" in caplog.text


def test_what_is_handed_to_a_provider_does_not_show_when_it_is_printed(at_desk):
    """A traceback, or a debugger's log, must not quote it."""
    at_desk.order(template=TEMPLATE, personalisation={"text": "Hi. Sam will see you."})
    taken = claim(at_desk.desk)
    printed = repr(taken) + str(taken.message)
    assert taken.message.number == MUM
    assert MUM not in printed
    assert "Sam" not in printed


def test_the_consoles_page_is_sealed_in_the_database_too(console, database, caplog):
    caplog.set_level(logging.DEBUG)
    order_canaries(console)
    console.work()

    assert_nothing_in(database.files(), everything_said(caplog))


def test_seven_days_after_the_end_even_the_desk_cannot_read_it(at_desk, notify):
    text = at_desk.order()
    alarm = at_desk.alarm(after_s=0)
    at_desk.work()
    notify.settle()
    at_desk.seen(alarm)
    at_desk.later(hours=1)
    assert at_desk.stands(text)[0] == "delivered"

    at_desk.later(days=7)
    retention.forget(at_desk.desk)
    assert at_desk.row(text).packed is not None
    at_desk.later(minutes=1)
    retention.forget(at_desk.desk)
    assert at_desk.row(text).packed is None
    assert at_desk.alarm_row(alarm).packed is None
    assert at_desk.stands(text)[0] == "delivered"  # figures stay true


def test_what_waits_is_never_forgotten(at_desk):
    later = at_desk.now + 30 * 86_400_000
    text = at_desk.order(opens=later, closes=later + 3_600_000, not_after=later + 7_200_000)
    at_desk.later(days=20)

    assert retention.forget(at_desk.desk) == 0
    assert at_desk.row(text).packed is not None


def test_an_opt_out_outlives_everything_it_came_from(at_desk, notify):
    at_desk.order()
    at_desk.work()
    incoming_texts.heard(at_desk.desk, number=MUM, text="STOP", message="m1")
    at_desk.later(days=60)
    retention.forget(at_desk.desk)
    so_far = [t.to for t in notify.sent].count(MUM)

    text = at_desk.order(consent=7, route="bb" * 16)
    at_desk.work()
    assert at_desk.stands(text) == ("suppressed", "opted_out")
    assert [t.to for t in notify.sent].count(MUM) == so_far


def test_a_message_played_back_a_year_later_is_still_known(at_desk):
    """Signed by the provider once, and caught by somebody on the way."""
    at_desk.order()
    at_desk.work()
    incoming_texts.heard(at_desk.desk, number=MUM, text="CHANGE", message="m1")
    at_desk.later(days=365)
    retention.forget(at_desk.desk)

    at_desk.order(route="bb" * 16)
    at_desk.work()
    incoming_texts.heard(at_desk.desk, number=MUM, text="CHANGE", message="m1")
    assert not at_desk.told("reply")  # the first was let go meanwhile, as no casefile was founded


def test_a_reply_after_the_words_are_gone_still_finds_its_casefile(at_desk, notify):
    with_duty = at_desk.with_limits(duty=DUTY)
    with_duty.order()
    with_duty.work()
    notify.settle()
    with_duty.later(hours=1)
    with_duty.later(days=8)
    retention.forget(with_duty.desk)

    incoming_texts.heard(with_duty.desk, number=MUM, text="are you there?", message="m1")
    (told,) = with_duty.told("reply")
    assert (told["casefile"], told["text"]) == (b"\xca" * 16, "are you there?")
    with_duty.later(seconds=5)
    assert notify.sent[-1].to == DUTY


def test_a_stolen_list_of_hashes_cannot_be_tried_without_the_secret(at_desk, database):
    assert optouts.stop_typed(at_desk.desk, MUM)
    with at_desk.desk.database.reading() as connection:
        kept = connection.execute(select(rows.c.number)).scalar_one()
    assert kept == numbers.keyed(at_desk.desk.keys.secret, MUM)
    assert kept != numbers.keyed(bytes(32), MUM)
    for name, raw in database.files().items():
        assert at_desk.desk.keys.secret not in raw, name
