"""Nothing goes to a family with signs of abuse while a worker may know more than the office."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from storage.clock import milliseconds
from sync.server.desk.silence import at_work, overdue

LONDON = ZoneInfo("Europe/London")
AMINA, BEN = b"a" * 16, b"b" * 16
DAY = timedelta(days=1)


def at(text):
    """Milliseconds of a local time in London, "2027-06-01 09:00"."""
    return milliseconds(datetime.fromisoformat(text).replace(tzinfo=LONDON))


def nine_to_five(*days):
    return [(at(f"{day} 09:00"), at(f"{day} 17:00")) for day in days]


WEEK = nine_to_five("2027-06-01", "2027-06-02", "2027-06-03")


def test_a_device_heard_from_within_the_time_lets_it_go():
    heard = {AMINA: at("2027-06-02 11:00")}
    assert overdue(at("2027-06-02 12:00"), 2, [(AMINA, WEEK)], heard) == ()


def test_a_device_whose_owner_worked_since_and_was_not_heard_from_holds_it():
    heard = {AMINA: at("2027-06-02 09:30")}
    assert overdue(at("2027-06-02 12:00"), 2, [(AMINA, WEEK)], heard) == (AMINA,)


def test_a_night_or_a_day_off_is_no_silence():
    heard = {AMINA: at("2027-06-01 17:05")}
    watch = [(AMINA, nine_to_five("2027-06-01", "2027-06-03"))]
    assert overdue(at("2027-06-02 18:00"), 2, watch, heard) == ()
    assert overdue(at("2027-06-03 09:01"), 2, watch, heard) == (AMINA,)


def test_the_minute_she_starts_work_she_may_learn_something():
    heard = {AMINA: at("2027-06-01 16:59")}
    assert overdue(at("2027-06-02 09:00") + 1, 2, [(AMINA, WEEK)], heard) == (AMINA,)
    assert overdue(at("2027-06-02 09:00"), 2, [(AMINA, WEEK)], heard) == (AMINA,)


def test_after_her_last_contact_of_the_day_a_minute_of_work_still_counts():
    heard = {AMINA: at("2027-06-01 16:58")}
    ended = nine_to_five("2027-06-01")
    assert overdue(at("2027-06-01 20:00"), 2, [(AMINA, ended)], heard) == (AMINA,)


def test_a_device_never_heard_from_counts_as_silent_once_its_owner_worked():
    assert overdue(at("2027-06-01 08:00"), 2, [(AMINA, WEEK)], {}) == ()
    assert overdue(at("2027-06-01 09:05"), 2, [(AMINA, WEEK)], {}) == (AMINA,)


def test_every_watched_device_counts():
    heard = {AMINA: at("2027-06-02 11:55")}
    watch = [(AMINA, WEEK), (BEN, WEEK)]
    assert overdue(at("2027-06-02 12:00"), 2, watch, heard) == (BEN,)


def test_without_the_rule_nobody_is_waited_for():
    assert overdue(at("2027-06-02 12:00"), None, [(AMINA, WEEK)], {}) == ()


def test_when_the_clocks_change_hours_are_hours():
    """31 October 2027: 01:30 comes twice. 28 March 2027: 01:30 never comes."""
    night = [(at("2027-10-30 22:00"), at("2027-10-31 06:00"))]
    heard = {AMINA: at("2027-10-31 00:30")}
    three_hours_on = heard[AMINA] + 3 * 3_600_000  # 02:30 on the wall
    assert overdue(three_hours_on, 3, [(AMINA, night)], heard) == ()
    assert overdue(three_hours_on + 1, 3, [(AMINA, night)], heard) == (AMINA,)

    night = [(at("2027-03-27 22:00"), at("2027-03-28 06:00"))]
    heard = {AMINA: at("2027-03-28 00:30")}
    three_hours_on = heard[AMINA] + 3 * 3_600_000  # 04:30 on the wall
    assert overdue(three_hours_on, 3, [(AMINA, night)], heard) == ()
    assert overdue(three_hours_on + 1, 3, [(AMINA, night)], heard) == (AMINA,)


def test_on_the_29th_of_february_she_works_as_on_any_day():
    heard = {AMINA: at("2028-02-28 16:59")}
    leap = [(AMINA, nine_to_five("2028-02-28", "2028-02-29"))]
    assert overdue(at("2028-02-29 10:00"), 12, leap, heard) == (AMINA,)


def test_who_is_at_work():
    watch = [(AMINA, WEEK), (BEN, [])]
    assert at_work(at("2027-06-02 12:00"), watch)
    assert not at_work(at("2027-06-02 18:00"), watch)
    assert not at_work(at("2027-06-02 12:00"), [])
