"""What was measured with a family, and whether it got better: on its page, and each on its own."""

from __future__ import annotations

import flet as ft

from app.casework.casebook import Casebook
from app.casework.measure_course import Change, MeasureCourse, Occasion, Taken
from app.guards import part, screen
from app.layout import Shell
from app.navigation import go
from app.parts import buttons, cards, charts, lists, marks, text
from app.screens.handing import HandToParent, unnamed
from app.state import use_changes, use_session, use_wide
from app.wording import _, day
from app.wording.measure_words import (
    arrow,
    change_words,
    named,
    number,
    occasion_words,
    pair_words,
)
from app.wording.vocabulary import word

KINDS = ("measurement", "episode", "team", "service_profile")
_TONES: dict[str, marks.Tone] = {"better": "good", "worse": "bad", "same": "plain"}


@part
def MeasuresCard(family: str) -> ft.Control:
    """Each measure in a line, with what got worse in sight."""
    use_changes(*KINDS)
    book = use_session().casebook
    base = f"/families/{family}/measures"
    rows = [_row(course, base) for course in book.measures.courses(family)]
    if not rows:
        return ft.Container(height=0)
    return cards.section(
        _("Measures"),
        [lists.rows(rows)],
        action=buttons.quiet(_("All of it"), go(base), icon=ft.Icons.INSIGHTS),
    )


def _row(course: MeasureCourse, base: str) -> ft.Control:
    measure = course.measure
    done = [f"{occasion_words(measure, o.code)} {_total(o)}".strip() for o in course.done]
    said = [", ".join(done) or _("Nothing filled in yet."), *pair_words(course)]
    labels = [_label(course, c) for c in (*filter(None, (course.total,)), *course.worse)]
    return lists.tile(
        word("measure", measure.code),
        "\n".join(said),
        go(base),
        icon=ft.Icons.INSIGHTS,
        below=marks.statuses(*labels) if labels else None,
        key=measure.code,
    )


def _label(course: MeasureCourse, change: Change) -> ft.Control:
    said = f"{named(course.measure, change.domain)} {arrow(change)} {change_words(change)}"
    return marks.status(said, _TONES.get(change.direction or "", "plain"))


def _total(occasion: Occasion) -> str:
    return number(occasion.total) if occasion.total is not None else ""


@screen
def MeasuresView() -> ft.View:
    """`/families/:fid/measures`."""
    use_changes(*KINDS)
    book, wide = use_session().casebook, use_wide()
    family = ft.use_route_params()["fid"]
    shown = [_course(book, family, course) for course in book.measures.courses(family)]
    return Shell(
        _("Measures"),
        [
            text.small(book.families.name_of(family)),
            *(shown or [text.small(_("This service measures nothing."))]),
            *_unnamed(book),
        ],
        broad=wide,
        selected="/families",
    )


def _unnamed(book: Casebook) -> list[ft.Control]:
    """What a parent may say without her name: handed over, and never seen here."""
    forms = [m for m in book.profile.measures if m.anonymous and m.respondent == "parent"]
    return [
        cards.section(word("measure", m.code), [HandToParent(m, unnamed(), key=m.code)])
        for m in forms
    ]


def _course(book: Casebook, family: str, course: MeasureCourse) -> ft.Control:
    measure = course.measure
    base = f"/families/{family}/measures/{measure.code}"
    lines: list[ft.Control] = [
        _filled(book, course, occasion, base) for occasion in course.done
    ] or [text.small(_("Nothing filled in yet."))]
    lines += [
        _earlier(book, course, one, base) for occasion in course.done for one in occasion.earlier
    ]
    lines += [marks.statuses(marks.status(said, "attention")) for said in pair_words(course)]
    if len(course.drawn) > 1:
        lines.append(_chart(course))
    changes = course.changes
    if len(measure.domains) == 1 and any(not one.domain for one in changes):
        changes = tuple(one for one in changes if not one.domain)  # the two say the same
    if changes:
        lines.append(text.heading(_("What changed"), level=3))
        lines.append(
            ft.Column(
                [marks.statuses(_label(course, change)) for change in changes],
                spacing=6,
                tight=True,
            )
        )
    return cards.section(
        word("measure", measure.code),
        [cards.card(*lines)],
        action=buttons.quiet(
            _("Fill in: {occasion}").format(occasion=occasion_words(measure, course.next)),
            go(base),
            icon=ft.Icons.EDIT_NOTE,
        )
        if course.next in course.lacking or not course.done
        else None,
    )


def _filled(book: Casebook, course: MeasureCourse, occasion: Occasion, base: str) -> ft.Control:
    taken, measure = occasion.taken, course.measure
    assert taken is not None
    said = [day(taken.on, book.today)]
    for domain in measure.domains:
        given = taken.answers.get(domain.code)
        if given is not None and len(measure.domains) > 1:
            shown = given if isinstance(given, str) else number(given)
            said.append(f"{named(measure, domain.code)}: {shown}")
    if occasion.unanswered:
        missing = ", ".join(named(measure, code) for code in occasion.unanswered)
        said.append(_("Not filled in: {what}.").format(what=missing))
        if measure.total is not None and occasion.total is None:
            said.append(_("So there is no total."))
    history = book.history(taken.id)
    if len(history) > 1:
        last = history[-1]
        said.append(
            _("Corrected by {name}. What it said before is kept.").format(name=last.author_name)
        )
    title = occasion_words(measure, occasion.code)
    if occasion.total is not None:
        title = _("{occasion}: {total}").format(occasion=title, total=number(occasion.total))
    return lists.tile(
        title, "\n".join(said), go(f"{base}?form={taken.id}"), icon=ft.Icons.EDIT_OUTLINED,
        key=taken.id,
    )  # fmt: skip


def _earlier(book: Casebook, course: MeasureCourse, taken: Taken, base: str) -> ft.Control:
    """A form that a later one of the same occasion has overtaken, to be read and put right."""
    title = occasion_words(course.measure, taken.occasion)
    total = course.measure.total_of(taken.scores)
    if total is not None:
        title = _("{occasion}: {total}").format(occasion=title, total=number(total))
    return lists.tile(
        title,
        _("{day}. Does not count: a later one was filled in for the same occasion.").format(
            day=day(taken.on, book.today)
        ),
        go(f"{base}?form={taken.id}"),
        icon=ft.Icons.HISTORY,
        key=taken.id,
    )


def _chart(course: MeasureCourse) -> ft.Control:
    """The totals as a line; for a screen reader, in a sentence."""
    points = [(occasion_words(course.measure, o.code), total) for o, total in course.drawn]
    label = _("Total over time: {points}.").format(
        points=", ".join(f"{words} {number(total)}" for words, total in points)
    )
    return charts.line(points, label=label, top=max(total for _words, total in points))
