"""`doorstep recover`: a supervisor's laptop rebuilt from the words on paper, in a terminal.

Asks for the words and a new passphrase, never as arguments, so that neither is left in a shell's
history; shows neither.
"""

from __future__ import annotations

import getpass
from collections.abc import Callable

from app.device import Device
from app.wording import _, plain
from storage.errors import BadRecoveryWords, StorageError
from storage.passphrase import check_strong_enough, normalised
from storage.recovery import seed_from
from sync.rebuilding import rebuild


class AlreadySetUp(StorageError):
    """There is a device in this folder already; recovery makes a new one elsewhere."""


Say = Callable[[object], None]
Ask = Callable[[str], str]


def recover(
    device: Device,
    *,
    address: str,
    person: str | None = None,
    say: Say,
    ask: Ask = getpass.getpass,
) -> None:
    """Rebuild and receive everything. Raises storage and sync errors as they are."""
    if device.file.exists():
        raise AlreadySetUp
    say(_("Type the 24 words from the paper. They are not shown."))
    seed = _asked_for_words(say, ask)
    passphrase = _asked_for_passphrase(device, say, ask)
    say(_("Sealing this device…"))
    vault = device.create(passphrase)
    rebuild(vault, device.reach(address), seed=seed, address=address, person=person)
    say(_("Receiving everything…"))
    exchange = device.exchange(vault)
    if exchange is not None:
        outcome = exchange.round()
        say(_("Received {n} changes.").format(n=outcome.received))
    vault.close()
    say(_("Done. Start Doorstep and unlock. End the lost devices' access under Team."))


def _asked_for_words(say: Say, ask: Ask) -> bytes:
    while True:
        try:
            return seed_from(ask(_("Words: ")))
        except BadRecoveryWords as error:
            say(plain(error))


def _asked_for_passphrase(device: Device, say: Say, ask: Ask) -> str:
    while True:
        first = ask(_("New passphrase: "))
        try:
            check_strong_enough(first, key_store=device.has_key_store)
        except StorageError as error:
            say(plain(error))
            continue
        if normalised(ask(_("Once more: "))) == normalised(first):
            return first
        say(_("The two are not the same."))
