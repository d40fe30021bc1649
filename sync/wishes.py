"""Decisions that wait for the next contact, so that nothing pressed without a signal is forgotten.

Kept sealed on the device that decided. Must not know how they are carried out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final, Literal, cast

import msgpack

from sync.line import Line

_KEPT: Final = "granting/wishes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A decision to be carried out. Ids are hex.

    "grant" and "remove" name a casefile and a person, "admit" a device that an administrator
    certified, "revoke" a device whose access ends (`wipe`: it shall also drop its keys).
    """

    what: Literal["grant", "remove", "admit", "revoke"]
    casefile: str = ""
    person: str = ""
    device: str = ""
    wipe: bool = False


def wishes(line: Line) -> list[Wish]:
    """Decisions that wait for the next contact."""
    kept = line.vault.secret(_KEPT)
    return [Wish(**each) for each in msgpack.unpackb(kept)] if kept else []


def keep(line: Line, left: Sequence[Wish]) -> None:
    """Remember these instead of what was there."""
    packed = cast(bytes, msgpack.packb([asdict(w) for w in left])) if left else None
    line.vault.keep_secret(_KEPT, packed)


def add(line: Line, decided: Sequence[Wish]) -> None:
    """Add decisions; a later one about the same takes the place of an earlier one."""
    replaced = {_subject(w) for w in decided}
    keep(line, [w for w in wishes(line) if _subject(w) not in replaced] + list(decided))


def _subject(wish: Wish) -> tuple[str, str, str]:
    return wish.casefile, wish.person, wish.device
