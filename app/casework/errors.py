"""What the domain refuses to do, one sentence each.

Messages hold codes and counts, never names, numbers or text: they may reach a log. What a person
reads is worded in the app from the class and its attributes.
"""

from __future__ import annotations

from datetime import date


class CaseworkError(Exception):
    """Anything the domain refuses. Nothing was written."""


class Unknown(CaseworkError):
    """There is no such record on this device, or it belongs to a family that is not here."""


class NotASensibleDate(CaseworkError):
    """A date cannot be right. `field` names it, `reason` is a code for the wording."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class OutOfOrder(CaseworkError):
    """A date lies before what it must follow, or ahead. `than` is the day it is measured by.

    `reason` is a code for the wording. Of `before_allocation` a person may say that it is right.
    """

    def __init__(self, field: str, reason: str, than: date | None = None) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason
        self.than = than


class NoRoom(CaseworkError):
    """The service works with as many families as it can. A supervisor may allocate all the same."""

    def __init__(self, held: int, most: int) -> None:
        super().__init__(f"{held} of {most}")
        self.held = held
        self.most = most


class EpisodeClosed(CaseworkError):
    """There is no open episode to do that in: the family was closed."""


class EpisodeOpen(CaseworkError):
    """The family is still open, so it needs no new referral."""


class NotInRange(CaseworkError):
    """A score lies outside of what its domain allows. `domain` names it."""

    def __init__(self, domain: str) -> None:
        super().__init__(domain)
        self.domain = domain


class Missing(CaseworkError):
    """Something that must be filled in is empty. `field` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} is empty")
        self.field = field


class NoteTooLong(CaseworkError):
    """A note has more characters than one note may hold. The text stays where it is."""

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(f"{length} characters, the limit is {limit}")
        self.length = length
        self.limit = limit


class PastedImage(CaseworkError):
    """The text holds a picture written out as characters. `start` and `end` say where."""

    def __init__(self, start: int, end: int) -> None:
        super().__init__("a picture was pasted as text")
        self.start = start
        self.end = end


class AlreadySigned(CaseworkError):
    """A signed note does not change; what comes later is an addendum."""


class NotSigned(CaseworkError):
    """That can only be done with a signed note."""


class ReasonNeeded(CaseworkError):
    """A restricted note is opened only with a reason, which is recorded."""


class OnlySupervisors(CaseworkError):
    """Only a supervisor may do that."""


class NotJoined(CaseworkError):
    """This device belongs to no organisation yet."""


class SameFamily(CaseworkError):
    """The note is in that family's casefile already."""


class NotYourNote(CaseworkError):
    """Only its author may do that with a note."""


class AlreadyEnded(CaseworkError):
    """That person's life in the record has ended."""


class NotExpected(CaseworkError):
    """That is no baby on the way."""


class OneFamily(CaseworkError):
    """These are one family already."""


class TwoFamilies(CaseworkError):
    """These were never joined, or were parted again."""


class AlreadyOnRegister(CaseworkError):
    """That person stands on the group's list: she is marked there. `enrolled` is her entry's id."""

    def __init__(self, enrolled: str) -> None:
        super().__init__("on the list already")
        self.enrolled = enrolled


class SessionCalledOff(CaseworkError):
    """The session was called off, so nobody can have come to it."""


class AddressKeptSecret(CaseworkError):
    """Somebody expected at the appointment must not learn its address. `persons` are their ids."""

    def __init__(self, persons: tuple[str, ...]) -> None:
        super().__init__(f"secret from {len(persons)} of those expected")
        self.persons = persons
