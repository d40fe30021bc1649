"""A small device for the shell's own tests: a real vault, an unlock screen and a few others.

The product's own screens stand in app/screens; stories with them stand in tests/stories.
"""

import asyncio
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import Any

import flet as ft

from app.casework.casebook import Casebook
from app.casework.schema import SCHEMA
from app.guards import handler, part, screen
from app.layout import Porch, Shell
from app.lifecycle import Rules
from app.navigation import Destination, go
from app.outside import copy, ring, show_on_map
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
from fakes import surroundings
from storage.clock import SystemClock
from storage.errors import WrongPassphrase
from storage.keys import DevicePublic
from storage.vault import Statement, Vault, create_vault, open_vault

PASSPHRASE = "kettle-marble-otter-lantern"
NOTE = "11" * 16
DRAFT = "22" * 16


class Door:
    """A vault with one family in it, and short ways to look inside."""

    def __init__(self, *, locked: bool = True, folder: Path | None = None) -> None:
        self.folder = folder or Path(tempfile.mkdtemp(prefix="doorstep-small-"))
        if folder is None:
            weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        around = surroundings("small house")
        self.vault = create_vault(
            self.folder / "doorstep.db", PASSPHRASE, schema=SCHEMA, surroundings=around
        )
        recovery: DevicePublic = self.vault.public  # any receiving key will do here
        self.vault.join(
            org=b"o" * 16,
            person=b"p" * 16,
            role="worker",
            team=None,
            office_url="",
            recovery_public=recovery.receiving,
        )
        self.casefile = self.vault.found({}, label="family")
        if locked:
            self.vault.lock()

    def close(self) -> None:
        self.vault.close()

    def opened_again(self) -> "Door":
        """As after a restart of the process."""
        self.vault.close()
        path = self.folder / "doorstep.db"
        self.vault = open_vault(path, schema=SCHEMA, surroundings=surroundings("small house"))
        return self

    @property
    def locked(self) -> bool:
        return self.vault.locked

    def write(self, note: str) -> None:
        write(self.vault, note)

    @property
    def note(self) -> str:
        return self._open(lambda: read(self.vault))

    @property
    def drafts(self) -> list[str]:
        return self._open(lambda: [str(d.fields["text"]) for d in self.vault.drafts()])

    def _open(self, look: Any) -> Any:
        """Look inside, and leave it as it was."""
        was_locked = self.vault.locked
        self.vault.unlock(PASSPHRASE)
        try:
            return look()
        finally:
            if was_locked:
                self.vault.lock()


def write(vault: Vault, note: str) -> None:
    casefile = vault.casefiles()[0].id
    vault.write(
        [Statement(casefile=casefile, kind="visit_note", record=NOTE, fields={"text": note})]
    )


def read(vault: Vault) -> str:
    found = vault.get(NOTE)
    return str(found.fields["text"]) if found else ""


def keep_draft(vault: Vault, text: str) -> None:
    if text == "cannot be kept":
        raise OSError("Mrs Orchid")
    if text:
        vault.save_draft(vault.casefiles()[0].id, DRAFT, {"text": text})


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
    vault = session.vault
    assert vault is not None
    note = read(vault)
    text, set_text = use_state("")
    asked, ask = use_state(False)
    said, say = use_state(None)
    slow, set_slow = use_state("")
    use_leaving(lambda: keep_draft(vault, text))
    use_question(
        asked,
        title="Move this note?",
        words="Orchid family to Maple family.",
        yes="Move",
        on_yes=lambda: say(Said(words="Moved", undo=lambda: write(vault, "back"))),
        on_close=lambda: ask(False),
    )
    use_said(said, lambda: say(None))

    async def write_slowly() -> None:
        set_slow("Working")
        await asyncio.to_thread(write, vault, "written in a thread")
        set_slow("")

    def fail() -> None:
        raise RuntimeError("Mrs Orchid, 07700 900123")

    return Shell(
        "Today",
        [
            heading("Orchid family"),
            card(line(f"Note: {note}"), line(slow)),
            long_text("Visit note", text, set_text),
            secondary("Write slowly", write_slowly),
            secondary("Move the note", lambda: ask(True)),
            secondary("Fail", fail),
            secondary("Ring", lambda: ring("07700 900123")),
            secondary("Show on the map", lambda: show_on_map("4 Bridge Street, HP20 1AB")),
            secondary("Copy", lambda: copy(session, "4 Bridge Street")),
            Fragile(note),
        ],
        actions=[icon_button(ft.Icons.SEARCH, "Search", go("/families"))],
        foot=primary("Save", lambda: write(vault, text)),
    )


@part
def Fragile(note: str) -> ft.Control:
    if note == "break":
        raise ValueError("a record of the Orchid family")
    if note == "refused":
        return ft.FilledButton()  # a button without words: Flet raises where no guard of ours is
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
    handed=lambda: Porch("A form", [line("Thank you")]),
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
    door = door or Door()
    furnishing = Furnishing(casebook=small_casebook, exchange=lambda _vault: None)
    session = Session(
        folder=folder or door.folder,
        furnishing=furnishing,
        vault=door.vault,
        clock=clock,
        rules=rules,
    )
    return session, opener(session, SCREENS)


class Nobody:
    """An access that grants nothing: these screens ask the vault themselves."""

    def found(self, *, linked_to: str | None = None) -> str:
        raise NotImplementedError

    def grant(self, casefile: str, person: str) -> None:
        raise NotImplementedError

    def remove(self, casefile: str, person: str) -> None:
        raise NotImplementedError

    def is_supervisor(self, device: str) -> bool:
        return False


def small_casebook(vault: Vault, _exchange: Any) -> Casebook:
    """A casebook without a team."""
    return Casebook(vault, clock=SystemClock(), access=Nobody())
