"""Adds up a measure: `environment + adversity + vulnerability`, read once and never executed.

A formula knows numbers, the names of the measure's domains, `+ - * /` and brackets. It is read
into a small tree here; no text of a profile is ever handed to Python.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

LONGEST = 500
DEEPEST = 20
"""Limits on length and nesting: a formula that needs more is a slip, or an attempt."""

Score = int | float
_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([a-z][a-z0-9_]*)|([-+*/()]))")


class BadFormula(ValueError):
    """It cannot be read. `reason` is a code for the wording, `at` the offending piece."""

    def __init__(self, reason: str, at: str = "") -> None:
        super().__init__(f"{reason}: {at}")
        self.reason = reason
        self.at = at


@dataclass(frozen=True, slots=True)
class _Number:
    value: Fraction


@dataclass(frozen=True, slots=True)
class _Name:
    code: str


@dataclass(frozen=True, slots=True)
class _Pair:
    sign: Literal["+", "-", "*", "/"]
    left: _Node
    right: _Node


_Node = _Number | _Name | _Pair


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that was read. `text` is how it was written, `names` the domains it asks for."""

    text: str
    names: frozenset[str]
    _tree: _Node

    def total(self, scores: Mapping[str, Score]) -> float | None:
        """The total of these scores; None where one that it asks for is missing, or over zero.

        Whole totals come back whole: 15 + 18 + 13 is 46.0, never 45.99999.
        """
        try:
            return float(_worked_out(self._tree, scores))
        except (KeyError, ZeroDivisionError):
            return None


def read_formula(text: str) -> Formula:
    """The formula, or BadFormula with `empty`, `too_long`, `sign`, `end`, `bracket` or `deep`."""
    if not text.strip():
        raise BadFormula("empty")
    if len(text) > LONGEST:
        raise BadFormula("too_long")
    tokens = _tokens(text)
    reading = _Reading(tokens)
    tree = reading.sum(0)
    if reading.left:
        raise BadFormula("bracket" if reading.left[0] in "()" else "sign", reading.left[0])
    return Formula(text, frozenset(t for t in tokens if t[0].isalpha()), tree)


def _tokens(text: str) -> list[str]:
    found, place = [], 0
    stripped = text.rstrip()
    while place < len(stripped):
        match = _TOKEN.match(stripped, place)
        if match is None:
            raise BadFormula("sign", stripped[place:].split()[0])
        found.append(match.group().strip())
        place = match.end()
    return found


class _Reading:
    """Reads by precedence: a sum of products of numbers, names and brackets."""

    def __init__(self, tokens: list[str]) -> None:
        self.left = list(tokens)

    def sum(self, depth: int) -> _Node:
        found = self._product(depth)
        while self.left and self.left[0] in "+-":
            sign = self.left.pop(0)
            found = _Pair("+" if sign == "+" else "-", found, self._product(depth))
        return found

    def _product(self, depth: int) -> _Node:
        found = self._one(depth)
        while self.left and self.left[0] in "*/":
            sign = self.left.pop(0)
            found = _Pair("*" if sign == "*" else "/", found, self._one(depth))
        return found

    def _one(self, depth: int) -> _Node:
        if depth > DEEPEST:
            raise BadFormula("deep")
        if not self.left:
            raise BadFormula("end")
        piece = self.left.pop(0)
        if piece == "-":
            return _Pair("-", _Number(Fraction(0)), self._one(depth + 1))
        if piece == "(":
            inner = self.sum(depth + 1)
            if not self.left or self.left.pop(0) != ")":
                raise BadFormula("bracket", "(")
            return inner
        if piece[0].isdigit():
            return _Number(Fraction(piece))
        if piece[0].isalpha():
            return _Name(piece)
        raise BadFormula("bracket" if piece == ")" else "sign", piece)


def _worked_out(node: _Node, scores: Mapping[str, Score]) -> Fraction:
    match node:
        case _Number(value):
            return value
        case _Name(code):
            return Fraction(str(scores[code]))
        case _Pair("+", left, right):
            return _worked_out(left, scores) + _worked_out(right, scores)
        case _Pair("-", left, right):
            return _worked_out(left, scores) - _worked_out(right, scores)
        case _Pair("*", left, right):
            return _worked_out(left, scores) * _worked_out(right, scores)
        case _:
            return _worked_out(node.left, scores) / _worked_out(node.right, scores)
