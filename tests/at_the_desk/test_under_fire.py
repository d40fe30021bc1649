"""At most once for reminders and at least once for alarms, whatever is killed and whatever fails.

Many due reminders; three processes on one PostgreSQL (one process on SQLite); again and again one
of them is killed after a random 1 to 50 sends; the provider takes one message in ten without ever
answering, answers one in twenty with an error, and asks for patience now and then; and all the
while reminders are withdrawn, stopped and run out of their windows. `make bench` does it with ten
thousand.
"""

import random

import pytest

from at_the_desk.fire import desk_running, desk_with_keys, faults, kill_one_after, wait_until
from at_the_desk.ordeal import KILLS, ordeal
from providers.notify_stand_in import NotifyStandIn
from storage.alarm import AlarmStep

pytestmark = [pytest.mark.alone, pytest.mark.timeout(600)]


@pytest.fixture
def shape(database_url):
    """How many reminders, and by how many processes."""
    return (2_000, 3) if database_url.startswith("postgresql") else (1_000, 1)


@pytest.fixture
def at_desk(database_url, tmp_path):
    made = desk_with_keys(database_url, tmp_path)
    yield made
    made.desk.database.close()


def test_nothing_is_doubled_late_or_sent_after_it_was_taken_back(
    at_desk, database_url, tmp_path, shape
):
    many, workers = shape

    came_to = ordeal(at_desk, database_url, tmp_path, many, workers, patience_s=420)

    assert came_to.doubled == 0, "a reminder was doubled"
    assert came_to.outside == 0, "a reminder left outside its window"
    assert came_to.after_the_pause == 0, "a reminder left after the desk was paused"
    assert came_to.taken_back == 0, "what was taken back, stopped or held was sent"
    assert came_to.unexplained == 0, "unsent, and nobody knows why"
    assert came_to.sent > many // 2


def test_every_alarm_is_delivered_at_least_once(at_desk, database_url, tmp_path, shape):
    _, workers = shape
    chance = random.Random("alarms")
    people = [f"+447700900{n:03}" for n in range(300, 600)]
    references = [
        at_desk.alarm(
            after_s=0,
            again_s=3600,
            casefile=None,
            steps=(AlarmStep(number=person, channel="sms", words=f"alarm {n}"),),
        )
        for n, person in enumerate(people)
    ]

    with (
        NotifyStandIn(faults("alarms")) as notify,
        desk_running(database_url, tmp_path, notify.address, workers=workers) as desk,
    ):
        for _ in range(KILLS):
            kill_one_after(desk, lambda: len(notify.sent), chance)
        wait_until(lambda: told(notify) == set(range(len(people))), 300)
    assert len(references) == len(people)


def told(notify):
    return {int(text.body.removeprefix("alarm ")) for text in list(notify.sent)}
