"""Writing down what was agreed about reaching somebody: routes and consents.

Every change counts the route's version up and carries what follows from it, so that a number
marked unsafe is stopped in the same transaction in which it is marked. A refusal is an order of
its own: it also catches what another device plans that has not heard of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from app.casework.casebook import from_family, household
from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger, derived_id
from app.casework.casebook.reachable import Reachable
from app.casework.casebook.reminding import Reminding
from app.casework.consent_version import after_change, after_refusal
from app.casework.errors import Missing
from app.casework.forms import RouteForm
from app.casework.phone_number import check_number, comparable
from app.casework.route_verdict import PURPOSE
from app.casework.safe_contact import Allowed, Caution, Route, cautions
from storage.kinds import Value
from storage.query import OneOf, Record
from storage.vault import Statement

_IMMUTABLE = ("channel", "number")


class Routes:
    """The part of a casebook that writes routes and consents."""

    def __init__(self, ledger: Ledger, reminding: Reminding) -> None:
        self._ledger = ledger
        self._reminding = reminding

    def add_route(self, person: str, form: RouteForm) -> str:
        """A new way to reach somebody; unknown until agreed. Gives the route's id.

        Raises Missing without a number, and BadNumber for one that must not be kept.
        """
        record = self._ledger.one(person, "person")
        route = self._ledger.vault.new_id()
        self._ledger.write([route_statement(self._ledger, record.casefile, person, route, form)])
        self._reminding.settle(record.casefile)
        return route

    def change_route(self, route: str, form: RouteForm) -> None:
        """Write down what was agreed about a route. Its channel and number never change.

        Saying yes or no is dated with this moment, because an agreement without a date is none.
        """
        record = self._ledger.one(route, "safe_contact")
        fields = _route_fields(self._ledger, form)
        for fixed in _IMMUTABLE:
            fields.pop(fixed)
        said = []
        for one in self._of_same_person(record):
            differing = r.differing(one.fields, fields)
            if set(differing) == {"agreed_at"} and form.review_by is None:
                differing = {}
            if differing:
                said.append((one, differing))
        if said:
            self._write(said, stop=form.allowed is Allowed.NO)

    def mark_unsafe(self, route: str) -> None:
        """Never use this number again, by whatever channel and for whomever of the family.

        Takes effect on this device at once, and is the first thing that the office hears of.
        """
        record = self._ledger.one(route, "safe_contact")
        refused = r.plain_fields(allowed=Allowed.NO, agreed_at=self._ledger.now)
        self._write([(one, refused) for one in self._same_number(record)], stop=True)

    def set_consent(self, person: str, purpose: str, *, given: bool, evidence: str = "") -> None:
        """Write down that somebody agreed to a purpose, or took it back, in every record of her."""
        fields = r.plain_fields(
            purpose=purpose,
            state="given" if given else "withdrawn",
            at=self._ledger.now,
            evidence=evidence,
        )
        said = [
            self._ledger.statement(
                self._ledger.one(one, "person").casefile,
                "consent",
                derived_id("consent", one, purpose),
                {**fields, "person": one},
            )
            for one in self._ledger.written_as(person)
        ]
        hers = {"person": OneOf(list(self._ledger.written_as(person)))}
        about: list[tuple[Record, Mapping[str, Value]]] = [
            (one, {})
            for one in self._ledger.find("safe_contact", hers)
            if PURPOSE.get(from_family.route(one, one.casefile).channel) == purpose
        ]
        if about:
            self._write(about, stop=not given, beside=said, consent=(person, purpose, given))
        else:
            self._ledger.write(said)

    def cautions(self, route: str) -> tuple[Caution, ...]:
        """What to know before using that route at this moment, of any record of it."""
        record = self._ledger.one(route, "safe_contact")
        alike = household.routes(self._ledger, self._ledger.remaining(record.casefile))
        known = next(c for c in alike if route in (c.id, *c.doubles))
        return cautions(known, self._ledger.now, self._ledger.zone)

    def consents(self, person: str) -> dict[str, bool]:
        """Each purpose somebody was asked about: given or withdrawn, in any record of hers."""
        records = OneOf(list(self._ledger.written_as(person)))
        found: dict[str, bool] = {}
        for consent in self._ledger.find("consent", {"person": records}):
            purpose, given = r.text(consent.fields, "purpose"), r.text(consent.fields, "state")
            found[purpose] = found.get(purpose, True) and given == "given"
        return found

    def _write(
        self,
        several: Iterable[tuple[Record, Mapping[str, Value]]],
        *,
        stop: bool,
        beside: Iterable[Statement] = (),
        consent: tuple[str, str, bool] | None = None,
    ) -> None:
        """Changed routes of one family with their next versions, and what follows from them."""
        said, after = list(beside), []
        for record, fields in several:
            before = from_family.route(record, record.casefile)
            anew = consent is not None and consent[2]
            version = _next_version(before, fields, stop=stop, anew=anew)
            whole: dict[str, Value] = {**fields, "versions": [version]}
            said.append(self._ledger.statement(record.casefile, record.kind, record.record, whole))
            changed = replace(record, fields={**record.fields, **whole})
            after.append(from_family.route(changed, record.casefile))
        following = self._reminding.follow_family(
            after[0].family,
            why="not_safe" if stop else "agreed_anew",
            change=lambda around: self._with(around, after, consent),
        )
        if stop:
            following = self._reminding.stop(after) + following
        self._ledger.write([*said, *following.statements], orders=following.orders)

    def _with(
        self, around: Reachable, routes: Iterable[Route], consent: tuple[str, str, bool] | None
    ) -> Reachable:
        """What is on record, with routes and a consent as they are about to be written."""
        after = list(routes)
        family = self._ledger.remaining(after[0].family)
        found: dict[str, list[Route]] = {}
        for route in household.routes(self._ledger, family, {one.id: one for one in after}):
            found.setdefault(route.person, []).append(route)
        people = tuple(replace(p, routes=tuple(found.get(p.id, ()))) for p in around.people)
        consents = dict(around.consents)
        if consent is not None:
            person, purpose, given = consent
            consents[self._ledger.shown(person), purpose] = given
        return replace(around, people=people, consents=consents)

    def _same_number(self, record: Record) -> list[Record]:
        """Every route of the family with that number, in any of its casefiles, this one first."""
        wanted = _number(record)
        family = self._ledger.remaining(record.casefile)
        others = self._ledger.of_family("safe_contact", family)
        same = [one for one in others if one.record != record.record and _number(one) == wanted]
        return [record, *same]

    def _of_same_person(self, record: Record) -> list[Record]:
        """That route in each record of the person, this one first: one agreement for one number."""
        person = self._ledger.shown(r.text(record.fields, "person"))
        return [
            one
            for one in self._same_number(record)
            if self._ledger.shown(r.text(one.fields, "person")) == person
            and one.fields.get("channel") == record.fields.get("channel")
        ]


def route_statement(
    ledger: Ledger, family: str, person: str, route: str, form: RouteForm
) -> Statement:
    """One route of a person. Raises Missing without a number or address to reach, and BadNumber."""
    if not form.number.strip():
        raise Missing("number")
    check_number(form.number, form.channel)
    fields: dict[str, Value] = {
        **_route_fields(ledger, form),
        "person": person,
        "versions": [1],
    }
    return ledger.statement(family, "safe_contact", route, fields)


def _next_version(before: Route, fields: Mapping[str, Value], *, stop: bool, anew: bool) -> int:
    """A refusal, or agreeing anew to what was refused, is a great step; all else a small one."""
    was_refused = before.allowed is Allowed.NO and fields.get("allowed", "no") != "no"
    if stop or was_refused or anew:
        return after_refusal(before.version)
    return after_change(before.version)


def _number(record: Record) -> str:
    route = from_family.route(record, record.casefile)
    return comparable(route.number, route.channel)


def _route_fields(ledger: Ledger, form: RouteForm) -> dict[str, Value]:
    agreed = form.allowed is not Allowed.UNKNOWN
    return r.plain_fields(
        channel=form.channel,
        number=form.number.strip(),
        allowed=form.allowed,
        days=form.days,
        from_time=form.from_time,
        to_time=form.to_time,
        shared_phone=form.shared_phone,
        voicemail=form.voicemail,
        withheld_id=form.withheld_id,
        neutral_wording=form.neutral_wording,
        code_word=form.code_word.strip(),
        agreed_at=ledger.now if agreed else None,
        review_by=form.review_by,
        remark=form.remark.strip(),
    )
