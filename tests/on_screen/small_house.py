"""A small device for the shell's own tests: two screens, an unlock, and a lock without a cipher.

The vault's place is taken by the smallest thing that can be locked, because here only the frame
around it is looked at; stories with real vaults stand in tests/stories.
"""

import asyncio
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import flet as ft

from app.guards import handler, part, screen
from app.layout import Porch, Shell
from app.lifecycle import Rules
from app.navigation import Destination, go
from app.parts.banners import problem
from app.parts.buttons import icon_button, primary, secondary
from app.parts.cards import card
from app.parts.dialogs import Said, use_question, use_said
from app.parts.fields import SecretField, long_text
from app.parts.lists import rows, tile
from app.parts.text import heading, line
from app.root import Screens, opener
from app.session import Furnishing, Session
from app.state import use_changes, use_leaving, use_session, use_state
from app.wording import plain
from storage.errors import WrongPassphrase

PASSPHRASE = "four quiet garden words"


@dataclass
class Door:
    """Locks and unlocks; holds one text and tells when it changes."""

    locked: bool = True
    me: Any = field(default_factory=lambda: SimpleNamespace(role="worker"))
    note: str = ""
    drafts: list[str] = field(default_factory=list)
    listeners: list[Any] = field(default_factory=list)

    def unlock(self, passphrase: str) -> None:
        if passphrase != PASSPHRASE:
            raise WrongPassphrase("no")
        self.locked = False

    def lock(self) -> None:
        self.locked = True

    def subscribe(self, callback: Any) -> Any:
        self.listeners.append(callback)
        return lambda: self.listeners.remove(callback)

    def write(self, note: str) -> None:
        self.note = note
        for told in self.listeners:
            told({"visit_note"})


@screen
def Unlock() -> Any:
    session = use_session()
    phrase, set_phrase = use_state("")
    error, set_error = use_state(None)

    async def unlock() -> None:
        try:
            await session.unlock(phrase)
        except WrongPassphrase as wrong:
            set_phrase("")
            set_error(plain(wrong))

    return Porch(
        "Unlock",
        [
            heading("Good morning", level=1),
            SecretField("Passphrase", phrase, set_phrase, on_submit=unlock),
            *([problem(error)] if error else []),
            primary("Unlock", unlock),
        ],
    )


@screen
def Today() -> Any:
    session = use_session()
    use_changes("visit_note")
    door: Any = session.vault
    text, set_text = use_state("")
    asked, ask = use_state(False)
    said, say = use_state(None)
    slow, set_slow = use_state("")
    use_leaving(lambda: door.drafts.append(text) if text else None)
    use_question(
        asked,
        title="Move this note?",
        words="Orchid family to Maple family.",
        yes="Move",
        on_yes=lambda: say(Said(words="Moved", undo=lambda: door.write("back"))),
        on_close=lambda: ask(False),
    )
    use_said(said, lambda: say(None))

    async def write_slowly() -> None:
        set_slow("Working")
        await asyncio.to_thread(door.write, "written in a thread")
        set_slow("")

    def fail() -> None:
        raise RuntimeError("Mrs Orchid, 07700 900123")

    return Shell(
        "Today",
        [
            heading("Orchid family"),
            card(line(f"Note: {door.note}"), line(slow)),
            long_text("Visit note", text, set_text),
            secondary("Write slowly", write_slowly),
            secondary("Move the note", lambda: ask(True)),
            secondary("Fail", fail),
            Fragile(door.note),
        ],
        actions=[icon_button(ft.Icons.SEARCH, "Search", go("/families"))],
        foot=primary("Save", lambda: door.write(text)),
    )


@part
def Fragile(note: str) -> ft.Control:
    if note == "break":
        raise ValueError("a record of the Orchid family")
    return line("All parts are well")


@screen
def Families() -> Any:
    return Shell(
        "Families",
        [rows([tile("Orchid", "2 children", go("/families/orchid"), key="orchid")])],
    )


@screen
def Family() -> Any:
    return Shell("Orchid family", [line("Timeline"), ft.TextButton("Bare", on_click=handler(None))])


SCREENS = Screens(
    setup=lambda: Porch("Set up", [line("Nothing yet")]),
    unlock=Unlock,
    routes=[
        ft.Route(
            path="/",
            component=Today,
            children=[
                ft.Route(
                    path="families",
                    component=Families,
                    children=[ft.Route(path=":fid", component=Family)],
                ),
                ft.Route(path="sync", component=lambda: Shell("Sync", [line("Nothing waits")])),
            ],
        )
    ],
    places=lambda _session: [
        Destination(
            route="/", words="Today", icon=ft.Icons.TODAY_OUTLINED, selected_icon=ft.Icons.TODAY
        ),
        Destination(
            route="/families",
            words="Families",
            icon=ft.Icons.GROUP_OUTLINED,
            selected_icon=ft.Icons.GROUP,
        ),
    ],
)


def house(
    door: Door | None = None, *, clock: Any = None, rules: Rules | None = None, folder: Any = None
) -> tuple[Session, Any]:
    """A session and the `main` that draws its tabs."""
    furnishing = Furnishing(casebook=lambda vault, _exchange: vault, exchange=lambda _vault: None)  # type: ignore[arg-type, return-value]
    session = Session(
        folder=folder or Path(tempfile.mkdtemp()),
        furnishing=furnishing,
        vault=door or Door(),  # type: ignore[arg-type]
        clock=clock,
        rules=rules,
    )
    return session, opener(session, SCREENS)
