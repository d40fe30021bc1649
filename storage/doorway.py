"""The lock on the door: passphrase, waiting, wiping, one thread at a time, and who is told.

What lies behind it is in `storage.unlocked`; what may be asked and done, in the classes that build
on this one, which `storage.vault` puts together.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from storage.attempts import Attempts
from storage.clock import Clock
from storage.database import translated
from storage.device_file import DeviceFile
from storage.errors import KeysDestroyed, StorageError, VaultLocked, WrongPassphrase
from storage.image import Image
from storage.keys import DeviceLock, MasterKey, make_lock, open_lock
from storage.kinds import Schema
from storage.passphrase import check_strong_enough
from storage.surroundings import N_WITH_KEY_STORE, N_WITHOUT, Surroundings
from storage.unlocked import IMAGE_AFTER, Unlocked

log = logging.getLogger(__name__)

Listener = Callable[[Collection[str]], None]
SENDING: Final = "what is sent"
"""Named among changed kinds: something was sent, or waits to be. No kind has spaces in it."""
_INDEX_STEP: Final = 500


class Doorway:
    """One device's file, locked or open. `device_file` also works while locked."""

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
    def wiped_on_order(self) -> bool:
        """The keys were destroyed because this device's access was ended."""
        return self.device_file.number("ordered") != 0

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
            self.device_file.on_acknowledged = self.device_file.on_settled = None
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
            lock = locked_with(master, new, self.device_file)
            with self.device_file.transaction():
                self.device_file.put("lock", lock.packed())
            self.device_file.checkpoint()

    def drop_keys(self, *, ordered: bool = True) -> None:
        """Wipe: destroy every key that opens anything. See `DeviceFile.drop_keys`."""
        with self._lock:
            Image(self.device_file.path).remove()
            self.device_file.drop_keys(ordered=ordered)
            opened, self._open = self._open, None
            self.device_file.on_acknowledged = self.device_file.on_settled = None
            if opened is not None:
                opened.close()

    def _try(self, passphrase: str) -> MasterKey:
        with self._lock:
            kept = self.device_file.get("lock")
            if kept is None:
                raise KeysDestroyed(ordered=self.wiped_on_order)
            lock = DeviceLock.unpacked(kept)
            secret = self.device_file.device_secret()
            self._attempts.spend()
        try:
            dmk = open_lock(lock, passphrase, secret, kdf=self._surroundings.kdf)
        except WrongPassphrase as error:
            if self._attempts.used_up:
                self.drop_keys(ordered=False)
                raise KeysDestroyed(ordered=False) from error
            raise
        self._attempts.forgive()
        return MasterKey(dmk)

    def _open_with(self, master: MasterKey) -> None:
        self._open = Unlocked(self.device_file, master, self._schema)
        self.device_file.on_acknowledged = self._acknowledged
        self.device_file.on_settled = self._settled

    def _keep_failures(self, failures: int) -> None:
        # A try must be counted whatever happens next. Forgetting to forgive after a power cut
        # costs nothing, and so must not cost every unlock a wait for the disk.
        with self.device_file.transaction(forced=failures > 0):
            self.device_file.put_number("failures", failures)

    # -- from the background, and for it --------------------------------------------------------

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Be told, from any thread, which kinds changed; gives a function that ends it.

        SENDING among them: something was sent, or what waits to be is another.
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
        kinds = frozenset(self._changed | ({SENDING} if self._heard else set()))
        listeners = list(self._listeners)
        self._changed, self._heard = set(), False

        def tell() -> None:
            for listener in listeners:
                listener(kinds)

        return tell

    def _acknowledged(self, upto: Mapping[bytes, int]) -> Callable[[], None]:
        if self._open is None:
            return _nothing
        for casefile, n in upto.items():
            self._open.readable.mark_sent(casefile.hex(), n)
        self._heard = True
        return self._news()

    def _settled(self) -> Callable[[], None]:
        self._heard = True
        return self._news()


def locked_with(master: MasterKey, passphrase: str, file: DeviceFile) -> DeviceLock:
    """The master key locked with a passphrase, the way this file's key store asks for. Slow."""
    around = file.surroundings
    return make_lock(
        master.raw,
        passphrase,
        file.device_secret(),
        n=N_WITHOUT if around.key_store is None else N_WITH_KEY_STORE,
        kdf=around.kdf,
        randomness=around.randomness,
    )


def _nothing() -> None:
    """Nobody has to be told."""
