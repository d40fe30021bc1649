"""One tile on a card, as the dashboard and the figure's own screen both draw it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import flet as ft

from app.casework.figures import Figure, Flow, Slice, Span
from app.casework.profile.tiles import Tile
from app.navigation import go
from app.parts import charts, text
from app.parts.charts import Bar
from app.parts.marks import Tone
from app.wording import _, current_language
from app.wording.figure_words import (
    came_to,
    digits,
    month_words,
    slice_came_to,
    slice_words,
)
from app.wording.vocabulary import word

MOST_PARTS = 8
"""Parts of a figure that a card of the dashboard shows; the rest stand on the figure's screen."""
Name = Callable[[str | None], str]
"""What somebody is called, by the directory's id."""
SPAN_KINDS = (
    "episode", "referral", "period", "decision", "allocation", "family", "person", "pregnancy",
    "life_event", "plan", "action", "intervention", "measurement", "appointment", "attendance",
    "contact", "worker", "reminder", "receipt", "team", "service_profile",
)  # fmt: skip
"""Kinds of record after which a figure may be another."""


def address(code: str, span: Span, **more: str) -> str:
    """Where a figure is shown, with its span and what of it."""
    asked = "".join(f"&{name}={value}" for name, value in more.items() if value)
    return f"/team/figures/{code}?first={span.first}&last={span.last}{asked}"


def worded(name_of: Name) -> Callable[[str, str], str]:
    """The words of a key's value: those of its vocabulary, and of a worker her name."""

    def say(vocabulary: str, code: str) -> str:
        if vocabulary == "worker":
            return name_of(code) or _("Somebody")
        return word(vocabulary, code)

    return say


def chart(figure: Figure, name_of: Name, *, most: int = MOST_PARTS) -> list[ft.Control]:
    """What a tile has to draw: its parts as bars or a ring, its months as a line.

    At most so many parts, the rest behind the figure's own screen.
    """
    tile = figure.tile
    found: list[ft.Control] = []
    if len(figure.trend) > 1:
        found.append(_line(figure))
    rows = [_row(figure, one, name_of) for one in [*figure.slices[:most], *_rest(figure)]]
    if rows and tile.chart == "ring":
        label = _("{title}: {parts}").format(
            title=title(tile), parts=", ".join(f"{r.words} {r.came_to}" for r in rows)
        )
        found.append(charts.ring(rows, label=label))
    elif rows:
        found.append(charts.bars(rows))
    if len(figure.slices) > most:
        found.append(text.small(_("and {n} more").format(n=len(figure.slices) - most)))
    return found


def title(tile: Tile) -> str:
    """What a tile is called in the language spoken."""
    return tile.words.said(current_language())


def steps(flow: Flow) -> list[Bar]:
    """A funnel as bars, each as long as its share of those who came in."""
    came_in = flow.steps[0].counted.number
    code = flow.funnel.code
    rows = []
    for n, step in enumerate(flow.steps):
        number = digits(step.counted.number)
        if step.of_before is not None:
            number = _("{n} ({percent}% of those before)").format(
                n=number, percent=digits(step.of_before)
            )
        named = step.step.words if step.step else None
        rows.append(
            Bar(
                words=named.said(current_language()) if named else _("Came in"),
                came_to=number,
                length=_share(step.counted.number, came_in),
                tone="good",
                on_click=go(address(code, flow.span, step=str(n))),
            )
        )
    return rows


def _row(figure: Figure, one: Slice, name_of: Name) -> Bar:
    tile = figure.tile
    tone: Tone = one.part.tone if one.part else ("plain" if one.code else "attention")
    return Bar(
        words=slice_words(tile, one, worded(name_of)),
        came_to=slice_came_to(tile, one),
        length=_length(figure, one),
        tone=tone,
        on_click=go(address(tile.code, figure.span, part=one.code or "rest")),
    )


def _rest(figure: Figure) -> list[Slice]:
    return [figure.rest] if figure.rest is not None else []


def _length(figure: Figure, one: Slice) -> float:
    """How long its bar is: percentages of the whole width, other numbers beside the largest."""
    if one.value is None:
        return 0.0
    if figure.tile.show in ("shares", "percentage"):
        return float(one.value / 100)
    largest = max((s.value for s in [*figure.slices, *_rest(figure)] if s.value), default=None)
    return _share(one.value, largest or Fraction(0))


def _share(part: Fraction, whole: Fraction) -> float:
    return float(part / whole) if whole else 0.0


def _line(figure: Figure) -> ft.Control:
    points = [(month_words(p.span.first), float(p.value or 0)) for p in figure.trend]
    said = ", ".join(
        f"{month_words(p.span.first)} {came_to(figure.tile, p.value)}" for p in figure.trend
    )
    return charts.line(
        points,
        label=_("{title} by month: {months}").format(title=title(figure.tile), months=said),
        top=max((value for _, value in points), default=0.0),
    )
