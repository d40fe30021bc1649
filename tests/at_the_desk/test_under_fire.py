"""At most once for reminders and at least once for alarms, whatever is killed and whatever fails.

Ten thousand due reminders; three processes on one PostgreSQL (one process on SQLite); again and
again one of them is killed after a random 1 to 50 sends; the provider takes one message in ten
without ever answering, answers one in twenty with an error, and asks for patience now and then;
and all the while reminders are withdrawn, stopped and run out of their windows.
"""

import random
import time
from collections import Counter

import pytest
from sqlalchemy import select

from at_the_desk.fire import (
    counted,
    desk_running,
    desk_with_keys,
    faults,
    in_hand,
    kill_one_after,
    make_many,
    put_many,
    wait_until,
)
from desks import HOUR
from providers.notify_stand_in import NotifyStandIn
from storage.alarm import AlarmStep
from sync.server.desk import numbers, optouts, pausing
from sync.server.desk.tables import capsules

pytestmark = [pytest.mark.alone, pytest.mark.timeout(600)]

KILLS = 5


@pytest.fixture
def shape(database_url):
    """How many reminders, and by how many processes."""
    return (10_000, 3) if database_url.startswith("postgresql") else (2_500, 1)


@pytest.fixture
def at_desk(database_url, tmp_path):
    made = desk_with_keys(database_url, tmp_path)
    yield made
    made.desk.database.close()


def test_nothing_is_doubled_late_or_sent_after_it_was_taken_back(
    at_desk, database_url, tmp_path, shape
):
    many, workers = shape
    chance = random.Random("fire")
    few = many // 20
    plain = make_many(at_desk, many - 6 * few, 1)
    short = make_many(at_desk, few, 2)  # their window closes while the desk is busy
    early = make_many(at_desk, few, 3)
    taken_back = make_many(at_desk, few, 4)
    stopped = make_many(at_desk, few, 5)
    silent = make_many(at_desk, few, 6, max_silence=1, watch={"ee" * 16: ((0, 2**42),)})
    asked = make_many(at_desk, few, 7, [f"+4477009002{n:02}" for n in range(30, 60)])
    everything = [*plain, *short, *early, *taken_back, *stopped, *silent, *asked]
    put_many(at_desk, everything)
    closes = at_desk.now + 30_000
    with at_desk.desk.database.writing() as connection:
        within(connection, [c.reference for c in short], closes=closes)
        within(connection, [c.reference for c in early], opens=at_desk.now + HOUR)
        for capsule in asked:
            number = at_desk.desk.keys.open_capsule(capsule).number
            key = numbers.keyed(at_desk.desk.keys.secret, number)
            optouts.add(connection, key, "reply", at_desk.now)
    at_desk.withdraw_all(taken_back[: few // 2])
    for capsule in stopped:
        at_desk.stop(1, capsule.route.hex())

    with NotifyStandIn(faults("fire")) as notify:
        with desk_running(database_url, tmp_path, notify.address, workers=workers) as desk:
            answers = {}
            for turn in range(KILLS):
                kill_one_after(desk, lambda: len(notify.sent), chance)
                part = taken_back[few // 2 :][turn::KILLS]
                for capsule in part:
                    answers[capsule.reference] = (at_desk.withdraw_one(capsule), time.time())
            wait_until(lambda: in_hand(at_desk, "planned", "held") <= few, 420)
            wait_until(lambda: in_hand(at_desk, "sending") == 0, 90)  # the dead are looked after
            pausing.set_paused(at_desk.desk, True)
            paused = time.time()
            wait_until(lambda: len(notify.sent) == settled(notify), 30)
        sent = list(notify.sent)

    by_reference = Counter(text.reference for text in sent)
    assert max(by_reference.values()) == 1, "a reminder was doubled"
    rows = {row.reference: row for row in all_rows(at_desk)}
    for text in sent:
        row = rows[bytes.fromhex(text.reference)]
        assert row.opens <= text.at * 1000 <= row.closes, "a reminder left outside its window"
        assert text.at <= paused + 1, "a reminder left after the desk was paused"
    never = {
        c.reference.hex() for c in [*early, *taken_back[: few // 2], *stopped, *silent, *asked]
    }
    assert not never & set(by_reference), "what was taken back, stopped or held was sent"
    left_at = {text.reference: text.at for text in sent}
    for reference, (answer, at) in answers.items():
        if answer != "leaving":
            assert left_at.get(reference.hex(), 0) <= at, "a reminder left after its withdrawal"

    stands = counted(at_desk)
    assert sum(stands.values()) == many
    for (state, reason), _ in stands.items():
        assert state in ("sent", "planned", "delivered") or reason, "unsent, and nobody knows why"
    for reference, row in rows.items():
        if reference.hex() not in by_reference:
            assert row.state not in ("sent", "delivered"), "said to be sent, and was not"
    assert len(sent) > many // 2


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


def settled(notify):
    """How many there are once none has come for a moment."""
    before = len(notify.sent)
    time.sleep(1.5)
    return before


def within(connection, references, **values):
    for start in range(0, len(references), 500):
        which = capsules.c.reference.in_(references[start : start + 500])
        connection.execute(capsules.update().where(which).values(**values))
        if "opens" in values:
            connection.execute(capsules.update().where(which).values(due=values["opens"]))


def all_rows(at_desk):
    with at_desk.desk.database.reading() as connection:
        return connection.execute(
            select(capsules.c.reference, capsules.c.state, capsules.c.opens, capsules.c.closes)
        ).all()
