"""GOV.UK Notify: texts, through its own client.

Notify's templates are made on its site. Ours is one whose whole text is ((text)), so that what
leaves is what a device previewed; an order may name another. Notify takes no time limit and tries
for 72 hours, so the desk falls back on time. Its `reference` is a label to look up by, and no
protection against sending twice.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from notifications_python_client.errors import APIError, HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from sync.server.desk import reasons, statuses
from sync.server.desk.providers import failing
from sync.server.desk.providers.base import (
    TIMEOUT_S,
    Absent,
    Accepted,
    Found,
    Message,
    Outcome,
    Refused,
    Sighting,
    Silent,
    Trace,
    Unsure,
)
from sync.server.desk.providers.quiet import hush

PER_SECOND: Final = 50.0
"""3,000 requests in any minute and key. Source: notifications-tech-docs, "Rate limits"."""
BASE_URL: Final = "https://api.notifications.service.gov.uk"


class Notify:
    """`key` is an API key; `template` the id of the template for orders that name none."""

    name: Final = "notify"

    def __init__(
        self,
        *,
        key: str,
        template: str,
        sender: str | None = None,
        base_url: str = BASE_URL,
        timeout_s: float = TIMEOUT_S,
        per_second: float | None = PER_SECOND,
        reports: bool = True,
    ) -> None:
        hush()
        self._key, self._template, self._sender = key, template, sender
        self._base_url, self._timeout_s = base_url, timeout_s
        self._per_second, self._reports = per_second, reports
        self._own = threading.local()  # the client is not safe to share between threads

    @property
    def per_second(self) -> float | None:
        return self._per_second

    @property
    def reports(self) -> bool:
        return self._reports

    def send(self, message: Message) -> Outcome:
        try:
            answer = self._client().send_sms_notification(
                message.number,
                message.template or self._template,
                personalisation=dict(message.personalisation)
                if message.template
                else {"text": message.text},
                reference=message.reference,
                sms_sender_id=self._sender,
            )
            return Accepted(str(answer["id"]))
        except HTTPError as error:
            if error.response is None:
                return failing.without_answer(error.__cause__)
            return _refused(error)
        except (APIError, KeyError, TypeError):
            return Unsure(reasons.TIMED_OUT)  # an answer, but not one of Notify's

    def look_up(self, trace: Trace) -> Sighting:
        try:
            if trace.id is not None:
                return _best([self._client().get_notification_by_id(trace.id)])
            page = self._client().get_all_notifications(reference=trace.reference)
            return _best(page["notifications"])
        except HTTPError as error:
            gone = error.response is not None and error.status_code == 404
            return Absent() if gone else Silent()
        except (APIError, KeyError, TypeError):
            return Silent()

    def fetch_texts(self, since: datetime) -> list[tuple[str, str, str]]:
        """What people texted since then, of the last 250 of seven days: Notify keeps no more."""
        try:
            page = self._client().get_received_texts()
            return [
                (str(one["id"]), str(one["user_number"]), str(one["content"]))
                for one in page["received_text_messages"]
                if datetime.fromisoformat(str(one["created_at"])) >= since
            ]
        except (APIError, KeyError, TypeError, ValueError):
            return []

    def _client(self) -> NotificationsAPIClient:
        client: NotificationsAPIClient | None = getattr(self._own, "client", None)
        if client is None:
            client = NotificationsAPIClient(self._key, self._base_url, timeout=self._timeout_s)
            self._own.client = client
        return client


def _best(found: Sequence[Mapping[str, Any]]) -> Sighting:
    """The one that got furthest, as a reference is only a label."""
    best: Found | None = None
    for one in found:
        standing = statuses.of_notify(str(one["status"]))
        if standing is None:
            continue
        if best is None or statuses.moves_on(best.standing.state, standing.state):
            best = Found(str(one["id"]), standing)
    return best or Absent()


_BY_TYPE: Final = {
    "AuthError": Refused(reasons.PROVIDER_KEY, failing.ACCOUNT_AGAIN_S, account=True),
    "RateLimitError": Refused(reasons.PROVIDER_BUSY, failing.BUSY_AGAIN_S),
    "TooManyRequestsError": Refused(reasons.PROVIDER_LIMIT, failing.DAILY_AGAIN_S, account=True),
}
_TRIAL: Final = Refused(reasons.PROVIDER_TRIAL, failing.ACCOUNT_AGAIN_S, account=True)
_CLOCK: Final = Refused(reasons.PROVIDER_CLOCK, failing.ACCOUNT_AGAIN_S, account=True)


def _refused(error: HTTPError) -> Outcome:
    """What an answer of Notify's own means. Types and codes are stable, its sentences are not:
    they only choose between two things that both keep the message from leaving."""
    status = error.status_code
    kind, sentence = _said(error)
    if kind is None and status >= 500:
        return Unsure(reasons.PROVIDER_AWAY)  # a gateway's answer: what is behind it may have it
    if status in (500, 503):
        return Unsure(reasons.PROVIDER_AWAY, claims_refusal=True)
    if status >= 500:
        return Unsure(reasons.PROVIDER_AWAY)
    if "clock" in sentence:
        return _CLOCK
    if status in (401, 403):
        return _BY_TYPE["AuthError"]
    if kind in _BY_TYPE:
        return _BY_TYPE[kind]
    if status == 429:
        return _BY_TYPE["RateLimitError"]
    if "trial mode" in sentence or "team-only" in sentence:
        return _TRIAL
    if "template" in sentence or "personalisation" in sentence or "sms_sender_id" in sentence:
        return Refused(reasons.PROVIDER_SETUP, failing.ACCOUNT_AGAIN_S)
    return Refused(reasons.REFUSED)


def _said(error: HTTPError) -> tuple[str | None, str]:
    """The type and the sentence of the first error in an answer; no type if it is not Notify's."""
    try:
        first = error.response.json()["errors"][0] if error.response is not None else {}
        return str(first["error"]), str(first["message"]).lower()
    except (ValueError, KeyError, IndexError, TypeError):
        return None, ""
