"""Everybody who works here, one line each, with what is still missing to be reached by."""

from __future__ import annotations

import flet as ft

from app.casework.caseload import Worker
from app.guards import part
from app.navigation import go
from app.parts import cards, lists, marks
from app.state import use_changes, use_session
from app.wording import _
from app.wording.dates import weekdays
from app.wording.vocabulary import own_word


@part
def Colleagues() -> ft.Control:
    """By name; those who left stand last."""
    use_changes("worker")
    book = use_session().casebook
    everybody = sorted(book.team.workers(active_only=False), key=lambda w: not w.active)
    return cards.section(_("People"), [lists.rows([_tile(worker) for worker in everybody])])


def _tile(worker: Worker) -> ft.Control:
    about = [own_word("job", worker.title)]
    labels: list[ft.Control] = []
    if not worker.active:
        labels.append(marks.status(_("No longer works here"), "quiet"))
    else:
        about += [
            _("{days}, {begin}–{end}").format(
                days=weekdays(worker.works_days),
                begin=f"{worker.works_from:%H:%M}",
                end=f"{worker.works_to:%H:%M}",
            ),
            worker.phone,
        ]
        if not worker.phone:
            labels.append(marks.status(_("No work telephone"), "attention"))
    return lists.tile(
        worker.name,
        " · ".join(one for one in about if one),
        go(f"/team/people/{worker.person}"),
        icon=ft.Icons.PERSON_OUTLINE,
        below=marks.statuses(*labels) if labels else None,
        key=worker.person,
    )
