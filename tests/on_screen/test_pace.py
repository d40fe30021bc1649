import pytest

from app.pace import JITTER, LAST_RETRY_S, LOOKED_S, SAVED_S, UNWATCHED_S, WATCHED_S, Pace


class Time:
    def __init__(self) -> None:
        self.now = 0.0
        self.chance = 0.5  # the middle: no jitter

    def pace(self) -> Pace:
        return Pace(lambda: self.now, lambda: self.chance)

    def until_due(self, pace: Pace) -> float:
        began = self.now
        while not pace.due():
            self.now += 0.5
        return self.now - began


@pytest.fixture
def time() -> Time:
    return Time()


def test_the_first_round_is_due_at_the_start(time):
    assert time.pace().due()


def test_while_somebody_looks_every_minute_else_every_five(time):
    pace = time.pace()
    pace.went_well(watched=True)
    assert time.until_due(pace) == WATCHED_S
    pace.went_well(watched=False)
    assert time.until_due(pace) == UNWATCHED_S


def test_a_save_is_sent_within_seconds(time):
    pace = time.pace()
    pace.went_well(watched=True)
    pace.saved()
    assert time.until_due(pace) == SAVED_S


def test_whoever_begins_to_look_sees_what_came_in_meanwhile(time):
    pace = time.pace()
    pace.went_well(watched=False)
    time.now += 200
    pace.looked()
    assert pace.due()


def test_looking_up_and_down_does_not_ask_the_office_each_time(time):
    pace = time.pace()
    pace.went_well(watched=True)
    time.now += LOOKED_S / 2
    pace.looked()
    assert not pace.due()
    time.now += LOOKED_S / 2
    pace.looked()
    assert pace.due()


def test_whoever_opens_the_device_back_in_signal_waits_for_no_retry(time):
    pace = time.pace()
    for _ in range(6):
        pace.failed(permanent=False)
    time.now += LOOKED_S
    pace.looked()
    assert pace.due()


def test_writing_on_and_on_does_not_keep_it_from_being_sent(time):
    pace = time.pace()
    pace.went_well(watched=True)
    for _ in range(3):
        pace.saved()
        time.now += 1
    assert pace.due()


def test_without_signal_waits_double_up_to_two_minutes(time):
    pace = time.pace()
    waits = []
    for _ in range(8):
        pace.failed(permanent=False)
        waits.append(time.until_due(pace))
    assert waits == [5, 10, 20, 40, 80, LAST_RETRY_S, LAST_RETRY_S, LAST_RETRY_S]


def test_without_signal_a_save_does_not_knock_again_at_once(time):
    pace = time.pace()
    for _ in range(8):
        pace.failed(permanent=False)
    pace.saved()
    assert time.until_due(pace) == LAST_RETRY_S


def test_asking_waits_for_nothing_and_forgets_the_failures(time):
    pace = time.pace()
    for _ in range(8):
        pace.failed(permanent=False)
    pace.asked()
    assert pace.due()
    pace.failed(permanent=False)
    assert time.until_due(pace) == 5


def test_what_trying_again_cannot_mend_is_tried_seldom(time):
    pace = time.pace()
    pace.failed(permanent=True)
    assert time.until_due(pace) == UNWATCHED_S


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_a_team_that_comes_back_into_signal_does_not_knock_in_one_second(time, chance):
    time.chance = chance
    pace = time.pace()
    pace.went_well(watched=True)
    waited = time.until_due(pace)
    assert abs(waited - WATCHED_S) == WATCHED_S * JITTER
