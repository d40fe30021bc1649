"""What revoked and removed devices send: safe, sealed, in order, and waiting for a supervisor.

It never mixes with a casefile's log. When a removed member becomes one again, her changes move
into the log, so that her chain goes on unbroken.
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, select, update

from storage.envelope import Head
from sync.errors import NotYours
from sync.protocol import MAX_BATCH_BYTES, MAX_BATCH_CHANGES, Page
from sync.server.access import SUPERVISORS, caller, require_member
from sync.server.acts import write_down
from sync.server.runs import in_runs, latest_heads
from sync.server.surroundings import Surroundings
from sync.server.tables import (
    batches,
    casefiles,
    chains,
    changes,
    held_heads,
    members,
    quarantine,
)

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
                taken.append((device, row.n, row.prev, row.kid, row.item))
            covered = [h for h in heads if taken and h.n <= taken[-1][1]]
            if covered:
                last, first = covered[-1].n, taken[0][1]
                out.append(
                    Page(
                        casefile=casefile,
                        after=first - 1,
                        next=last,
                        top=heads[-1].n,
                        runs=in_runs(casefile, [t for t in taken if t[1] <= last]),
                        heads=latest_heads(covered),
                    )
                )
            if size > MAX_BATCH_BYTES:
                break
        return tuple(out)


def settle(s: Surroundings, token: bytes, casefile: bytes, device: bytes, upto: int) -> None:
    """Mark a device's changes as dealt with; see `Office.settle_quarantine`.

    They stay: a removed member may come back, and her chain must not have a hole.
    """
    with s.database.writing() as connection:
        who = caller(s, connection, token, roles=SUPERVISORS, held=True)
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
    """Move a returning member's quarantined changes to the end of the log, batch by batch."""
    heads = _heads(connection, casefile, device)
    if not heads:
        return
    of_chain = and_(quarantine.c.casefile == casefile, quarantine.c.device == device)
    held = connection.execute(select(quarantine).where(of_chain).order_by(quarantine.c.n)).all()
    top: int = connection.execute(
        select(casefiles.c.top).where(casefiles.c.casefile == casefile).with_for_update()
    ).scalar_one()
    offset = top - held[0].n + 1
    connection.execute(
        insert(changes),
        [
            {
                "casefile": casefile,
                "seq": row.n + offset,
                "device": device,
                "n": row.n,
                "prev": row.prev,
                "id": row.id,
                "kid": row.kid,
                "item": row.item,
            }
            for row in held
        ],
    )
    begin = held[0].n
    for head in heads:
        part = [row for row in held if begin <= row.n <= head.n]
        begin = head.n + 1
        connection.execute(
            insert(batches),
            {
                "casefile": casefile,
                "seq": head.n + offset,
                "device": device,
                "n": head.n,
                "id": head.id,
                "signature": head.signature,
                "bytes": sum(len(row.item) for row in part),
            },
        )
    last = heads[-1]
    connection.execute(
        update(casefiles).where(casefiles.c.casefile == casefile).values(top=last.n + offset)
    )
    connection.execute(
        update(chains)
        .where(chains.c.casefile == casefile, chains.c.device == device)
        .values(n=last.n, id=last.id, seq=last.n + offset, held_n=0, held_id=b"")
    )
    connection.execute(delete(quarantine).where(of_chain))
    connection.execute(
        delete(held_heads).where(held_heads.c.casefile == casefile, held_heads.c.device == device)
    )


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
