"""Reads the figures of a dashboard: tiles and funnels. What each form means stands in `tiles`."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from app.casework.profile.facts import COLLECTIONS, TOTALS, keys_of
from app.casework.profile.known import Known
from app.casework.profile.problems import nearest
from app.casework.profile.read_conditions import conditions
from app.casework.profile.read_lists import coded, entries
from app.casework.profile.tables import Table
from app.casework.profile.tiles import (
    Chart,
    DaysBetween,
    Exclusion,
    Funnel,
    MeanUnit,
    MeasureChange,
    MeasureValue,
    Part,
    Per,
    Quantity,
    Selection,
    Show,
    Step,
    Tile,
    Tone,
)

_SHOWS: tuple[Show, ...] = get_args(Show)
_TONES: tuple[Tone, ...] = get_args(Tone)
_CHARTS: tuple[Chart, ...] = get_args(Chart)
_PERS: tuple[Per, ...] = get_args(Per)
_UNITS: tuple[MeanUnit, ...] = get_args(MeanUnit)
NEEDS = {
    "number": ("numerator",),
    "ratio": ("numerator", "denominator"),
    "percentage": ("numerator", "denominator"),
    "shares": ("numerator",),
    "mean": ("numerator", "mean"),
    "reduction": ("before", "after"),
}
"""What each form is made of; the other keys of these have no meaning in it."""


def tile(known: Known) -> Callable[[Table], Tile]:
    """Reads one tile, whatever it shows."""

    def read(table: Table) -> Tile:
        code, words = coded(table)
        show = table.choice("show", _SHOWS)
        pieces = NEEDS[show]
        for key in ("numerator", "denominator", "before", "after", "mean"):
            if key in pieces:
                table.needed_table(key)
            else:
                table.without(key)
        if show == "reduction":
            table.without("by", "parts")
        if show != "number":
            table.without("per")
        main = selection(table, "before" if show == "reduction" else "numerator", known)
        return Tile(
            code=code,
            words=words,
            show=show,
            section=known.one(table, "section", "sections", ""),
            numerator=main if "numerator" in pieces else None,
            denominator=selection(table, "denominator", known) if "denominator" in pieces else None,
            before=main if show == "reduction" else None,
            after=selection(table, "after", known) if show == "reduction" else None,
            mean=_quantity(table, known) if show == "mean" else None,
            exclusions=entries(table, "exclusions", _exclusion(known, main)),
            parts=entries(table, "parts", _part(known, main)),
            by=_split(table, main, show),
            per=table.choice("per", _PERS) if table.has("per") else None,
            trend=table.flag("trend", default=False),
            chart=table.choice("chart", _CHARTS, "none"),
            digits=table.whole("digits", least=0, most=3, default=0),
            mark_at_least=table.maybe_number("mark_at_least"),
            target=table.maybe_number("target"),
            target_least=table.maybe_number("target_least"),
            note=table.words_at("note"),
        )

    return read


def _split(table: Table, main: Selection, show: str) -> str:
    by = table.text("by", "")
    if by and table.has("parts"):
        table.note("by_and_parts", "by")
    if show == "shares" and not by and not table.has("parts"):
        table.note("needs_one_of", options="parts, by")
    _key(table, "by", by, main.of)
    return by


def _key(table: Table, place: str, key: str, of: str) -> None:
    options = keys_of(COLLECTIONS[of])
    if key and key not in options:
        table.note(
            "no_key", place, said=key, of=of, options=", ".join(options),
            near=nearest(key, options),
        )  # fmt: skip


def selection(table: Table, key: str, known: Known) -> Selection:
    """A `{ count = "episodes", where = …, during = … }`."""
    said = table.needed_table(key)
    of = said.choice("count", tuple(COLLECTIONS)) if not said.has("add_up") else ""
    total = ""
    if said.has("add_up"):
        total = said.text("add_up")
        of = next((c for c, numbers in TOTALS.items() if total in numbers), "workers")
        if total not in TOTALS[of]:
            said.note("not_one_of", "add_up", said=total, options="wte", near="")
        said.without("distinct", "count")
    distinct = said.texts("distinct")
    for one in distinct:
        _key(said, "distinct", one, of)
    found = Selection(
        of=of,
        where=conditions(said, "where", of, known),
        during=known.date(said, "during", of),
        distinct=distinct,
        total=total,
    )
    if "month" in distinct and (found.during is None or found.during in COLLECTIONS[of].spans):
        said.note("month_without_during", "distinct")
    said.end()
    return found


def _part(known: Known, main: Selection) -> Callable[[Table], Part]:
    def read(table: Table) -> Part:
        code, words = coded(table)
        return Part(
            code=code,
            words=words,
            where=conditions(table, "where", main.of, known, needed=True),
            tone=table.choice("tone", _TONES, "plain"),
        )

    return read


def _exclusion(known: Known, main: Selection) -> Callable[[Table], Exclusion]:
    def read(table: Table) -> Exclusion:
        code, words = coded(table)
        where = conditions(table, "where", main.of, known, needed=True)
        return Exclusion(code=code, words=words, where=where)

    return read


def _quantity(table: Table, known: Known) -> Quantity:
    said = table.needed_table("mean")
    found: Quantity
    if said.has("change_of"):
        measure = known.one(said, "change_of", "measures")
        found = MeasureChange(
            measure=measure,
            domain=_of(said, "domain", known.domains.get(measure, ()), "domains"),
            begin=_of(said, "from", known.occasions.get(measure, ()), "occasions"),
            end=_of(said, "to", known.occasions.get(measure, ()), "occasions"),
        )
    elif said.has("value_of"):
        measure = known.one(said, "value_of", "measures")
        found = MeasureValue(
            measure=measure,
            domain=_of(said, "domain", known.domains.get(measure, ()), "domains"),
            occasion=_of(said, "occasion", known.occasions.get(measure, ()), "occasions"),
        )
    else:
        found = DaysBetween(
            begin=known.milestone(said, "from"),
            end=known.milestone(said, "to"),
            unit=said.choice("unit", _UNITS, "days"),
            open_too=said.flag("open_too", default=False),
        )
    said.end()
    return found


def _of(table: Table, key: str, options: tuple[str, ...], name: str) -> str:
    return table.known(key, table.text(key, ""), options, name)


def funnel(known: Known) -> Callable[[Table], Funnel]:
    """Reads one funnel."""

    def step(table: Table) -> Step:
        code, words = coded(table)
        return Step(code=code, words=words, reached=known.milestone(table, "reached"))

    def read(table: Table) -> Funnel:
        code, words = coded(table)
        start = selection(table, "start", known)
        if start.of not in ("episodes", "babies"):
            table.note("funnel_of", "start", said=start.of)
        return Funnel(
            code=code, words=words, start=start, steps=entries(table, "steps", step, needed=True)
        )

    return read
