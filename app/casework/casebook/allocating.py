"""Who works with which family, for what: a separate dated allocation for each function.

The record says who works with a family; who can read its casefile is granted beside it, so that
both are done or undone in one action. A supervisor decides; what she should know first is said.
"""

from __future__ import annotations

from datetime import date

from app.casework.casebook import clock_readings, courses, from_family, periods, referrals
from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger
from app.casework.casebook.team import Team
from app.casework.caseload import AllocationCaution, Role
from app.casework.errors import NoRoom, OutOfOrder
from app.casework.family import Allocation, FamilyStatus
from app.casework.period import PeriodKind
from storage.query import Record
from storage.vault import Statement


class Allocations:
    """Allocating families to people. Supervisors only, because it decides who may read."""

    def __init__(self, ledger: Ledger, team: Team) -> None:
        self._ledger = ledger
        self._team = team

    def allocate(
        self,
        family: str,
        worker: str,
        function: str,
        since: date | None = None,
        *,
        team: str = "",
        despite_full: bool = False,
    ) -> str:
        """Give a family to a worker for one function; she can read it from the next contact.

        A waiting family becomes an open one and leaves the waiting stage on that day. Allocating
        the same again changes nothing. Gives the allocation's id. Raises OnlySupervisors, Unknown,
        OutOfOrder for a day before the referral, and NoRoom where a waiting family would be one
        more than the service takes; `despite_full` takes it all the same.
        """
        self._ledger.require_supervisor()
        record = self._ledger.one(family, "family")
        held = self.of_family(family)
        for one in held:
            if (one.worker, one.function) == (worker, function) and one.cover is None:
                return one.id
        begins = since or self._ledger.today
        episode = courses.told(self._ledger, family).latest
        if episode is not None and begins < episode.opened_at:
            raise OutOfOrder("since", "before_referral", episode.opened_at)
        waits = r.text(record.fields, "status") == FamilyStatus.WAITING
        space = referrals.room(self._ledger)
        if waits and space.full and not despite_full:
            raise NoRoom(space.held, space.most or 0)
        allocation = self._ledger.vault.new_id()
        said = [
            self._allocation(
                family,
                allocation,
                worker,
                function,
                begins,
                episode=episode.id if episode else None,
                team=team or self._team_of(worker),
                beside=tuple(one.id for one in held if one.function == function),
            )
        ]
        if waits:
            said += self._leaves_the_list(family, begins)
        self._ledger.access.grant(family, worker)
        self._ledger.write(said)
        return allocation

    def cautions(self, family: str, worker: str, function: str) -> tuple[AllocationCaution, ...]:
        """What a supervisor should know before she allocates; nothing of it stops her."""
        record = self._ledger.one(family, "family")
        held = [one for one in self.of_family(family) if one.cover is None]
        waits = r.text(record.fields, "status") == FamilyStatus.WAITING
        found = []
        if waits and referrals.room(self._ledger).full:
            found.append(AllocationCaution.SERVICE_FULL)
        if any(one.function == function and one.worker != worker for one in held):
            found.append(AllocationCaution.HELD_ALREADY)
        if any((one.worker, one.function) == (worker, function) for one in held):
            found.append(AllocationCaution.HERS_ALREADY)
        told = courses.told(self._ledger, family)
        referral = referrals.referral_of(self._ledger, told)
        if referral is not None and not referral.decision and self._ledger.profile.decisions:
            found.append(AllocationCaution.NOT_DECIDED)
        return tuple(found)

    def end_allocation(self, allocation: str, until: date | None = None) -> None:
        """Her work with the family ends; she reads no more unless something else lets her.

        Raises OnlySupervisors, Unknown.
        """
        self._ledger.require_supervisor()
        record = self._ledger.one(allocation, "allocation")
        self._ledger.change(record, r.plain_fields(until=until or self._ledger.today))
        self.withdraw(record.casefile, r.text(record.fields, "worker"))

    def of_family(self, family: str) -> list[Allocation]:
        """The allocations that hold today."""
        return [from_family.allocation(a) for a in self._open(casefile=family)]

    def withdraw(self, family: str, worker: str) -> None:
        """End the reading unless another allocation still gives it, or her being a supervisor: she
        has every family of the team, and whoever ends the last key to one has lost it.
        """
        if worker == self._ledger.me.person or worker in self._supervisors():
            return
        others = [
            a
            for a in self._open(casefile=family)
            if r.text(a.fields, "worker") == worker and r.maybe_day(a.fields, "until") is None
        ]
        if not others:
            self._ledger.access.remove(family, worker)

    def _open(self, casefile: str | None = None) -> list[Record]:
        return self._ledger.find(
            "allocation", {"until": self._ledger.still_holding()}, casefile=casefile
        )

    def _allocation(
        self,
        family: str,
        record: str,
        worker: str,
        function: str,
        since: date | None,
        *,
        cover: str | None = None,
        **more: object,
    ) -> Statement:
        fields = r.plain_fields(
            worker=worker,
            function=function,
            since=since or self._ledger.today,
            cover=cover,
            **{name: value for name, value in more.items() if value},
        )
        return self._ledger.statement(family, "allocation", record, fields)

    def _leaves_the_list(self, family: str, on: date) -> list[Statement]:
        """The family is open from now on, in the first stage in which it is worked with."""
        profile, told = self._ledger.profile, courses.told(self._ledger, family)
        stage = profile.stage(clock_readings.stage_now(told) or "")
        for code in stage.next if stage and stage.standing == "waiting" else ():
            following = profile.stage(code)
            if following is not None and following.standing == "open":
                return periods.beginning(self._ledger, family, PeriodKind.STAGE, code, on)[1]
        opened = r.plain_fields(status=FamilyStatus.OPEN)
        return [self._ledger.statement(family, "family", family, opened)]

    def _supervisors(self) -> set[str]:
        return {w.person for w in self._team.workers() if w.role is Role.SUPERVISOR}

    def _team_of(self, worker: str) -> str:
        found = (w.team for w in self._team.workers() if w.person == worker)
        return next(found, "")
