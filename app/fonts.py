"""Which fonts the app brings along, so that a name is shown in the script it is written in.

Flet's client has Latin, Greek and Cyrillic; everything else would be boxes, because this app
fetches no font from anywhere. Made by build/fonts.py. A style that is to show what people wrote
needs `font_family_fallback=FALLBACKS`; the theme does that for all text.
"""

from typing import Final

_FAMILIES: Final = (
    # Text before emoji: a check mark in a note is a letter, not a picture.
    "NotoSans",
    "NotoSansMath",
    "NotoSansSymbols",
    "NotoSansSymbols2",
    "NotoSansArabic",
    "NotoSansHebrew",
    "NotoSansDevanagari",
    "NotoSansBengali",
    "NotoSansGurmukhi",
    "NotoSansGujarati",
    "NotoSansTamil",
    "NotoSansTelugu",
    "NotoSansMalayalam",
    "NotoSansSinhala",
    "NotoSansThai",
    "NotoSansEthiopic",
    "NotoSansArmenian",
    "NotoSansGeorgian",
    "NotoSansChinese",
    "NotoColorEmoji",
)

STRONG: Final = "NotoSansBold"
"""A family of its own, because `page.fonts` takes one file a family."""

FONTS: Final[dict[str, str]] = {family: f"/fonts/{family}.ttf" for family in (*_FAMILIES, STRONG)}
"""For `page.fonts` on a phone: family to path below assets/. In a browser leave that empty: the
page has them from assets/assets/FontManifest.json, all at once and before its first picture."""

FALLBACKS: Final[list[str]] = list(_FAMILIES)
"""For `font_family_fallback`: asked in this order for a character the main font lacks."""
