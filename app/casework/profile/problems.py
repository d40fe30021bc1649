"""What is wrong with a profile: every fault of a file at once, each with its line and field.

A fault is a code with the pieces its sentence needs; the sentence itself is the wording's
(`app.wording.profile_faults`), so that it can be said in Welsh too.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from app.casework.profile.positions import Path, line_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing to put right. `line` counts from 1; `field` is such as `stages[2].next`."""

    line: int
    field: str
    code: str
    values: Mapping[str, str]


class BadProfile(Exception):
    """A profile that cannot be used. `file` is its name without folders, `faults` by line."""

    def __init__(self, file: str, faults: Iterable[Fault]) -> None:
        self.file = file
        self.faults = tuple(sorted(faults, key=lambda f: (f.line, f.field, f.code)))
        super().__init__(f"{file}: {len(self.faults)} faults")


class Faults:
    """Collects what is wrong while a file is being read; lines are looked up at the end."""

    def __init__(self) -> None:
        self._noted: dict[tuple[Path, str, tuple[tuple[str, str], ...]], None] = {}

    def note(self, path: Path, code: str, **values: object) -> None:
        """Remember one fault of the value at `path`; the same one twice is one."""
        self._noted[path, code, tuple((k, str(v)) for k, v in values.items())] = None

    def __bool__(self) -> bool:
        return bool(self._noted)

    def all(self, lines: Callable[[], Mapping[Path, int]]) -> list[Fault]:
        """Every fault with its line. `lines` is called only when there are any."""
        if not self._noted:
            return []
        known = lines()
        return [
            Fault(line=line_of(known, path), field=field_name(path), code=code, values=dict(values))
            for path, code, values in self._noted
        ]


def field_name(path: Path) -> str:
    """`("stages", 2, "next")` as `stages[3].next`, counted as people count."""
    said = ""
    for step in path:
        said += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if said else step
    return said


def nearest(said: str, known: Iterable[str]) -> str:
    """The known word that was probably meant; empty when none is near."""
    return next(iter(difflib.get_close_matches(said, list(known), n=1, cutoff=0.6)), "")
