"""Automated calls through Twilio. What is said, and to whom, is decided when somebody answers."""

from __future__ import annotations

from typing import Final

from sync.server.desk import reasons, statuses
from sync.server.desk.providers.base import Accepted, Message, Outcome, Refused, Sighting, Trace
from sync.server.desk.providers.failing import ACCOUNT_AGAIN_S
from sync.server.desk.providers.twilio_account import (
    FAILURES,
    MOST_LISTED,
    Account,
    Line,
    outcome_of,
    sighted,
)

RINGS_S: Final = 25
"""Long enough to reach a phone in a bag; most voicemail takes over later."""
_EVENTS: Final = ["answered", "completed"]


class TwilioCalls:
    """Calls from the account's sender, which must be a number here."""

    name: Final = "twilio_voice"
    per_second: Final[float | None] = 1.0
    """At first an account may start one call a second. Source: twilio.com/docs, "CPS"."""

    def __init__(self, account: Account) -> None:
        self._account, self._line = account, Line(account)

    @property
    def reports(self) -> bool:
        return self._account.reachable

    def send(self, message: Message) -> Outcome:
        answer = self._account.callbacks("voice", message.code)
        status = self._account.callbacks("call", message.code)
        if answer is None or status is None:
            return Refused(reasons.PROVIDER_SETUP, ACCOUNT_AGAIN_S)
        try:
            made = self._line.client().calls.create(
                to=message.number,
                from_=self._account.sender,
                url=answer,
                method="POST",
                status_callback=status,
                status_callback_method="POST",
                status_callback_event=_EVENTS,
                machine_detection="DetectMessageEnd" if message.voicemail else "Enable",
                timeout=RINGS_S,
            )
            return Accepted(str(made.sid))
        except FAILURES as error:
            return outcome_of(error)

    def look_up(self, trace: Trace) -> Sighting:
        calls = self._line.client().calls
        return sighted(
            lambda sid: calls(sid).fetch(),
            lambda number: calls.list(to=number, limit=MOST_LISTED),
            trace,
            lambda one: statuses.of_twilio_call(str(one.status), str(one.answered_by or "")),
        )
