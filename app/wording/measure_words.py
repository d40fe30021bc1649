"""What changed between two forms, in words that stand beside every arrow."""

from __future__ import annotations

from app.casework.measure_course import Change, MeasureCourse
from app.casework.profile.measures import Domain, Measure
from app.wording.catalogue import _, current_language

ARROWS = {"up": "\N{UPWARDS ARROW}", "down": "\N{DOWNWARDS ARROW}", "same": "="}


def number(value: float) -> str:
    """`46`, and `46.33` where it is not whole."""
    return f"{round(value, 2):g}"


def named(measure: Measure, code: str) -> str:
    """A domain, in the language of the screen; the total for an empty code."""
    domain = measure.domain(code) if code else None
    if not code:
        return _("Total")
    return (domain.words.said(current_language()) if domain else "") or code


def occasion_words(measure: Measure, code: str) -> str:
    """An occasion, in the language of the screen."""
    found = next((o for o in measure.occasions if o.code == code), None)
    return (found.words.said(current_language()) if found else "") or code


def change_words(change: Change) -> str:
    """`65 to 46, down 19, better`."""
    moved = _("{before} to {after}").format(
        before=number(change.before), after=number(change.after)
    )
    if change.by == 0:
        return ", ".join((moved, _("no change")))
    by = number(abs(change.by))
    way = _("up {n}").format(n=by) if change.by > 0 else _("down {n}").format(n=by)
    said = {"better": _("better"), "worse": _("worse")}.get(change.direction or "", "")
    return ", ".join(filter(None, (moved, way, said)))


def arrow(change: Change) -> str:
    """Which way the number went; whether that is good is said in words."""
    return ARROWS["same" if change.by == 0 else "up" if change.by > 0 else "down"]


def pair_words(course: MeasureCourse) -> list[str]:
    """What is missing to tell a change; empty when nothing is."""
    measure = course.measure
    if not course.done or not course.lacking:
        return []
    last = occasion_words(measure, course.done[-1].code)
    said = [
        _("“{done}” was filled in, but “{lacking}” never was.").format(
            done=last, lacking=occasion_words(measure, code)
        )
        for code in course.skipped
    ]
    if course.next in course.lacking:
        said.append(
            _("“{done}” was filled in, but no “{lacking}” yet.").format(
                done=last, lacking=occasion_words(measure, course.next)
            )
        )
    return said


def question(domain: Domain, language: str, *, easy: bool = False) -> str:
    """What a form asks, in easy words where there are any and they are wanted."""
    return (domain.easy.said(language) if easy else "") or domain.words.said(language)
