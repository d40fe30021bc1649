"""A service as plain values: everything in which one service differs from another.

Read from one file each (see `reading`), frozen, and the same on every device. Nothing in the
product asks which service it is; it asks the profile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.casework.period import AT_HOME
from app.casework.profile.flow import (
    Appraisal,
    Check,
    Clock,
    Closure,
    DecisionKind,
    Panel,
    PlanKind,
    Stage,
)
from app.casework.profile.measures import Measure
from app.casework.profile.messages import LoneWorker, Reminders
from app.casework.profile.tiles import Funnel, Tile
from app.casework.profile.words import NO_WORDS, Coded, Words

Audience = Literal["family", "professional"]
Counts = Literal["attendance", "contact", "neither"]
Means = Literal["", "domestic_abuse", "learning_difficulty"]
Mechanism = Literal["01", "02", "09", "98"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRole(Coded):
    """A job in the team, such as senior social worker. `supervises`: invited as a supervisor."""

    supervises: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Function(Coded):
    """For what a worker is allocated to a family; several may hold at once.

    `needed_in`: stages in which a family without this function is shown to be missing somebody.
    """

    needed_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Caseload:
    """How many families one person of a role should have; `per_wte`: a full-time one."""

    role: str
    least: int
    most: int
    per_wte: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """How many families the team works with at once; None: no limit is stated."""

    families: int | None = None
    waiting_by: Literal["none", "locality"] = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue(Coded):
    """A kind of place. `travel`: one has to go there; telephone and video need none."""

    travel: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactKind(Coded):
    """A type of contact. `counts`: as attendance (it is booked, and somebody comes or does not),
    as contact only (telephone support), or as neither (supervision, a meeting without parents).

    `headings` are codes that a note of it starts with, None for those the app has for a standard
    code; `venue` and `minutes` are offered first.
    `mechanism` is the NHS's code for how it is held: 01 face to face, 02 telephone, 09 text,
    98 other.
    """

    counts: Counts = "attendance"
    headings: tuple[str, ...] | None = None
    venue: str = ""
    minutes: int = 60
    mechanism: Mechanism = "01"


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme(Coded):
    """A group or course: so many sessions, one every `every_days`; `audience` is who comes.

    `contact_type` is what each session is in a family's own records.
    """

    sessions: int
    every_days: int = 7
    minutes: int = 90
    audience: Audience = "family"
    contact_type: str = ""
    venue: str = ""
    places: int | None = None
    feedback: str = ""
    """The measure asked after the last session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement(Coded):
    """Where a child lives. `at_home`: the child belongs to the household that is visited."""

    at_home: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator(Coded):
    """Something held or not at the start and the end. `means` ties it to what the app must know.

    `domestic_abuse`: no automated message to a route that is not known to be safe.
    `learning_difficulty`: a worker rings, and texts are easy to read.
    """

    means: Means = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Everything of one service. `version` rises with every change that devices must notice.

    Each list is in the order in which screens offer it. `calendar` is whose bank holidays count;
    `languages` are those in which all words are given.
    """

    service: str
    name: Words
    version: int
    about: Words = NO_WORDS
    calendar: Literal["ENG", "WLS"]
    languages: tuple[str, ...]

    roles: tuple[JobRole, ...]
    teams: tuple[Coded, ...] = ()
    functions: tuple[Function, ...]
    caseload: tuple[Caseload, ...] = ()
    capacity: Capacity = Capacity()
    localities: tuple[Coded, ...] = ()

    sources: tuple[Coded, ...]
    via: tuple[Coded, ...] = ()
    eligibility: tuple[Check, ...] = ()
    stages: tuple[Stage, ...]
    clocks: tuple[Clock, ...] = ()
    decisions: tuple[DecisionKind, ...] = ()
    panel: Panel | None = None
    plans: tuple[PlanKind, ...] = ()
    agencies: tuple[Coded, ...] = ()
    appraisals: tuple[Appraisal, ...] = ()
    closures: tuple[Closure, ...]
    destinations: tuple[Coded, ...] = ()

    legal: tuple[Coded, ...]
    placements: tuple[Placement, ...]
    indicators: tuple[Indicator, ...] = ()
    consents: tuple[Coded, ...]

    contact_types: tuple[ContactKind, ...]
    venues: tuple[Venue, ...]
    headings: tuple[Coded, ...] = ()
    programmes: tuple[Programme, ...] = ()
    interventions: tuple[Coded, ...] = ()
    measures: tuple[Measure, ...] = ()

    reminders: Reminders
    lone_worker: LoneWorker
    stale_hours: int
    """A device that was silent so long is shown to supervisors."""
    small_numbers: int = 5
    """Counts from 1 to one less than this are not published: they could point at somebody."""
    sections: tuple[Coded, ...] = ()
    tiles: tuple[Tile, ...] = ()
    funnels: tuple[Funnel, ...] = ()

    _words: Mapping[str, Mapping[str, Words]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        words: dict[str, dict[str, Words]] = {}
        for vocabulary, one in self._every_code():
            words.setdefault(vocabulary, {})[one.code] = one.words
        object.__setattr__(self, "_words", words)

    @property
    def first_stage(self) -> Stage:
        """Where a referral begins."""
        return self.stages[0]

    @property
    def closing_stage(self) -> Stage:
        """The first stage that closes."""
        return next(s for s in self.stages if s.closes)

    @property
    def by_telephone(self) -> str:
        """The contact type of support by telephone that is not an appointment."""
        found = (c.code for c in self.contact_types if c.counts == "contact")
        return next(found, "telephone_support")

    @property
    def at_home(self) -> frozenset[str]:
        """Placements of children who belong to the household that is visited.

        A standard one that this service does not offer stays what it is: records may still have it.
        """
        said = {p.code for p in self.placements}
        return frozenset(p.code for p in self.placements if p.at_home) | (AT_HOME - said)

    def most_families(self, job: str, wte: float) -> int | None:
        """How many families somebody of that job should have at most; None: nothing is said.

        `job` is the code of a role or what it is called, as a worker's record may hold either.
        """
        limit = self._limit(job)
        return None if limit is None else _share(limit, limit.most, wte)

    def least_families(self, job: str, wte: float) -> int | None:
        """How many families somebody of that job should have at least; None: nothing is said."""
        limit = self._limit(job)
        return None if limit is None else _share(limit, limit.least, wte)

    def _limit(self, job: str) -> Caseload | None:
        for limit in self.caseload:
            role = next(r for r in self.roles if r.code == limit.role)
            if job and job in (role.code, role.words.en, role.words.cy):
                return limit
        return None

    def stage(self, code: str) -> Stage | None:
        return next((s for s in self.stages if s.code == code), None)

    def contact_type(self, code: str) -> ContactKind | None:
        return next((c for c in self.contact_types if c.code == code), None)

    def clock(self, code: str) -> Clock | None:
        return next((c for c in self.clocks if c.code == code), None)

    def measure(self, code: str) -> Measure | None:
        return next((m for m in self.measures if m.code == code), None)

    def programme(self, code: str) -> Programme | None:
        return next((p for p in self.programmes if p.code == code), None)

    def codes(self, vocabulary: str) -> tuple[str, ...] | None:
        """The codes this service offers of a vocabulary, in order; None: it has no say in it.

        Vocabularies are named as the wording names them, in the singular: `stage`, `source`,
        `contact_type`, `venue_type`, `function`, `closure`, and so on (see VOCABULARIES); those
        that lie inside an entry as `outcome:panel` or `domain:resilience`.
        """
        if vocabulary not in VOCABULARIES and vocabulary not in self._words:
            return None
        return tuple(self._words.get(vocabulary, ()))

    def word(self, vocabulary: str, code: str, language: str) -> str:
        """This service's own words for a code, in a language such as `cy_GB`; empty for none."""
        found = self._words.get(vocabulary, {}).get(code)
        return found.said(language) if found else ""

    def _every_code(self) -> Iterator[tuple[str, Coded]]:
        for vocabulary, name in VOCABULARIES.items():
            for one in getattr(self, name):
                yield vocabulary, one
        for measure in self.measures:
            for domain in measure.domains:
                yield f"domain:{measure.code}", domain
            for occasion in measure.occasions:
                yield "occasion", occasion
        for decision in self.decisions:
            for outcome in decision.outcomes:
                yield f"outcome:{decision.code}", outcome
        for check in self.eligibility:
            if check.why.en:
                yield "why", Coded(code=check.code, words=check.why)
        for clock in self.clocks:
            for pause in clock.pauses:
                yield "pause", pause
        for rule in self.reminders.rules:
            yield "rule", rule


def _share(limit: Caseload, families: int, wte: float) -> int:
    return max(1, int(families * wte)) if limit.per_wte else families


VOCABULARIES: Mapping[str, str] = {
    "job": "roles",
    "team": "teams",
    "function": "functions",
    "locality": "localities",
    "source": "sources",
    "via": "via",
    "check": "eligibility",
    "stage": "stages",
    "clock": "clocks",
    "decision": "decisions",
    "plan": "plans",
    "agency": "agencies",
    "appraisal": "appraisals",
    "closure": "closures",
    "destination": "destinations",
    "legal": "legal",
    "placement": "placements",
    "indicator": "indicators",
    "consent": "consents",
    "contact_type": "contact_types",
    "venue_type": "venues",
    "heading": "headings",
    "programme": "programmes",
    "intervention": "interventions",
    "measure": "measures",
    "section": "sections",
    "tile": "tiles",
    "funnel": "funnels",
}
"""What the wording calls each list of codes, and the field of the profile that holds it."""
