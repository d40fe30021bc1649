"""What a parent reads while the tablet is in her hands, in each language a form may speak.

Apart from the catalogue, because the parent's language need not be the worker's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LANGUAGES: Mapping[str, str] = {"en": "English", "cy": "Cymraeg"}


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedWords:
    """Every sentence that the app itself says to her."""

    begin: str
    yes: str
    no: str
    finished: str
    check: str
    thanks: str
    give_back: str
    worker: str
    unnamed: str


_WORDS: Mapping[str, HandedWords] = {
    "en": HandedWords(
        begin="Please answer as you like. You can leave any question out.",
        yes="Yes",
        no="No",
        finished="I have finished",
        check="Please look at the marked answers again.",
        thanks="Thank you.",
        give_back="Please give the tablet back.",
        worker="For the worker: unlock",
        unnamed="Nobody will know that these answers are yours.",
    ),
    "cy": HandedWords(
        begin="Atebwch fel y mynnwch. Gallwch adael unrhyw gwestiwn allan.",
        yes="Ie",
        no="Na",
        finished="Rwyf wedi gorffen",
        check="Edrychwch eto ar yr atebion sydd wedi'u marcio.",
        thanks="Diolch.",
        give_back="Rhowch y dabled yn ôl, os gwelwch yn dda.",
        worker="I'r gweithiwr: datgloi",
        unnamed="Ni fydd neb yn gwybod mai chi roddodd yr atebion hyn.",
    ),
}


def handed_words(language: str) -> HandedWords:
    """For a language such as `cy_GB`; English where there are none."""
    return _WORDS.get(language[:2], _WORDS["en"])
