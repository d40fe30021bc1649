"""A list as a file for a spreadsheet: one button, and the record that somebody took it away."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import flet as ft

from app import outside
from app.casework.casebook import Casebook
from app.casework.csv_table import Cell, csv_table
from app.casework.family import FamilyLine
from app.guards import part
from app.parts import buttons
from app.state import use_session
from app.wording import _, local
from app.wording.vocabulary import own_word, word

Rows = Callable[[], Sequence[Sequence[Cell]]]


@part
def AsCsv(name: str, headings: Sequence[str], rows: Rows, *, span: str = "") -> ft.Control:
    """The button. `name` begins the file's name and is what the record calls the list; `span` says
    which days it is about, where that is not today."""
    book = use_session().casebook

    async def save() -> None:
        listed = rows()
        table = csv_table(headings, listed)
        book.papers.listed(name, len(listed), table)
        await outside.save(f"{name}-{span or book.today.isoformat()}.csv", table)

    return buttons.actions(
        buttons.quiet(_("Save as CSV"), save, icon=ft.Icons.TABLE_CHART_OUTLINED)
    )


def families_as_csv(book: Casebook, lines: Sequence[FamilyLine]) -> ft.Control:
    """The family list as it is shown."""

    def rows() -> list[list[Cell]]:
        return [
            [
                f.name,
                f.ref,
                ", ".join(f.people),
                own_word("locality", f.locality),
                word("family_status", f.status),
                word("stage", f.stage),
                ", ".join(book.team.name_of(w) for w in f.workers),
                local(f.last_seen).date() if f.last_seen else None,
                local(f.next_appointment) if f.next_appointment else None,
                ", ".join(word("overdue", o) for o in f.overdue),
            ]
            for f in lines
        ]

    headings = (
        _("Family"),
        _("Reference"),
        _("People"),
        _("Area"),
        _("Standing"),
        _("Stage"),
        _("Workers"),
        _("Last seen"),
        _("Next appointment"),
        _("Overdue"),
    )
    return AsCsv("families", headings, rows)


def waiting_as_csv(book: Casebook) -> ft.Control:
    """The waiting list."""

    def rows() -> list[list[Cell]]:
        return [
            [
                one.name,
                one.ref,
                own_word("locality", one.locality),
                one.since,
                one.days,
                word("waiting_reason", one.reason),
                one.text,
            ]
            for one in book.pathways.waiting_list()
        ]

    headings = (
        _("Family"),
        _("Reference"),
        _("Area"),
        _("Waits since"),
        _("Days"),
        _("Why"),
        _("In words"),
    )
    return AsCsv("waiting-list", headings, rows)


def limits_as_csv(book: Casebook) -> ft.Control:
    """Time limits that have passed."""

    def rows() -> list[list[Cell]]:
        return [
            [
                book.team.name_of(worker) if worker else "",
                book.families.name_of(one.family),
                word("clock", one.code),
                one.due,
                (book.today - one.due).days,
            ]
            for worker, several in book.supervision.overdue_clocks()
            for one in several
        ]

    headings = (_("Worker"), _("Family"), _("Time limit"), _("Due"), _("Days late"))
    return AsCsv("time-limits", headings, rows)


def caseloads_as_csv(book: Casebook) -> ft.Control:
    """How many families each works with."""

    def rows() -> list[list[Cell]]:
        return [
            [
                load.worker.name,
                own_word("job", load.worker.title),
                len(load.families),
                load.capacity,
                len(load.covering),
                load.unsigned,
                load.overdue,
            ]
            for load in book.supervision.caseloads()
        ]

    headings = (
        _("Worker"),
        _("Job"),
        _("Families"),
        _("Capacity"),
        _("On loan"),
        _("Unsigned notes"),
        _("Overdue"),
    )
    return AsCsv("caseloads", headings, rows)
