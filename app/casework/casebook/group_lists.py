"""Groups and courses: starting a cohort, and who is on its list.

Whoever enrols a family may read it; whoever leads the group need not. Of the family its list holds
a name and what to know before ringing; see docs/decisions/0019.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.casework.attendance import SEEN, Code
from app.casework.bank_holidays import closed_days
from app.casework.casebook import group_records, household
from app.casework.casebook import reading as r
from app.casework.casebook.diary import Diary
from app.casework.casebook.engagement import Engagement
from app.casework.casebook.family_lines import workers_now
from app.casework.casebook.ledger import Ledger, derived_id
from app.casework.casebook.reminding import Reminding
from app.casework.casebook.team import Team
from app.casework.contact_type import ContactType
from app.casework.errors import (
    AlreadyOnRegister,
    Missing,
    NotASensibleDate,
    Unknown,
)
from app.casework.forms import Booking
from app.casework.group import (
    Enrolled,
    Group,
    GroupSession,
    Mark,
    already_on,
    expected_at,
    session_days,
    who_came,
)
from app.casework.people import Person, PersonKind
from app.casework.profile.shapes import Programme
from app.casework.safe_contact import may_use


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupForm:
    """A cohort to be started. `starts` is its first session, aware."""

    programme: str
    cohort: str
    starts: datetime
    venue: str = ""
    leaders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One name on a register; `mark` is None until somebody is marked. `mine`: I may read her
    family."""

    enrolled: Enrolled
    mark: Mark | None
    mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A session's register, with how many different people have come to the group so far."""

    group: Group
    session: GroupSession
    lines: tuple[Line, ...]
    came_so_far: int

    @property
    def here(self) -> int:
        """How many are marked as having come to this session."""
        return sum(1 for line in self.lines if line.mark and line.mark.code in SEEN)

    @property
    def unmarked(self) -> int:
        return sum(1 for line in self.lines if not line.mark or line.mark.code is Code.NOT_YET)


class GroupLists:
    """The part of a casebook about groups: what there is, and who is expected."""

    def __init__(
        self,
        ledger: Ledger,
        team: Team,
        diary: Diary,
        engagement: Engagement,
        reminding: Reminding,
    ) -> None:
        self._ledger = ledger
        self._team = team
        self._diary = diary
        self._engagement = engagement
        self._reminding = reminding

    # --- looking

    def all(self) -> list[Group]:
        """Every group of the team, by name."""
        found = [group_records.group(record) for record in self._ledger.find("group")]
        return sorted(found, key=lambda g: (g.cohort, g.id))

    def get(self, group: str) -> Group:
        """One group. Raises Unknown."""
        return group_records.group(self._ledger.one(group, "group"))

    def programme(self, group: Group) -> Programme | None:
        """What the service's profile says of it; None where it knows it no longer."""
        return self._ledger.profile.programme(group.programme)

    def sessions(self, group: str) -> list[GroupSession]:
        """In the order in which they take place."""
        return group_records.sessions(self._ledger, {"group": group})

    def session(self, session: str) -> GroupSession:
        """One session. Raises Unknown."""
        found = group_records.sessions(self._ledger, {"record": session})
        if not found:
            raise Unknown
        return found[0]

    def led_on(self, on: date, worker: str | None = None) -> list[GroupSession]:
        """The sessions that somebody leads that day, mine by default."""
        return group_records.on_day(self._ledger, on, worker or self._ledger.me.person)

    def enrolled(self, group: str) -> list[Enrolled]:
        """Everybody on a group's list, by name, also those who walked in."""
        found = [
            group_records.enrolled(record)
            for record in self._ledger.find("enrolment", {"group": group})
        ]
        return sorted(found, key=lambda e: (e.name.casefold(), e.id))

    def register(self, session: str) -> Register:
        """Who is expected at a session and what is marked. Raises Unknown."""
        one = self.session(session)
        numbers = {s.id: s.n for s in self.sessions(one.group)}
        marks = group_records.marks(self._ledger, {"group": one.group})
        here = {m.enrolled: m for m in marks if m.session == session}
        return Register(
            group=self.get(one.group),
            session=one,
            lines=tuple(
                Line(enrolled=e, mark=here.get(e.id), mine=self._mine(e.family))
                for e in expected_at(one, self.enrolled(one.group), numbers)
            ),
            came_so_far=len(who_came(marks)),
        )

    # --- starting and enrolling

    def start(self, form: GroupForm) -> str:
        """A new cohort with all its sessions, none on a bank holiday; gives its id.

        Raises Missing, and NotASensibleDate for a first session long ago or far ahead.
        """
        programme = self._ledger.profile.programme(form.programme)
        if programme is None:
            raise Missing("programme")
        if not form.cohort.strip():
            raise Missing("cohort")
        if abs(form.starts - self._ledger.now) > timedelta(days=366 * 2):
            raise NotASensibleDate("starts", "too_far_ahead")
        local = form.starts.astimezone(self._ledger.zone)
        nation = self._ledger.profile.calendar
        closed = closed_days(nation, range(local.year, local.year + 4))
        days = session_days(local.date(), programme.sessions, programme.every_days, closed)
        group, casefile = self._ledger.vault.new_id(), self._casefile()
        leaders = form.leaders or (self._ledger.me.person,)
        said = [
            self._ledger.statement(
                casefile,
                "group",
                group,
                r.plain_fields(
                    programme=programme.code,
                    cohort=form.cohort.strip(),
                    venue=form.venue.strip(),
                    leaders=leaders,
                    audience=programme.audience,
                ),
            )
        ]
        said += [
            self._ledger.statement(
                casefile,
                "group_session",
                derived_id("group_session", group, str(n)),
                r.plain_fields(
                    group=group,
                    n=n,
                    of=len(days),
                    starts=self._ledger.at(day, local.time()),
                    minutes=programme.minutes,
                    leaders=leaders,
                    status="planned",
                ),
            )
            for n, day in enumerate(days, 1)
        ]
        self._ledger.write(said)
        return group

    def enrol(self, group: str, family: str, person: str, *, walked_in: str = "") -> str:
        """Put somebody of a family that I may read on the list; gives the entry's id.

        Books her into every session from now on, in her family's own diary. Of the family only her
        name and what to know before ringing go to the group. Raises AlreadyOnRegister, Unknown.
        """
        family = self._ledger.remaining(family)
        known = next((p for p in household.people(self._ledger, family) if p.id == person), None)
        if known is None or not self._mine(family):
            raise Unknown
        self._not_yet_on(group, person=person)
        grant = self._ledger.vault.current_grant(bytes.fromhex(family))
        entry = derived_id("enrolment", group, person)
        self._say(
            "enrolment",
            entry,
            group=group,
            name=known.name,
            warning=self._warning(known),
            family=family,
            person=person,
            kid=grant.kids[-1].hex() if grant else None,
            inbox=grant.inbox_public.hex() if grant else None,
            walked_in=walked_in,
            left=False,
        )
        since = self.session(walked_in).starts if walked_in else self._ledger.now
        coming = [s for s in self.sessions(group) if s.starts >= since and not s.cancelled]
        self._book(self.get(group), coming, family, person)
        return entry

    def enrol_by_name(
        self, group: str, name: str, *, agency: str = "", walked_in: str = "", another: bool = False
    ) -> str:
        """Put a professional, or somebody who is new, on the list by her name.

        Raises Missing, and AlreadyOnRegister for a name that is on it, unless `another` says that
        this is somebody else.
        """
        if not name.strip():
            raise Missing("name")
        if not another:
            self._not_yet_on(group, name=name)
        entry = self._ledger.vault.new_id()
        self._say(
            "enrolment",
            entry,
            group=group,
            name=" ".join(name.split()),
            agency=agency.strip(),
            walked_in=walked_in,
            left=False,
        )
        return entry

    def _book(
        self, group: Group, sessions: Sequence[GroupSession], family: str, person: str
    ) -> None:
        if not sessions:
            return
        working = workers_now(self._ledger).get(family, ())
        leads = next((w for w in group.leaders if w in working), "")
        booking = Booking(
            family=family,
            kind=self._kind(group),
            starts=sessions[0].starts,
            minutes=sessions[0].minutes,
            venue_type=self._venue_type(group),
            venue=group.venue,
            # Reminders are planned on the device of whoever stands first, who must be able to
            # read the family.
            workers=(leads or (working[0] if working else self._ledger.me.person),),
            people=(person,),
        )
        ids = [derived_id("group_appointment", s.id, person) for s in sessions]
        self._diary.book_sessions(booking, sessions, programme=group.programme, ids=ids)

    def _not_yet_on(self, group: str, *, person: str = "", name: str = "") -> None:
        found = already_on(self.enrolled(group), person=person, name=name)
        if found is not None:
            raise AlreadyOnRegister(found.id)

    def _warning(self, person: Person) -> str:
        """What anybody must know before contacting her, in plain words, without a number."""
        usable = [
            route for route in person.routes if may_use(route, self._ledger.now, self._ledger.zone)
        ]
        if not usable:
            return "no_safe_route"
        return "ask_her_worker" if len(usable) < len(person.routes) else ""

    def people_of(self, family: str) -> list[Person]:
        """Who of a family could come to a group: its adults."""
        found = household.people(self._ledger, self._ledger.remaining(family))
        return [p for p in found if p.kind is PersonKind.ADULT]

    def _kind(self, group: Group) -> str:
        programme = self.programme(group)
        return (programme.contact_type if programme else "") or ContactType.GROUP_SESSION

    def _venue_type(self, group: Group) -> str:
        programme = self.programme(group)
        return (programme.venue if programme else "") or "community"

    def _mine(self, family: str) -> bool:
        return bool(family) and any(c.id == family for c in self._ledger.vault.casefiles())

    def _casefile(self) -> str:
        team = self._team.team()
        if team is None:
            raise Unknown
        return team.id

    def _say(self, kind: str, record: str, **values: object) -> None:
        fields = r.plain_fields(**values)
        self._ledger.write([self._ledger.statement(self._casefile(), kind, record, fields)])
