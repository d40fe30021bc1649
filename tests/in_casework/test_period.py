"""Legal status and stage are read as history; the current one is the open one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from app.casework.period import Period, PeriodKind, current, newest_first, on_day


def legal(code: str, since: date, until: date | None = None, subject: str = "baby") -> Period:
    return Period(
        id=f"{code}{since}",
        subject=subject,
        kind=PeriodKind.LEGAL,
        code=code,
        since=since,
        until=until,
    )


IN_NEED = legal("child_in_need", date(2026, 1, 5), date(2026, 4, 1))
ON_PLAN = legal("child_protection_plan", date(2026, 4, 1))
HISTORY = [ON_PLAN, IN_NEED, legal("none", date(2025, 1, 1), subject="sister")]


def test_the_current_status_is_the_open_period_of_that_child():
    assert current(HISTORY, PeriodKind.LEGAL, "baby") == ON_PLAN
    assert current(HISTORY, PeriodKind.STAGE, "baby") is None


def test_on_the_day_of_a_change_the_new_status_holds():
    assert on_day(HISTORY, PeriodKind.LEGAL, "baby", date(2026, 3, 31)) == IN_NEED
    assert on_day(HISTORY, PeriodKind.LEGAL, "baby", date(2026, 4, 1)) == ON_PLAN
    assert on_day(HISTORY, PeriodKind.LEGAL, "baby", date(2025, 12, 31)) is None


def test_two_people_opening_a_status_offline_leave_the_later_one_current():
    also = legal("pre_proceedings", date(2026, 5, 1))
    assert current([*HISTORY, also], PeriodKind.LEGAL, "baby") == also


def test_a_history_is_read_from_the_newest():
    assert [p.code for p in newest_first(HISTORY)] == [
        "child_protection_plan",
        "none",
        "child_in_need",
    ]


def test_a_period_counts_whole_days():
    assert IN_NEED.days(date(2026, 11, 22)) == 86
    assert ON_PLAN.days(date(2026, 4, 2)) == 1


def test_of_what_began_on_one_day_the_one_written_down_last_is_read_first():
    day = date(2026, 11, 2)
    walked = [
        replace(legal(code, day, day), recorded=datetime(2026, 11, 2, 10, minute, tzinfo=UTC))
        for code, minute in (("waiting", 1), ("assessment", 2), ("brokerage", 3))
    ]
    now = legal("intervention", day)
    said = [p.code for p in newest_first([walked[1], now, walked[2], walked[0]])]
    assert said == ["intervention", "brokerage", "assessment", "waiting"]
