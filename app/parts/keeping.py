"""What is being filled in is kept: sealed on this device, taken up again on return.

One line for a screen:

    form = use_form("contact", Answers(), about=family, casefile=family)

and then `form.said` for what stands in it, `form.change(summary=...)` for every field,
`*form.notices` at the head of the page, and `form.done()` once it is saved.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import flet as ft

from app.casework.unfinished import said_since, taken_up
from app.parts import banners, buttons
from app.sheets import Sheet
from app.state import use_leaving, use_state, use_tab
from app.wording import _, moment, plain

if TYPE_CHECKING:
    from app.state import Tab

T = TypeVar("T")


def use_sheet(key: str, make: Callable[[], Sheet[T]]) -> Sheet[T]:
    """A hook: what is being written under that name, shared with every other tab that shows it.

    `make` begins it when no tab does. The key must be the same on every draw.
    """
    tab = use_tab()
    sheets = tab.session.sheets
    held: Any = ft.use_ref(None)
    if held.current is None:
        held.current = sheets.opened(key, make)
    sheet: Sheet[T] = held.current
    _count, redraw = use_state(0)
    use_leaving(sheet.save_now)

    def watch() -> None:
        sheets.watch(key, sheet, id(held), tab, lambda: redraw(lambda n: n + 1))

    def leave() -> None:
        sheets.leave(key, sheet, id(held))

    ft.use_effect(watch, dependencies=[], cleanup=leave)
    return sheet


@dataclass(frozen=True, eq=False, kw_only=True)
class Form(Generic[T]):
    """A form as one draw sees it."""

    sheet: Sheet[T]
    tab: Tab
    start: T
    drop: Callable[[], None]

    @property
    def said(self) -> T:
        """What stands in it. In a handler too, it is the newest."""
        return self.sheet.said

    @property
    def touched(self) -> bool:
        """Something differs from how it began."""
        return self.sheet.said != self.start

    def on(self, now: T) -> T:
        """What was filled in, on what is on record by now: what nobody touched here is as it is
        there, so that saving undoes nothing that a colleague said meanwhile.
        """
        return taken_up(now, said_since(self.start, self.sheet.said))

    def change(self, **given: Any) -> None:
        """Somebody filled in these fields."""
        self.sheet.put(replace(self.sheet.said, **given), self.tab)  # type: ignore[type-var]

    def put(self, said: T) -> None:
        """Somebody's choice fills in several fields at once."""
        self.sheet.put(said, self.tab)

    def done(self) -> None:
        """It is saved: nothing of it is kept as unfinished."""
        self.sheet.close("saved", self.tab)
        self.drop()

    def afresh(self) -> None:
        """Throw away what was filled in and begin again."""
        self.drop()
        self.sheet.began = None
        self.sheet.put(self.start, self.tab)

    @property
    def notices(self) -> list[ft.Control]:
        """What must be said of it: that it was begun earlier, or that it cannot be kept."""
        sheet, said = self.sheet, list[ft.Control]()
        if sheet.closed_elsewhere(self.tab):
            said.append(banners.banner(_("This was saved in another tab."), live=True))
        if sheet.began is not None:
            said.append(_began_earlier(self.tab, sheet.began, self.afresh))
        if sheet.refused is not None:
            said.append(banners.problem(plain(sheet.refused)))
        return said


def use_form(
    form: str,
    start: T,
    *,
    about: str = "",
    casefile: str | Callable[[T], str | None] | None = None,
    along: Collection[str] = (),
) -> Form[T]:
    """A hook: a form whose answers are kept until it is saved.

    `form` names it and `about` the record it is about: there is one unfinished form for the two.
    `start` is how it begins, a frozen dataclass of plain fields; only the first draw's counts.
    `casefile` is whose words they are, or finds it from the answers; the team's when they belong
    to no family. `along` are fields
    kept with what was filled in though nobody touched them, such as the time it was begun.
    """
    tab = use_tab()
    book = tab.session.casebook
    route = tab.trail.routes[-1] if tab.trail.routes else "/"
    first: ft.MutableRef[T | None] = ft.use_ref(None)
    if first.current is None:
        first.current = start
    begins = first.current

    def save(said: T) -> datetime | None:
        kept = book.unfinished.keep(
            form,
            about,
            said_since(begins, said, along),
            route=route,
            casefile=casefile(said) if callable(casefile) else casefile,
        )
        return book.now if kept else None

    def make() -> Sheet[T]:
        found = book.unfinished.find(form, about)
        if found is None:
            return Sheet(said=begins, save=save)
        return Sheet(
            said=taken_up(begins, found.said),
            save=save,
            kept_at=found.saved_at,
            began=found.saved_at,
        )

    sheet = use_sheet(f"{form} {about}", make)
    return Form(sheet=sheet, tab=tab, start=begins, drop=lambda: book.unfinished.drop(form, about))


def _began_earlier(tab: Tab, at: datetime, afresh: Callable[[], None]) -> ft.Control:
    return banners.banner(
        _("You began this earlier, {when}. It goes on where you left it.").format(
            when=moment(at, tab.session.clock.now())
        ),
        icon=ft.Icons.HISTORY,
        actions=[buttons.quiet(_("Start afresh"), afresh)],
    )
