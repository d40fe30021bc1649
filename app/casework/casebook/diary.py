"""The diary: booking, series, moving, cancelling and taking that back, clashes, and the week."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from app.casework.appointment import (
    Appointment,
    CancelledBy,
    Clash,
    Status,
    VenueType,
    WorkingHours,
    clashes,
    free_slots,
    weekly,
)
from app.casework.card import Card, Day, Due, Week
from app.casework.casebook import from_records, household, today
from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger
from app.casework.casebook.team import Team
from app.casework.company import homes_for, kept_from, names_place
from app.casework.errors import AddressKeptSecret, Missing, NotASensibleDate
from app.casework.forms import Booking
from app.casework.moments import as_text, monday_of
from storage.kinds import Value
from storage.query import AtLeast, Before, Between, Record

LONGEST_MINUTES = 12 * 60
LONGEST_AGO, FURTHEST_AHEAD = timedelta(days=366 * 2), timedelta(days=366 * 2)
"""Beyond these a year was mistyped. What happened can be written down late, but not for ever: the
longest history that a device is given to start with is under two years."""
_MARGIN = timedelta(minutes=LONGEST_MINUTES)

Venue = tuple[str, str, str, str]
"""Kind of venue, its name, address and postcode."""


class Diary:
    """Everything about appointments."""

    def __init__(self, ledger: Ledger, team: Team) -> None:
        self._ledger = ledger
        self._team = team

    # --- looking

    def today(self, on: date | None = None, worker: str | None = None) -> tuple[Card, ...]:
        """One worker's appointments of a day in order, with all there is to know before each."""
        who = worker or self._ledger.me.person
        return today.cards(self._ledger, on or self._ledger.today, who)

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
            days.append(
                Day(
                    date=on,
                    appointments=tuple(booked),
                    free=tuple(
                        free_slots(
                            on, booked, hours, self._ledger.zone, not_before=self._ledger.now
                        )
                    ),
                    working=on.weekday() in hours.days,
                )
            )
        return Week(monday=first, days=tuple(days))

    def get(self, appointment: str) -> Appointment:
        """One appointment. Raises Unknown."""
        record = self._record(appointment)
        return from_records.appointment(record, record.casefile)

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

    def series(self, series: str) -> list[Appointment]:
        """All appointments of a series in order."""
        found = self._ledger.find("appointment", {"series": series}, order_by=("starts",))
        return [from_records.appointment(record, record.casefile) for record in found]

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

    def kept_from(self, booking: Booking) -> tuple[str, ...]:
        """Who of those expected must not learn the place that a booking names; usually nobody."""
        family = self._ledger.remaining(booking.family)
        written = ", ".join(filter(None, (booking.venue, booking.address, booking.postcode)))
        named = {self._ledger.shown(p) for p in booking.people}
        return kept_from(written, household.addresses(self._ledger, family), named)

    # --- writing

    def book(self, booking: Booking) -> str:
        """Book one appointment; gives its id. Clashes are for the screen to show first.

        Raises AddressKeptSecret when somebody expected must not learn the place.
        """
        return self.book_series(booking, 1)[0]

    def book_series(self, booking: Booking, times: int, *, every_weeks: int = 1) -> list[str]:
        """Book a series at the same wall-clock time, all or nothing; gives the ids in order.

        Raises NotASensibleDate for a start that is a slip of the finger.
        """
        fields = self._fields(booking)
        self._sensible(booking.starts)
        starts = weekly(booking.starts, times, self._ledger.zone, every_weeks=every_weeks)
        if times > 1:
            fields["series"] = self._ledger.vault.new_id()
        made = [(self._ledger.vault.new_id(), begin) for begin in starts]
        self._ledger.write(
            self._ledger.statement(
                booking.family,
                "appointment",
                record,
                {**fields, "starts": as_text(begin), "status": Status.BOOKED.value},
            )
            for record, begin in made
        )
        return [record for record, _ in made]

    def check(self, booking: Booking) -> None:
        """Whether it could be booked so. Raises AddressKeptSecret, and Missing without a length."""
        self._fields(booking)

    def booking_of(self, appointment: str) -> Booking:
        """What an appointment says, ready to be changed."""
        one = self.get(appointment)
        return Booking(**{n: getattr(one, n) for n in Booking.__dataclass_fields__})

    def change(self, appointment: str, booking: Booking) -> None:
        """Correct an appointment; only what differs is written. It stays in its family.

        Raises NotASensibleDate as booking does, when the start is another one, and
        AddressKeptSecret when somebody expected must not learn the place.
        """
        record = self._record(appointment)
        fields = {**self._fields(booking), "starts": as_text(booking.starts)}
        differing = r.differing(record.fields, fields)
        if "starts" in differing:
            self._sensible(booking.starts)
        self._ledger.write(
            [self._ledger.statement(record.casefile, record.kind, appointment, differing)]
        )

    def move(
        self,
        appointment: str,
        starts: datetime,
        *,
        minutes: int | None = None,
        rest_of_series: bool = False,
    ) -> None:
        """Move an appointment, or it and the later ones of its series by as much wall-clock time.

        Writing one start settles a choice between two that were made offline. Raises
        NotASensibleDate as booking does.
        """
        self._sensible(starts)
        record = self._record(appointment)
        first = from_records.appointment(record, record.casefile)
        shift_days = (
            starts.astimezone(self._ledger.zone).date()
            - first.starts.astimezone(self._ledger.zone).date()
        )
        wall = starts.astimezone(self._ledger.zone).time()
        said = []
        for one in self._rest(first) if rest_of_series else [first]:
            local = one.starts.astimezone(self._ledger.zone)
            begin = (
                starts if one.id == first.id else self._ledger.at(local.date() + shift_days, wall)
            )
            fields = r.plain_fields(starts=begin)
            if minutes is not None and minutes != one.minutes:
                fields["minutes"] = minutes
            said.append(self._ledger.statement(record.casefile, "appointment", one.id, fields))
        self._ledger.write(said)

    def cancel(
        self, appointment: str, by: CancelledBy, reason: str = "", *, rest_of_series: bool = False
    ) -> None:
        """Call it off, saying who did and why; it stays in the record and can be restored."""
        record = self._record(appointment)
        first = from_records.appointment(record, record.casefile)
        fields = r.plain_fields(
            status=Status.CANCELLED,
            cancelled_by=by,
            cancelled_at=self._ledger.now,
            cancel_reason=reason.strip(),
        )
        self._ledger.write(
            self._ledger.statement(record.casefile, "appointment", one.id, fields)
            for one in (self._rest(first) if rest_of_series else [first])
        )

    def restore(self, appointment: str) -> None:
        """It was cancelled by mistake: it stands again as it was."""
        record = self._record(appointment)
        self._ledger.change(
            record,
            r.plain_fields(
                status=Status.BOOKED, cancelled_by=None, cancelled_at=None, cancel_reason=""
            ),
        )

    def _sensible(self, starts: datetime) -> None:
        if starts < self._ledger.now - LONGEST_AGO:
            raise NotASensibleDate("starts", "too_long_ago")
        if starts > self._ledger.now + FURTHEST_AHEAD:
            raise NotASensibleDate("starts", "too_far_ahead")

    def _rest(self, first: Appointment) -> Sequence[Appointment]:
        if first.series is None:
            return [first]
        later = [a for a in self.series(first.series) if a.starts >= first.starts]
        return [a for a in later if not a.cancelled or a.id == first.id]

    def _record(self, appointment: str) -> Record:
        return self._ledger.one(appointment, "appointment")

    def _wanted(self, booking: Booking, appointment: str) -> Appointment:
        values = {n: getattr(booking, n) for n in Booking.__dataclass_fields__}
        asked = Appointment(id=appointment, **values)
        return asked if asked.workers else replace(asked, workers=(self._ledger.me.person,))

    def _fields(self, booking: Booking) -> dict[str, Value]:
        if booking.starts.tzinfo is None:
            raise ValueError("a start without its zone")
        if not 1 <= booking.minutes <= LONGEST_MINUTES:
            raise Missing("minutes")
        if secret_from := self.kept_from(booking):
            raise AddressKeptSecret(secret_from)
        return r.plain_fields(
            kind=booking.kind,
            zone=self._ledger.zone.key,
            minutes=booking.minutes,
            venue_type=booking.venue_type,
            venue=booking.venue.strip(),
            address=booking.address.strip(),
            postcode=booking.postcode.strip(),
            workers=booking.workers or (self._ledger.me.person,),
            people=booking.people,
            about=booking.about.strip(),
            planned=booking.planned,
        )
