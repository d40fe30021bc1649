"""Stored changes back into the runs and heads they travelled in."""

from __future__ import annotations

from collections.abc import Iterable

from storage.envelope import Head, Run

Row = tuple[bytes, int, bytes, bytes, bytes]
"""device, n, prev, kid, item."""


def in_runs(casefile: bytes, rows: Iterable[Row]) -> tuple[Run, ...]:
    """Group changes of one casefile that follow on one another, keeping their order."""
    runs: list[Run] = []
    items: list[bytes] = []
    start: Row | None = None
    expected: tuple[bytes, int, bytes] | None = None
    for row in rows:
        device, n, _prev, kid, item = row
        if (device, n, kid) != expected:
            if start is not None:
                runs.append(_run(casefile, start, items))
            start, items = row, []
        items.append(item)
        expected = (device, n + 1, kid)
    if start is not None:
        runs.append(_run(casefile, start, items))
    return tuple(runs)


def _run(casefile: bytes, start: Row, items: list[bytes]) -> Run:
    device, n, prev, kid, _item = start
    return Run(casefile=casefile, device=device, kid=kid, first=n, prev=prev, items=tuple(items))


def latest_heads(heads: Iterable[Head]) -> tuple[Head, ...]:
    """The furthest head of each device: it vouches for every change before it too."""
    latest: dict[bytes, Head] = {}
    for head in heads:
        known = latest.get(head.device)
        if known is None or head.n > known.n:
            latest[head.device] = head
    return tuple(latest.values())
