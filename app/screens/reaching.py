"""Before ringing: what must be known first, said before the telephone is handed the number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import flet as ft

from app import outside
from app.casework.safe_contact import Allowed, Caution, Route
from app.guards import part
from app.parts import banners, buttons, dialogs, text
from app.state import use_session, use_state
from app.wording import _, clock
from app.wording.dates import weekday_names
from app.wording.vocabulary import word

Ring = Callable[[Route, str, tuple[Caution, ...]], Callable[[], Any]]


def caution_words(cautions: tuple[Caution, ...]) -> str:
    """The cautions as sentences, gravest first."""
    return " ".join(word("caution", c) for c in cautions)


def hours_words(route: Route) -> str:
    """`Safe on Mon, Tue, 09:00–15:00`: when somebody may get in touch; empty for any time."""
    names = weekday_names()
    days = ", ".join(names[d] for d in sorted(route.days))
    hours = ""
    if route.from_time or route.to_time:
        hours = _("{begin}–{end}").format(
            begin=clock(route.from_time) if route.from_time else "00:00",
            end=clock(route.to_time) if route.to_time else "24:00",
        )
    when = ", ".join(part for part in (days, hours) if part)
    return _("Safe: {when}.").format(when=when) if when else ""


def before_contact(route: Route, cautions: tuple[Caution, ...]) -> list[ft.Control]:
    """What to know before using a number: the cautions, with the hours that are safe."""
    hours = hours_words(route)
    if not cautions and not route.code_word:
        return [text.small(hours)] if hours else []
    said = " ".join(part for part in (caution_words(cautions), hours) if part)
    return [banners.safe_contact_warning(said, code_word=route.code_word or None)]


def caution_line(cautions: tuple[Caution, ...]) -> ft.Control:
    """The cautions in a few words, for a card; said in full before dialling."""
    said = ", ".join(word("caution_short", c) for c in cautions)
    return ft.Row(
        [
            ft.Icon(ft.Icons.SHIELD, size=22, color=ft.Colors.ERROR),
            ft.Text(
                _("Telephone: {cautions}").format(cautions=said),
                theme_style=ft.TextThemeStyle.BODY_MEDIUM,
                expand=True,
            ),
        ],
        spacing=12,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def unsafe_warning(unsafe: Sequence[Route], names: Mapping[str, str]) -> ft.Control:
    """Numbers that must not be used: the gravest thing to know of a telephone, so in full."""
    said = [
        _("{name}, {channel}: {number}").format(
            name=names.get(route.person, "") or _("Somebody"),
            channel=word("channel", route.channel),
            number=route.number.replace(" ", "\u00a0"),  # broken over lines it is misread
        )
        for route in unsafe
    ]
    return banners.banner(
        "\n".join(said), tone="bad", title=word("allowed", Allowed.NO), icon=ft.Icons.PHONE_LOCKED
    )


def use_ringing() -> Ring:
    """A hook: gives `ring(route, name, cautions)`, a handler that warns first and then dials.

    The number itself is shown too, for a device that cannot dial.
    """
    asked, ask = use_state(None)
    route, name, cautions = asked or (None, "", ())
    warnings: list[ft.Control] = []
    if route is not None:
        warnings += before_contact(route, cautions)
        if route.remark:
            warnings.append(text.line(route.remark))

    async def dial() -> None:
        if route is not None:
            await outside.ring(route.number)

    dialogs.use_question(
        route is not None,
        title=_("Ring {name}?").format(name=name),
        words=text.line(route.number if route else "", strong=True),
        more=warnings,
        yes=_("Ring"),
        on_yes=dial,
        on_close=lambda: ask(None),
    )
    return lambda route, name, cautions: lambda: ask((route, name, cautions))


def address_left_out(kept_from: Sequence[str], names: Mapping[str, str]) -> ft.Control:
    """Where an address is left out because somebody expected must not learn it."""
    hidden = ", ".join(filter(None, (names.get(p, "") for p in kept_from)))
    return banners.banner(
        _("The address is left out: {names} must not learn it.").format(
            names=hidden or _("somebody expected")
        ),
        tone="bad",
        icon=ft.Icons.VISIBILITY_OFF,
    )


@part
def MapButton(family: str, address: str) -> ft.Control:
    """To the address on a map, after saying who learns it; most plainly of one that is a secret."""
    book = use_session().casebook
    asking, ask = use_state(False)
    site = outside.map_site()
    secret = book.diary.secret_place(family, address) if asking else False

    async def look() -> None:
        await outside.show_on_map(address)

    dialogs.use_question(
        asking,
        title=_("Show this address on a map?"),
        words=text.line(address, strong=True),
        more=[
            *(
                [
                    banners.banner(
                        _("This address is kept secret. It leaves this device if you go on."),
                        tone="bad",
                        icon=ft.Icons.VISIBILITY_OFF,
                    )
                ]
                if secret
                else []
            ),
            text.small(
                _("The address goes to {site}, and nothing else of this family.").format(site=site)
                if site
                else _(
                    "The address goes to the map of this device, and nothing else of this family."
                )
            ),
        ],
        yes=_("Show it"),
        on_yes=look,
        on_close=lambda: ask(False),
    )
    return buttons.secondary(_("Map"), lambda: ask(True), icon=ft.Icons.MAP_OUTLINED)
