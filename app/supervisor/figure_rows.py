"""Figures and the records behind them as rows of words: for lists, for a file, for paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.casework.casebook import Behind, Casebook, Dashboard
from app.casework.csv_table import Cell
from app.casework.figures import Figure, Thing
from app.supervisor.figure_pieces import title, worded
from app.wording import _, current_language, day
from app.wording.figure_words import (
    VOCABULARY_OF,
    came_to,
    digits,
    out_of,
    share_words,
    slice_came_to,
    slice_words,
)
from app.wording.vocabulary import word

_TELLING = (
    "contact_type", "programme", "outcome", "plan", "status", "agency", "appraisal", "decision",
    "function", "form", "occasion", "rule", "channel", "state", "role",
)  # fmt: skip
"""What is worth saying of a record in a list, in this order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One record of a list."""

    key: str
    title: str
    subtitle: str
    family: str


def row_of(one: Behind, figure: Figure | None, book: Casebook) -> Row:
    """The record in words: whose it is, when, and what it says."""
    thing = one.thing
    on = min(thing.days.values(), default=None)
    value = came_to(figure.tile, one.own) if figure and one.own is not None else ""
    said = (value, day(on, book.today) if on else "", *_telling(thing))
    return Row(
        key=thing.id,
        title=_whose(one, book),
        subtitle=", ".join(part for part in said if part),
        family=one.family,
    )


def record_table(
    behind: Sequence[Behind], figure: Figure | None, book: Casebook
) -> tuple[list[str], list[list[Cell]]]:
    """Headings and rows of a list of records."""
    headings = [_("Whose"), _("Reference"), _("Record"), _("Day"), _("What"), _("Value")]
    rows: list[list[Cell]] = [
        [
            one.name or _whose(one, book),
            one.ref,
            word("counted", one.thing.of),
            min(one.thing.days.values(), default=None),
            ", ".join(_telling(one.thing)),
            digits(one.own, figure.tile.digits) if figure and one.own is not None else "",
        ]
        for one in behind
    ]
    return headings, rows


def figure_table(seen: Dashboard, book: Casebook) -> tuple[list[str], list[list[str]]]:
    """Every figure with its parts, what was left out, and the steps of funnels."""
    headings = [_("Section"), _("Figure"), _("Part"), _("Came to"), _("From")]
    say = worded(book.team.name_of)
    rows = []
    for figure in seen.figures:
        tile, section = figure.tile, word("section", figure.tile.section)
        name = title(tile)
        rows.append([section, name, "", came_to(tile, figure.value), out_of(figure)])
        for one in [*figure.slices, *([figure.rest] if figure.rest else [])]:
            below = digits(one.denominator.number) if one.denominator else ""
            of = (
                share_words(tile.show).format(part=digits(one.numerator.number), whole=below)
                if below
                else ""
            )
            part = slice_words(tile, one, say)
            rows.append([section, name, part, slice_came_to(tile, one), of])
        for left in figure.left:
            why = _("Left out: {why}").format(why=left.exclusion.words.said(current_language()))
            rows.append([section, name, why, digits(left.counted.number), ""])
    for flow in seen.flows:
        name = flow.funnel.words.said(current_language())
        for step in flow.steps:
            words = step.step.words.said(current_language()) if step.step else _("Came in")
            rows.append(["", name, words, digits(step.counted.number), ""])
    return headings, rows


def _whose(one: Behind, book: Casebook) -> str:
    if one.name:
        return f"{one.name} ({one.ref})" if one.ref else one.name
    worker = one.thing.said.get("worker")
    if one.thing.of == "workers" and isinstance(worker, str):
        return book.team.name_of(worker)
    return _("Beside the team") if not one.family else _("A family that is not here")


def _telling(thing: Thing) -> list[str]:
    found = []
    for name in _TELLING:
        said = thing.said.get(name)
        if isinstance(said, str) and said:
            found.append(word(VOCABULARY_OF.get(name, name), said))
    return found
