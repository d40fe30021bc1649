"""Quarantine: what came from devices whose access had ended, or that nobody could vouch for.

Nothing here is part of any record until a supervisor adopts it; adopting writes it anew with
the original quoted: its writer stays its writer.
"""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from app.guards import part, screen
from app.layout import Shell
from app.parts import banners, buttons, cards, dialogs, text
from app.screens.telling_apart import line_words
from app.state import use_changes, use_session, use_state
from app.wording import _, moment
from app.wording.vocabulary import word
from storage.quarantine import Quarantined


@screen
def QuarantineView() -> ft.View:
    """`/team/quarantine`."""
    use_changes("visit_note", "appointment", "contact", "attendance")
    session = use_session()
    count, set_count = use_state(0)
    found = session.vault.quarantine() if session.vault is not None else []
    if not found:
        return Shell(
            _("Quarantine"),
            [
                banners.empty(
                    _("Nothing here."),
                    hint=_("When a device loses its access with something unsent, it comes here."),
                    icon=ft.Icons.INVENTORY_2_OUTLINED,
                )
            ],
            selected="/team",
        )
    return Shell(
        _("Quarantine"),
        [
            text.line(
                _(
                    "Read each entry. Adopt what belongs on record; set aside what does not. What "
                    "you adopt keeps its writer, and says that you took it in."
                )
            ),
            *[Held(q, lambda: set_count(count + 1), key=q.id) for q in found],
        ],
        selected="/team",
    )


@part
def Held(held: Quarantined, changed: Callable[[], None]) -> ft.Control:
    """One entry: whose, what, and what to do with it."""
    session = use_session()
    book = session.casebook
    asking, ask = use_state(False)
    vault = session.vault

    def adopt() -> None:
        if vault is not None:
            vault.adopt(held.id)
            changed()

    def dismiss() -> None:
        if vault is not None:
            vault.dismiss(held.id)
            changed()

    dialogs.use_question(
        asking,
        title=_("Set this aside?"),
        words=_("It stays sealed on this device but is taken into no record."),
        yes=_("Set aside"),
        dangerous=True,
        on_yes=dismiss,
        on_close=lambda: ask(False),
    )
    family = line_words(book, held.casefile) or _("A family not on this device")
    lines: list[ft.Control] = [
        text.heading(f"{family}: {_kind(held.kind)}", level=3),
        text.small(
            ", ".join(
                part
                for part in (
                    book.team.name_of(held.author) if held.author else "",
                    moment(held.at, book.now) if held.at else "",
                    _reason(held.reason),
                )
                if part
            )
        ),
    ]
    if held.fields is None:
        lines.append(
            banners.banner(_("It does not open with any key on this device."), tone="attention")
        )
    else:
        said = held.fields.get("text") or held.fields.get("summary")
        if isinstance(said, str) and said:
            lines.append(text.line(said))
    tools = [buttons.quiet(_("Set aside"), lambda: ask(True))]
    if held.fields is not None:
        tools.insert(0, buttons.primary(_("Adopt"), adopt, icon=ft.Icons.CHECK))
    return cards.card(*lines, buttons.actions(*tools))


def _kind(kind: str | None) -> str:
    named = {"visit_note": "note", "attendance": "outcome"}
    return word("event", named.get(kind or "", kind)) or _("something sealed")


def _reason(reason: str) -> str:
    said = {
        "revoked": _("sent after its access had ended"),
        "not-allowed": _("written by somebody without access"),
        "uncertified": _("from a device nobody vouched for yet"),
        "no-key": _("sealed with a key that is not here"),
    }
    return said.get(reason, _("could not be taken in by itself"))
