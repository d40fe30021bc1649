"""An open vault among others: who this device is, whom it shares with, what it exchanges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from storage.access import Casefile
from storage.doorway import Doorway
from storage.entering import InboxPageLike
from storage.grants import Grant
from storage.inbox import Entry
from storage.keys import DevicePublic
from storage.receiving import PageLike
from storage.roster import Roster
from storage.secrets import Membership


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What a page brought. `withheld`: others have seen changes that the office did not hand
    out before theirs."""

    count: int
    quarantined: int
    withheld: bool


class Sharing(Doorway):
    """Membership, grants, pages, inboxes, the directory, and small secrets of pairing."""

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

    # -- casefiles and grants ------------------------------------------------------------------

    def casefiles(self) -> list[Casefile]:
        """The casefiles this device holds keys for."""
        with self._inside() as u:
            return u.access.casefiles()

    def without_key(self) -> list[str]:
        """The labels of casefiles that this device knows of and holds no key for: "family",
        "restricted"…, one for each."""
        with self._inside() as u:
            return [grant.label for grant in u.access.without_key()]

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

    def current_grant(self, casefile: bytes) -> Grant | None:
        """The grant that holds now; None for a casefile this device knows nothing of."""
        with self._inside() as u:
            return u.access.current(casefile)

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
            self._heard = self._heard or received.acknowledged > 0
            return Accepted(
                count=received.count,
                quarantined=received.quarantined,
                withheld=received.withheld,
            )

    def inbox_cursor(self, casefile: bytes) -> int:
        """How far a casefile's inbox has been pulled."""
        with self._lock:
            return self.device_file.inbox_numbers.reach(casefile)

    def gone_from_inboxes(self) -> dict[bytes, list[Entry]]:
        """What was left in my casefiles' inboxes and the office has no more, once each has been
        read to its end; to be handed in again, as it came."""
        with self._lock:
            return self.device_file.inbox_numbers.gone_from_office()

    def accept_entries(self, page: InboxPageLike, roster: Roster) -> Accepted:
        """Check and keep what was left in a casefile's inbox, and move its cursor.

        Raises BrokenChain or BadEnvelope when the page cannot be honest, DiskFull or WriteFailed.
        """
        with self._inside() as u:
            received, kinds = u.accept_entries(page, roster)
            self._changed |= kinds
            return Accepted(count=received.count, quarantined=received.quarantined, withheld=False)

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
