"""A list or figure as a CSV file that a spreadsheet shows and never calculates.

Families' own words go into these files, and somebody's name may be written `=1+1`. A spreadsheet
would take that for a formula, and a formula can send what stands beside it anywhere. Such a cell
begins with an apostrophe, as spreadsheets themselves mark text. Must not know what it lists.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime

Cell = str | int | float | date | datetime | None

_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Without it Excel reads UTF-8 as the code page of the country."""
_BEGINS_FORMULA = frozenset("=+-@\t\r\n|%")
"""OWASP's list for CSV injection, and `|` and `%`, with which DDE and macros have been called."""

_NUMBER = re.compile(r"-\d+(\.\d+)?%?", re.ASCII)


def csv_table(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The whole file, UTF-8 with its mark, comma separated, lines ended as RFC 4180 says.

    Numbers stay numbers, days are written 2026-11-17 and instants with their offset, None is an
    empty cell. Raises ValueError for a row that has not as many cells as there are headings.
    """
    out = io.StringIO(newline="")
    out.write(_BOM)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_cell(h) for h in headings])
    for row in rows:
        if len(row) != len(headings):
            raise ValueError(f"{len(row)} cells under {len(headings)} headings")
        writer.writerow([_cell(value) for value in row])
    return out.getvalue().encode()


def _cell(value: Cell) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, int | float):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return f"'{value}" if _is_formula(value) else value


def _is_formula(words: str) -> bool:
    """Whether a spreadsheet might calculate it: also behind blanks, and with wide signs. A plain
    negative number is only a number."""
    if _NUMBER.fullmatch(words):
        return False
    if words[:1] in ("\t", "\r", "\n"):
        return True
    first = unicodedata.normalize("NFKC", words.lstrip("\ufeff\u200b \u00a0"))[:1]
    return bool(first) and first in _BEGINS_FORMULA
