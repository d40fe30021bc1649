"""The service's figures at a glance, worked out on this device from what it may see.

Each tile opens the records behind it. What could not be counted is said at the top.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import cast

import flet as ft

from app.casework.casebook import Casebook
from app.casework.caseload import Role
from app.casework.figures import Choice, Figure, Flow, Span, Unseen, chosen
from app.guards import part, screen
from app.layout import Shell
from app.navigation import go
from app.parts import banners, buttons, cards, charts, fields, text, when
from app.state import use_changes, use_session, use_state, use_wide
from app.supervisor.figure_pieces import MOST_PARTS, SPAN_KINDS, address, chart, steps, title
from app.wording import _, current_language, ngettext
from app.wording.figure_words import came_to, out_of, span_words, target, what_is_missing
from app.wording.vocabulary import word, words

CHOICES: tuple[Choice, ...] = (
    "this_month", "last_month", "last_3_months", "this_year", "last_year", "ever", "own",
)  # fmt: skip
FIRST_SHOWN: Choice = "last_3_months"
COLUMNS = 3


@screen
def DashboardView() -> ft.View:
    """`/team/figures`."""
    use_changes(*SPAN_KINDS)
    session, wide = use_session(), use_wide()
    book = session.casebook
    choice, choose = use_state(FIRST_SHOWN)
    own, set_own = use_state(lambda: chosen("own", book.today))
    span = own if choice == "own" else chosen(choice, book.today, book.figures.beginning())
    seen = book.figures.dashboard(span)
    sections = {section.code: section for section in book.profile.sections}
    by_section: dict[str, list[Figure]] = {code: [] for code in sections}
    for figure in seen.figures:
        home = figure.tile.section or next(iter(sections), "")
        by_section.setdefault(home, []).append(figure)
    body: list[ft.Control] = [
        SpanChooser(choice, own, choose, set_own, book.today),
        text.small(span_words(span)),
        *unseen(seen.unseen),
    ]
    if not seen.figures:
        body.append(banners.empty(_("This service's file names no figures.")))
    ways: list[tuple[float, ft.Control]] = [
        (2.0 + 1.5 * len(flow.steps), FlowCard(flow, key=flow.funnel.code)) for flow in seen.flows
    ]
    for code, figures in by_section.items():
        if figures:
            tiles = [(_height(f), TileCard(f, key=f.tile.code)) for f in figures]
            title = word("section", code) if code else _("Figures")
            body.append(cards.section(title, [_grid([*tiles, *ways], wide)]))
            ways = []
    body.append(
        buttons.actions(
            buttons.secondary(
                _("As a table"), go(address("all", span)), icon=ft.Icons.TABLE_CHART_OUTLINED
            ),
            *_publishing(book, span),
        )
    )
    return Shell(_("Figures"), body, full_width=wide, selected="/team")


@part
def SpanChooser(
    choice: Choice,
    own: Span,
    on_choice: Callable[[Choice], None],
    on_own: Callable[[Span], None],
    today: date,
) -> ft.Control:
    """Which days: a few that are often wanted, or from one day to another."""
    first, set_first = use_state(cast("date | None", own.first))
    last, set_last = use_state(cast("date | None", own.last))

    def bounded(begin: date | None, end: date | None) -> None:
        if begin is not None and end is not None and begin <= end:
            on_own(Span(first=begin, last=end))

    def begins(day: date | None) -> None:
        set_first(day)
        bounded(day, last)

    def ends(day: date | None) -> None:
        set_last(day)
        bounded(first, day)

    lines: list[ft.Control] = [
        fields.chips(
            _("Period"),
            [choice],
            {code: words("span")[code] for code in CHOICES},
            lambda codes: on_choice(cast(Choice, codes[0])) if codes else None,
            many=False,
        )
    ]
    if choice == "own":
        wrong = first is not None and last is not None and last < first
        lines += [
            when.DateField(_("First day"), first, begins, today=today, past=True),
            when.DateField(
                _("Last day"),
                last,
                ends,
                today=today,
                past=True,
                error=_("This day is before the first.") if wrong else None,
            ),
        ]
    return cards.card(*lines)


@part
def FlowCard(flow: Flow) -> ft.Control:
    """How far those who came in got."""
    title = flow.funnel.words.said(current_language())
    return cards.card(text.heading(title, level=3), charts.bars(steps(flow)))


@part
def TileCard(figure: Figure) -> ft.Control:
    """One figure: its number, what it is of, what it should be, and its parts."""
    tile, name_of = figure.tile, use_session().casebook.team.name_of
    small = [out_of(figure), target(tile), tile.note.said(current_language())]
    left = [
        _("{n} left out: {why}").format(
            n=len(one.counted.things), why=one.exclusion.words.said(current_language())
        )
        for one in figure.left
        if one.counted.things
    ]
    marked = (
        ngettext("{n} listed", "{n} listed", len(figure.marked)).format(n=len(figure.marked))
        if figure.marked
        else ""
    )
    lines: list[ft.Control] = [
        ft.Row(
            [
                ft.Container(text.heading(title(tile), level=3), expand=True),
                buttons.icon_button(
                    ft.Icons.FORMAT_LIST_BULLETED,
                    _("Show records: {title}").format(title=title(tile)),
                    go(address(tile.code, figure.span)),
                ),
            ],
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        text.figure(came_to(tile, figure.value), small[0]),
        *(text.small(words) for words in [*small[1:], *left, marked] if words),
        *chart(figure, name_of),
        *(text.small(words) for words in what_is_missing(figure)),
    ]
    return cards.card(*lines)


def unseen(what: Unseen) -> list[ft.Control]:
    """What could not be counted, said before any number is read."""
    said = []
    if what.casefiles:
        said.append(ngettext("{n} family", "{n} families", what.casefiles).format(n=what.casefiles))
    if what.restricted:
        said.append(
            ngettext("{n} restricted file", "{n} restricted files", what.restricted).format(
                n=what.restricted
            )
        )
    if what.quarantined:
        said.append(
            ngettext(
                "{n} entry in quarantine", "{n} entries in quarantine", what.quarantined
            ).format(n=what.quarantined)
        )
    if not said:
        return []
    return [
        banners.banner(
            _("Not counted, because this device may not read it: {what}.").format(
                what=", ".join(said)
            ),
            tone="attention",
        )
    ]


def _publishing(book: Casebook, span: Span) -> list[ft.Control]:
    """For supervisors: to the whole service, and what came from it."""
    if book.me.role is not Role.SUPERVISOR:
        return []
    where = f"/team/publish?first={span.first}&last={span.last}"
    return [
        buttons.secondary(
            _("Publish to the whole service"), go(where), icon=ft.Icons.CAMPAIGN_OUTLINED
        ),
        buttons.quiet(_("Who sees the whole service"), go("/team/managers")),
    ]


def _grid(placed: Sequence[tuple[float, ft.Control]], wide: bool) -> ft.Control:
    """Cards in columns, each as tall as it needs, the next always in the shortest."""
    if not wide:
        return cards.columns(*(card for _height, card in placed), wide=False)
    columns: list[list[ft.Control]] = [[] for _ in range(COLUMNS)]
    heights = [0.0] * COLUMNS
    for height, card in placed:
        at = heights.index(min(heights))
        columns[at].append(card)
        heights[at] += height
    return cards.columns(*(cards.columns(*column, wide=False) for column in columns), wide=True)


def _height(figure: Figure) -> float:
    """About how many lines a card has."""
    drawn = 3.0 if figure.trend or figure.tile.chart == "ring" else 0.0
    return 4.0 + drawn + 1.5 * min(len(figure.slices) + bool(figure.rest), MOST_PARTS)
