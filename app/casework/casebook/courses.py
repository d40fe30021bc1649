"""The course of every family's episodes, gathered from records in a few queries.

What a record belongs to is the episode it names, or the latest that had begun by its day, so that a
new referral starts anew and loses nothing of the old.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time

from app.casework.attendance import SEEN
from app.casework.casebook import from_family, from_pathway
from app.casework.casebook import reading as r
from app.casework.casebook.happenings import SOURCES
from app.casework.casebook.ledger import Ledger
from app.casework.clocks import Pause
from app.casework.course import Course, Happening
from app.casework.episode import Decided, Episode, episode_of, in_order
from app.casework.moments import as_text, local_day
from app.casework.period import Period, stamp
from storage.query import AtLeast, Between, OneOf, Record, Where

KINDS = (
    *dict.fromkeys(source.kind for source in SOURCES),
    "clock_pause", "family", "recorded_twice", "team", "service_profile",
)  # fmt: skip
"""Kinds of record that a course is made of, contacts excepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One family: its episodes in order, and everything dated of each, by episode."""

    family: str
    episodes: tuple[Episode, ...] = ()
    happenings: Mapping[str, tuple[Happening, ...]]
    periods: tuple[Period, ...] = ()
    decisions: tuple[Decided, ...] = ()
    pauses: Mapping[tuple[str, str, str], tuple[Pause, ...]]
    """By episode, clock and subject."""

    @property
    def latest(self) -> Episode | None:
        """The one that is open, or was last."""
        return self.episodes[-1] if self.episodes else None


def all_told(ledger: Ledger) -> Mapping[str, Told]:
    """Every family on this device; one that was recorded twice under the casefile that stays."""
    return ledger.remembered("courses", KINDS, lambda: _gathered(ledger, None))


def told(ledger: Ledger, family: str) -> Told:
    """One family, read by itself; empty when nothing of it is here.

    Whoever goes through many families takes them out of `all_told`.
    """
    stays = ledger.remaining(family)
    found = _gathered(ledger, ledger.together(stays)).get(stays)
    return found or Told(family=stays, happenings={}, pauses={})


def course_of(ledger: Ledger, told: Told, episode: Episode) -> Course:
    """What has happened in one episode; contacts are looked up only when a clock asks for them."""

    def attended(kind: str, latest: bool) -> date | None:
        return _attended(ledger, told, episode, kind, latest=latest)

    return Course(told.happenings.get(episode.id, ()), attended)


def _gathered(ledger: Ledger, casefiles: Sequence[str] | None) -> dict[str, Told]:
    """The families of those casefiles, or of all."""
    episodes: dict[str, list[Episode]] = {}
    for record in _records(ledger, "episode", casefiles):
        family = ledger.remaining(record.casefile)
        episodes.setdefault(family, []).append(from_pathway.episode(record, family))
    ordered = {family: tuple(in_order(several)) for family, several in episodes.items()}
    happened: dict[str, dict[str, list[Happening]]] = {}
    periods: dict[str, list[Period]] = {}
    decisions: dict[str, list[Decided]] = {}
    for source in SOURCES:
        for record in _records(ledger, source.kind, casefiles, source.where):
            family = ledger.remaining(record.casefile)
            if family not in ordered:
                continue
            named = record.record if source.kind == "episode" else _named(record.fields)
            for one in source.tell(ledger, record):
                episode = episode_of(ordered[family], one.on, named)
                if episode is not None:
                    happened.setdefault(family, {}).setdefault(episode.id, []).append(one)
            if source.kind == "period" and (period := from_family.period(record)) is not None:
                periods.setdefault(family, []).append(period)
            if source.kind == "decision":
                decision = from_pathway.decided(record)
                own = episode_of(ordered[family], decision.on, decision.episode)
                decisions.setdefault(family, []).append(
                    replace(decision, episode=own.id if own else "")
                )
    pauses = _pauses(ledger, ordered, casefiles)
    return {
        family: Told(
            family=family,
            episodes=own,
            happenings={e: tuple(h) for e, h in happened.get(family, {}).items()},
            periods=tuple(periods.get(family, ())),
            decisions=tuple(
                sorted(decisions.get(family, ()), key=_day_and_hour_written, reverse=True)
            ),
            pauses={key: tuple(p) for key, p in pauses.get(family, {}).items()},
        )
        for family, own in ordered.items()
    }


def _day_and_hour_written(decision: Decided) -> tuple[date, float, str]:
    return (decision.on, stamp(decision.recorded), decision.id)


def _records(
    ledger: Ledger, kind: str, casefiles: Sequence[str] | None, where: Where | None = None
) -> Iterator[Record]:
    if casefiles is None:
        yield from ledger.find(kind, where)
        return
    for casefile in casefiles:
        yield from ledger.find(kind, where, casefile=casefile)


def _pauses(
    ledger: Ledger,
    episodes: Mapping[str, tuple[Episode, ...]],
    casefiles: Sequence[str] | None,
) -> dict[str, dict[tuple[str, str, str], list[Pause]]]:
    found: dict[str, dict[tuple[str, str, str], list[Pause]]] = {}
    for record in _records(ledger, "clock_pause", casefiles):
        family, pause = ledger.remaining(record.casefile), from_pathway.pause(record)
        named = _named(record.fields)
        episode = episode_of(episodes.get(family, ()), pause.since, named)
        if episode is None or (pause.until is not None and pause.until <= pause.since):
            continue
        key = (episode.id, r.text(record.fields, "clock"), r.text(record.fields, "subject"))
        found.setdefault(family, {}).setdefault(key, []).append(pause)
    return found


def _named(fields: Mapping[str, object]) -> str | None:
    value = fields.get("episode")
    return value if isinstance(value, str) else None


def _attended(
    ledger: Ledger, told: Told, episode: Episode, kind: str, *, latest: bool
) -> date | None:
    """The day of the first or latest appointment of the episode at which somebody was seen."""
    after = [e.opened_at for e in told.episodes if e.opened_at > episode.opened_at]
    since = "" if told.episodes[:1] == (episode,) else _midnight(ledger, episode.opened_at)
    seen: dict[str, object] = {"code": OneOf([c.value for c in SEEN])}
    seen["starts"] = Between(since, _midnight(ledger, min(after))) if after else AtLeast(since)
    if kind:
        of_kind = ledger.of_family("appointment", told.family, {"kind": kind})
        seen["appointment"] = OneOf([a.record for a in of_kind])
    order = ("-starts",) if latest else ("starts",)
    found = ledger.of_family("attendance", told.family, seen, order_by=order, limit=1)
    at = r.maybe_moment(found[0].fields, "starts") if found else None
    return local_day(at, ledger.zone) if at is not None else None


def _midnight(ledger: Ledger, on: date) -> str:
    return as_text(ledger.at(on, time(0)))
