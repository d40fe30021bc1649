"""Texts through Twilio."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sync.server.desk import statuses
from sync.server.desk.providers.base import Accepted, Message, Outcome, Sighting, Silent, Trace
from sync.server.desk.providers.twilio_account import (
    FAILURES,
    MOST_LISTED,
    Account,
    Line,
    outcome_of,
    sighted,
)

MOST_FETCHED: Final = 1000
MOST_VALID_S: Final = 36_000
LEAST_VALID_S: Final = 10
"""Bounds of Twilio's own, but for the lower one: below five seconds it seldom sends at all."""


class TwilioTexts:
    """Texts from the account's sender."""

    name: Final = "twilio"
    per_second: Final[float | None] = None  # Twilio queues what a sender cannot send at once

    def __init__(self, account: Account) -> None:
        self._account, self._line = account, Line(account)

    @property
    def reports(self) -> bool:
        return self._account.reachable

    def send(self, message: Message) -> Outcome:
        more: dict[str, object] = {}
        callback = self._account.callbacks("status", message.code)
        if callback is not None:
            more["status_callback"] = callback
        if self._account.redacted:
            more |= {"content_retention": "discard", "address_retention": "obfuscate"}
        own = "messaging_service_sid" if self._account.sender.startswith("MG") else "from_"
        try:
            made = self._line.client().messages.create(
                to=message.number,
                body=message.text,
                validity_period=min(MOST_VALID_S, max(LEAST_VALID_S, message.valid_s)),
                **{own: self._account.sender},
                **more,
            )
            return Accepted(str(made.sid))
        except FAILURES as error:
            return outcome_of(error)

    def look_up(self, trace: Trace) -> Sighting:
        if trace.id is None and self._account.redacted:
            return Silent()  # the list no longer says which number a message went to
        messages = self._line.client().messages
        return sighted(
            lambda sid: messages(sid).fetch(),
            lambda number: messages.list(to=number, limit=MOST_LISTED),
            trace,
            lambda one: statuses.of_twilio_text(str(one.status), one.error_code),
        )

    def fetch_texts(self, since: datetime) -> list[tuple[str, str, str]]:
        """What people texted since then; nothing where their numbers are redacted."""
        if self._account.redacted:
            return []
        try:
            found = self._line.client().messages.list(date_sent_after=since, limit=MOST_FETCHED)
            return [
                (str(one.sid), str(one.from_), str(one.body))
                for one in found
                if one.direction == "inbound"
            ]
        except FAILURES:
            return []
