"""The file on this device as it can be used even while locked: for pushing what is sealed in it.

Holds clear ids and counters, sealed bytes, and the login key under the device secret alone. Can
read no record. `Vault` builds on it once a passphrase has been given.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
import weakref
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final, cast

import msgpack
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage.changes import ChangeLog
from storage.database import (
    check_structure,
    checkpoint,
    durable,
    log_kept,
    open_database,
    reuse_log,
    translated,
)
from storage.drafts import SealedDraft
from storage.errors import ClonedDevice, DamagedFile, NewerFile, NoVault
from storage.handing_back import HandingBack
from storage.keys import unwrap_login_key, wrap_login_key
from storage.numbering import InboxNumbers
from storage.outbox import Counts, Outbox, Outgoing
from storage.seal import KEY_BYTES
from storage.surroundings import Surroundings
from storage.waiting import WaitingEntries, WaitingOrders

log = logging.getLogger(__name__)

FORMAT: Final = 1
_SEQ_BYTES: Final = 8
_TIDY_AFTER: Final = 150  # changes: what fits into the room laid out for the log
HANDING_BACK_TRIES: Final = 5
"""Rounds in which a device offers a restored office what others wrote, while some is refused."""
MAX_BATCH_CHANGES: Final = 1000
MAX_BATCH_BYTES: Final = 2 * 1024 * 1024 - 64 * 1024  # room for the wrapping round a batch

AcknowledgedHook = Callable[[Mapping[bytes, int]], Callable[[], None]]
"""Takes how far the office now has my chains; gives what to do once the lock is given back."""


class SeqMark:
    """The newest `seq` that was committed, in a tiny file beside the vault, written after each
    commit and never forced to disk: if the vault knows less, it has lost what it had promised."""

    def __init__(self, vault_path: Path) -> None:
        self._path = vault_path.with_name(vault_path.name + ".seq")
        self._file: int | None = None
        self._closing: weakref.finalize[..., SeqMark] | None = None

    def read(self) -> int:
        """0 when there is none."""
        try:
            raw = self._path.read_bytes()
        except OSError:
            return 0
        return int.from_bytes(raw, "big") if len(raw) == _SEQ_BYTES else 0

    def write(self, seq: int) -> None:
        """A disk that does not take it is no loss: the mark then says less than it could."""
        try:
            if self._file is None:
                self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
                self._closing = weakref.finalize(self, os.close, self._file)
            os.lseek(self._file, 0, os.SEEK_SET)
            os.write(self._file, seq.to_bytes(_SEQ_BYTES, "big"))
        except OSError as error:
            log.warning("no mark written", extra={"errno": error.errno})

    def close(self) -> None:
        if self._closing is not None:
            self._closing()
        self._file = self._closing = None


class DeviceFile:
    """One open file. Thread-safe: every public call holds `lock`."""

    def __init__(
        self,
        path: Path,
        surroundings: Surroundings,
        check: Callable[[sqlite3.Connection], None] = lambda _: None,
    ) -> None:
        self.path = path
        self.surroundings = surroundings
        self.lock = threading.RLock()
        self.mark = SeqMark(path)
        self.db = open_database(path, surroundings.connect, check)
        self.connection = self.db.conn
        try:
            with translated():
                self._meta: dict[str, bytes] = dict(
                    self.connection.execute("SELECT name, value FROM meta").fetchall()
                )
                self.log = ChangeLog(self.connection)
            self._tidied = self.log.last_seq
            self.outbox_rows = Outbox(self.connection, self.log)
            self.inbox_numbers = InboxNumbers(self.connection)
            self.orders = WaitingOrders(self)
            self.leavings = WaitingEntries(self)
        except BaseException:
            self.db.close()
            raise
        self.on_acknowledged: AcknowledgedHook | None = None
        """Set while the vault is unlocked."""
        self.on_settled: Callable[[], Callable[[], None]] | None = None
        """Likewise, for orders and entries."""

    @classmethod
    def create(cls, path: Path, surroundings: Surroundings) -> DeviceFile:
        """Make a new file with an identity of its own; raises FileExistsError, never overwrites."""
        if path.exists():
            raise FileExistsError(f"{path.name} is there already")
        path.parent.mkdir(parents=True, exist_ok=True)
        file = cls(path, surroundings)
        randomness = surroundings.randomness
        secret, device = randomness(KEY_BYTES), randomness(16)
        login = Ed25519PrivateKey.from_private_bytes(randomness(32))
        entry = f"doorstep/{device.hex()}"
        try:
            if surroundings.key_store is not None:
                surroundings.key_store.put(entry, secret)
            with file.transaction():
                file.put("format", cast(bytes, msgpack.packb(FORMAT)))
                file.put("device", device)
                file.put("login", wrap_login_key(login, device, secret, randomness))
                if surroundings.key_store is not None:
                    file.put("secret-entry", entry.encode())
                else:
                    file.put("secret", secret)
        except BaseException:
            file.close()
            raise
        return file

    @classmethod
    def open(cls, path: Path, surroundings: Surroundings) -> DeviceFile:
        """Raises NoVault, AlreadyOpen, DamagedFile, NewerFile, or ClonedDevice when this
        machine's key store has no secret for a file that needs one."""
        if not path.exists():
            raise NoVault("there is no vault at that place")
        with log_kept(path):
            file = cls(path, surroundings, lambda connection: _check(connection, path))
        try:
            if file.number("format") != FORMAT:
                raise NewerFile("a later version of the app wrote this file")
            file.device_secret()
        except BaseException:
            file.close()
            raise
        return file

    def close(self) -> None:
        """Hand the file back. What was written stays written."""
        with self.lock:
            self.db.close()
            self.mark.close()

    # -- small things kept ---------------------------------------------------------------------

    def get(self, name: str) -> bytes | None:
        return self._meta.get(name)

    def put(self, name: str, value: bytes | None) -> None:
        """Inside a transaction. None removes it."""
        if value is None:
            self.connection.execute("DELETE FROM meta WHERE name = ?", [name])
            self._meta.pop(name, None)
        else:
            self.connection.execute(
                "INSERT INTO meta VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                [name, value],
            )
            self._meta[name] = value

    def all(self, prefix: str) -> list[tuple[str, bytes]]:
        """Everything kept under names that begin so."""
        return [(name, value) for name, value in self._meta.items() if name.startswith(prefix)]

    def number(self, name: str) -> int:
        """A counter, 0 when it was never kept."""
        kept = self.get(name)
        return int(msgpack.unpackb(kept)) if kept is not None else 0

    def put_number(self, name: str, value: int) -> None:
        self.put(name, cast(bytes, msgpack.packb(value)))

    @contextmanager
    def transaction(self, *, forced: bool = True) -> Iterator[None]:
        """One durable transaction; what is remembered is read again when it does not happen."""
        with self.lock:
            before = dict(self._meta)
            try:
                last = self.log.last_seq
                with durable(self.connection, forced=forced):
                    yield
                if self.log.last_seq != last:
                    self.mark.write(self.log.last_seq)
            except BaseException:
                self._meta = before
                with translated():
                    self.log.reload()
                raise

    def checkpoint(self) -> None:
        """Leave no earlier state readable beside the file."""
        with self.lock:
            checkpoint(self.connection, self.path)

    def drop_keys(self, *, ordered: bool) -> None:
        """Destroy every key that opens anything. The sealed outbox, drafts and the login key stay,
        so that what was not sent can still leave; it cannot be undone. `ordered`: because access
        was ended, which is told to whoever tries to open it."""
        with self.transaction():
            for name in ("lock", "keys", *(n for n, _ in self.all("kept:"))):
                self.put(name, None)
            for table in ("keys", "directory"):
                self.connection.execute(f"DELETE FROM {table}")  # noqa: S608
            self.put_number("ordered", int(ordered))
        self.checkpoint()

    def tidy(self) -> None:
        """Now and then, from the background: keep the log short, so that saves stay quick."""
        with self.lock:
            if self.log.last_seq - self._tidied >= _TIDY_AFTER:
                reuse_log(self.connection)
                self._tidied = self.log.last_seq

    # -- identity ------------------------------------------------------------------------------

    @property
    def device_id(self) -> bytes:
        """Sixteen random bytes: this device."""
        return self._meta["device"]

    @property
    def org(self) -> bytes | None:
        """The organisation, or None before joining."""
        return self.get("org")

    @property
    def office_url(self) -> str | None:
        found = self.get("office")
        return found.decode() if found is not None else None

    @property
    def cloned(self) -> bool:
        """Another copy of this device has written too: it must become a new device."""
        return self.number("cloned") != 0

    def mark_cloned(self) -> None:
        with self.transaction():
            self.put_number("cloned", 1)

    def mark_damaged(self) -> None:
        """Damage was noticed: the next opening sets the file aside and saves what is whole."""
        with self.transaction():
            self.put_number("damaged", 1)

    def device_secret(self) -> bytes:
        """What the file alone cannot replace where there is a key store.

        Raises KeyStoreUnavailable, or ClonedDevice when the key store knows nothing of this file.
        """
        kept = self.get("secret")
        if kept is not None:
            return kept
        entry = self.get("secret-entry")
        if entry is None:
            raise DamagedFile("the file lacks the device's secret")
        store = self.surroundings.key_store
        found = store.get(entry.decode()) if store is not None else None
        if found is None:
            raise ClonedDevice("this machine's key store has no secret for this file")
        return found

    def login_key(self) -> Ed25519PrivateKey:
        """Logs in, to push only; works while locked and after a wipe."""
        return unwrap_login_key(self._meta["login"], self.device_id, self.device_secret())

    # -- pushing -------------------------------------------------------------------------------

    def outbox(
        self,
        limit_changes: int = MAX_BATCH_CHANGES,
        limit_bytes: int = MAX_BATCH_BYTES,
        first: Sequence[bytes] = (),
        under_way: Mapping[bytes, int] | None = None,
    ) -> Outgoing:
        """The next batch to push; falsy when nothing waits. See `Outbox.batch`."""
        with self.lock:
            try:
                with translated():
                    return self.outbox_rows.batch(
                        self.device_id, limit_changes, limit_bytes, first, under_way
                    )
            except DamagedFile:
                self.mark_damaged()
                raise

    def outbox_size(self) -> Counts:
        """How much is only here, what the office refused included."""
        with self.lock, translated():
            return replace(
                self.outbox_rows.size(self.device_id),
                orders=self.orders.count(),
                entries=self.leavings.count(),
            )

    def acknowledge(
        self, upto: Mapping[bytes, int], numbered: Mapping[bytes, tuple[int, int]] | None = None
    ) -> Mapping[bytes, int]:
        """The office now holds my chains in these casefiles up to these n. May be repeated.

        `numbered`: where those changes got the sequence numbers `after` + 1 … `to`, as (after,
        to). There the cursor moves on too, if everything before them has been pulled. One
        transaction for all. Gives, by casefile, for how many changes this is news.
        """
        if not upto:
            return {}
        with self.lock:
            # Lost in a power cut, it is only sent again, and the office says the same: not worth
            # a wait for the disk.
            with self.transaction(forced=False):
                news = {
                    casefile: count
                    for casefile, n in upto.items()
                    if (count := self.outbox_rows.acknowledge(casefile, self.device_id, n))
                }
                for casefile in news.keys() & (numbered or {}).keys():
                    after, to = (numbered or {})[casefile]
                    if self.log.cursor(casefile) == after:
                        self.log.move_cursor(casefile, to)
            tell = self._acknowledged_now(news)
        tell()
        return news

    def rewind(self, casefile: bytes, accepted: int) -> None:
        """The office holds only up to `accepted` of what it had: send the rest again."""
        with self.lock:
            with self.transaction():
                less = self.outbox_rows.rewind(casefile, self.device_id, accepted)
            tell = self._acknowledged_now([casefile] if less else [])
        tell()

    def _acknowledged_now(self, casefiles: Collection[bytes]) -> Callable[[], None]:
        if not casefiles or self.on_acknowledged is None:
            return _nothing
        me = self.device_id
        return self.on_acknowledged({c: self.log.heads(c)[me].acknowledged for c in casefiles})

    def begin_anew(self, restored: bytes) -> None:
        """The office's data was put back from a backup, `restored` says which time.

        Numbers it gives may have been given before: every casefile is pulled from its beginning
        again. The last change of each chain of mine is offered again: the answer says how much
        of the chain the office has lost. How far casefiles once reached stays known.
        """
        with self.transaction():
            reached = {**self.reached(), **self.log.rewind_cursors()}
            self.put("reached", cast(bytes, msgpack.packb(reached)))
            for casefile, head in self.log.chains_of(self.device_id):
                self.outbox_rows.rewind(casefile, self.device_id, head.acknowledged - 1)
            self.offer_for_others_again()
            self.put("restored", restored)
            self.put_number("hand-back", HANDING_BACK_TRIES)

    def chain_reaches(self) -> dict[tuple[bytes, bytes], int]:
        """How far each chain of anybody's reaches here, by (casefile, device)."""
        with self.lock, translated():
            return HandingBack(self.connection, self.log).reaches()

    def chain_after(self, casefile: bytes, device: bytes, n: int) -> Outgoing:
        """The next changes of anybody's chain after `n`, with a head that covers them."""
        with self.lock, translated():
            return HandingBack(self.connection, self.log).after(
                casefile, device, n, MAX_BATCH_CHANGES, MAX_BATCH_BYTES
            )

    def redacted_changes(self) -> list[bytes]:
        """Ids of changes whose text was redacted, as far as this device has heard."""
        with self.lock, translated():
            return list(HandingBack(self.connection, self.log).redacted())

    def reached(self) -> dict[bytes, int]:
        """How far each casefile reached at the office before its data was put back."""
        kept = self.get("reached")
        return cast(dict[bytes, int], msgpack.unpackb(kept, strict_map_key=False)) if kept else {}

    def refused(self, casefile: bytes, code: str) -> None:
        """The office refused my chain in this casefile; a "fork" means that I am a copy."""
        with self.transaction():
            self.outbox_rows.refuse(casefile, self.device_id, code)
            if code == "fork":
                self.put_number("cloned", 1)

    def refusals(self) -> dict[bytes, str]:
        """Casefiles whose chain the office refused, with its code."""
        with self.lock, translated():
            return self.outbox_rows.refusals(self.device_id)

    def retry(self, casefile: bytes | None = None) -> None:
        """Offer refused chains and orders again: one casefile's, or all, entries included."""
        with self.transaction():
            self.outbox_rows.retry(self.device_id, casefile)
            self.orders.retry(casefile)
            if casefile is None:
                self.leavings.retry()

    def offer_for_others_again(self) -> None:
        """Inside a transaction, when the office was put back to an earlier day: it hears every
        stop and withdrawal once more, gets everything again that was left for others, and each
        inbox is read from its start, so that what it has lost of them can be handed in again."""
        self.orders.offer_again()
        self.leavings.offer_again()
        self.inbox_numbers.forget()

    def tell_settled(self) -> None:
        """Orders or entries have reached the office, or were refused."""
        with self.lock:
            tell = self.on_settled() if self.on_settled is not None else _nothing
        tell()

    def grants_to_offer(self) -> list[tuple[bytes, bytes]]:
        """My grants that the office has not accepted yet, as (id, packed), oldest first."""
        with self.lock, translated():
            return self.connection.execute(
                "SELECT id, packed FROM grants WHERE offered = 0 ORDER BY rowid"
            ).fetchall()

    def drafts_to_park(self) -> list[SealedDraft]:
        """Every draft here, sealed and signed as it was saved."""
        device = self.device_id
        with self.lock, translated():
            rows = self.connection.execute(
                "SELECT draft, casefile, person, kid, sealed, signature FROM drafts"
            ).fetchall()
        return [
            SealedDraft(
                draft=draft,
                casefile=casefile,
                device=device,
                person=person,
                kid=kid,
                sealed=sealed,
                signature=signature,
            )
            for draft, casefile, person, kid, sealed, signature in rows
        ]


def _nothing() -> None:
    """Nobody has to be told."""


def _check(connection: sqlite3.Connection, path: Path) -> None:
    """Raises DamagedFile for a file that is not whole, before anything is written to it."""
    check_structure(connection)
    try:
        meta = {name for (name,) in connection.execute("SELECT name FROM meta")}
        (last,) = connection.execute("SELECT coalesce(max(seq), 0) FROM changes").fetchone()
    except sqlite3.OperationalError as error:
        raise DamagedFile("the file lacks its tables") from error
    if not {"format", "device", "login"} <= meta:
        raise DamagedFile("the file lacks the device's identity")
    if "damaged" in meta:
        raise DamagedFile("damage was noticed in this file")
    if SeqMark(path).read() > last:
        raise DamagedFile("the file lacks changes that it once held")
