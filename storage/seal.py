"""The few cryptographic steps everything else is built from, over the library's primitives.

Only primitives that also run on phones are used (OpenSSL 3.0: no Argon2id, no HPKE, no
AES-GCM-SIV). Sealing to a public key is therefore written out here once, after RFC 9180, and
pinned by that RFC's own test vectors. Must not know what is being sealed, or why.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Callable
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from storage.errors import BadEnvelope, CannotOpen

Randomness = Callable[[int], bytes]
"""Takes a count of bytes, gives that many: `os.urandom` outside tests."""

NONCE_BYTES = 12
TAG_BYTES = 16
KEY_BYTES = 32


def joined(*parts: bytes) -> bytes:
    """Parts joined so that no two different lists of parts give the same bytes.

    Each part is preceded by its length as a 4-byte big-endian number.
    """
    return b"".join(struct.pack(">I", len(part)) + part for part in parts)


def extract(salt: bytes, material: bytes) -> bytes:
    """HKDF-Extract with SHA-256 (RFC 5869)."""
    return hmac.digest(salt or bytes(32), material, "sha256")


def expand(prk: bytes, info: bytes, length: int) -> bytes:
    """HKDF-Expand with SHA-256 (RFC 5869); `length` up to 8,160 bytes."""
    out, block = b"", b""
    for counter in range(1, -(-length // 32) + 1):
        block = hmac.digest(prk, block + info + bytes([counter]), "sha256")
        out += block
    return out[:length]


def derive(material: bytes, info: bytes, length: int = KEY_BYTES) -> bytes:
    """A key for one purpose: HKDF-SHA256 with an empty salt, `info` naming the purpose."""
    return expand(extract(b"", material), info, length)


def fingerprint(data: bytes) -> bytes:
    """SHA-256."""
    return hashlib.sha256(data).digest()


def lock_up(key: bytes, clear: bytes, aad: bytes, randomness: Randomness) -> bytes:
    """AES-256-GCM under `key` with a random nonce; gives nonce and ciphertext in one piece."""
    nonce = randomness(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, clear, aad)


def unlock(key: bytes, sealed: bytes, aad: bytes) -> bytes:
    """The reverse of `lock_up`.

    Raises CannotOpen when the key, the bytes or what they were bound to do not match.
    """
    if len(sealed) < NONCE_BYTES + TAG_BYTES:
        raise CannotOpen("a sealed piece is too short")
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], aad)
    except InvalidTag as error:
        raise CannotOpen("a sealed piece does not open with this key") from error


# Sealing to a public key: RFC 9180 base mode, single shot,
# DHKEM(X25519, HKDF-SHA256) 0x0020, HKDF-SHA256 0x0001, AES-256-GCM 0x0002.
_KEM_SUITE = b"KEM" + struct.pack(">H", 0x0020)
_SUITE = b"HPKE" + struct.pack(">HHH", 0x0020, 0x0001, 0x0002)


def seal_to(
    public: bytes, clear: bytes, *, info: bytes, aad: bytes = b"", randomness: Randomness
) -> bytes:
    """Seal `clear` so that only the holder of `public`'s private key can open it.

    `public` is a raw X25519 key (32 bytes); `info` names the purpose. Gives the encapsulated
    key (32 bytes) and the ciphertext in one piece. Raises BadEnvelope for an unusable key.
    """
    ephemeral = X25519PrivateKey.from_private_bytes(randomness(32))
    enc = raw_public(ephemeral)
    secret = _shared_secret(ephemeral, public, enc + public)
    key, nonce = _schedule(secret, info)
    return enc + AESGCM(key).encrypt(nonce, clear, aad)


def open_sealed(
    private: X25519PrivateKey, sealed: bytes, *, info: bytes, aad: bytes = b""
) -> bytes:
    """Open what `seal_to` made. Raises CannotOpen when it was not meant for this key."""
    if len(sealed) < 32 + TAG_BYTES:
        raise CannotOpen("a sealed piece is too short")
    enc = sealed[:32]
    secret = _shared_secret(private, enc, enc + raw_public(private))
    key, nonce = _schedule(secret, info)
    try:
        return AESGCM(key).decrypt(nonce, sealed[32:], aad)
    except InvalidTag as error:
        raise CannotOpen("a sealed piece does not open with this key") from error


def raw_public(private: X25519PrivateKey) -> bytes:
    """The 32 raw bytes of the public half."""
    return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


@lru_cache(maxsize=1024)  # every grant of a chain names the same key, and is read more than once
def check_receiving_key(public: bytes) -> None:
    """Raises BadEnvelope unless these 32 bytes can serve as somebody's X25519 key."""
    # Multiplying by any private key shows small order: the result is zero, whatever the key.
    _exchanged(X25519PrivateKey.from_private_bytes(bytes(32)), public)


def check_signing_key(public: bytes) -> None:
    """Raises BadEnvelope unless these 32 bytes can serve as somebody's Ed25519 key.

    Under a key of small order a signature can be made by anybody for anything.
    """
    if len(public) != 32:
        raise BadEnvelope("a public key has the wrong length")
    y = int.from_bytes(public, "little") & (1 << 255) - 1
    if y >= _P or y in _SMALL_ORDER_Y:
        raise BadEnvelope("a public key is of small order")


# The field prime, and the y of the eight points of small order on edwards25519. The last two are
# those of order eight. Source: RFC 8032; Cremers and Jackson, "Prime, Order Please!" (2019).
_P = 2**255 - 19
_SMALL_ORDER_Y = frozenset(
    {
        0,
        1,
        _P - 1,
        0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
        0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
    }
)


def _shared_secret(private: X25519PrivateKey, public: bytes, context: bytes) -> bytes:
    prk = _labelled_extract(_KEM_SUITE, b"", b"eae_prk", _exchanged(private, public))
    return _labelled_expand(_KEM_SUITE, prk, b"shared_secret", context, 32)


def _exchanged(private: X25519PrivateKey, public: bytes) -> bytes:
    if len(public) != 32:
        raise BadEnvelope("a public key has the wrong length")
    try:
        dh = private.exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError as error:  # the library refuses small-order keys by their all-zero result
        raise BadEnvelope("a public key is of small order") from error
    if dh == bytes(32):  # should a phone's library not
        raise BadEnvelope("a public key is of small order")
    return dh


def _schedule(secret: bytes, info: bytes) -> tuple[bytes, bytes]:
    psk_hash = _labelled_extract(_SUITE, b"", b"psk_id_hash", b"")
    info_hash = _labelled_extract(_SUITE, b"", b"info_hash", info)
    context = b"\x00" + psk_hash + info_hash
    prk = _labelled_extract(_SUITE, secret, b"secret", b"")
    key = _labelled_expand(_SUITE, prk, b"key", context, 32)
    return key, _labelled_expand(_SUITE, prk, b"base_nonce", context, 12)


def _labelled_extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    return extract(salt, b"HPKE-v1" + suite + label + material)


def _labelled_expand(suite: bytes, prk: bytes, label: bytes, info: bytes, length: int) -> bytes:
    return expand(prk, struct.pack(">H", length) + b"HPKE-v1" + suite + label + info, length)


def padded_length(length: int) -> int:
    """The Padmé length: hides the exact size at a cost of at most 12 %; never below 256 bytes.

    Source: Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication
    with PURBs" (2019), section 4.
    """
    if length <= 256:
        return 256
    exponent = length.bit_length() - 1
    last_bits = exponent - exponent.bit_length()
    mask = (1 << last_bits) - 1
    return (length + mask) & ~mask
