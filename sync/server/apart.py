"""What restoring a backup must not undo, written down outside the database before it is committed.

    erasures    ids of changes whose text was dropped, in hex, one a line
    decisions   statements of the directory and grants, packed, in base64, one a line
    numbers     "stop" or "allow", a number's keyed hash in hex, when, and by whom

They only ever grow; several processes may append to them at once. They hold nothing that the
database does not hold, and no text: a restore reads them to drop again what was redacted, to keep
out again whoever was shut out, and to leave alone again who asked for it, after the backup was
made. Must not know what they mean.
"""

from __future__ import annotations

import base64
import binascii
import fcntl
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from storage.errors import BadEnvelope
from storage.statements import Statement, read_statement

ERASURES: Final = "erasures"
DECISIONS: Final = "decisions"
NUMBERS: Final = "numbers"
_ID_BYTES: Final = 32


@dataclass(frozen=True, slots=True, order=True)
class Said:
    """What was last said about a telephone number, later words being greater: whether it is to be
    left alone, since when (milliseconds since 1970), and by whom, in one word."""

    at: int
    stop: bool
    by: str


@dataclass(frozen=True, slots=True)
class Apart:
    """The folder they are in; None keeps nothing, for an office that is never restored."""

    folder: Path | None = None

    def erase(self, changes: Iterable[bytes]) -> None:
        """Changes whose text goes; on the disk when this returns. Raises OSError."""
        self._append(ERASURES, (change.hex().encode() for change in changes))

    def decide(self, statements: Iterable[Statement]) -> None:
        """Statements that were accepted; on the disk when this returns. Raises OSError."""
        self._append(DECISIONS, (base64.b64encode(s.packed()) for s in statements))

    def say(self, number: bytes, said: Said) -> None:
        """A number, as its keyed hash, is to be left alone or may be used again; on the disk when
        this returns. Raises OSError."""
        line = f"{'stop' if said.stop else 'allow'} {number.hex()} {said.at} {said.by}"
        self._append(NUMBERS, [line.encode()])

    def _append(self, name: str, entries: Iterable[bytes]) -> None:
        lines = b"".join(entry + b"\n" for entry in entries)
        if self.folder is None or not lines:
            return
        file = os.open(self.folder / name, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            length = os.fstat(file).st_size
            if length and os.pread(file, 1, length - 1) != b"\n":
                lines = b"\n" + lines  # the one before was cut off by a crash
            while lines:
                lines = lines[os.write(file, lines) :]
            os.fsync(file)
        finally:
            os.close(file)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """What was written down apart, each once, in the order it was first written."""

    erased: Sequence[bytes]
    decided: Sequence[Statement]
    numbers: Mapping[bytes, Said]
    """The last word about each, whichever machine heard it."""
    unreadable: int
    """Lines that a crash cut off, or that something else damaged."""


def read(folders: Iterable[Path]) -> Remembered:
    """Read it back, from the folders of every machine that an office ran on."""
    erased: dict[bytes, None] = {}
    decided: dict[bytes, Statement] = {}
    numbers: dict[bytes, Said] = {}
    unreadable = 0
    for folder in folders:
        for line in _lines(folder / ERASURES):
            try:
                change = bytes.fromhex(line.decode())
            except ValueError:
                change = b""
            if len(change) == _ID_BYTES:
                erased[change] = None
            else:
                unreadable += 1
        for line in _lines(folder / DECISIONS):
            try:
                statement = read_statement(base64.b64decode(line, validate=True))
            except (binascii.Error, BadEnvelope):
                unreadable += 1
            else:
                # Written twice: the first try was not committed, so the later one says the order.
                decided.pop(statement.id, None)
                decided[statement.id] = statement
        for line in _lines(folder / NUMBERS):
            try:
                number, said = _said(line.decode().split(" "))
            except ValueError:
                unreadable += 1
            else:
                numbers[number] = max(said, numbers.get(number, said))
    return Remembered(
        erased=tuple(erased),
        decided=tuple(decided.values()),
        numbers=numbers,
        unreadable=unreadable,
    )


def _said(words: list[str]) -> tuple[bytes, Said]:
    """One line about a number. Raises ValueError for one that a crash cut off."""
    match words:
        case ["stop" | "allow" as what, number, at, by] if len(number) == 2 * _ID_BYTES and by:
            return bytes.fromhex(number), Said(at=int(at), stop=what == "stop", by=by)
    raise ValueError("not a line about a number")


def _lines(path: Path) -> list[bytes]:
    try:
        return [line for line in path.read_bytes().split(b"\n") if line]
    except FileNotFoundError:
        return []


def following(statements: Sequence[Statement], tip: bytes) -> list[Statement]:
    """The statements of one context that follow on `tip`, each on the one before it.

    Where two follow on the same one, a transaction was begun anew: the one that others build on
    was committed, and of two that nobody built on, the later.
    """
    after: dict[bytes, list[Statement]] = {}
    for statement in statements:
        after.setdefault(statement.prev, []).append(statement)
    chain: list[Statement] = []
    while heirs := after.pop(tip, None):
        chain.append(next((s for s in reversed(heirs) if s.id in after), heirs[-1]))
        tip = chain[-1].id
    return chain
