"""Grants at the office: who is in a casefile, changed by compare and set.

Founding is anybody's for herself; afterwards only supervisors grant. The office checks who signed,
whom it names and that no key is lost or left out; it can open none of the keys. Must not know
what a casefile is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, bindparam, insert, select, update

from storage.errors import BadEnvelope, BrokenChain
from storage.grants import Grant, check_follows, read_grant
from storage.statements import DIRECTORY, FIRST, ROOT, Statement, read_statement
from sync.directory import NEVER_MEMBERS
from sync.errors import ChainRefused, NotUnderstood, NotYours, Stale
from sync.server import quarantine, statements
from sync.server.access import Caller, caller, membership
from sync.server.acts import write_down
from sync.server.apart import following
from sync.server.ledger import hold_casefiles
from sync.server.surroundings import Surroundings
from sync.server.tables import casefiles, chains, grants, members

LABELS = frozenset({"family", "restricted", "team", "service"})
_MOST_MEMBERS = 2000
_CHAIN = (
    select(grants.c.packed)
    .where(grants.c.casefile == bindparam("casefile"))
    .order_by(grants.c.position)
)


def all_of(s: Surroundings, token: bytes, casefile: bytes) -> tuple[bytes, ...]:
    """Every grant of a casefile of mine, oldest first.

    Whoever was removed gets those up to the one that removed her: a device lets go of a casefile
    on a supervisor's signed word, not because the office says nothing.
    """
    with s.database.reading() as connection:
        return shown_to(connection, caller(s, connection, token), casefile)


def shown_to(connection: Connection, who: Caller, casefile: bytes) -> tuple[bytes, ...]:
    """`all_of` within a transaction. Raises NotYours."""
    now = membership(connection, casefile, who.device)
    if now is None:
        raise NotYours("there is nothing here under that name")
    rows: Sequence[bytes] = connection.execute(_CHAIN, {"casefile": casefile}).scalars().all()
    return tuple(rows) if now else _until_removed(rows, who.device)


def _until_removed(rows: Sequence[bytes], device: bytes) -> tuple[bytes, ...]:
    inside = [
        place
        for place, packed in enumerate(rows)
        if device in read_grant(read_statement(packed)).members
    ]
    return tuple(rows[: inside[-1] + 2]) if inside else ()


def put(s: Surroundings, token: bytes, packed: bytes) -> None:
    """Put a grant onto the current one, or found a casefile; see `Office.grant`."""
    statement = statements.read(packed)
    with statements.in_our_words():
        new = _checked(statement)
    with s.database.writing() as connection:
        who = caller(s, connection, token, held=True)
        signer = _signer(statement, who)
        hold_casefiles(connection, [new.casefile])
        row = connection.execute(
            select(casefiles.c.grant_id, casefiles.c.grants).where(
                casefiles.c.casefile == new.casefile
            )
        ).one_or_none()
        if _kept(connection, statement):
            return
        if row is None:
            _check_founding(connection, new, signer)
        else:
            _check_regrant(connection, new, _read(connection, row.grant_id), signer)
        _check_members(new, who, later=row is not None and signer is who)
        _keep(connection, new, row.grants if row is not None else 0)
        write_down(connection, s.now(), who.device, "grant", casefile=new.casefile, subject=new.id)
        s.apart.decide([statement])


def put_back(connection: Connection, decided: Sequence[Statement]) -> int:
    """Put grants that the database has lost onto those it has; gives how many.

    For a restore: everybody else waits. They were checked when they were first accepted.
    """
    chains: dict[str, list[Statement]] = {}
    for statement in decided:
        if statement.context != DIRECTORY:
            chains.setdefault(statement.context, []).append(statement)
    count = 0
    for chain in chains.values():
        casefile = read_grant(chain[0]).casefile
        row = connection.execute(
            select(casefiles.c.grant_id, casefiles.c.grants).where(casefiles.c.casefile == casefile)
        ).one_or_none()
        tip, next_one = (row.grant_id, row.grants) if row is not None else (FIRST, 0)
        for position, statement in enumerate(following(chain, tip), next_one):
            _keep(connection, read_grant(statement), position)
            count += 1
    return count


def _checked(statement: Statement) -> Grant:
    """A grant of the published form, and of a kind and size that this office keeps."""
    new = read_grant(statement)
    if new.label not in LABELS or not 0 < len(new.members) <= _MOST_MEMBERS:
        raise BadEnvelope("a grant is for no kind of casefile that there is, or for nobody")
    return new


def _signer(statement: Statement, who: Caller) -> Caller:
    """Whose rights a grant is judged by: whoever brings it has signed it, or brings the root's.

    An office that was put back from a backup takes what it has lost from anybody who has it, and
    judges it by who signed.
    """
    with statements.in_our_words():
        if statement.org != who.org:
            raise BadEnvelope("a grant is not of this organisation")
        signer, key = who, who.directory.chain.root_public
        if statement.signer != ROOT:
            found = who.directory.certificate(statement.signer)
            mine = statement.signer == who.device
            if found is None or found.revoked is not None or not (mine or who.restored):
                raise ChainRefused("a grant is signed by somebody who may not")
            key = found.signing
            signer = who if mine else replace(who, certificate=found)
        statement.check(Ed25519PublicKey.from_public_bytes(key))
    return signer


def _check_founding(connection: Connection, new: Grant, who: Caller) -> None:
    if new.statement.prev != FIRST:
        raise NotYours("there is nothing here under that name")
    if new.statement.signer != who.device or who.device not in new.members:
        raise ChainRefused("who founds a casefile has to be in it")
    if new.epoch != 1 or new.last:
        raise NotUnderstood("a new casefile starts with one key and nobody removed")
    linked = new.linked_to
    if linked is not None and not membership(connection, linked, who.device):
        raise NotYours("there is nothing here under that name")
    if who.certificate.role == "worker":
        for device in new.members:
            member = who.directory.certificate(device)
            if member and member.role != "supervisor" and member.person != who.person:
                raise ChainRefused("a worker founds for herself and for supervisors")


def _check_regrant(connection: Connection, new: Grant, current: Grant, who: Caller) -> None:
    """Whoever holds no place in the casefile gets the answer of one that does not exist."""
    rebuilt = ROOT in (new.statement.signer, who.certificate.by)
    inside = who.device in current.members
    if not (inside or (who.supervises and rebuilt)):
        raise NotYours("there is nothing here under that name")
    if not who.supervises:
        raise ChainRefused("only a supervisor grants")
    if new.statement.prev != current.id:
        raise Stale("a grant does not follow on the current one")
    try:
        check_follows(current, new)
    except BrokenChain as error:  # the one before it is the right one: it is what it takes away
        raise ChainRefused("a grant takes something away that has to stay") from error
    removed = set(current.members) - set(new.members)
    if removed:
        _require_complete(connection, new, removed)


def _require_complete(connection: Connection, new: Grant, removed: set[bytes]) -> None:
    """Raises Stale when the log holds more from a removed device than the grant lets stand."""
    rows = connection.execute(
        select(chains.c.device, chains.c.n).where(
            chains.c.casefile == new.casefile, chains.c.device.in_(removed), chains.c.n > 0
        )
    )
    if any(new.last.get(device, (0, b""))[0] < n for device, n in rows):
        raise Stale("more has been accepted from a removed device since")


def _check_members(new: Grant, who: Caller, *, later: bool) -> None:
    """Raises Stale for a device that must not be given keys, ChainRefused for an administrator's.

    Who founded out of signal could not know of a revocation since (`later` is not founding), nor
    what is given back after a restore; their text must not wait for it: the device revoked gets
    nothing from the office anyway.
    """
    for device in new.members:
        member = who.directory.certificate(device)
        if member is None or (member.revoked is not None and later):
            raise Stale("a grant names a device that is not, or no longer, in the directory")
        if member.role in NEVER_MEMBERS:
            raise ChainRefused("neither administrators nor the desk hold a casefile key")


def _read(connection: Connection, grant_id: bytes) -> Grant:
    packed = connection.execute(select(grants.c.packed).where(grants.c.id == grant_id)).scalar_one()
    return read_grant(read_statement(packed))


def _kept(connection: Connection, statement: Statement) -> bool:
    """Whether this very grant was accepted already: a repeated call."""
    query = select(grants.c.position).where(grants.c.id == statement.id)
    return connection.execute(query).first() is not None


def _keep(connection: Connection, new: Grant, position: int) -> None:
    if position == 0:
        connection.execute(
            insert(casefiles),
            {"casefile": new.casefile, "top": 0, "grant_id": new.id, "grants": 1, "inbox": 0},
        )
    else:
        connection.execute(
            update(casefiles)
            .where(casefiles.c.casefile == new.casefile)
            .values(grant_id=new.id, grants=position + 1)
        )
    connection.execute(
        insert(grants),
        {
            "casefile": new.casefile,
            "position": position,
            "id": new.id,
            "packed": new.statement.packed(),
        },
    )
    _settle_members(connection, new)


def _settle_members(connection: Connection, new: Grant) -> None:
    rows = connection.execute(
        select(members.c.device, members.c.current).where(members.c.casefile == new.casefile)
    )
    before = {row.device: row.current for row in rows}
    wanted = set(new.members)
    gone = [device for device, current in before.items() if current and device not in wanted]
    back = [device for device, current in before.items() if not current and device in wanted]
    for devices, current in ((gone, False), (back, True)):
        if devices:
            connection.execute(
                update(members)
                .where(members.c.casefile == new.casefile, members.c.device.in_(devices))
                .values(current=current)
            )
    fresh = [
        {"casefile": new.casefile, "device": device, "current": True}
        for device in new.members
        if device not in before
    ]
    if fresh:
        connection.execute(insert(members), fresh)
    for device in back:
        quarantine.release(connection, new.casefile, device)
