"""A text field that never takes back a letter while its owner types on.

Flet draws a field anew with every key, from what the app knew when it began to draw. Keys that
came in meanwhile would be overwritten, on the screen and in the record: at sixty milliseconds a
key, an ordinary pace, a third of a sentence went. So a field remembers what the app was told; where
the client's text has moved on since, drawing leaves it alone, and the event for it is on its way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft


@ft.control("TextField")  # type: ignore[arg-type]  # Flet's decorator is typed for no class
class TypedField(ft.TextField):
    """Like Flet's, drawn with what the app knows, unless the person is ahead of the app."""

    def init(self) -> None:
        self.heard = self.value

    def told(self) -> str:
        """What stands in it now; from here on the app knows it."""
        object.__setattr__(self, "heard", self.value)
        return str(self.value or "")

    def _migrate_state(self, other: ft.BaseControl) -> None:
        super()._migrate_state(other)
        if isinstance(other, TypedField) and other.value != other.heard:
            # Written past the check for changes: it is the client's own text, not news to it.
            self._values["value"] = other.value
            object.__setattr__(self, "heard", other.heard)


def value_to(change: Callable[[str], Any]) -> Callable[[Any], Any]:
    """A handler that tells `change` what stands in the field by the time it runs."""

    def tell(e: Any) -> Any:
        # Drawn anew since the key was pressed, the event's own control is not the one on screen.
        control = ft.context.page.get_control(e.control._i)  # noqa: SLF001 - survives a redraw
        field = control if isinstance(control, TypedField) else e.control
        return change(field.told())

    return tell
