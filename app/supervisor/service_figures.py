"""What teams publish to the whole service: looking at it before it goes, and reading everybody's.

Only numbers and the service's own words: whoever reads this page needs no family to be granted.
"""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from app.casework.errors import Unknown
from app.casework.figures.publishing import Publication, PublishedFigure, PublishedSlice
from app.guards import part, screen
from app.layout import Shell
from app.navigation import go, use_query
from app.parts import banners, buttons, cards, charts, dialogs, fields, lists, text
from app.screens.as_csv import AsCsv
from app.state import use_changes, use_session, use_state, use_wide
from app.supervisor.figure import span_asked
from app.wording import _, current_language, ngettext, plain
from app.wording.figure_words import published_came_to, span_words
from app.wording.vocabulary import word


@screen
def PublishView() -> ft.View:
    """`/team/publish?first=&last=`: exactly what would be published, and publishing it."""
    use_changes("published", "team")
    book = use_session().casebook
    span = span_asked(use_query(), book.today)
    asking, ask = use_state(False)
    done, set_done = use_state(False)
    trouble, set_trouble = use_state(None)
    try:
        shown = book.publishing.preview(span)
    except Unknown:
        return Shell(
            _("Publish figures"), [banners.empty(_("There is no team yet."))], selected="/team"
        )

    def publish() -> None:
        try:
            book.publishing.publish(span)
            set_done(True)
        except Exception as error:  # noqa: BLE001 - worded below; nothing was written
            set_trouble(plain(error))

    dialogs.use_question(
        asking,
        title=_("Publish these figures?"),
        words=_(
            "Supervisors of every team, and the managers they let in, will see them. No family, "
            "no note and no name goes with them."
        ),
        yes=_("Yes, publish"),
        on_yes=publish,
        on_close=lambda: ask(False),
    )
    body: list[ft.Control] = [
        text.line(span_words(span), strong=True),
        banners.banner(
            _(
                "This is all that would be published. Numbers from 1 to {n} are not given, "
                "because they could point at somebody."
            ).format(n=shown.below - 1)
        ),
    ]
    if trouble is not None:
        body.append(banners.problem(trouble))
    if done:
        body.append(banners.banner(_("Published."), tone="good", live=True))
    body += [
        buttons.actions(
            buttons.primary(_("Publish"), lambda: ask(True), icon=ft.Icons.CAMPAIGN_OUTLINED),
            buttons.quiet(_("What the teams have published"), go("/service")),
        ),
        PublicationCard(shown),
    ]
    return Shell(_("Publish figures"), body, selected="/team")


@screen
def ServiceView() -> ft.View:
    """`/service`: every team's published figures, one span at a time, side by side."""
    use_changes("published", "worker")
    session, wide = use_session(), use_wide()
    book = session.casebook
    all_of_it = book.publishing.published()
    spans = list(dict.fromkeys(one.publication.span for one in all_of_it))
    chosen, choose = use_state("0")
    if not spans:
        return Shell(
            _("The whole service"),
            [
                banners.empty(
                    _("No team has published anything that you may see yet."),
                    hint=_("A supervisor publishes from her figures and lets you in."),
                )
            ],
        )
    span = spans[min(int(chosen), len(spans) - 1)]
    teams = [one.publication for one in all_of_it if one.publication.span == span]
    headings, rows = side_by_side(teams)

    body: list[ft.Control] = [
        fields.dropdown(
            _("Period"),
            str(spans.index(span)),
            {str(n): span_words(one) for n, one in enumerate(spans)},
            choose,
        ),
        text.small(
            ngettext("{n} team", "{n} teams", len(teams)).format(n=len(teams))
            + ". "
            + _("Where a number is too small to give, it says so.")
        ),
        charts.table(headings, rows)
        if wide
        else cards.columns(*(PublicationCard(one, key=one.team) for one in teams), wide=False),
        AsCsv("service-figures", headings, lambda: rows),
    ]
    return Shell(_("The whole service"), body, full_width=wide)


@screen
def LetInView() -> ft.View:
    """`/team/managers`: who besides supervisors sees what teams publish."""
    use_changes("published", "worker")
    book = use_session().casebook
    trouble, set_trouble = use_state(None)
    done, set_done = use_state("")

    def let_in(person: str) -> None:
        try:
            book.publishing.share_with(person)
            set_done(book.team.name_of(person))
            set_trouble(None)
        except Unknown:
            set_trouble(True)

    body: list[ft.Control] = [
        text.line(
            _("Whoever you let in sees the published figures of every team, and no family by that.")
        )
    ]
    if trouble:
        body.append(banners.banner(_("Publish something first."), tone="attention"))
    if done:
        said = _("{name} sees it at the next contact.").format(name=done)
        body.append(banners.banner(said, tone="good", live=True))
    people = [w for w in book.team.workers() if w.role != "supervisor"]
    body.append(
        lists.rows(
            [
                lists.tile(
                    w.name, w.title, lambda _e, p=w.person: let_in(p), icon=ft.Icons.PERSON_OUTLINE
                )
                for w in people
            ]
        )
        if people
        else banners.empty(_("Nobody but supervisors works here yet."))
    )
    return Shell(_("Who sees the whole service"), body, selected="/team")


@part
def PublicationCard(shown: Publication) -> ft.Control:
    """One team's figures as others see them."""
    return cards.section(
        shown.team or _("A team"),
        [cards.card(*(line for one in shown.figures for line in _lines(one)))],
    )


def side_by_side(teams: Sequence[Publication]) -> tuple[list[str], list[list[str]]]:
    """Figures by row, with their parts, and a column for each team."""
    headings = [_("Figure"), _("Part"), *(one.team or _("A team") for one in teams)]
    rows: dict[tuple[str, str, str], list[str]] = {}
    for column, team in enumerate(teams):
        for one in team.figures:
            for words, came_to in _parts(one):
                row = rows.setdefault((one.code, _title(one), words), ["–"] * len(teams))
                row[column] = came_to
    return headings, [[name, words, *cells] for (_code, name, words), cells in rows.items()]


def _lines(one: PublishedFigure) -> list[ft.Control]:
    (_whole, came_to), *parts = _parts(one)
    found: list[ft.Control] = [text.fact(_title(one), came_to)]
    found += [text.small(f"{words}: {number}") for words, number in parts]
    return found


def _parts(one: PublishedFigure) -> list[tuple[str, str]]:
    whole = ("", published_came_to(one, one))
    rest = [one.rest] if one.rest is not None else []
    return [whole, *((_part(one, p), published_came_to(one, p)) for p in [*one.slices, *rest])]


def _part(figure: PublishedFigure, one: PublishedSlice) -> str:
    said = one.words.said(current_language())
    if said:
        return said
    if not one.code:
        return (
            _("Came in")
            if figure.slices and one is figure.slices[0]
            else _("Other or not recorded")
        )
    for vocabulary in ("outcome", "obstacle", "action_status", "receipt_state"):
        known = word(vocabulary, one.code)
        if known != one.code.replace("_", " ").capitalize():
            return known
    return word("", one.code)


def _title(one: PublishedFigure) -> str:
    return one.words.said(current_language())
