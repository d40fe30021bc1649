"""Dates and times as people type them: `4 June 2026`, `4/6/26`, `tomorrow`, `next Thursday`,
`9.30`, `2pm`, `half past two`.

Day before month, always: these services work in the United Kingdom. Whatever is not plainly one
date or one time is None, so that the screen asks instead of guessing.
"""

from __future__ import annotations

import re
from datetime import date, time, timedelta

from babel import Locale

from app.wording.catalogue import _, current_language

_NUMBERS = re.compile(r"(\d{1,2})[./\-\s](\d{1,2})(?:[./\-\s](\d{4}|\d{2}))?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([^\W\d]+)\.?,?(?:\s+(\d{4}|\d{2}))?")
_LATER = re.compile(r"in (a|one|\d{1,2}) (days?|weeks?)")
_WHICH = re.compile(r"(?:(?P<which>next|this|on) )?(?P<day>[^\W\d]+)(?P<week> week)?")
_TIME = re.compile(r"(\d{1,2})(?:[:.\s]?(\d{2}))?\s*(am|pm|a\.m\.|p\.m\.)?")
_SPOKEN = re.compile(
    r"(?:(?P<minutes>quarter|half|five|ten|twenty|twenty[ -]five|5|10|20|25)\s+"
    r"(?P<way>past|to)\s+(?P<from>\w+)|(?P<whole>\w+)\s+o['’]?clock)"
    r"(?:\s*(?P<half>am|pm|a\.m\.|p\.m\.|in the (?:morning|afternoon|evening)))?"
)
_MINUTES = {"quarter": 15, "half": 30, "five": 5, "ten": 10, "twenty": 20, "twenty five": 25}
_HOURS = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_MORNING_FROM = 8
"""Said in words and without am or pm, an hour before this one is in the afternoon: nobody says
"half past two" of a visit in the night."""


def typed_date(text: str, today: date, *, past: bool = False) -> date | None:
    """The date meant, or None. Without a year it is the next such day, or the last if `past`.

    A two-digit year lies within the next 20 years, else in the past (a date of birth).
    """
    said = " ".join(text.lower().replace(",", " ").split())
    if not said:
        return None
    near = {_("today"): 0, _("tomorrow"): 1, _("yesterday"): -1}
    if said in near:
        return today + timedelta(days=near[said])
    weekday = _weekday(said, today) or _relative(said, today)
    if weekday is not None:
        return weekday
    if iso := _ISO.fullmatch(said):
        return _date(int(iso[1]), int(iso[2]), int(iso[3]))
    if numbers := _NUMBERS.fullmatch(said):
        return _completed(int(numbers[1]), int(numbers[2]), numbers[3], today, past)
    # "Tue 4 June" as we write it ourselves: the weekday is decoration.
    first, _space, rest = said.partition(" ")
    if rest and not first[0].isdigit() and first in _day_names():
        said = rest
    if named := _NAMED.fullmatch(said):
        month = _months().get(named[2])
        return _completed(int(named[1]), month, named[3], today, past) if month else None
    return None


def _relative(said: str, today: date) -> date | None:
    """`next Thursday` is that of next week, `Thursday week` a week after the coming one."""
    if later := _LATER.fullmatch(said):
        count = 1 if later[1] in ("a", "one") else int(later[1])
        return today + timedelta(days=count * (7 if later[2].startswith("week") else 1))
    if not (asked := _WHICH.fullmatch(said)):
        return None
    coming = _weekday(asked["day"], today)
    if coming is None:
        return None
    if asked["week"]:
        return coming + timedelta(weeks=1)
    if asked["which"] == "next":
        monday = today - timedelta(days=today.weekday())
        return monday + timedelta(weeks=1, days=coming.weekday())
    return coming


def typed_time(text: str) -> time | None:
    """The time meant, or None: `09:40`, `9.40`, `940`, `9`, `2pm`, `half past two`, `noon`."""
    said = " ".join(text.lower().split())
    if said in ("noon", "midday", "12 noon"):
        return time(12)
    found = _TIME.fullmatch(said)
    if not found:
        spoken = _SPOKEN.fullmatch(said)
        return _spoken_time(spoken) if spoken else None
    hour, minute = int(found[1]), int(found[2] or 0)
    half = (found[3] or "").replace(".", "")
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return time(hour, minute)
    except ValueError:
        return None


def _spoken_time(found: re.Match[str]) -> time | None:
    named = found["from"] or found["whole"]
    hour = _HOURS.index(named) + 1 if named in _HOURS else int(named) if named.isdigit() else 0
    if not 1 <= hour <= 12:
        return None
    half = (found["half"] or "").replace(".", "")
    if half:
        late = half == "pm" or half.endswith(("afternoon", "evening"))
    else:
        late = hour < _MORNING_FROM or hour == 12
    said = (found["minutes"] or "0").replace("-", " ")
    minutes = int(said) if said.isdigit() else _MINUTES[said]
    after_midnight = (hour % 12 + (12 if late else 0)) * 60
    after_midnight += -minutes if found["way"] == "to" else minutes
    return time(*divmod(after_midnight % (24 * 60), 60))


def _completed(
    day: int, month: int | None, year: str | None, today: date, past: bool
) -> date | None:
    if month is None:
        return None
    if year is not None:
        full = int(year) if len(year) == 4 else _century(int(year), today)
        return _date(full, month, day)
    candidates = [_date(today.year + step, month, day) for step in ((0, -1) if past else (0, 1))]
    for found in candidates:
        if found is not None and (found <= today if past else found >= today):
            return found
    return None


def _century(two: int, today: date) -> int:
    full = today.year // 100 * 100 + two
    return full if full <= today.year + 20 else full - 100


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _names(what: str) -> dict[str, int]:
    """Lower-case names and short names of months or days in the current language."""
    locale = Locale.parse(current_language())
    table = locale.months if what == "months" else locale.days
    return {
        table["format"][width][number].lower().rstrip("."): number
        for width in ("wide", "abbreviated")
        for number in table["format"][width]
    }


def _months() -> dict[str, int]:
    return _names("months") | {"sep": 9}


def _day_names() -> dict[str, int]:
    return _names("days")


def _weekday(said: str, today: date) -> date | None:
    """A bare weekday is the next such day after today."""
    number = _day_names().get(said)
    if number is None:
        return None
    return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
