"""The regular meeting that looks at finished plans and decides who works on.

Pure. On its agenda stands every open episode whose plan is ready and which no panel has settled
since: a decision that only puts it off leaves it there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from app.casework.course import Course
from app.casework.episode import Decided, Episode
from app.casework.plan import Plan
from app.casework.profile import Profile
from app.casework.profile.flow import Panel

_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItem:
    """One family on the agenda. `ready_since`: the day its plan was ready.

    `put_off` are earlier decisions that settled nothing, the latest first.
    """

    family: str
    name: str
    ref: str
    ready_since: date
    stage: str
    plan: Plan | None
    put_off: tuple[Decided, ...] = ()
    functions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Who works with the family already, by function."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """A meeting and what comes before it, the longest ready first."""

    meets_on: date
    items: tuple[AgendaItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelForm:
    """What a panel decided on one family. `allocate` gives a worker for each function."""

    outcome: str
    on: date
    reason: str = ""
    allocate: Mapping[str, str] = field(default_factory=dict)
    despite_full: bool = False


def meeting_on(panel: Panel, today: date, last: date | None = None) -> date:
    """The next meeting, today included. Where it meets every few weeks, `last` counts from."""
    ahead = (panel.weekday - today.weekday()) % _WEEK
    on = today + timedelta(days=ahead)
    if last is None or panel.every_weeks == 1:
        return on
    step = timedelta(weeks=panel.every_weeks)
    meets = last
    while meets < today:
        meets += step
    return meets


def ready_since(
    panel: Panel, profile: Profile, episode: Episode, course: Course, decided: Iterable[Decided]
) -> date | None:
    """Since when an episode waits for the panel; None where it does not. What was settled comes
    back with a plan that is ready later.
    """
    if not episode.open:
        return None
    settled = [d.on for d in of_panel(panel, episode, decided) if settles(panel, profile, d)]
    waits = [day for day in course.days(panel.ready) if not settled or day > max(settled)]
    return min(waits, default=None)


def of_panel(panel: Panel, episode: Episode, decided: Iterable[Decided]) -> list[Decided]:
    """What the panel decided in that episode, the latest first."""
    found = [d for d in decided if d.kind == panel.decision and d.episode == episode.id]
    return sorted(found, key=lambda d: (d.on, d.id), reverse=True)


def settles(panel: Panel, profile: Profile, decided: Decided) -> bool:
    """It moved the episode on; putting it off moves nothing."""
    for kind in profile.decisions:
        if kind.code == panel.decision:
            return decided.outcome in dict(kind.moves_to)
    return True
