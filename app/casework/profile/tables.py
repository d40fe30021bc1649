"""Takes the values out of one table of a profile, one key at a time, and notes what is wrong.

A value of the wrong shape is noted and replaced by something harmless, so that reading goes on and
all faults of a file are found at once. What was never taken out is unknown, and noted at the end.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import time
from typing import TypeVar, cast

from app.casework.profile.positions import Path
from app.casework.profile.problems import Faults, nearest
from app.casework.profile.words import LANGUAGES, Words

CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
"""What a code looks like: it stands in records for ever, so it is kept plain."""

_KINDS = {
    str: "text", bool: "yes_or_no", int: "whole", float: "number", list: "list", dict: "table",
}  # fmt: skip
_C = TypeVar("_C", bound=str)


class Table:
    """One table at `path`. `languages` are those in which its words must be given."""

    def __init__(
        self, said: Mapping[str, object], path: Path, faults: Faults, languages: Sequence[str]
    ) -> None:
        self._said = said
        self._path = path
        self._faults = faults
        self._taken: set[str] = set()
        self.languages = tuple(languages)

    # --- single values

    def text(self, key: str, default: str | None = None) -> str:
        """A piece of text that is not blank. Without a default it must be there."""
        value = self._value(key, str, "text", needed=default is None)
        if not isinstance(value, str):
            return default or ""
        if not value.strip():
            self.note("empty", key)
        return value.strip()

    def code(self, key: str = "code", default: str | None = None) -> str:
        """A code: small letters, digits and underlines."""
        said = self.text(key, default)
        if said and said != default and not CODE.fullmatch(said):
            self.note("not_a_code", key, said=said)
        return said

    def whole(self, key: str, *, least: int, most: int, default: int | None = None) -> int:
        """A whole number within limits."""
        found = self.maybe_whole(key, least=least, most=most, needed=default is None)
        return found if found is not None else default if default is not None else least

    def maybe_whole(self, key: str, *, least: int, most: int, needed: bool = False) -> int | None:
        """A whole number within limits, or None where it may be left out."""
        value = self._value(key, int, "whole", needed=needed)
        if not isinstance(value, int):
            return None
        if not least <= value <= most:
            self.note("out_of_range", key, said=value, least=least, most=most)
            return None
        return value

    def maybe_number(self, key: str) -> float | None:
        """A number, whole or not."""
        value = self._value(key, float, "number", needed=False)
        return float(value) if isinstance(value, int | float) else None

    def flag(self, key: str, *, default: bool) -> bool:
        """A yes or no."""
        found = self.maybe_flag(key)
        return default if found is None else found

    def maybe_flag(self, key: str) -> bool | None:
        """A yes or no, or None where it is left out."""
        value = self._value(key, bool, "yes_or_no", needed=False)
        return value if isinstance(value, bool) else None

    def choice(self, key: str, options: Sequence[_C], default: _C | None = None) -> _C:
        """One of some fixed words."""
        said = self.text(key, default)
        if said in options:
            return cast(_C, said)
        if said:
            self._not_one_of(key, said, options)
        return default if default is not None else options[0]

    def wall_time(self, key: str) -> time | None:
        """A wall-clock time such as `09:00`, written as text."""
        said = self.text(key)
        try:
            return time.fromisoformat(said) if re.fullmatch(r"\d\d:\d\d", said) else _no_time()
        except ValueError:
            if said:
                self.note("not_a_time", key, said=said)
            return None

    # --- lists

    def texts(self, key: str, *, needed: bool = False) -> tuple[str, ...]:
        """A list of pieces of text, each once; one alone may stand without brackets."""
        value = self._raw(key)
        if value is None:
            if needed:
                self._missing(key)
            return ()
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list):
            self.note("wrong_type", key, wanted="list", found=_kind(value))
            return ()
        found: list[str] = []
        for n, one in enumerate(value):
            if not isinstance(one, str):
                self._faults.note(
                    (*self._path, key, n), "wrong_type", wanted="text", found=_kind(one)
                )
            elif one in found:
                self._faults.note((*self._path, key, n), "twice", said=one)
            else:
                found.append(one)
        return tuple(found)

    def choices(self, key: str, options: Sequence[_C]) -> tuple[_C, ...]:
        """Several of some fixed words."""
        said = self.texts(key)
        for one in said:
            if one not in options:
                self._not_one_of(key, one, options)
        return tuple(cast(_C, one) for one in said if one in options)

    def table(self, key: str) -> Table | None:
        """A table inside this one, or None where it is left out."""
        value = self._value(key, dict, "table", needed=False)
        return self._inner(value, (*self._path, key)) if isinstance(value, dict) else None

    def needed_table(self, key: str) -> Table:
        """A table that must be there; an empty one stands in for it."""
        found = self.table(key)
        if found is None:
            if key not in self._said:
                self._missing(key)
            return self._inner({}, (*self._path, key), Faults())
        return found

    def tables(self, key: str, *, needed: bool = False, or_text: bool = False) -> list[Table]:
        """A list of tables. `or_text`: a standard code may stand alone, as text."""
        value = self._raw(key)
        if value is None or value == []:
            if needed:
                self._missing(key)
            return []
        if not isinstance(value, list):
            self.note("wrong_type", key, wanted="list", found=_kind(value))
            return []
        found = []
        for n, one in enumerate(value):
            place = (*self._path, key, n)
            if or_text and isinstance(one, str):
                one = {"code": one}
            if isinstance(one, dict):
                found.append(self._inner(one, place))
            else:
                self._faults.note(place, "wrong_type", wanted="table", found=_kind(one))
        return found

    def one_or_more(self, key: str) -> list[Table]:
        """A table, or a list of them: conditions are written either way."""
        if isinstance(self._said.get(key), list):
            return self.tables(key)
        found = self.table(key)
        return [found] if found else []

    # --- words

    def words(self, *, needed: bool = True) -> Words:
        """What stands here as `en` and `cy`; all languages of the file or, if not needed, none."""
        return self._words(self, needed=needed)

    def words_at(self, key: str, *, needed: bool = False) -> Words:
        """The words of a table of their own, such as `why = { en = …, cy = … }`."""
        inner = self.table(key)
        if inner is None:
            if needed:
                self._missing(key)
            return Words()
        found = self._words(inner, needed=True)
        inner.end()
        return found

    def versions(self, prefix: str = "") -> dict[str, str]:
        """The same text in every language of the file, by language: `en`, `cy`, `en_easy`."""
        found = {}
        for language in self.languages:
            key = f"{language}{prefix}"
            if key not in self._said:
                self.note("no_words", language=key)
                continue
            found[language] = self.text(key)
        return found

    def _words(self, table: Table, *, needed: bool) -> Words:
        given = [language for language in LANGUAGES if table.has(language)]
        if not given and not needed:
            return Words()
        for language in self.languages:
            if language not in given:
                table.note("no_words", language=language)
        said = {language: table.text(language) for language in given}
        return Words(**said)

    # --- faults

    def note(self, code: str, key: str | None = None, **values: object) -> None:
        """Note what is wrong with this table, or with one of its keys."""
        self._faults.note((*self._path, key) if key else self._path, code, **values)

    def known(self, key: str, said: str, options: Collection[str], list_name: str) -> str:
        """The code, noted where `options`, which is that list of the profile, has no such one."""
        if said and said not in options:
            self.note("unknown_code", key, said=said, list=list_name, near=nearest(said, options))
        return said

    def end(self) -> None:
        """Note every key that nobody asked for. Call when a table has been read."""
        for key in self._said:
            if key not in self._taken:
                self.note("unknown_key", key, what=key, near=nearest(key, self._taken))

    def keys(self) -> Iterator[str]:
        """The keys that stand in the file."""
        return iter(self._said)

    def has(self, key: str) -> bool:
        return key in self._said

    def taken(self, key: str) -> None:
        """Count a key as asked for, because it was noted as something else than unknown."""
        self._taken.add(key)

    def is_table(self, key: str) -> bool:
        return isinstance(self._said.get(key), dict)

    def without(self, *keys: str) -> None:
        """Note those of the keys that have no meaning beside what was chosen here."""
        for key in keys:
            if key in self._said:
                self._taken.add(key)
                self.note("not_here", key, what=key)

    # --- inside

    def _inner(self, said: Mapping[str, object], path: Path, faults: Faults | None = None) -> Table:
        return Table(said, path, self._faults if faults is None else faults, self.languages)

    def _raw(self, key: str) -> object:
        self._taken.add(key)
        return self._said.get(key)

    def _value(self, key: str, kind: type, wanted: str, *, needed: bool) -> object:
        value = self._raw(key)
        if value is None:
            if needed:
                self._missing(key)
            return None
        # A yes is a number to Python, and a whole number will do where any number does.
        right = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
        if right or (kind is float and isinstance(value, int) and not isinstance(value, bool)):
            return value
        self.note("wrong_type", key, wanted=wanted, found=_kind(value))
        return None

    def _missing(self, key: str) -> None:
        # At the table, since the key has no line of its own.
        self._faults.note((*self._path, key), "missing", what=key)

    def _not_one_of(self, key: str, said: str, options: Sequence[str]) -> None:
        self.note(
            "not_one_of", key, said=said, options=", ".join(options), near=nearest(said, options)
        )


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "date")


def _no_time() -> time:
    raise ValueError
