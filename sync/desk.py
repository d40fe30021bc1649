"""The office's reminder desk as a device sees it: who it is, and whether it may be trusted.

The office only says who its desk is. Nothing is sealed to a desk, and nothing that it wrote is
believed, until the directory certifies it, which only the root and supervisors can.
"""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from storage.errors import BadEnvelope
from storage.seal import check_receiving_key, check_signing_key, fingerprint, joined
from sync.errors import Nonsense
from sync.protocol import DeskIdentity

_CONTEXT: Final = b"doorstep/desk/1"
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing to misread
_GROUPS: Final = 4
_GROUP: Final = 5


def vouched(
    signing: Ed25519PrivateKey, *, device: bytes, person: bytes, login: bytes, receiving: bytes
) -> DeskIdentity:
    """A desk's identity with its own signature over it."""
    public = signing.public_key().public_bytes_raw()
    return DeskIdentity(
        device=device,
        person=person,
        signing=public,
        login=login,
        receiving=receiving,
        proof=signing.sign(joined(_CONTEXT, device, person, public, login, receiving)),
    )


def check_identity(desk: DeskIdentity) -> None:
    """Raises Nonsense unless the desk holds the signing key it shows and its keys can serve."""
    try:
        for key in (desk.signing, desk.login):
            check_signing_key(key)
        check_receiving_key(desk.receiving)
        Ed25519PublicKey.from_public_bytes(desk.signing).verify(desk.proof, _shown(desk))
    except (BadEnvelope, InvalidSignature) as error:
        raise Nonsense("the office shows a desk whose keys do not hold together") from error


def desk_fingerprint(desk: DeskIdentity) -> str:
    """Twenty characters to compare by eye: the office prints them when it starts, the app shows
    them before a supervisor certifies the desk. 100 bits of the hash of all its keys."""
    bits = int.from_bytes(fingerprint(_shown(desk)), "big") >> (256 - 5 * _GROUPS * _GROUP)
    letters = [_ALPHABET[bits >> 5 * at & 31] for at in reversed(range(_GROUPS * _GROUP))]
    return "-".join("".join(letters[at : at + _GROUP]) for at in range(0, len(letters), _GROUP))


def _shown(desk: DeskIdentity) -> bytes:
    return joined(_CONTEXT, desk.device, desk.person, desk.signing, desk.login, desk.receiving)
