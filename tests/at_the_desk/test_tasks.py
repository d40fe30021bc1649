"""A call that nobody has seen passes to duty, after two hours or when its owner is off."""

from at_the_desk.fire import make_many, put_many
from desks import DUTY, HOUR
from sync.server.desk.staff import TASK_WORDS


def failed(at_desk, notify, **values):
    """A reminder that did not reach its phone."""
    text = at_desk.order(number="+447700900002", **values)
    at_desk.work()
    notify.settle()
    at_desk.later(minutes=10)
    assert at_desk.stands(text)[0] == "failed"
    return text


def to_duty(notify):
    return [text.body for text in notify.sent if text.to == DUTY]


def test_after_two_hours_duty_is_told_once_and_neutrally(at_desk, notify):
    failed(at_desk, notify)

    at_desk.later(hours=1, minutes=59)
    assert not to_duty(notify)
    at_desk.later(minutes=1)
    at_desk.later(seconds=5)
    assert to_duty(notify) == [TASK_WORDS]
    at_desk.later(hours=3)
    assert len(to_duty(notify)) == 1


def test_somebody_who_has_seen_it_keeps_it(at_desk, notify):
    text = failed(at_desk, notify)
    at_desk.seen(text, device=at_desk.device)

    at_desk.later(hours=4)
    assert not to_duty(notify)


def test_while_its_owner_is_off_it_passes_at_once(at_desk, notify):
    spells = ((at_desk.now + 24 * HOUR, at_desk.now + 30 * HOUR),)
    failed(at_desk, notify, watch={"aa" * 16: spells})

    at_desk.later(seconds=5)
    assert to_duty(notify) == [TASK_WORDS]


def test_while_its_owner_works_it_waits_for_her(at_desk, notify):
    spells = ((at_desk.now - HOUR, at_desk.now + 8 * HOUR),)
    failed(at_desk, notify, watch={"aa" * 16: spells})

    at_desk.later(hours=1)
    assert not to_duty(notify)


def test_at_night_duty_is_let_sleep(at_desk, notify):
    at_desk.clock.advance(10 * 3600)  # 20:00 in London
    failed(at_desk, notify)

    at_desk.later(hours=6)
    assert not to_duty(notify)
    at_desk.later(hours=6)
    at_desk.later(seconds=5)
    assert to_duty(notify) == [TASK_WORDS]


def test_many_tasks_make_one_text(at_desk, notify):
    patient = at_desk.with_limits(a_day=99)
    for n in range(8):
        patient.order(number="+447700900002", route=f"{n:02x}" * 16)
    patient.work()
    notify.settle()
    patient.later(minutes=10)

    patient.later(hours=3)
    patient.later(seconds=5)
    assert to_duty(notify) == [TASK_WORDS]


def test_what_passes_on_a_moment_later_is_told_a_moment_later_and_not_forgotten(at_desk, notify):
    spells = ((at_desk.now + 24 * HOUR, at_desk.now + 30 * HOUR),)
    failed(at_desk, notify, watch={"aa" * 16: spells})
    at_desk.later(seconds=5)
    assert len(to_duty(notify)) == 1
    second = at_desk.order(
        number="+447700900002", route="bb" * 16, watch={"aa" * 16: spells}, duty=DUTY
    )
    at_desk.work()
    notify.settle()

    at_desk.later(minutes=10)
    at_desk.later(minutes=10)
    at_desk.later(seconds=5)
    assert at_desk.row(second).known is not None
    assert len(to_duty(notify)) == 2


def test_after_a_day_without_a_provider_duty_gets_one_text_and_not_hundreds(at_desk, notify):
    late = at_desk.now - HOUR
    put_many(at_desk, make_many(at_desk, 600, 1, opens=late - HOUR, closes=late, duty=DUTY))
    at_desk.work()
    assert not to_duty(notify)

    at_desk.later(hours=2)
    at_desk.later(seconds=5)
    assert to_duty(notify) == [TASK_WORDS]
    for _ in range(6):
        at_desk.later(minutes=10)
    assert to_duty(notify) == [TASK_WORDS]


def test_what_reached_the_phone_after_all_is_nobodys_task(at_desk, notify):
    text = at_desk.order(deliver_by=at_desk.now + HOUR)
    at_desk.work()
    at_desk.later(hours=1)
    assert at_desk.row(text).task is not None
    notify.settle()

    at_desk.later(hours=1)
    at_desk.later(hours=3)
    assert at_desk.stands(text)[0] == "delivered"
    assert not to_duty(notify)


def test_a_withdrawn_reminder_is_nobodys_task(at_desk, notify):
    at_desk.order(opens=at_desk.now + HOUR)
    at_desk.withdraw(upto=at_desk.now)

    at_desk.later(hours=4)
    assert not to_duty(notify)
