"""After a restore: taking back what others still have of what the office has lost.

Every change bears its own proof, so any member of a casefile may hand in what she has pulled,
whoever wrote it. It goes into the log, where it stood: what a supervisor's word lets stand, and
nothing that was refused or set aside. An office that never was restored knows no such calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update

from storage.envelope import ZERO_ID, Head
from storage.grants import Grant, read_grant
from storage.runs import Run
from storage.statements import read_statement
from sync.errors import NotYours
from sync.protocol import ChainAnswer, ChainReach
from sync.roster import DirectoryRoster
from sync.server.access import Caller, caller, membership
from sync.server.chains import require_bounded
from sync.server.ledger import Entries, hold_casefiles
from sync.server.offered import Offered, by_chain, offered
from sync.server.surroundings import Surroundings
from sync.server.tables import (
    casefiles,
    chains,
    erased,
    grants,
    held_heads,
    members,
    quarantine,
)


def reaches(s: Surroundings, token: bytes) -> tuple[ChainReach, ...]:
    """How far each chain reaches in the logs of my casefiles; see `Office.reaches`."""
    with s.database.reading() as connection:
        who = _at_a_restored_office(caller(s, connection, token))
        mine = and_(
            members.c.casefile == chains.c.casefile,
            members.c.device == who.device,
            members.c.current.is_(True),
        )
        rows = connection.execute(
            select(chains.c.casefile, chains.c.device, chains.c.n)
            .select_from(chains.join(members, mine))
            .where(chains.c.n > 0)
            .order_by(chains.c.casefile, chains.c.device)
        )
        return tuple(ChainReach(casefile=c, device=d, n=n) for c, d, n in rows)


def _at_a_restored_office(who: Caller) -> Caller:
    if not who.restored:
        raise NotYours("there is nothing here under that name")
    return who


def hand_back(
    s: Surroundings, token: bytes, runs: Sequence[Run], heads: Sequence[Head]
) -> tuple[ChainAnswer, ...]:
    """Take back changes, each chain by itself; see `Office.hand_back`."""
    require_bounded(runs, heads, ())
    with s.database.reading() as connection:
        who = _at_a_restored_office(caller(s, connection, token))
        gone = frozenset(connection.execute(select(erased.c.id)).scalars())
    answers: list[ChainAnswer] = []
    sound: list[Offered] = []
    for key, mine in by_chain(runs).items():
        author = who.directory.certificate(key[1])
        if author is None:
            answers.append(_reply(key, 0, "not-a-member"))
            continue
        vouched = [head for head in heads if (head.casefile, head.device) == key]
        signing = Ed25519PublicKey.from_public_bytes(author.signing)
        sound.append(
            offered(
                mine,
                vouched,
                org=who.org,
                signing=signing,
                may_redact=who.supervises,
                gone=gone,
            )
        )
    with s.database.writing() as connection:
        who = _at_a_restored_office(caller(s, connection, token, held=True))
        hold_casefiles(connection, [chain.casefile for chain in sound])
        answers += [_take(connection, who, chain) for chain in sound]
    return tuple(answers)


def _reply(key: tuple[bytes, bytes], accepted: int, refused: str | None) -> ChainAnswer:
    return ChainAnswer(casefile=key[0], device=key[1], accepted=accepted, refused=refused)


@dataclass(frozen=True, slots=True)
class _Chain:
    """A chain as it stands in the log, and how much of it a supervisor's word lets stand."""

    n: int
    id: bytes
    limit: int
    known: bool


def _take(connection: Connection, who: Caller, chain: Offered) -> ChainAnswer:
    key = chain.casefile, chain.device
    if not membership(connection, chain.casefile, who.device):
        return _reply(key, 0, "not-a-member")
    state = _state(connection, who, chain)
    if not chain.stretches:
        return _reply(key, state.n, chain.refused)
    if chain.first > state.n + 1:
        return _reply(key, state.n, "gap")
    before = chain.first == state.n + 1
    if before and chain.stretches[0].prev != state.id:
        return _reply(key, state.n, "fork")
    if not before and chain.last >= state.n and chain.id_at(state.n) != state.id:
        return _reply(key, state.n, "fork")
    head = _furthest(chain, state)
    if head is None:
        return _reply(key, state.n, chain.refused)
    if not _same_in_quarantine(connection, chain, head):
        return _reply(key, state.n, "fork")
    _store(connection, chain, state, head)
    return _reply(key, head.n, None)


def _furthest(chain: Offered, state: _Chain) -> Head | None:
    """The head that reaches furthest beyond the log, and to nothing that must not be in it."""
    stop = min(state.limit, chain.bare - 1 if chain.bare is not None else state.limit)
    return next((head for head in chain.heads if state.n < head.n <= stop), None)


def _state(connection: Connection, who: Caller, chain: Offered) -> _Chain:
    def current(casefile: bytes) -> Sequence[Grant]:
        packed = connection.execute(
            select(grants.c.packed)
            .join(casefiles, casefiles.c.grant_id == grants.c.id)
            .where(casefiles.c.casefile == casefile)
        ).scalar_one()
        return [read_grant(read_statement(packed))]

    limit = DirectoryRoster(who.directory.chain, current).limit(chain.device, chain.casefile)
    row = connection.execute(select(chains.c.n, chains.c.id).where(_of(chain))).one_or_none()
    if row is None:
        return _Chain(0, ZERO_ID, limit, known=False)
    return _Chain(row.n, row.id if row.n else ZERO_ID, limit, known=True)


def _of(chain: Offered) -> ColumnElement[bool]:
    return and_(chains.c.casefile == chain.casefile, chains.c.device == chain.device)


def _same_in_quarantine(connection: Connection, chain: Offered, head: Head) -> bool:
    """Whether what its author has handed in meanwhile, into quarantine, is this same chain."""
    held = connection.execute(
        select(quarantine.c.id).where(
            quarantine.c.casefile == chain.casefile,
            quarantine.c.device == chain.device,
            quarantine.c.n == head.n,
        )
    ).scalar_one_or_none()
    return held is None or held == head.id


def _store(connection: Connection, chain: Offered, state: _Chain, head: Head) -> None:
    top = connection.execute(
        select(casefiles.c.top).where(casefiles.c.casefile == chain.casefile)
    ).scalar_one()
    entries = Entries()
    top = entries.append(top, chain.between(state.n + 1, head.n), head)
    entries.write(connection)
    connection.execute(
        update(casefiles).where(casefiles.c.casefile == chain.casefile).values(top=top)
    )
    reach = {"n": head.n, "id": head.id, "seq": top}
    if state.known:
        connection.execute(update(chains).where(_of(chain)).values(reach))
    else:
        of_chain = {"casefile": chain.casefile, "device": chain.device}
        connection.execute(insert(chains), {**of_chain, **reach, "held_n": 0, "held_id": b""})
    _out_of_quarantine(connection, chain, head)


def _out_of_quarantine(connection: Connection, chain: Offered, head: Head) -> None:
    """What stands in the log again does not wait for a supervisor."""
    for table in (quarantine, held_heads):
        connection.execute(
            delete(table).where(
                table.c.casefile == chain.casefile,
                table.c.device == chain.device,
                table.c.n <= head.n,
            )
        )
    connection.execute(
        update(chains).where(_of(chain), chains.c.held_n <= head.n).values(held_n=0, held_id=b"")
    )
