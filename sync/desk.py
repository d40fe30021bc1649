"""The office's reminder desk as a device sees it: who it is, and whether to believe it.

The office only says who its desk is. Nothing is sealed to a desk, and nothing that it wrote is
believed, until the directory certifies it, which only the root and supervisors can.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from storage.clock import milliseconds
from storage.errors import BadEnvelope, NotAllowed
from storage.seal import check_receiving_key, check_signing_key, fingerprint, joined
from storage.statements import Statement
from sync.directory import DESK, Certificate, Directory
from sync.errors import Nonsense
from sync.line import Line
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


def certify_desk(line: Line, shown: DeskIdentity) -> None:
    """State in the directory that this is our desk: exactly the one whose fingerprint was shown.

    Later reminders are sealed to it; an older desk stays believed until it is revoked. Done
    already is done. Raises NotAllowed unless this is a supervisor's device, Nonsense for an
    identity that does not hold together or that is another device's, and whatever stops a call.
    """
    me = line.vault.me
    if me is None or me.role != "supervisor":
        raise NotAllowed("only a supervisor certifies the desk")
    check_identity(shown)
    desk = Certificate(
        device=shown.device,
        person=shown.person,
        role=DESK,
        team=None,
        signing=shown.signing,
        login=shown.login,
        receiving=shown.receiving,
    )

    def statement(directory: Directory) -> Statement | None:
        known = directory.certificate(desk.device)
        if known is not None:
            if known.revoked is None and replace(known, by=desk.by) == desk:
                return None
            raise Nonsense("the office shows a desk under another device's id")
        return directory.certify(
            line.vault.signing_key,
            line.file.device_id,
            desk,
            milliseconds(line.file.surroundings.clock.now()),
        )

    with line.lock:
        line.publish(statement)
        note_desk(line)


def note_desk(line: Line) -> None:
    """Keep the key that reminders are sealed to: the newest desk's that the directory certifies.

    None is kept when there is no desk any more; reminders then cannot be planned.
    """
    directory = line.directory
    if line.desk_noted != directory.tip:
        desks = directory.desks()
        line.vault.keep_desk(desks[0].receiving if desks else None)
        line.desk_noted = directory.tip


def desk_fingerprint(desk: DeskIdentity) -> str:
    """Twenty characters to compare by eye: the office prints them when it starts, the app shows
    them before a supervisor certifies the desk. 100 bits of the hash of all its keys."""
    bits = int.from_bytes(fingerprint(_shown(desk)), "big") >> (256 - 5 * _GROUPS * _GROUP)
    letters = [_ALPHABET[bits >> 5 * at & 31] for at in reversed(range(_GROUPS * _GROUP))]
    return "-".join("".join(letters[at : at + _GROUP]) for at in range(0, len(letters), _GROUP))


def _shown(desk: DeskIdentity) -> bytes:
    return joined(_CONTEXT, desk.device, desk.person, desk.signing, desk.login, desk.receiving)
