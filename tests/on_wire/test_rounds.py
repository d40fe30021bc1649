"""Rounds by themselves: one at a time, none forgotten, and always saying how things stand."""

import threading
from datetime import timedelta

import pytest

from fakes import FakeClock, seeded
from storage.errors import DiskFull
from sync.errors import Nonsense, Offline
from sync.outcome import Outcome, Progress
from sync.rounds import Rounds


class Conducted:
    """An exchange that does what the test says, and counts."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.began = threading.Semaphore(0)
        self.go_on = threading.Semaphore(0)
        self.inside = self.most_inside = self.count = 0
        self.first = []

    def round(self, on_progress=None, *, first=()):
        self.inside += 1
        self.most_inside = max(self.inside, self.most_inside)
        self.count += 1
        self.first.append(tuple(first))
        self.began.release()
        try:
            assert self.go_on.acquire(timeout=10)
            answer = self.answers.pop(0) if self.answers else Outcome()
            if isinstance(answer, Exception):
                raise answer
            if on_progress:
                on_progress(Progress(phase="sending", sent=12, total=14))
            return answer
        finally:
            self.inside -= 1


class Told:
    """Waits until a status is heard of that fits."""

    def __init__(self, rounds):
        self.heard = [rounds.status]
        self._more = threading.Condition()
        rounds.subscribe(self._hear)

    def _hear(self, status):
        with self._more:
            self.heard.append(status)
            self._more.notify_all()

    def until(self, fits):
        with self._more:
            assert self._more.wait_for(lambda: any(map(fits, self.heard)), timeout=10)
            return next(s for s in self.heard if fits(s))


class Starting:
    """Starts rounds that the test's end stops; `clock` is theirs."""

    def __init__(self):
        self.clock = FakeClock()
        self.running = []

    def __call__(self, exchange, **named):
        rounds = Rounds(
            exchange,
            unsent=named.pop("unsent", lambda: 0),
            clock=self.clock,
            randomness=seeded("rounds"),
            **named,
        )
        self.running.append((exchange, rounds))
        told = Told(rounds)
        rounds.start()
        return rounds, told


@pytest.fixture
def start():
    starting = Starting()
    yield starting
    for exchange, rounds in starting.running:
        for _ in range(20):
            exchange.go_on.release()
        rounds.stop()


def test_the_first_round_comes_at_once_and_says_how_it_went(start):
    exchange = Conducted(Outcome(sent=14, still_here=2))
    _, told = start(exchange, first=lambda: ["c1"])
    exchange.go_on.release()

    done = told.until(lambda s: s.last_contact is not None)

    assert (done.state, done.unsent, done.sent, done.total) == ("resting", 2, 12, 14)
    assert done.next_try - done.last_contact > timedelta(minutes=2)
    assert exchange.first == [("c1",)]
    assert told.until(lambda s: s.state == "exchanging")


def test_two_rounds_never_run_at_once_and_a_save_in_between_gets_one_of_its_own(start):
    exchange = Conducted()
    rounds, told = start(exchange)
    assert exchange.began.acquire(timeout=10)
    for _ in range(50):
        rounds.saved()  # while the first is under way
    exchange.go_on.release()
    assert exchange.began.acquire(timeout=10)
    exchange.go_on.release()
    told.until(lambda s: s.state == "resting" and s.last_contact)

    assert exchange.most_inside == 1
    assert exchange.count == 2


def test_being_offline_is_told_and_tried_again_when_the_wait_is_over(start):
    exchange = Conducted(Offline("x"), Outcome())
    rounds, told = start(exchange, unsent=lambda: 3)
    exchange.go_on.release()

    offline = told.until(lambda s: s.state == "offline")
    assert (offline.unsent, type(offline.error), offline.last_contact) == (3, Offline, None)
    rounds.tick()
    assert exchange.count == 1
    start.clock.advance(5)
    rounds.tick()
    exchange.go_on.release()
    back = told.until(lambda s: s.last_contact is not None)
    assert back.error is None


def test_the_ticker_asks_by_itself(start, monkeypatch):
    monkeypatch.setattr("sync.rounds.TICK_S", 0.01)
    exchange = Conducted()
    _, told = start(exchange)
    exchange.go_on.release()
    told.until(lambda s: s.last_contact is not None)
    start.clock.advance(600)
    exchange.go_on.release()
    assert exchange.began.acquire(timeout=10)
    assert exchange.began.acquire(timeout=10)


def test_it_ends_while_a_round_is_under_way(start):
    exchange = Conducted()
    rounds, _ = start(exchange)
    assert exchange.began.acquire(timeout=10)
    rounds.stop(within=0.01)
    rounds.now()
    rounds.tick()
    exchange.go_on.release()


@pytest.mark.parametrize("error", [Nonsense("x"), DiskFull("x")])
def test_what_needs_somebody_is_told_as_trouble(start, error):
    exchange = Conducted(error)
    _, told = start(exchange)
    exchange.go_on.release()
    assert told.until(lambda s: s.state == "trouble").error is error


@pytest.mark.parametrize("outcome", [Outcome(revoked=True), Outcome(cloned=True)])
def test_an_end_of_access_is_told(start, outcome):
    exchange = Conducted(outcome)
    _, told = start(exchange)
    exchange.go_on.release()
    assert told.until(lambda s: s.state == "ended").outcome == outcome


def test_out_of_signal_nothing_is_tried_until_it_is_back(start):
    exchange = Conducted()
    rounds, told = start(exchange)
    assert exchange.began.acquire(timeout=10)
    exchange.go_on.release()
    told.until(lambda s: s.state == "resting" and s.last_contact)
    rounds.pause()
    rounds.now()
    rounds.tick()
    assert rounds.status.state == "offline"
    assert exchange.count == 1

    rounds.resume()
    assert exchange.began.acquire(timeout=10)
    exchange.go_on.release()
