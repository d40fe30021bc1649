"""A person's new device in the place of one she cannot use any more: passphrase forgotten, keys
destroyed, or a file that turned out to be a copy.

The old file is set aside, never deleted while something in it is unsent. It sends its outbox and
leaves its drafts at the office by itself, without a passphrase; the new device receives the
drafts once the casefiles are granted to it. Once the old device has lost its access, the file says
that its keys are gone, and goes.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from storage.device_file import DeviceFile
from storage.errors import StorageError
from storage.image import Image
from storage.surroundings import Surroundings
from storage.vault import Vault
from sync.errors import SyncError
from sync.outcome import Outcome
from sync.protocol import Office
from sync.push_only import done_with, push_only

log = logging.getLogger(__name__)

_MARK: Final = ".aside-"
_BESIDE: Final = ("", "-wal", ".seq")  # a mark left there would call the new vault damaged
_SENT: Final = "sent-aside"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBehind:
    """An old file that was set aside. `device` is its id (16 bytes), to be named as replaced;
    `office` is the address of the office and the organisation (16 bytes) that it belonged to."""

    path: Path
    device: bytes
    office: tuple[str, bytes] | None = None


def leave_behind(path: Path, surroundings: Surroundings) -> LeftBehind:
    """Set the file at `path` aside, so that a new vault can be made in its place.

    The vault has to be closed. Works without a signal and without a passphrase; sending is
    `send_left_behind`'s. Raises NoVault, AlreadyOpen, or what else keeps the file from opening.
    """
    found = _read(path, surroundings)
    target = path.with_name(f"{path.name}{_MARK}{found.device.hex()[:8]}")
    Image(path).remove()
    for suffix in _BESIDE:
        source = path.with_name(path.name + suffix)
        if source.exists():
            source.rename(target.with_name(target.name + suffix))
    return replace(found, path=target)


def last_left_behind(path: Path, surroundings: Surroundings) -> LeftBehind | None:
    """What was set aside last, of a device that belonged to an organisation; None when there is
    none, or when it does not open."""
    for old in sorted(left_behind(path), key=lambda p: p.stat().st_ctime_ns, reverse=True):
        try:
            found = _read(old, surroundings)
        except StorageError:
            return None
        if found.office is not None:
            return found
    return None


def _read(path: Path, surroundings: Surroundings) -> LeftBehind:
    file = DeviceFile.open(path, surroundings)
    url, org = file.office_url, file.org
    device = file.device_id
    file.close()
    return LeftBehind(path=path, device=device, office=(url, org) if url and org else None)


def left_behind(path: Path) -> list[Path]:
    """Files set aside in favour of the vault at `path`, that are still there."""
    found = path.parent.glob(f"{path.name}{_MARK}*")
    return sorted(p for p in found if not p.name.endswith(_BESIDE[1:]))


def send_left_behind(path: Path, office: Office, surroundings: Surroundings) -> Iterator[Outcome]:
    """Send what is left in files set aside beside `path`, each once; a file is deleted when all of
    it was sent and its device's access has ended.

    To be called with every round; goes on with the next file when one cannot be sent now.
    """
    for old in left_behind(path):
        try:
            file = DeviceFile.open(old, surroundings)
        except StorageError as error:
            log.warning("a file set aside does not open", extra={"why": type(error).__name__})
            continue
        done = False
        try:
            if file.org is None:
                continue  # it never got in anywhere, so there is nobody to send it as
            if not file.number(_SENT):
                outcome = push_only(file, office, park_drafts=True)
                # Refused changes stay here, visibly, until somebody has carried them over.
                if outcome.still_here == 0 and not file.cloned:
                    with file.transaction():
                        file.put_number(_SENT, 1)
                yield outcome
            # Only the file itself can say that its keys are gone, and only once it is revoked.
            done = file.number(_SENT) != 0 and done_with(file, office)
        except SyncError as error:
            log.info("a file set aside waits", extra={"why": type(error).__name__})
        finally:
            file.close()
        if done:
            _delete(old)


def carry_over(old: Vault, new: Vault) -> int:
    """Write what only the old vault has into the new one, under the new device's name.

    For a cloned device, whose chains the office refuses: both vaults are open, and the new one
    has been granted the casefiles. One durable transaction; gives the number of changes. Raises
    NoKey, and writes nothing, while a casefile is still missing.
    """
    statements = old.unsent_statements()
    for draft in old.drafts():
        new.save_draft(draft.casefile, draft.draft_id, draft.fields)
    return len(new.write(statements)) if statements else 0


def discard(path: Path) -> None:
    """Delete a file set aside whose contents were carried over."""
    _delete(path)


def _delete(path: Path) -> None:
    Image(path).remove()
    for suffix in (*_BESIDE, "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
