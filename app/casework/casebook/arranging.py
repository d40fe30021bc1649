"""Making and changing appointments: booking, series, moving, cancelling and taking that back.

Each change carries what follows from it for reminders and calls, in one durable transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from app.casework.appointment import Appointment, CancelledBy, Status, weekly
from app.casework.casebook import from_records, household
from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger
from app.casework.casebook.reminding import TOLD_OF, Reminding
from app.casework.company import kept_from
from app.casework.errors import AddressKeptSecret, Missing, NotASensibleDate
from app.casework.forms import Booking
from app.casework.group import GroupSession
from app.casework.moments import as_text
from storage.kinds import Value
from storage.query import Record

LONGEST_MINUTES = 12 * 60

LONGEST_AGO, FURTHEST_AHEAD = timedelta(days=366 * 2), timedelta(days=366 * 2)
"""Beyond these a year was mistyped. What happened can be written down late, but not for ever: the
longest history that a device is given to start with is under two years."""

_TOLD = frozenset({*TOLD_OF, "zone", "status"})
"""Fields whose change makes an appointment another version."""

_Changed = tuple[Appointment, Appointment, Mapping[str, Value]]
"""An appointment before and after, and the fields to write."""


class Arranging:
    """The part of the diary that writes."""

    def __init__(self, ledger: Ledger, reminding: Reminding) -> None:
        self._ledger = ledger
        self._reminding = reminding

    def get(self, appointment: str) -> Appointment:
        """One appointment. Raises Unknown."""
        record = self._record(appointment)
        return from_records.appointment(record, record.casefile)

    def series(self, series: str) -> list[Appointment]:
        """All appointments of a series in order."""
        found = self._ledger.find("appointment", {"series": series}, order_by=("starts",))
        return [from_records.appointment(record, record.casefile) for record in found]

    def book(self, booking: Booking) -> str:
        """Book one appointment; gives its id. Clashes are for the screen to show first.

        Raises AddressKeptSecret when somebody expected must not learn the place.
        """
        return self.book_series(booking, 1)[0]

    def book_series(self, booking: Booking, times: int, *, every_weeks: int = 1) -> list[str]:
        """Book a series at the same wall-clock time, all or nothing; gives the ids in order.

        What they earn in reminders and calls is written with them. Raises NotASensibleDate for a
        start that is a slip of the finger.
        """
        self._sensible(booking.starts)
        starts = weekly(booking.starts, times, self._ledger.zone, every_weeks=every_weeks)
        series = self._ledger.vault.new_id() if times > 1 else None
        asked = replace(self._wanted(booking, ""), series=series, version=1)
        return self._book(
            booking,
            [replace(asked, id=self._ledger.vault.new_id(), starts=at) for at in starts],
        )

    def book_sessions(
        self,
        booking: Booking,
        sessions: Sequence[GroupSession],
        *,
        programme: str,
        ids: Sequence[str],
    ) -> list[str]:
        """Book somebody of a family into sessions of a group, all or nothing, under those ids."""
        asked = replace(self._wanted(booking, ""), programme=programme, version=1)
        return self._book(
            booking,
            [
                replace(asked, id=id_, starts=s.starts, minutes=s.minutes, session=s.id)
                for id_, s in zip(ids, sessions, strict=True)
            ],
        )

    def _book(self, booking: Booking, made: Sequence[Appointment]) -> list[str]:
        fields = self._fields(booking)
        said = [
            self._ledger.statement(
                one.family,
                "appointment",
                one.id,
                {
                    **fields,
                    **r.differing(
                        {},
                        r.plain_fields(
                            series=one.series, programme=one.programme, session=one.session
                        ),
                    ),
                    "minutes": one.minutes,
                    "starts": as_text(one.starts),
                    "status": Status.BOOKED.value,
                    "versions": [one.version],
                },
            )
            for one in made
        ]
        following = self._reminding.follow(booking.family, made, why="booked")
        self._ledger.write([*said, *following.statements], orders=following.orders)
        return [one.id for one in made]

    def check(self, booking: Booking) -> None:
        """Whether it could be booked so. Raises AddressKeptSecret, and Missing without a length."""
        self._fields(booking)

    def kept_from(self, booking: Booking) -> tuple[str, ...]:
        """Who of those expected must not learn the place that a booking names; usually nobody."""
        family = self._ledger.remaining(booking.family)
        written = ", ".join(filter(None, (booking.venue, booking.address, booking.postcode)))
        named = {self._ledger.shown(p) for p in booking.people}
        return kept_from(written, household.addresses(self._ledger, family), named)

    def booking_of(self, appointment: str) -> Booking:
        """What an appointment says, ready to be changed."""
        one = self.get(appointment)
        return Booking(**{n: getattr(one, n) for n in Booking.__dataclass_fields__})

    def change(self, appointment: str, booking: Booking, *, rest_of_series: bool = False) -> None:
        """Correct an appointment; only what differs is written. It stays in its family.

        With `rest_of_series` the later ones of its series are moved by as much wall-clock time.
        Raises NotASensibleDate as booking does, when the start is another one, and
        AddressKeptSecret when somebody expected must not learn the place.
        """
        record = self._record(appointment)
        first = from_records.appointment(record, record.casefile)
        fields = {**self._fields(booking), "starts": as_text(booking.starts)}
        differing = r.differing(record.fields, fields)
        if "starts" in differing:
            self._sensible(booking.starts)
        if first.other_starts:
            differing["starts"] = fields["starts"]  # saying the time again is choosing it
        asked = replace(self._wanted(booking, appointment), family=first.family)
        changed = replace(
            first, **{n: getattr(asked, n) for n in Booking.__dataclass_fields__}, other_starts=()
        )
        moved = self._moved(first, booking.starts, booking.minutes) if rest_of_series else []
        self._write(
            "moved",
            [(first, changed, differing)],
            [(old, new, _moved_fields(old, new)) for old, new in moved if old.id != first.id],
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
        moved = self._moved(first, starts, minutes)
        if not rest_of_series:
            moved = [(old, new) for old, new in moved if old.id == first.id]
        self._write("moved", [(old, new, _moved_fields(old, new)) for old, new in moved])

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
        self._write(
            "cancelled",
            [
                (one, replace(one, status=Status.CANCELLED, cancelled_by=by), fields)
                for one in (self._rest(first) if rest_of_series else [first])
            ],
        )

    def restore(self, appointment: str) -> None:
        """It was cancelled by mistake: it stands again as it was."""
        record = self._record(appointment)
        one = from_records.appointment(record, record.casefile)
        fields = r.plain_fields(
            status=Status.BOOKED, cancelled_by=None, cancelled_at=None, cancel_reason=""
        )
        self._write("restored", [(one, replace(one, status=Status.BOOKED), fields)])

    def choose_start(self, appointment: str, starts: datetime) -> None:
        """Of two times that were given offline, that one holds."""
        self.move(appointment, starts)

    def _write(self, why: str, *several: Sequence[_Changed]) -> None:
        """Changed appointments, the versions of those that a message tells of, and what follows."""
        said, after = [], []
        for old, new, fields in (c for changes in several for c in changes):
            if not fields:
                continue
            if _TOLD.intersection(fields):
                new = replace(new, version=old.version + 1)
                fields = {**fields, "versions": [new.version]}
            said.append(self._ledger.statement(old.family, "appointment", old.id, fields))
            after.append(new)
        if said:
            following = self._reminding.follow(after[0].family, after, why=why)
            self._ledger.write([*said, *following.statements], orders=following.orders)

    def _moved(
        self, first: Appointment, starts: datetime, minutes: int | None
    ) -> list[tuple[Appointment, Appointment]]:
        """That appointment and the later ones of its series, before and after."""
        zone = self._ledger.zone
        shift_days = starts.astimezone(zone).date() - first.starts.astimezone(zone).date()
        wall = starts.astimezone(zone).time()
        moved = []
        for one in self._rest(first):
            local = one.starts.astimezone(zone)
            begin = (
                starts if one.id == first.id else self._ledger.at(local.date() + shift_days, wall)
            )
            new = replace(one, starts=begin, minutes=minutes or one.minutes, other_starts=())
            moved.append((one, new))
        return moved

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


def _moved_fields(old: Appointment, new: Appointment) -> dict[str, Value]:
    fields = r.plain_fields(starts=new.starts)
    if new.minutes != old.minutes:
        fields["minutes"] = new.minutes
    return fields
