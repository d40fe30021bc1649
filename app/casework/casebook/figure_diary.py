"""Reads appointments, what came of them, and other contacts, all families at once.

Tens of thousands of records: only the fields that figures ask for are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.casework.appointment import CancelledBy, Status
from app.casework.attendance import SEEN, Code, of_appointment, outcome_word
from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger
from app.casework.moments import local_day
from app.casework.profile import Profile
from storage.kinds import Value

TOOK_PLACE = frozenset({"", "spoke"})
"""Outcomes of a contact at which somebody of the family was reached."""
_CODES = {code.value: code for code in Code}
_SEEN = frozenset(outcome_word(code) for code in SEEN)
NOT_YET = outcome_word(Code.NOT_YET)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Somebody expected at an appointment, and what came of it for her."""

    id: str
    person: str
    outcome: str
    obstacle: str = ""

    @property
    def seen(self) -> bool:
        return self.outcome in _SEEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """An appointment that counts as attendance, with the best of its outcomes."""

    id: str
    family: str
    on: date
    contact_type: str
    programme: str
    venue: str
    workers: tuple[str, ...]
    outcome: str
    expected: tuple[Expected, ...]

    @property
    def seen(self) -> bool:
        return self.outcome in _SEEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A contact that was no appointment and took place, such as a call."""

    id: str
    family: str
    on: date
    contact_type: str
    worker: str


def appointments(ledger: Ledger) -> list[Met]:
    """Every appointment to which somebody comes or does not; those of several starts by the one
    that is shown."""
    profile, outcomes, into = ledger.profile, _outcomes(ledger), ledger.joined().into
    counts = {c.code: c.counts == "attendance" for c in profile.contact_types}
    names = (
        "starts", "kind", "status", "programme", "venue_type", "cancelled_by", "workers", "people",
    )  # fmt: skip
    found = []
    for (
        record,
        casefile,
        starts,
        kind,
        status,
        programme,
        venue,
        by,
        workers,
        people,
    ) in ledger.cells("appointment", names):
        on = _local(ledger, starts)
        if on is None or not counts.get(kind, True):
            continue
        marked = outcomes.get(record, {})
        left_out = (p for p in _texts(people) if p not in marked)
        coming = [e for e, _ in marked.values()]
        called_off = _called_off(by) if status == Status.CANCELLED.value else ""
        coming += [
            Expected(id=f"{record} {p}", person=p, outcome=called_off or NOT_YET) for p in left_out
        ]
        best = of_appointment([code for _, code in marked.values()])
        word = next((e.outcome for e, code in marked.values() if code is best), NOT_YET)
        found.append(
            Met(
                id=record,
                family=into.get(casefile, casefile),
                on=on,
                contact_type=kind or "",
                programme=programme or "",
                venue=venue or "",
                workers=_texts(workers),
                outcome=called_off or word,
                expected=tuple(coming),
            )
        )
    return found


def contacts(ledger: Ledger) -> list[Reached]:
    """Calls and the like at which somebody was reached; they are never attendance."""
    by_telephone = ledger.profile.by_telephone
    names = ("occurred_at", "kind", "worker", "outcome")
    return [
        Reached(
            id=record,
            family=ledger.remaining(casefile),
            on=on,
            contact_type=kind or by_telephone,
            worker=worker or "",
        )
        for record, casefile, occurred, kind, worker, outcome in ledger.cells("contact", names)
        if (outcome or "") in TOOK_PLACE and (on := _local(ledger, occurred)) is not None
    ]


def audience(profile: Profile, programme: str) -> str:
    """Who comes to a programme; without one, the family."""
    found = profile.programme(programme) if programme else None
    return found.audience if found else "family"


def _outcomes(ledger: Ledger) -> Mapping[str, dict[str, tuple[Expected, Code]]]:
    """What is marked, by appointment and person."""
    found: dict[str, dict[str, tuple[Expected, Code]]] = {}
    persons = ledger.joined().persons
    names = ("appointment", "attendee", "code", "obstacle", "not_brought")
    for record, _, appointment, person, said, obstacle, not_brought in ledger.cells(
        "attendance", names
    ):
        code = _CODES.get(said, Code.NOT_YET)
        one = Expected(
            id=record,
            person=persons.get(person, person or ""),
            outcome=outcome_word(code, not_brought=not_brought is True),
            obstacle=obstacle or "",
        )
        found.setdefault(appointment or "", {})[one.person] = (one, code)
    return found


def _called_off(by: str | None) -> str:
    family = by == CancelledBy.FAMILY.value
    return outcome_word(Code.CANCELLED_BY_FAMILY if family else Code.CANCELLED_BY_SERVICE)


def _local(ledger: Ledger, value: Value) -> date | None:
    at = r.as_moment(value)
    return local_day(at, ledger.zone) if at is not None else None


def _texts(value: Value) -> tuple[str, ...]:
    return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()
