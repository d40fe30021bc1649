"""Recognises a picture that was pasted as characters, before it becomes a note nobody can read.

Three shapes are known: a data address (`data:image/png;base64,…`), bare base64 of an image file,
and the raw bytes of an image file shown as text. Long words of a real language never match.
"""

from __future__ import annotations

import re

SHORTEST = 512
"""Characters of unbroken base64 before it counts: no sentence, link or reference is that long."""

_DATA_ADDRESS = re.compile(r"data:image/[a-z0-9.+-]{1,40}(;[a-z0-9=-]{1,40})*[;,]", re.IGNORECASE)
_BASE64_RUN = re.compile(r"[A-Za-z0-9+/]{60,}(?:\r?\n[A-Za-z0-9+/=]{1,})*={0,2}")
_IMAGE_STARTS = ("iVBORw0KGgo", "/9j/", "R0lGOD", "UklGR", "Qk0", "AAAAIGZ0eXA", "AAAAHGZ0eXA")
_RAW_STARTS = ("\x89PNG", "‰PNG", "�PNG", "ÿØÿ", "GIF87a", "GIF89a")


def find_image(text: str) -> tuple[int, int] | None:
    """Where a pasted picture begins and ends, in characters, or None.

    Of a data address everything up to the next blank counts, so that removing it leaves the words.
    """
    address = _DATA_ADDRESS.search(text)
    if address:
        return address.start(), _next_blank(text, address.end())
    for run in _BASE64_RUN.finditer(text):
        if run.end() - run.start() >= SHORTEST and run.group().startswith(_IMAGE_STARTS):
            return run.start(), run.end()
    for start in _RAW_STARTS:
        at = text.find(start)
        if at >= 0 and _is_noise(text[at : at + SHORTEST]):
            return at, len(text)
    return None


def without_images(text: str) -> str:
    """The text with every pasted picture taken out and the words around it kept."""
    while found := find_image(text):
        text = text[: found[0]] + text[found[1] :]
    return text


def _next_blank(text: str, start: int) -> int:
    blank = re.compile(r"\s").search(text, start)
    return blank.start() if blank else len(text)


def _is_noise(sample: str) -> bool:
    """Whether the characters are a file's bytes rather than words that happen to begin alike."""
    odd = sum(not c.isprintable() and c not in "\r\n\t" for c in sample)
    return odd >= 4
