"""Unfinished text that waits for the same person's next device: sealed, signed, unreadable here."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, bindparam, delete, func, insert, select

from sync.errors import NotYours, TooMuch
from sync.protocol import MAX_BATCH_BYTES, ParkedDraft
from sync.server.access import caller, membership
from sync.server.dialects import hold_rows
from sync.server.surroundings import Surroundings
from sync.server.tables import devices, drafts, members

# So that one device's drafts are counted one call after another.
_DEVICE = select(devices.c.device).where(devices.c.device == bindparam("which")).with_for_update()


def park(s: Surroundings, token: bytes, left: Sequence[ParkedDraft]) -> None:
    """Keep drafts of this device; the same draft parked again replaces itself."""
    with s.database.writing() as connection:
        who = caller(s, connection, token, even_revoked=True, held=True)
        hold_rows(connection, _DEVICE, {"which": who.device})
        for draft in left:
            own = draft.device == who.device and draft.person == who.person
            if not own or membership(connection, draft.casefile, who.device) is None:
                raise NotYours("there is nothing here under that name")
            connection.execute(
                delete(drafts).where(drafts.c.device == who.device, drafts.c.draft == draft.draft)
            )
        if left:
            connection.execute(
                insert(drafts),
                [
                    {
                        "device": draft.device,
                        "draft": draft.draft,
                        "casefile": draft.casefile,
                        "person": draft.person,
                        "kid": draft.kid,
                        "sealed": draft.sealed,
                        "signature": draft.signature,
                        "bytes": len(draft.sealed),
                    }
                    for draft in {draft.draft: draft for draft in left}.values()
                ],
            )
        total = connection.execute(
            select(func.sum(drafts.c.bytes)).where(drafts.c.device == who.device)
        ).scalar_one()
        if (total or 0) > s.limits.parked_bytes:
            raise TooMuch("more drafts are parked than the office keeps for one device")


def parked(s: Surroundings, token: bytes) -> tuple[ParkedDraft, ...]:
    """Drafts my other devices left, in casefiles that this one is in; at most a page of them."""
    with s.database.reading() as connection:
        who = caller(s, connection, token)
        rows = connection.execute(
            select(drafts)
            .join(
                members,
                and_(
                    members.c.casefile == drafts.c.casefile,
                    members.c.device == who.device,
                    members.c.current.is_(True),
                ),
            )
            .where(drafts.c.person == who.person, drafts.c.device != who.device)
            .order_by(drafts.c.device, drafts.c.draft)
        )
        out: list[ParkedDraft] = []
        size = 0
        for row in rows:
            size += row.bytes
            if out and size > MAX_BATCH_BYTES:
                break
            out.append(
                ParkedDraft(
                    draft=row.draft,
                    casefile=row.casefile,
                    device=row.device,
                    person=row.person,
                    kid=row.kid,
                    sealed=row.sealed,
                    signature=row.signature,
                )
            )
        return tuple(out)


def unpark(s: Surroundings, token: bytes, taken: Sequence[bytes]) -> None:
    """Drop drafts of this person that were taken over; those already gone are no fault."""
    with s.database.writing() as connection:
        who = caller(s, connection, token, held=True)
        connection.execute(
            delete(drafts).where(drafts.c.person == who.person, drafts.c.draft.in_(list(taken)))
        )
