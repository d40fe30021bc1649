"""Reads the final text of a message for anything that would give somebody away.

A text lies on a locked screen for whoever picks the phone up. So the words that go out are checked
once more as they stand, after everything was filled in: a link, an address, the service's name, a
word of diagnosis or of danger. Unless it was agreed that the service may be named.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

_LINK = re.compile(
    r"https?:|www\.|\b[a-z0-9-]+\.(?:uk|com|org|net|info|io|ly|me|co|nhs|gov|wales|cymru)\b",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b", re.IGNORECASE)
_ACCENTS = re.compile("[\u0300-\u036f]+")
_NO_LETTERS = re.compile(r"[\W_]+")

TELLING = (
    "abuse", "violence", "refuge", "safeguarding", "child protection", "social services",
    "social worker", "mental health", "depression", "anxiety", "therapy", "therapist",
    "pregnant", "pregnancy", "midwife", "baby", "drugs", "alcohol", "court", "NHS", "CAMHS",
    "council", "camdriniaeth", "trais", "gwasanaethau cymdeithasol", "iechyd meddwl", "beichiog",
    "babi", "bydwraig", "cyffuriau", "cyngor",
)  # fmt: skip
"""Words of diagnosis, danger and authority, English and Welsh; a profile adds its own. An
assumption, to be read through with each service."""


class Indiscretion(StrEnum):
    """What a text gives away; the app words each."""

    LINK = "link"
    ADDRESS = "address"
    TELLING = "telling"
    SERVICE = "service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What must not stand in a message: names of the service, telling words, lines of addresses."""

    service: tuple[str, ...] = ()
    telling: tuple[str, ...] = TELLING
    addresses: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def indiscretions(
    text: str, secrets: Secrets, *, service_agreed: bool = False
) -> tuple[Indiscretion, ...]:
    """What that text gives away; empty when it may go. A link is never agreed to."""
    found = []
    said = _plain(text)
    if _LINK.search(text):
        found.append(Indiscretion.LINK)
    if _POSTCODE.search(text) or _mentions(said, secrets.addresses):
        found.append(Indiscretion.ADDRESS)
    if _mentions(said, secrets.telling):
        found.append(Indiscretion.TELLING)
    if not service_agreed and _mentions(said, secrets.service):
        found.append(Indiscretion.SERVICE)
    return tuple(found)


def _mentions(said: str, those: Collection[str]) -> bool:
    pattern = _pattern(tuple(those))
    return pattern is not None and pattern.search(said) is not None


@lru_cache(maxsize=256)
def _pattern(those: tuple[str, ...]) -> re.Pattern[str] | None:
    plain = [re.escape(bare) for bare in map(_plain, those) if len(bare) > 2]
    return re.compile(rf"\b(?:{'|'.join(plain)})\b") if plain else None


def _plain(text: str) -> str:
    """Lower case without accents, everything but letters a blank: "Mental-health" has two words."""
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return _NO_LETTERS.sub(" ", bare).strip()
