"""What the domain asks of whoever holds the directory and the keys: new casefiles and grants.

Implemented beside pairing, where devices and certificates are known. The domain names persons and
casefiles only; it learns nothing of keys.
"""

from __future__ import annotations

from typing import Protocol


class Access(Protocol):
    """Who may read a casefile. Errors of storage and sync pass through."""

    def found(self, *, linked_to: str | None = None) -> str:
        """The id of a new casefile that I, my team's supervisors and recovery can read.

        `linked_to` is the family whose restricted notes it will hold.
        """

    def found_service(self) -> str:
        """The id of a new casefile for figures of the whole service: every team's supervisors and
        recovery can read it, and nobody finds a family in it. For supervisors."""

    def grant(self, casefile: str, person: str) -> None:
        """Let every device of that person read the casefile, its whole history included."""

    def remove(self, casefile: str, person: str) -> None:
        """End that: a new key from now on. What was read before stays read."""

    def is_supervisor(self, device: str) -> bool:
        """Whether that device is, or was until it was revoked, a supervisor's.

        The directory answers, signed; a record that merely says so proves nothing.
        """

    def devices_of(self, person: str) -> tuple[str, ...]:
        """The devices that person works with now, sorted; none for somebody unknown here."""
