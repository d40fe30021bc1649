"""Documents that leave for paper: what they are, for whom, and the record that one was made.

Pure. What may stand in one is decided in `disclosure`; how it looks is no matter of casework.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.casework.chronology import Item
from app.casework.disclosure import Disclosure, Kept
from app.casework.plan import Plan


class Sheet(StrEnum):
    """What a document is."""

    PLAN = "plan"
    CHRONOLOGY = "chronology"
    CONFERENCE = "conference"
    LIST = "list"


LISTS = (
    "families", "waiting-list", "time-limits", "caseloads", "panel", "appraisals", "figures",
    "service-figures",
)  # fmt: skip
"""Lists of several families that can be taken away; any other name is that of a figure, whose
records were taken."""


class MeantFor(StrEnum):
    """Who a document is made for. What a court or conference gets, the family's people read too."""

    FAMILY = "family"
    CONFERENCE = "conference"
    COURT = "court"
    SERVICE = "service"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperForm:
    """A document as it was handed over. `of`: the plan, or which list; empty for a family's own.

    `persons` are those of the family who read it. `left_out` and `put_in` are ids of
    `disclosure.LeftOut`. `digest` is SHA-256 over the file, hexadecimal.
    """

    what: Sheet
    meant_for: MeantFor
    of: str = ""
    persons: tuple[str, ...] = ()
    to: str = ""
    words: tuple[str, ...] = ()
    """What its writer said in it herself, part by part."""
    pages: int = 0
    rows: int = 0
    """Of a list, how many."""
    left_out: tuple[str, ...] = ()
    put_in: tuple[str, ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperMade:
    """The record of one: what, for whom, by whom and when. `family` is empty for a list."""

    id: str
    family: str
    at: datetime
    author: str
    form: PaperForm
    sent: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPaper:
    """A plan as the reader may have it, and what is not in it."""

    plan: Plan
    disclosure: Disclosure


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a chronology or a report may say to its reader, and what is not in it.

    `risks` and `addresses` are kept pieces that still hold; `plans` the plans that hold, with only
    what may be said of them. A chronology has the items alone.
    """

    items: tuple[Item, ...]
    disclosure: Disclosure
    risks: tuple[Kept, ...] = ()
    addresses: tuple[Kept, ...] = ()
    plans: tuple[Plan, ...] = ()


def as_disclosed(plan: Plan, kept: Iterable[Kept]) -> Plan:
    """The plan with only what may be said of it, in the words that may be said."""
    words = {one.piece.id: one.text for one in kept}
    return replace(
        plan,
        text=words.get(plan.id, ""),
        goals=tuple(replace(g, text=words[g.id]) for g in plan.goals if g.id in words),
        actions=tuple(replace(a, text=words[a.id]) for a in plan.actions if a.id in words),
        reviews=tuple(replace(v, text=words[v.id]) for v in plan.reviews if v.id in words),
    )
