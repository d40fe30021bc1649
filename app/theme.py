"""Colour by role, generous type, large targets: legible to a tired person in the rain.

A warm paper ground with one door-green accent used sparingly. Screens name roles
(`ft.Colors.PRIMARY`, `ERROR_CONTAINER`), never hues, and never say anything by colour alone.
"""

from __future__ import annotations

import flet as ft

from app.fonts import FALLBACKS, FONTS, STRONG
from app.settings import Brightness, Settings, TextSize

SEED = "#2C6150"
"""A door's green: the one accent of the product."""

SCALES: dict[TextSize, float] = {"normal": 1.0, "large": 1.3, "largest": 1.6}
TARGET = 48
"""Smallest side of anything that can be tapped, logical pixels (WCAG 2.5.5 asks for 44)."""
TIGHT, GAP, ROOM, WIDE_ROOM = 4, 8, 16, 24
"""Spaces: inside a line, between lines, around a card, around a page on a tablet."""
ROUND = 14
NARROW, READABLE, BROAD = 520, 720, 1120
"""Widest column for one question, for text that is read with ease, and for two columns; logical
pixels at the normal text size."""

_PLAIN, _STRONG = "NotoSans", STRONG
# Size, line height, font. Body text starts at 17: read at arm's length, outdoors.
STYLES: dict[str, tuple[float, float, str]] = {
    "display_large": (44, 1.15, _STRONG),
    "display_medium": (38, 1.15, _STRONG),
    "display_small": (32, 1.2, _STRONG),
    "headline_large": (30, 1.2, _STRONG),
    "headline_medium": (26, 1.25, _STRONG),
    "headline_small": (23, 1.25, _STRONG),
    "title_large": (20, 1.3, _STRONG),
    "title_medium": (18, 1.35, _STRONG),
    "title_small": (16, 1.35, _STRONG),
    "body_large": (17, 1.45, _PLAIN),
    "body_medium": (16, 1.45, _PLAIN),
    "body_small": (14, 1.4, _PLAIN),
    "label_large": (16, 1.3, _STRONG),
    "label_medium": (14, 1.3, _STRONG),
    "label_small": (13, 1.3, _STRONG),
}

# Contrast of text on its ground is 7:1 or better in both schemes; see tests/on_screen.
LIGHT = ft.ColorScheme(
    primary="#245443",
    on_primary="#FFFFFF",
    primary_container="#CFE9DC",
    on_primary_container="#0B2C20",
    secondary="#5A5347",
    on_secondary="#FFFFFF",
    secondary_container="#EBE2D3",
    on_secondary_container="#2A241A",
    tertiary="#7A4B00",
    on_tertiary="#FFFFFF",
    tertiary_container="#FFE2B3",
    on_tertiary_container="#3A2300",
    error="#9C1C1C",
    on_error="#FFFFFF",
    error_container="#FCDAD5",
    on_error_container="#47090B",
    surface="#FBF8F2",
    on_surface="#1D1B17",
    on_surface_variant="#4A453C",
    surface_container_lowest="#FFFFFF",
    surface_container_low="#F6F1E8",
    surface_container="#F1EBE0",
    surface_container_high="#EBE4D7",
    surface_container_highest="#E5DDCE",
    outline="#766F62",
    outline_variant="#CFC6B6",
    inverse_surface="#33302A",
    on_inverse_surface="#F7F1E6",
    inverse_primary="#A4D3BF",
    surface_tint="#FBF8F2",
)
DARK = ft.ColorScheme(
    primary="#A4D8C1",
    on_primary="#06281C",
    primary_container="#21493A",
    on_primary_container="#D3F0E1",
    secondary="#D3C8B6",
    on_secondary="#2C261B",
    secondary_container="#423B2F",
    on_secondary_container="#F0E6D5",
    tertiary="#FFC978",
    on_tertiary="#3A2300",
    tertiary_container="#5B3A00",
    on_tertiary_container="#FFE6C2",
    error="#FFB4AA",
    on_error="#4F0A0A",
    error_container="#7A1518",
    on_error_container="#FFE2DE",
    surface="#171512",
    on_surface="#F1EBE1",
    on_surface_variant="#D3CABB",
    surface_container_lowest="#110F0D",
    surface_container_low="#1F1C18",
    surface_container="#24211C",
    surface_container_high="#2E2A24",
    surface_container_highest="#39342D",
    outline="#A59C8C",
    outline_variant="#4E483E",
    inverse_surface="#EDE6DA",
    on_inverse_surface="#302D27",
    inverse_primary="#1F4D3D",
    surface_tint="#171512",
)

_MODES: dict[Brightness, ft.ThemeMode] = {
    "system": ft.ThemeMode.SYSTEM,
    "light": ft.ThemeMode.LIGHT,
    "dark": ft.ThemeMode.DARK,
}


def dress(page: ft.Page, chosen: Settings) -> None:
    """Put fonts, colours, text sizes and locale on a page; call inside its context."""
    scale = SCALES[chosen.text_size]
    page.fonts = {} if page.web else FONTS
    page.theme = theme(LIGHT, scale)
    page.dark_theme = theme(DARK, scale)
    page.theme_mode = _MODES[chosen.brightness]
    language, _, country = chosen.language.partition("_")
    here = ft.Locale(language, country or None)
    page.locale_configuration = ft.LocaleConfiguration(
        supported_locales=[here], current_locale=here
    )


def theme(colours: ft.ColorScheme, scale: float) -> ft.Theme:
    """One scheme at one text size."""
    styles = {
        name: _style(size * scale, height, font, ft.Colors.ON_SURFACE)
        for name, (size, height, font) in STYLES.items()
    }

    def worded(name: str, colour: ft.ColorValue = ft.Colors.ON_SURFACE) -> ft.TextStyle:
        size, height, font = STYLES[name]
        return _style(size * scale, height, font, colour)

    # A button's text style must leave the colour to the button's own role.
    size, height, font = STYLES["label_large"]
    button = _style(size * scale, height, font, None)
    tall = ft.Padding.symmetric(horizontal=20, vertical=12)
    shape = ft.RoundedRectangleBorder(radius=ROUND)
    return ft.Theme(
        color_scheme_seed=SEED,
        color_scheme=colours,
        scaffold_bgcolor=colours.surface,
        text_theme=ft.TextTheme(**styles),
        visual_density=ft.VisualDensity.STANDARD,
        filled_button_theme=ft.FilledButtonTheme(
            style=ft.ButtonStyle(
                text_style=button, padding=tall, shape=shape, icon_size=round(20 * scale)
            )
        ),
        outlined_button_theme=ft.OutlinedButtonTheme(
            style=ft.ButtonStyle(
                text_style=button, padding=tall, shape=shape, icon_size=round(20 * scale)
            )
        ),
        text_button_theme=ft.TextButtonTheme(
            style=ft.ButtonStyle(
                text_style=button,
                padding=ft.Padding.symmetric(horizontal=14, vertical=12),
                icon_size=round(20 * scale),
            )
        ),
        icon_theme=ft.IconTheme(
            size=round(24 * min(scale, 1.35)), color=colours.on_surface_variant
        ),
        appbar_theme=ft.AppBarTheme(
            bgcolor=colours.surface,
            color=colours.on_surface,
            elevation=0,
            title_text_style=worded("title_large"),
            center_title=False,
        ),
        card_theme=ft.CardTheme(color=colours.surface_container_lowest, elevation=0),
        snackbar_theme=ft.SnackBarTheme(
            content_text_style=worded("body_medium", colours.on_inverse_surface or ""),
        ),
        list_tile_theme=ft.ListTileTheme(
            title_text_style=worded("body_large"),
            subtitle_text_style=worded("body_small", colours.on_surface_variant or ""),
        ),
        navigation_bar_theme=ft.NavigationBarTheme(
            bgcolor=colours.surface_container_low,
            indicator_color=colours.primary_container,
            # Five words side by side on a phone: they grow a little, then they would break.
            label_text_style=_style(13 * min(scale, 1.1), 1.2, _STRONG, colours.on_surface),
        ),
        navigation_rail_theme=ft.NavigationRailTheme(
            bgcolor=colours.surface_container_low,
            indicator_color=colours.primary_container,
            selected_label_text_style=worded("label_medium"),
            unselected_label_text_style=worded("label_medium"),
        ),
        page_transitions=ft.PageTransitionsTheme(
            android=ft.PageTransitionTheme.NONE,
            ios=ft.PageTransitionTheme.CUPERTINO,
            linux=ft.PageTransitionTheme.NONE,
            macos=ft.PageTransitionTheme.NONE,
            windows=ft.PageTransitionTheme.NONE,
        ),
    )


def _style(size: float, height: float, font: str, colour: ft.ColorValue | None) -> ft.TextStyle:
    return ft.TextStyle(
        size=round(size, 1),
        height=height,
        # A file for each weight: asked for a heavier one, the client would smear this one.
        weight=ft.FontWeight.NORMAL,
        color=colour,
        letter_spacing=0,
        font_family=font,
        font_family_fallback=FALLBACKS,
    )
