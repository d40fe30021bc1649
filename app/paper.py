"""Sheets of paper: plain pages that the browser prints whole, whatever the width of its window.

The app is painted on a canvas, of which a browser prints what is in sight, cut at the edge. So a
sheet is handed to the page that asked, once, from memory: it has no address to go back to, is
written to no disk here, and whoever fetches it must hold this device's cookie (`app.gate`).
Must not know what is on a sheet.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable
from html import escape

ROOT = "/paper/"
WAITS_S = 60.0
"""Seconds for which a sheet waits to be fetched; the page does so at once."""
_NAME_BYTES = 16


class Papers:
    """At most one sheet, waiting to be fetched once."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._waiting: tuple[str, bytes, float] | None = None

    def offer(self, sheet: str) -> str:
        """The path under which the sheet is fetched, good once and for `WAITS_S` seconds."""
        path = ROOT + secrets.token_urlsafe(_NAME_BYTES)
        self._waiting = (path, sheet.encode(), self._clock() + WAITS_S)
        return path

    def take(self, path: str) -> bytes | None:
        """The sheet offered there, UTF-8, gone from here with that; None for any other path."""
        if self._waiting is None:
            return None
        offered, sheet, until = self._waiting
        if self._clock() >= until:
            self._waiting = None
            return None
        if not secrets.compare_digest(path.encode(), offered.encode()):
            return None
        self._waiting = None
        return sheet


def table_sheet(
    title: str, before: Iterable[str], headings: Iterable[str], rows: Iterable[Iterable[str]]
) -> str:
    """The HTML of one sheet: a title, paragraphs, and a table."""
    head = "".join(f"<th>{escape(words)}</th>" for words in headings)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(words)}</td>' for words in row)}</tr>" for row in rows
    )
    return "".join(
        [
            f"<style>{_STYLE}</style><h1>{escape(title)}</h1>",
            *(f"<p>{escape(words)}</p>" for words in before if words),
            f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>",
        ]
    )


_STYLE = """
@page { size: A4; margin: 20mm }
#paper { display: none }
@media print {
  html, body { position: static !important; overflow: visible !important;
    width: auto !important; height: auto !important; min-height: 0 !important;
    margin: 0 !important; padding: 0 !important; background: #fff !important }
  body > :not(#paper) { display: none !important }
  #paper { display: block; color: #000; font: 12pt/1.4 sans-serif }
  #paper h1 { font-size: 20pt; margin: 0 0 4mm }
  #paper p { margin: 0 0 4mm }
  #paper ol { columns: 3; column-gap: 8mm; margin: 8mm 0; padding-left: 10mm;
    font: 14pt/2 monospace }
  #paper li { break-inside: avoid }
  #paper table { border-collapse: collapse; width: 100%; font-size: 10pt }
  #paper th, #paper td { text-align: left; padding: 1mm 2mm; border-bottom: .2mm solid #999 }
  #paper tr { break-inside: avoid }
}
"""
"""Shows nothing on the screen; in print, nothing but the sheet."""


def sheet(title: str, before: Iterable[str], numbered: Iterable[str], after: Iterable[str]) -> str:
    """The HTML of one sheet: a title, paragraphs, a numbered list in columns, more paragraphs."""
    return "".join(
        [
            f"<style>{_STYLE}</style><h1>{escape(title)}</h1>",
            *(f"<p>{escape(words)}</p>" for words in before),
            "<ol>",
            *(f"<li>{escape(words)}</li>" for words in numbered),
            "</ol>",
            *(f"<p>{escape(words)}</p>" for words in after),
        ]
    )
