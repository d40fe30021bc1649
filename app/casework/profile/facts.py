"""What can be counted, and what can be asked of each: the words a tile may use.

Every record but a worker belongs to an episode, so whatever may be asked of an episode may be asked
of it too: an attendance of a family in `stage = "review"` is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "codes", "flag", "milestones", "between", "clock", "held", "changed", "answered",
    "attended",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FactShape:
    """How a fact is written. `codes_of` is the list of the profile, or fixed `options`."""

    kind: Kind
    codes_of: str = ""
    options: tuple[str, ...] = ()


EPISODE_FACTS: Mapping[str, FactShape] = {
    "standing": FactShape(kind="codes", options=("waiting", "open", "closed")),
    "stage": FactShape(kind="codes", codes_of="stages"),
    "source": FactShape(kind="codes", codes_of="sources"),
    "via": FactShape(kind="codes", codes_of="via"),
    "locality": FactShape(kind="codes", codes_of="localities"),
    "closure": FactShape(kind="codes", codes_of="closures"),
    "destination": FactShape(kind="codes", codes_of="destinations"),
    "team": FactShape(kind="codes", codes_of="teams"),
    "function": FactShape(kind="codes", codes_of="functions"),
    "intervention": FactShape(kind="codes", codes_of="interventions"),
    "accepted": FactShape(kind="flag"),
    "previous_removal": FactShape(kind="flag"),
    "born": FactShape(kind="flag"),
    "reached": FactShape(kind="milestones"),
    "not_reached": FactShape(kind="milestones"),
    "between": FactShape(kind="between"),
    "clock": FactShape(kind="clock"),
    "indicator": FactShape(kind="held", codes_of="indicators"),
    "legal": FactShape(kind="held", codes_of="legal"),
    "placement": FactShape(kind="held", codes_of="placements"),
    "measure": FactShape(kind="changed", codes_of="measures"),
    "attended": FactShape(kind="attended"),
}
"""Facts of an episode: `team`, `function` and `intervention` hold if any of its allocations or
interventions by the end of the period is one of the codes; `born` and the dated periods are of the
baby or child it is about, or for `babies` of that one."""

_OUTCOMES = (
    "on_time", "late_seen", "late_not_seen", "did_not_attend", "was_not_brought",
    "cancelled_by_family", "cancelled_by_service", "not_yet",
)  # fmt: skip
_SEEN = FactShape(kind="flag")
_CONTACT_TYPE = FactShape(kind="codes", codes_of="contact_types")
_PROGRAMME = FactShape(kind="codes", codes_of="programmes")
_RULE = FactShape(kind="codes", codes_of="rules")
_OUTCOME = FactShape(kind="codes", options=_OUTCOMES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """What is counted one by one: its own facts, dates for `during`, and keys for `by`.

    `milestones`: `during` names a milestone instead of a date. `of_episode`: the facts and keys of
    the episode are its too. `spans`: what `during` may name besides, from one of the dates to
    another or still going on; any day of it within the period counts.
    """

    facts: Mapping[str, FactShape]
    dates: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    milestones: bool = False
    of_episode: bool = True
    spans: Mapping[str, tuple[str, str]] = field(default_factory=dict)


EPISODE_KEYS = (
    "episode", "family", "stage", "source", "via", "locality", "closure", "destination", "team",
    "month",
)  # fmt: skip
"""Keys of everything that belongs to an episode. `month` is that of the date in `during`. `team` is
its own where it has one: of the allocation, or of the workers who held an appointment; otherwise
each team of the episode's allocations."""

COLLECTIONS: Mapping[str, Collection] = {
    "referrals": Collection(facts={}, dates=("received", "decided")),
    "episodes": Collection(facts={}, milestones=True, keys=("worker", "function")),
    # Each unborn baby and each child that an episode is about: twins count two.
    "babies": Collection(facts={}, milestones=True, keys=("baby", "placement", "legal")),
    "allocations": Collection(
        facts={"function": FactShape(kind="codes", codes_of="functions")},
        dates=("since", "until"),
        spans={"held": ("since", "until")},
        keys=("worker", "function"),
    ),
    "plans": Collection(
        facts={
            "plan": FactShape(kind="codes", codes_of="plans"),
            "reviewed": FactShape(kind="flag"),
        },
        dates=("agreed", "reviewed"),
        keys=("plan", "kind", "worker"),
    ),
    "actions": Collection(
        facts={
            "kind": FactShape(
                kind="codes",
                options=("plan", "appraisal", "call", "obstacle", "safety", "supervision"),
            ),
            "status": FactShape(kind="codes", options=("open", "done", "dropped")),
            "plan_reviewed": FactShape(kind="flag"),
            "overdue": FactShape(kind="flag"),
        },
        dates=("agreed", "due", "completed", "plan_reviewed"),
        keys=("plan", "agency", "status", "worker"),
    ),
    "appraisals": Collection(
        facts={
            "appraisal": FactShape(kind="codes", codes_of="appraisals"),
            "returned": FactShape(kind="flag"),
            "in_time": FactShape(kind="flag"),
        },
        dates=("requested", "returned"),
        keys=("appraisal", "agency"),
    ),
    "decisions": Collection(
        facts={
            "decision": FactShape(kind="codes", codes_of="decisions"),
            "outcome": FactShape(kind="codes", codes_of="outcomes"),
        },
        dates=("decided",),
        keys=("decision", "outcome"),
    ),
    # Appointments, each once however many people were expected; the outcome is the best of them.
    "appointments": Collection(
        facts={
            "contact_type": _CONTACT_TYPE,
            "programme": _PROGRAMME,
            "outcome": _OUTCOME,
            "seen": _SEEN,
            "rule": _RULE,
        },
        dates=("starts",),
        keys=("appointment", "contact_type", "venue", "outcome", "worker", "rule", "obstacle"),
    ),
    # One for each person expected at each appointment or group session.
    "attendances": Collection(
        facts={
            "contact_type": _CONTACT_TYPE,
            "programme": _PROGRAMME,
            "outcome": _OUTCOME,
            "seen": _SEEN,
            "adult": FactShape(kind="flag"),
            "audience": FactShape(kind="codes", options=("family", "professional")),
        },
        dates=("starts",),
        keys=(
            "appointment",
            "person",
            "contact_type",
            "programme",
            "outcome",
            "obstacle",
            "worker",
        ),
    ),
    # What took place: an appointment somebody attended, or a contact that was not an appointment.
    "contacts": Collection(
        facts={"contact_type": _CONTACT_TYPE, "by_appointment": FactShape(kind="flag")},
        dates=("occurred",),
        keys=("contact_type", "worker"),
    ),
    "measurements": Collection(
        facts={
            "form": FactShape(kind="codes", codes_of="measures"),
            "occasion": FactShape(kind="codes", codes_of="occasions"),
        },
        dates=("taken",),
        keys=("form", "occasion"),
    ),
    # Filled-in forms whose answers are counted one question at a time, anonymous ones included.
    "answers": Collection(
        facts={
            "form": FactShape(kind="codes", codes_of="measures"),
            "answer": FactShape(kind="answered", codes_of="measures"),
            "programme": _PROGRAMME,
        },
        dates=("taken",),
        keys=("form", "programme", "month"),
        of_episode=False,
    ),
    "workers": Collection(
        facts={
            "role": FactShape(kind="codes", codes_of="roles"),
            "team": FactShape(kind="codes", codes_of="teams"),
        },
        keys=("worker", "role", "team"),
        of_episode=False,
    ),
    "reminders": Collection(
        facts={
            "rule": _RULE,
            "channel": FactShape(kind="codes", options=("text", "voice", "call_task")),
            "state": FactShape(
                kind="codes",
                options=("sent", "delivered", "failed", "unknown", "suppressed", "answered"),
            ),
        },
        dates=("due",),
        keys=("rule", "channel", "state"),
    ),
}

TOTALS: Mapping[str, tuple[str, ...]] = {"workers": ("wte",)}
"""Numbers that may be added up instead of counting, by collection."""


def facts_of(collection: Collection) -> Mapping[str, FactShape]:
    """Everything that may be asked of a collection; its own meaning of a word wins."""
    return {**(EPISODE_FACTS if collection.of_episode else {}), **collection.facts}


def keys_of(collection: Collection) -> tuple[str, ...]:
    """Everything by which a collection may be split or told apart."""
    return (*collection.keys, *(EPISODE_KEYS if collection.of_episode else ()))
