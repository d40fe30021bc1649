"""The shapes of what GOV.UK Notify says, as its own documentation prints them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from providers.loopback import Reply, as_json, now_iso


@dataclass
class Text:
    """One text that Notify took."""

    id: str
    reference: str | None
    to: str
    body: str
    template: str
    status: str
    created: str
    at: float


def error(status: int, kind: str, message: str) -> Reply:
    return as_json(status, {"status_code": status, "errors": [{"error": kind, "message": message}]})


def plain(number: str) -> str | None:
    digits = re.sub(r"[\s()-]", "", number)
    if digits.startswith("07"):
        digits = "+44" + digits[1:]
    elif digits.startswith("447"):
        digits = "+" + digits
    return digits if re.fullmatch(r"\+447\d{9}", digits) else None


def as_notification(text: Text) -> dict[str, object]:
    ended = text.status not in ("created", "sending", "pending")
    return {
        "id": text.id,
        "reference": text.reference,
        "phone_number": text.to,
        "email_address": None,
        "type": "sms",
        "status": text.status,
        "template": {"id": text.template, "version": 1, "uri": ""},
        "body": text.body,
        "created_at": text.created,
        "sent_at": text.created,
        "completed_at": now_iso() if ended else None,
        "scheduled_for": None,
    }
