"""The phone at the other end of the console: lets messages arrive or fail, answers, takes calls.

What is done here goes the road that a provider's own news would go, so that a demo shows what
really happens.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from xml.etree import ElementTree

from sqlalchemy import update

from sync.server.desk import calls, codes, incoming_texts, reasons, speaking, statuses, told
from sync.server.desk.calls import Answered
from sync.server.desk.desk import Desk
from sync.server.desk.providers.console import Shown
from sync.server.desk.statuses import Standing
from sync.server.desk.tables import outbox

REPLY: Final = "reply"
TEXT_ACTS: Final = {"reached": "Let it reach the phone", "failed": "Let it fail"}
CALL_ACTS: Final = {
    "confirm": "Answer, press 1, and 1 to confirm",
    "change": "Answer, press 1, and 2 for another time",
    "stop": "Answer and press 9",
    "machine": "Let a machine answer",
    "missed": "Let it ring out",
}
_KEYS: Final = {
    "confirm": (speaking.CONFIRM_KEY, speaking.CONFIRM_KEY),
    "change": (speaking.CONFIRM_KEY, speaking.CHANGE_KEY),
    "stop": (speaking.STOP_KEY,),
}
_STANDINGS: Final = {
    "reached": Standing(statuses.DELIVERED),
    "failed": Standing(statuses.FAILED, reasons.PHONE_OFF),
    "missed": Standing(statuses.NO_ANSWER, reasons.RANG_OUT),
    "machine": Standing(statuses.MACHINE, reasons.MACHINE),
}


def play(desk: Desk, message: Shown, form: Mapping[str, str]) -> str:
    """Do what a form asks for; gives a sentence about it, or nothing where it asks nonsense."""
    act = form.get("act", "")
    if message.channel == "voice":
        return _call(desk, message, act) if act in CALL_ACTS else ""
    if act == REPLY:
        incoming_texts.heard(
            desk,
            number=message.number,
            text=form.get("text", ""),
            message=f"console{desk.randomness(16).hex()}",
        )
        return "The answer was taken in."
    if act not in TEXT_ACTS:
        return ""
    _becomes(desk, message, _STANDINGS[act])
    return "It reached the phone." if act == "reached" else "It failed."


def _call(desk: Desk, message: Shown, act: str) -> str:
    found = codes.attempt_of(desk.keys.secret, message.code)
    if act == "missed" or found is None:
        _becomes(desk, message, _STANDINGS["missed"])
        return "Nobody answered."
    call = Answered(*found, after_greeting="", after_details="")
    said = [calls.picked_up(desk, call, "machine_start" if act == "machine" else "human")]
    steps = (calls.expected, calls.answer)
    said += [step(desk, call, key) for step, key in zip(steps, _KEYS.get(act, ()), strict=False)]
    heard = [words for twiml in said for words in _words(twiml)]
    standing = _STANDINGS.get(act, Standing(statuses.ANSWERED))
    _note(desk, message, standing.state)
    who = "The machine" if act == "machine" else "She"
    return f"{who} heard: {' '.join(heard)}" if heard else f"{who} heard nothing."


def _becomes(desk: Desk, message: Shown, standing: Standing) -> None:
    _note(desk, message, standing.state)
    whole = 32  # hex digits of an order's reference; an alarm's messages have longer ones
    if len(message.reference) == whole:
        told.of_reference(desk, bytes.fromhex(message.reference), standing, message.id)


def _note(desk: Desk, message: Shown, state: str) -> None:
    with desk.database.writing() as connection:
        connection.execute(update(outbox).where(outbox.c.id == message.id).values(state=state))


def _words(twiml: str) -> list[str]:
    found = ElementTree.fromstring(twiml).iter("Say")  # noqa: S314  # made a moment ago
    return [(say.text or "").strip() for say in found]
