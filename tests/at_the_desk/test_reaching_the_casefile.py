"""The whole road: a device orders, the desk sends, the receipt is read by whoever may read it."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from desks import DAY, HOUR
from ordered import NUMBER, capsule
from storage.clock import milliseconds
from storage.stop import StopPlan
from sync.server.desk import incoming_texts, leaving, news, rounds
from sync.server.desk.figures import figures
from sync.server.desk.tables import capsules


@pytest.fixture
def desk(desk_of_house, notify):
    return desk_of_house, notify


def work(desk):
    for duty in (*rounds.ALARMS, *rounds.REMINDERS, *rounds.NEWS):
        duty(desk)


def receipt_of(plan):
    return news.receipt_record(bytes.fromhex(plan.reference)).hex()


@pytest.fixture
def family(house):
    """Amina's family, that Grace reads too."""
    grace = house.begins("grace")
    amina = house.joins("amina", by=grace)
    okoro = amina.founds_family()
    amina.round()
    grace.round()
    return grace, amina, okoro


def order(house, amina, okoro, **changed):
    now = milliseconds(house.clock.now())
    plan = capsule(
        casefile=okoro, now=now, opens=now, closes=now + HOUR, not_after=now + DAY, **changed
    )
    amina.vault.write([], orders=[plan])
    amina.round()
    return plan


def test_a_text_leaves_and_everybody_in_the_family_reads_what_became_of_it(house, family, desk):
    at_desk, notify = desk
    grace, amina, okoro = family
    plan = order(house, amina, okoro)

    work(at_desk)
    assert [text.to for text in notify.sent] == [NUMBER]
    for hand in (amina, grace):
        hand.round()
        assert hand.reads(receipt_of(plan))["state"] == "sent"
        assert hand.reads(receipt_of(plan))["rule"] == "text_1_day"


def test_what_a_stop_suppressed_is_told_to_the_family(house, family, desk):
    at_desk, notify = desk
    grace, amina, okoro = family
    plan = order(house, amina, okoro)
    amina.vault.write([], orders=[StopPlan(route=plan.route, consent=1)])
    amina.round()

    work(at_desk)
    assert not notify.sent
    grace.round()
    told = grace.reads(receipt_of(plan))
    assert (told["state"], told["reason"]) == ("suppressed", "stopped")


def test_a_mothers_words_are_read_by_her_worker_and_stand_nowhere_else(
    house, family, desk, database
):
    at_desk, _ = desk
    _, amina, okoro = family
    order(house, amina, okoro)
    work(at_desk)
    incoming_texts.heard(at_desk, number=NUMBER, text="help, he is here", message="m1")

    work(at_desk)
    for name, raw in database.files(log=True).items():
        assert b"he is here" not in raw, name
    amina.round()
    (reply,) = amina.vault.find("reply")
    assert (reply.casefile, reply.fields["text"]) == (okoro, "help, he is here")
    assert reply.fields["meaning"] == "other"


def test_news_of_one_family_goes_to_that_family_alone(house, family, desk):
    at_desk, _ = desk
    grace, amina, okoro = family
    silva = amina.founds_family()
    amina.round()
    grace.round()
    here = order(house, amina, okoro)
    there = order(house, amina, silva)

    work(at_desk)
    amina.round()
    assert amina.vault.get(receipt_of(here)).casefile == okoro
    assert amina.vault.get(receipt_of(there)).casefile == silva


def test_left_twice_it_is_there_once(house, family, desk):
    at_desk, _ = desk
    _, amina, okoro = family
    plan = order(house, amina, okoro)
    work(at_desk)
    with at_desk.database.writing() as connection:
        row = connection.execute(
            select(capsules).where(capsules.c.reference == bytes.fromhex(plan.reference))
        ).one()
        news.receipt(connection, row, "sent", None, at=at_desk.now(), attempt=1)

    assert leaving.leave_news(at_desk) == 1
    amina.round()
    assert amina.reads(receipt_of(plan))["state"] == "sent"


def test_a_desk_that_nobody_certified_leaves_nothing_and_says_so(house, family, desk):
    at_desk, _ = desk
    _, amina, okoro = family
    order(house, amina, okoro)
    impostor = replace(at_desk, keys=at_desk.keys.renewed(house.chance))

    work(impostor)
    now = figures(impostor)
    assert not now.certified
    assert now.untold > 0
    work(at_desk)
    assert figures(at_desk).untold == 0


def test_news_for_a_casefile_that_is_not_there_waits_and_blocks_nobody(house, family, desk):
    at_desk, _ = desk
    _, amina, okoro = family
    with at_desk.database.writing() as connection:
        news.secret(
            at_desk,
            connection,
            casefile=b"?" * 16,
            kind=news.REPLY,
            entry=b"?" * 16,
            record=b"?" * 16,
            fields={"text": "for nobody"},
            at=at_desk.now() - 1,
        )
    plan = order(house, amina, okoro)

    work(at_desk)
    amina.round()
    assert amina.reads(receipt_of(plan))["state"] == "sent"
    assert figures(at_desk).untold == 1
