"""Puts together Today: each appointment with the way there, warnings, and what is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from app.casework.appointment import Appointment, VenueType, clashes, travel_gaps
from app.casework.card import Card, Due, Expected
from app.casework.casebook import from_family, from_records, waiting
from app.casework.casebook import reading as r
from app.casework.casebook.family_lines import tag, workers_now
from app.casework.casebook.ledger import Ledger
from app.casework.casebook.marks import outcomes_of
from app.casework.family import Overdue
from app.casework.moments import as_text, day_bounds, local_day
from app.casework.note import NoteState
from app.casework.people import PersonKind
from app.casework.safe_contact import Route, cautions, to_ring
from storage.query import Between, Has, OneOf

_DUE = {
    Overdue.OBSTACLE_DUE: "obstacle",
    Overdue.ACTION_DUE: "action",
    Overdue.REVIEW_DUE: "goal_review",
    Overdue.NOTE_UNSIGNED: "note",
    Overdue.NOTE_MISSING: "note",
    Overdue.OUTCOME_MISSING: "outcome",
}


def appointments_of(ledger: Ledger, on: date, worker: str) -> list[Appointment]:
    """One worker's appointments of a local day in order, cancelled ones included."""
    begin, end = day_bounds(on, ledger.zone)
    return [
        from_records.appointment(record, record.casefile)
        for record in ledger.find(
            "appointment",
            {"starts": Between(as_text(begin), as_text(end)), "workers": Has(worker)},
            order_by=("starts",),
        )
    ]


def cards(ledger: Ledger, on: date, worker: str) -> tuple[Card, ...]:
    """Her day in order. Cancelled appointments stay in sight and take no travelling."""
    day = appointments_of(ledger, on, worker)
    standing = [a for a in day if not a.cancelled]
    gaps = dict(zip((a.id for a in standing), travel_gaps(standing), strict=True))
    outcomes = outcomes_of(ledger, [a.id for a in day])
    notes = _notes(ledger, [a.id for a in day])
    dues = due_by_family(ledger, {a.family for a in day})
    made = []
    for one in day:
        people = expected(ledger, one)
        phone = _phone(ledger, one)
        state, note = notes.get(one.id, (None, None))
        made.append(
            Card(
                appointment=one,
                family=tag(ledger, one.family),
                travel=gaps.get(one.id),
                due=dues.get(one.family, ()),
                phone=phone,
                phone_person=next((p.name for p in people if phone and p.id == phone.person), ""),
                cautions=cautions(phone, ledger.now, ledger.zone) if phone else (),
                address=address_of(ledger, one),
                risks=_standing(ledger, "risk_note", one.family),
                access=_standing(ledger, "access_note", one.family),
                note=state,
                note_id=note,
                outcomes=tuple(outcomes.get(one.id, ())),
                people=tuple(p for p in people if not one.people or p.id in one.people),
                clashes=0 if one.cancelled else len(clashes(one, standing)),
            )
        )
    return tuple(made)


def due(ledger: Ledger, worker: str) -> tuple[Due, ...]:
    """Everything that waits on one worker, longest first; what waits on nobody waits on her."""
    mine = set(families_of(ledger, worker))
    return tuple(
        _due(ledger, one)
        for one in _waiting_or_due_today(ledger)
        if worker in one.workers or (not one.workers and one.family in mine)
    )


def due_by_family(ledger: Ledger, families: set[str]) -> Mapping[str, tuple[Due, ...]]:
    """What waits in each of those families, whoever it waits on."""
    found: dict[str, list[Due]] = {}
    for one in _waiting_or_due_today(ledger):
        if one.family in families:
            found.setdefault(one.family, []).append(_due(ledger, one))
    return {family: tuple(several) for family, several in found.items()}


def families_of(ledger: Ledger, worker: str) -> list[str]:
    """The families allocated to a worker today."""
    return [family for family, people in workers_now(ledger).items() if worker in people]


def _waiting_or_due_today(ledger: Ledger) -> list[waiting.Waits]:
    """What is overdue, and what falls due today."""
    return [*waiting.everything(ledger), *waiting.falls_due(ledger, ledger.today)]


def _due(ledger: Ledger, one: waiting.Waits) -> Due:
    day = local_day(one.since, ledger.zone)
    return Due(
        code=_DUE[one.code],
        family=one.family,
        record=one.record,
        text=one.text,
        day=day,
        overdue=day < ledger.today,
    )


def _notes(
    ledger: Ledger, appointments: Sequence[str]
) -> dict[str, tuple[NoteState | None, str | None]]:
    """How far the note of each appointment has come; a draft here counts only for its writer."""
    found: dict[str, tuple[NoteState | None, str | None]] = {}
    if not appointments:
        return found
    for draft in ledger.vault.drafts():
        about = r.text(draft.fields, "appointment")
        if about in appointments:
            found[about] = (NoteState.DRAFT, draft.draft_id)
    wrong = waiting.wrong_copies(ledger)
    for record in ledger.find("visit_note", {"appointment": OneOf(list(appointments))}):
        about = r.text(record.fields, "appointment")
        if record.record in wrong:
            continue
        signed = r.maybe_text(record.fields, "signed_at") is not None
        if signed or about not in found:
            found[about] = (NoteState.SIGNED if signed else NoteState.UNSIGNED, record.record)
    return found


def expected(ledger: Ledger, one: Appointment) -> list[Expected]:
    """Everybody who belongs to the family now, adults first."""
    people = [from_family.person(p, {}) for p in ledger.find("person", casefile=one.family)]
    left = {
        r.text(m.fields, "person")
        for m in ledger.find("membership", casefile=one.family)
        if r.maybe_day(m.fields, "until") is not None
    }
    order = (PersonKind.ADULT, PersonKind.CHILD, PersonKind.UNBORN)
    return [
        Expected(id=p.id, name=p.known_as or p.name, kind=p.kind)
        for p in sorted(people, key=lambda p: (order.index(p.kind), p.name, p.id))
        if p.id not in left
    ]


def _phone(ledger: Ledger, one: Appointment) -> Route | None:
    """The best number for this visit: of somebody expected at it, otherwise of anybody."""
    routes = [
        from_family.route(c, one.family)
        for c in ledger.find("safe_contact", {"channel": "call"}, casefile=one.family)
    ]
    expected = [c for c in routes if c.person in one.people] if one.people else routes
    return to_ring(expected, ledger.now, ledger.zone)


def address_of(ledger: Ledger, one: Appointment) -> str:
    """Where to go. For a home visit without an address written down, where those expected live."""
    postcode = "" if one.postcode and one.postcode in one.address else one.postcode
    written = ", ".join(filter(None, (one.venue, one.address, postcode)))
    if written or one.venue_type is not VenueType.HOME:
        return written
    homes = [
        from_family.address(a)
        for a in ledger.find("address", {"until": None}, casefile=one.family, order_by=("since",))
    ]
    return next((h.one_line for h in homes if not one.people or h.person in one.people), "")


def _standing(ledger: Ledger, kind: str, family: str) -> tuple[str, ...]:
    return tuple(
        r.text(record.fields, "text")
        for record in ledger.find(kind, {"until": None}, casefile=family, order_by=("-since",))
    )
