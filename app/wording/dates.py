"""Dates, times and spans as people say them where the service works.

Inside the product every instant is aware and UTC; this is the one place where it becomes local.
"Now" and "today" are always arguments, so that a test can stop the clock.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_day_names

from app.wording.catalogue import _, current_language, ngettext

HERE = ZoneInfo("Europe/London")
_MINUTE, _HOUR = 60, 3600


def local(at: datetime) -> datetime:
    """The same instant on the wall clock here. `at` must be aware."""
    if at.tzinfo is None:
        raise ValueError("an instant without its zone")
    return at.astimezone(HERE)


def day(on: date, today: date | None = None) -> str:
    """`Tue 4 June`; with the year when `today` lies in another one."""
    pattern = "EEE d MMMM" if today is None or today.year == on.year else "EEE d MMMM y"
    return format_date(on, pattern, locale=current_language())


def weekday_names() -> list[str]:
    """`Mon` to `Sun`, for choosing days."""
    names = get_day_names("abbreviated", context="stand-alone", locale=current_language())
    return [str(names[n]) for n in range(7)]


def weekdays(days: Collection[int]) -> str:
    """`Mon to Fri`, `Mon, Wed, Thu`: days of a week, Monday is 0; three or more in a row as one."""
    names, runs = weekday_names(), list[list[int]]()
    for n in sorted(days):
        if runs and runs[-1][-1] == n - 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    said = [
        [_("{first} to {last}").format(first=names[run[0]], last=names[run[-1]])]
        if len(run) > 2
        else [names[n] for n in run]
        for run in runs
    ]
    return ", ".join(name for run in said for name in run)


def long_day(on: date) -> str:
    """`Tuesday 4 June 2026`, for headings and for what is signed."""
    return format_date(on, "EEEE d MMMM y", locale=current_language())


def clock(at: time | datetime) -> str:
    """`09:40`. An instant is read off the local clock; a bare time is taken as it is."""
    return f"{local(at) if isinstance(at, datetime) else at:%H:%M}"


def near_day(on: date, today: date) -> str:
    """`today`, `tomorrow`, `yesterday`, or the day with its date."""
    near = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    return near.get((on - today).days) or day(on, today)


def moment(at: datetime, now: datetime) -> str:
    """`today 09:40`, `yesterday 16:20`, `Tue 4 June, 10:00`."""
    on, today = local(at).date(), local(now).date()
    if abs((on - today).days) <= 1:
        return _("{day} {time}").format(day=near_day(on, today), time=clock(at))
    return _("{day}, {time}").format(day=day(on, today), time=clock(at))


def day_and_time(at: datetime) -> str:
    """`Tue 4 June, 10:00`, for an appointment that is read out or written down."""
    return _("{day}, {time}").format(day=day(local(at).date()), time=clock(at))


def ago(at: datetime, now: datetime) -> str:
    """`just now`, `5 min ago`, `3 hours ago`, `yesterday`, then the date.

    An instant that lies ahead (another device's clock is wrong) is given as a plain moment.
    """
    seconds = int((now - at).total_seconds())
    if seconds < -_MINUTE:
        return moment(at, now)
    if seconds < _MINUTE:
        return _("just now")
    if seconds < _HOUR:
        return _("{n} min ago").format(n=seconds // _MINUTE)
    on, today = local(at).date(), local(now).date()
    if on == today:
        hours = seconds // _HOUR
        return ngettext("{n} hour ago", "{n} hours ago", hours).format(n=hours)
    return near_day(on, today)


def soon(at: datetime, now: datetime) -> str:
    """`now`, `in 20 min`, `in 3 hours`, then the moment. What has passed is told by `ago`."""
    seconds = int((at - now).total_seconds())
    if seconds < -_MINUTE:
        return ago(at, now)
    if seconds < _MINUTE:
        return _("now")
    if seconds < _HOUR:
        return _("in {n} min").format(n=seconds // _MINUTE)
    if local(at).date() == local(now).date():
        hours = seconds // _HOUR
        return ngettext("in {n} hour", "in {n} hours", hours).format(n=hours)
    return moment(at, now)


def lasting(minutes: int) -> str:
    """`45 min`, `1 h`, `1 h 30 min`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("{n} min").format(n=rest)
    if not rest:
        return _("{n} h").format(n=hours)
    return _("{hours} h {minutes} min").format(hours=hours, minutes=rest)


def hours_or_days(hours: int) -> str:
    """`3 days`, `1 day`, `36 hours`: a span that somebody set, in the largest whole unit."""
    days, rest = divmod(hours, 24)
    if rest:
        return ngettext("{n} hour", "{n} hours", hours).format(n=hours)
    return ngettext("{n} day", "{n} days", days).format(n=days)


def gestation(days: int) -> str:
    """`28+0` from whole days of pregnancy, the way midwives write it."""
    return f"{days // 7}+{days % 7}"


def gestation_aloud(days: int) -> str:
    """`28 weeks and 3 days`, for a screen reader and for families."""
    weeks, rest = divmod(days, 7)
    said = ngettext("{n} week", "{n} weeks", weeks).format(n=weeks)
    if not rest:
        return said
    more = ngettext("{n} day", "{n} days", rest).format(n=rest)
    return _("{weeks} and {days}").format(weeks=said, days=more)
