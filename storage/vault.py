"""The one doorway to storage: everything a device holds, behind one passphrase and one lock.

A write is on disk before it returns. Thread-safe: one thread at a time is inside, and slow key
stretching happens outside, so call `unlock` and `change_passphrase` from a worker thread.
Must not know what a family is, nor the network.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from storage.access import Casefile
from storage.answers import Answers, Unsent
from storage.clock import moment_of
from storage.device_file import DeviceFile
from storage.doorway import locked_with
from storage.drafting import Drafting
from storage.drafts import Draft
from storage.errors import DamagedFile, NotAllowed, UnknownRecord
from storage.inbox import Leaving
from storage.keys import DeviceKeys, MasterKey
from storage.kinds import Schema
from storage.opened import Opened
from storage.opening import REDACTS, redaction_fields
from storage.ordering import Ordering
from storage.orders import Plan
from storage.passphrase import check_strong_enough
from storage.quarantine import Quarantined
from storage.renewal import become_new_device
from storage.salvage import salvage
from storage.secrets import Membership
from storage.sharing import Accepted, Sharing
from storage.surroundings import Surroundings
from storage.unlocked import Statement

__all__ = [
    "Accepted",
    "Casefile",
    "Draft",
    "Leaving",
    "Membership",
    "Statement",
    "Unsent",
    "Vault",
    "create_vault",
    "open_vault",
]


def create_vault(
    path: Path, passphrase: str, *, schema: Schema, surroundings: Surroundings
) -> Vault:
    """Make a new device: its file, keys and lock. Gives it unlocked, in no organisation yet.

    Raises WeakPassphrase before anything is made, FileExistsError, DiskFull or WriteFailed.
    Slow on purpose.
    """
    has_store = surroundings.key_store is not None
    check_strong_enough(passphrase, key_store=has_store)
    randomness = surroundings.randomness
    file = DeviceFile.create(path, surroundings)
    try:
        master = MasterKey.fresh(randomness)
        lock = locked_with(master, passphrase, file)
        keys = DeviceKeys.fresh(randomness)
        with file.transaction():
            file.put("keys", master.keep(b"device-keys", keys.packed(), randomness))
            file.put("lock", lock.packed())
        vault = Vault(file, schema, master)
    except BaseException:
        file.close()
        raise
    return vault


def open_vault(path: Path, *, schema: Schema, surroundings: Surroundings) -> Vault:
    """The vault at `path`, locked.

    Raises NoVault, AlreadyOpen, DamagedFile (after setting the file aside), ClonedDevice,
    KeyStoreUnavailable or NewerFile.
    """
    try:
        file = DeviceFile.open(path, surroundings)
    except DamagedFile as noticed:
        raise salvage(path, surroundings) from noticed
    return Vault(file, schema)


class Vault(Answers, Drafting, Ordering, Sharing):
    """One device's records, drafts and keys. `device_file` also works while locked."""

    def new_id(self) -> str:
        """A fresh record or draft id."""
        return self._surroundings.randomness(16).hex()

    # -- writing -------------------------------------------------------------------------------

    def write(
        self,
        statements: Sequence[Statement],
        *,
        drop_drafts: Sequence[str] = (),
        orders: Sequence[Plan] = (),
        leavings: Sequence[Leaving] = (),
    ) -> list[bytes]:
        """Write statements down, all or none, and discard the drafts they came from.

        `orders` are what this asks of the reminder desk, and `leavings` go into inboxes of
        casefiles that this device may not read: both are signed here and wait to be pushed. When
        this returns everything is on disk. Gives the ids of the changes. Raises VaultLocked,
        NotJoined, NoKey, TooLarge, NoDesk (for orders sealed to it), BadEnvelope (for orders and
        leavings that nobody would take), DiskFull or WriteFailed; then nothing has changed.
        """
        with self._inside() as u:
            signer = u.hand.signer() if orders else None
            made = [plan.made(signer) for plan in orders] if signer is not None else []
            left = [u.hand.entry(leaving) for leaving in leavings]

            def also(_: Sequence[Opened]) -> None:
                self._delete_drafts(drop_drafts)
                self.device_file.orders.add(made)
                self.device_file.leavings.add(left)

            ids, kinds = u.write(statements, also)
            self._changed |= kinds
            self._heard = self._heard or bool(made or left)
            return ids

    def redact(self, record: str) -> None:
        """Destroy a record's text here, and at next contact at the office and on every device.

        Raises NotAllowed unless this is a supervisor's device, UnknownRecord.
        """
        with self._inside() as u:
            if u.member().role != "supervisor":
                raise NotAllowed("only a supervisor may redact")
            known = u.readable.history_ids(record)
            # Earlier redactions stay readable: they restate what they destroyed.
            earlier = set(u.file.log.redactions_of(known).values())
            changes = [
                c for c in u.opener.reopen(known).values() if not c.redacted and c.id not in earlier
            ]
            if not changes:
                raise UnknownRecord("there is no such record")
            first = changes[0]
            ids = [c.id for c in changes]
            # The image goes first: whatever happens then, no old word is left in one.
            u.drop_image()
            drafts = [d.draft_id for d in self._drafts(u, first.casefile) if _mentions(d, record)]

            def destroy(made: Sequence[Opened]) -> None:
                u.file.log.redact(made[0].id, ids)
                u.file.connection.executemany(
                    "INSERT INTO drops VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING",
                    [(i, bytes.fromhex(first.casefile), made[0].n) for i in ids],
                )
                self._delete_drafts(drafts)

            statement = Statement(
                casefile=first.casefile,
                kind=first.kind,
                record=record,
                fields=redaction_fields(changes),
            )
            _, kinds = u.write([statement], destroy)
            self._changed |= kinds | u.readable.redact(ids, u.opener.reopen)
            self.device_file.checkpoint()

    # -- quarantine ----------------------------------------------------------------------------

    def quarantine(self) -> list[Quarantined]:
        """What arrived and is not believed, with its text where it opens."""
        with self._inside() as u:
            return [u.shown(row) for row in u.quarantine.waiting()]

    def count_quarantined(self) -> int:
        """How many changes `quarantine` would give."""
        with self._inside() as u:
            return u.quarantine.count()

    def adopt(self, change: str) -> bytes:
        """Vouch for a change in quarantine: write it anew with the original quoted.

        Raises UnknownRecord, NotAllowed unless this is a supervisor's device, CannotOpen.
        """
        with self._inside() as u:
            if u.member().role != "supervisor":
                raise NotAllowed("only a supervisor may adopt")
            row = u.quarantine.one(bytes.fromhex(change))
            if row is None:
                raise UnknownRecord("there is no such change in quarantine")
            opened = u.open_quarantined(row)
            statement = Statement(
                casefile=opened.casefile,
                kind=opened.kind,
                record=opened.record,
                fields={
                    **{k: v for k, v in opened.fields.items() if k != REDACTS},
                    "adopted_from": {
                        "change": change,
                        "device": opened.device,
                        "author": opened.author,
                        "at": moment_of(opened.hlc).isoformat(),
                    },
                },
                parents=u.adopted_parents(opened),
            )

            def settle(made: Sequence[Opened]) -> None:
                u.quarantine.settle(row.id, made[0].id)

            ids, kinds = u.write([statement], settle)
            self._changed |= kinds
            return ids[0]

    def dismiss(self, change: str) -> None:
        """A supervisor has looked at it and leaves it out."""
        with self._inside() as u, self.device_file.transaction():
            u.quarantine.settle(bytes.fromhex(change))

    # -- a new identity ------------------------------------------------------------------------

    def become_new_device(self) -> None:
        """After ClonedDevice: take a new identity and move what was not sent over to it.

        Then pair again. Until the new device is certified and granted it can be written on.
        """
        with self._inside() as u:
            become_new_device(u, list(self._drafts(u)))


def _mentions(draft: Draft, record: str) -> bool:
    """Whether a draft is about a record: it has its id, or names it."""
    return draft.draft_id == record or record in [
        value for value in draft.fields.values() if isinstance(value, str)
    ]
