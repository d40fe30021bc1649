"""Handing out what is new: where a device stands, and the next page of a casefile.

A page ends where a pushed batch ended, because there a signed head covers everything before it.
"""

from __future__ import annotations

from sqlalchemy import BindParameter, and_, bindparam, func, select

from storage.envelope import Head
from sync.errors import NotYours
from sync.protocol import MAX_BATCH_BYTES, MAX_BATCH_CHANGES, Page, Position, Standings
from sync.server.access import caller
from sync.server.quarantine import WAITING
from sync.server.runs import in_runs, latest_heads
from sync.server.surroundings import Surroundings
from sync.server.tables import batches, casefiles, changes, drafts, members

_ME: BindParameter[bytes] = bindparam("me")
_POSITIONS = (
    select(casefiles.c.casefile, casefiles.c.top, casefiles.c.grant_id, casefiles.c.inbox)
    .join(members, members.c.casefile == casefiles.c.casefile)
    .where(members.c.device == _ME, members.c.current.is_(True))
    .order_by(casefiles.c.casefile)
)
_PARKED = (
    select(func.count())
    .select_from(
        drafts.join(
            members,
            and_(
                members.c.casefile == drafts.c.casefile,
                members.c.device == _ME,
                members.c.current.is_(True),
            ),
        )
    )
    .where(drafts.c.person == bindparam("person"), drafts.c.device != _ME)
)
_CASEFILE: BindParameter[bytes] = bindparam("casefile")
_TOP = (
    select(casefiles.c.top)
    .join(members, members.c.casefile == casefiles.c.casefile)
    .where(casefiles.c.casefile == _CASEFILE, members.c.device == _ME, members.c.current.is_(True))
)
_BATCHES = (
    select(
        batches.c.seq,
        batches.c.device,
        batches.c.n,
        batches.c.id,
        batches.c.signature,
        batches.c.bytes,
    )
    .where(batches.c.casefile == _CASEFILE, batches.c.seq > bindparam("after"))
    .order_by(batches.c.seq)
    .limit(MAX_BATCH_CHANGES)
)
_CHANGES = (
    select(changes.c.device, changes.c.n, changes.c.prev, changes.c.kid, changes.c.item)
    .where(
        changes.c.casefile == _CASEFILE,
        changes.c.seq > bindparam("after"),
        changes.c.seq <= bindparam("upto"),
    )
    .order_by(changes.c.seq)
)


def standings(s: Surroundings, token: bytes) -> Standings:
    """What is new for this device; see `Office.standings`."""
    with s.database.reading() as connection:
        who = caller(s, connection, token)
        rows = connection.execute(_POSITIONS, {"me": who.device})
        positions = tuple(
            Position(casefile=c, top=top, grant=grant, inbox=inbox) for c, top, grant, inbox in rows
        )
        parked = connection.execute(_PARKED, {"me": who.device, "person": who.person}).scalar_one()
        held = connection.execute(WAITING, {"me": who.device}).scalar_one() if who.supervises else 0
    return Standings(
        directory=who.directory.chain.length,
        positions=positions,
        parked=parked,
        quarantined=held,
        office_time=s.now(),
    )


def pull(s: Surroundings, token: bytes, casefile: bytes, after: int) -> Page:
    """The next page of a casefile of mine; see `Office.pull`."""
    with s.database.reading() as connection:
        who = caller(s, connection, token)
        top = connection.execute(
            _TOP, {"casefile": casefile, "me": who.device}
        ).scalar_one_or_none()
        if top is None:
            raise NotYours("there is nothing here under that name")
        upto, size = after, 0
        heads: list[Head] = []
        ends = connection.execute(_BATCHES, {"casefile": casefile, "after": after})
        for seq, device, n, change, signature, weight in ends:
            size += weight
            if heads and (size > MAX_BATCH_BYTES or seq - after > MAX_BATCH_CHANGES):
                break
            upto = seq
            heads.append(
                Head(casefile=casefile, device=device, n=n, id=change, signature=signature)
            )
        rows = (
            connection.execute(_CHANGES, {"casefile": casefile, "after": after, "upto": upto})
            if heads
            else ()
        )
        runs = in_runs(casefile, ((d, n, prev, kid, item) for d, n, prev, kid, item in rows))
    return Page(
        casefile=casefile,
        after=after,
        next=upto,
        top=top,
        runs=runs,
        heads=latest_heads(heads),
    )
