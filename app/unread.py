"""What stands in a field and cannot be read: it is shown, and nothing is saved before it is clear.

A date such as "31/02/2001" is neither a date nor nothing. Saving it as nothing would say that
somebody has no date of birth.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import flet as ft

C = TypeVar("C", bound=ft.BaseControl)


@dataclass(frozen=True, eq=False)
class Unread:
    """Put into a field's `data` while its words mean nothing. `notice` says so beside it."""

    notice: Callable[[], None]


def first_unread(page: ft.Page, pressed: ft.BaseControl) -> ft.TextField | None:
    """The first field nobody can read, of the view or dialog in which something was pressed."""
    for place in reversed([*within(page.views, ft.View), *within(_dialogs(page), ft.AlertDialog)]):
        if any(control._i == pressed._i for control in within(place, ft.BaseControl)):  # noqa: SLF001
            fields = (f for f in within(place, ft.TextField) if isinstance(f.data, Unread))
            return next(fields, None)
    return None


async def show_unread(field: ft.TextField) -> None:
    """Say beside the field what is wanted, and go there: it may be far above the button."""
    if isinstance(field.data, Unread):
        field.data.notice()
    await field.focus()


def within(part: object, kind: type[C], seen: set[int] | None = None) -> Iterator[C]:
    """Every control of that kind in a part of the tree, each once, outside before inside."""
    seen = set() if seen is None else seen
    if isinstance(part, ft.BaseControl):
        if id(part) in seen:
            return
        seen.add(id(part))
        if isinstance(part, kind):
            yield part
        for field in dataclasses.fields(part):
            if not field.metadata.get("skip"):
                yield from within(getattr(part, field.name), kind, seen)
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from within(inner, kind, seen)


def _dialogs(page: ft.Page) -> object:
    return page._dialogs.controls  # noqa: SLF001 - Flet offers no other way to see them
