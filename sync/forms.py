"""The forms that values take on the wire, each a reader that trusts nothing it is given.

A `Form` reads one decoded msgpack value into a typed one, or raises `Malformed`; its `schema`
says the same in JSON Schema's words for the office's manual. Depth is bounded by construction:
a form never looks deeper than it is itself. Must not know which calls there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Final, Generic, TypeVar, cast

import msgpack

from storage.errors import BadEnvelope
from storage.runs import Run

T = TypeVar("T")
U = TypeVar("U")
T_co = TypeVar("T_co", covariant=True)
Schema = Mapping[str, object]

MAX_BODY_BYTES: Final = 4 * 1024 * 1024
"""The largest request: a full batch (2 MiB) with everything that travels around it, twice."""
MAX_DEPTH: Final = 8


class Malformed(ValueError):
    """The bytes are not what was agreed. Never says what they were."""


@dataclass(frozen=True, slots=True)
class Form(Generic[T_co]):
    """How one kind of value is read, and how it is described to people."""

    read: Callable[[object], T_co]
    schema: Schema


def fixed(size: int, meaning: str) -> Form[bytes]:
    """Exactly `size` bytes."""

    def read(value: object) -> bytes:
        if type(value) is not bytes or len(value) != size:
            raise Malformed
        return value

    return Form(read, {"type": "string", "format": "binary", "description": _sized(meaning, size)})


def _sized(meaning: str, size: int) -> str:
    return f"{meaning} ({size} bytes)"


def binary(most: int, meaning: str, least: int = 0) -> Form[bytes]:
    """Between `least` and `most` bytes."""

    def read(value: object) -> bytes:
        if type(value) is not bytes or not least <= len(value) <= most:
            raise Malformed
        return value

    return Form(
        read,
        {"type": "string", "format": "binary", "maxLength": most, "description": meaning},
    )


def text(most: int, meaning: str) -> Form[str]:
    """At most `most` characters."""

    def read(value: object) -> str:
        if type(value) is not str or len(value) > most:
            raise Malformed
        return value

    return Form(read, {"type": "string", "maxLength": most, "description": meaning})


def whole(meaning: str) -> Form[int]:
    """A whole number that fits a database's: 0 … 2^63-1."""

    def read(value: object) -> int:
        if type(value) is not int or not 0 <= value < 1 << 63:
            raise Malformed
        return value

    return Form(read, {"type": "integer", "minimum": 0, "description": meaning})


def truth(meaning: str) -> Form[bool]:
    """Yes or no."""

    def read(value: object) -> bool:
        if type(value) is not bool:
            raise Malformed
        return value

    return Form(read, {"type": "boolean", "description": meaning})


def one_of(words: tuple[str, ...], meaning: str) -> Form[str]:
    """One of a few agreed words."""

    def read(value: object) -> str:
        if type(value) is not str or value not in words:
            raise Malformed
        return value

    return Form(read, {"enum": list(words), "description": meaning})


def perhaps(form: Form[T]) -> Form[T | None]:
    """That, or nothing."""

    def read(value: object) -> T | None:
        return None if value is None else form.read(value)

    return Form(read, {"anyOf": [form.schema, {"type": "null"}]})


def nothing() -> Form[None]:
    """No value at all: the call was carried out."""

    def read(value: object) -> None:
        if value is not None:
            raise Malformed

    return Form(read, {"type": "null"})


def several(form: Form[T], most: int) -> Form[tuple[T, ...]]:
    """A list of at most `most`."""

    def read(value: object) -> tuple[T, ...]:
        if type(value) is not list or len(value) > most:
            raise Malformed
        one = form.read
        return tuple([one(each) for each in value])

    return Form(read, {"type": "array", "maxItems": most, "items": form.schema})


def pair(first: Form[T], second: Form[U]) -> Form[tuple[T, U]]:
    """Two values, in order."""

    def read(value: object) -> tuple[T, U]:
        if type(value) is not list or len(value) != 2:
            raise Malformed
        return first.read(value[0]), second.read(value[1])

    return Form(read, {"type": "array", "prefixItems": [first.schema, second.schema]})


def row(cls: type[T], **forms: Form[object]) -> Form[T]:
    """A dataclass, as a list of its fields in order."""
    names = list(_names(cls))
    if names != list(forms):
        raise TypeError("a row's forms are not its dataclass's fields")
    readers = [(name, form.read) for name, form in forms.items()]

    def read(value: object) -> T:
        if type(value) is not list or len(value) != len(readers):
            raise Malformed
        return cls(**{name: one(part) for (name, one), part in zip(readers, value, strict=True)})

    return Form(
        read,
        {
            "type": "array",
            "title": cls.__name__,
            "prefixItems": [{"title": n, **forms[n].schema} for n in names],
        },
    )


def run(max_items: int, max_item: int) -> Form[Run]:
    """A run of changes, by the envelope's own reader."""

    def read(value: object) -> Run:
        try:
            found = Run.unpacked(value)
        except BadEnvelope as error:
            raise Malformed from error
        if len(found.items) > max_items or max(map(len, found.items)) > max_item:
            raise Malformed
        return found

    return Form(
        read,
        {
            "type": "array",
            "title": "Run",
            "description": "[casefile, device, kid, first n, prev, items]: consecutive changes of "
            "one chain; see the published format",
        },
    )


_NAMES: dict[type, tuple[str, ...]] = {}  # dataclasses.fields() is slow, and pages are full of rows


def _names(cls: type) -> tuple[str, ...]:
    if cls not in _NAMES:
        _NAMES[cls] = tuple(f.name for f in fields(cls))
    return _NAMES[cls]


def _as_list(value: object) -> object:
    if is_dataclass(value):
        return [getattr(value, name) for name in _names(type(value))]
    raise TypeError("only plain values and dataclasses travel")


def pack(value: object) -> bytes:
    """Encode plain values and dataclasses (as lists of their fields)."""
    return cast(bytes, msgpack.packb(value, default=_as_list))


def unpack(encoded: bytes) -> object:
    """Decode one msgpack value and nothing after it; raises Malformed.

    The library reads a list's claimed length only as far as there are bytes for it, so a short
    body cannot ask for much memory.
    """
    try:
        return cast(object, msgpack.unpackb(encoded))
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise Malformed from error


def shallow(value: object, depth: int = MAX_DEPTH) -> bool:
    """Whether lists and maps nest at most `depth` deep."""
    if isinstance(value, (list, tuple)):
        return depth > 0 and all(shallow(each, depth - 1) for each in value)
    if isinstance(value, dict):
        return depth > 0 and all(
            shallow(k, depth - 1) and shallow(v, depth - 1) for k, v in value.items()
        )
    return True
