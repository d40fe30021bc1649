"""The dashboard's doorway: figures of the service's profile over what this device may see."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.casework.casebook.courses import KINDS as COURSE_KINDS
from app.casework.casebook.figure_cases import cases
from app.casework.casebook.figure_diary import appointments, contacts
from app.casework.casebook.figure_things import Collections, collections
from app.casework.casebook.ledger import Ledger
from app.casework.figures import Figure, Flow, Span, Thing, Unseen, WorkingOut

KINDS = (
    *COURSE_KINDS,
    "appointment", "attendance", "contact", "worker", "pregnancy", "life_event", "reminder",
    "receipt",
)  # fmt: skip
"""Kinds of record that figures are made of."""
_KEPT = 3
"""Spans whose figures are kept in mind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """Every figure of the service over one span, in the profile's order."""

    span: Span
    figures: tuple[Figure, ...]
    flows: tuple[Flow, ...]
    unseen: Unseen


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """One record behind a figure, as a list shows it. `own` is its value in a mean."""

    thing: Thing
    family: str
    name: str
    ref: str
    own: Fraction | None = None


class Figures:
    """Figures of the records on this device. Nobody's notes are read for them."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def dashboard(self, span: Span) -> Dashboard:
        """All tiles and funnels over that span."""
        profile, working = self._ledger.profile, self._working(span)
        return Dashboard(
            span=span,
            figures=tuple(working.tile(tile) for tile in profile.tiles),
            flows=tuple(working.funnel(funnel) for funnel in profile.funnels),
            unseen=self.unseen(),
        )

    def beginning(self) -> date | None:
        """The day of the first episode on this device."""
        days = (
            thing.case.opened
            for thing in self._collections().get("episodes", ())
            if thing.case is not None
        )
        return min(days, default=None)

    def tile(self, code: str, span: Span) -> Figure | None:
        """One tile of the profile; None for one that it does not have."""
        found = next((t for t in self._ledger.profile.tiles if t.code == code), None)
        return self._working(span).tile(found) if found else None

    def funnel(self, code: str, span: Span) -> Flow | None:
        """One funnel of the profile; None for one that it does not have."""
        found = next((f for f in self._ledger.profile.funnels if f.code == code), None)
        return self._working(span).funnel(found) if found else None

    def behind(self, things: Sequence[Thing], figure: Figure | None = None) -> list[Behind]:
        """The records behind a count with their families' names, in the order of names."""
        known = self._ledger.remembered("named families", ("family",), self._read_names)
        own = figure.own if figure else {}
        found = []
        for thing in things:
            name, ref = known.get(thing.family, ("", ""))
            found.append(
                Behind(thing=thing, family=thing.family, name=name, ref=ref, own=own.get(thing.id))
            )
        return sorted(found, key=lambda b: (b.name, b.ref, b.thing.id))

    def unseen(self) -> Unseen:
        """What this device could not look at."""
        vault = self._ledger.vault
        dark = vault.without_key()
        return Unseen(
            casefiles=sum(label == "family" for label in dark),
            restricted=sum(label == "restricted" for label in dark),
            quarantined=len(vault.quarantine()),
        )

    def _working(self, span: Span) -> WorkingOut:
        """Figures over that span; those of the last few spans are kept, for going back and forth
        between the dashboard and what is behind it."""
        kept = self._ledger.remembered("worked out", KINDS, dict[Span, WorkingOut])
        if span not in kept:
            while len(kept) >= _KEPT:
                kept.pop(next(iter(kept)))
            kept[span] = WorkingOut(self._ledger.profile, self._collections(), span)
        return kept[span]

    def _read_names(self) -> dict[str, tuple[str, str]]:
        cells = self._ledger.cells("family", ("name", "ref"))
        return {record: (name or "", ref or "") for record, _, name, ref in cells}

    def _collections(self) -> Collections:
        return self._ledger.remembered("figures", KINDS, self._read)

    def _read(self) -> Collections:
        with _keeping_everything():
            diary = appointments(self._ledger)
            found = cases(self._ledger, diary)
            return collections(self._ledger, found, diary, contacts(self._ledger))


@contextmanager
def _keeping_everything() -> Iterator[None]:
    """Nothing made in here is garbage, and looking through tens of thousands of small values for
    some, again and again, would take a quarter of the time. They are looked through once at the
    end, so that whoever taps next does not wait for it."""
    looked = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looked:
            gc.enable()
            gc.collect()
