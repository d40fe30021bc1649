"""One family entered twice: choosing which entry goes on, person by person, and parting again.

Nothing is deleted and no note moves, so it can be said without fear, and unsaid.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import flet as ft

from app.casework.casebook import Casebook, Doubled
from app.casework.errors import CaseworkError
from app.casework.family import Family, FamilyTag
from app.casework.joined import Join
from app.casework.people import Person
from app.guards import part, screen
from app.layout import Shell
from app.navigation import go, instead
from app.parts import banners, buttons, cards, dialogs, fields, text
from app.screens.families import family_chooser
from app.screens.naming import person_name
from app.state import use_changes, use_session, use_state
from app.wording import _, day, local, long_day, plain

SOMEBODY_ELSE = ""


@screen
def JoinView() -> ft.View:
    """`/families/:fid/twice`: this family is also there under another entry."""
    book = use_session().casebook
    family = book.families.get(ft.use_route_params()["fid"])
    other, set_other = use_state(lambda: family.alike[0] if len(family.alike) == 1 else None)
    turned, turn = use_state(False)
    same, set_same = use_state(lambda: dict[str, str]())
    reason, set_reason = use_state("")
    problem, set_problem = use_state(None)
    stays, joins = (other, family.id) if turned else (family.id, other)
    doubled = book.joining.look(stays, joins) if stays and joins else None
    paired = {**(doubled.likely if doubled else {}), **same}

    def choose_other(chosen: str) -> None:
        set_other(chosen)
        set_same({})

    def choose_stays(chosen: str) -> None:
        turn(chosen != family.id)
        set_same({})

    async def join() -> None:
        assert stays is not None
        assert joins is not None
        pairs = [(one, two) for two, one in paired.items() if one != SOMEBODY_ELSE]
        try:
            book.joining.join(stays, joins, pairs, reason=reason)
        except CaseworkError as error:
            set_problem(plain(error))
            return
        await instead(f"/families/{stays}")

    body: list[ft.Control] = [
        text.line(
            _(
                "For one family that was entered twice. No note is moved or lost: both entries "
                "are read together, and it can be taken back."
            )
        ),
        text.heading(_titled(family.name, family.ref), level=2),
        text.small(_("is also entered as")),
        family_chooser(book, other, choose_other, besides=family.id),
    ]
    if doubled is not None:
        body += [
            fields.choice(
                _("Which entry goes on?"),
                doubled.stays.id,
                {
                    tag.id: _titled(tag.name, tag.ref)
                    for tag in sorted((doubled.stays, doubled.other), key=lambda t: t.ref)
                },
                choose_stays,
            ),
            *_people(doubled, paired, lambda who, one: set_same({**same, who: one})),
            fields.text_field(_("How you know"), reason, set_reason),
        ]
    if problem:
        body.append(banners.problem(problem))
    return Shell(
        _("Entered twice"),
        body,
        foot=buttons.primary(
            _("They are one family"), join, icon=ft.Icons.MERGE, disabled=doubled is None
        ),
        selected="/families",
    )


def _people(
    doubled: Doubled, paired: Mapping[str, str], pair: Callable[[str, str], Any]
) -> list[ft.Control]:
    """Each person of the entry that does not go on: the same as one of the other, or not."""
    shown = []
    for person in doubled.joining:
        alike = {p.id: _described(p) for p in doubled.staying if p.kind is person.kind}
        taken = {one for who, one in paired.items() if who != person.id}
        free = {key: words for key, words in alike.items() if key not in taken}
        shown.append(
            cards.card(
                text.heading(_described(person), level=3),
                fields.dropdown(
                    _("The same person as"),
                    paired.get(person.id, SOMEBODY_ELSE),
                    {SOMEBODY_ELSE: _("Somebody else"), **free},
                    lambda one, who=person.id: pair(who, one),  # type: ignore[misc]
                ),
                key=person.id,
            )
        )
    return [cards.section(_("Person by person"), shown)] if shown else []


def _described(person: Person) -> str:
    if person.dob is not None:
        return _("{name}, born {day}").format(name=person_name(person), day=long_day(person.dob))
    return person_name(person)


def _titled(name: str, ref: str) -> str:
    return f"{name} ({ref})" if ref else name


# -- what the family's own screen says of it ------------------------------------------------
def pointer(book: Casebook, family: Family) -> list[ft.Control]:
    """For the entry that does not go on: where the family is, and parting them again."""
    if family.joined_into is None:
        return []
    return [Joined(book.joining.standing(family.id), family.joined_into, here=True)]


def other_entries(book: Casebook, family: Family) -> list[ft.Control]:
    """For the family that goes on: its other entries, and what a supervisor has still to do."""
    said: list[ft.Control] = []
    if family.also:
        tags = {tag.id: tag for tag in family.also}
        joins = [j for j in book.joining.of_family(family.id) if j.other in tags]
        said += [Joined(j, tags[j.other], here=False, key=j.other) for j in joins]
    if book.joining.elsewhere(family.id):
        said.append(
            banners.banner(
                _(
                    "This family is recorded a second time, in an entry that is not on this "
                    "device. A supervisor can give you both."
                ),
                tone="attention",
                icon=ft.Icons.MERGE,
            )
        )
    return said


@part
def Joined(join: Join, tag: FamilyTag, *, here: bool) -> ft.Control:
    """One joined entry, with the way to it and the way back."""
    use_changes("recorded_twice")
    session = use_session()
    book = session.casebook
    asking, ask = use_state(False)
    reason, set_reason = use_state("")
    supervises = book.me.role == "supervisor"

    def part_again() -> None:
        book.joining.part(join.other, reason=reason)

    dialogs.use_question(
        asking,
        title=_("They were two families after all?"),
        words=_(
            "Each entry stands for itself again, with its own notes and people. Whoever could read "
            "one only because of the other reads it no more."
        ),
        more=[fields.text_field(_("How you know"), reason, set_reason)],
        yes=_("Yes, two families"),
        filled_in=True,
        on_yes=part_again,
        on_close=lambda: ask(False),
    )
    tools = [
        buttons.secondary(
            _("Open {name}").format(name=_titled(tag.name, tag.ref)), go(f"/families/{tag.id}")
        )
    ]
    if supervises and not join.shared:
        tools.append(
            buttons.secondary(
                _("Let both teams read both"),
                lambda: book.joining.share(join.other),
                icon=ft.Icons.KEY,
            )
        )
    if book.joining.may_part(join):
        tools.append(buttons.quiet(_("They are two families"), lambda: ask(True)))
    who = book.team.name_of(join.author) or _("a colleague")
    words = _("{who}, {day}").format(who=who, day=day(local(join.at).date(), book.today))
    return banners.banner(
        " ".join(part for part in (join.reason, words) if part),
        tone="attention" if here else "plain",
        title=_("This is the same family as {name}. It goes on there.").format(
            name=_titled(tag.name, tag.ref)
        )
        if here
        else _("Also recorded under {name}").format(name=_titled(tag.name, tag.ref)),
        icon=ft.Icons.MERGE,
        actions=tools,
    )
