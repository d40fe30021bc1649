"""What a service measures, with whom, when, and which way is better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.casework.profile.formula import Formula, Score
from app.casework.profile.words import NO_WORDS, Coded, Words

Better = Literal["lower", "higher", "neither"]
Direction = Literal["better", "worse", "same"]
Respondent = Literal["worker", "parent", "professional"]
Answer = Literal["score", "yes_no", "choice", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer that may be chosen, and the number it counts as."""

    value: int
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain(Coded):
    """One thing a measure asks or scores. `answer` says how it is filled in.

    `score`: a whole number from `least` to `most`. `yes_no`: 1 or 0. `choice`: one of `choices`.
    `text`: words, never counted. `better` overrides the measure's own direction. `easy` are the
    words for an easy-read form; empty: the ordinary ones.
    """

    answer: Answer = "score"
    least: int = 0
    most: int = 0
    choices: tuple[Choice, ...] = ()
    better: Better | None = None
    easy: Words = NO_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Coded):
    """A form with domains. `total` adds them up; None: each domain stands for itself.

    `occasions` are in the order in which they come; change is counted from the first to the last
    that was filled in unless a figure names others. `respondent` is who answers: the worker about
    the family, the parent on the tablet handed over, somebody of the group. `anonymous`: kept
    without a person and without an episode, in the team's own casefile.
    """

    domains: tuple[Domain, ...]
    total: Formula | None = None
    better: Better = "lower"
    occasions: tuple[Coded, ...]
    respondent: Respondent = "worker"
    anonymous: bool = False
    intro: Words = NO_WORDS
    """Said at the top of the form."""

    def domain(self, code: str) -> Domain | None:
        return next((d for d in self.domains if d.code == code), None)

    def total_of(self, scores: Mapping[str, Score]) -> float | None:
        """The total; None without a formula, or when a score that it needs is missing."""
        return self.total.total(scores) if self.total else None

    def direction(self, before: Score, after: Score, domain: str = "") -> Direction | None:
        """Whether going from one value to another is better or worse, of a domain or the total.

        A domain may get worse while the total gets better, and then says so. None for what has no
        better way.
        """
        found = self.domain(domain) if domain else None
        better = (found.better if found else None) or self.better
        if better == "neither":
            return None
        if before == after:
            return "same"
        return "better" if (after < before) is (better == "lower") else "worse"
