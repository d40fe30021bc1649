"""Dropping the sealed text of a redacted change and keeping its hash, so the chain still verifies.

The signed change that orders it travels like any other; here only the ciphertext goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, Table, and_, insert, select, update

from sync.forms import pack
from sync.server.access import Caller
from sync.server.acts import write_down
from sync.server.inbox import emptied
from sync.server.ledger import items_of
from sync.server.offered import BARE, bared
from sync.server.surroundings import Surroundings
from sync.server.tables import erased, inbox, members, quarantine, stretches

_FEW: Final = 500
"""Ids named in one statement."""
_SET_ASIDE: Final = ((quarantine, bared), (inbox, emptied))
"""Where a change has a row of its own, and what is left of its item there without its text."""


def drop(s: Surroundings, connection: Connection, who: Caller, ids: Sequence[bytes]) -> None:
    """Drop the text of changes in the caller's casefiles; others are left, and not told apart."""
    dropped = _bare(connection, frozenset(ids), who.device)
    for casefile, change in dropped:
        write_down(connection, s.now(), who.device, "redact", casefile=casefile, subject=change)
    s.apart.erase(change for _, change in dropped)


def drop_again(connection: Connection, ids: Sequence[bytes]) -> tuple[int, int]:
    """After a restore: drop what was dropped before, in any casefile. What is not here is
    remembered, so that it gets no text when it comes again.

    Gives how many lost their text, and how many are waited for.
    """
    wanted = frozenset(ids)
    dropped = _bare(connection, wanted, None)
    missing = sorted(wanted.difference(_present(connection, wanted)))
    if missing:
        connection.execute(insert(erased), [{"id": change} for change in missing])
    return len(dropped), len(missing)


def _bare(
    connection: Connection, wanted: frozenset[bytes], member: bytes | None
) -> list[tuple[bytes, bytes]]:
    """Drop text, in casefiles that device `member` is in or in any; gives (casefile, change)."""
    dropped: list[tuple[bytes, bytes]] = []
    for found in _in_logs(connection, member, wanted):
        at = and_(stretches.c.casefile == found.casefile, stretches.c.seq == found.seq)
        items = items_of(connection.execute(select(stretches.c.packed).where(at)).scalar_one())
        for place, change in found.places.items():
            if len(items[place]) != BARE:
                items[place] = bared(items[place])
                dropped.append((found.casefile, change))
        size = sum(map(len, items))
        connection.execute(update(stretches).where(at).values(packed=pack(items), bytes=size))
    for table, without_text in _SET_ASIDE:
        for casefile, change, item in list(_held(connection, table, member, wanted)):
            if item != without_text(item):
                gone = update(table).where(table.c.casefile == casefile, table.c.id == change)
                connection.execute(gone.values(item=without_text(item)))
                dropped.append((casefile, change))
    return dropped


def _present(connection: Connection, wanted: frozenset[bytes]) -> Iterator[bytes]:
    """Which changes are here, with or without text."""
    for found in _in_logs(connection, None, wanted):
        yield from found.places.values()
    for table, _ in _SET_ASIDE:
        yield from (change for _, change, _ in _held(connection, table, None, wanted))


@dataclass(frozen=True, slots=True)
class _Found:
    """A stretch that holds some of what is looked for: their ids, by their place in it."""

    casefile: bytes
    seq: int
    places: dict[int, bytes]


def _in_logs(
    connection: Connection, member: bytes | None, wanted: frozenset[bytes]
) -> list[_Found]:
    """Where changes stand.

    Reads through the ids of the member's casefiles, 32 bytes a change: a redaction is rare, and
    an index of ids would be paid for by every push.
    """
    every = select(stretches.c.casefile, stretches.c.seq, stretches.c.ids)
    found: list[_Found] = []
    for casefile, seq, ids in connection.execute(_within(every, stretches, member)):
        each = (ids[at : at + 32] for at in range(0, len(ids), 32))
        places = {place: change for place, change in enumerate(each) if change in wanted}
        if places:
            found.append(_Found(casefile, seq, places))
    return found


def _held(
    connection: Connection, table: Table, member: bytes | None, wanted: frozenset[bytes]
) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Those in quarantine, or in an inbox: (casefile, change, item)."""
    every = select(table.c.casefile, table.c.id, table.c.item)
    rows = _within(every, table, member)
    ids = sorted(wanted)
    for start in range(0, len(ids), _FEW):
        some = table.c.id.in_(ids[start : start + _FEW])
        yield from (tuple(row) for row in connection.execute(rows.where(some)).all())


def _within(rows: Select[Any], table: Table, member: bytes | None) -> Select[Any]:
    """Those of casefiles that a device is in today."""
    if member is None:
        return rows
    inside = and_(
        table.c.casefile == members.c.casefile,
        members.c.device == member,
        members.c.current.is_(True),
    )
    return rows.select_from(table.join(members, inside))
