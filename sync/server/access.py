"""Who is calling, and whether they may: asked of the database on every single call.

What is not yours and what does not exist get the same answer. Must not know what the call does.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select, true

from sync.directory import Certificate
from sync.errors import DeviceRevoked, DeviceUnknown, NotYours, SignedOut
from sync.server.dialects import hold_standing
from sync.server.roll import Standing
from sync.server.surroundings import Surroundings
from sync.server.tables import members, office, tokens

SUPERVISORS = frozenset({"supervisor"})
LEADS = frozenset({"supervisor", "administrator"})

_SESSION = (
    select(
        tokens.c.device,
        tokens.c.expires,
        tokens.c.revoked,
        office.c.root_public,
        office.c.length,
        office.c.restored,
    )
    .select_from(tokens.join(office, true()))  # there is one office, in one row
    .where(tokens.c.hash == bindparam("hash"))
)
_MEMBER = select(members.c.current).where(
    members.c.casefile == bindparam("casefile"), members.c.device == bindparam("device")
)


@dataclass(frozen=True, slots=True)
class Caller:
    """A device that has logged in, with how it stands right now."""

    certificate: Certificate
    directory: Standing
    restored: bytes
    """Of the office's last restore; empty when there never was one."""

    @property
    def device(self) -> bytes:
        return self.certificate.device

    @property
    def person(self) -> bytes:
        return self.certificate.person

    @property
    def org(self) -> bytes:
        return self.directory.chain.org

    @property
    def revoked(self) -> bool:
        return self.certificate.revoked is not None

    @property
    def supervises(self) -> bool:
        return self.certificate.role == "supervisor" and not self.revoked


def hashed(secret: bytes) -> bytes:
    """How a token is kept."""
    return hashlib.sha256(secret).digest()


def caller(
    s: Surroundings,
    connection: Connection,
    token: bytes,
    *,
    roles: frozenset[str] | None = None,
    even_revoked: bool = False,
    held: bool = False,
) -> Caller:
    """The device behind a token. `held`: nobody is revoked before this transaction has ended.

    Raises SignedOut, DeviceUnknown, DeviceRevoked (unless `even_revoked`), or NotYours for a
    role that may not make this call.
    """
    if held:
        hold_standing(connection)
    found = connection.execute(_SESSION, {"hash": hashed(token)}).one_or_none()
    if found is None or found.expires <= s.now():
        raise SignedOut("the login has run out")
    standing = s.roll.at(connection, found.root_public, found.length, found.restored)
    certificate = standing.certificate(found.device)
    if certificate is None:
        raise DeviceUnknown("the office does not know this device")
    if certificate.revoked is not None:
        if not found.revoked:  # given before the revocation: dead from that moment
            raise SignedOut("the login has run out")
        if not even_revoked:
            raise DeviceRevoked("this device's access was ended")
    if roles is not None and certificate.role not in roles:
        raise NotYours("there is nothing here under that name")
    return Caller(certificate, standing, found.restored or b"")


def membership(connection: Connection, casefile: bytes, device: bytes) -> bool | None:
    """Whether a device is a member of a casefile: True, False (it was), or None (never)."""
    found: bool | None = connection.execute(
        _MEMBER, {"casefile": casefile, "device": device}
    ).scalar_one_or_none()
    return found


def require_member(connection: Connection, casefile: bytes, device: bytes) -> None:
    """Raises NotYours unless the device is a member today."""
    if not membership(connection, casefile, device):
        raise NotYours("there is nothing here under that name")
