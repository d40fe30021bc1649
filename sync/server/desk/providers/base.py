"""The one interface to whoever carries messages: send once, and look up what became of it.

A provider is never asked to send the same thing twice. What it answers is one of three things:
accepted, definitely refused, or not known; and what is not known stays so until it is looked up.
Must not know why a message is sent, nor whether it may be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

from sync.server.desk.statuses import Standing

Channel = Literal["sms", "voice"]

TIMEOUT_S: Final = 10.0
"""For one call. What takes longer counts as not known, never as not sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One thing to send, once. `code` is what its callbacks are recognised by in an address. Of a
    call `text` is there to be read; what is said is asked for when somebody answers."""

    reference: str
    code: str
    channel: Channel
    number: str = field(repr=False)
    text: str = field(repr=False)
    language: str = "en"
    valid_s: int = 36_000
    """How long a provider may keep trying before it must give up."""
    template: str | None = None
    personalisation: Mapping[str, str] = field(default_factory=dict, repr=False)
    voicemail: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has it, under this id of its own."""

    id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider definitely did not take it.

    `again_s` is how long to wait before it may be offered again, None for never; `account` says
    that every other message would fare the same, so that somebody at the office must act.
    """

    reason: str
    again_s: int | None = None
    account: bool = False


@dataclass(frozen=True, slots=True)
class Unsure:
    """It may have been taken or not: a timeout, a broken connection, a gateway's error.

    `claims_refusal`: the provider said that it failed to take it. It is believed only once a
    look-up agrees, and then the message may be offered again.
    """

    reason: str
    claims_refusal: bool = False


Outcome = Accepted | Refused | Unsure


@dataclass(frozen=True, slots=True)
class Found:
    """The provider has it after all, or still."""

    id: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Absent:
    """The provider answered, and knows nothing of it."""


@dataclass(frozen=True, slots=True)
class Silent:
    """The provider could not be asked."""


Sighting = Found | Absent | Silent


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What one attempt can be recognised by at a provider."""

    reference: str
    number: str = field(repr=False)
    id: str | None
    """The provider's own, where it told us."""
    began: int
    """When we called it, milliseconds since 1970."""
    others: frozenset[str] = frozenset()
    """The provider's ids of other messages to that number, which it cannot be."""


class Provider(Protocol):
    """One provider, for one channel. Its calls raise nothing and may be made from any thread."""

    @property
    def name(self) -> str:
        """Short and stable: it is kept beside what went out through it."""

    @property
    def per_second(self) -> float | None:
        """How many messages it takes a second, over all processes; None for any number."""

    @property
    def reports(self) -> bool:
        """Whether it tells us by itself what became of a message."""

    def send(self, message: Message) -> Outcome:
        """Offer a message, exactly once."""

    def look_up(self, trace: Trace) -> Sighting:
        """What became of an attempt."""
