"""The bare pieces that floors are made of: the libraries alone, none of the product's code.

A floor does the same bytes in the same run, so it gets and gives what the product does: the same
records deflated, padded and sealed, as many bytes forced to the disk as often, the same words in
the same kind of index. What it leaves out is all that makes a product of it: chains, signatures,
rights, merging, progress, and looking whether what came is what it should be.
"""

from __future__ import annotations

import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any, Final, cast

import msgpack
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

Change = tuple[bytes, bytes, bytes]
"""An id, a header, to which the item is bound, and the item: nonce and ciphertext."""
_NONCE: Final = 12
_TAG: Final = 16
_CHUNK: Final = 1024 * 1024


class Cipher:
    """AES-256-GCM round msgpack and zlib, as any program would put them together."""

    def __init__(self, aes: AESGCM, context: bytes = b"") -> None:
        self._aes = aes
        self._context = context

    def seal(self, header: bytes, body: Sequence[object]) -> bytes:
        """An item as long as the product's: deflated and padded alike (docs/format.md, 3)."""
        payload = zlib.compress(cast(bytes, msgpack.packb(body)), 1)
        clear = b"\x01" + len(payload).to_bytes(4, "big") + payload
        clear = clear.ljust(_padded(len(clear) + _TAG) - _TAG, b"\0")
        nonce = os.urandom(_NONCE)
        return nonce + self._aes.encrypt(nonce, clear, self._bound(header))

    def open(self, header: bytes, item: bytes) -> list[Any]:
        """The body of an item, one of the product's included."""
        clear = self._aes.decrypt(item[:_NONCE], item[_NONCE:], self._bound(header))
        payload = clear[5 : 5 + int.from_bytes(clear[1:5], "big")]
        return cast(list[Any], msgpack.unpackb(zlib.decompress(payload) if clear[0] else payload))

    def _bound(self, header: bytes) -> bytes:
        return self._context + len(header).to_bytes(4, "big") + header


def _padded(length: int) -> int:
    if length <= 256:
        return 256
    whole = length.bit_length() - 1
    step = 1 << (whole - whole.bit_length())
    return -(-length // step) * step


class Disk:
    """One table of changes, each commit forced to the disk as the product's are.

    Header and item, since nothing less can be opened again, under an id, to be found by.
    """

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        for setting in ("journal_mode=WAL", "synchronous=FULL"):
            self._connection.execute(f"PRAGMA {setting}")
        self._connection.execute("CREATE TABLE changes (id BLOB PRIMARY KEY, header, item)")

    def keep(self, changes: Iterable[Change]) -> None:
        """One durable transaction."""
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany("INSERT INTO changes VALUES (?, ?, ?)", changes)
        self._connection.execute("COMMIT")

    def all(self) -> Iterator[Change]:
        """Everything kept, in order."""
        return iter(self._connection.execute("SELECT * FROM changes ORDER BY rowid"))

    def close(self) -> None:
        self._connection.close()


class Index:
    """Records by their ids, and the words they say, in memory.

    The word index has the options of the product's (`storage.search`), no positions and only
    one-letter prefixes, but leaves folding accents to SQLite: the bare way to the same bytes.
    """

    def __init__(self) -> None:
        self._rows = count(1)
        self._connection = sqlite3.connect(":memory:", isolation_level=None)
        self._connection.execute("CREATE TABLE records (id PRIMARY KEY, fields BLOB)")
        self._connection.execute(
            "CREATE VIRTUAL TABLE words USING fts5(text, content='', detail=none, columnsize=0,"
            " tokenize='unicode61 remove_diacritics 2', prefix='1')"
        )

    def add_records(self, bodies: Iterable[Sequence[Any]]) -> None:
        rows = ((record, msgpack.packb(fields)) for _, record, fields, *_ in bodies)
        self._add("INSERT INTO records VALUES (?, ?)", rows)

    def add_words(self, texts: Iterable[str]) -> None:
        rows = zip(self._rows, texts, strict=False)
        self._add("INSERT INTO words (rowid, text) VALUES (?, ?)", rows)

    def close(self) -> None:
        self._connection.close()

    def _add(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        self._connection.execute("BEGIN")
        self._connection.executemany(statement, rows)
        self._connection.execute("COMMIT")


class SealedDatabase:
    """A database in one sealed file, in chunks of a mebibyte."""

    def __init__(self, file: Path, serialized: bytes) -> None:
        self._file = file
        self._aes = AESGCM(os.urandom(32))
        with file.open("wb") as out:
            for start in range(0, len(serialized), _CHUNK):
                nonce = os.urandom(_NONCE)
                chunk = serialized[start : start + _CHUNK]
                out.write(nonce + self._aes.encrypt(nonce, chunk, b""))

    def open(self) -> None:
        """Read, decrypt, deserialise, and ask it something."""
        sealed = memoryview(self._file.read_bytes())
        step = _NONCE + _CHUNK + _TAG
        chunks = (sealed[start : start + step] for start in range(0, len(sealed), step))
        clear = b"".join([self._aes.decrypt(c[:_NONCE], c[_NONCE:], b"") for c in chunks])
        connection = sqlite3.connect(":memory:")
        connection.deserialize(clear)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        connection.close()
