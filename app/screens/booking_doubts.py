"""What speaks against a booking: clashes, secrets, people who live apart, a time that has passed.

Said as soon as it is so, beside what it is about, and asked once before it is booked: none of it
forbids the booking, and none of it is overlooked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import flet as ft

from app.casework import expecting
from app.casework.appointment import Clash, weekly
from app.casework.casebook import Casebook
from app.casework.family import Family
from app.casework.forms import Booking
from app.guards import part
from app.parts import banners, dialogs, text
from app.screens.groups import named
from app.screens.telling_apart import line_words
from app.state import use_session
from app.wording import _, clock, day, local, long_day
from app.wording.dates import HERE

MOST_LATER = 6
"""Sentences about later ones of a series; half a year of them would hide the first."""


@part
def Clashes(made: Booking | None, besides: str | None) -> ft.Control:
    """Said before saving, never in the way of it."""
    book = use_session().casebook
    if made is None:
        return ft.Container(height=0)
    found: list[Clash] = book.diary.clashes(made, besides=besides)
    said = [
        _("{begin}–{end} {name}").format(
            begin=clock(c.appointment.starts),
            end=clock(c.appointment.ends),
            name=line_words(book, c.appointment.family),
        )
        for c in found
    ]
    said += [
        _("{begin}–{end} {name}").format(
            begin=clock(session.starts),
            end=clock(session.ends),
            name=named(book.groups.get(session.group)),
        )
        for _worker, session in book.diary.sessions_led(made)
    ]
    if not said:
        return ft.Container(height=0)
    return banners.banner("; ".join(said), tone="attention", title=_("Clashes with"), live=True)


def care(family: Family, people: Collection[str], place: str) -> list[ft.Control]:
    """Said as soon as it is so: nobody was assumed, or those chosen must not learn or meet."""
    said: list[ft.Control] = []
    if not people and expecting.needs_care(family):
        said.append(
            text.small(
                _(
                    "Nobody is chosen for you here: people live apart, an address is secret or "
                    "there is a risk. Choose who is expected; the place follows from that."
                )
            )
        )
    warned = [*_secrets(family, people, place), *_apart(family, people)]
    if warned:
        said.append(
            banners.banner(" ".join(warned), tone="bad", icon=ft.Icons.VISIBILITY_OFF, live=True)
        )
    return said


def _secrets(family: Family, people: Collection[str], place: str) -> list[str]:
    """Who of those chosen must not learn what: where another one lives, or the place itself."""
    said = [
        _("{name} must not learn this address.").format(name=person.name)
        for person in expecting.told(family, people, place)
    ]
    said += [
        _("{name} must not learn where {other} lives. Do not bring them together.").format(
            name=kept.from_whom.name, other=kept.whose.name
        )
        for kept in expecting.kept_apart(family, people)
    ]
    return list(dict.fromkeys(said))


def _apart(family: Family, people: Collection[str]) -> list[str]:
    """Adults who live apart are expected together: may they be?"""
    apart = expecting.living_apart(family, people)
    if not apart or expecting.kept_apart(family, people):
        return []
    return [
        _("{names} live apart. Make sure that they may meet and know of each other.").format(
            names=_and([person.name for person in apart])
        )
    ]


def _taken(book: Casebook, made: Booking, besides: str | None) -> list[str]:
    """Who of those who are to go or to come is wanted elsewhere at that time."""
    return [
        *(
            _("It clashes with {begin}–{end} {name}.").format(
                begin=clock(c.appointment.starts),
                end=clock(c.appointment.ends),
                name=line_words(book, c.appointment.family),
            )
            for c in book.diary.clashes(made, besides=besides)
        ),
        *(
            _("{worker} leads {group} then, {begin}–{end}.").format(
                worker=book.team.name_of(worker) or _("Somebody"),
                group=named(book.groups.get(session.group)),
                begin=clock(session.starts),
                end=clock(session.ends),
            )
            for worker, session in book.diary.sessions_led(made)
        ),
    ]


def _and(several: Sequence[str]) -> str:
    return _("{names} and {last}").format(names=", ".join(several[:-1]), last=several[-1])


def doubts(
    book: Casebook, made: Booking, besides: str | None, *, moved: bool = True, times: int = 1
) -> list[str]:
    """What speaks against a booking, a sentence each. It may be booked all the same.

    `besides` is the appointment that is being changed; `moved` when its time is new; `times` how
    many of them are booked, a week apart.
    """
    family = book.families.get(made.family)
    said = _taken(book, made, besides)
    if moved and book.diary.closed_on(made.starts):
        said.append(_("The service is closed that day: a bank holiday, or one of its own."))
    later = []
    for starts in weekly(made.starts, times, HERE)[1:]:
        on = day(local(starts).date(), book.today)
        later += [
            _("{day}: {doubt}").format(day=on, doubt=one)
            for one in _taken(book, replace(made, starts=starts), None)
        ]
        if book.diary.closed_on(starts):
            later.append(_("{day}: the service is closed.").format(day=on))
    said += later[:MOST_LATER]
    more = len(later) - MOST_LATER
    if more > 0:
        said.append(_("And {n} more.").format(n=more))
    place = " ".join((made.venue, made.address, made.postcode))
    said += [*_secrets(family, made.people, place), *_apart(family, made.people)]
    if family.people and not made.people:
        said.append(_("Nobody of the family is expected."))
    if moved and made.starts < book.now:
        said.append(
            _("The time has passed: {when}.").format(when=when_words(made.starts, made.minutes))
        )
    return said


def use_doubts(
    said: Sequence[str],
    asked: bool,
    close: Callable[[], Any],
    keep: Callable[[], Any],
    *,
    new: bool,
) -> None:
    """A hook: asks once, naming everything that speaks against it."""
    dialogs.use_question(
        asked,
        title=_("Before you book") if new else _("Before you save"),
        words=ft.Column([text.line(one) for one in said], tight=True, spacing=8),
        yes=_("Book all the same") if new else _("Save all the same"),
        no=_("Change something"),
        on_yes=keep,
        on_close=close,
    )


def when_words(starts: datetime, minutes: int) -> str:
    """`Tuesday 4 June 2026, 10:00–11:00`."""
    ends = starts + timedelta(minutes=minutes)
    return f"{long_day(local(starts).date())}, {clock(starts)}–{clock(ends)}"
