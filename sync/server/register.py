"""The organisation's directory at the office: kept, handed out, appended to by compare and set.

The office checks what every device will check again, so that a bad statement stops here and not
on a hundred tablets. It cannot add, shorten or reorder anything unseen.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, delete, insert, select, update

from storage.envelope import ZERO_ID
from storage.errors import BadEnvelope, BadSignature
from storage.statements import DIRECTORY, FIRST, ROOT, Statement, read_statement
from sync.directory import Directory
from sync.errors import (
    ChainRefused,
    InviteRefused,
    NotOurOffice,
    NotYours,
    Stale,
    SyncError,
)
from sync.protocol import RECOVERY_CONTEXT, ChainEnd
from sync.server import failures, inbox, invites, statements
from sync.server.access import LEADS, Caller, caller
from sync.server.acts import write_down
from sync.server.apart import following
from sync.server.claims import as_kept
from sync.server.dialects import hold_standing
from sync.server.logins import spend_challenge
from sync.server.roll import Standing
from sync.server.surroundings import Surroundings
from sync.server.tables import chains, directory, grants, office, tokens

log = logging.getLogger(__name__)

_PAGE_BYTES = 2 * 1024 * 1024
_PAGE_STATEMENTS = 1000
_OFFICE = select(office)


def found(
    s: Surroundings, root_public: bytes, packed: Sequence[bytes], claim: str, address: str
) -> None:
    """Give an empty office its organisation; see `Office.found_organisation`."""
    first = [statements.read(each) for each in packed]
    with statements.in_our_words():
        standing = Standing(Directory(root_public)).extended(first)
        if not standing.chain.devices or standing.chain.recovery_public is None:
            raise BadEnvelope("an organisation needs its root's word and a first device")
    with s.database.writing() as connection:
        hold_standing(connection, alone=True)
        owner = connection.execute(_OFFICE).one()
        if owner.org is not None:
            _require_same(connection, owner.org, standing.chain.org, packed)
            return
        failures.require_few(s, connection, address)
        if owner.claim is not None and owner.claim != as_kept(claim):
            failures.count(s, connection, address)
            connection.commit()
            raise InviteRefused("unknown")
        _append(connection, 0, first)
        s.apart.decide(first)
        connection.execute(
            update(office).values(
                org=standing.chain.org, root_public=root_public, length=len(first), claim=None
            )
        )
    log.info("organisation founded", extra={"org": standing.chain.org.hex()})


def _require_same(
    connection: Connection, ours: bytes, theirs: bytes, packed: Sequence[bytes]
) -> None:
    """A repeated claim is answered as the first was; anybody else's is refused."""
    kept = connection.execute(
        select(directory.c.packed).order_by(directory.c.position).limit(len(packed))
    ).scalars()
    if ours != theirs or list(kept) != list(packed):
        raise NotOurOffice("this office belongs to an organisation already")


def page(s: Surroundings, token: bytes, after: int) -> tuple[bytes, ...]:
    """Statements from position `after` on, at most a page of them.

    Also for a revoked device: it destroys its keys only when it can check that this was ordered.
    """
    with s.database.reading() as connection:
        caller(s, connection, token, even_revoked=True)
        rows = connection.execute(
            select(directory.c.packed)
            .where(directory.c.position >= after)
            .order_by(directory.c.position)
            .limit(_PAGE_STATEMENTS)
        ).scalars()
        out: list[bytes] = []
        size = 0
        for packed in rows:
            size += len(packed)
            if out and size > _PAGE_BYTES:
                break
            out.append(packed)
        return tuple(out)


def publish(s: Surroundings, token: bytes, packed: bytes) -> None:
    """Append one statement; see `Office.publish`."""
    statement = statements.read(packed)
    with s.database.writing() as connection:
        hold_standing(connection, alone=True)
        length = connection.execute(_OFFICE).one().length
        who = caller(s, connection, token)
        _check_bringer(statement, who)
        if _kept(connection, statement):
            return
        with statements.in_our_words():
            after = who.directory.extended([statement])
        _append(connection, length, [statement])
        _carry_out(connection, statement, after)
        write_down(
            connection,
            s.now(),
            who.device,
            _act(statement),
            subject=_bytes(statement.body.get("device")),
        )
        s.apart.decide([statement])


def _check_bringer(statement: Statement, who: Caller) -> None:
    """Everybody publishes what she has signed. An office that was put back from a backup takes
    what it has lost from anybody who has it: the chain says whether it was ever in it."""
    if statement.signer != who.device and who.restored:
        return
    if who.certificate.role not in LEADS:
        raise NotYours("there is nothing here under that name")
    if statement.signer != who.device:
        raise ChainRefused("a statement is signed by somebody who may not")


def recover(
    s: Surroundings, packed: Sequence[bytes]
) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """Let the root in; see `Office.recover`."""
    if not packed:
        raise NotOurOffice("the root did not sign")
    proof, *more = [statements.read(each) for each in packed]
    with s.database.writing() as connection:
        hold_standing(connection, alone=True)
        owner = connection.execute(_OFFICE).one()
        if owner.org is None:
            raise NotOurOffice("this office belongs to nobody yet")
        before = s.roll.at(connection, owner.root_public, owner.length, owner.restored)
        _require_root(proof, before.chain)
        spend_challenge(connection, ROOT, _bytes(proof.body.get("challenge")) or b"", s.now())
        length = owner.length
        for statement in more:
            if statement.signer != ROOT:
                raise ChainRefused("a recovery publishes what the root signed, nothing else")
            if _kept(connection, statement):
                continue
            with statements.in_our_words():
                before = before.extended([statement])
            _append(connection, length, [statement])
            _carry_out(connection, statement, before)
            write_down(connection, s.now(), ROOT, "recover")
            s.apart.decide([statement])
            length += 1
        whole = connection.execute(
            select(directory.c.packed).order_by(directory.c.position)
        ).scalars()
        every = connection.execute(
            select(grants.c.packed).order_by(grants.c.casefile, grants.c.position)
        ).scalars()
        return tuple(whole), tuple(every)


def put_back(connection: Connection, decided: Sequence[Statement]) -> int:
    """Append statements that the database has lost, those that follow; gives how many.

    For a restore: everybody else waits.
    """
    owner = connection.execute(_OFFICE).one()
    decided = [statement for statement in decided if statement.context == DIRECTORY]
    first = next((each for each in decided if each.prev == FIRST), None)
    root = owner.root_public or (_bytes(first.body.get("root")) if first else None)
    if root is None:
        return 0
    kept = connection.execute(select(directory.c.packed).order_by(directory.c.position)).scalars()
    standing = Standing(Directory(root)).extended([read_statement(packed) for packed in kept])
    count = 0
    for statement in following(decided, standing.chain.tip):
        try:
            with statements.in_our_words():
                standing = standing.extended([statement])
            _carry_out(connection, statement, standing)
        except SyncError:
            break
        _append(connection, standing.chain.length - 1, [statement])
        count += 1
    if owner.org is None and count:
        owned = {"org": standing.chain.org, "root_public": root, "claim": None}
        connection.execute(update(office).values(owned))
    return count


def _require_root(proof: Statement, chain: Directory) -> None:
    if proof.context != RECOVERY_CONTEXT or proof.org != chain.org or proof.prev != FIRST:
        raise NotOurOffice("the root did not sign")
    try:
        if proof.signer != ROOT:
            raise BadSignature("not the root")
        proof.check(Ed25519PublicKey.from_public_bytes(chain.root_public))
    except BadSignature as error:
        raise NotOurOffice("the root did not sign") from error


def ends(s: Surroundings, token: bytes, device: bytes) -> tuple[ChainEnd, ...]:
    """How far a device's chains reach in the log; see `Office.chains`."""
    with s.database.reading() as connection:
        who = caller(s, connection, token, roles=LEADS)
        if who.directory.certificate(device) is None:
            raise NotYours("there is nothing here under that name")
        rows = connection.execute(
            select(chains.c.casefile, chains.c.n, chains.c.id)
            .where(chains.c.device == device, chains.c.n > 0)
            .order_by(chains.c.casefile)
        )
        ends = {c: ChainEnd(casefile=c, n=n, id=i) for c, n, i in rows}
        for casefile, upto in inbox.reach(connection, device).items():
            end = ends.get(casefile, ChainEnd(casefile=casefile, n=0, id=ZERO_ID))
            ends[casefile] = replace(end, inbox=upto)
        return tuple(ends[casefile] for casefile in sorted(ends))


def _kept(connection: Connection, statement: Statement) -> bool:
    """Whether this very statement is in the directory already: a repeated call."""
    query = select(directory.c.position).where(directory.c.id == statement.id)
    return connection.execute(query).first() is not None


def _append(connection: Connection, length: int, new: Sequence[Statement]) -> None:
    connection.execute(
        insert(directory),
        [
            {"position": position, "id": statement.id, "packed": statement.packed()}
            for position, statement in enumerate(new, length)
        ],
    )
    connection.execute(update(office).values(length=length + len(new)))


def _carry_out(connection: Connection, statement: Statement, after: Standing) -> None:
    """What a statement changes at the office besides the directory itself."""
    device = _bytes(statement.body.get("device"))
    if device is None:
        return
    if statement.body.get("type") == "certify":
        invites.mark_certified(connection, after.chain.devices[device])
    elif statement.body.get("type") == "revoke":
        with statements.in_our_words():
            last = statements.checked_ends(after.chain.devices[device].last or {})
        _require_complete(connection, device, last, after.chain.devices[device].inboxes or {})
        connection.execute(delete(tokens).where(tokens.c.device == device))
        invites.drop_all_of(connection, device)


def _require_complete(
    connection: Connection,
    device: bytes,
    last: Mapping[bytes, tuple[int, bytes]],
    inboxes: Mapping[bytes, int],
) -> None:
    """Raises Stale when a log or an inbox holds more from a device than its revocation lets
    stand."""
    rows = connection.execute(
        select(chains.c.casefile, chains.c.n).where(chains.c.device == device, chains.c.n > 0)
    )
    if any(last.get(casefile, (0, b""))[0] < n for casefile, n in rows):
        raise Stale("more has been accepted from this device since")
    if any(inboxes.get(c, 0) < upto for c, upto in inbox.reach(connection, device).items()):
        raise Stale("more has been left in inboxes by this device since")


def _act(statement: Statement) -> str:
    return {"certify": "certify", "revoke": "revoke"}.get(
        str(statement.body.get("type")), "publish"
    )


def _bytes(value: object) -> bytes | None:
    return value if isinstance(value, bytes) else None
