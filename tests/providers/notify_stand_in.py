"""GOV.UK Notify as its client meets it: tokens, templates, statuses, callbacks, trial mode, limits.

Made after notifications-tech-docs and the published API's own errors. The numbers 07700 900003 and
900002 fail temporarily and for good, as they do with a test key.
"""

from __future__ import annotations

import re
import time
import uuid
from collections import deque

import jwt
import requests

from providers.loopback import Ask, Fault, Faults, Reply, StandIn, as_json, no_faults, now_iso
from providers.notify_shapes import Text, as_notification, error, plain

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"doorstep_tests-{SERVICE}-{SECRET}"
TEMPLATE = "9c1d2f7e-6f53-4f0a-8b39-2f0a4c8d7e11"
_FINAL = {
    "+447700900003": "temporary-failure",
    "+447700900002": "permanent-failure",
}
_NOT_REAL = frozenset({"+447700900000", "+447700900111", "+447700900222"})
"""Smoke test numbers: a fine answer, and nothing kept or sent."""


class NotifyStandIn(StandIn):
    """`sent` is everything taken, in order. `mode` is "live", "team" or "trial"."""

    def __init__(self, faults: Faults = no_faults, *, clock_skew_s: float = 0) -> None:
        super().__init__(faults)
        self.sent: list[Text] = []
        self.received: list[dict[str, str]] = []
        self.templates = {TEMPLATE: "((text))"}
        self.senders: set[str] = set()
        self.mode = "live"
        self.team: set[str] = set()
        self.revoked = False
        self.away = False
        self.per_minute = 0
        self.daily_limit = 0
        self.callback: tuple[str, str] | None = None
        self.clock_skew_s = clock_skew_s
        self._recent: deque[float] = deque()

    def __enter__(self) -> NotifyStandIn:
        super().__enter__()
        return self

    def answer(self, ask: Ask) -> Reply | Fault:
        if self.away:
            return error(503, "ServiceUnavailable", "Service unavailable")
        refused = self._authorise(ask)
        if refused is not None:
            return refused
        if (ask.method, ask.path) == ("POST", "/v2/notifications/sms"):
            return self._send(ask)
        if (ask.method, ask.path) == ("GET", "/v2/notifications"):
            return self._list(ask)
        if (ask.method, ask.path) == ("GET", "/v2/received-text-messages"):
            return self._received(ask)
        one = re.fullmatch(r"/v2/notifications/([0-9a-f-]{36})", ask.path)
        if ask.method == "GET" and one:
            for text in self.sent:
                if text.id == one[1]:
                    return as_json(200, as_notification(text))
            return error(404, "NoResultFound", "No result found")
        return error(404, "NotFound", "Not found")

    def progress(self, text: Text, status: str) -> requests.Response | None:
        """Move a text on, and tell the service if it asked to be told."""
        text.status = status
        return self.tell(text)

    def settle(self) -> None:
        """Everything still under way reaches its phone, or does not, by its number."""
        for text in list(self.sent):
            if text.status in ("created", "sending"):
                self.progress(text, _FINAL.get(text.to, "delivered"))

    def tell(self, text: Text) -> requests.Response | None:
        """Send a delivery receipt, again if need be."""
        if self.callback is None:
            return None
        url, token = self.callback
        body = {
            "id": text.id,
            "reference": text.reference,
            "to": text.to,
            "status": text.status,
            "created_at": text.created,
            "completed_at": now_iso(),
            "sent_at": text.created,
            "notification_type": "sms",
            "template_id": text.template,
            "template_version": 1,
        }
        return _post(url, token, body)

    def incoming(self, url: str, token: str, number: str, message: str) -> requests.Response:
        """Somebody texts the service."""
        body = {
            "id": str(uuid.uuid4()),
            "source_number": number.removeprefix("+"),
            "destination_number": "07700900999",
            "message": message,
            "date_received": now_iso(),
        }
        self.received.insert(0, body)
        return _post(url, token, body)

    def _authorise(self, ask: Ask) -> Reply | None:
        scheme, _, token = (ask.headers.get("Authorization") or "").partition(" ")
        if scheme != "Bearer":
            return error(401, "AuthError", "Unauthorized: authentication token must be provided")
        try:
            claims = jwt.decode(token, SECRET, algorithms=["HS256"], leeway=30)
        except jwt.InvalidTokenError:
            return error(403, "AuthError", "Invalid token: API key not found")
        if claims.get("iss") != SERVICE:
            return error(403, "AuthError", "Invalid token: service not found")
        if abs(claims["iat"] - time.time() - self.clock_skew_s) > 30:
            return error(
                403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds"
            )
        if self.revoked:
            return error(403, "AuthError", "Invalid token: API key revoked")
        return None

    def _send(self, ask: Ask) -> Reply | Fault:
        form = ask.json
        for name in ("phone_number", "template_id"):
            if name not in form:
                return error(400, "ValidationError", f"{name} is a required property")
        fault = self.faults(ask)
        if fault is Fault.ERROR_500:
            return error(500, "InternalError", "Internal server error")
        if fault is Fault.UNAVAILABLE_503:
            return error(503, "ServiceUnavailable", "Service unavailable")
        if fault is Fault.TOO_MANY_429 or self._too_fast():
            limit = self.per_minute or 3000
            return error(
                429,
                "RateLimitError",
                f"Exceeded rate limit for key type LIVE of {limit} requests per 60 seconds",
            )
        if self.daily_limit and len(self.sent) >= self.daily_limit:
            return error(
                429, "TooManyRequestsError", f"Exceeded send limits ({self.daily_limit}) for today"
            )
        body = self.templates.get(form["template_id"])
        if body is None:
            return error(400, "BadRequestError", "Template not found")
        given = form.get("personalisation", {})
        missing = [n for n in re.findall(r"\(\((\w+)\)\)", body) if n not in given]
        if missing:
            return error(400, "BadRequestError", f"Missing personalisation: {', '.join(missing)}")
        sender = form.get("sms_sender_id")
        if sender is not None and sender not in self.senders:
            return error(
                400,
                "BadRequestError",
                f"sms_sender_id {sender} does not exist in database for service id {SERVICE}",
            )
        number = plain(form["phone_number"])
        if number is None:
            return error(400, "ValidationError", "phone_number Not a UK mobile number")
        if self.mode == "trial" and number not in self.team:
            return error(
                400,
                "BadRequestError",
                "Can’t send to this recipient when service is in trial mode – see "
                "https://www.notifications.service.gov.uk/trial-mode",
            )
        if self.mode == "team" and number not in self.team:
            return error(
                400,
                "BadRequestError",
                "Can’t send to this recipient using a team-only API key.",
            )
        filled = re.sub(r"\(\((\w+)\)\)", lambda m: str(given[m[1]]), body)
        text = Text(
            id=str(uuid.uuid4()),
            reference=form.get("reference"),
            to=number,
            body=filled,
            template=form["template_id"],
            status="created",
            created=now_iso(),
            at=time.time(),
        )
        if number not in _NOT_REAL:
            with self._turn:
                self.sent.append(text)
        if fault is not None:
            return fault
        return as_json(
            201,
            {
                "id": text.id,
                "reference": text.reference,
                "content": {"body": filled, "from_number": "GOVUK"},
                "uri": f"{self.address}/v2/notifications/{text.id}",
                "template": {
                    "id": text.template,
                    "version": 1,
                    "uri": f"{self.address}/v2/template/{text.template}",
                },
                "scheduled_for": None,
            },
        )

    def _too_fast(self) -> bool:
        if not self.per_minute:
            return False
        now = time.monotonic()
        with self._turn:
            while self._recent and self._recent[0] < now - 60:
                self._recent.popleft()
            if len(self._recent) >= self.per_minute:
                return True
            self._recent.append(now)
        return False

    def _list(self, ask: Ask) -> Reply:
        found = [
            text
            for text in reversed(self.sent)
            if ask.query.get("reference") in (None, text.reference)
            and ask.query.get("status") in (None, text.status)
        ]
        older = ask.query.get("older_than")
        if older is not None:
            ids = [text.id for text in found]
            found = found[ids.index(older) + 1 :] if older in ids else []
        page = found[:250]
        links = {"current": f"{self.address}/v2/notifications"}
        if len(found) > len(page):
            links["next"] = f"{self.address}/v2/notifications?older_than={page[-1].id}"
        return as_json(200, {"notifications": [as_notification(t) for t in page], "links": links})

    def _received(self, ask: Ask) -> Reply:
        here = f"{self.address}/v2/received-text-messages"
        older = ask.query.get("older_than")
        found = self.received if older is None else []
        messages = [
            {
                "id": one["id"],
                "created_at": one["date_received"],
                "service_id": SERVICE,
                "notify_number": one["destination_number"],
                "user_number": one["source_number"],
                "content": one["message"],
            }
            for one in found
        ]
        return as_json(
            200,
            {
                "received_text_messages": messages,
                "links": {"current": here, "next": f"{here}?other_page=true"},
            },
        )


def _post(url: str, token: str, body: dict[str, object] | dict[str, str]) -> requests.Response:
    return requests.post(url, json=body, headers={"Authorization": f"Bearer {token}"}, timeout=10)
