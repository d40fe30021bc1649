"""On which line of a TOML text each key stands, which Python's own reader does not tell.

The text must already have been read by `tomllib`: this walk trusts that it is TOML and only looks
where things begin. It gives values no meaning.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping

Path = tuple[str | int, ...]
"""The keys and places that lead to a value: `("stages", 2, "next")`."""

_NOTHING = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    "|".join(
        (
            r'"""(?:\\.|[^\\])*?"""(?!")',
            r"'''.*?'''(?!')",
            r'"(?:\\.|[^"\\\n])*"',
            r"'[^'\n]*'",
        )
    ),
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\n]*")


def lines_of(text: str) -> Mapping[Path, int]:
    """The line, counted from 1, on which each key, table and place in a list begins."""
    return _Walk(text).all()


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """The line of a path, or of the nearest thing around it that stands in the text; at least 1."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


class _Walk:
    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n")
        self._place = 0
        self._found: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}

    def all(self) -> Mapping[Path, int]:
        base: Path = ()
        while self._skip():
            if self._text.startswith("[[", self._place):
                base = self._header(2)
            elif self._text[self._place] == "[":
                base = self._header(1)
            else:
                self._pair(base)
        return self._found

    def _header(self, brackets: int) -> Path:
        """`[a.b]` or `[[a.b]]`; gives the path that what follows belongs to."""
        line = self._line()
        self._place += brackets
        keys = self._keys()
        self._place += brackets
        path: Path = ()
        for n, key in enumerate(keys):
            path = (*path, key)
            self._found.setdefault(path, line)
            if brackets == 2 and n == len(keys) - 1:
                self._counts[path] = self._counts.get(path, -1) + 1
            if path in self._counts:
                path = (*path, self._counts[path])
                self._found.setdefault(path, line)
        return path

    def _pair(self, base: Path) -> None:
        line = self._line()
        path = base
        for key in self._keys():
            path = (*path, key)
            self._found.setdefault(path, line)
        self._place += 1  # the equals sign
        self._space()
        self._value(path)

    def _value(self, path: Path) -> None:
        self._found.setdefault(path, self._line())
        sign = self._text[self._place]
        if sign == "[":
            self._list(path)
        elif sign == "{":
            self._table(path)
        else:
            string = _STRING.match(self._text, self._place)
            found = string or _SCALAR.match(self._text, self._place)
            self._place = found.end() if found else self._place

    def _list(self, path: Path) -> None:
        self._place += 1
        number = 0
        while self._skip() and self._text[self._place] != "]":
            if self._text[self._place] == ",":
                self._place += 1
                continue
            self._value((*path, number))
            number += 1
        self._place += 1

    def _table(self, path: Path) -> None:
        self._place += 1
        while self._skip() and self._text[self._place] != "}":
            if self._text[self._place] == ",":
                self._place += 1
                continue
            self._pair(path)
        self._place += 1

    def _keys(self) -> list[str]:
        """`a."b c".d`, up to the equals sign or the closing bracket."""
        found: list[str] = []
        while True:
            self._space()
            quoted = _STRING.match(self._text, self._place)
            bare = quoted or _BARE.match(self._text, self._place)
            if bare is None:
                return found
            self._place = bare.end()
            found.append(_unquoted(bare.group()) if quoted else bare.group())
            self._space()
            if self._text[self._place : self._place + 1] != ".":
                return found
            self._place += 1

    def _skip(self) -> bool:
        """Past white space and comments; False at the end."""
        match = _NOTHING.match(self._text, self._place)
        self._place = match.end() if match else self._place
        return self._place < len(self._text)

    def _space(self) -> None:
        match = _SPACE.match(self._text, self._place)
        self._place = match.end() if match else self._place

    def _line(self) -> int:
        return self._text.count("\n", 0, self._place) + 1


def _unquoted(key: str) -> str:
    return str(tomllib.loads(f"key = {key}")["key"])
