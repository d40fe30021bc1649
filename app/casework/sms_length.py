"""How long a text message is on its way: its alphabet, its characters and its parts.

One letter outside the old GSM alphabet, such as ŵ or ŷ, turns a message of 160 characters into
parts of 70. Whoever books sees that before saving.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""Source: 3GPP TS 23.038, the GSM 7 bit default alphabet, without its escape."""

GSM_EXTENSION = frozenset("\f^{}\\[~]|€")
"""Each of these is sent as an escape and a second character. Source: the same, table 6.2.1.1."""

Alphabet = Literal["GSM-7", "UCS-2"]
_SINGLE: dict[Alphabet, int] = {"GSM-7": 160, "UCS-2": 70}
_JOINED: dict[Alphabet, int] = {"GSM-7": 153, "UCS-2": 67}
"""Parts of a longer message give up room to say that they belong together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsLength:
    """`units` are what the network counts: septets, or UTF-16 code units. `parts` is 0 for none.

    `unusual` are the characters that force the long alphabet, each once, in order.
    """

    alphabet: Alphabet
    units: int
    parts: int
    unusual: tuple[str, ...] = ()


def sms_length(text: str) -> SmsLength:
    """What sending that text takes."""
    unusual = tuple(dict.fromkeys(c for c in text if c not in GSM_BASIC | GSM_EXTENSION))
    alphabet: Alphabet = "UCS-2" if unusual else "GSM-7"
    widths = [_width(c, alphabet) for c in text]
    units = sum(widths)
    single, joined = _SINGLE[alphabet], _JOINED[alphabet]
    parts = min(units, 1) if units <= single else _packed(widths, joined)
    return SmsLength(alphabet=alphabet, units=units, parts=parts, unusual=unusual)


def _width(character: str, alphabet: Alphabet) -> int:
    if alphabet == "UCS-2":
        return len(character.encode("utf-16-le")) // 2
    return 2 if character in GSM_EXTENSION else 1


def _packed(widths: list[int], room: int) -> int:
    """Parts needed when no character is torn in two."""
    parts, used = 1, 0
    for width in widths:
        if used + width > room:
            parts, used = parts + 1, 0
        used += width
    return parts
