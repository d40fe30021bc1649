"""An alarm, what cancels it, and who has seen what: the orders that keep the opposite promise.

An alarm carries a duration that counts from its receipt at the office, never the device's clock.
Whom to tell, where the worker is and her duress phrase are sealed to the desk. A check-out is
sealed too, so that nobody on the way can tell one made under duress. Must not know how people are
reached.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from storage.errors import BadEnvelope
from storage.signed import (
    NamedByContents,
    Shape,
    Signed,
    SignedOrder,
    Signer,
    is_id,
    is_list,
    is_moment,
    is_number,
    is_one_of,
    is_text,
    is_within,
    open_contents,
    perhaps,
    read_clear,
    read_signed,
    sign,
)

ALARM: Final = "alarm"
CHECK_OUT: Final = "check-out"
SEEN: Final = "seen"
AlarmKind = Literal["lone_worker", "urgent", "reply"]
StepChannel = Literal["sms", "voice"]
LONGEST_S: Final = 7 * 24 * 60 * 60
SOONEST_AGAIN_S: Final = 30
MOST_STEPS: Final = 16
_MOST_SEEN: Final = 256
_MOST_WORDS: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmStep:
    """One person to be told: an E.164 number, how, and the words. No words: it is the worker's own
    number, which is asked whether she has forgotten, and is told nothing under duress."""

    number: str
    channel: StepChannel
    words: str

    def __repr__(self) -> str:
        return "AlarmStep(…)"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmContents:
    """What only the desk may read: whom to tell in which order, where, who, and the phrase that
    turns a check-out into a call for help."""

    steps: tuple[AlarmStep, ...]
    address: str = ""
    worker: str = ""
    duress: str = ""

    def __repr__(self) -> str:
        return "AlarmContents(…)"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmPlan:
    """An alarm to be left with the desk; ids are hex.

    It goes off `after_s` seconds after the office received it, 0 at once, and again every
    `again_s` seconds, one step further each time, until a human acknowledges. `replaces` is the
    reference of the alarm that this one extends: that one ends when this one is accepted.
    """

    reference: str
    casefile: str | None = None
    kind: AlarmKind
    after_s: int
    again_s: int
    replaces: str | None = None
    contents: AlarmContents

    def made(self, by: Signer) -> Alarm:
        """Raises NoDesk, TooLarge, or BadEnvelope for what no desk would take."""
        clear: dict[str, object] = {
            "org": by.org,
            "reference": bytes.fromhex(self.reference),
            "casefile": bytes.fromhex(self.casefile) if self.casefile else None,
            "device": by.device,
            "kind": self.kind,
            "after_s": self.after_s,
            "again_s": self.again_s,
            "steps": len(self.contents.steps),
            "replaces": bytes.fromhex(self.replaces) if self.replaces else None,
        }
        contents: dict[str, object] = {
            "steps": [[s.number, s.channel, s.words] for s in self.contents.steps],
            "address": self.contents.address,
            "worker": self.contents.worker,
            "duress": self.contents.duress,
        }
        if not all(check(contents[name]) for name, check in _CONTENTS.items()):
            raise BadEnvelope("an alarm holds what no desk would take")
        return _alarm(sign(by, ALARM, clear, contents))


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm(SignedOrder):
    """An alarm as everybody may see it; `steps` counts the people to be told."""

    org: bytes
    reference: bytes
    casefile: bytes | None
    device: bytes
    kind: AlarmKind
    after_s: int
    again_s: int
    steps: int
    replaces: bytes | None

    what = ALARM


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOutPlan:
    """I am out and well, unless `phrase` is the one that means the opposite; `alarm` is hex."""

    alarm: str
    phrase: str = ""

    def made(self, by: Signer) -> CheckOut:
        """Raises NoDesk."""
        clear = {
            "org": by.org,
            "alarm": bytes.fromhex(self.alarm),
            "device": by.device,
            "at": by.at,
        }
        contents = {"phrase": self.phrase}
        if not _PHRASE["phrase"](self.phrase):
            raise BadEnvelope("a check-out's phrase is too long")
        return _check_out(sign(by, CHECK_OUT, clear, contents))

    def __repr__(self) -> str:
        return "CheckOutPlan(…)"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOut(NamedByContents):
    """Cancels `alarm`, which the same device left, unless the phrase sealed in it means duress."""

    org: bytes
    alarm: bytes
    device: bytes
    at: int

    what = CHECK_OUT
    casefile = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPlan:
    """A human has seen the tasks or alarms with these references (hex)."""

    references: tuple[str, ...]

    def made(self, by: Signer) -> Seen:
        clear = {
            "org": by.org,
            "references": sorted({bytes.fromhex(r) for r in self.references}),
            "device": by.device,
            "at": by.at,
        }
        return _seen(sign(by, SEEN, clear))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen(NamedByContents):
    """Somebody at `device` has seen what became of these reminders, or these alarms."""

    org: bytes
    references: tuple[bytes, ...]
    device: bytes
    at: int

    what = SEEN
    casefile = None


def read_alarm(packed: bytes) -> Alarm:
    """Raises BadEnvelope. The signature still has to be checked."""
    return _alarm(read_signed(packed))


def read_check_out(packed: bytes) -> CheckOut:
    """Raises BadEnvelope. The signature still has to be checked."""
    return _check_out(read_signed(packed))


def read_seen(packed: bytes) -> Seen:
    """Raises BadEnvelope. The signature still has to be checked."""
    return _seen(read_signed(packed))


def open_alarm(alarm: Alarm, receiving: X25519PrivateKey) -> AlarmContents:
    """What was sealed to the desk. Raises CannotOpen, or BadEnvelope for another form."""
    found = open_contents(alarm.signed, receiving, _CONTENTS)
    steps = tuple(
        AlarmStep(number=number, channel=channel, words=words)
        for number, channel, words in found["steps"]
    )
    if len(steps) != alarm.steps:
        raise BadEnvelope("an alarm does not hold the steps that it counts")
    return AlarmContents(
        steps=steps,
        address=found["address"],
        worker=found["worker"],
        duress=found["duress"],
    )


def open_check_out(check_out: CheckOut, receiving: X25519PrivateKey) -> str:
    """The phrase that was given with it. Raises CannotOpen, or BadEnvelope for another form."""
    phrase: str = open_contents(check_out.signed, receiving, _PHRASE)["phrase"]
    return phrase


def _alarm(signed: Signed) -> Alarm:
    found = read_clear(signed, ALARM, _ALARM, sealed=True)
    return Alarm(signed=signed, **found)


def _check_out(signed: Signed) -> CheckOut:
    found = read_clear(signed, CHECK_OUT, _CHECK_OUT, sealed=True)
    return CheckOut(signed=signed, **found)


def _seen(signed: Signed) -> Seen:
    found = read_clear(signed, SEEN, _SEEN, sealed=False)
    references = found.pop("references")
    if references != sorted(set(references)):
        raise BadEnvelope("a note of what was seen does not have the published form")
    return Seen(
        references=tuple(references),
        signed=signed,
        **found,
    )


def _is_step(value: object) -> bool:
    return (
        type(value) is list
        and len(value) == 3
        and is_number(value[0])
        and value[1] in ("sms", "voice")
        and is_text(_MOST_WORDS)(value[2])
    )


_ALARM: Final[Shape] = {
    "org": is_id,
    "reference": is_id,
    "casefile": perhaps(is_id),
    "device": is_id,
    "kind": is_one_of(("lone_worker", "urgent", "reply")),
    "after_s": is_within(0, LONGEST_S),
    "again_s": is_within(SOONEST_AGAIN_S, LONGEST_S),
    "steps": is_within(1, MOST_STEPS),
    "replaces": perhaps(is_id),
}
_CONTENTS: Final[Shape] = {
    "steps": is_list(_is_step, MOST_STEPS, 1),
    "address": is_text(_MOST_WORDS),
    "worker": is_text(200),
    "duress": is_text(200),
}
_CHECK_OUT: Final[Shape] = {"org": is_id, "alarm": is_id, "device": is_id, "at": is_moment}
_PHRASE: Final[Shape] = {"phrase": is_text(200)}
_SEEN: Final[Shape] = {
    "org": is_id,
    "references": is_list(is_id, _MOST_SEEN, 1),
    "device": is_id,
    "at": is_moment,
}
