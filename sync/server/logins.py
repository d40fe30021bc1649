"""How a device shows who it is: it signs a challenge with its login key and gets a token.

A revoked device may still log in, with standing "revoked": to hand in what it had not sent.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import (
    BigInteger,
    BindParameter,
    Connection,
    LargeBinary,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from storage.seal import joined
from storage.statements import ROOT
from sync.errors import DeviceUnknown, SignedOut, TooMuch
from sync.protocol import TOKEN_LIFE_S, Login
from sync.server.access import hashed
from sync.server.dialects import forget
from sync.server.surroundings import DAY_MS, Surroundings
from sync.server.tables import challenges, devices, office, tokens

CHALLENGE_LIFE_S = 120

_NOW: BindParameter[int] = bindparam("now", type_=BigInteger())
_DEVICE: BindParameter[bytes] = bindparam("which", type_=LargeBinary())
_OWNER = select(office.c.root_public, office.c.length, office.c.restored)
_FORGET_CHALLENGES = forget(challenges.c.challenge, challenges.c.expires <= _NOW)
_FORGET_TOKENS = forget(tokens.c.hash, tokens.c.expires <= _NOW)
_OPEN = select(func.count()).select_from(challenges).where(challenges.c.device == _DEVICE)
_SPEND = delete(challenges).where(
    challenges.c.challenge == bindparam("answered", type_=LargeBinary()),
    challenges.c.device == _DEVICE,
    challenges.c.expires > _NOW,
)
_WIPED = select(devices.c.wiped).where(devices.c.device == _DEVICE)
_SEEN = update(devices).where(devices.c.device == _DEVICE).values(last_seen=_NOW)


def challenge(s: Surroundings, device: bytes) -> bytes:
    """32 random bytes to sign, once, within two minutes.

    A device nobody knows gets some too, which are not kept: asking tells nothing, and a stranger
    cannot fill the table.
    """
    fresh, now = s.randomness(32), s.now()
    with s.database.writing() as connection:
        connection.execute(_FORGET_CHALLENGES, {"now": now})
        if device != ROOT and not _known(s, connection, device):
            return fresh
        waiting = connection.execute(_OPEN, {"which": device}).scalar_one()
        if waiting >= s.limits.open_challenges:
            raise TooMuch("too many logins were begun and not finished")
        connection.execute(
            insert(challenges),
            {"challenge": fresh, "device": device, "expires": now + CHALLENGE_LIFE_S * 1000},
        )
    return fresh


def spend_challenge(connection: Connection, device: bytes, answered: bytes, now: int) -> None:
    """Use a challenge up. Raises SignedOut when there is none, or no longer."""
    spent = connection.execute(_SPEND, {"answered": answered, "which": device, "now": now})
    if spent.rowcount != 1:
        raise SignedOut("the challenge was used or has run out")


def login(s: Surroundings, device: bytes, answered: bytes, signature: bytes) -> Login:
    """A token for a device that signed its challenge.

    Raises DeviceUnknown for an unknown device and for a wrong signature alike.
    """
    now = s.now()
    with s.database.writing() as connection:
        owner = connection.execute(_OWNER).one()
        if owner.root_public is None:
            raise DeviceUnknown("the office does not know this device")
        standing = s.roll.at(connection, *owner)
        certificate = standing.certificate(device)
        if certificate is None:
            raise DeviceUnknown("the office does not know this device")
        spend_challenge(connection, device, answered, now)
        signed = joined(b"doorstep/login/1", standing.chain.org, device, answered)
        try:
            Ed25519PublicKey.from_public_bytes(certificate.login).verify(signature, signed)
        except InvalidSignature:
            connection.commit()  # the challenge stays spent
            raise DeviceUnknown("the office does not know this device") from None
        token, revoked = s.randomness(32), certificate.revoked is not None
        connection.execute(_FORGET_TOKENS, {"now": now})
        connection.execute(
            insert(tokens),
            {
                "hash": hashed(token),
                "device": device,
                "expires": now + TOKEN_LIFE_S * 1000,
                "revoked": revoked,
            },
        )
        wiped = _seen(connection, device, now)
    return Login(
        token=token,
        standing="revoked" if revoked else "certified",
        wipe=revoked and certificate.wipe and not wiped,
        office_time=now,
    )


def _known(s: Surroundings, connection: Connection, device: bytes) -> bool:
    owner = connection.execute(_OWNER).one()
    if owner.root_public is None:
        return False
    return s.roll.at(connection, *owner).certificate(device) is not None


def _seen(connection: Connection, device: bytes, now: int) -> bool:
    """Note that a device was heard from; gives whether it has said that its keys are gone.

    Once a login, not once a call: fifteen minutes are fine enough for "not seen for 3 days".
    """
    known = connection.execute(_WIPED, {"which": device}).first()
    if known is None:
        first = {"device": device, "last_seen": now, "day": now // DAY_MS, "bytes_today": 0}
        connection.execute(insert(devices), first)
        return False
    connection.execute(_SEEN, {"which": device, "now": now})
    return known.wiped is not None
