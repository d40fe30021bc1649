"""What a parent answered to a text, as the desk passed it on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.casework.route_verdict import Reason


class Meaning(StrEnum):
    """What the desk took the words for. CANCEL is a wish for another time, never an opt-out."""

    CONFIRM = "confirm"
    CHANGE = "change"
    STOP = "stop"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer. `route` is the way it came; `text` is as it was written."""

    id: str
    family: str
    route: str | None
    reference: str | None
    text: str
    at: datetime
    meaning: Meaning


ASKS_FOR_A_CALL = {
    Meaning.CHANGE: Reason.ASKED_CHANGE,
    Meaning.STOP: Reason.ASKED_STOP,
    Meaning.OTHER: Reason.OTHER_REPLY,
}
"""Who only confirms wants no call. STOP may mean danger, so somebody finds another way to ask."""
