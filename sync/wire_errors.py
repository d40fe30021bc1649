"""How an error travels: a stable code and one sentence, the same table read by both ends.

Must not know how a request is carried or which call failed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sync import errors
from sync.forms import (
    Malformed,
    pack,
    unpack,
)

HTTPS_REQUIRED: Final = "https-required"
OFFICE_FAULT: Final = "office-fault"
BUSY: Final = "busy"

CODES: Final[Mapping[str, type[errors.SyncError]]] = {
    "not-understood": errors.NotUnderstood,
    "device-unknown": errors.DeviceUnknown,
    "device-revoked": errors.DeviceRevoked,
    "signed-out": errors.SignedOut,
    "not-yours": errors.NotYours,
    "stale": errors.Stale,
    "refused": errors.ChainRefused,
    "too-much": errors.TooMuch,
    "invite-refused": errors.InviteRefused,
    "not-our-office": errors.NotOurOffice,
    HTTPS_REQUIRED: errors.UntrustedConnection,
    # The office is in trouble, not the caller: as good as unreachable, and worth another try.
    OFFICE_FAULT: errors.Offline,
    BUSY: errors.Offline,
}
_CODE_OF: Final[Mapping[type[errors.SyncError], str]] = {
    kind: code for code, kind in CODES.items() if kind is not errors.Offline
}


def code_of(error: errors.SyncError) -> str:
    """The stable code of an error; raises KeyError for one that the office never says."""
    return _CODE_OF[type(error)]


def pack_error(code: str, sentence: str, reason: str = "") -> bytes:
    """An error as it travels: never with a stack, SQL or anything the caller sent."""
    return pack({"code": code, "sentence": sentence, "reason": reason})


def unpack_error(encoded: bytes) -> errors.SyncError:
    """The error a device raises for what the office answered; raises Malformed for nonsense."""
    found = unpack(encoded)
    if type(found) is not dict:
        raise Malformed
    code, sentence, reason = found.get("code"), found.get("sentence"), found.get("reason", "")
    kind = CODES.get(code) if type(code) is str else None
    if kind is None or type(sentence) is not str or type(reason) is not str or len(reason) > 32:
        raise Malformed
    if kind is errors.InviteRefused:
        return errors.InviteRefused(reason)
    return kind(sentence[:200])
