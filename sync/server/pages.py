"""Handing out what is new: where a device stands, and the next page of a casefile.

A page ends where a pushed batch ended, because there a signed head covers everything before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import BindParameter, Connection, and_, bindparam, func, select

from storage.envelope import Head
from storage.runs import Run
from sync.errors import NotYours
from sync.protocol import MAX_BATCH_BYTES, MAX_BATCH_CHANGES, Page, Position, Standings
from sync.server.access import Caller, caller
from sync.server.ledger import items_of
from sync.server.quarantine import WAITING
from sync.server.runs import joined_runs
from sync.server.surroundings import Surroundings
from sync.server.tables import casefiles, drafts, members, stretches

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
_STRETCHES = (
    select(
        stretches.c.seq,
        stretches.c.device,
        stretches.c.n,
        stretches.c.kid,
        stretches.c.prev,
        stretches.c.ids,
        stretches.c.bytes.label("size"),
        stretches.c.signature,
    )
    .where(stretches.c.casefile == _CASEFILE, stretches.c.seq > bindparam("after"))
    .order_by(stretches.c.seq)
    .limit(MAX_BATCH_CHANGES)
)
_ITEMS = (
    select(stretches.c.packed)
    .where(
        stretches.c.casefile == _CASEFILE,
        stretches.c.seq > bindparam("after"),
        stretches.c.seq <= bindparam("upto"),
    )
    .order_by(stretches.c.seq)
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
        restored=who.restored,
    )


def pull(s: Surroundings, token: bytes, casefile: bytes, after: int) -> Page:
    """The next page of a casefile of mine; see `Office.pull`."""
    with s.database.reading() as connection:
        return following(connection, caller(s, connection, token), casefile, after).read()


@dataclass(frozen=True, slots=True)
class Following:
    """The next page of a casefile, as yet without its items: those are read when it is wanted."""

    connection: Connection
    casefile: bytes
    after: int
    top: int
    stretches: Sequence[_Stretch]

    @property
    def changes(self) -> int:
        """How many the page has, known ones aside."""
        return self.stretches[-1].seq - self.after if self.stretches else 0

    @property
    def size(self) -> int:
        """Bytes of its items, known ones included."""
        return sum(stretch.size for stretch in self.stretches)

    def read(self) -> Page:
        """With the items; within the transaction it was found in."""
        items: list[list[bytes]] = []
        if self.stretches:
            bounds = {
                "casefile": self.casefile,
                "after": self.after,
                "upto": self.stretches[-1].seq,
            }
            items = [items_of(each) for each in self.connection.execute(_ITEMS, bounds).scalars()]
        return _page(self.casefile, self.after, self.top, self.stretches, items)


def following(connection: Connection, who: Caller, casefile: bytes, after: int) -> Following:
    """The next page of a casefile of theirs. Raises NotYours."""
    top = connection.execute(_TOP, {"casefile": casefile, "me": who.device}).scalar_one_or_none()
    if top is None:
        raise NotYours("there is nothing here under that name")
    found = connection.execute(_STRETCHES, {"casefile": casefile, "after": after})
    return Following(connection, casefile, after, top, _one_page(after, found))


class _Stretch(Protocol):
    """One row of `stretches`."""

    seq: int
    device: bytes
    n: int
    kid: bytes
    prev: bytes
    ids: bytes
    size: int
    signature: bytes | None


def _one_page(after: int, found: Iterable[_Stretch]) -> list[_Stretch]:
    """Stretches up to the last head that fits; always at least up to the first head."""
    taken: list[_Stretch] = []
    covered, size = 0, 0
    for stretch in found:
        size += stretch.size
        if covered and (size > MAX_BATCH_BYTES or stretch.seq - after > MAX_BATCH_CHANGES):
            break
        taken.append(stretch)
        if stretch.signature is not None:
            covered = len(taken)
    return taken[:covered]


def _page(
    casefile: bytes,
    after: int,
    top: int,
    taken: Sequence[_Stretch],
    packed: Sequence[Sequence[bytes]],
) -> Page:
    runs: list[Run] = []
    heads: dict[bytes, Head] = {}  # the furthest of each device vouches for all before it
    for stretch, items in zip(taken, packed, strict=True):
        first, prev = stretch.n - len(items) + 1, stretch.prev
        known = after - (stretch.seq - len(items))
        if known > 0:  # asked from the middle of a stretch
            first, prev = first + known, stretch.ids[32 * known - 32 : 32 * known]
            items = items[known:]
        run = Run(
            casefile=casefile,
            device=stretch.device,
            kid=stretch.kid,
            first=first,
            prev=prev,
            items=tuple(items),
        )
        runs.append(run)
        if stretch.signature is not None:
            heads[stretch.device] = Head(
                casefile=casefile,
                device=stretch.device,
                n=stretch.n,
                id=stretch.ids[-32:],
                signature=stretch.signature,
            )
    return Page(
        casefile=casefile,
        after=after,
        next=taken[-1].seq if taken else after,
        top=top,
        runs=tuple(joined_runs(runs)),
        heads=tuple(heads.values()),
    )
