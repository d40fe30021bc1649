"""Puts a message into the words one person will read: her language, her format, her dates.

Where a service answers in two languages and nobody has asked which one she wants, both go, Welsh
first. Only the worker's first name is given. Must not know over which number the text goes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache

from babel.dates import format_date

from app.casework.folding import folded
from app.casework.profile.messages import Template

EASY_READ = "easy_read"

_NAMES = {
    "en": frozenset({"en", "eng", "english", "saesneg"}),
    "cy": frozenset({"cy", "cym", "wel", "welsh", "cymraeg"}),
}
_LOCALES = {"en": "en_GB", "cy": "cy"}
_BETWEEN = "\n"
_PARTS = {
    "greeting": "voice_greeting",
    "confirmed": "voice_confirmed",
    "changed": "voice_change",
    "stopped": "voice_confirmed",
}
"""Parts of a call by the desk's names, and the templates for them; each after its key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a message tells: the start on the wall clock where the person lives, and who comes.

    `before` is the start that an earlier message told, in a correction.
    """

    starts: datetime
    worker: str
    before: datetime | None = None


def languages_for(
    preference: str, offered: Sequence[str], until_known: Sequence[str]
) -> tuple[str, ...]:
    """The languages to write in, in order: the one she wants, or `until_known` if nobody asked.

    A preference that the service cannot write in, such as Somali, gets English: it can be read out
    or put into a translator, and is no second choice of hers.
    """
    asked = folded(preference)
    if not asked:
        return tuple(until_known) or tuple(offered[:1])
    named = [code for code in offered if asked in _NAMES.get(code, frozenset())]
    return tuple(named) or (("en",) if "en" in offered else (offered[0],))


def compose(template: Template, facts: Facts, *, languages: Sequence[str], easy: bool) -> str:
    """The exact text."""
    return _BETWEEN.join(
        template.said(language, easy=easy).format(**_filled(facts, language))
        for language in languages
    )


def spoken(
    templates: Mapping[str, Template], details: Template, facts: Facts, *, languages: Sequence[str]
) -> dict[str, dict[str, str]]:
    """What an automated call says, by language and part, as the desk names the parts.

    `details` follow a key only; before it nothing is told but who rings.
    """
    parts = {name: templates[key] for name, key in _PARTS.items() if key in templates}
    return {
        language: {
            name: compose(one, facts, languages=(language,), easy=False)
            for name, one in {**parts, "details": details}.items()
        }
        for language in languages
    }


def aloud(voice: Mapping[str, Mapping[str, str]]) -> str:
    """The words of a call in the order in which they are heard, for reading beforehand."""
    return _BETWEEN.join(
        said[part] for said in voice.values() for part in ("greeting", "details") if part in said
    )


def _filled(facts: Facts, language: str) -> Mapping[str, str]:
    said = {"worker": facts.worker, **_when(facts.starts, language, "")}
    return {**said, **_when(facts.before or facts.starts, language, "_before")}


def _when(at: datetime, language: str, ending: str) -> Mapping[str, str]:
    on = at.date()
    return {
        f"weekday{ending}": _weekday(on, language),
        f"date{ending}": _day_of_month(on, language),
        f"time{ending}": _clock(at.time(), language),
    }


@lru_cache(maxsize=4096)
def _weekday(on: date, language: str) -> str:
    name = format_date(on, "EEEE", locale=_LOCALES[language])
    # Welsh softens the first letter in "on Tuesday": Dydd Mawrth, but ddydd Mawrth.
    return f"dd{name[1:]}" if name.startswith("Dydd ") else name


@lru_cache(maxsize=4096)
def _day_of_month(on: date, language: str) -> str:
    return format_date(on, "d MMMM", locale=_LOCALES[language])


def _clock(at: time, language: str) -> str:
    """`10am`, `2:30pm`; in Welsh `10yb`, `2:30yp`."""
    hour = at.hour % 12 or 12
    half = ("yb", "yp") if language == "cy" else ("am", "pm")
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{hour}{minutes}{half[at.hour >= 12]}"
