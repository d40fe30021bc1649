"""The families: search as you type in names, addresses and notes; filters; told apart on sight."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from app.casework.casebook import Casebook
from app.casework.family import FamilyLine
from app.guards import screen
from app.layout import Shell
from app.navigation import go
from app.parts import banners, buttons, cards, fields, lists, text
from app.screens.as_csv import families_as_csv
from app.screens.sync_status import none_yet
from app.screens.telling_apart import line_words
from app.state import use_changes, use_session, use_state, use_wide
from app.wording import _, day_and_time, gestation, local, near_day, ngettext
from app.wording.vocabulary import word, words

ROWS_AT_ONCE = 100
SHORTEST_SEARCH = 2


@screen
def Families() -> ft.View:
    """`/families`."""
    use_changes(
        "family", "person", "address", "allocation", "appointment", "visit_note", "period",
        "decision", "referral", "episode", "clock_pause",
        "pregnancy", "life_event", "recorded_twice",
    )  # fmt: skip
    book, wide = use_session().casebook, use_wide()
    query, set_query = use_state("")
    whose, set_whose = use_state("")
    stage, set_stage = use_state("")
    overdue, set_overdue = use_state(False)
    filtering, set_filtering = use_state(False)
    shown = book.families.lines(query, worker=whose or None, stage=stage or None, overdue=overdue)
    colleagues = {w.person: w.name for w in book.team.workers()}
    active = sum(bool(x) for x in (whose, stage, overdue))
    body: list[ft.Control] = [
        ft.Row(
            [
                ft.Container(
                    fields.search_field(_("Search names, addresses and notes"), query, set_query),
                    expand=True,
                ),
                buttons.icon_button(
                    ft.Icons.TUNE,
                    _("Filters ({n})").format(n=active) if active else _("Filters"),
                    lambda: set_filtering(not filtering),
                    selected=bool(active),
                ),
            ]
        )
    ]
    if filtering or wide:
        filters: list[ft.Control] = [
            fields.dropdown(_("Worker"), whose, {"": _("Everybody"), **colleagues}, set_whose),
            fields.dropdown(_("Stage"), stage, {"": _("Any stage"), **words("stage")}, set_stage),
            fields.switch(_("Only with something overdue"), overdue, set_overdue),
        ]
        body.append(
            ft.ResponsiveRow(
                [ft.Container(f, col={"xs": 12, "md": 4}) for f in filters],
                vertical_alignment=ft.CrossAxisAlignment.CENTER,
            )
            if wide
            else cards.card(*filters)
        )
    if shown:
        body.append(
            text.small(ngettext("{n} family", "{n} families", len(shown)).format(n=len(shown)))
        )
        body.append(lists.rows([_row(book, f) for f in shown[:ROWS_AT_ONCE]]))
        if len(shown) > ROWS_AT_ONCE:
            body.append(text.small(_("More families match: type a little more.")))
        body.append(families_as_csv(book, shown))
    in_notes = _in_notes(book, query)
    body += in_notes
    if not shown and not in_notes:
        body.append(_nobody(query, bool(active)))
    return Shell(
        _("Families"),
        body,
        actions=[
            *(
                [buttons.icon_button(ft.Icons.GROUPS, _("Groups and courses"), go("/groups"))]
                if words("programme")
                else []
            ),
            buttons.icon_button(ft.Icons.GROUP_ADD_OUTLINED, _("New family"), go("/families/new")),
        ],
        full_width=wide,
    )


def _nobody(query: str, filtered: bool) -> ft.Control:
    if query:
        return banners.empty(
            _("No family matches."),
            hint=_("Search looks at names, nicknames, references, addresses and notes."),
            icon=ft.Icons.SEARCH_OFF,
        )
    if filtered:
        return banners.empty(_("No family matches these filters."), icon=ft.Icons.FILTER_ALT_OFF)
    return banners.empty(
        _("No families here yet."),
        hint=none_yet(),
        icon=ft.Icons.FAMILY_RESTROOM,
        action=buttons.primary(
            _("New family"), go("/families/new"), icon=ft.Icons.GROUP_ADD_OUTLINED
        ),
    )


def _row(book: Casebook, f: FamilyLine) -> ft.Control:
    name = f"{f.name} ({f.ref})" if f.ref else f.name
    facts = [
        ", ".join(f.people),
        *[f"{word('told_apart', c)}: {s}" for c, s in f.told_apart if c in ("street", "born")],
    ]
    where = [word("stage", f.stage)]
    if f.gestation is not None:
        at = _("{n} babies at {weeks}") if f.expected > 1 else _("baby at {weeks}")
        where.append(at.format(n=f.expected, weeks=gestation(f.gestation.days)))
    if f.next_appointment is not None:
        where.append(_("next {when}").format(when=day_and_time(f.next_appointment)))
    elif f.last_seen is not None:
        where.append(_("seen {when}").format(when=near_day(local(f.last_seen).date(), book.today)))
    if f.also:
        refs = ", ".join(tag.ref or tag.name for tag in f.also)
        facts.append(_("also recorded under {refs}").format(refs=refs))
    if f.overdue:
        facts.append(", ".join(word("overdue", o) for o in f.overdue))
    subtitle = "\n".join(part for part in (*facts, ", ".join(filter(None, where))) if part)
    return lists.tile(
        name,
        subtitle,
        go(f"/families/{f.id}"),
        leading=ft.Icon(
            ft.Icons.ERROR_OUTLINE if f.overdue else ft.Icons.FAMILY_RESTROOM_OUTLINED,
            color=ft.Colors.TERTIARY if f.overdue else None,
        ),
        key=f.id,
    )


def _in_notes(book: Casebook, query: str) -> list[ft.Control]:
    """What was found in notes and other records, each with a line of context."""
    if len(query.strip()) < SHORTEST_SEARCH:
        return []
    found = [
        hit
        for hit in book.search(query, limit=20)
        if hit.kind in ("visit_note", "addendum", "contact", "professional", "risk_note")
    ]
    if not found:
        return []
    rows = []
    for hit in found:
        note = hit.kind == "visit_note"
        when = near_day(local(hit.at).date(), book.today) if hit.at else ""
        rows.append(
            lists.tile(
                ", ".join(
                    part
                    for part in (line_words(book, hit.family), when, _under(book, hit.under))
                    if part
                ),
                hit.snippet if not hit.restricted else _("Restricted note"),
                go(f"/notes/{hit.record}" if note else f"/families/{hit.family}"),
                icon=ft.Icons.LOCK if hit.restricted else ft.Icons.STICKY_NOTE_2_OUTLINED,
                key=hit.record,
            )
        )
    return [cards.section(_("Found in what was written"), [lists.rows(rows)])]


def _under(book: Casebook, other: str | None) -> str:
    if other is None:
        return ""
    tag = book.families.tag(other)
    return _("recorded under {name}").format(name=tag.ref or tag.name)


def family_chooser(
    book: Casebook,
    chosen: str | None,
    choose: Callable[[str], Any],
    *,
    besides: str | None = None,
) -> ft.Control:
    """Pick one family, with what tells similar ones apart."""
    options = {}
    for line in book.families.lines():
        if line.id == besides:
            continue
        told = ", ".join(said for _code, said in line.told_apart)
        name = f"{line.name} ({line.ref})" if line.ref else line.name
        options[line.id] = f"{name}, {told}" if told else name
    return fields.dropdown(_("Family"), chosen, options, choose)
