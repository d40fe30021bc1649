"""Reads how a service moves a family along, and checks that the stages lead somewhere.

One function for each kind of entry, named for what it gives; few need another sentence.
"""

# ruff: noqa: D103

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import get_args

from app.casework.profile.flow import (
    Appraisal,
    Check,
    Clock,
    Closure,
    DecisionKind,
    Fact,
    ForEach,
    Panel,
    PlanKind,
    Stage,
    Standing,
    Unit,
)
from app.casework.profile.known import Known
from app.casework.profile.milestones import FROM_DUE_DATE
from app.casework.profile.read_lists import coded, entries, plain
from app.casework.profile.tables import Table
from app.casework.profile.words import Coded

_FLAGS = ("asked", "pregnant", "previous_removal")
_NUMBERS = ("gestation_days", "youngest_months")
_CODES: Mapping[str, str] = {
    "legal": "legal", "locality": "localities", "source": "sources", "via": "via",
}  # fmt: skip
_FACTS: tuple[Fact, ...] = get_args(Fact)
_UNITS: tuple[Unit, ...] = get_args(Unit)
_EACH: tuple[ForEach, ...] = get_args(ForEach)
_STANDINGS: tuple[Standing, ...] = get_args(Standing)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST_PREGNANCY = 308
FURTHEST = 3_660
"""Days; ten years. A longer clock is a slip of the finger."""


def weekday(table: Table, key: str) -> int:
    """A day by its English name, Monday being 0."""
    return _WEEKDAYS.index(table.choice(key, _WEEKDAYS))


def weekdays(table: Table, key: str) -> frozenset[int]:
    """Several days by their English names."""
    return frozenset(_WEEKDAYS.index(day) for day in table.choices(key, _WEEKDAYS))


def check(known: Known) -> Callable[[Table], Check]:
    def read(table: Table) -> Check:
        code, words = coded(table)
        fact = table.choice("fact", _FACTS)
        found = Check(
            code=code,
            words=words,
            fact=fact,
            expected=table.flag("expected", default=True) if fact in _FLAGS else None,
            at_least=_limit(table, "at_least", fact),
            below=_limit(table, "below", fact),
            one_of=_codes(table, "one_of", fact, known),
            none_of=_codes(table, "none_of", fact, known),
            why=table.words_at("why"),
        )
        if fact in _NUMBERS and found.at_least is None and found.below is None:
            table.note("needs_one_of", options="at_least, below")
        if fact in _CODES and not found.one_of and not found.none_of:
            table.note("needs_one_of", options="one_of, none_of")
        return found

    return read


def _limit(table: Table, key: str, fact: str) -> int | None:
    return table.maybe_whole(key, least=0, most=1_000) if fact in _NUMBERS else None


def _codes(table: Table, key: str, fact: str, known: Known) -> tuple[str, ...]:
    return known.some(table, key, _CODES[fact]) if fact in _CODES else ()


def stages(table: Table, known: Known) -> tuple[Stage, ...]:
    """The stages, with every way between them checked."""

    rows: dict[str, Table] = {}

    def read(one: Table) -> Stage:
        code, words = coded(one, "stage")
        rows.setdefault(code, one)
        return Stage(
            code=code,
            words=words,
            next=known.some(one, "next", "stages"),
            back=known.some(one, "back", "stages"),
            standing=one.choice("standing", _STANDINGS, "open"),
        )

    found = entries(table, "stages", read, needed=True)
    # A slip in one stage would look like many: the ways are judged once each stage can be read.
    named = all(code in rows for one in found for code in (*one.next, *one.back))
    stand = all(row.text("standing", "open") in _STANDINGS for row in rows.values())
    if found and named and stand:
        _check_ways(table, found, rows)
    return found


def _check_ways(table: Table, stages: tuple[Stage, ...], rows: Mapping[str, Table]) -> None:
    ways = {s.code: s.next for s in stages}
    if not any(s.closes for s in stages):
        table.note("nothing_closes", "stages")
    circle = _circle(ways)
    if circle:
        table.note("stage_circle", "stages", stages=" → ".join(circle))
    reached = _onward(stages[0].code, ways)
    for one in stages:
        place = rows[one.code]
        if one.code not in reached:
            place.note("stage_unreachable", said=one.code, first=stages[0].code)
        if one.closes and (one.next or one.back):
            place.note("stage_after_closing", said=one.code)
        ends = _onward(one.code, ways)
        if not circle and not one.closes and not any(s.closes and s.code in ends for s in stages):
            place.note("stage_no_way_out", said=one.code)
        for before in one.back:
            if one.code not in _onward(before, ways) or before == one.code:
                place.note("back_not_before", "back", said=before, stage=one.code)


def _onward(start: str, ways: Mapping[str, tuple[str, ...]]) -> set[str]:
    """A stage and all that can follow it."""
    found, waiting = {start}, [start]
    while waiting:
        for code in ways.get(waiting.pop(), ()):
            if code not in found:
                found.add(code)
                waiting.append(code)
    return found


def _circle(ways: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Stages that lead round to where they began, the first again at the end; empty for none."""
    for start in ways:
        paths: list[tuple[str, ...]] = [(start,)]
        seen: set[str] = set()
        while paths:
            path = paths.pop()
            for code in ways.get(path[-1], ()):
                if code == start:
                    return (*path, code)
                if code not in seen:
                    seen.add(code)
                    paths.append((*path, code))
    return ()


def clock(known: Known) -> Callable[[Table], Clock]:
    def read(table: Table) -> Clock:
        code, words = coded(table)
        unit = table.choice("unit", _UNITS, "days")
        anchor = known.milestone(table, "anchor")
        pregnancy = unit in ("gestation_days", "edd_offset")
        if table.has("anchor") and pregnancy is not (anchor.event == FROM_DUE_DATE):
            table.note("anchor_and_unit", "anchor", said=str(anchor), unit=unit)
        least = -LONGEST_PREGNANCY if unit == "edd_offset" else 0
        most = LONGEST_PREGNANCY if unit == "gestation_days" else FURTHEST
        return Clock(
            code=code,
            words=words,
            anchor=anchor,
            amount=table.whole("amount", least=least, most=most),
            unit=unit,
            met_by=known.milestone(table, "met_by"),
            warn=table.whole("warn", least=0, most=365, default=0),
            repeat=table.maybe_whole("repeat", least=1, most=FURTHEST),
            for_each=table.choice("for_each", _EACH, "episode"),
            pauses=entries(table, "pauses", plain()),
            stages=known.some(table, "stages", "stages"),
        )

    return read


def decision(known: Known) -> Callable[[Table], DecisionKind]:
    def read(table: Table) -> DecisionKind:
        code, words = coded(table)
        moves: dict[str, str] = {}

        def outcome(one: Table) -> Coded:
            found = plain()(one)
            moves[found.code] = known.one(one, "moves_to", "stages", "")
            return found

        outcomes = entries(table, "outcomes", outcome)
        moves_to = tuple((code, stage) for code, stage in moves.items() if stage)
        return DecisionKind(code=code, words=words, outcomes=outcomes, moves_to=moves_to)

    return read


def panel(table: Table, known: Known) -> Panel | None:
    said = table.table("panel")
    if said is None:
        return None
    found = Panel(
        words=said.words(),
        weekday=weekday(said, "weekday"),
        every_weeks=said.whole("every_weeks", least=1, most=52, default=1),
        ready=known.milestone(said, "ready"),
        decision=known.one(said, "decision", "decisions"),
        allocates=known.some(said, "allocates", "functions"),
    )
    said.end()
    return found


def plan(table: Table) -> PlanKind:
    code, words = coded(table)
    return PlanKind(
        code=code,
        words=words,
        review_days=table.maybe_whole("review_days", least=1, most=FURTHEST),
        residence_at_birth=table.flag("residence_at_birth", default=False),
        to_leave=table.flag("to_leave", default=True),
    )


def appraisal(known: Known) -> Callable[[Table], Appraisal]:
    def read(table: Table) -> Appraisal:
        code, words = coded(table)
        return Appraisal(
            code=code,
            words=words,
            working_days=table.whole("working_days", least=1, most=250),
            agency=known.one(table, "agency", "agencies", ""),
        )

    return read


def closure(table: Table) -> Closure:
    code, words = coded(table, "closure")
    return Closure(
        code=code,
        words=words,
        completed=table.maybe_flag("completed"),
        before_work=table.flag("before_work", default=False),
    )
