"""What texts and calls through Twilio share: the account, its client, and what its errors mean.

Twilio has no key that makes a request safe to repeat, so nothing is ever repeated. With its default
opt-out words a reply of CANCEL unsubscribes the sender; docs/desk.md says how Advanced Opt-Out is
set up so that it does not.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from requests.exceptions import RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from storage.clock import milliseconds
from sync.server.desk import reasons
from sync.server.desk.providers import failing
from sync.server.desk.providers.base import (
    TIMEOUT_S,
    Absent,
    Found,
    Outcome,
    Refused,
    Sighting,
    Silent,
    Trace,
    Unsure,
)
from sync.server.desk.providers.quiet import hush
from sync.server.desk.statuses import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account and where its callbacks go.

    `sender` is an E.164 number that can take replies, or a messaging service ("MG…"). `callbacks`
    gives the address for one kind of callback of one attempt ("status", "voice"), or None where
    this office has no address that Twilio could reach. `redacted` asks Twilio to keep neither
    words nor numbers; the account must have Message Redaction for it. `api` replaces Twilio's own
    address.
    """

    sid: str
    token: str
    sender: str
    callbacks: Callable[[str, str], str | None]
    redacted: bool = False
    api: str | None = None
    timeout_s: float = TIMEOUT_S

    @property
    def reachable(self) -> bool:
        """Whether Twilio can call us back."""
        return self.callbacks("status", "") is not None


class Line:
    """Clients for one account, one for each thread."""

    def __init__(self, account: Account) -> None:
        hush()
        self._account = account
        self._own = threading.local()

    def client(self) -> Client:
        found: Client | None = getattr(self._own, "client", None)
        if found is None:
            found = Client(
                self._account.sid,
                self._account.token,
                http_client=_At(self._account.api, self._account.timeout_s),
                environment={"": ""},  # nothing is picked up from the process's own
            )
            self._own.client = found
        return found


class _At(TwilioHttpClient):  # type: ignore[misc]  # the library has no types
    """Twilio's own client, at another address where one is given."""

    def __init__(self, api: str | None, timeout_s: float) -> None:
        super().__init__(timeout=timeout_s)
        self._api = api

    def request(self, method: str, url: str, *rest: Any, **more: Any) -> Response:
        if self._api is not None:
            parts = urlsplit(url)
            path = f"{parts.path}?{parts.query}" if parts.query else parts.path
            url = self._api.rstrip("/") + path
        return super().request(method, url, *rest, **more)


_BEFORE_MS: Final = 60_000
_AFTER_MS: Final = 5 * 60_000
"""How far a message's time at Twilio may lie from the call that may have made it."""
MOST_LISTED: Final = 100

_KEY: Final = Refused(reasons.PROVIDER_KEY, failing.ACCOUNT_AGAIN_S, account=True)
_BUSY: Final = Refused(reasons.PROVIDER_BUSY, failing.BUSY_AGAIN_S)
_TRIAL: Final = Refused(reasons.PROVIDER_TRIAL, failing.ACCOUNT_AGAIN_S, account=True)
_LIMIT: Final = Refused(reasons.PROVIDER_LIMIT, failing.DAILY_AGAIN_S, account=True)
_SETUP: Final = Refused(reasons.PROVIDER_SETUP, failing.ACCOUNT_AGAIN_S)

_MEANINGS: Final = {
    20003: _KEY,
    20005: _KEY,  # suspended
    20429: _BUSY,
    14107: _BUSY,
    21608: _TRIAL,
    21219: _TRIAL,
    572005: _TRIAL,
    573005: _TRIAL,
    63038: _LIMIT,
    21610: Refused(reasons.OPTED_OUT),
    21211: Refused(reasons.NOT_A_NUMBER),
    21401: Refused(reasons.NOT_A_NUMBER),
    21217: Refused(reasons.NOT_A_NUMBER),
    21614: Refused(reasons.LANDLINE),
    21408: _SETUP,  # no permission for the region
    21215: _SETUP,
    21210: _SETUP,  # the sender is not ours
    21212: _SETUP,
    21603: _SETUP,
    21606: _SETUP,
    21612: _SETUP,
    30029: _SETUP,  # redaction asked for, and the account has none
    30030: _SETUP,
}
"""Twilio's error codes. Source: twilio.com/docs/api/errors."""


def outcome_of(error: BaseException) -> Outcome:
    """What a failed request proves."""
    if isinstance(error, TwilioRestException | TwilioServiceException):
        if error.status >= 500:
            return Unsure(reasons.PROVIDER_AWAY)
        meaning = _MEANINGS.get(error.code or 0)
        if meaning is not None:
            return meaning
        if error.status in (401, 403):
            return _KEY
        if error.status == 429:
            return _BUSY
        return Refused(reasons.REFUSED)
    if isinstance(error, RequestException):
        return failing.without_answer(error)
    return Unsure(reasons.TIMED_OUT)


def sighted(
    one: Callable[[str], Any],
    all_to: Callable[[str], Iterable[Any]],
    trace: Trace,
    standing_of: Callable[[Any], Standing | None],
) -> Sighting:
    """Find an attempt: by Twilio's id where it told us, or by number and time.

    `one` fetches by id, `all_to` lists what went to a number, newest first. What is known to be
    another message is passed over, and so is what was made at another time than our call.
    """
    try:
        if trace.id is not None:
            standing = standing_of(one(trace.id))
            return Found(trace.id, standing) if standing else Silent()
        for record in all_to(trace.number):
            made = milliseconds(record.date_created)
            standing = standing_of(record)
            if (
                standing is not None
                and not str(record.direction).startswith("inbound")
                and record.sid not in trace.others
                and trace.began - _BEFORE_MS <= made <= trace.began + _AFTER_MS
            ):
                return Found(str(record.sid), standing)
        return Absent()
    except FAILURES as error:
        gone = isinstance(error, TwilioRestException) and error.status == 404
        return Absent() if gone else Silent()


FAILURES: Final = (TwilioException, RequestException, ValueError, KeyError, TypeError)
"""What Twilio's client raises, for answers that are none as well."""
