"""Writing down a day that changes a family's picture, so that it can be taken back whole.

An event keeps what it changed and what stood there before. Taking it back puts that in place
again, except what somebody has changed since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time

from app.casework.casebook import from_details
from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger, derived_id
from app.casework.life_event import LifeEvent, What
from storage.kinds import Fields, Value
from storage.query import Record
from storage.vault import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One record that an event changes: what is written, and what taking it back would write.

    Of a record that the event begins, `before` names only what takes it out of use.
    """

    casefile: str
    kind: str
    record: str
    after: Mapping[str, Value]
    before: Mapping[str, Value]


def of_record(record: Record, after: Fields) -> Step:
    """A change of a record that exists; only what differs counts."""
    differing = r.differing(record.fields, after)
    return Step(
        casefile=record.casefile,
        kind=record.kind,
        record=record.record,
        after=differing,
        before={name: record.fields.get(name) for name in differing},
    )


def event_id(what: What, person: str, on: date) -> str:
    """One birth and one loss for each person, whoever writes it down; removals may come again."""
    if what is What.REMOVED:
        return derived_id("life_event", what, person, on.isoformat())
    return derived_id("life_event", what if what is What.BORN else "loss", person)


def written(
    ledger: Ledger,
    family: str,
    *,
    what: What,
    person: str,
    on: date,
    steps: Sequence[Step],
    at_time: time | None = None,
    text: str = "",
    call: str | None = None,
    called_off: Sequence[str] = (),
) -> list[Statement]:
    """The event and everything that it changes."""
    event = event_id(what, person, on)
    changed = _said_before(ledger, event)
    for step in steps:
        if step.after:
            where: list[Value] = [step.casefile, step.kind, step.record]
            changed.append([*where, dict(step.before), dict(step.after)])
    fields = r.plain_fields(
        what=what,
        person=person,
        on=on,
        at_time=at_time,
        text=text.strip(),
        call=call,
        called_off=tuple(called_off),
        standing="stands",
    )
    said = ledger.statement(family, "life_event", event, {**fields, "changed": changed})
    return [said, *(ledger.statement(s.casefile, s.kind, s.record, s.after) for s in steps)]


def born(ledger: Ledger, person: Record, *, on: date, changed: Fields) -> Statement:
    """The birth alone, where something else writes the person."""
    return written(
        ledger,
        person.casefile,
        what=What.BORN,
        person=person.record,
        on=on,
        steps=[of_record(person, changed)],
    )[0]


def of_family(ledger: Ledger, family: str) -> list[LifeEvent]:
    """Every such day of a family, the latest first, those taken back included.

    Of an entry that was joined to another only what stands in it.
    """
    if ledger.remaining(family) == family:
        return list(all_by_family(ledger).get(family, ()))
    return _read(ledger, ledger.find("life_event", casefile=family)).get(
        ledger.remaining(family), []
    )


def all_by_family(ledger: Ledger) -> Mapping[str, list[LifeEvent]]:
    """The same for every family on this device that has any; they are few, and asked for often."""
    kinds = ("life_event", "recorded_twice", "person")
    return ledger.remembered("life events", kinds, lambda: _read(ledger, ledger.find("life_event")))


def _read(ledger: Ledger, records: Iterable[Record]) -> dict[str, list[LifeEvent]]:
    found: dict[str, list[LifeEvent]] = {}
    for record in records:
        family = ledger.remaining(record.casefile)
        event = from_details.life_event(record, family)
        if event is not None:
            shown = replace(event, person=ledger.shown(event.person))
            found.setdefault(family, []).append(shown)
    for events in found.values():
        events.sort(key=lambda e: (e.on, e.id), reverse=True)
    return found


def taken_back(ledger: Ledger, event: Record) -> list[Statement]:
    """What puts everything back in place that the event changed and nobody has changed since."""
    said = ledger.statement(event.casefile, "life_event", event.record, {"standing": "taken_back"})
    restored: dict[tuple[str, str, str], dict[str, Value]] = {}
    for casefile, kind, record, before, after in reversed(_changed(event)):
        now = ledger.vault.get(record)
        if now is None or now.kind != kind or now.casefile != casefile:
            continue
        back = restored.setdefault((casefile, kind, record), {})
        standing = {**now.fields, **back}
        back.update({n: old for n, old in before.items() if standing.get(n) == after.get(n)})
    return [said, *(ledger.statement(*where, fields) for where, fields in restored.items())]


def _said_before(ledger: Ledger, event: str) -> list[Value]:
    """What a standing event changed already: saying it again corrects it, and forgets nothing."""
    record = ledger.vault.get(event)
    if record is None or r.text(record.fields, "standing") != "stands":
        return []
    changed = record.fields.get("changed")
    return list(changed) if isinstance(changed, list) else []


def _changed(event: Record) -> list[tuple[str, str, str, Fields, Fields]]:
    """What the event says that it changed; anything of another shape is passed over."""
    changed = event.fields.get("changed")
    found: list[tuple[str, str, str, Fields, Fields]] = []
    for one in changed if isinstance(changed, list) else []:
        if not isinstance(one, list) or len(one) != 5:
            continue
        casefile, kind, record, before, after = one
        if isinstance(before, dict) and isinstance(after, dict):
            found.append((str(casefile), str(kind), str(record), before, after))
    return found
