"""Anything that stops an exchange, one sentence each; nothing personal is ever in a message."""

from __future__ import annotations


class SyncError(Exception):
    """Anything that stops an exchange. `permanent` means: do not try again by itself."""

    permanent = False


class Offline(SyncError):
    """The office could not be reached. Nothing is lost; the log keeps its place."""


class UntrustedConnection(SyncError):
    """The connection to the office is not private: its certificate does not check out."""

    permanent = True


class NotOurOffice(SyncError):
    """The address answers, but it is not this organisation's office."""

    permanent = True


class Nonsense(SyncError):
    """The office answered something that is not the protocol."""


class NotUnderstood(SyncError):
    """The office did not understand what was sent: it is older than this app, or in error."""

    permanent = True


class DeviceUnknown(SyncError):
    """The office does not know this device. It must pair again."""

    permanent = True


class DeviceRevoked(SyncError):
    """This device's access was ended. What it had not sent goes to the supervisor's quarantine."""

    permanent = True


class SignedOut(SyncError):
    """The login token has run out: log in again."""


class NotYours(SyncError):
    """There is nothing here under that name for this device."""

    permanent = True


class Stale(SyncError):
    """Somebody else was first: take in the current statement, then try again."""


class ChainRefused(SyncError):
    """The office refused one chain of changes: a broken link or a missing right."""

    permanent = True


class TooMuch(SyncError):
    """More was sent at once, or today, than the office takes from one device."""


class InviteRefused(SyncError):
    """The invite is mangled, used or expired. `reason` is one of those words."""

    permanent = True

    def __init__(self, reason: str) -> None:
        super().__init__(f"the invite is {reason}")
        self.reason = reason


class OfficeWithholds(SyncError):
    """The office keeps back changes that others say exist, or hands out an older directory."""

    permanent = True
