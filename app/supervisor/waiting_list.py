"""The waiting list: who waits where, how long and why, and how much room there is."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft

from app.casework.casebook import Casebook
from app.casework.pathway import WAITING_REASONS, Room, Waiter, by_locality
from app.guards import part, screen
from app.layout import Shell
from app.navigation import finished, go
from app.parts import banners, buttons, cards, fields, marks, text
from app.parts.keeping import use_form
from app.screens.as_csv import waiting_as_csv
from app.screens.deciding import full_words
from app.state import use_changes, use_session, use_state
from app.wording import _, day, ngettext
from app.wording.vocabulary import own_word, word


@screen
def WaitingList() -> ft.View:
    """`/team/waiting`."""
    use_changes("allocation", "family", "referral", "episode", "waiting_reason", "period", "person")
    book = use_session().casebook
    waiters = book.pathways.waiting_list()
    body: list[ft.Control] = [_room(book.pathways.room())]
    if not waiters:
        body.append(banners.empty(_("Nobody waits: every family has somebody.")))
    elif book.profile.capacity.waiting_by == "locality":
        for area, several in by_locality(waiters):
            title = own_word("locality", area) or _("No area written down")
            counted = ngettext("{area}: {n} family", "{area}: {n} families", len(several))
            body.append(
                cards.section(
                    counted.format(area=title, n=len(several)),
                    [WaiterCard(one, key=one.family) for one in several],
                )
            )
    else:
        body += [WaiterCard(one, key=one.family) for one in waiters]
    if waiters:
        body.append(waiting_as_csv(book))
    return Shell(_("Waiting list"), body, selected="/team")


def _room(room: Room) -> ft.Control:
    if room.most is None:
        return text.small(
            ngettext(
                "{n} family is open besides those who wait.",
                "{n} families are open besides those who wait.",
                room.held,
            ).format(n=room.held)
        )
    if room.full:
        return banners.banner(full_words(room.held, room.most), tone="attention")
    free = room.most - room.held
    said = ngettext(
        "Room for {n} more family: {held} of {most} are open.",
        "Room for {n} more families: {held} of {most} are open.",
        free,
    )
    return banners.banner(said.format(n=free, held=room.held, most=room.most), tone="good")


@part
def WaiterCard(one: Waiter) -> ft.Control:
    """One family that waits."""
    book = use_session().casebook
    labels: list[ft.Control] = [marks.status(_waited(one), "plain")]
    if one.flagged:
        said = ngettext("{n} condition to look at", "{n} conditions to look at", one.flagged)
        labels.append(marks.status(said.format(n=one.flagged), "attention"))
    lines: list[ft.Control] = [
        text.heading(f"{one.name} ({one.ref})" if one.ref else one.name, level=3),
        *([text.small(", ".join(one.people))] if one.people else []),
        marks.statuses(*labels),
        text.small(_why(book, one)),
        buttons.actions(
            buttons.secondary(
                _("Allocate {name}").format(name=one.name),
                go(f"/team/allocate?family={one.family}"),
                icon=ft.Icons.PERSON_ADD_ALT,
            ),
            buttons.quiet(
                _("Why {name} waits").format(name=one.name), go(f"/families/{one.family}/waiting")
            ),
            buttons.quiet(
                _("Open family {name}").format(name=one.name), go(f"/families/{one.family}")
            ),
        ),
    ]
    return cards.card(*lines)


def _waited(one: Waiter) -> str:
    return ngettext("Waits {n} day", "Waits {n} days", one.days).format(n=one.days)


def _why(book: Casebook, one: Waiter) -> str:
    since = _("Referred {day}").format(day=day(one.since, book.today))
    if not one.reason:
        return _("{since}. Nobody has said yet why it waits.").format(since=since)
    said = ", ".join(filter(None, (word("waiting_reason", one.reason), one.text)))
    on = day(one.said_on, book.today) if one.said_on else ""
    return _("{since}. {why} ({on})").format(since=since, why=said, on=on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why a family waits, as it is being filled in."""

    reason: str = ""
    text: str = ""


@screen
def WhyWaiting() -> ft.View:
    """`/families/:fid/waiting`: why nobody works with the family yet."""
    book = use_session().casebook
    family = book.families.get(ft.use_route_params()["fid"])
    form = use_form("waiting", Why(), about=family.id, casefile=family.id)
    problem, set_problem = use_state(None)

    async def save() -> None:
        if not form.said.reason:
            set_problem(_("Please choose why."))
            return
        book.pathways.say_why_waiting(family.id, form.said.reason, form.said.text)
        form.done()
        await finished(f"/families/{family.id}")

    options = {code: word("waiting_reason", code) for code in WAITING_REASONS}
    body: list[ft.Control] = [
        text.small(family.name),
        *form.notices,
        fields.choice(
            _("Why does the family wait?"),
            form.said.reason,
            options,
            lambda v: form.change(reason=v),
        ),
        fields.text_field(_("A few words"), form.said.text, lambda v: form.change(text=v)),
    ]
    return Shell(
        _("Why they wait"),
        body,
        attention=problem,
        foot=buttons.primary(_("Save"), save, icon=ft.Icons.CHECK),
        selected="/families",
    )
