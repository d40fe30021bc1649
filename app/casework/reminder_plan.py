"""What was decided about an appointment's reminders, and what was known when it was decided."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from app.casework.call_task import CallTask
from app.casework.discretion import Secrets
from app.casework.people import Person
from app.casework.reminder_rules import Condition, Means
from app.casework.route_verdict import Reason, Sign
from app.casework.safe_contact import Channel
from app.casework.watch import Watched, Watcher


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One message planned. Instants are UTC; `day` is the local day on which it goes.

    `consent` is the route's version under which it was planned. `version` is the appointment's and
    `tells` the start that the text gives. `correction_of` names the reminder that turned out wrong.
    `max_silence_hours` is None where nothing points to danger. `watch` also tells the desk whether
    somebody who could ring instead is at work. `voice` has the words of an automated call, by
    language and part; `text` is then the same as it is heard.
    """

    reference: str
    family: str
    appointment: str
    version: int
    person: str
    route: str
    number: str
    consent: int
    rule: str
    channel: Channel
    languages: tuple[str, ...]
    text: str
    tells: datetime
    day: date
    opens: datetime
    closes: datetime
    not_after: datetime
    deliver_by: datetime | None
    max_silence_hours: int | None = None
    watch: tuple[Watched, ...] = ()
    voicemail: bool = False
    withheld: bool = False
    correction_of: str | None = None
    voice: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The words of one message: as text in each of those languages and, for a call, by part."""

    text: str
    languages: tuple[str, ...]
    voice: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """A message that is not sent, and every reason for it."""

    rule: str
    means: Means
    person: str
    day: date
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that follows from one appointment as it stands.

    `kept` are references of messages planned before whose hour has come: they are left alone.
    """

    reminders: tuple[Reminder, ...] = ()
    kept: tuple[str, ...] = ()
    calls: tuple[CallTask, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    nothing: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is on record about the people of an appointment and those who go there.

    `consents` maps (person, purpose) to given or withdrawn. `workers` are the appointment's, the
    one who answers for it first. `gone` maps (rule, person) to the message for this version of the
    appointment that may have left already. `desk` is False while no desk is certified. `by_hand`
    is a reason for which nothing may be sent by itself, such as a death. `taken_back` are messages
    that were withdrawn: what is planned again needs a new name, or the desk would refuse it.
    """

    people: Sequence[Person]
    consents: Mapping[tuple[str, str], bool] = field(default_factory=dict)
    circumstances: Collection[Condition] = ()
    signs: frozenset[Sign] = frozenset()
    workers: Sequence[Watcher] = ()
    gone: Mapping[tuple[str, str], str] = field(default_factory=dict)
    secrets: Secrets = field(default_factory=Secrets)
    desk: bool = True
    by_hand: Reason | None = None
    taken_back: frozenset[str] = frozenset()
