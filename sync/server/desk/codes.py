"""What a callback's address carries: codes that only this desk can make, and nothing personal.

An attempt's code holds its reference, which is random, and a keyed hash over it; an office's own
code is what providers are given once, for replies and receipts that name no attempt.
"""

from __future__ import annotations

import hmac
from typing import Final

_BYTES: Final = 16


def of_attempt(secret: bytes, reference: bytes, attempt: int) -> str:
    """For the addresses that one attempt is sent with."""
    return f"{reference.hex()}-{attempt}-{_mac(secret, reference, attempt).hex()}"


def attempt_of(secret: bytes, code: str) -> tuple[bytes, int] | None:
    """The reference and attempt that a code was made for; None for one we never made."""
    try:
        reference, attempt, mac = code.split("-")
        found, number = bytes.fromhex(reference), int(attempt)
        given = bytes.fromhex(mac)
    except ValueError:
        return None
    if (
        len(found) != _BYTES
        or number < 0
        or not hmac.compare_digest(given, _mac(secret, found, number))
    ):
        return None
    return found, number


def same(given: str, wanted: str) -> bool:
    """Whether two texts are the same, in a time that tells nothing about where they differ."""
    return hmac.compare_digest(given.encode(), wanted.encode())


def of_office(secret: bytes, purpose: str) -> str:
    """For the addresses that are typed into a provider's site, one for each purpose."""
    return hmac.digest(secret, b"doorstep/callback/1" + purpose.encode(), "sha256")[:_BYTES].hex()


def _mac(secret: bytes, reference: bytes, attempt: int) -> bytes:
    material = b"doorstep/attempt/1" + reference + attempt.to_bytes(8, "big")
    return hmac.digest(secret, material, "sha256")[:_BYTES]
