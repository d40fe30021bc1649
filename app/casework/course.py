"""What has happened in one episode, as clocks and figures ask for it: by milestone.

The casebook gathers happenings from records of many kinds; nothing here knows where one came from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.casework.profile.milestones import Milestone

Part = Literal["baby", "plan", "appraisal"]
Attended = Callable[[str, bool], "date | None"]
"""The day of the first, or with True the latest, attended contact of a type; empty: of any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One thing that happened on a day.

    `event` is a key of profile.milestones.MILESTONES, `about` what narrows it (stage, function,
    decision and outcome). `baby`, `plan` and `appraisal` are ids of the one it happened to; empty
    where it was the whole episode.
    """

    event: str
    on: date
    about: tuple[str, ...] = ()
    baby: str = ""
    plan: str = ""
    appraisal: str = ""

    def of(self, part: Part, id: str) -> bool:  # noqa: A002 - an id is what it is
        """Whether it happened to that one, or to the whole episode."""
        return getattr(self, part) in ("", id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a clock runs for: one baby, plan or appraisal."""

    part: Part
    id: str


def _never(_kind: str, _latest: bool) -> date | None:
    return None


class Course:
    """Everything that happened in one episode, in any order."""

    def __init__(self, happenings: Iterable[Happening], attended: Attended = _never) -> None:
        self._by_event: dict[str, list[Happening]] = {}
        for one in happenings:
            self._by_event.setdefault(one.event, []).append(one)
        self._attended = attended

    def days(self, milestone: Milestone, subject: Subject | None = None) -> tuple[date, ...]:
        """Every day on which it happened, oldest first.

        Of contacts only the first, or for `last_attended` the latest, is known.
        """
        if milestone.event in ("first_attended", "last_attended"):
            kind = milestone.about[0] if milestone.about else ""
            found = self._attended(kind, milestone.event == "last_attended")
            return (found,) if found else ()
        return tuple(
            sorted(
                one.on
                for one in self._by_event.get(milestone.event, ())
                if one.about[: len(milestone.about)] == milestone.about
                and (subject is None or one.of(subject.part, subject.id))
            )
        )

    def day(self, milestone: Milestone, subject: Subject | None = None) -> date | None:
        """The first day on which it happened; None where it has not."""
        return next(iter(self.days(milestone, subject)), None)
