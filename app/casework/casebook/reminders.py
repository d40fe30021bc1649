"""What screens ask about reminders: previews, what was planned, deliveries, stops on their way."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Mapping
from datetime import date, timedelta

from app.casework.casebook import from_family
from app.casework.casebook.ledger import Ledger
from app.casework.casebook.reminding import Reminding
from app.casework.forms import Booking
from app.casework.moments import as_text
from app.casework.receipt import State
from app.casework.reminder_line import ReminderLine, Tally, tallies
from app.casework.reminder_plan import Plan
from app.casework.reminder_rules import Means
from app.casework.route_verdict import PURPOSE, Verdict, verdict
from app.casework.safe_contact import Channel
from storage.query import AtLeast, Between, OneOf
from storage.stop import Stop

PAUSED = "paused"
"""The desk's code for its kill switch."""

SHOWN_DAYS = 28
"""How far the deliveries page looks back unless asked for more."""


class Reminders:
    """The part of a casebook that tells what is sent and what came of it."""

    def __init__(self, ledger: Ledger, reminding: Reminding) -> None:
        self._ledger = ledger
        self._reminding = reminding

    @property
    def has_desk(self) -> bool:
        """Whether anything can be sent at all: a desk was set up and certified."""
        return self._ledger.has_desk

    @property
    def automated(self) -> frozenset[Channel]:
        """The channels over which this service sends anything by itself."""
        means = {rule.means for rule in self._ledger.reminders.rules}
        by_means = {Means.TEXT: Channel.TEXT, Means.VOICE: Channel.CALL}
        return frozenset(channel for one, channel in by_means.items() if one in means)

    def ask_again_by(self) -> date:
        """When an agreement made today is to be asked about again."""
        month = self._ledger.today.month - 1 + self._ledger.reminders.review_months
        year, month = self._ledger.today.year + month // 12, month % 12 + 1
        last = monthrange(year, month)[1]
        return date(year, month, min(self._ledger.today.day, last))

    def preview(self, booking: Booking, appointment: str | None = None) -> Plan:
        """What saving that would send, exactly, or why not and what happens instead."""
        return self._reminding.preview(booking, appointment)

    def of_appointment(self, appointment: str) -> list[ReminderLine]:
        """Everything that was planned for it, corrections included, in the order it goes."""
        return self._reminding.records.lines({"appointment": appointment})

    def how_far(self, appointments: Collection[str]) -> Mapping[str, State]:
        """How far the latest message about each came, of those the office has told of anything."""
        if not appointments:
            return {}
        lines = self._reminding.records.lines({"appointment": OneOf(sorted(appointments))})
        told = [line for line in lines if line.receipt is not None]
        told.sort(key=lambda line: line.receipt.at if line.receipt else self._ledger.now)
        return {line.appointment: line.state for line in told if line.state is not State.PLANNED}

    def reconcile(self, family: str | None = None) -> int:
        """Bring the desk in step with what came from others. Gives how many things it wrote."""
        return self._reminding.reconcile(family)

    def verdicts(self, person: str) -> Mapping[str, Verdict]:
        """For each route of a person whether the desk may use it today, and every reason if not."""
        record = self._ledger.one(person, "person")
        around, person = self._reminding.around(record.casefile), self._ledger.shown(person)
        return {
            route.id: verdict(
                route,
                consent=around.consents.get((person, PURPOSE.get(route.channel, ""))),
                signs=around.signs,
                on=self._ledger.today,
            )
            for one in around.people
            if one.id == person
            for route in one.routes
        }

    def consents(self, person: str) -> dict[str, bool]:
        """What a person said to being reached, by purpose; STOP counts as taken back."""
        record = self._ledger.one(person, "person")
        around, person = self._reminding.around(record.casefile), self._ledger.shown(person)
        return {
            purpose: given for (who, purpose), given in around.consents.items() if who == person
        }

    def not_yet_stopped(self) -> frozenset[str]:
        """Routes that are unsafe here and of which the office does not know yet: duty must be rung.

        Ids of the routes' records, whichever family they belong to.
        """
        waiting = (one.order for one in self._ledger.vault.orders_waiting("stop"))
        return frozenset(one.route.hex() for one in waiting if isinstance(one, Stop))

    def deliveries(self, since: date | None = None, until: date | None = None) -> list[Tally]:
        """By day, rule and channel how many messages came how far; the last four weeks by default.

        Of the families that this device can read. `until` is the last day.
        """
        last = until or self._ledger.today
        first = since or last - timedelta(days=SHOWN_DAYS)
        return tallies(self._lines_between(first, last))

    def held_by_pause(self) -> bool:
        """Whether the desk holds something back because an operator has paused it."""
        coming = {"not_after": AtLeast(as_text(self._ledger.now)), "withdrawn_at": None}
        return any(
            line.state is State.HELD and line.receipt is not None and line.receipt.reason == PAUSED
            for line in self._reminding.records.lines(coming)
        )

    def messages(self, day: date, rule: str) -> list[ReminderLine]:
        """The messages behind one row of the deliveries."""
        return [line for line in self._lines_between(day, day) if line.rule == rule]

    def _lines_between(self, first: date, last: date) -> list[ReminderLine]:
        after = last + timedelta(days=1)
        return self._reminding.records.lines({"day": Between(first.isoformat(), after.isoformat())})

    def code_word(self, route: str) -> str:
        """What to say, or to wait for, before anything else; shown before dialling, never sent."""
        record = self._ledger.one(route, "safe_contact")
        return from_family.route(record, record.casefile).code_word
