"""Choosing a passphrase: a suggestion, its strength as it is typed, and once more to be sure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import flet as ft

from app.guards import part
from app.parts import banners, buttons, cards, fields, marks, text
from app.state import use_session
from app.wording import _
from storage.passphrase import normalised, strength, suggested


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What was typed, twice."""

    first: str = ""
    again: str = ""


def reason_not_enough(chosen: Chosen, *, key_store: bool, known: Sequence[str] = ()) -> str | None:
    """Why these cannot lock a device yet, in one sentence; None when they can.

    `known`: what a thief could know of the owner; see `storage.passphrase.strength`.
    """
    found = strength(chosen.first, key_store=key_store, known=known)
    if not found.enough:
        return _reason(found.reason)
    if normalised(chosen.first) != normalised(chosen.again):
        return _("The two are not the same yet.")
    return None


def _reason(reason: str) -> str:
    said = {
        "empty": _("Choose a passphrase."),
        "too-long": _("That is longer than a passphrase may be."),
        "too-short": _("Use four words or at least 14 characters."),
        "too-common": _("That is easy to guess. Four random words are better."),
        "too-personal": _("Names around you are guessed first. Four random words are better."),
    }
    return said.get(reason, _("That is easy to guess. Four random words are better."))


@part
def ChoosePassphrase(
    chosen: Chosen,
    on_change: Callable[[Chosen], Any],
    *,
    key_store: bool,
    known: Sequence[str] = (),
) -> ft.Control:
    """Two fields, a suggestion, and how strong it is."""
    session = use_session()
    device = session.device
    controls: list[ft.Control] = [
        text.heading(_("A passphrase for this device"), level=3),
        text.line(
            _("A PIN of six digits is enough here, because this device keeps a secret of its own.")
            if key_store
            else _(
                "Only this passphrase opens what is on this device. Four random words are easy to "
                "remember and hard to guess. Nobody can look it up for you."
            )
        ),
    ]

    def suggest() -> None:
        if device is not None:
            words = suggested(device.surroundings.randomness)
            on_change(Chosen(first=words, again=""))
            offered.current = words

    offered: Any = ft.use_ref("")
    if not key_store:
        controls.append(
            buttons.actions(
                buttons.secondary(_("Suggest four words"), suggest, icon=ft.Icons.CASINO_OUTLINED)
            )
        )
    if offered.current and chosen.first == offered.current:
        controls.append(
            banners.banner(
                offered.current,
                title=_("Write this down and keep it apart from the device:"),
                icon=ft.Icons.KEY,
            )
        )
    controls.append(
        fields.SecretField(
            _("New passphrase"),
            chosen.first,
            lambda typed: on_change(Chosen(first=typed, again=chosen.again)),
        )
    )
    if chosen.first:
        found = strength(chosen.first, key_store=key_store, known=known)
        said, tone = _strength_words(found.score)
        controls.append(marks.statuses(marks.status(_("Strength: {said}").format(said=said), tone)))
        if not found.enough:
            controls.append(text.small(_reason(found.reason)))
    controls.append(
        fields.SecretField(
            _("The same once more"),
            chosen.again,
            lambda typed: on_change(Chosen(first=chosen.first, again=typed)),
        )
    )
    return cards.card(*controls)


def _strength_words(score: int) -> tuple[str, marks.Tone]:
    said: dict[int, tuple[str, marks.Tone]] = {
        0: (_("very weak"), "bad"),
        1: (_("weak"), "bad"),
        2: (_("fair"), "attention"),
        3: (_("good"), "good"),
        4: (_("strong"), "good"),
    }
    return said[score]
