"""Charts that can be read without seeing them: each says its numbers, and none says them by colour.

Bars are rows of words with a bar below, because what they compare are phrases, which would not fit
under an upright bar on a phone. Lines and rings are drawn by flet-charts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import flet as ft
import flet_charts as fc

from app.parts import text
from app.parts.buttons import Act
from app.parts.lists import tile
from app.parts.marks import Tone
from app.theme import GAP, TARGET

HEIGHT = 180
_COLOURS: dict[Tone, ft.ColorValue] = {
    "good": ft.Colors.PRIMARY,
    "attention": ft.Colors.TERTIARY,
    "bad": ft.Colors.ERROR,
    "quiet": ft.Colors.OUTLINE,
}
_INKS: Sequence[ft.ColorValue] = (
    ft.Colors.PRIMARY,
    ft.Colors.TERTIARY,
    ft.Colors.SECONDARY,
    ft.Colors.ERROR,
    ft.Colors.OUTLINE,
    ft.Colors.PRIMARY_CONTAINER,
    ft.Colors.TERTIARY_CONTAINER,
    ft.Colors.SECONDARY_CONTAINER,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One row: what it is, what it came to, and how long it is drawn, 0 to 1."""

    words: str
    came_to: str
    length: float
    tone: Tone = "plain"
    on_click: Act | None = None


def bars(rows: Sequence[Bar]) -> ft.Control:
    """Rows with a bar each; tapping one opens what is behind it."""
    return ft.Column([_bar(row) for row in rows], spacing=0, tight=True)


def ring(rows: Sequence[Bar], *, label: str) -> ft.Control:
    """A ring whose parts bear the numbers of the rows below it. `label` is all of it in a
    sentence."""
    parts = [
        fc.PieChartSection(
            value=max(row.length, 0.0001),
            color=_INKS[n % len(_INKS)],
            radius=26,
            title=str(n + 1),
            title_style=ft.TextStyle(size=13, color=ft.Colors.SURFACE),
        )
        for n, row in enumerate(rows)
        if row.length > 0
    ]
    drawn = ft.Container(
        fc.PieChart(sections=parts, sections_space=2, center_space_radius=40),
        height=HEIGHT,
        alignment=ft.Alignment.CENTER,
    )
    numbered = [replace(row, words=f"{n}. {row.words}") for n, row in enumerate(rows, 1)]
    return ft.Column([_silent(drawn, label), bars(numbered)], spacing=GAP, tight=True)


def line(points: Sequence[tuple[str, float]], *, label: str, top: float) -> ft.Control:
    """A line over months. `points` are short words and values, `label` all of it in a sentence."""
    every = max(1, -(-len(points) // 6))
    highest, step = even_steps(top)
    last = max(1, len(points) - 1)
    # What stands below a point reaches to both sides of it: the line begins and ends inside.
    air = min(0.5, 0.2 * last)
    chart = fc.LineChart(
        data_series=[
            fc.LineChartData(
                points=[fc.LineChartDataPoint(n, value) for n, (_, value) in enumerate(points)],
                color=ft.Colors.PRIMARY,
                stroke_width=3,
                point=True,
            )
        ],
        min_y=0,
        max_y=highest,
        min_x=-air,
        max_x=last + air,
        interactive=False,
        left_axis=fc.ChartAxis(label_size=44, label_spacing=step, show_min=False),
        bottom_axis=fc.ChartAxis(
            label_size=34,
            label_spacing=every,
            labels=[
                fc.ChartAxisLabel(value=n, label=text.small(words))
                for n, (words, _) in enumerate(points)
                if n % every == 0
            ],
        ),
        horizontal_grid_lines=fc.ChartGridLines(
            color=ft.Colors.OUTLINE_VARIANT, width=1, interval=step
        ),
    )
    padding = ft.Padding.only(right=GAP, top=GAP)
    return _silent(ft.Container(chart, height=HEIGHT, padding=padding), label)


def even_steps(top: float) -> tuple[float, float]:
    """How high an axis goes that shows `top`, and its steps: 1, 2 or 5 times a power of ten, at
    most five of them, so that the highest number stands on a step and meets no other. From 1 on
    the steps are whole."""
    if top <= 0:
        return 1.0, 1.0
    power = 10.0 ** (math.floor(math.log10(top)) - 1)
    step = next(n * power for n in (1, 2, 5, 10, 20, 50) if top <= 5 * n * power)
    step = max(step, 1.0) if top >= 1 else step
    return round(math.ceil(top / step - 1e-9) * step, 9), step


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> ft.Control:
    """The numbers of a chart as a table; wider than the screen it scrolls sideways."""
    found = ft.DataTable(
        columns=[ft.DataColumn(label=ft.Text(words)) for words in headings],
        rows=[ft.DataRow(cells=[ft.DataCell(ft.Text(cell)) for cell in row]) for row in rows],
        data_row_min_height=TARGET,
    )
    return ft.Row([found], scroll=ft.ScrollMode.AUTO)


def _bar(row: Bar) -> ft.Control:
    drawn = ft.ProgressBar(
        value=min(1.0, max(0.0, row.length)),
        bar_height=8,
        border_radius=4,
        color=_COLOURS.get(row.tone, ft.Colors.SECONDARY),
        bgcolor=ft.Colors.SURFACE_CONTAINER_HIGH,
    )
    return tile(row.words, row.came_to, row.on_click, below=drawn)


def _silent(drawn: ft.Control, label: str) -> ft.Control:
    return ft.Semantics(container=True, label=label, exclude_semantics=True, content=drawn)
