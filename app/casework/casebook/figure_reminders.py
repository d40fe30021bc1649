"""Reminders as figures count them: by rule and channel, and what became of each.

Read from what was planned and what the desk said of it; the furthest receipt counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.casework.casebook import reading as r
from app.casework.casebook.figure_cases import Cases
from app.casework.casebook.ledger import Ledger
from app.casework.figures import Thing
from app.casework.receipt import FORWARD, WENT_OUT, State
from app.casework.safe_contact import Channel

_KNOWN = frozenset(state.value for state in State)

_COUNTED: Mapping[str, str] = {
    State.SENT: "sent",
    State.DELIVERED: "delivered",
    State.ANSWERED: "answered",
    State.FAILED: "failed",
    State.NOT_REACHED: "failed",
    State.NO_ANSWER: "failed",
    State.MACHINE: "failed",
    State.SENDING: "unknown",
    State.UNKNOWN: "unknown",
    State.SUPPRESSED: "suppressed",
    State.EXPIRED: "suppressed",
}
"""What a state of a reminder counts as; one that is still to come, or was withdrawn, as none."""
_CHANNELS: Mapping[str, str] = {Channel.TEXT: "text", Channel.CALL: "voice"}


def reminders(ledger: Ledger, found: Cases) -> Iterator[Thing]:
    """One for each that was due; what was planned and is still to come is left out."""
    states = _states(ledger)
    names = ("appointment", "rule", "channel", "day")
    for record, casefile, _appointment, rule, channel, day in ledger.cells("reminder", names):
        on, state = r.as_day(day), _COUNTED.get(states.get(record, ""))
        family = ledger.remaining(casefile)
        if on is None or state is None:
            continue
        yield Thing(
            of="reminders",
            id=record,
            family=family,
            case=found.on(family, on),
            days={"due": on},
            said={"rule": rule, "channel": _CHANNELS.get(channel, ""), "state": state},
        )


def rules_of(ledger: Ledger) -> Mapping[str, tuple[str, ...]]:
    """By which rules a reminder of an appointment went out, by appointment."""
    states = _states(ledger)
    found: dict[str, set[str]] = {}
    for record, _, appointment, rule in ledger.cells("reminder", ("appointment", "rule")):
        if states.get(record) in WENT_OUT and appointment and rule:
            found.setdefault(appointment, set()).add(rule)
    return {appointment: tuple(sorted(rules)) for appointment, rules in found.items()}


def _states(ledger: Ledger) -> Mapping[str, State]:
    """The furthest state of each reminder, by its reference."""
    furthest: dict[str, State] = {}
    for _, _, reference, said in ledger.cells("receipt", ("reference", "state")):
        if reference and said in _KNOWN:
            state = State(said)
            before = furthest.get(reference, state)
            furthest[reference] = max(before, state, key=FORWARD.index)
    return furthest
