"""Families: the list, one family's screen, registering, and finding the one that is meant."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from app.casework.casebook import family_lines, from_family, from_records, marks, timeline, waiting
from app.casework.casebook import reading as r
from app.casework.casebook.history import History
from app.casework.casebook.ledger import Ledger, derived_id
from app.casework.casebook.people import People, person_statements
from app.casework.casebook.reminding import Reminding
from app.casework.casebook.routes import Routes
from app.casework.errors import Missing, Unknown
from app.casework.family import Allocation, Family, FamilyLine, FamilyStatus, Goal
from app.casework.folding import matches
from app.casework.forms import FamilyForm
from app.casework.people import Person, PersonKind
from app.casework.period import newest_first
from app.casework.resemblance import Features, alike
from app.casework.timeline import Event, Page
from storage.query import Record
from storage.vault import Statement

_BY_WORDS = ("family", "person", "address", "safe_contact", "professional")
_ORDER = (PersonKind.ADULT, PersonKind.UNBORN, PersonKind.CHILD)


class Families(People, Routes, History):
    """Everything about families. `People`, `Routes` and `History` write their parts."""

    def __init__(self, ledger: Ledger, reminding: Reminding) -> None:
        self._ledger = ledger
        self._reminding = reminding

    def lines(
        self,
        query: str = "",
        *,
        worker: str | None = None,
        stage: str | None = None,
        status: FamilyStatus | None = None,
        overdue: bool = False,
    ) -> list[FamilyLine]:
        """The list, by name. `query` finds names, references, addresses and numbers."""
        found = [
            line
            for line in family_lines.lines(self._ledger)
            if (worker is None or worker in line.workers)
            and (stage is None or line.stage == stage)
            and (status is None or line.status is status)
            and (not overdue or line.overdue)
        ]
        if not query.strip():
            return found
        hits = self._ledger.vault.search(query, kinds=_BY_WORDS, limit=200)
        by_words = {self._ledger.family_of(hit.casefile) for hit in hits}
        return [
            line
            for line in found
            if line.id in by_words or matches(query, line.name, line.ref, *line.people)
        ]

    def name_of(self, family: str) -> str:
        """A family's name; empty for one that is not here. Cheap enough for every row of a list."""
        known = family_lines.features(self._ledger).get(family)
        return known.name if known else ""

    def similar(self, name: str, adults: Sequence[str] = ()) -> list[FamilyLine]:
        """Families already here that the one about to be registered could be."""
        asked = Features(id="", name=name, adults=tuple(adults))
        known = family_lines.features(self._ledger)
        close = {family for family, one in known.items() if alike(asked, one)}
        return [line for line in family_lines.lines(self._ledger) if line.id in close]

    def register(self, form: FamilyForm) -> str:
        """Found a casefile and write the family down, all or nothing. Gives the family's id.

        Raises Missing without a name, and what `add_person` raises.
        """
        if not form.name.strip():
            raise Missing("name")
        for person in form.people:
            person_statements(self._ledger, "", "", person)  # refuse before a casefile is founded
        family = self._ledger.access.found()
        self._ledger.write(self._registration(family, form))
        return family

    def change(
        self,
        family: str,
        *,
        name: str | None = None,
        known_as: str | None = None,
        ref: str | None = None,
        locality: str | None = None,
        status: FamilyStatus | None = None,
    ) -> None:
        """Correct what is said; None leaves a thing as it is. Raises Missing for an empty name."""
        if name is not None and not name.strip():
            raise Missing("name")
        record = self._record(family)
        said = {
            key: value
            for key, value in r.plain_fields(
                name=name, known_as=known_as, ref=ref, locality=locality, status=status
            ).items()
            if value is not None
        }
        differing = r.differing(record.fields, said)
        self._ledger.write([self._ledger.statement(family, "family", record.record, differing)])

    def get(self, family: str) -> Family:
        """Everything of a family but its timeline. Raises Unknown."""
        record = self._record(family)
        known = family_lines.features(self._ledger).get(family) or Features(id=family, name="")
        pattern = marks.pattern_of(self._ledger, family)
        status = r.coded(FamilyStatus, record.fields, "status", FamilyStatus.OPEN)
        lists = {
            kind: self._ledger.find(kind, casefile=family)
            for kind in (
                "period", "professional", "risk_note", "access_note", "allocation",
                "referral", "goal", "action", "obstacle", "episode",
            )
        }  # fmt: skip
        reasons = waiting.by_family(waiting.everything(self._ledger)).get(family, ())
        conversations = [from_records.conversation(o, family) for o in lists["obstacle"]]
        return Family(
            id=family,
            ref=known.ref,
            name=known.name,
            known_as=r.text(record.fields, "known_as"),
            locality=known.locality,
            status=status,
            service=r.text(record.fields, "service"),
            people=tuple(self.people(family)),
            periods=tuple(
                newest_first(p for p in map(from_family.period, lists["period"]) if p is not None)
            ),
            network=tuple(map(from_family.professional, _open_first(lists["professional"]))),
            risks=tuple(map(from_family.warned, _open_first(lists["risk_note"]))),
            access=tuple(map(from_family.warned, _open_first(lists["access_note"]))),
            allocations=tuple(self._allocations(lists["allocation"])),
            referrals=tuple(map(from_family.referral, lists["referral"])),
            goals=tuple(map(from_family.goal, lists["goal"])),
            actions=tuple(
                sorted(
                    map(from_family.action, lists["action"]),
                    key=lambda a: (a.status != "open", str(a.due or "9999"), a.id),
                )
            ),
            engagement=pattern,
            obstacles=tuple(sorted(conversations, key=lambda o: o.raised_at, reverse=True)),
            told_apart=family_lines.distinguishing(self._ledger, family),
            alike=family_lines.similar(self._ledger).get(family, ()),
            overdue=reasons,
            conflicts=sum(c.casefile == family for c in self._ledger.vault.conflicted()),
            has_restricted=bool(self._ledger.restricted_of(family)),
        )

    def goals(self, family: str) -> list[Goal]:
        """What was agreed with the family to work towards, in the order in which it was."""
        found = self._ledger.find("goal", casefile=family, order_by=("agreed_at",))
        return [from_family.goal(record) for record in found]

    def people(self, family: str) -> list[Person]:
        """Its people, adults first, with addresses and routes."""
        persons = self._ledger.find("person", casefile=family)
        memberships = from_records.by_field(
            self._ledger.find("membership", casefile=family), "person"
        )
        addresses = from_records.by_field(
            self._ledger.find("address", casefile=family, order_by=("-since",)), "person"
        )
        routes = from_records.by_field(self._ledger.find("safe_contact", casefile=family), "person")
        found = [
            from_family.person(
                p,
                memberships[p.record][0].fields if p.record in memberships else {},
                [from_family.address(a) for a in addresses.get(p.record, ())],
                [from_family.route(c, family) for c in routes.get(p.record, ())],
                self._due_dates_before(p),
            )
            for p in persons
        ]
        return sorted(
            found,
            key=lambda p: (p.until is not None, _ORDER.index(p.kind), p.relation, p.name, p.id),
        )

    def timeline(
        self,
        family: str,
        *,
        limit: int = 40,
        offset: int = 0,
        events: Collection[Event] | None = None,
    ) -> Page:
        """Everything that happened, newest first. `events` keeps only some kinds of entry."""
        self._record(family)
        return timeline.page(self._ledger, family, limit=limit, offset=offset, events=events)

    def _record(self, family: str) -> Record:
        found = self._ledger.one(family, "family")
        if found.casefile != family:
            raise Unknown
        return found

    def _due_dates_before(self, person: Record) -> list[date]:
        """Due dates that were set before the present one, oldest first; from history."""
        if r.text(person.fields, "kind") != PersonKind.UNBORN or person.versions < 2:
            return []
        versions = self._ledger.vault.history(person.record)
        dates = (r.maybe_day(v.fields, "edd") for v in versions)
        now = r.maybe_day(person.fields, "edd")
        return list(dict.fromkeys(d for d in dates if d is not None and d != now))

    def _allocations(self, records: Sequence[Record]) -> list[Allocation]:
        found = [from_family.allocation(a) for a in records]
        return sorted(
            (replace(a) for a in found), key=lambda a: (a.until is not None, a.since, a.id)
        )

    def _registration(self, family: str, form: FamilyForm) -> list[Statement]:
        ledger, today = self._ledger, self._ledger.today
        waits = form.stage in {"", "waiting"}
        received = form.referral.received_at if form.referral else today
        referral = ledger.vault.new_id()
        said = [
            ledger.statement(
                family,
                "family",
                family,
                r.plain_fields(
                    name=form.name.strip(),
                    ref=form.ref.strip(),
                    known_as=form.known_as.strip(),
                    locality=form.locality.strip(),
                    status=FamilyStatus.WAITING if waits else FamilyStatus.OPEN,
                    service=ledger.profile.service,
                ),
            ),
            ledger.statement(
                family,
                "episode",
                derived_id("episode", family, "1"),
                r.plain_fields(
                    service=ledger.profile.service,
                    opened_at=received,
                    referral=referral if form.referral else None,
                ),
            ),
            ledger.statement(
                family,
                "period",
                ledger.vault.new_id(),
                r.plain_fields(
                    subject=family, kind="stage", code=form.stage or "waiting", since=received
                ),
            ),
        ]
        if form.referral is not None:
            values = {n: getattr(form.referral, n) for n in form.referral.__dataclass_fields__}
            said.append(ledger.statement(family, "referral", referral, r.plain_fields(**values)))
        for person in form.people:
            said += person_statements(ledger, family, ledger.vault.new_id(), person)
        return said


def _open_first(records: Sequence[Record]) -> list[Record]:
    return sorted(
        records,
        key=lambda x: (bool(r.text(x.fields, "until")), r.text(x.fields, "since"), x.record),
    )
