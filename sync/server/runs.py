"""Runs as they were stored, joined into as few as say the same."""

from __future__ import annotations

from collections.abc import Iterable

from storage.runs import Run


def joined_runs(runs: Iterable[Run]) -> list[Run]:
    """Join runs that follow on one another: a hundred saves pushed one by one travel as one."""
    out: list[Run] = []
    open_items: list[bytes] = []

    def close() -> None:
        if out and len(open_items) > len(out[-1].items):
            last = out[-1]
            out[-1] = Run(
                casefile=last.casefile,
                device=last.device,
                kid=last.kid,
                first=last.first,
                prev=last.prev,
                items=tuple(open_items),
            )

    for run in runs:
        last = out[-1] if out else None
        if (
            last is not None
            and (run.device, run.kid) == (last.device, last.kid)
            and run.first == last.first + len(open_items)
        ):
            open_items += run.items
            continue
        close()
        out.append(run)
        open_items = list(run.items)
    close()
    return out
