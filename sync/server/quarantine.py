"""What revoked and removed devices send: safe, sealed, in order, and waiting for a supervisor.

It never mixes with a casefile's log. When a removed member becomes one again, her changes move
into the log, so that her chain goes on unbroken.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Protocol

from sqlalchemy import Connection, and_, bindparam, delete, func, select, update

from storage.envelope import Head
from storage.runs import Run
from sync.errors import NotYours
from sync.protocol import MAX_BATCH_BYTES, MAX_BATCH_CHANGES, Page
from sync.server.access import SUPERVISORS, caller, require_member
from sync.server.acts import write_down
from sync.server.ledger import Entries, hold_casefiles
from sync.server.offered import Stretch
from sync.server.surroundings import Surroundings
from sync.server.tables import (
    casefiles,
    chains,
    held_heads,
    members,
    quarantine,
)


class _Held(Protocol):
    """One row of the quarantine."""

    n: int
    prev: bytes
    id: bytes
    kid: bytes
    item: bytes


_MINE = and_(
    members.c.casefile == quarantine.c.casefile,
    members.c.device == bindparam("me"),
    members.c.current.is_(True),
)
WAITING = (
    select(func.count())
    .select_from(quarantine.join(members, _MINE))
    .where(quarantine.c.settled.is_(False))
)
_PAGE = (
    select(
        quarantine.c.casefile,
        quarantine.c.device,
        quarantine.c.n,
        quarantine.c.prev,
        quarantine.c.id,
        quarantine.c.kid,
        quarantine.c.item,
    )
    .select_from(quarantine.join(members, _MINE))
    .where(quarantine.c.settled.is_(False))
    .order_by(quarantine.c.casefile, quarantine.c.device, quarantine.c.n)
    .limit(MAX_BATCH_CHANGES)
)


def pages(s: Surroundings, token: bytes) -> tuple[Page, ...]:
    """What waits in casefiles of mine, one page a chain; see `Office.quarantined`."""
    with s.database.reading() as connection:
        who = caller(s, connection, token, roles=SUPERVISORS)
        out: list[Page] = []
        size = 0
        rows = connection.execute(_PAGE, {"me": who.device})
        for (casefile, device), chain in groupby(rows, key=itemgetter(0, 1)):
            heads = _heads(connection, casefile, device)
            taken = []
            for row in chain:
                size += len(row.item)
                if size > MAX_BATCH_BYTES:
                    break
                taken.append(row)
            covered = [h for h in heads if taken and h.n <= taken[-1].n]
            if covered:
                out.append(_page(casefile, device, taken, covered[-1], heads[-1].n))
            if size > MAX_BATCH_BYTES:
                break
        return tuple(out)


def _page(casefile: bytes, device: bytes, held: Sequence[_Held], head: Head, top: int) -> Page:
    runs = [
        Run(
            casefile=casefile,
            device=device,
            kid=stretch.kid,
            first=stretch.first,
            prev=stretch.prev,
            items=tuple(stretch.items),
        )
        for stretch in _in_stretches(row for row in held if row.n <= head.n)
    ]
    return Page(
        casefile=casefile,
        after=held[0].n - 1,
        next=head.n,
        top=top,
        runs=tuple(runs),
        heads=(head,),
    )


def settle(s: Surroundings, token: bytes, casefile: bytes, device: bytes, upto: int) -> None:
    """Mark a device's changes as dealt with; see `Office.settle_quarantine`.

    They stay: a removed member may come back, and her chain must not have a hole.
    """
    with s.database.writing() as connection:
        who = caller(s, connection, token, roles=SUPERVISORS, held=True)
        hold_casefiles(connection, [casefile])
        require_member(connection, casefile, who.device)
        known = connection.execute(
            select(chains.c.held_n).where(chains.c.casefile == casefile, chains.c.device == device)
        ).first()
        if known is None:
            raise NotYours("there is nothing here under that name")
        settled = connection.execute(
            update(quarantine)
            .where(
                quarantine.c.casefile == casefile,
                quarantine.c.device == device,
                quarantine.c.n <= upto,
                quarantine.c.settled.is_(False),
            )
            .values(settled=True)
        )
        if settled.rowcount:
            write_down(connection, s.now(), who.device, "settle", casefile=casefile, subject=device)


def release(connection: Connection, casefile: bytes, device: bytes) -> None:
    """Move a returning member's quarantined changes to the end of the log, batch by batch.

    For whoever holds the casefile.
    """
    heads = _heads(connection, casefile, device)
    if not heads:
        return
    of_chain = and_(quarantine.c.casefile == casefile, quarantine.c.device == device)
    held = connection.execute(select(quarantine).where(of_chain).order_by(quarantine.c.n)).all()
    top = connection.execute(
        select(casefiles.c.top).where(casefiles.c.casefile == casefile)
    ).scalar_one()
    entries, held_from = Entries(), held[0].n
    for head in heads:
        fresh = _in_stretches(row for row in held if held_from <= row.n <= head.n)
        top = entries.append(top, fresh, head)
        held_from = head.n + 1
    entries.write(connection)
    last = heads[-1]
    connection.execute(update(casefiles).where(casefiles.c.casefile == casefile).values(top=top))
    connection.execute(
        update(chains)
        .where(chains.c.casefile == casefile, chains.c.device == device)
        .values(n=last.n, id=last.id, seq=top, held_n=0, held_id=b"")
    )
    connection.execute(delete(quarantine).where(of_chain))
    connection.execute(
        delete(held_heads).where(held_heads.c.casefile == casefile, held_heads.c.device == device)
    )


def _in_stretches(held: Iterable[_Held]) -> list[Stretch]:
    """Consecutive changes of one chain, parted where the key changes."""
    out: list[Stretch] = []
    for kid, rows in groupby(held, key=attrgetter("kid")):
        part = list(rows)
        out.append(
            Stretch(part[0].n, part[0].prev, kid, [r.item for r in part], [r.id for r in part])
        )
    return out


def _heads(connection: Connection, casefile: bytes, device: bytes) -> list[Head]:
    rows = connection.execute(
        select(held_heads.c.n, held_heads.c.id, held_heads.c.signature)
        .where(held_heads.c.casefile == casefile, held_heads.c.device == device)
        .order_by(held_heads.c.n)
    )
    return [
        Head(casefile=casefile, device=device, n=n, id=i, signature=signature)
        for n, i, signature in rows
    ]
