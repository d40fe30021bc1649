"""The grants this device knows: who may read which casefile, and the keys that come with that.

One checked chain of grants for each casefile. Grants made here wait to be offered to the office;
a founding one counts at once, a rotated key is written with only once the office has the grant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from storage.device_file import DeviceFile
from storage.envelope import CasefileKey
from storage.errors import BadEnvelope, BadSignature, BrokenChain, NoKey, NotAllowed
from storage.grants import RECOVERY, Grant, check_follows, make_grant, open_grant, read_grant
from storage.keyring import Keyring
from storage.roster import Roster
from storage.seal import KEY_BYTES
from storage.statements import FIRST, read_statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Casefile:
    """One casefile of mine. Ids are hex; `kind` is the grant's label: "family", "restricted",
    "team", "service". `members` are devices."""

    id: str
    epoch: int
    members: tuple[str, ...]
    linked_to: str | None
    kind: str


@dataclass(slots=True)
class Taken:
    """What taking in grants changed: keys newly at hand, and whether this device was removed."""

    keys: list[CasefileKey] = field(default_factory=list)
    removed: bool = False


class Access:
    """The tables `grants` and `keys` of one unlocked vault. Writes inside its transactions."""

    def __init__(self, file: DeviceFile, keyring: Keyring) -> None:
        self._file = file
        self._keyring = keyring
        self._current: dict[bytes, Grant] = {}
        self._known: dict[bytes, Grant] = {}
        """Grants as read, by id: what an id stands for never changes, and checking keys is dear."""

    def casefiles(self) -> list[Casefile]:
        """The casefiles this device holds keys for."""
        return [self.casefile(c) for c in sorted(self._keyring.current)]

    def casefile(self, casefile: bytes) -> Casefile:
        """Raises NoKey for one that is not mine."""
        grant = self.current(casefile)
        if grant is None or casefile not in self._keyring.current:
            raise NoKey("this device holds no key for that casefile")
        return Casefile(
            id=casefile.hex(),
            epoch=grant.epoch,
            members=tuple(m.hex() for m in grant.members),
            linked_to=grant.linked_to.hex() if grant.linked_to else None,
            kind=grant.label,
        )

    def current(self, casefile: bytes) -> Grant | None:
        """The grant that holds now: the newest the office has, or my founding one."""
        found = self._current.get(casefile)
        if found is None:
            row = self._file.connection.execute(
                "SELECT id, packed FROM grants WHERE casefile = ?"
                " AND (offered = 1 OR position = 0) ORDER BY position DESC LIMIT 1",
                [casefile],
            ).fetchone()
            if row is not None:
                found = self._current[casefile] = self._read(*row)
        return found

    def chain(self, casefile: bytes) -> list[Grant]:
        """Every grant that holds or held, oldest first."""
        rows = self._file.connection.execute(
            "SELECT id, packed FROM grants WHERE casefile = ? AND (offered = 1 OR position = 0)"
            " ORDER BY position",
            [casefile],
        ).fetchall()
        return [self._read(*row) for row in rows]

    def _read(self, grant_id: bytes, packed: bytes) -> Grant:
        found = self._known.get(grant_id)
        if found is None:
            found = self._known[grant_id] = read_grant(read_statement(packed))
        return found

    def without_key(self) -> list[Grant]:
        """Grants that hold now, of casefiles for which no key is at hand."""
        rows = self._file.connection.execute("SELECT DISTINCT casefile FROM grants").fetchall()
        missing = [c for (c,) in rows if c not in self._keyring.current]
        return [grant for c in missing if (grant := self.current(c)) is not None]

    def regain(self) -> None:
        """Open grants again whose keys were lost with a damaged part of the file."""
        for grant in self.without_key():
            try:
                keys = open_grant(grant, self._file.device_id, self._keyring.device.receiving)
            except (NoKey, BadEnvelope):
                continue  # taken from this device, or made for an earlier identity
            with self._file.transaction():
                self._keyring.keep(self._file.connection, keys, self._file.surroundings.randomness)
            self._keyring.add(keys)
            self._keyring.choose(grant.casefile, grant.epoch)

    # -- making grants -------------------------------------------------------------------------

    def found(
        self,
        receivers: Mapping[bytes, bytes],
        *,
        org: bytes,
        recovery_public: bytes,
        label: str,
        linked_to: bytes | None,
    ) -> Grant:
        """A new casefile with its first key and grant, ready to be written into."""
        randomness = self._file.surroundings.randomness
        casefile = randomness(16)
        key = CasefileKey(randomness(KEY_BYTES), casefile, 1)
        grant = make_grant(
            self._keyring.device.signing,
            org=org,
            signer=self._file.device_id,
            previous=None,
            casefile=casefile,
            epoch_keys=[key],
            receivers=receivers,
            recovery_public=recovery_public,
            last={},
            linked_to=linked_to,
            label=label,
            randomness=randomness,
        )
        with self._file.transaction():
            self._keyring.keep(self._file.connection, [key], randomness)
            self._insert(grant, 0, offered=False)
        self._keyring.add([key])
        self._keyring.choose(casefile, 1)
        return grant

    def refound(
        self, casefile: bytes, receivers: Mapping[bytes, bytes], *, recovery_public: bytes
    ) -> Grant:
        """My founding grant, which nobody has seen yet, made anew for others: same casefile and
        key. Raises NotAllowed once it has been accepted."""
        first = self.current(casefile)
        if first is None or first.statement.prev != FIRST or not self._pending(casefile):
            raise NotAllowed("this casefile's founding is not mine to make anew")
        grant = make_grant(
            self._keyring.device.signing,
            org=first.statement.org,
            signer=self._file.device_id,
            previous=None,
            casefile=casefile,
            epoch_keys=self._keyring.epochs(casefile),
            receivers=receivers,
            recovery_public=recovery_public,
            last={},
            linked_to=first.linked_to,
            label=first.label,
            randomness=self._file.surroundings.randomness,
        )
        with self._file.transaction():
            self._file.connection.execute("DELETE FROM grants WHERE id = ?", [first.id])
            self._insert(grant, 0, offered=False)
        self._current.pop(casefile, None)
        return grant

    def regrant(
        self,
        casefile: bytes,
        receivers: Mapping[bytes, bytes],
        *,
        rotate: bool,
        last: Mapping[bytes, tuple[int, bytes]],
        recovery_public: bytes,
    ) -> Grant:
        """A grant onto the current one, made and kept to be offered.

        Raises NotAllowed while an earlier one of mine for this casefile still waits.
        """
        previous = self.current(casefile)
        keys = self._keyring.epochs(casefile)
        if previous is None or len(keys) < previous.epoch:
            raise NoKey("this device holds no key for that casefile")
        if self._pending(casefile):
            raise NotAllowed("a grant of this casefile still waits to be offered")
        keys = keys[: previous.epoch]
        randomness = self._file.surroundings.randomness
        fresh = [CasefileKey(randomness(KEY_BYTES), casefile, len(keys) + 1)] if rotate else []
        grant = make_grant(
            self._keyring.device.signing,
            org=previous.statement.org,
            signer=self._file.device_id,
            previous=previous,
            casefile=casefile,
            epoch_keys=[*keys, *fresh],
            receivers=receivers,
            recovery_public=recovery_public,
            # A removed device that is a member again may write again.
            last={d: v for d, v in {**previous.last, **last}.items() if d not in receivers},
            linked_to=previous.linked_to,
            label=previous.label,
            randomness=randomness,
        )
        with self._file.transaction():
            self._insert(grant, self._next_position(casefile), offered=False)
        return grant

    def _pending(self, casefile: bytes) -> bool:
        return bool(
            self._file.connection.execute(
                "SELECT 1 FROM grants WHERE casefile = ? AND offered = 0 LIMIT 1", [casefile]
            ).fetchone()
        )

    def accepted(self, grant_id: bytes) -> tuple[Grant, Taken] | None:
        """The office accepted a grant of mine: inside a transaction. None if it is not known."""
        row = self._file.connection.execute(
            "SELECT packed FROM grants WHERE id = ? AND offered = 0", [grant_id]
        ).fetchone()
        if row is None:
            return None
        self._file.connection.execute("UPDATE grants SET offered = 1 WHERE id = ?", [grant_id])
        grant = read_grant(read_statement(row[0]))
        return grant, self._keys_of(grant, None)

    def drop(self, grant_id: bytes) -> None:
        """Somebody else's grant was first: discard mine, which nobody has seen."""
        with self._file.transaction():
            self._file.connection.execute(
                "DELETE FROM grants WHERE id = ? AND offered = 0 AND position > 0", [grant_id]
            )

    # -- taking grants in ----------------------------------------------------------------------

    def check(
        self, casefile: bytes, packed: Sequence[bytes], roster: Roster, org: bytes
    ) -> list[tuple[Grant, int]]:
        """The grants among `packed` (oldest first) that are new, with their positions, checked.

        Raises BadEnvelope, BrokenChain, or BadSignature for a signer who may not grant.
        """
        accepted = self._accepted(casefile)
        kept = {g.id: place for place, g in enumerate(accepted)}
        before = accepted[-1] if accepted else None
        new: list[tuple[Grant, int]] = []
        for raw in packed:
            grant = read_grant(read_statement(raw))
            if grant.id in kept:
                continue
            s = grant.statement
            if grant.casefile != casefile or s.org != org:
                raise BrokenChain("a grant is of another casefile")
            check_follows(before, grant)
            signing = roster.signing_key(s.signer)
            if signing is None:
                raise BadSignature("a grant is signed by a device nobody certified")
            s.check(signing)
            if before is not None and s.signer != RECOVERY and not roster.is_supervisor(s.signer):
                raise BadSignature("a grant is signed by somebody who may not grant")
            kept[grant.id] = len(kept)
            self._known[grant.id] = grant
            new.append((grant, kept[grant.id]))
            before = grant
        return new

    def _accepted(self, casefile: bytes) -> list[Grant]:
        rows = self._file.connection.execute(
            "SELECT id, packed FROM grants WHERE casefile = ? AND offered = 1 ORDER BY position",
            [casefile],
        ).fetchall()
        return [self._read(*row) for row in rows]

    def take(
        self, new: Sequence[tuple[Grant, int]], recovery: X25519PrivateKey | None = None
    ) -> Taken:
        """Keep checked grants and the keys they bring; inside a transaction.

        With the recovery key, what was sealed to recovery is opened instead. Raises BadEnvelope
        for a grant that carries other keys than it names.
        """
        for grant, position in new:
            # One of mine may come back under its own id.
            self._file.connection.execute("DELETE FROM grants WHERE id = ?", [grant.id])
            self._insert(grant, position, offered=True)
        return self._keys_of(new[-1][0], recovery)

    def _keys_of(self, grant: Grant, recovery: X25519PrivateKey | None) -> Taken:
        """Keep the keys that a grant brings; one without any for this device takes them away."""
        receiver = RECOVERY if recovery is not None else self._file.device_id
        private = recovery or self._keyring.device.receiving
        try:
            keys = open_grant(grant, receiver, private)
        except NoKey:
            self._file.connection.execute("DELETE FROM keys WHERE casefile = ?", [grant.casefile])
            return Taken(removed=True)
        fresh = [k for k in keys if k.kid not in self._keyring.by_kid]
        randomness = self._file.surroundings.randomness
        self._keyring.keep(self._file.connection, fresh, randomness)
        return Taken(keys=fresh)

    def settle(self, casefile: bytes, taken: Taken) -> None:
        """After the transaction: what is remembered follows what is kept."""
        self._current.pop(casefile, None)
        if taken.removed:
            self._keyring.forget(casefile)
            return
        self._keyring.add(taken.keys)
        grant = self.current(casefile)
        if grant is not None:
            self._keyring.choose(casefile, grant.epoch)

    def _next_position(self, casefile: bytes) -> int:
        (found,) = self._file.connection.execute(
            "SELECT coalesce(max(position), -1) + 1 FROM grants WHERE casefile = ?", [casefile]
        ).fetchone()
        return int(found)

    def _insert(self, grant: Grant, position: int, *, offered: bool) -> None:
        self._file.connection.execute(
            "INSERT INTO grants (id, casefile, position, epoch, offered, packed)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [
                grant.id,
                grant.casefile,
                position,
                grant.epoch,
                int(offered),
                grant.statement.packed(),
            ],
        )
