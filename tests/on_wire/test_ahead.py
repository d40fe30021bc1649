"""Device and office work at once: the next call is under way while an answer is written down."""

import threading

import pytest

from house import House
from lines import LostReplies, at_once
from storage.vault import Statement
from sync.ahead import in_a_thread
from sync.errors import Offline
from sync.protocol import ChainAnswer

MANY = 900
"""Notes in each of three families: no two of them fit into one batch."""


@pytest.fixture
def house(tmp_path):
    """In process; every call is made the moment it is begun."""
    house = House(tmp_path, begin=at_once)
    yield house
    house.close()


@pytest.fixture
def two(house):
    """Grace, and Amina, who has written on in three families of theirs."""
    grace = house.begins("grace")
    amina = house.joins("amina", by=grace)
    families = [amina.founds_family() for _ in range(3)]
    amina.round()
    grace.round()
    for family in families:
        texts = [{"text": f"Visit {i}."} for i in range(MANY)]
        new_id = amina.vault.new_id
        amina.vault.write(
            [
                Statement(casefile=family, kind="visit_note", record=new_id(), fields=fields)
                for fields in texts
            ]
        )
    return grace, amina


def notes(hand):
    return hand.vault.count("visit_note")


def waiting(hand):
    return hand.vault.device_file.outbox_size().changes


def test_the_next_batch_is_on_its_way_before_the_last_is_settled_here(two):
    _, amina = two
    seen = []
    amina.talks_to(
        LostReplies(
            amina.office, (), watch=lambda name, _: name == "push" and seen.append(waiting(amina))
        )
    )

    outcome = amina.round()

    assert seen == [3 * MANY, 3 * MANY, 2 * MANY]
    assert (outcome.sent, outcome.still_here) == (3 * MANY, 0)


def test_the_next_page_is_asked_for_before_the_last_is_written_down(two):
    grace, amina = two
    amina.round()
    seen = []
    grace.talks_to(
        LostReplies(
            grace.office,
            (),
            watch=lambda name, _: name == "pull_several" and seen.append(notes(grace)),
        )
    )

    outcome = grace.round()

    assert seen == [0, 0, MANY]
    assert (outcome.received, outcome.doubted) == (3 * MANY, {})


def test_what_was_answered_is_settled_though_the_next_answer_is_lost(two):
    grace, amina = two
    office = amina.office
    amina.talks_to(LostReplies(office, ("push",), after=1))

    with pytest.raises(Offline):
        amina.round()
    assert waiting(amina) == 2 * MANY

    assert amina.talks_to(office).round().sent == 2 * MANY
    grace.talks_to(LostReplies(office, ("pull_several",), after=1))
    with pytest.raises(Offline):
        grace.round()
    assert notes(grace) == MANY
    assert grace.talks_to(office).round().received == 2 * MANY
    assert notes(grace) == 3 * MANY


class Choosy(LostReplies):
    """An office that takes nothing in one casefile."""

    def __init__(self, inner, casefile):
        super().__init__(inner, ())
        self.casefile = casefile

    def push(self, token, runs, heads, drops=()):
        good = [run for run in runs if run.casefile != self.casefile]
        refused = {(run.casefile, run.device) for run in runs if run not in good}
        return (
            *self.inner.push(token, good, heads, drops),
            *(
                ChainAnswer(casefile=c, device=d, accepted=0, refused="bad-head")
                for c, d in refused
            ),
        )


def test_a_chain_that_is_refused_stops_alone_though_the_next_was_made_ready(two):
    _, amina = two
    waits_longest = bytes.fromhex(amina.vault.unsent(limit=1)[0].casefile)

    outcome = amina.talks_to(Choosy(amina.office, waits_longest)).round()

    assert outcome.refusals == {waits_longest.hex(): "bad-head"}
    assert (outcome.sent, outcome.still_here) == (2 * MANY, MANY)


def test_a_thread_of_its_own_makes_calls_in_order_and_keeps_nobody_waiting():
    begin, gate, made = in_a_thread(), threading.Event(), []

    def lost() -> None:
        raise Offline("no signal")

    first = begin(lambda: (gate.wait(10), made.append("first"))[0])
    second = begin(lambda: made.append("second"))
    failing = begin(lost)
    assert made == []
    gate.set()
    assert first()
    second()
    assert made == ["first", "second"]
    with pytest.raises(Offline):
        failing()
