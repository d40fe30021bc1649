"""Everything that can go wrong on the device, one sentence each.

Messages carry no personal data: they may reach a log. What a person reads is worded in the app.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal


class StorageError(Exception):
    """Anything that keeps storage from its work. `permanent`: trying again is vain."""

    permanent = False


class WrongPassphrase(StorageError):
    """The passphrase does not open this device. Nothing was changed."""


class TooManyTries(StorageError):
    """Another try is allowed only after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__("too many wrong passphrases in a row")
        self.seconds = seconds


class KeysDestroyed(StorageError):
    """The keys on this device were destroyed; only the sealed outbox can still leave it.

    `ordered`: because its access was ended, and not by wrong passphrases.
    """

    permanent = True

    def __init__(self, *, ordered: bool) -> None:
        super().__init__("the keys on this device were destroyed")
        self.ordered = ordered


class VaultLocked(StorageError):
    """The vault is locked: unlock it before reading or writing."""


class WeakPassphrase(StorageError):
    """The passphrase is too easy to guess for a device without a key store."""


class UnsafeParameters(StorageError):
    """The key file asks for key-stretching parameters outside the range that is safe."""

    permanent = True


class DamagedFile(StorageError):
    """The file on this device is damaged.

    `set_aside` is where the damaged file now is, under a name with the date in it; nothing
    overwrites it. `kept` and `lost` count changes. `usable`: what was readable is in a new file
    under the old name, which opens with the old passphrase; otherwise pair again. All are empty
    while the damage has only been noticed: opening the vault again sets the file aside.
    """

    permanent = True

    def __init__(
        self,
        message: str,
        *,
        set_aside: Path | None = None,
        kept: int = 0,
        lost: int = 0,
        usable: bool = False,
    ) -> None:
        super().__init__(message)
        self.set_aside, self.kept, self.lost, self.usable = set_aside, kept, lost, usable


class AlreadyOpen(StorageError):
    """Another process has this device's file open: one file serves one process."""


class NoVault(StorageError):
    """There is no vault at that place yet."""


class NewerFile(StorageError):
    """A later version of the app wrote this file; this version leaves it alone."""

    permanent = True


class KeyStoreUnavailable(StorageError):
    """The platform's key store cannot be reached just now, so this device cannot be opened."""


class NotJoined(StorageError):
    """This device does not belong to an organisation yet."""


class ClonedDevice(StorageError):
    """This file is a copy of another device's; it must pair again as a new device."""

    permanent = True


class WriteFailed(StorageError):
    """The disk did not take the write; nothing was acknowledged, nothing saved before is lost."""


class DiskFull(WriteFailed):
    """The disk is full; nothing was acknowledged and nothing already saved is lost."""


class TooLarge(StorageError):
    """One change is larger than may travel."""

    permanent = True


class UnknownRecord(StorageError):
    """There is no such record on this device."""


class NoKey(StorageError):
    """This device holds no key for that casefile."""


class NoDesk(StorageError):
    """Nobody has certified a reminder desk yet, so nothing can be sealed to it."""


class NotAllowed(StorageError):
    """This device's role does not permit that."""

    permanent = True


class BadEnvelope(StorageError):
    """A sealed change does not have the published form."""

    permanent = True


class CannotOpen(BadEnvelope):
    """A sealed piece does not open with the key it names: it was altered, or the key is another."""


class BrokenChain(BadEnvelope):
    """A change does not follow on the one before it."""


class Fork(BrokenChain):
    """Two different changes carry the same number: one of the devices is a copy."""


class BadSignature(BadEnvelope):
    """A signature does not belong to what it claims to vouch for."""


class BadRecoveryWords(StorageError):
    """The recovery words are not the ones that were printed; no word is ever repeated here.

    `reason`: "word" (word `number`, from 1, is not in the list), "count" (`count` words were
    found, or None when it is no list of words at all) or "checksum" (each is in the list, but
    together they were never printed).
    """

    def __init__(
        self,
        reason: Literal["word", "count", "checksum"],
        *,
        number: int | None = None,
        count: int | None = None,
    ) -> None:
        super().__init__(f"the recovery words are wrong ({reason}, word {number}, of {count})")
        self.reason = reason
        self.number = number
        self.count = count
