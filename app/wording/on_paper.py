"""The fixed words of printed plans, in every language that a service speaks.

A paper may have two languages at once, which the catalogue of the screens cannot give. Welsh
stands first where it stands at all, as the Welsh Language Standards ask of letters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from babel.dates import format_date

_WORDS: Mapping[str, tuple[str, str]] = {
    "for": ("For", "Ar gyfer"),
    "agreed": ("Agreed on", "Cytunwyd ar"),
    "look_again": ("We look at it again on", "Byddwn yn edrych arno eto ar"),
    "purpose": ("What this plan is for", "Beth yw diben y cynllun hwn"),
    "goal": ("Goal", "Nod"),
    "besides": ("Also agreed", "Cytunwyd hefyd"),
    "by": ("by", "erbyn"),
    "done": ("done", "wedi'i wneud"),
    "reached": ("reached", "wedi'i gyflawni"),
    "residence": ("Where the baby is planned to live", "Ble bwriedir i'r babi fyw"),
    "worker": ("Your worker", "Eich gweithiwr"),
    "telephone": ("Telephone", "Ffôn"),
    "easy_title": ("Your plan", "Eich cynllun"),
    "easy_agreed": ("We made it on this day:", "Fe'i gwnaethom ar y diwrnod hwn:"),
    "easy_purpose": ("This is what it is for:", "Dyma'i ddiben:"),
    "easy_goal": ("We want this:", "Rydym eisiau hyn:"),
    "easy_who": ("Who does it:", "Pwy sy'n ei wneud:"),
    "easy_by": ("By this day:", "Erbyn y diwrnod hwn:"),
    "easy_besides": ("We also said:", "Dywedom ni hefyd:"),
    "easy_again": ("We talk about it again on this day:", "Siaradwn amdano eto ar y diwrnod hwn:"),
    "easy_residence": (
        "When the baby is born, the plan is that the baby lives here:",
        "Pan gaiff y babi ei eni, y cynllun yw y bydd y babi'n byw yma:",
    ),
    "easy_worker": ("You can talk to:", "Gallwch siarad â:"),
}


def said(key: str, languages: Sequence[str]) -> str:
    """The words in those languages (`cy_GB`, `en_GB`), one behind the other."""
    english, welsh = _WORDS[key]
    return " / ".join(welsh if one.startswith("cy") else english for one in languages)


def said_day(on: date, languages: Sequence[str]) -> str:
    """`Dydd Llun 23 Tachwedd 2026 / Monday 23 November 2026`."""
    return " / ".join(format_date(on, "EEEE d MMMM y", locale=one) for one in languages)
