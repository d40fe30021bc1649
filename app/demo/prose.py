"""Composes notes from many sentences, fitting the baby's age and the family's own themes.

Each family draws from bags of its own, so that no sentence comes twice in a family before all
others of its kind have been used.
"""

from __future__ import annotations

import re
from datetime import date

from app.casework.gestation import gestation_on
from app.demo import sentences_home as home
from app.demo import sentences_talk as talk
from app.demo.chance import Chance
from app.demo.households import Household
from app.wording.vocabulary import word

_ABOUT_BABY = re.compile(r"\{(baby|he|him|his|He|himself)\}")
_AFTER_BIRTH = re.compile(
    r"\b(pram|bottle|latch|feed|feeding|nappies|nappy|formula|breastfeeding|weaning|cough|cry|"
    r"crying|cot|bath|toy|injections?|surgery|sling|bathtime|song|bedtimes?|nursery|six hours|"
    r"baby group)\b",
    re.IGNORECASE,
)
_PROTECTION = re.compile(r"\b(conference|core group|assessment|court|solicitor)\b")
_UNDER_PROTECTION = frozenset({"child_protection_plan", "pre_proceedings", "care_proceedings"})
_NEWBORN_WEEKS, _INFANT_WEEKS = 9, 27


def fits(household: Household, text: str) -> bool:
    """Whether a sentence can be about that family: partner, interpreter, proceedings."""
    if "{partner}" in text and not household.partner:
        return False
    if "interpreter" in text and not household.language:
        return False
    if "children who are not with me" in text and "past_removal" not in household.themes:
        return False
    return not _PROTECTION.search(text) or bool(_UNDER_PROTECTION & set(household.legal))


class Prose:
    """Writes about one family."""

    def __init__(self, household: Household, due: date, born: date | None, chance: Chance) -> None:
        self._household = household
        self._due = due
        self._born = born
        self._chance = chance

    def visit(self, on: date, *, at_home: bool) -> str:
        """A family worker's note: with headings more often than not."""
        said = self._draw_said(on, self._chance.number("said", 1, 3))
        parts = {
            "home_conditions": self._some(on, "home", home.HOME, 1, 2),
            "what_we_did": self._did(on),
            "parent_and_child": self._together(on),
            "how_baby_is": self._baby(on),
            "what_parent_said": said,
            "worries": self._some(on, "worries", talk.WORRIES, 1, 1),
            "strengths": self._strengths(on),
            "agreed_next": self._some(on, "next", talk.NEXT, 1, 2),
        }
        if not at_home:
            parts["home_conditions"] = self._some(on, "centre", home.CENTRE, 1, 2)
        if at_home and self._chance.happens("headings", 0.55):
            return "\n\n".join(
                f"{word('heading', code)}\n{' '.join(text)}" for code, text in parts.items() if text
            )
        return _paragraphs(
            [*parts["home_conditions"], *parts["how_baby_is"]],
            [*parts["what_we_did"], *parts["parent_and_child"]],
            said,
            [*parts["worries"], *parts["strengths"], *parts["agreed_next"]],
        )

    def session(self, on: date) -> str:
        """A therapist's note."""
        return _paragraphs(
            [*self._some(on, "clinic", home.CLINIC, 1, 2), *self._baby(on)[:1]],
            [
                *self._some(on, "therapy", talk.THERAPY, 1, 2),
                *self._draw_said(on, self._chance.number("said", 1, 2)),
            ],
            [*self._together(on)[:1], *self._some(on, "reflection", talk.REFLECTION, 1, 2)],
            self._some(on, "next", talk.NEXT, 1, 1),
        )

    def disclosure(self, on: date) -> str:
        """A restricted note: short, exact, in the parent's words."""
        said = [s for s in talk.SAID["partner"] if fits(self._household, s)]
        return _paragraphs(
            ["{mum} asked to speak out of the house and that nobody else should read this."],
            [self._chance.draw("disclosure", said)],
            [
                "Asked directly: she is safe tonight and knows whom to ring.",
                "She does not want the address or the times of our visits written anywhere else.",
                "Discussed with Grace by telephone the same afternoon.",
            ],
            fill=self._fill(on),
        )

    def meeting(self, on: date) -> str:
        """A care coordinator's note of a meeting with other professionals."""
        return _paragraphs(
            ["Core group at the health centre, all invited present but housing."],
            [
                "Went through the plan line by line.",
                *self._strengths(on),
                *self._some(on, "worries", talk.WORRIES, 1, 1),
            ],
            self._some(on, "next", talk.NEXT, 2, 2),
            fill=self._fill(on),
        )

    def call(self, on: date) -> str:
        """What a telephone contact was about."""
        fitting = [
            s
            for s in talk.CALLS
            if fits(self._household, s) and (self._is_born(on) or not _AFTER_BIRTH.search(s))
        ]
        return self._filled(on, [self._chance.draw("calls", fitting)])[0]

    def _is_born(self, on: date) -> bool:
        return self._born is not None and on >= self._born

    def _baby(self, on: date) -> list[str]:
        if self._born is None or on < self._born:
            return self._some(on, "expected", home.BABY_EXPECTED, 1, 2)
        weeks = (on - self._born).days // 7
        if weeks < _NEWBORN_WEEKS:
            return self._some(on, "new", home.BABY_NEW, 1, 3)
        if weeks < _INFANT_WEEKS:
            return self._some(on, "infant", home.BABY_INFANT, 1, 3)
        return self._some(on, "older", home.BABY_OLDER, 1, 3)

    def _together(self, on: date) -> list[str]:
        if self._is_born(on):
            return self._some(on, "together", home.TOGETHER, 1, 2)
        return self._some(on, "together before", home.TOGETHER_EXPECTED, 0, 1)

    def _did(self, on: date) -> list[str]:
        bank = talk.DID if self._is_born(on) else talk.DID_EXPECTED
        return self._some(on, f"did {len(bank)}", bank, 1, 2)

    def _strengths(self, on: date) -> list[str]:
        bank = talk.STRENGTHS if self._is_born(on) else talk.STRENGTHS_EXPECTED
        return self._some(on, f"strengths {len(bank)}", bank, 0, 1)

    def _draw_said(self, on: date, count: int) -> list[str]:
        themes = self._household.themes
        found: list[str] = []
        for _ in range(count):
            theme = self._chance.one_of("theme", themes)
            found += self._some(on, f"said {theme}", talk.SAID[theme], 1, 1)
        return list(dict.fromkeys(found))

    def _some(
        self, on: date, purpose: str, bank: tuple[str, ...], low: int, high: int
    ) -> list[str]:
        born = self._is_born(on)
        fitting = [
            s
            for s in bank
            if (born or not (_ABOUT_BABY.search(s) or _AFTER_BIRTH.search(s)))
            and fits(self._household, s)
        ]
        if not fitting:
            return []
        count = self._chance.number(f"{purpose} count", low, high)
        # Another bank before and after the birth is another bag.
        drawn = self._chance.draw_some(f"{purpose} {len(fitting)}", fitting, count)
        return self._filled(on, drawn)

    def _filled(self, on: date, texts: list[str]) -> list[str]:
        fill = self._fill(on)
        return [text.format_map(fill) for text in texts]

    def _fill(self, on: date) -> dict[str, str]:
        h = self._household
        she = ("she", "her", "her", "She", "herself")
        he = ("he", "him", "his", "He", "himself")
        subject, obj, possessive, capital, oneself = she if h.girl else he
        gestation = gestation_on(self._due, on)
        return {
            "mum": h.known_as or h.mother,
            "baby": h.baby or "the baby",
            "partner": h.partner.split()[0] if h.partner else "her partner",
            "he": subject,
            "him": obj,
            "his": possessive,
            "He": capital,
            "himself": oneself,
            "weeks": str(gestation) if gestation else "still early",
        }


def _paragraphs(*parts: list[str], fill: dict[str, str] | None = None) -> str:
    text = "\n\n".join(" ".join(part) for part in parts if part)
    return text.format_map(fill) if fill else text
