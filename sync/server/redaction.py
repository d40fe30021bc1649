"""Dropping the sealed text of a redacted change and keeping its hash, so the chain still verifies.

The signed change that orders it travels like any other; here only the ciphertext goes.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, and_, select, update

from storage.seal import NONCE_BYTES, fingerprint
from sync.forms import pack
from sync.server import inbox
from sync.server.access import Caller
from sync.server.acts import write_down
from sync.server.ledger import items_of
from sync.server.surroundings import Surroundings
from sync.server.tables import members, quarantine, stretches

_BARE = NONCE_BYTES + 32


def drop(s: Surroundings, connection: Connection, who: Caller, ids: Sequence[bytes]) -> None:
    """Drop the text of changes in the caller's casefiles; others are left, and not told apart."""
    for casefile, seq, places in _in_logs(connection, who, frozenset(ids)):
        at = and_(stretches.c.casefile == casefile, stretches.c.seq == seq)
        row = connection.execute(select(stretches.c.ids, stretches.c.packed).where(at)).one()
        items = items_of(row.packed)
        for place in places:
            if len(items[place]) != _BARE:
                items[place] = _bared(items[place])
                change = row.ids[32 * place : 32 * place + 32]
                _note(s, connection, who, casefile, change)
        size = sum(map(len, items))
        connection.execute(update(stretches).where(at).values(packed=pack(items), bytes=size))
    inbox.drop(s, connection, who, ids)
    held = select(quarantine.c.casefile, quarantine.c.id, quarantine.c.item).select_from(
        quarantine.join(members, _inside(quarantine.c.casefile == members.c.casefile, who))
    )
    for casefile, change, item in connection.execute(held.where(quarantine.c.id.in_(ids))).all():
        if len(item) != _BARE:
            bare = update(quarantine).where(quarantine.c.id == change).values(item=_bared(item))
            connection.execute(bare)
            _note(s, connection, who, casefile, change)


def _in_logs(
    connection: Connection, who: Caller, wanted: frozenset[bytes]
) -> list[tuple[bytes, int, list[int]]]:
    """Where changes stand: (casefile, number of the stretch, places in it).

    Reads through the ids of the caller's casefiles, 32 bytes a change: a redaction is rare, and
    an index of ids would be paid for by every push.
    """
    rows = connection.execute(
        select(stretches.c.casefile, stretches.c.seq, stretches.c.ids).select_from(
            stretches.join(members, _inside(stretches.c.casefile == members.c.casefile, who))
        )
    )
    found: list[tuple[bytes, int, list[int]]] = []
    for casefile, seq, ids in rows:
        places = [at for at in range(len(ids) // 32) if ids[32 * at : 32 * at + 32] in wanted]
        if places:
            found.append((casefile, seq, places))
    return found


def _inside(same_casefile: ColumnElement[bool], who: Caller) -> ColumnElement[bool]:
    """A join with the caller's own current membership."""
    return and_(same_casefile, members.c.device == who.device, members.c.current.is_(True))


def _bared(item: bytes) -> bytes:
    return item[:NONCE_BYTES] + fingerprint(item[NONCE_BYTES:])


def _note(
    s: Surroundings, connection: Connection, who: Caller, casefile: bytes, change: bytes
) -> None:
    write_down(connection, s.now(), who.device, "redact", casefile=casefile, subject=change)
