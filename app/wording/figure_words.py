"""Figures in words and digits: what a tile came to, out of what, and what each slice is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction

from babel.dates import format_date
from babel.numbers import format_decimal

from app.casework.figures import Figure, Slice, Span, rounded
from app.casework.figures.publishing import PublishedFigure, PublishedSlice
from app.casework.profile.tiles import DaysBetween, Tile
from app.wording.catalogue import N_, _, current_language, ngettext

FIGURE_WORDS: Mapping[str, Mapping[str, str]] = {
    "span": {
        "this_month": N_("This month"),
        "last_month": N_("Last month"),
        "last_3_months": N_("Three months"),
        "this_year": N_("This year"),
        "last_year": N_("Last year"),
        "ever": N_("Everything"),
        "own": N_("From … to …"),
    },
    "counted": {
        "referrals": N_("Referrals"),
        "episodes": N_("Families"),
        "babies": N_("Babies and children"),
        "allocations": N_("Allocations"),
        "plans": N_("Plans"),
        "actions": N_("Actions"),
        "appraisals": N_("Appraisals"),
        "decisions": N_("Decisions"),
        "appointments": N_("Appointments"),
        "attendances": N_("Attendances"),
        "contacts": N_("Contacts"),
        "measurements": N_("Forms"),
        "answers": N_("Forms"),
        "workers": N_("People who work here"),
        "reminders": N_("Reminders"),
    },
    "action_status": {
        "open": N_("Open"),
        "done": N_("Done"),
        "dropped": N_("Dropped"),
    },
}
VOCABULARY_OF: Mapping[str, str] = {
    "venue": "venue_type",
    "role": "job",
    "form": "measure",
    "status": "action_status",
    "channel": "means",
    "state": "receipt_state",
}
"""What the words of a tile's key are called, where the key has another name."""
_UNITS: Mapping[str, tuple[str, str]] = {
    "days": (N_("{n} day"), N_("{n} days")),
    "working_days": (N_("{n} working day"), N_("{n} working days")),
    "months": (N_("{n} month"), N_("{n} months")),
}
NOTHING = "–"
Word = Callable[[str, str], str]


def digits(value: Fraction, places: int = 0) -> str:
    """`1,032` or `9.2`, as the language writes numbers, rounded half up."""
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return format_decimal(rounded(value, places), format=pattern, locale=current_language())


def came_to(tile: Tile, value: Fraction | None) -> str:
    """What a figure or one of its slices came to: `84%`, `3.32 days`, `+2.0`."""
    if value is None:
        return NOTHING
    said = digits(value, tile.digits)
    if tile.show in ("percentage", "reduction"):
        return _("{n}%").format(n=said)
    if tile.show != "mean":
        return said
    if isinstance(tile.mean, DaysBetween):
        one, many = _UNITS[tile.mean.unit]
        return _(one if rounded(value, tile.digits) == 1 else many).format(n=said)
    return said


def slice_came_to(tile: Tile, one: Slice) -> str:
    """What a slice came to; a share with its number: `107 (27%)`."""
    if tile.show != "shares":
        return came_to(tile, one.value)
    number = digits(one.numerator.number)
    if one.value is None:
        return number
    return _("{n} ({percent}%)").format(n=number, percent=digits(one.value, tile.digits))


def out_of(figure: Figure) -> str:
    """What it was counted from: `822 of 977`, `average of 445, 3 without a value`; may be empty."""
    tile, above, below = figure.tile, figure.numerator, figure.denominator
    if tile.show == "reduction" and below is not None:
        return _("from {before} to {after}").format(
            before=digits(above.number), after=digits(below.number)
        )
    if tile.show == "mean":
        return _mean_of(len(figure.own), len(figure.missing))
    if below is None:
        return ""
    places = 1 if above.number.denominator > 1 or below.number.denominator > 1 else 0
    return share_words(tile.show).format(
        part=digits(above.number, places), whole=digits(below.number, places)
    )


def published_came_to(figure: PublishedFigure, one: PublishedFigure | PublishedSlice) -> str:
    """What a published figure or a part of it came to, or that it is too small a number to give."""
    if one.hidden:
        return _("fewer than can be given")
    if one.value is None:
        return NOTHING
    said = digits(one.value, figure.digits)
    if figure.show in ("percentage", "reduction") or (
        figure.show == "shares" and one is not figure
    ):
        said = _("{n}%").format(n=said)
    elif figure.show == "mean" and figure.unit in _UNITS:
        single, many = _UNITS[figure.unit]
        said = _(single if rounded(one.value, figure.digits) == 1 else many).format(n=said)
    if one.of is None or one.number is None or figure.show not in ("percentage", "ratio"):
        return said
    out_of = share_words(figure.show).format(part=digits(one.number), whole=digits(one.of))
    return _("{value} ({out_of})").format(value=said, out_of=out_of)


def share_words(show: str) -> str:
    """A percentage is some of many; a ratio divides one thing by another."""
    return _("{part} ÷ {whole}") if show == "ratio" else _("{part} of {whole}")


def what_is_missing(figure: Figure) -> list[str]:
    """What does not add up, in sentences: what is in no slice, in several, or left out."""
    found = []
    if figure.rest is not None and (n := len(figure.rest.numerator.things)):
        # Without what tells them apart, things counted as different ones count for nothing.
        said = (
            ngettext("{n} other or not recorded", "{n} others or not recorded", n)
            if figure.rest.numerator.number
            else ngettext(
                "{n} not counted: that is not recorded", "{n} not counted: that is not recorded", n
            )
        )
        found.append(said.format(n=digits(Fraction(n))))
    if figure.overlapping:
        n = figure.overlapping
        found.append(
            ngettext("{n} counted in two parts", "{n} counted in two parts", n).format(
                n=digits(Fraction(n))
            )
        )
    return found


def target(tile: Tile) -> str:
    """What it should come to; empty where the service does not say."""
    most, least = tile.target, tile.target_least
    if most is None and least is None:
        return ""
    if least is None:
        return _("Should be {n}").format(n=_number(most))
    if most is None:
        return _("Should be at least {n}").format(n=_number(least))
    return _("Should be {least} to {most}").format(least=_number(least), most=_number(most))


def slice_words(tile: Tile, one: Slice, word: Word) -> str:
    """What a slice is called: the service's words, those of its code, or "not recorded"."""
    if one.part is not None:
        return one.part.words.said(current_language())
    if not one.code:
        return _("Other or not recorded")
    if tile.by == "month":
        year, month = map(int, one.code.split("-"))
        return month_words(date(year, month, 1))
    return word(VOCABULARY_OF.get(tile.by, tile.by), one.code)


def span_words(span: Span) -> str:
    """`1 January to 31 August 2018`."""
    first = "d MMMM" if span.first.year == span.last.year else "d MMMM y"
    return _("{first} to {last}").format(
        first=format_date(span.first, first, locale=current_language()),
        last=format_date(span.last, "d MMMM y", locale=current_language()),
    )


def month_words(on: date) -> str:
    """`Aug 2018`."""
    return format_date(on, "MMM y", locale=current_language())


def _mean_of(many: int, missing: int) -> str:
    said = _("average of {n}").format(n=digits(Fraction(many)))
    if not missing:
        return said
    return _("{average}, {n} without a value").format(average=said, n=digits(Fraction(missing)))


def _number(value: float | None) -> str:
    return digits(Fraction(str(value or 0)), 0 if value is None or value == int(value) else 1)
