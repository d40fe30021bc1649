"""A code of a service with its words in each language; the smallest part of a profile."""

from __future__ import annotations

from dataclasses import dataclass

LANGUAGES = ("en", "cy")
"""What a profile may speak: English and Welsh."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a code is called. Empty: it is a standard code, and the app's own words are used."""

    en: str = ""
    cy: str = ""

    def said(self, language: str) -> str:
        """In a language such as `cy_GB`; English where there is no Welsh; empty when neither."""
        return (self.cy if language.startswith("cy") else "") or self.en


NO_WORDS = Words()


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """One code of a list: what records keep, and what people read."""

    code: str
    words: Words = NO_WORDS
