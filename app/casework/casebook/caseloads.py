"""Lending a whole caseload for a while, and taking it back, each in one action."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from app.casework.casebook import from_family
from app.casework.casebook import reading as r
from app.casework.casebook.double_work import DoubleWork
from app.casework.errors import Missing, NotASensibleDate
from storage.query import Record

LONGEST_LOAN = timedelta(days=366)
"""Longer is a change of worker, and ought to be written down as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """A caseload on loan: whose, to whom, until when, which families. `open`: not given back."""

    id: str
    away: str
    away_name: str
    covering: str
    covering_name: str
    since: date
    until: date
    families: tuple[str, ...]
    open: bool
    overdue: bool


class Caseloads(DoubleWork):
    """Lending a whole caseload, and taking it back. Supervisors only."""

    def cover(
        self,
        away: str,
        covering: str,
        until: date,
        *,
        since: date | None = None,
        families: Collection[str] | None = None,
    ) -> Cover:
        """Lend a caseload, or some of its families, in one action.

        The worker who is away keeps her own allocations. Raises OnlySupervisors, and Missing when
        there is nothing to lend. NotASensibleDate for a day that has passed, or is years ahead.
        """
        self.may_lend(until)
        lent = [
            one
            for one in map(from_family.allocation, self._open())
            if one.worker == away
            and one.cover is None
            and (families is None or one.family in families)
        ]
        if not lent:
            raise Missing("families")
        loan = self._ledger.vault.new_id()
        begins = since or self._ledger.today
        team = self._team.team()
        if team is None:
            raise Missing("team")
        touched = tuple(dict.fromkeys(one.family for one in lent))
        for family in touched:
            self._ledger.access.grant(family, covering)
        self._ledger.write(
            [
                self._ledger.statement(
                    team.id,
                    "cover",
                    loan,
                    r.plain_fields(
                        away=away,
                        covering=covering,
                        since=begins,
                        until=until,
                        families=touched,
                    ),
                ),
                *(
                    self._allocation(
                        one.family,
                        self._ledger.vault.new_id(),
                        covering,
                        one.function,
                        begins,
                        cover=loan,
                    )
                    for one in lent
                ),
            ]
        )
        return self._cover(self._ledger.one(loan, "cover"))

    def may_lend(self, until: date) -> None:
        """Raise what `cover` raises for a day that cannot be, or for who may not lend."""
        self._ledger.require_supervisor()
        if until < self._ledger.today:
            raise NotASensibleDate("until", "in_the_past")
        if until > self._ledger.today + LONGEST_LOAN:
            raise NotASensibleDate("until", "too_far_ahead")

    def covers(self, *, open_only: bool = True) -> list[Cover]:
        """Caseloads on loan, the one to be given back first on top."""
        where = {"returned_at": None} if open_only else {}
        found = [self._cover(record) for record in self._ledger.find("cover", where)]
        return sorted(found, key=lambda c: (c.until, c.id))

    def give_back(self, cover: str) -> None:
        """End a loan in one action: its allocations end and the reading with them.

        Families that the covering worker has of her own stay hers. Raises OnlySupervisors.
        """
        self._ledger.require_supervisor()
        record = self._ledger.one(cover, "cover")
        lent = self._ledger.find("allocation", {"cover": cover, "until": None})
        ended = r.plain_fields(until=self._ledger.today)
        self._ledger.write(
            [
                self._ledger.statement(
                    record.casefile,
                    "cover",
                    cover,
                    r.plain_fields(returned_at=self._ledger.now),
                ),
                *(self._ledger.statement(a.casefile, "allocation", a.record, ended) for a in lent),
            ]
        )
        for family in dict.fromkeys(a.casefile for a in lent):
            self.withdraw(family, r.text(record.fields, "covering"))

    def _cover(self, record: Record) -> Cover:
        f = record.fields
        away, covering = r.text(f, "away"), r.text(f, "covering")
        until = r.maybe_day(f, "until") or self._ledger.today
        returned = r.maybe_moment(f, "returned_at") is not None
        return Cover(
            id=record.record,
            away=away,
            away_name=self._team.name_of(away),
            covering=covering,
            covering_name=self._team.name_of(covering),
            since=r.maybe_day(f, "since") or until,
            until=until,
            families=r.texts(f, "families"),
            open=not returned,
            overdue=not returned and until < self._ledger.today,
        )
