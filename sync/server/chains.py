"""Taking in what devices push: every chain by itself, every batch in one transaction.

The casefile's row is locked while its counter moves and its changes are written, so the sequence
is dense: no change can ever become visible below a number that somebody has already read past.
The office refuses a broken link and a missing right, nothing else; it cannot read the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import (
    BindParameter,
    Connection,
    and_,
    bindparam,
    insert,
    select,
    update,
)

from storage.envelope import ZERO_ID, Head
from storage.runs import Run
from sync.errors import NotYours, TooMuch
from sync.protocol import MAX_BATCH_BYTES, MAX_BATCH_CHANGES, ChainAnswer
from sync.server.access import Caller, caller
from sync.server.allowance import spend
from sync.server.dialects import hold_standing
from sync.server.ledger import Entries, hold_casefiles
from sync.server.offered import Offered, Stretch, by_chain, offered
from sync.server.redaction import drop
from sync.server.surroundings import Surroundings
from sync.server.tables import (
    casefiles,
    chains,
    erased,
    held_heads,
    members,
    quarantine,
    stretches,
)

_ERASED = select(erased.c.id)
_ME: BindParameter[bytes] = bindparam("me")
_STATE = select(
    casefiles.c.casefile,
    casefiles.c.top,
    members.c.current,
    chains.c.n,
    chains.c.id,
    chains.c.seq,
    chains.c.held_n,
    chains.c.held_id,
).select_from(
    casefiles.join(
        members, and_(members.c.casefile == casefiles.c.casefile, members.c.device == _ME)
    ).outerjoin(chains, and_(chains.c.casefile == casefiles.c.casefile, chains.c.device == _ME))
)
# Most pushes are one save in one casefile; a list to be expanded costs half as much again.
_STATE_OF_ONE = _STATE.where(casefiles.c.casefile == bindparam("one"))
_STATES = _STATE.where(casefiles.c.casefile.in_(bindparam("wanted", expanding=True)))
_RAISE_TOP = (
    update(casefiles)
    .where(casefiles.c.casefile == bindparam("which"))
    .values(top=bindparam("new_top"))
)
_MOVE_CHAIN = (
    update(chains)
    .where(chains.c.casefile == bindparam("which"), chains.c.device == bindparam("whose"))
    .values({name: bindparam(f"new_{name}") for name in ("n", "id", "seq", "held_n", "held_id")})
)


@dataclass(frozen=True, slots=True)
class _State:
    """How one chain stands at the office before this push."""

    top: int
    current: bool
    known: bool
    n: int
    id: bytes
    seq: int
    held_n: int
    held_id: bytes

    @property
    def end(self) -> int:
        return self.held_n or self.n


@dataclass(slots=True)
class _Writes:
    """Rows of one push, written table by table at the end."""

    log: Entries = field(default_factory=Entries)
    tops: list[dict[str, object]] = field(default_factory=list)
    held: list[dict[str, object]] = field(default_factory=list)
    held_heads: list[dict[str, object]] = field(default_factory=list)
    new_chains: list[dict[str, object]] = field(default_factory=list)
    moved_chains: list[dict[str, object]] = field(default_factory=list)
    size: int = 0

    def carry_out(self, connection: Connection) -> None:
        self.log.write(connection)
        for statement, rows in (
            (_RAISE_TOP, self.tops),
            (insert(quarantine), self.held),
            (insert(held_heads), self.held_heads),
            (insert(chains), self.new_chains),
            (_MOVE_CHAIN, self.moved_chains),
        ):
            if rows:
                connection.execute(statement, rows)


def push(
    s: Surroundings,
    token: bytes,
    runs: Sequence[Run],
    heads: Sequence[Head],
    drops: Sequence[bytes],
) -> tuple[ChainAnswer, ...]:
    """Store what is new, answer for every chain; see `Office.push`."""
    require_bounded(runs, heads, drops)
    with s.database.reading() as connection:
        who = caller(s, connection, token, even_revoked=True)
        gone = frozenset(connection.execute(_ERASED).scalars()) if who.restored else frozenset()
    if drops and not who.supervises:
        raise NotYours("there is nothing here under that name")
    ours, answers = _prepared(runs, heads, who, gone)
    if ours or drops:
        with s.database.writing() as connection:
            if drops:  # may touch any of her casefiles: nobody else writes meanwhile
                hold_standing(connection, alone=True)
            who = caller(s, connection, token, even_revoked=True, held=True)
            hold_casefiles(connection, [chain.casefile for chain in ours])
            writes = _Writes()
            states = _states(connection, who, ours)
            for chain in ours:
                key = (chain.casefile, chain.device)
                answers[key] = _answer(connection, chain, states, writes)
            spend(s, connection, who, writes.size)
            writes.carry_out(connection)
            # Text goes only together with the signed change that says so.
            if drops and not any(answer.refused for answer in answers.values()):
                drop(s, connection, who, drops)
        if drops:
            s.database.forget_log()
    return tuple(answers.values())


def require_bounded(runs: Sequence[Run], heads: Sequence[Head], drops: Sequence[bytes]) -> None:
    """Raises TooMuch for more than the office takes in one transaction."""
    count = sum(len(run.items) for run in runs)
    size = sum(len(item) for run in runs for item in run.items)
    if max(count, len(heads), len(drops)) > MAX_BATCH_CHANGES or size > MAX_BATCH_BYTES:
        raise TooMuch("a batch is larger than the office takes at once")


def _prepared(
    runs: Sequence[Run], heads: Sequence[Head], who: Caller, gone: frozenset[bytes]
) -> tuple[list[Offered], dict[tuple[bytes, bytes], ChainAnswer]]:
    """The caller's own chains, checked; and an answer for every chain, so far a refusal."""
    vouched: dict[tuple[bytes, bytes], list[Head]] = {}
    for head in heads:
        vouched.setdefault((head.casefile, head.device), []).append(head)
    signing = Ed25519PublicKey.from_public_bytes(who.certificate.signing)
    ours: list[Offered] = []
    answers: dict[tuple[bytes, bytes], ChainAnswer] = {}
    for key, mine in by_chain(runs).items():
        answers[key] = ChainAnswer(
            casefile=key[0], device=key[1], accepted=0, refused="not-a-member"
        )
        if key[1] == who.device:  # nobody speaks for another device
            ours.append(
                offered(
                    mine,
                    vouched.get(key, ()),
                    org=who.org,
                    signing=signing,
                    may_redact=who.supervises,
                    gone=gone,
                )
            )
    return ours, answers


def _states(connection: Connection, who: Caller, ours: Iterable[Offered]) -> Mapping[bytes, _State]:
    wanted = [chain.casefile for chain in ours]
    if not wanted:
        return {}
    if len(wanted) == 1:
        rows = connection.execute(_STATE_OF_ONE, {"me": who.device, "one": wanted[0]})
    else:
        rows = connection.execute(_STATES, {"me": who.device, "wanted": wanted})
    return {
        casefile: _State(
            top=top,
            current=current and not who.revoked,
            known=n is not None,
            n=n or 0,
            id=ZERO_ID if n is None else i,
            seq=seq or 0,
            held_n=held_n or 0,
            held_id=held_id or b"",
        )
        for casefile, top, current, n, i, seq, held_n, held_id in rows
    }


def _answer(
    connection: Connection,
    chain: Offered,
    states: Mapping[bytes, _State],
    writes: _Writes,
) -> ChainAnswer:
    state = states.get(chain.casefile)
    if state is None:
        return _reply(chain, 0, "not-a-member", held=False, top=0)
    fault = _link(connection, chain, state)
    if fault is not None:
        return _reply(chain, state.end, fault, held=state.held_n > 0, top=_top(state))
    head = chain.covered(state.end) if chain.stretches else None
    if head is None:
        refused = chain.refused
        if refused is None and chain.stretches and chain.last > state.end:
            refused = "bad-head" if chain.bare is None or chain.bare <= state.end else "redacted"
        return _reply(chain, state.end, refused, held=state.held_n > 0, top=_top(state))
    fresh = chain.between(state.end + 1, head.n)
    top = _store(chain, state, fresh, head, writes)
    refused = chain.refused
    if refused is None and chain.bare is not None and chain.bare > head.n:
        refused = "redacted"
    return _reply(chain, head.n, refused, held=not state.current, top=top)


def _reply(
    chain: Offered, accepted: int, refused: str | None, *, held: bool, top: int
) -> ChainAnswer:
    return ChainAnswer(
        casefile=chain.casefile,
        device=chain.device,
        accepted=accepted,
        refused=refused,
        quarantined=held,
        top=top,
    )


def _top(state: _State) -> int:
    return 0 if state.held_n else state.seq


def _link(connection: Connection, chain: Offered, state: _State) -> str | None:
    """How the pushed chain fails to follow on what the office holds, if it does."""
    if not chain.stretches:
        return None
    if chain.first > state.end + 1:
        return "gap"
    end_id = state.held_id if state.held_n else state.id
    if chain.first == state.end + 1:
        return None if chain.stretches[0].prev == end_id else "fork"
    # An id vouches for everything before it, so comparing the last one both have is enough.
    shared = min(chain.last, state.end)
    kept = end_id if shared == state.end else _id_at(connection, chain, shared)
    return None if chain.id_at(shared) == kept else "fork"


def _id_at(connection: Connection, chain: Offered, n: int) -> bytes | None:
    """The id of a change that the office holds already, well before the end of its chain."""
    where = (
        stretches.c.casefile == chain.casefile,
        stretches.c.device == chain.device,
        stretches.c.n >= n,
    )
    stretch = connection.execute(
        select(stretches.c.n, stretches.c.ids).where(*where).order_by(stretches.c.n).limit(1)
    ).first()
    if stretch is not None:
        end = len(stretch.ids) - 32 * (stretch.n - n)
        return bytes(stretch.ids[end - 32 : end])
    held: bytes | None = connection.execute(
        select(quarantine.c.id).where(
            quarantine.c.casefile == chain.casefile,
            quarantine.c.device == chain.device,
            quarantine.c.n == n,
        )
    ).scalar_one_or_none()
    return held


def _store(
    chain: Offered, state: _State, fresh: Sequence[Stretch], head: Head, writes: _Writes
) -> int:
    """Note the rows to write; gives the sequence number of the last change, 0 in quarantine."""
    row: dict[str, object] = {"n": state.n, "id": state.id, "seq": state.seq}
    row |= {"held_n": state.held_n, "held_id": state.held_id}
    writes.size += sum(stretch.size for stretch in fresh)
    top = 0
    if state.current:
        top = writes.log.append(state.top, fresh, head)
        writes.tops.append({"which": chain.casefile, "new_top": top})
        row |= {"n": head.n, "id": head.id, "seq": top}
    else:
        _hold(chain, fresh, head, writes)
        row |= {"held_n": head.n, "held_id": head.id}
    if state.known:
        moved = {f"new_{name}": value for name, value in row.items()}
        writes.moved_chains.append({"which": chain.casefile, "whose": chain.device, **moved})
    else:
        writes.new_chains.append({"casefile": chain.casefile, "device": chain.device, **row})
    return top


def _hold(chain: Offered, fresh: Sequence[Stretch], head: Head, writes: _Writes) -> None:
    of_chain = {"casefile": chain.casefile, "device": chain.device}
    for stretch in fresh:
        prevs = [stretch.prev, *stretch.ids]
        writes.held += [
            {
                **of_chain,
                "n": n,
                "prev": p,
                "id": i,
                "kid": stretch.kid,
                "item": item,
                "settled": False,
            }
            for n, p, i, item in zip(
                range(stretch.first, stretch.last + 1),
                prevs[:-1],
                stretch.ids,
                stretch.items,
                strict=True,
            )
        ]
    writes.held_heads.append({**of_chain, "n": head.n, "id": head.id, "signature": head.signature})
