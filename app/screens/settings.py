"""Settings: look, text size, language, passphrase, my devices, and who I am here."""

from __future__ import annotations

import asyncio

import flet as ft

from app.guards import part, screen
from app.layout import Shell
from app.navigation import go
from app.parts import banners, buttons, cards, dialogs, fields, text
from app.screens.own_devices import OwnDevices
from app.screens.passphrase import ChoosePassphrase, Chosen, reason_not_enough
from app.screens.service import ServiceCard
from app.state import use_changes, use_session, use_state
from app.wording import LANGUAGES, _, plain
from app.wording.dates import weekdays
from app.wording.vocabulary import word
from storage.errors import StorageError


@screen
def SettingsView() -> ft.View:
    """`/settings`."""
    session = use_session()
    settings = session.settings
    book = session.casebook
    team = book.team.team()
    me = book.team.me()

    async def size(chosen: str) -> None:
        await session.change_settings(text_size=chosen)

    async def brightness(chosen: str) -> None:
        await session.change_settings(brightness=chosen)

    async def sound(on: bool) -> None:
        await session.change_settings(sound="on" if on else "off")

    async def language(chosen: str) -> None:
        await session.change_settings(language=chosen)

    address = session.vault.device_file.office_url if session.vault is not None else None
    about: list[ft.Control] = [
        text.fact(_("You"), me.name if me else _("Not named yet")),
        text.fact(_("Role"), word("role", book.me.role)),
        text.fact(_("Team"), team.name if team else "–"),
        text.fact(_("Office"), address or "–"),
    ]
    return Shell(
        _("Settings"),
        [
            cards.section(
                _("How it looks"),
                [
                    cards.card(
                        fields.choice(
                            _("Text size"),
                            settings.text_size,
                            {
                                "normal": _("Normal"),
                                "large": _("Large"),
                                "largest": _("Largest"),
                            },
                            size,
                        ),
                        fields.choice(
                            _("Light or dark"),
                            settings.brightness,
                            {
                                "system": _("As this device"),
                                "light": _("Light"),
                                "dark": _("Dark"),
                            },
                            brightness,
                        ),
                        fields.dropdown(_("Language"), settings.language, LANGUAGES, language),
                    )
                ],
            ),
            cards.section(
                _("Before a visit"),
                [
                    cards.card(
                        fields.switch(
                            _("A soft sound"),
                            settings.sound == "on",
                            sound,
                        ),
                        text.small(
                            _(
                                "Shortly before it begins, while this app runs. It says nothing "
                                "of anybody."
                            )
                        ),
                    )
                ],
            ),
            cards.section(_("Passphrase"), [NewPassphrase()]),
            cards.section(_("Devices"), [OwnDevices()]),
            cards.section(_("Service"), [ServiceCard()]),
            cards.section(_("Going in alone"), [DuressPhrase()]),
            cards.section(_("Working days and telephone"), [MyHoursCard()]),
            cards.section(_("About"), [cards.card(*about)]),
        ],
        selected="/settings",
    )


@part
def MyHoursCard() -> ft.Control:
    """On which days others need not take over for me, and where I am told of a cry for help."""
    use_changes("worker")
    me = use_session().casebook.team.me()
    if me is None:
        return cards.card(text.small(_("Nothing is written down yet.")))
    return cards.card(
        text.fact(
            _("Working days"),
            _("{days}, {begin}–{end}").format(
                days=weekdays(me.works_days),
                begin=f"{me.works_from:%H:%M}",
                end=f"{me.works_to:%H:%M}",
            ),
        ),
        text.fact(_("Work telephone"), me.phone or _("None: nobody could tell you by text.")),
        buttons.actions(buttons.secondary(_("Change these"), go("/settings/hours"))),
    )


@part
def NewPassphrase() -> ft.Control:
    """Changing it; the old one works until the new one does."""
    session = use_session()
    old, set_old = use_state("")
    chosen, choose = use_state(Chosen)
    open_, set_open = use_state(False)
    busy, set_busy = use_state(False)
    trouble, set_trouble = use_state(None)
    said, say = use_state(None)
    dialogs.use_said(said, lambda: say(None))
    device = session.device
    key_store = device.has_key_store if device is not None else False
    me, team = session.casebook.team.me(), session.casebook.team.team()
    known = [me.name if me else "", *([team.name, team.organisation] if team else [])]
    lacking = reason_not_enough(chosen, key_store=key_store, known=known) if open_ else None

    async def change() -> None:
        if session.vault is None or lacking:
            return
        set_busy(True)
        set_trouble(None)
        try:
            await asyncio.to_thread(session.vault.change_passphrase, old, chosen.first)
            say(dialogs.Said(words=_("Changed. From now on only the new passphrase opens it.")))
            set_open(False)
        except StorageError as error:
            set_trouble(plain(error))
        finally:
            set_old("")
            choose(Chosen())
            set_busy(False)

    if not open_:
        return buttons.actions(
            buttons.secondary(
                _("Change passphrase"), lambda: set_open(True), icon=ft.Icons.PASSWORD
            )
        )
    lines: list[ft.Control] = [
        fields.SecretField(_("Passphrase until now"), old, set_old),
        ChoosePassphrase(chosen, choose, key_store=key_store, known=known),
    ]
    if trouble is not None:
        lines.append(banners.problem(trouble))
    if lacking and chosen.first:
        lines.append(text.small(lacking))
    if busy:
        lines.append(banners.waiting(_("Changing…")))
    lines.append(
        buttons.actions(
            buttons.primary(
                _("Change passphrase"), change, disabled=busy or bool(lacking) or not old
            ),
            buttons.quiet(_("Cancel"), lambda: set_open(False)),
        )
    )
    return cards.card(*lines)


@part
def DuressPhrase() -> ft.Control:
    """The words that look like an ordinary check-out and call for help. Never shown again."""
    book = use_session().casebook
    phrase, set_phrase = use_state("")
    said, say = use_state(None)
    dialogs.use_said(said, lambda: say(None))

    def keep() -> None:
        book.lone.set_duress(phrase)
        set_phrase("")
        say(dialogs.Said(words=_("Kept on this device.")))

    known = _("You have such words. New ones replace them.") if book.lone.has_duress else ""
    return cards.card(
        text.small(
            _(
                "Words that, typed when you check out, mean: I am not free to speak. The screen "
                "says you are out, and the office calls for help."
            )
        ),
        fields.SecretField(_("My words"), phrase, set_phrase, hint=known or None),
        buttons.actions(buttons.secondary(_("Keep"), keep, disabled=not phrase.strip())),
    )
