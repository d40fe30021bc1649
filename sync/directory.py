"""The organisation's directory: who belongs, in what role, with which keys.

An append-only chain of signed statements that starts at the root key every device was told about
when it joined. The office keeps and hands out the chain but cannot add to it, shorten it or
reorder it unseen. Holds no names: those are in the team's casefile.

Who may say what: the root and supervisors certify anybody, the reminder desk included;
administrators certify workers and administrators, and devices they certified are granted nothing
until a supervisor admits them, so that an administrator can never make herself a reader. Root,
supervisors and administrators revoke.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from storage.changes import INBOX
from storage.errors import BadEnvelope, BadSignature, BrokenChain
from storage.seal import check_receiving_key, check_signing_key, fingerprint
from storage.statements import (
    DIRECTORY,
    FIRST,
    ROOT,
    Statement,
    make_statement,
    read_statement,
)

Role = Literal["administrator", "supervisor", "worker", "desk"]
ROLES: Final = ("administrator", "supervisor", "worker", "desk")
DESK: Final = "desk"
NEVER_MEMBERS: Final = frozenset({"administrator", DESK})
"""Roles whose devices hold no casefile key, whatever a grant says."""
_MAY_CERTIFY: Final[Mapping[str, frozenset[str]]] = {
    "supervisor": frozenset(ROLES),
    "administrator": frozenset({"administrator", "worker"}),
    "worker": frozenset(),
    DESK: frozenset(),
}


def organisation_id(root_public: bytes) -> bytes:
    """The organisation's id: the first 16 bytes of the hash of its root key."""
    return fingerprint(root_public)[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """One certified device. Ids are 16 bytes, keys 32 raw bytes. `team` is a casefile id.

    `by` is the device that certified it, or ROOT. `revoked` is None, or the position of the
    revocation in the directory; `last` then gives the (n, id) of its last accepted change in each
    casefile, and `inboxes` the number of the last entry of its that stands in a casefile's inbox.
    `wipe` asks it to drop its keys.
    """

    device: bytes
    person: bytes
    role: Role
    team: bytes | None
    signing: bytes
    login: bytes
    receiving: bytes
    by: bytes = ROOT
    revoked: int | None = None
    last: Mapping[bytes, tuple[int, bytes]] | None = None
    inboxes: Mapping[bytes, int] | None = None
    wipe: bool = False


class Directory:
    """The directory as far as it has been read and checked."""

    def __init__(self, root_public: bytes) -> None:
        self.root_public = root_public
        self.org = organisation_id(root_public)
        self.recovery_public: bytes | None = None
        self.length = 0
        self.tip = FIRST
        self.devices: dict[bytes, Certificate] = {}
        self._desk_persons: frozenset[bytes] = frozenset()

    @classmethod
    def from_statements(cls, org: bytes, statements: Sequence[bytes]) -> Directory:
        """Read a whole directory that has to begin with the root behind `org`.

        `org` came by a road the office has no hand in (an invite, or this device's own file).
        Raises BadEnvelope, BadSignature or BrokenChain when it is not that organisation's.
        """
        first = read_statement(statements[0]) if statements else None
        root = first.body.get("root") if first else None
        if type(root) is not bytes or organisation_id(root) != org:
            raise BadEnvelope("a directory does not begin with the root it should")
        directory = cls(root)
        directory.extend(read_statement(packed) for packed in statements)
        return directory

    def certificate(self, device: bytes) -> Certificate | None:
        """What is known of a device, revoked ones included."""
        return self.devices.get(device)

    def in_good_standing(self, device: bytes) -> bool:
        found = self.devices.get(device)
        return found is not None and found.revoked is None

    def of_person(self, person: bytes) -> list[Certificate]:
        """A person's devices that are not revoked."""
        return [c for c in self.devices.values() if c.person == person and c.revoked is None]

    def supervisors(self, team: bytes | None = None) -> list[Certificate]:
        """Supervisors' devices in good standing; of one team when given."""
        return [
            c
            for c in self.devices.values()
            if c.role == "supervisor" and c.revoked is None and team in (None, c.team)
        ]

    def desks(self) -> list[Certificate]:
        """Reminder desks in good standing, the newest first: capsules are sealed to that one."""
        return [c for c in reversed(self.devices.values()) if c.role == DESK and c.revoked is None]

    def extend(self, statements: Iterable[Statement]) -> None:
        """Check and take in the next statements, in order.

        Raises BrokenChain, BadSignature or BadEnvelope at the first bad one; those before it are
        kept.
        """
        for statement in statements:
            self._take(statement)

    def _take(self, s: Statement) -> None:
        if s.context != DIRECTORY or s.org != self.org:
            raise BadEnvelope("a statement is not of this organisation's directory")
        if s.prev != self.tip:
            raise BrokenChain("a directory statement does not follow on the one before it")
        signer_role = self._checked_signer(s)
        what = s.body.get("type")
        if self.length == 0 and what != "organisation":
            raise BadEnvelope("a directory begins with its organisation")
        if what == "organisation":
            self._organisation(s)
        elif what == "certify":
            self._certify(s, signer_role)
        elif what == "revoke":
            self._revoke(s, signer_role)
        # Unknown types are kept in the chain: a later version's statement must not stop this one.
        self.length += 1
        self.tip = s.id

    def _checked_signer(self, s: Statement) -> str:
        if s.signer == ROOT:
            s.check(Ed25519PublicKey.from_public_bytes(self.root_public))
            return "root"
        known = self.devices.get(s.signer)
        if known is None or known.revoked is not None:
            raise BadSignature("a directory statement is signed by a device without standing")
        s.check(Ed25519PublicKey.from_public_bytes(known.signing))
        return known.role

    def _organisation(self, s: Statement) -> None:
        recovery, root = s.body.get("recovery"), s.body.get("root")
        if (
            self.length != 0
            or s.signer != ROOT
            or root != self.root_public
            or type(recovery) is not bytes
            or len(recovery) != 32
        ):
            raise BadEnvelope("an organisation is stated once, first, by its root")
        check_receiving_key(recovery)
        self.recovery_public = recovery

    def _certify(self, s: Statement, signer_role: str) -> None:
        found = _certificate(s)
        if found.device in self.devices:
            raise BadEnvelope("a device is certified once")
        if signer_role != "root" and found.role not in _MAY_CERTIFY[signer_role]:
            raise BadSignature("a device was certified by somebody who may not")
        # A desk is nobody else's second device: it would get what that person has.
        if found.role == DESK:
            if any(c.person == found.person for c in self.devices.values() if c.role != DESK):
                raise BadEnvelope("a desk's person is somebody else")
            self._desk_persons |= {found.person}
        elif found.person in self._desk_persons:
            raise BadEnvelope("a person is a desk")
        self.devices[found.device] = found

    def _revoke(self, s: Statement, signer_role: str) -> None:
        device, wipe = s.body.get("device"), s.body.get("wipe")
        known = self.devices.get(device) if type(device) is bytes else None
        if known is None or type(wipe) is not bool:
            raise BadEnvelope("a revocation names an unknown device")
        if signer_role not in ("root", "supervisor", "administrator"):
            raise BadSignature("a device was revoked by somebody who may not")
        last, inboxes = _last(s.body.get("last")), _inboxes(s.body.get("inboxes", []))
        if known.revoked is None:
            known = replace(known, revoked=self.length, last=last, inboxes=inboxes, wipe=wipe)
        elif wipe:  # said again: the position stays the first one's, the order to wipe is new
            known = replace(known, wipe=True)
        self.devices[known.device] = known

    # -- making statements -------------------------------------------------------------------

    def organisation(self, root: Ed25519PrivateKey, recovery_public: bytes, at: int) -> Statement:
        """The first statement of all."""
        body = {
            "type": "organisation",
            "root": self.root_public,
            "recovery": recovery_public,
            "at": at,
        }
        return self._next(root, ROOT, body)

    def certify(
        self, key: Ed25519PrivateKey, signer: bytes, found: Certificate, at: int
    ) -> Statement:
        """Certify a device. `at` is milliseconds since 1970, for people to read."""
        return self._next(
            key,
            signer,
            {
                "type": "certify",
                "device": found.device,
                "person": found.person,
                "role": found.role,
                "team": found.team,
                "signing": found.signing,
                "login": found.login,
                "receiving": found.receiving,
                "at": at,
            },
        )

    def revoke(
        self,
        key: Ed25519PrivateKey,
        signer: bytes,
        device: bytes,
        *,
        last: Mapping[bytes, tuple[int, bytes]],
        wipe: bool,
        at: int,
        inboxes: Mapping[bytes, int] | None = None,
    ) -> Statement:
        """Revoke a device. Changes up to `last` (casefile -> (n, id)) stay valid for ever, and so
        do what it left in inboxes up to `inboxes` (casefile -> number of the entry)."""
        body: dict[str, object] = {
            "type": "revoke",
            "device": device,
            "last": [[c, n, i] for c, (n, i) in sorted(last.items())],
            "wipe": wipe,
            "at": at,
        }
        if inboxes:
            body["inboxes"] = [[c, n] for c, n in sorted(inboxes.items())]
        return self._next(key, signer, body)

    def _next(self, key: Ed25519PrivateKey, signer: bytes, body: Mapping[str, object]) -> Statement:
        return make_statement(
            key, context=DIRECTORY, org=self.org, signer=signer, prev=self.tip, body=body
        )


def _certificate(s: Statement) -> Certificate:
    b = s.body
    sizes = {"device": 16, "person": 16, "signing": 32, "login": 32, "receiving": 32}
    if (
        not all(_is_bytes(b.get(name), size) for name, size in sizes.items())
        or b.get("device") in (ROOT, INBOX)
        or b.get("role") not in ROLES
        or not (b.get("team") is None or _is_bytes(b.get("team"), 16))
        or (b.get("role") == DESK and b.get("team") is not None)
    ):
        raise BadEnvelope("a certificate does not have the published form")
    found = Certificate(
        device=cast(bytes, b["device"]),
        person=cast(bytes, b["person"]),
        role=cast(Role, b["role"]),
        team=cast(bytes | None, b.get("team")),
        signing=cast(bytes, b["signing"]),
        login=cast(bytes, b["login"]),
        receiving=cast(bytes, b["receiving"]),
        by=s.signer,
    )
    check_signing_key(found.signing)
    check_signing_key(found.login)
    check_receiving_key(found.receiving)
    return found


def _last(raw: object) -> dict[bytes, tuple[int, bytes]]:
    """The last accepted (n, id) by casefile, out of a revocation's body."""
    last: dict[bytes, tuple[int, bytes]] = {}
    for entry in raw if type(raw) is list else [None]:
        if type(entry) is not list or len(entry) != 3:
            raise BadEnvelope("a revocation does not have the published form")
        casefile, n, change = entry
        if (
            not (_is_bytes(casefile, 16) and _is_bytes(change, 32))
            or type(n) is not int
            or not 0 <= n < 1 << 63
            or casefile in last
        ):
            raise BadEnvelope("a revocation does not have the published form")
        last[casefile] = (n, change)
    return last


def _inboxes(raw: object) -> dict[bytes, int]:
    """The number of the last entry that stands by casefile, out of a revocation's body."""
    ends: dict[bytes, int] = {}
    for entry in raw if type(raw) is list else [None]:
        if type(entry) is not list or len(entry) != 2:
            raise BadEnvelope("a revocation does not have the published form")
        casefile, n = entry
        if (
            not _is_bytes(casefile, 16)
            or type(n) is not int
            or not 1 <= n < 1 << 63
            or casefile in ends
        ):
            raise BadEnvelope("a revocation does not have the published form")
        ends[casefile] = n
    return ends


def _is_bytes(value: object, size: int) -> bool:
    return type(value) is bytes and len(value) == size
