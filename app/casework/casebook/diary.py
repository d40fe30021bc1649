"""The diary: days and weeks, clashes, and the venues a family was met at before."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from app.casework.appointment import (
    Appointment,
    Clash,
    Status,
    VenueType,
    WorkingHours,
    clashes,
    free_slots,
)
from app.casework.bank_holidays import closed_days
from app.casework.card import Card, Day, Due, Week
from app.casework.casebook import from_records, group_records, household, today
from app.casework.casebook.arranging import LONGEST_MINUTES, Arranging
from app.casework.casebook.covering import Covered, covered
from app.casework.casebook.ledger import Ledger
from app.casework.casebook.reminding import Reminding
from app.casework.casebook.team import Team
from app.casework.company import homes_for, kept_from, names_place
from app.casework.forms import Booking
from app.casework.group import GroupSession
from app.casework.moments import as_text, local_day, monday_of
from storage.query import AtLeast, Before, Between

_MARGIN = timedelta(minutes=LONGEST_MINUTES)

Venue = tuple[str, str, str, str]
"""Kind of venue, its name, address and postcode."""


class Diary(Arranging):
    """Everything about appointments. See `Arranging` for what makes and changes them."""

    def __init__(self, ledger: Ledger, team: Team, reminding: Reminding) -> None:
        super().__init__(ledger, reminding)
        self._team = team

    # --- looking

    def today(self, on: date | None = None, worker: str | None = None) -> tuple[Card, ...]:
        """One worker's appointments of a day in order, with all there is to know before each."""
        who = worker or self._ledger.me.person
        return today.cards(self._ledger, on or self._ledger.today, who)

    def covered(self, on: date | None = None) -> tuple[Covered, ...]:
        """The caseloads that the owner of this device covers, each with its visits of a day."""
        return covered(self._ledger, self._team, on or self._ledger.today)

    def due_today(self, worker: str | None = None) -> tuple[Due, ...]:
        """What else waits on her today: conversations, actions, reviews, outcomes, notes."""
        return today.due(self._ledger, worker or self._ledger.me.person)

    def week(self, monday: date | None = None, worker: str | None = None) -> Week:
        """Seven days from the Monday of that date, with the stretches that are free."""
        who = worker or self._ledger.me.person
        first = monday_of(monday or self._ledger.today)
        known = self._team.worker(who)
        hours = known.hours if known else WorkingHours()
        days = []
        for on in (first + timedelta(days=n) for n in range(7)):
            booked = today.appointments_of(self._ledger, on, who)
            led = group_records.on_day(self._ledger, on, who)
            days.append(
                Day(
                    date=on,
                    appointments=tuple(booked),
                    led=tuple(led),
                    free=tuple(
                        free_slots(
                            on,
                            [*booked, *led],
                            hours,
                            self._ledger.zone,
                            not_before=self._ledger.now,
                        )
                    ),
                    working=on.weekday() in hours.days,
                )
            )
        return Week(monday=first, days=tuple(days))

    def of_family(
        self,
        family: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = None,
    ) -> list[Appointment]:
        """A family's appointments in order, cancelled ones included; from now on by default."""
        begin = as_text(since or self._ledger.now)
        where = Between(begin, as_text(until)) if until else AtLeast(begin)
        return [
            from_records.appointment(record, record.casefile)
            for record in self._ledger.of_family(
                "appointment", family, {"starts": where}, order_by=("starts",), limit=limit
            )
        ]

    def clashes(self, wanted: Booking, *, besides: str | None = None) -> list[Clash]:
        """What stands at that time for one of the same people, in any family on this device.

        `besides` is the appointment that is about to be moved.
        """
        asked = self._wanted(wanted, besides or "")
        around = self._ledger.find(
            "appointment",
            {
                "starts": Between(as_text(asked.starts - _MARGIN), as_text(asked.ends)),
                "status": Status.BOOKED.value,
            },
        )
        return clashes(asked, (from_records.appointment(a, a.casefile) for a in around))

    def sessions_led(self, wanted: Booking) -> list[tuple[str, GroupSession]]:
        """Who of those who are to go leads a group's session at that time, and which."""
        asked = self._wanted(wanted, "")
        days = {m.astimezone(self._ledger.zone).date() for m in (asked.starts, asked.ends)}
        return [
            (worker, session)
            for worker in asked.workers
            for on in sorted(days)
            for session in group_records.on_day(self._ledger, on, worker)
            if not session.cancelled and asked.starts < session.ends and session.starts < asked.ends
        ]

    def closed_on(self, at: datetime) -> bool:
        """Whether the service is closed that day: a bank holiday, or a day of its own."""
        on, profile = local_day(at, self._ledger.zone), self._ledger.profile
        return on in closed_days(profile.calendar, [on.year], profile.reminders.hours.closed)

    def venues(self, family: str, people: Collection[str] = ()) -> list[Venue]:
        """Where this family has been or could be met: homes first, then venues used before.

        `people` are those expected: no place is offered that one of them must not learn, nor where
        somebody else's child is looked after.
        """
        lived = household.addresses(self._ledger, family)
        away = household.elsewhere(self._ledger)
        earliest_first = sorted(lived, key=lambda a: (str(a.since), a.id))
        found: dict[Venue, None] = {
            (VenueType.HOME, "", ", ".join(h.lines.splitlines()), h.postcode): None
            for h in homes_for(earliest_first, people, away)
        }
        used = self._ledger.of_family(
            "appointment",
            family,
            {"starts": Before(as_text(self._ledger.now + timedelta(days=365)))},
            order_by=("-starts",),
            limit=50,
        )
        for record in used:
            one = from_records.appointment(record, family)
            if one.venue_type != VenueType.HOME and not kept_from(
                today.written_place(one), lived, people
            ):
                found[(one.venue_type, one.venue, one.address, one.postcode)] = None
        return list(found)

    def secret_place(self, family: str, place: str) -> bool:
        """Whether a place is one that somebody must not learn, whoever is expected there."""
        lived = household.addresses(self._ledger, self._ledger.remaining(family), current=True)
        return any(a.secret_from and names_place(place, a) for a in lived)

    def where_to(self, appointment: str) -> tuple[str, tuple[str, ...]]:
        """The place of an appointment as it may be shown, and who of those expected must not learn
        it: then it is empty. Raises Unknown.
        """
        one = self.get(appointment)
        lived = household.addresses(self._ledger, self._ledger.remaining(one.family))
        return today.where_to(self._ledger, one, lived)
