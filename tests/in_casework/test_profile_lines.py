"""The line of every key, which Python's own reader of TOML does not tell."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.casework.profile.positions import Path, line_of, lines_of
from app.places import PROFILES

AWKWARD = '''\
# a comment with [brackets] = "and quotes
top = 1 # [no.table]
"quoted key" = { a = 1, "b.c" = [1, { d = "x # y" }] }
dotted.'inner key'.deep = """one
two = 2
three \\""" still"""
literal = \'\'\'
[not.a.table]
\'\'\'
list = [
  "one", # with a comment ]
  # only a comment
  { two = 2 },

  [3, 4],
]
day = 2026-11-23 10:00:00
[table]
key = "= not a key"
[table.sub."part two"]
key = 'x'
[[rows]]
a = 1
[[rows]]
a = 2
[rows.inside]
b = 3
[[rows.more]]
c = 4
[[rows.more]]
c = 5
'''


def paths(value: object, path: Path = ()) -> Iterator[Path]:
    """Every path of a document that was read."""
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*path, key))
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from paths(inner, (*path, n))


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("top",), 2),
        (("quoted key", "b.c", 1, "d"), 3),
        (("dotted", "inner key", "deep"), 4),
        (("literal",), 7),
        (("list",), 10),
        (("list", 1, "two"), 13),
        (("list", 2, 1), 15),
        (("day",), 17),
        (("table", "key"), 19),
        (("table", "sub", "part two", "key"), 21),
        (("rows", 1, "a"), 25),
        (("rows", 1, "inside", "b"), 27),
        (("rows", 1, "more", 1, "c"), 31),
    ],
)
def test_awkward_toml_is_found_on_its_lines(path, line):
    lines = lines_of(AWKWARD)
    assert lines[path] == line


def test_what_has_no_line_of_its_own_is_looked_for_around_it():
    lines = lines_of(AWKWARD)
    assert line_of(lines, ("rows", 1, "missing")) == 24
    assert line_of(lines, ("nowhere",)) == 1


@pytest.mark.parametrize("file", sorted(PROFILES.glob("*.toml")), ids=lambda f: f.stem)
def test_every_key_of_every_shipped_profile_is_found_where_it_stands(file):
    text = file.read_text(encoding="utf-8")
    lines, rows = lines_of(text), text.split("\n")
    for path in paths(tomllib.loads(text)):
        key = next(step for step in reversed(path) if isinstance(step, str))
        if isinstance(path[-1], str):
            assert key in rows[lines[path] - 1], path


KEYS = st.text("abcxyz_-", min_size=1, max_size=5)
VALUES = st.recursive(
    st.integers(-9, 99) | st.booleans() | st.text("ab\"'\\#[]{}=,\n ", max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


def written(value: object) -> str:
    """A value as TOML writes it, lists over several lines."""
    match value:
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case str():
            plain = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            return f'"{plain}"'
        case list():
            return "[ # begins\n" + "".join(f"  {written(v)}, # ]\n" for v in value) + "]"
        case dict():
            # An inline table stands on one line, so lists in it do too.
            inner = ", ".join(f"{k} = {written(v)}" for k, v in value.items())
            return "{" + inner + "}"
        case _:
            raise TypeError(value)


@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_whatever_is_written_has_every_path_that_was_read(document):
    text = "".join(f"# before\n{key} = {written(value)}\n" for key, value in document.items())
    read = tomllib.loads(text)
    lines = lines_of(text)
    assert set(paths(read)) <= set(lines)
    for key in document:
        assert text.split("\n")[lines[(key,)] - 1].startswith(f"{key} = ")
