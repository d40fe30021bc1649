"""Puts together Today: each appointment with the way there, warnings, and what is due."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from app.casework.appointment import Appointment, VenueType, clashes, travel_gaps
from app.casework.card import Card, Due, Expected
from app.casework.casebook import from_family, from_records, household, life_events, waiting
from app.casework.casebook import reading as r
from app.casework.casebook.family_lines import tag, workers_now
from app.casework.casebook.ledger import Ledger
from app.casework.casebook.marks import outcomes_of
from app.casework.casebook.unfinished import is_form
from app.casework.company import hints_at, homes_for, kept_from, same_home
from app.casework.family import Overdue
from app.casework.life_event import to_be_known
from app.casework.moments import as_text, day_bounds, local_day
from app.casework.note import NoteState
from app.casework.people import Address, PersonKind
from app.casework.safe_contact import Route, cautions, may_use, to_ring
from storage.query import Between, Has, OneOf

_DUE = {
    Overdue.OBSTACLE_DUE: "obstacle",
    Overdue.ACTION_DUE: "action",
    Overdue.CLOCK_DUE: "clock",
    Overdue.REVIEW_DUE: "goal_review",
    Overdue.PLAN_REVIEW_DUE: "plan_review",
    Overdue.APPRAISAL_DUE: "appraisal",
    Overdue.NOTE_UNSIGNED: "note",
    Overdue.NOTE_MISSING: "note",
    Overdue.OUTCOME_MISSING: "outcome",
}


def appointments_of(ledger: Ledger, on: date, worker: str) -> list[Appointment]:
    """One worker's appointments of a local day in order, cancelled ones included.

    A group's session is one meeting, whoever is expected there, and is led by whoever leads it:
    it is none of these, and has its own register.
    """
    begin, end = day_bounds(on, ledger.zone)
    found = (
        from_records.appointment(record, record.casefile)
        for record in ledger.find(
            "appointment",
            {"starts": Between(as_text(begin), as_text(end)), "workers": Has(worker)},
            order_by=("starts",),
        )
    )
    return [one for one in found if not one.session]


def cards(ledger: Ledger, on: date, worker: str) -> tuple[Card, ...]:
    """Her day in order. Cancelled appointments stay in sight and take no travelling."""
    day = appointments_of(ledger, on, worker)
    standing = [a for a in day if not a.cancelled]
    gaps = dict(zip((a.id for a in standing), travel_gaps(standing), strict=True))
    outcomes = outcomes_of(ledger, [a.id for a in day])
    notes = _notes(ledger, [a.id for a in day])
    dues = due_by_family(ledger, {ledger.remaining(a.family) for a in day})
    made = []
    for one in day:
        family = ledger.remaining(one.family)
        people = expected(ledger, one)
        named = {ledger.shown(p) for p in one.people}
        routes = _routes(ledger, one, {p.id for p in people})
        phone = to_ring(routes, ledger.now, ledger.zone)
        lived = household.addresses(ledger, family)
        address, secret_from = where_to(ledger, one, lived)
        state, note = notes.get(one.id, (None, None))
        made.append(
            Card(
                appointment=one,
                family=tag(ledger, family),
                travel=gaps.get(one.id),
                due=dues.get(family, ()),
                phone=phone,
                phone_person=next((p.name for p in people if phone and p.id == phone.person), ""),
                cautions=cautions(phone, ledger.now, ledger.zone) if phone else (),
                unsafe=tuple(r for r in routes if not may_use(r, ledger.now, ledger.zone)),
                address=address,
                kept_from=secret_from,
                known=to_be_known(life_events.all_by_family(ledger).get(family, ()), ledger.today),
                risks=_standing(ledger, "risk_note", family),
                access=_access(ledger, one, lived),
                note=state,
                note_id=note,
                outcomes=tuple(
                    replace(a, attendee=ledger.shown(a.attendee)) for a in outcomes.get(one.id, ())
                ),
                people=tuple(p for p in people if not named or p.id in named),
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
        if is_form(draft):
            continue
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
    """Everybody who belongs to the household now, adults first, and whoever else is named.

    Nobody who was lost. A child who lives elsewhere only where the appointment names it.
    """
    family = ledger.remaining(one.family)
    people = [from_family.person(p, {}) for p in ledger.of_family("person", family)]
    left = {
        r.text(m.fields, "person")
        for m in ledger.of_family("membership", family)
        if r.maybe_day(m.fields, "until") is not None
    }
    named = {ledger.shown(p) for p in one.people}
    away = household.elsewhere(ledger) - named
    order = (PersonKind.ADULT, PersonKind.CHILD, PersonKind.UNBORN)
    lost = {ledger.shown(p.id) for p in people if not p.living}
    return [
        Expected(id=p.id, name=p.called, kind=p.kind)
        for p in sorted(people, key=lambda p: (order.index(p.kind), p.name, p.id))
        if p.id not in left | away | lost and ledger.shown(p.id) == p.id
    ]


def _routes(ledger: Ledger, one: Appointment, here: Collection[str]) -> list[Route]:
    """The ways to reach whom this visit is for: those expected at it, otherwise anybody there.

    Where people are named, another parent's number is no way round: it may not be safe for them.
    """
    named = {ledger.shown(p) for p in one.people}
    reached = named.intersection(here) if named else here
    found = household.routes(ledger, ledger.remaining(one.family))
    return [c for c in found if c.person in reached]


def where_to(
    ledger: Ledger, one: Appointment, lived: Sequence[Address]
) -> tuple[str, tuple[str, ...]]:
    """Where to go, and who of those expected must not learn it: then the place stays empty.

    For a home visit without an address written down, where those expected live. `lived` are all
    addresses of the family.
    """
    named = {ledger.shown(p) for p in one.people}
    written = written_place(one)
    secret_from = kept_from(written, lived, named)
    if secret_from:
        return "", secret_from
    if written or one.venue_type != VenueType.HOME:
        return written, ()
    away = household.elsewhere(ledger)
    earliest_first = sorted(lived, key=lambda a: (str(a.since), a.id))
    homes = homes_for(earliest_first, named, away)
    if named:
        return next((h.one_line for h in homes if h.person in named), ""), ()
    # Where nobody is named and people live apart, one of their homes would be a guess.
    one_home = homes[:1] if all(same_home(homes[0], h) for h in homes) else []
    return next((h.one_line for h in one_home), ""), ()


def place_of(ledger: Ledger, one: Appointment) -> str:
    """Where it really is, for colleagues who may have to go there after somebody: no secret is kept
    from them.
    """
    written = written_place(one)
    if written or one.venue_type != VenueType.HOME:
        return written
    lived = household.addresses(ledger, ledger.remaining(one.family), current=True)
    named = {ledger.shown(p) for p in one.people}
    away = household.elsewhere(ledger)
    homes = sorted(lived, key=lambda a: (a.person not in named, a.person in away, str(a.since)))
    return homes[0].one_line if homes else ""


def written_place(one: Appointment) -> str:
    """The place as the appointment says it, on one line."""
    postcode = "" if one.postcode and one.postcode in one.address else one.postcode
    return ", ".join(filter(None, (one.venue, one.address, postcode)))


def _access(ledger: Ledger, one: Appointment, lived: Sequence[Address]) -> tuple[str, ...]:
    """How to get in; not where it would lead somebody to a place that is secret from him."""
    named = {ledger.shown(p) for p in one.people}
    secret = [a for a in lived if named & set(a.secret_from)]
    said = _standing(ledger, "access_note", ledger.remaining(one.family))
    return tuple(note for note in said if not any(hints_at(note, a) for a in secret))


def _standing(ledger: Ledger, kind: str, family: str) -> tuple[str, ...]:
    return tuple(
        r.text(record.fields, "text")
        for record in ledger.of_family(kind, family, {"until": None}, order_by=("-since",))
    )
