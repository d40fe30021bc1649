"""Everything of a family's way through the service on one page: where it stands, what is due, what
was decided, how the referral fitted, and earlier times."""

from __future__ import annotations

import flet as ft

from app.casework.casebook import Casebook
from app.casework.eligibility import Checked, Fits
from app.casework.episode import Decided, Episode
from app.casework.family import Family, Referral
from app.casework.pathway import Pathway
from app.casework.period import Period
from app.guards import screen
from app.layout import Shell
from app.navigation import go
from app.parts import banners, buttons, cards, lists, marks, text
from app.screens.clock_rows import clock_rows
from app.screens.naming import person_name
from app.screens.pathway_card import KINDS, next_steps, stage_lines
from app.state import use_changes, use_session, use_wide
from app.wording import _, day, gestation
from app.wording.vocabulary import own_word, word


@screen
def PathwayView() -> ft.View:
    """`/families/:fid/pathway`."""
    use_changes(*KINDS)
    book, wide = use_session().casebook, use_wide()
    family = book.families.get(ft.use_route_params()["fid"])
    path = book.pathways.of(family.id)
    base = f"/families/{family.id}"
    now = [
        *_two_stages(book, path),
        cards.card(
            *stage_lines(path, book.today),
            buttons.actions(*_steps(path, base, allocates=book.me.role == "supervisor")),
        ),
        _clocks(book, family, path),
        _indicators(book, path, base),
    ]
    before = [
        *([_referral(book, path, path.referral, base)] if path.referral else []),
        _decisions(book, path),
        _stages(book, path),
        *_earlier(book, path),
    ]
    return Shell(
        _("Way through the service"),
        [
            text.small(family.name),
            cards.columns(_stacked(now), _stacked(before), wide=wide),
        ],
        full_width=wide,
        selected="/families",
    )


def _stacked(controls: list[ft.Control]) -> ft.Control:
    return ft.Column(
        controls, spacing=20, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )


def _two_stages(book: Casebook, path: Pathway) -> list[ft.Control]:
    """Stages begun by two people who had not seen each other: each can be chosen."""
    if not path.two_stages:
        return []

    def holds(period: Period) -> ft.Control:
        who = book.team.name_of(period.author) or _("a colleague")
        return buttons.secondary(
            _("{stage}, says {who}").format(stage=word("stage", period.code), who=who),
            lambda: book.pathways.choose_stage(period.id),
            icon=ft.Icons.CHECK,
        )

    return [
        banners.banner(
            _("Two people moved this family to different stages. Which one holds? The other stays "
              "in the history."),
            tone="attention",
            actions=[holds(period) for period in path.two_stages],
        )
    ]  # fmt: skip


def _steps(path: Pathway, base: str, *, allocates: bool) -> list[ft.Control]:
    found = next_steps(path, base, allocates=allocates)
    if path.open:
        found += [
            buttons.quiet(_("Another stage"), go(f"{base}/move"), icon=ft.Icons.ALT_ROUTE),
            buttons.quiet(_("Close the family"), go(f"{base}/close"), icon=ft.Icons.FLAG_OUTLINED),
        ]
    return found


def _clocks(book: Casebook, family: Family, path: Pathway) -> ft.Control:
    names = {p.id: person_name(p) for p in family.people}
    rows = clock_rows(family.id, path.clocks, names, book.today, tools=path.open)
    return cards.section(
        _("Time limits"),
        [cards.card(*rows)] if rows else [text.small(_("This service has set none."))],
    )


def _indicators(book: Casebook, path: Pathway, base: str) -> ft.Control:
    standing = [p for p in path.indicators if p.until is None]
    rows: list[ft.Control] = [
        text.fact(
            word("indicator", p.code),
            _("{answer}, since {day}").format(
                answer=_("Yes") if p.holds else _("No"), day=day(p.since, book.today)
            ),
        )
        for p in standing
    ]
    return cards.section(
        _("Indicators"),
        [cards.card(*rows)] if rows else [text.small(_("Nothing asked yet."))],
        action=buttons.quiet(_("Ask"), go(f"{base}/indicators"), icon=ft.Icons.CHECKLIST),
    )


def _referral(book: Casebook, path: Pathway, referral: Referral, base: str) -> ft.Control:
    came = ", ".join(
        filter(
            None,
            (
                day(referral.received_at, book.today),
                word("source", referral.source),
                referral.referrer,
            ),
        )
    )
    lines: list[ft.Control] = [text.fact(_("Received"), came)]
    if referral.via:
        lines.append(text.fact(_("By way of"), word("via", referral.via)))
    if referral.reason:
        lines.append(text.fact(_("Reason"), referral.reason))
    if referral.decision:
        said = word("outcome:referral", referral.decision)
        on = day(referral.decided_at, book.today) if referral.decided_at else ""
        by = referral.decided_by
        lines.append(text.fact(_("Decided"), ", ".join(filter(None, (said, on, by)))))
    lines += [check_row(one) for one in path.checks]
    label = _("Look again") if referral.decision else _("Decide")
    return cards.section(
        _("Referral"),
        [cards.card(*lines)],
        action=buttons.quiet(label, go(f"{base}/referral"), icon=ft.Icons.FACT_CHECK)
        if path.open
        else None,
    )


_FITS: dict[Fits, marks.Tone] = {
    Fits.MET: "good",
    Fits.NOT_MET: "attention",
    Fits.NOT_KNOWN: "quiet",
}


def check_row(one: Checked) -> ft.Control:
    """A condition of the service, how it stands, and why."""
    lines: list[ft.Control] = [
        text.line(word("check", one.code)),
        marks.statuses(marks.status(word("fits", one.fits), _FITS[one.fits])),
    ]
    why = check_words(one)
    if why:
        lines.append(text.small(why))
    return ft.Column(lines, spacing=4, tight=True)


def check_words(one: Checked) -> str:
    """Why a condition stands as it does: what was seen, or what has to be asked."""
    if one.fits is Fits.NOT_KNOWN:
        return word("ask", one.check.fact)
    seen = _seen(one)
    if one.fits is Fits.MET:
        return seen
    why = word("why", one.code) if one.check.why.en else ""
    return " ".join(filter(None, (seen, why)))


def _seen(one: Checked) -> str:
    seen, fact = one.seen, one.check.fact
    if seen is None or isinstance(seen, bool):
        return ""
    if isinstance(seen, tuple):
        return ", ".join(own_word(fact, code) if fact == "locality" else word(fact, code)
                         for code in seen)  # fmt: skip
    if fact == "gestation_days":
        return _("{weeks} weeks on that day").format(weeks=gestation(seen))
    if seen < 0:
        return _("On the way")
    return _("{n} months old on that day").format(n=seen)


def _decisions(book: Casebook, path: Pathway) -> ft.Control:
    rows = [_decision(book, one) for one in path.decisions]
    return cards.section(
        _("Decisions"),
        [lists.rows(rows)] if rows else [text.small(_("None written down yet."))],
    )


def _decision(book: Casebook, one: Decided) -> ft.Control:
    title = ", ".join(
        filter(None, (word("decision", one.kind), word(f"outcome:{one.kind}", one.outcome)))
    )
    to = _("to {whom}").format(whom=one.to) if one.to else ""
    said = ", ".join(filter(None, (day(one.on, book.today), one.by, to)))
    writer = _("Written by {who}").format(who=book.team.name_of(one.author))
    return lists.tile(
        title, "\n".join(filter(None, (said, one.reason, writer))), icon=ft.Icons.GAVEL, key=one.id
    )


def _stages(book: Casebook, path: Pathway) -> ft.Control:
    rows = []
    for one in path.stages:
        until = day(one.until, book.today) if one.until else _("now")
        said = _("{since} to {until}").format(since=day(one.since, book.today), until=until)
        who = one.by or book.team.name_of(one.author)
        more = "\n".join(filter(None, (said, ", ".join(filter(None, (who, one.reason))))))
        rows.append(lists.tile(word("stage", one.code), more, icon=ft.Icons.ROUTE, key=one.id))
    return cards.section(_("Stages"), [lists.rows(rows)] if rows else [])


def _earlier(book: Casebook, path: Pathway) -> list[ft.Control]:
    """Episodes that are closed, the latest first."""
    closed = [e for e in reversed(path.episodes) if not e.open]
    if not closed:
        return []
    return [cards.section(_("Closed before"), [lists.rows([_episode(book, e) for e in closed])])]


def _episode(book: Casebook, one: Episode) -> ft.Control:
    assert one.closed_at is not None
    since, until = day(one.opened_at, book.today), day(one.closed_at, book.today)
    where = word("destination", one.destination)
    return lists.tile(
        word("closure", one.closure) or _("Closed"),
        "\n".join(
            filter(
                None,
                (_("{since} to {until}").format(since=since, until=until), where, one.remark),
            )
        ),
        icon=ft.Icons.HISTORY,
        key=one.id,
    )
