"""The readable database as one sealed file beside the vault: a cache that spares the rebuild.

    file  = "DSIMG001" + generation (8) + chunk count (4) + chunks
    chunk = nonce + AES-256-GCM(key, up to 1 MiB, aad = "doorstep/image/1" + layout +
            generation + chunk number + chunk count)

The generation must be the one noted in the vault's file and the layout the reader's own:
otherwise, or when a byte is wrong, there is simply no image. Nothing is lost with it, so it is not
forced to disk: a torn one does not open.
"""

from __future__ import annotations

import logging
import os
import struct
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.seal import NONCE_BYTES, TAG_BYTES, Randomness, joined

log = logging.getLogger(__name__)

CHUNK_BYTES: Final = 1024 * 1024
_MAGIC: Final = b"DSIMG001"
_FRAME: Final = struct.Struct(">8sQI")
_OVERHEAD: Final = NONCE_BYTES + TAG_BYTES


class Image:
    """The image of one vault: `path` is its place, made whole or not at all by renaming."""

    def __init__(self, vault_path: Path) -> None:
        self.path = vault_path.with_name(vault_path.name + ".image")
        self._unfinished = vault_path.with_name(vault_path.name + ".image.new")

    def write(
        self, key: bytes, generation: int, layout: bytes, clear: bytes, randomness: Randomness
    ) -> bool:
        """Seal `clear`; False when the disk would not take it, which leaves no image at all."""
        cipher = AESGCM(key)
        view = memoryview(clear)
        count = max(1, -(-len(view) // CHUNK_BYTES))
        try:
            self._unfinished.unlink(missing_ok=True)
            self._unfinished.touch(mode=0o600)
            with self._unfinished.open("wb") as file:
                file.write(_FRAME.pack(_MAGIC, generation, count))
                for number in range(count):
                    nonce = randomness(NONCE_BYTES)
                    chunk = view[number * CHUNK_BYTES : (number + 1) * CHUNK_BYTES]
                    file.write(nonce)
                    file.write(
                        cipher.encrypt(nonce, chunk, _bound(layout, generation, number, count))
                    )
            self._unfinished.replace(self.path)
        except OSError as error:
            log.warning("no image made", extra={"errno": error.errno})
            self.remove()
            return False
        return True

    def read(self, key: bytes, generation: int, layout: bytes) -> bytearray | None:
        """The clear bytes, or None when there is no image that may be used."""
        cipher = AESGCM(key)
        sealed = bytearray(CHUNK_BYTES + _OVERHEAD)  # one for all: fresh memory costs more than AES
        try:
            with self.path.open("rb", buffering=0) as file:
                size = os.fstat(file.fileno()).st_size
                magic, found, count = _FRAME.unpack(file.read(_FRAME.size))
                length = size - _FRAME.size - count * _OVERHEAD
                if magic != _MAGIC or found != generation or not 0 <= length <= count * CHUNK_BYTES:
                    return None
                clear = bytearray(length)
                for number in range(count):
                    place = memoryview(clear)[number * CHUNK_BYTES : (number + 1) * CHUNK_BYTES]
                    chunk = memoryview(sealed)[: len(place) + _OVERHEAD]
                    if file.readinto(chunk) != len(chunk):
                        return None
                    aad = _bound(layout, generation, number, count)
                    _decrypt(cipher, chunk, aad, place)
        except FileNotFoundError:
            return None
        except (OSError, struct.error, InvalidTag, ValueError):
            log.warning("the image does not open; rebuilding")
            return None
        return clear

    def remove(self) -> None:
        """Make sure that no image is left. Raises OSError when one cannot be deleted."""
        self._unfinished.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)


def _decrypt(cipher: AESGCM, chunk: memoryview, aad: bytes, place: memoryview) -> None:
    if hasattr(cipher, "decrypt_into"):  # phones may have an older library
        cipher.decrypt_into(chunk[:NONCE_BYTES], chunk[NONCE_BYTES:], aad, place)
    else:
        place[:] = cipher.decrypt(chunk[:NONCE_BYTES], chunk[NONCE_BYTES:], aad)


def _bound(layout: bytes, generation: int, number: int, count: int) -> bytes:
    place = struct.pack(">QII", generation, number, count)
    return joined(b"doorstep/image/1", layout, place)
