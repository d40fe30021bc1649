"""Twilio as its client meets it: messages, calls that are really answered, and signed callbacks.

Calls are played: `answer_call` fetches the TwiML from the address it was given, as Twilio does,
presses keys where it is asked to gather them, and gives back every word that was said.
"""

from __future__ import annotations

import base64
import re
import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import formatdate
from xml.etree import ElementTree

import requests
from twilio.request_validator import RequestValidator

from providers.loopback import Ask, Fault, Faults, Reply, StandIn, as_json, no_faults

SID = "AC" + "d" * 32
TOKEN = "5f2b8c1d9e7a4c3b8d6e1f0a9b8c7d6e"
NUMBER = "+447700900999"
_ALWAYS = "+447700900001"
"""A number that is never valid, as +15005550001 is in Twilio's own tests."""


@dataclass
class Item:
    """A message or a call that Twilio took."""

    sid: str
    to: str
    form: dict[str, list[str]]
    status: str
    at: float
    error: int | None = None
    answered_by: str | None = None
    heard: list[str] = field(default_factory=list)
    inbound: bool = False

    def sent(self, name: str) -> str | None:
        return self.form[name][0] if name in self.form else None


class TwilioStandIn(StandIn):
    """`messages` and `calls` hold everything taken, in order, `received` what people texted."""

    def __init__(self, faults: Faults = no_faults) -> None:
        super().__init__(faults)
        self.messages: list[Item] = []
        self.calls: list[Item] = []
        self.received: list[Item] = []
        self.trial = False
        self.revoked = False
        self.away = False
        self.opted_out: set[str] = set()
        self.redaction = False
        self.per_minute = 0

    def __enter__(self) -> TwilioStandIn:
        super().__enter__()
        return self

    def answer(self, ask: Ask) -> Reply | Fault:
        if self.away:
            return Reply(503, b"Service Unavailable", {"Content-Type": "text/plain"})
        account = f"/2010-04-01/Accounts/{SID}"
        if self.revoked or not self._authorised(ask):
            return _error(401, 20003, "Authenticate")
        path = ask.path.removeprefix(account)
        if path == ask.path:
            return _error(404, 20404, "The requested resource was not found")
        if (ask.method, path) == ("POST", "/Messages.json"):
            return self._take(ask, self.messages, "SM", "queued")
        if (ask.method, path) == ("POST", "/Calls.json"):
            return self._take(ask, self.calls, "CA", "queued")
        both = sorted([*self.messages, *self.received], key=lambda item: item.at)
        for name, items in (("Messages", both), ("Calls", self.calls)):
            if (ask.method, path) == ("GET", f"/{name}.json"):
                found = [i for i in reversed(items) if _is_asked_for(i, ask.query)]
                listed = [_as_resource(i) for i in found[:1000]]
                page = {name.lower(): listed, "page": 0, "page_size": 1000, "next_page_uri": None}
                return as_json(200, page)
            one = re.fullmatch(rf"/{name}/(\w{{34}})\.json", path)
            if ask.method == "GET" and one:
                for item in items:
                    if item.sid == one[1]:
                        return as_json(200, _as_resource(item))
        return _error(404, 20404, f"The requested resource {path} was not found")

    def progress(
        self, item: Item, status: str, error: int | None = None
    ) -> requests.Response | None:
        """Move a message or call on, and tell the address it was sent with."""
        item.status, item.error = status, error
        return self.tell(item)

    def tell(self, item: Item) -> requests.Response | None:
        """Send the status callback, again if need be."""
        url = item.sent("StatusCallback")
        if url is None:
            return None
        form = {"AccountSid": SID, "To": item.to, "From": NUMBER, "ApiVersion": "2010-04-01"}
        if item.sid.startswith("SM"):
            form |= {"MessageSid": item.sid, "MessageStatus": item.status, "SmsSid": item.sid}
            if item.error is not None:
                form["ErrorCode"] = str(item.error)
        else:
            form |= {"CallSid": item.sid, "CallStatus": item.status, "Direction": "outbound-api"}
            if item.answered_by is not None:
                form["AnsweredBy"] = item.answered_by
        return self.post(url, form)

    def incoming(
        self,
        url: str,
        number: str,
        body: str,
        *,
        opt_out: str | None = None,
        sid: str | None = None,
    ) -> requests.Response:
        """Somebody texts the account's number."""
        form = {
            "AccountSid": SID,
            "MessageSid": sid or "SM" + uuid.uuid4().hex,
            "From": number,
            "To": NUMBER,
            "Body": body,
            "NumMedia": "0",
        }
        texted = {name: [value] for name, value in form.items()}
        item = Item(form["MessageSid"], NUMBER, texted, "received", time.time(), inbound=True)
        self.received.append(item)
        if opt_out is not None:
            form["OptOutType"] = opt_out
        return self.post(url, form)

    def answer_call(self, item: Item, keys: str = "", *, by: str = "human") -> list[str]:
        """Somebody, or a machine, picks up and presses these keys; gives what was said."""
        url = item.sent("Url")
        assert url is not None
        item.status, item.answered_by = "in-progress", by
        pressed = list(keys)
        form = {
            "AccountSid": SID,
            "CallSid": item.sid,
            "CallStatus": "in-progress",
            "To": item.to,
            "From": NUMBER,
            "Direction": "outbound-api",
            "AnsweredBy": by,
        }
        reply = self.post(url, form)
        while True:
            assert reply.status_code == 200, reply.status_code
            assert reply.headers["Content-Type"].split(";")[0] in ("text/xml", "application/xml")
            following = self._play(item, ElementTree.fromstring(reply.content), pressed)
            if following is None:
                break
            url, digits = following
            reply = self.post(url, form | digits)
        item.status = "completed"
        self.tell(item)
        return item.heard

    def post(self, url: str, form: dict[str, str], *, token: str = TOKEN) -> requests.Response:
        """Send a form signed as Twilio signs."""
        signature = RequestValidator(token).compute_signature(url, form)
        return requests.post(url, data=form, headers={"X-Twilio-Signature": signature}, timeout=10)

    def _play(
        self, item: Item, response: ElementTree.Element, pressed: list[str]
    ) -> tuple[str, dict[str, str]] | None:
        assert response.tag == "Response"
        for verb in response:
            if verb.tag == "Say":
                item.heard.append((verb.text or "").strip())
            elif verb.tag == "Hangup":
                return None
            elif verb.tag == "Gather":
                item.heard += [(say.text or "").strip() for say in verb if say.tag == "Say"]
                if pressed:
                    return verb.attrib["action"], {"Digits": pressed.pop(0)}
            elif verb.tag == "Redirect":
                return (verb.text or "").strip(), {}
            else:
                assert verb.tag == "Pause", verb.tag
        return None

    def _authorised(self, ask: Ask) -> bool:
        wanted = base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
        return ask.headers.get("Authorization") == f"Basic {wanted}"

    def _take(self, ask: Ask, items: list[Item], prefix: str, status: str) -> Reply | Fault:
        if ask.headers.get("Content-Type") != "application/x-www-form-urlencoded":
            return _error(400, 20001, "Invalid content type")
        form = ask.form
        fault = self.faults(ask)
        if fault is Fault.ERROR_500:
            return _error(500, 20500, "Internal Server Error")
        if fault is Fault.UNAVAILABLE_503:
            return _error(503, 20503, "Service Unavailable")
        if fault is Fault.TOO_MANY_429:
            return _error(429, 20429, "Too Many Requests")
        to = form.get("To", [""])[0]
        call = prefix == "CA"
        if to == _ALWAYS or not re.fullmatch(r"\+[1-9]\d{6,14}", to):
            return _error(400, 21217 if call else 21211, f"Invalid 'To' Phone Number: {to}")
        if self.trial:
            return _error(400, 21219 if call else 21608, f"The number {to} is unverified.")
        if to in self.opted_out and not call:
            return _error(400, 21610, "Attempt to send to unsubscribed recipient")
        if form.get("From", [NUMBER])[0] != NUMBER:
            return _error(400, 21210 if call else 21606, "The 'From' number is not yours")
        if "ContentRetention" in form and not self.redaction:
            return _error(400, 30029, "Invalid ContentRetention")
        if not call and not form.get("Body", [""])[0]:
            return _error(400, 21602, "Message body is required.")
        item = Item(prefix + uuid.uuid4().hex, to, form, status, time.time())
        with self._turn:
            items.append(item)
        return fault if fault is not None else as_json(201, _as_resource(item))


def _error(status: int, code: int, message: str) -> Reply:
    return as_json(
        status,
        {
            "code": code,
            "message": message,
            "more_info": f"https://www.twilio.com/docs/errors/{code}",
            "status": status,
        },
    )


def _is_asked_for(item: Item, query: dict[str, str]) -> bool:
    since = query.get("DateSent>")
    early = since is not None and item.at < datetime.fromisoformat(since).timestamp()
    return query.get("To") in (None, item.to) and not early


def _as_resource(item: Item) -> dict[str, object]:
    redacted = item.sent("AddressRetention") == "obfuscate"
    when = formatdate(item.at, usegmt=True).replace("GMT", "+0000")
    base: dict[str, object] = {
        "sid": item.sid,
        "account_sid": SID,
        "to": item.to[:-4] + "XXXX" if redacted else item.to,
        "from": item.sent("From") if item.inbound else NUMBER,
        "status": item.status,
        "direction": "inbound" if item.inbound else "outbound-api",
        "date_created": when,
        "date_updated": when,
        "api_version": "2010-04-01",
        "uri": "",
    }
    if item.sid.startswith("CA"):
        return base | {"answered_by": item.answered_by, "start_time": when, "duration": None}
    return base | {
        "body": "" if item.sent("ContentRetention") == "discard" else item.sent("Body"),
        "date_sent": None if item.status in ("queued", "accepted") else when,
        "error_code": item.error,
        "error_message": None,
        "num_segments": "1",
        "num_media": "0",
        "messaging_service_sid": None,
    }
