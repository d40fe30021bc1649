"""The one doorway to storage: everything a device holds, behind one passphrase and one lock.

A write is on disk before it returns. Thread-safe: one thread at a time is inside, and slow key
stretching happens outside, so call `unlock` and `change_passphrase` from a worker thread.
Must not know what a family is, nor the network.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from storage.access import Casefile
from storage.attempts import Attempts
from storage.clock import Clock, moment_of
from storage.database import translated
from storage.device_file import DeviceFile
from storage.drafts import Draft, SealedDraft, open_draft
from storage.errors import (
    BadEnvelope,
    DamagedFile,
    KeysDestroyed,
    NoKey,
    NotAllowed,
    StorageError,
    UnknownRecord,
    VaultLocked,
    WrongPassphrase,
)
from storage.grants import Grant
from storage.image import Image
from storage.keys import (
    DeviceKeys,
    DeviceLock,
    DevicePublic,
    MasterKey,
    make_lock,
    open_lock,
)
from storage.kinds import Fields, Schema, Value
from storage.opened import Opened
from storage.opening import REDACTS, redaction_fields
from storage.passphrase import check_strong_enough
from storage.quarantine import Quarantined
from storage.query import Hit, Record, Version, Where
from storage.receiving import PageLike
from storage.renewal import become_new_device
from storage.roster import Roster
from storage.salvage import salvage
from storage.secrets import Membership
from storage.surroundings import N_WITH_KEY_STORE, N_WITHOUT, Surroundings
from storage.unlocked import IMAGE_AFTER, Statement, Unlocked

__all__ = [
    "Accepted",
    "Casefile",
    "Draft",
    "Membership",
    "Statement",
    "Unsent",
    "Vault",
    "create_vault",
    "open_vault",
]

log = logging.getLogger(__name__)

Listener = Callable[[Collection[str]], None]
_INDEX_STEP: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What a page brought. `withheld`: others have seen changes that the office did not hand
    out before theirs."""

    count: int
    quarantined: int
    withheld: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """A record with changes that are only on this device; `refused` is the office's code."""

    record: str
    kind: str
    casefile: str
    at: datetime
    refused: str | None


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
        lock = _locked_with(master, passphrase, file)
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


def _locked_with(master: MasterKey, passphrase: str, file: DeviceFile) -> DeviceLock:
    around = file.surroundings
    return make_lock(
        master.raw,
        passphrase,
        file.device_secret(),
        n=N_WITHOUT if around.key_store is None else N_WITH_KEY_STORE,
        kdf=around.kdf,
        randomness=around.randomness,
    )


class Vault:
    """One device's records, drafts and keys. `device_file` also works while locked."""

    def __init__(self, file: DeviceFile, schema: Schema, master: MasterKey | None = None) -> None:
        self.device_file = file
        self._schema = schema
        self._lock = file.lock
        self._turn = threading.Lock()  # one passphrase at a time
        self._open: Unlocked | None = None
        self._listeners: list[Listener] = []
        self._changed: set[str] = set()
        self._heard = False
        self._depth = 0
        self._attempts = Attempts(file.number("failures"), self._keep_failures, self._clock)
        if master is not None:
            self._open_with(master)

    # -- opening and closing -------------------------------------------------------------------

    @property
    def locked(self) -> bool:
        return self._open is None

    @property
    def keys_destroyed(self) -> bool:
        """Nothing here can be read any more; what is sealed can still be uploaded."""
        return self.device_file.get("lock") is None

    @property
    def tries_left(self) -> int:
        """Wrong passphrases until the keys are destroyed."""
        return self._attempts.left

    def wait_before_next_try(self) -> float:
        """Seconds until a passphrase is taken again."""
        return self._attempts.wait()

    def unlock(self, passphrase: str) -> None:
        """Open the vault; on one that is open it only checks the passphrase. Slow on purpose.

        Raises WrongPassphrase, TooManyTries, KeysDestroyed (from then on), DamagedFile or
        UnsafeParameters.
        """
        with self._turn:
            master = self._try(passphrase)
            with self._lock:
                if self._open is None:
                    self._open_with(master)

    def lock(self) -> None:
        """Seal the image, close the readable records and drop the keys."""
        with self._lock:
            opened, self._open = self._open, None
            self.device_file.on_acknowledged = None
            if opened is None:
                return
            try:
                opened.make_image()
            except StorageError:
                log.warning("locked without an image")
            finally:
                opened.close()
            self.device_file.checkpoint()

    def close(self) -> None:
        """Lock, and hand the file back."""
        self.lock()
        self.device_file.close()

    def change_passphrase(self, old: str, new: str) -> None:
        """Rewrap the master key. Either the old or the new passphrase works at every moment.

        Raises what `unlock` raises, and WeakPassphrase. Slow on purpose, twice.
        """
        check_strong_enough(new, key_store=self._surroundings.key_store is not None)
        with self._turn:
            master = self._try(old)
            lock = _locked_with(master, new, self.device_file)
            with self.device_file.transaction():
                self.device_file.put("lock", lock.packed())
            self.device_file.checkpoint()

    def drop_keys(self) -> None:
        """Wipe: destroy every key that opens anything. The sealed outbox, drafts and the login
        key stay, so that what was not sent can still leave; it cannot be undone."""
        with self._lock:
            Image(self.device_file.path).remove()
            with self.device_file.transaction():
                for name in ("lock", "keys", *(n for n, _ in self.device_file.all("kept:"))):
                    self.device_file.put(name, None)
                for table in ("keys", "directory"):
                    self.device_file.connection.execute(f"DELETE FROM {table}")  # noqa: S608
            self.device_file.checkpoint()
            opened, self._open = self._open, None
            self.device_file.on_acknowledged = None
            if opened is not None:
                opened.close()

    def _try(self, passphrase: str) -> MasterKey:
        with self._lock:
            kept = self.device_file.get("lock")
            if kept is None:
                raise KeysDestroyed("the keys on this device were destroyed")
            lock = DeviceLock.unpacked(kept)
            secret = self.device_file.device_secret()
            self._attempts.spend()
        try:
            dmk = open_lock(lock, passphrase, secret, kdf=self._surroundings.kdf)
        except WrongPassphrase as error:
            if self._attempts.used_up:
                self.drop_keys()
                raise KeysDestroyed(
                    "too many wrong passphrases: the keys were destroyed"
                ) from error
            raise
        self._attempts.forgive()
        return MasterKey(dmk)

    def _open_with(self, master: MasterKey) -> None:
        self._open = Unlocked(self.device_file, master, self._schema)
        self.device_file.on_acknowledged = self._acknowledged

    def _keep_failures(self, failures: int) -> None:
        # A try must be counted whatever happens next. Forgetting to forgive after a power cut
        # costs nothing, and so must not cost every unlock a wait for the disk.
        with self.device_file.transaction(forced=failures > 0):
            self.device_file.put_number("failures", failures)

    # -- who I am ------------------------------------------------------------------------------

    @property
    def me(self) -> Membership | None:
        """Who this device is, None before joining. Raises VaultLocked."""
        with self._inside() as u:
            return u.me

    @property
    def public(self) -> DevicePublic:
        """What a certificate says of this device."""
        with self._inside() as u:
            return u.keyring.device.public(self.device_file.device_id, self.device_file.login_key())

    @property
    def signing_key(self) -> Ed25519PrivateKey:
        """For directory statements."""
        with self._inside() as u:
            return u.keyring.device.signing

    @property
    def receiving_key(self) -> X25519PrivateKey:
        with self._inside() as u:
            return u.keyring.device.receiving

    def join(
        self,
        *,
        org: bytes,
        person: bytes,
        role: str,
        team: bytes | None,
        office_url: str,
        recovery_public: bytes,
    ) -> None:
        """This device belongs to an organisation from now on; also when something of it changes."""
        with self._inside() as u:
            member = Membership(
                org=org.hex(),
                device=self.device_file.device_id.hex(),
                person=person.hex(),
                role=role,
                team=team.hex() if team else None,
                office_url=office_url,
                recovery_public=recovery_public,
            )
            with self.device_file.transaction():
                u.secrets.put_membership(member)
            u.me = member

    def become_new_device(self) -> None:
        """After ClonedDevice: take a new identity and move what was not sent over to it.

        Then pair again. Until the new device is certified and granted it can be written on.
        """
        with self._inside() as u:
            become_new_device(u, list(self._drafts(u)))

    def new_id(self) -> str:
        """A fresh record or draft id."""
        return self._surroundings.randomness(16).hex()

    # -- writing -------------------------------------------------------------------------------

    def write(
        self, statements: Sequence[Statement], *, drop_drafts: Sequence[str] = ()
    ) -> list[bytes]:
        """Write statements down, all or none, and discard the drafts they came from.

        When this returns they are on disk. Gives the ids of the changes. Raises VaultLocked,
        NotJoined, NoKey, TooLarge, DiskFull or WriteFailed; then nothing has changed.
        """
        with self._inside() as u:
            ids, kinds = u.write(statements, lambda _: self._delete_drafts(drop_drafts))
            self._changed |= kinds
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

    # -- reading -------------------------------------------------------------------------------

    def find(
        self,
        kind: str,
        where: Where | None = None,
        *,
        casefile: str | None = None,
        order_by: Sequence[str] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Record]:
        """Records of a kind that meet every condition; see `storage.query`."""
        with self._inside() as u:
            return u.readable.find(
                kind, where, casefile=casefile, order_by=order_by, limit=limit, offset=offset
            )

    def get(self, record: str) -> Record | None:
        with self._inside() as u:
            return u.readable.get(record)

    def count(self, kind: str, where: Where | None = None, *, casefile: str | None = None) -> int:
        with self._inside() as u:
            return u.readable.count(kind, where, casefile=casefile)

    def tally(
        self,
        kind: str,
        by: Sequence[str],
        where: Where | None = None,
        *,
        casefile: str | None = None,
    ) -> dict[tuple[Value, ...], int]:
        """How many records there are for each combination of values of these fields."""
        with self._inside() as u:
            return u.readable.tally(kind, by, where, casefile=casefile)

    def search(self, text: str, kinds: Sequence[str] | None = None, limit: int = 50) -> list[Hit]:
        """Records in which every word typed begins some word; what was not indexed yet is first."""
        with self._inside() as u:
            u.readable.index_pending()
            return u.readable.search(text, kinds, limit)

    def history(self, record: str) -> list[Version]:
        """Every change of a record, oldest first; redacted ones have no fields."""
        with self._inside() as u:
            ids = u.readable.history_ids(record)
            opened = u.opener.reopen(ids)
            return [
                Version(
                    change_id=c.id,
                    fields=c.fields,
                    author=c.author,
                    device=c.device,
                    at=moment_of(c.hlc),
                    sent=c.sent,
                )
                for c in (opened[i] for i in ids if i in opened)
            ]

    def conflicted(self, kind: str | None = None) -> list[Record]:
        """Records with values that a person has to choose between."""
        with self._inside() as u:
            return u.readable.conflicted(kind)

    def fold_hash(self, casefile: str) -> bytes:
        """Equal on all devices that know the same changes of this casefile."""
        with self._inside() as u:
            return u.readable.fold_hash(casefile)

    def unsent(self) -> list[Unsent]:
        """Records with changes that only this device has, oldest first."""
        with self._inside() as u:
            refusals = self.device_file.refusals()
            found: dict[str, Unsent] = {}
            for kept in self.device_file.log.unacknowledged(self.device_file.device_id):
                try:
                    opened = u.opener.open(kept)
                except (NoKey, BadEnvelope):
                    continue
                found[opened.record] = Unsent(
                    record=opened.record,
                    kind=opened.kind,
                    casefile=opened.casefile,
                    at=moment_of(opened.hlc),
                    refused=refusals.get(kept.casefile),
                )
            return sorted(found.values(), key=lambda unsent: unsent.at)

    def unsent_statements(self) -> list[Statement]:
        """What only this device has, as statements to be written anew by another vault: for a
        cloned device that pairs again. Oldest first; redactions are left out, being decisions
        about changes and not records."""
        with self._inside() as u:
            waiting = list(self.device_file.log.unacknowledged(self.device_file.device_id))
            found: list[Opened] = []
            for kept in sorted(waiting, key=lambda k: k.seq):
                try:
                    found.append(u.opener.open(kept))
                except (NoKey, BadEnvelope):
                    continue
            return [
                Statement(casefile=o.casefile, kind=o.kind, record=o.record, fields=o.fields)
                for o in found
                if REDACTS not in o.fields
            ]

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Be told, from any thread, which kinds changed; gives a function that ends it.

        An empty set means that something was sent or is no longer only here.
        """
        with self._lock:
            self._listeners.append(listener)

        def unsubscribe() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return unsubscribe

    def work_in_background(self) -> bool:
        """A little of what can wait: search's index, a fresh image. True when more is left."""
        with self._lock:
            self.device_file.tidy()
            u = self._open
            if u is None:
                return False
            if u.readable.index_pending(_INDEX_STEP):
                return True
            if u.since_image >= IMAGE_AFTER:
                u.make_image()
            return False

    # -- drafts --------------------------------------------------------------------------------

    def save_draft(self, casefile: str, draft_id: str, fields: Fields) -> None:
        """Keep unfinished text, sealed; on disk when this returns."""
        with self._inside() as u, self.device_file.transaction():
            u.keep_draft(casefile, draft_id, fields, self._clock.now())

    def drafts(self, casefile: str | None = None) -> list[Draft]:
        """Unfinished text that can be opened here, latest first."""
        with self._inside() as u:
            return sorted(self._drafts(u, casefile), key=lambda d: d.saved_at, reverse=True)

    def drop_draft(self, draft_id: str) -> None:
        with self._inside(), self.device_file.transaction():
            self._delete_drafts([draft_id])

    def open_draft_from(self, parked: SealedDraft, roster: Roster) -> Draft:
        """Take in a draft that this person's earlier device left, as one of this device's.

        `parked` is anything with `SealedDraft`'s fields. Raises NoKey until the casefile is
        granted, BadSignature or BadEnvelope when it is not hers.
        """
        with self._inside() as u:
            me = u.member()
            org = bytes.fromhex(me.org)
            signing = roster.signing_key(parked.device)
            person = roster.person_of(parked.device)
            if signing is None or person is None or person.hex() != me.person:
                raise BadEnvelope("a draft does not come from a device of this person")
            sealed = SealedDraft(
                draft=parked.draft,
                casefile=parked.casefile,
                device=parked.device,
                person=parked.person,
                kid=parked.kid,
                sealed=parked.sealed,
                signature=parked.signature,
            )
            sealed.check(org, signing)
            key = u.keyring.by_kid.get(sealed.kid)
            if key is None or key.casefile != sealed.casefile:
                raise NoKey("this device holds no key for that casefile")
            draft = open_draft(sealed, key, org)
            here = {d.draft_id: d for d in self._drafts(u, draft.casefile)}
            known = here.get(draft.draft_id)
            if known is None or known.saved_at < draft.saved_at:
                with self.device_file.transaction():
                    u.keep_draft(draft.casefile, draft.draft_id, draft.fields, draft.saved_at)
            return draft

    def _drafts(self, u: Unlocked, casefile: str | None = None) -> Iterator[Draft]:
        if u.me is None:
            return
        for sealed in self.device_file.drafts_to_park():
            key = u.keyring.by_kid.get(sealed.kid)
            if key is None or casefile not in (None, sealed.casefile.hex()):
                continue
            try:
                yield open_draft(sealed, key, bytes.fromhex(u.me.org))
            except BadEnvelope:
                log.warning("a draft does not open", extra={"draft": sealed.draft.hex()})

    def _delete_drafts(self, ids: Sequence[str]) -> None:
        if not ids:
            return
        self.device_file.connection.executemany(
            "DELETE FROM drafts WHERE draft = ?", [(bytes.fromhex(i),) for i in ids]
        )

    # -- casefiles and grants ------------------------------------------------------------------

    def casefiles(self) -> list[Casefile]:
        """The casefiles this device holds keys for."""
        with self._inside() as u:
            return u.access.casefiles()

    def members(self, casefile: str) -> tuple[str, ...]:
        """The devices that hold its keys. Raises NoKey."""
        with self._inside() as u:
            return u.access.casefile(bytes.fromhex(casefile)).members

    def found(
        self,
        members: Mapping[bytes, bytes],
        *,
        label: str = "family",
        linked_to: str | None = None,
    ) -> str:
        """A new casefile for this device and `members` (device id -> raw receiving key).

        It can be written into at once; its grant waits to be offered to the office.
        """
        with self._inside() as u:
            me = u.member()
            own = u.keyring.device.public(self.device_file.device_id, self.device_file.login_key())
            grant = u.access.found(
                {**members, own.device: own.receiving},
                org=bytes.fromhex(me.org),
                recovery_public=me.recovery_public,
                label=label,
                linked_to=bytes.fromhex(linked_to) if linked_to else None,
            )
            return grant.casefile.hex()

    def refound(self, casefile: bytes, members: Mapping[bytes, bytes]) -> Grant:
        """Make my founding grant anew for other members, before the office has accepted it: who
        is a supervisor may have changed while I was out of signal. See `found`."""
        with self._inside() as u:
            own = u.keyring.device.public(self.device_file.device_id, self.device_file.login_key())
            return u.access.refound(
                casefile,
                {**members, own.device: own.receiving},
                recovery_public=u.member().recovery_public,
            )

    def grants(self, casefile: bytes) -> list[Grant]:
        """The chain of grants as far as it is known, oldest first."""
        with self._inside() as u:
            return u.access.chain(casefile)

    def keep_grants(
        self,
        casefile: bytes,
        packed: Sequence[bytes],
        roster: Roster,
        *,
        recovery: X25519PrivateKey | None = None,
    ) -> None:
        """Take in a casefile's grants, oldest first; known ones are skipped.

        Opens the keys for this device, and whatever waited for them. A grant without this device
        takes the casefile away: its keys are destroyed and its records forgotten, while what was
        not sent stays. Raises BrokenChain, BadSignature or BadEnvelope and keeps none of them.
        """
        with self._inside() as u:
            self._changed |= u.keep_grants(casefile, packed, roster, recovery)

    def grants_to_offer(self) -> list[tuple[bytes, bytes]]:
        """My grants that the office has not accepted, as (id, packed), oldest first."""
        return self.device_file.grants_to_offer()

    def grant_offered(self, grant_id: bytes, roster: Roster) -> None:
        """The office accepted it: a rotated key is written with from now on."""
        with self._inside() as u:
            self._changed |= u.grant_accepted(grant_id, roster)

    def drop_grant(self, grant_id: bytes) -> None:
        """Somebody else's grant was first (Stale): discard mine. A founding one stays."""
        with self._inside() as u:
            u.access.drop(grant_id)

    def regrant(
        self,
        casefile: bytes,
        receivers: Mapping[bytes, bytes],
        *,
        rotate: bool,
        last: Mapping[bytes, tuple[int, bytes]],
        recovery_public: bytes | None = None,
    ) -> Grant:
        """Say anew who may read a casefile; waits to be offered.

        `receivers`: every member device's raw receiving key. `last`: for each removed device its
        last accepted (n, id). `rotate` begins a new epoch.
        """
        with self._inside() as u:
            return u.access.regrant(
                casefile,
                receivers,
                rotate=rotate,
                last=last,
                recovery_public=recovery_public or u.member().recovery_public,
            )

    # -- exchange ------------------------------------------------------------------------------

    def cursor(self, casefile: bytes) -> int:
        """How far a casefile has been pulled."""
        with self._lock:
            return self.device_file.log.cursor(casefile)

    def advance(self, casefile: bytes, after: int, to: int) -> bool:
        """Move the cursor past changes of this device's own, which got the sequence numbers
        `after` + 1 … `to`; only if everything before them has been pulled. Gives whether it was."""
        with self._lock:
            if self.device_file.log.cursor(casefile) != after:
                return False
            with self.device_file.transaction():
                self.device_file.log.move_cursor(casefile, to)
            return True

    def head(self, casefile: bytes, device: bytes) -> tuple[int, bytes] | None:
        """The last (n, id) of a device's chain that is known here."""
        with self._lock:
            found = self.device_file.log.heads(casefile).get(device)
            return (found.n, found.id) if found is not None and found.n else None

    def accept(self, page: PageLike, roster: Roster) -> Accepted:
        """Check and keep a page that was pulled, and move the cursor; all of it or nothing.

        Raises BrokenChain, Fork, BadSignature, BadEnvelope or ClonedDevice when the page cannot
        be honest, DiskFull or WriteFailed.
        """
        with self._inside() as u:
            received, kinds = u.accept(page, roster)
            self._changed |= kinds
            self._heard = self._heard or bool(received.sent)
            return Accepted(
                count=received.count,
                quarantined=received.quarantined,
                withheld=received.withheld,
            )

    def accept_quarantined(self, page: PageLike, roster: Roster) -> int:
        """Keep what a revoked or removed device pushed too late; gives how many are new."""
        with self._inside() as u:
            received, _ = u.accept(page, roster, quarantined=True)
            return received.quarantined

    def withheld(self) -> list[tuple[bytes, bytes, int]]:
        """(casefile, device, n) that others have seen and the office has not handed out."""
        with self._inside() as u:
            return u.file.log.withheld()

    def directory_statements(self) -> list[bytes]:
        """The directory as far as it was kept, packed, in order."""
        with self._inside() as u:
            return u.secrets.directory()

    def keep_directory(self, statements: Sequence[bytes]) -> None:
        """Append the directory's next statements, which the caller has checked."""
        with self._inside() as u:
            u.secrets.extend_directory(statements)

    def keep_secret(self, name: str, secret: bytes | None) -> None:
        """Keep a small thing sealed for this device; None removes it."""
        with self._inside() as u:
            u.secrets.keep(name, secret)

    def secret(self, name: str) -> bytes | None:
        with self._inside() as u:
            return u.secrets.get(name)

    def secrets(self, prefix: str) -> dict[str, bytes]:
        """Everything kept under names that begin so."""
        with self._inside() as u:
            return u.secrets.named(prefix)

    # -- quarantine ----------------------------------------------------------------------------

    def quarantine(self) -> list[Quarantined]:
        """What arrived and is not believed, with its text where it opens."""
        with self._inside() as u:
            return [u.shown(row) for row in u.quarantine.waiting()]

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

    # -- in here -------------------------------------------------------------------------------

    @property
    def _surroundings(self) -> Surroundings:
        return self.device_file.surroundings

    @property
    def _clock(self) -> Clock:
        return self.device_file.surroundings.clock

    @contextmanager
    def _inside(self) -> Iterator[Unlocked]:
        """One thread at a time; listeners are told once the last level is left."""
        with self._lock:
            if self._open is None:
                raise VaultLocked("the vault is locked")
            self._depth += 1
            try:
                with translated():
                    yield self._open
            finally:
                self._depth -= 1
            tell = self._news()
        tell()

    def _news(self) -> Callable[[], None]:
        """What to do once the lock is given back: tell the listeners, if this is the last level."""
        if self._depth or not (self._changed or self._heard):
            return _nothing
        kinds, listeners = frozenset(self._changed), list(self._listeners)
        self._changed, self._heard = set(), False

        def tell() -> None:
            for listener in listeners:
                listener(kinds)

        return tell

    def _acknowledged(self, ids: Sequence[bytes]) -> Callable[[], None]:
        if self._open is None:
            return _nothing
        self._open.readable.mark_sent(ids)
        self._heard = True
        return self._news()


def _nothing() -> None:
    """Nobody has to be told."""


def _mentions(draft: Draft, record: str) -> bool:
    """Whether a draft is about a record: it has its id, or names it."""
    return draft.draft_id == record or record in [
        value for value in draft.fields.values() if isinstance(value, str)
    ]
