"""One figure, and the records behind it: all of them, or those of one part of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import flet as ft

from app import outside
from app.casework.casebook import Behind, Casebook
from app.casework.figures import Figure, Flow, Span, Thing
from app.guards import screen
from app.layout import Shell
from app.navigation import go, use_query
from app.paper import table_sheet
from app.parts import banners, buttons, cards, charts, fields, lists, text
from app.screens.as_csv import AsCsv
from app.state import use_changes, use_session, use_state, use_wide
from app.supervisor.dashboard import unseen
from app.supervisor.figure_pieces import SPAN_KINDS, chart, steps, title, worded
from app.supervisor.figure_rows import figure_table, record_table, row_of
from app.wording import _, current_language
from app.wording.figure_words import came_to, out_of, slice_words, span_words, target
from app.wording.vocabulary import word

AT_ONCE = 100
ALL = "all"


@screen
def FigureView() -> ft.View:
    """`/team/figures/:code?first=&last=&part=`."""
    use_changes(*SPAN_KINDS)
    book, wide = use_session().casebook, use_wide()
    code, wanted = ft.use_route_params()["code"], use_query()
    span = span_asked(wanted, book.today)
    shown, show = use_state(AT_ONCE)
    chosen, choose = use_state(wanted.get("part", ""))
    if code == ALL:
        return _everything(book, span, wide)
    flow = book.figures.funnel(code, span)
    if flow is not None:
        return _flow(book, flow, int(wanted.get("step", "0") or 0), shown, show)
    figure = book.figures.tile(code, span)
    if figure is None:
        return Shell(_("Figures"), [banners.empty(_("There is no such figure."))], selected="/team")
    parts = _parts(figure, book)
    things = parts.get(chosen, parts[""])[1]
    behind = book.figures.behind(things, figure)
    tile = figure.tile
    said = (out_of(figure), target(tile), tile.note.said(current_language()), span_words(span))
    body: list[ft.Control] = [
        cards.card(
            text.figure(came_to(tile, figure.value), title(tile)),
            *(text.small(words) for words in said if words),
            *chart(figure, book.team.name_of, most=60),
        ),
        *unseen(book.figures.unseen()),
    ]
    if len(parts) > 1:
        body.append(
            fields.dropdown(
                _("Show"), chosen, {key: words for key, (words, _t) in parts.items()}, choose
            )
        )
    body += _records(book, figure, behind, shown, show)
    return Shell(title(tile), body, selected="/team", broad=wide)


def span_asked(wanted: dict[str, str], today: date) -> Span:
    """The span an address names; this month where it names none that makes sense."""
    try:
        first = date.fromisoformat(wanted.get("first", ""))
        return Span(first=first, last=date.fromisoformat(wanted.get("last", "")))
    except ValueError:
        return Span(first=today.replace(day=1), last=today)


def span_name(span: Span) -> str:
    """`2026-09-01-to-2026-11-27`, for the name of a file."""
    return f"{span.first.isoformat()}-to-{span.last.isoformat()}"


def _parts(figure: Figure, book: Casebook) -> dict[str, tuple[str, Sequence[Thing]]]:
    """What may be listed of a figure, each with its words."""
    found: dict[str, tuple[str, Sequence[Thing]]] = {"": (_("All"), figure.numerator.things)}
    if figure.denominator is not None:
        counts = _("Out of")
        if figure.tile.show == "reduction":
            counts = _("After")
        found["of"] = (counts, figure.denominator.things)
    say = worded(book.team.name_of)
    for one in figure.slices:
        found[one.code] = (slice_words(figure.tile, one, say), one.numerator.things)
    if figure.rest is not None:
        found["rest"] = (_("Other or not recorded"), figure.rest.numerator.things)
    if figure.missing:
        found["missing"] = (_("Without a value"), figure.missing)
    if figure.marked:
        found["marked"] = (_("Listed by the service"), figure.marked)
    for left in figure.left:
        if left.counted.things:
            words = left.exclusion.words.said(current_language())
            found[f"left-{left.exclusion.code}"] = (
                _("Left out: {why}").format(why=words),
                left.counted.things,
            )
    return found


def _records(
    book: Casebook, figure: Figure | None, behind: Sequence[Behind], shown: int, show: object
) -> list[ft.Control]:
    """The records as rows that open their family, a hundred at a time, and as a file."""
    if not behind:
        return [banners.empty(_("No record stands behind this."))]
    kind = word("counted", behind[0].thing.of)
    rows = [row_of(one, figure, book) for one in behind[:shown]]
    found: list[ft.Control] = [
        cards.section(
            _("{kind}: {n}").format(kind=kind, n=len(behind)),
            [
                lists.rows(
                    [
                        lists.tile(
                            row.title,
                            row.subtitle,
                            go(f"/families/{row.family}") if row.family else None,
                            key=row.key,
                        )
                        for row in rows
                    ]
                )
            ],
        )
    ]
    if len(behind) > shown and callable(show):
        found.append(
            buttons.quiet(_("Show {n} more").format(n=AT_ONCE), lambda: show(shown + AT_ONCE))
        )
    name = figure.tile.code if figure else "families"

    headings, _cells = record_table((), figure, book)
    found.append(AsCsv(name, headings, lambda: record_table(behind, figure, book)[1]))
    return found


def _flow(book: Casebook, flow: Flow, step: int, shown: int, show: object) -> ft.View:
    at = min(max(step, 0), len(flow.steps) - 1)
    behind = book.figures.behind(flow.steps[at].counted.things)
    body: list[ft.Control] = [
        cards.card(charts.bars(steps(flow)), text.small(span_words(flow.span))),
        text.heading(steps(flow)[at].words),
        *_records(book, None, behind, shown, show),
    ]
    return Shell(flow.funnel.words.said(current_language()), body, selected="/team")


def _everything(book: Casebook, span: Span, wide: bool) -> ft.View:
    """Every figure in one table, to save or print."""
    session = use_session()
    seen = book.figures.dashboard(span)
    headings, cells = figure_table(seen, book)

    async def put_on_paper() -> None:
        await outside.print_sheet(session, figures_sheet(book, span, headings, cells))

    printing = (
        [buttons.secondary(_("Print"), put_on_paper, icon=ft.Icons.PRINT)]
        if session.papers is not None
        else []
    )
    body: list[ft.Control] = [
        text.small(span_words(span)),
        *unseen(seen.unseen),
        AsCsv(
            "figures",
            [*headings, _("First day"), _("Last day")],
            lambda: [[*row, span.first, span.last] for row in cells],
            span=span_name(span),
        ),
        *([buttons.actions(*printing)] if printing else []),
        charts.table(headings, [[str(c) for c in row] for row in cells])
        if wide
        else lists.rows(
            [lists.tile(" · ".join(filter(None, (r[1], r[2]))), f"{r[3]}  {r[4]}") for r in cells]
        ),
    ]
    return Shell(_("All figures"), body, selected="/team", full_width=wide)


def figures_sheet(
    book: Casebook, span: Span, headings: Sequence[str], cells: Sequence[Sequence[str]]
) -> str:
    """Every figure on paper, with whose they are and of which days."""
    team = book.team.team()
    return table_sheet(
        _("Figures"),
        [team.name if team else "", span_words(span)],
        headings,
        cells,
    )
