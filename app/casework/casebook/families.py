"""Families: the list, one family's screen, registering, and finding the one that is meant."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from app.casework.casebook import (
    family_lines,
    from_family,
    from_records,
    household,
    life_events,
    marks,
    timeline,
    waiting,
)
from app.casework.casebook import reading as r
from app.casework.casebook.births import Births
from app.casework.casebook.history import History
from app.casework.casebook.ledger import Ledger, derived_id
from app.casework.casebook.people import People, person_statements
from app.casework.casebook.reminding import Reminding
from app.casework.casebook.routes import Routes
from app.casework.errors import Missing, OutOfOrder, Unknown
from app.casework.family import Allocation, Family, FamilyLine, FamilyStatus, FamilyTag, Goal
from app.casework.folding import matches
from app.casework.forms import FamilyForm
from app.casework.people import Person
from app.casework.period import Period, PeriodKind, newest_first
from app.casework.resemblance import Features, alike
from app.casework.timeline import Event, Page
from storage.query import Record
from storage.vault import Statement

_BY_WORDS = ("family", "person", "address", "safe_contact", "professional")


class Families(People, Routes, Births, History):
    """Everything about families. `People`, `Routes`, `Births` and `History` write their parts.

    A family that was recorded twice is read from both casefiles under the one that remains; the
    other is in no list, is found by its words, and still opens by its own id.
    """

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
        casefiles = (self._ledger.family_of(hit.casefile) for hit in hits)
        by_words = {self._ledger.remaining(family) for family in casefiles}
        return [
            line
            for line in found
            if line.id in by_words
            or matches(query, line.name, line.ref, *line.people)
            or any(matches(query, tag.name, tag.ref) for tag in line.also)
        ]

    def name_of(self, family: str) -> str:
        """A family's name, also by the casefile of its restricted notes; empty for one that is not
        here. Cheap enough for every row of a list."""
        known = family_lines.features(self._ledger).get(self._ledger.family_of(family))
        return known.name if known else ""

    def remaining(self, family: str) -> str:
        """The family itself, or the one under which it goes on, having been recorded twice."""
        return self._ledger.remaining(family)

    def tag(self, family: str) -> FamilyTag:
        """A family's name and reference with what tells it apart, of joined entries too."""
        return family_lines.tag(self._ledger, family)

    def similar(self, name: str, adults: Sequence[str] = ()) -> list[FamilyLine]:
        """Families already here that the one about to be registered could be."""
        asked = Features(id="", name=name, adults=tuple(adults))
        known = family_lines.features(self._ledger)
        close = {
            self._ledger.remaining(family) for family, one in known.items() if alike(asked, one)
        }
        return [line for line in family_lines.lines(self._ledger) if line.id in close]

    def register(self, form: FamilyForm) -> str:
        """Found a casefile and write the family down, all or nothing. Gives the family's id.

        Raises Missing without a name, OutOfOrder for a referral that is still to come, and what
        `add_person` raises.
        """
        if not form.name.strip():
            raise Missing("name")
        if form.referral is not None and form.referral.received_at > self._ledger.today:
            raise OutOfOrder("received_at", "in_the_future", self._ledger.today)
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
            kind: self._ledger.of_family(kind, family)
            for kind in (
                "period", "professional", "risk_note", "access_note", "allocation",
                "referral", "goal", "action", "obstacle",
            )
        }  # fmt: skip
        reasons = waiting.by_family(waiting.everything(self._ledger)).get(family, ())
        conversations = [from_records.conversation(o, family) for o in lists["obstacle"]]
        into = self._ledger.remaining(family)
        casefiles = self._ledger.together(family)
        return Family(
            id=family,
            ref=known.ref,
            name=known.name,
            known_as=r.text(record.fields, "known_as"),
            locality=known.locality,
            status=status if into == family else FamilyStatus.CLOSED,
            service=r.text(record.fields, "service"),
            people=tuple(self.people(family)),
            periods=tuple(newest_first(self._periods(family, lists["period"]))),
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
            conflicts=sum(c.casefile in casefiles for c in self._ledger.vault.conflicted()),
            has_restricted=any(map(self._ledger.restricted_of, casefiles)),
            events=tuple(life_events.of_family(self._ledger, family)),
            joined_into=family_lines.tag(self._ledger, into) if into != family else None,
            also=tuple(family_lines.tag(self._ledger, c) for c in casefiles[1:]),
            at_home=self._ledger.profile.at_home,
        )

    def goals(self, family: str) -> list[Goal]:
        """What was agreed with the family to work towards, in the order in which it was."""
        found = self._ledger.of_family("goal", family, order_by=("agreed_at",))
        return [from_family.goal(record) for record in found]

    def people(self, family: str) -> list[Person]:
        """Its people, adults first, with addresses and routes."""
        return household.people(self._ledger, family)

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

    def _periods(self, family: str, records: Sequence[Record]) -> list[Period]:
        """Of all its casefiles. The stage is that of the one which remains: in the other the work
        does not go on.
        """
        found = []
        for record in records:
            period = from_family.period(record)
            if period is None or (
                period.kind is PeriodKind.STAGE and record.casefile != family and not period.until
            ):
                continue
            subject = self._ledger.shown(period.subject)
            found.append(replace(period, subject=family if subject == record.casefile else subject))
        return found

    def _allocations(self, records: Sequence[Record]) -> list[Allocation]:
        found = [from_family.allocation(a) for a in records]
        return sorted(
            (replace(a) for a in found), key=lambda a: (a.until is not None, a.since, a.id)
        )

    def _registration(self, family: str, form: FamilyForm) -> list[Statement]:
        ledger, today = self._ledger, self._ledger.today
        code = form.stage or ledger.profile.first_stage.code
        stage = ledger.profile.stage(code)
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
                    status=stage.standing if stage else FamilyStatus.OPEN,
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
                r.plain_fields(subject=family, kind="stage", code=code, since=received),
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
