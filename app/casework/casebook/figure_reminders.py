"""Reminders as figures count them: by rule and channel, and what became of each.

Read from what was planned and what the desk said of it; the furthest receipt counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.casework.casebook import reading as r
from app.casework.casebook.figure_cases import Cases
from app.casework.casebook.ledger import Ledger
from app.casework.figures import Thing

_COUNTED: Mapping[str, str] = {
    "sent": "sent",
    "delivered": "delivered",
    "answered": "answered",
    "failed": "failed",
    "not_reached": "failed",
    "no_answer": "failed",
    "machine": "failed",
    "sending": "unknown",
    "unknown": "unknown",
    "suppressed": "suppressed",
    "expired": "suppressed",
}
"""What a state of a reminder counts as; one that is still to come, or was withdrawn, as none."""
_WENT_OUT = frozenset({"sent", "delivered", "answered", "failed", "unknown"})


def reminders(ledger: Ledger, found: Cases) -> Iterator[Thing]:
    """One for each that was due; what was planned and is still to come is left out."""
    states = _states(ledger)
    names = ("appointment", "rule", "channel", "day")
    for record, casefile, _appointment, rule, channel, day in ledger.cells("reminder", names):
        on, state = r.as_day(day), states.get(record, "")
        family = ledger.remaining(casefile)
        if on is None or not state:
            continue
        yield Thing(
            of="reminders",
            id=record,
            family=family,
            case=found.on(family, on),
            days={"due": on},
            said={"rule": rule, "channel": channel, "state": state},
        )


def rules_of(ledger: Ledger) -> Mapping[str, tuple[str, ...]]:
    """By which rules a reminder of an appointment went out, by appointment."""
    states = _states(ledger)
    found: dict[str, set[str]] = {}
    for record, _, appointment, rule in ledger.cells("reminder", ("appointment", "rule")):
        if states.get(record) in _WENT_OUT and appointment and rule:
            found.setdefault(appointment, set()).add(rule)
    return {appointment: tuple(sorted(rules)) for appointment, rules in found.items()}


def _states(ledger: Ledger) -> Mapping[str, str]:
    """What each reminder counts as, by its reference."""
    furthest: dict[str, str] = {}
    for _, _, reference, state in ledger.cells("receipt", ("reference", "state")):
        if reference and (counted := _COUNTED.get(state or "")):
            before = furthest.get(reference)
            furthest[reference] = counted if before is None else max(before, counted, key=_far)
    return furthest


def _far(state: str) -> int:
    order = ("unknown", "sent", "suppressed", "failed", "delivered", "answered")
    return order.index(state)
