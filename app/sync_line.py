"""The sync line: what is only on this device, in sight wherever one is.

Knows what a tab was told (`SyncGlance`); who counts and sends is the rounds' business.
"""

from __future__ import annotations

import flet as ft

from app.guards import part
from app.navigation import go
from app.state import SyncGlance, use_look, use_sync
from app.theme import TARGET
from app.wording import _, ngettext


def sync_words(glance: SyncGlance) -> str:
    """The sync line: `Sending 12 of 14`, `3 only on this device`, `All sent`.

    The last is said only of what was counted.
    """
    if glance.total and glance.done is not None and glance.done < glance.total:
        return _("Sending {done} of {total}").format(done=glance.done, total=glance.total)
    if glance.waiting is None:
        return _("Checking what is unsent")
    if glance.waiting:
        return ngettext(
            "{n} only on this device", "{n} only on this device", glance.waiting
        ).format(n=glance.waiting)
    return _("All sent")


def _sync_icon(glance: SyncGlance) -> ft.IconData:
    if glance.trouble:
        return ft.Icons.SYNC_PROBLEM
    if glance.total and glance.done is not None and glance.done < glance.total:
        return ft.Icons.CLOUD_UPLOAD_OUTLINED
    if glance.waiting is None:
        return ft.Icons.CLOUD_OUTLINED
    if glance.waiting:
        return ft.Icons.CLOUD_OFF if glance.offline else ft.Icons.CLOUD_QUEUE
    return ft.Icons.CLOUD_DONE_OUTLINED


@part
def SyncSign() -> ft.Control:
    """In the bar, where there is room for the sync line in full."""
    glance = use_sync()
    words = sync_words(glance)
    if glance.trouble:
        words = _("{state}, needs a look").format(state=words)
    return ft.TextButton(
        words,
        icon=_sync_icon(glance),
        on_click=go("/sync"),
        style=ft.ButtonStyle(padding=ft.Padding.symmetric(horizontal=14, vertical=15)),
    )


@part
def SyncStrip() -> ft.Control:
    """On a phone: the sync line below the bar. It stays when all is sent, or the page would move
    under a thumb that is on its way to a button.
    """
    glance, look = use_sync(), use_look()
    if look.wide:
        return ft.Container(height=0)
    attention = glance.trouble
    ground = ft.Colors.TERTIARY_CONTAINER if attention else ft.Colors.SURFACE_CONTAINER
    if not attention and not glance.waiting:
        ground = ft.Colors.SURFACE
    ink = ft.Colors.ON_TERTIARY_CONTAINER if attention else ft.Colors.ON_SURFACE
    words = sync_words(glance)
    if attention:
        words = _("{state}, needs a look").format(state=words)
    elif glance.offline and glance.waiting:
        words = _("{state}, sent when there is a signal").format(state=words)
    return ft.ListTile(
        title=ft.Text(words, theme_style=ft.TextThemeStyle.LABEL_MEDIUM, color=ink),
        leading=ft.Icon(_sync_icon(glance), size=20, color=ink),
        bgcolor=ground,
        min_height=TARGET,
        min_vertical_padding=6,
        on_click=go("/sync"),
        key="sync line",
    )
