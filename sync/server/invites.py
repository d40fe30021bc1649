"""Invites and the requests to join that come in on them.

The office knows an invite by the hash of its lookup id and cannot check a request: that takes the
secret, which only the inviter and the joiner have. It sees to the rest: once, in time, and not by
trying. Must not know what a request says.
"""

from __future__ import annotations

import hmac

from sqlalchemy import Connection, delete, func, insert, select, update

from storage.seal import fingerprint
from sync.directory import Certificate
from sync.errors import InviteRefused, NotYours, TooMuch
from sync.protocol import INVITE_LIFE_S, Enrolment, EnrolmentState
from sync.server import failures
from sync.server.access import LEADS, caller
from sync.server.dialects import forget
from sync.server.surroundings import DAY_MS, Surroundings
from sync.server.tables import directory, invites

KEPT_MS = 7 * DAY_MS
"""How long a request stays after its invite has run out: the inviter may have been on leave."""


def announce(s: Surroundings, token: bytes, lookup: bytes, expires: int) -> None:
    """Take note of an invite; see `Office.invite`. Lives at most 24 hours by the office's clock."""
    now = s.now()
    with s.database.writing() as connection:
        who = caller(s, connection, token, roles=LEADS, held=True)
        connection.execute(forget(invites.c.lookup, invites.c.expires <= now - KEPT_MS))
        kept = connection.execute(
            select(invites.c.device).where(invites.c.lookup == lookup)
        ).scalar_one_or_none()
        if kept is not None:
            if kept != who.device:
                raise NotYours("there is nothing here under that name")
            return
        if expires <= now:
            raise InviteRefused("expired")
        open_ones = connection.execute(
            select(func.count())
            .select_from(invites)
            .where(invites.c.device == who.device, invites.c.expires > now)
        ).scalar_one()
        if open_ones >= s.limits.open_invites:
            raise TooMuch("too many invites are open")
        connection.execute(
            insert(invites),
            {
                "lookup": lookup,
                "device": who.device,
                "expires": min(expires, now + INVITE_LIFE_S * 1000),
                "certified": False,
            },
        )


def withdraw(s: Surroundings, token: bytes, lookup: bytes) -> None:
    """Take an invite of mine back; nothing happens, and nothing is told, when there is none."""
    with s.database.writing() as connection:
        who = caller(s, connection, token, roles=LEADS, held=True)
        connection.execute(
            delete(invites).where(
                invites.c.lookup == lookup,
                invites.c.device == who.device,
                invites.c.certified.is_(False),
            )
        )


def waiting(s: Surroundings, token: bytes) -> tuple[Enrolment, ...]:
    """Requests on this device's invites that nobody has certified yet."""
    with s.database.reading() as connection:
        who = caller(s, connection, token, roles=LEADS)
        rows = connection.execute(
            select(invites.c.lookup, invites.c.request, invites.c.mac, invites.c.at)
            .where(
                invites.c.device == who.device,
                invites.c.request.is_not(None),
                invites.c.certified.is_(False),
            )
            .order_by(invites.c.at)
        )
        return tuple(Enrolment(invite=i, request=r, mac=m, at=at) for i, r, m, at in rows)


def enrol(s: Surroundings, lookup_id: bytes, request: bytes, mac: bytes, address: str) -> None:
    """Take a request to join; see `Office.enrol`."""
    now = s.now()
    with s.database.writing() as connection:
        failures.require_few(s, connection, address)
        lookup = fingerprint(lookup_id)
        found = connection.execute(
            select(invites).where(invites.c.lookup == lookup).with_for_update()
        ).one_or_none()
        reason = None
        if found is None:
            reason = "unknown"
        elif found.request is not None:
            if hmac.compare_digest(found.request + found.mac, request + mac):
                return
            reason = "used"
        elif found.expires <= now:
            reason = "expired"
        if reason is not None:
            failures.count(s, connection, address)
            connection.commit()
            raise InviteRefused(reason)
        connection.execute(
            update(invites)
            .where(invites.c.lookup == lookup)
            .values(request=request, mac=mac, at=now)
        )


def state(s: Surroundings, lookup_id: bytes, address: str) -> EnrolmentState:
    """How a request to join stands; see `Office.enrolment`."""
    with s.database.reading() as connection:
        failures.require_few(s, connection, address)
        found = connection.execute(
            select(invites).where(invites.c.lookup == fingerprint(lookup_id))
        ).one_or_none()
        if found is not None and found.certified:
            whole = connection.execute(
                select(directory.c.packed).order_by(directory.c.position)
            ).scalars()
            return EnrolmentState(state="certified", directory=tuple(whole))
        if found is not None and (found.request is not None or found.expires > s.now()):
            return EnrolmentState(state="waiting")
    with s.database.writing() as connection:
        failures.count(s, connection, address)
    raise InviteRefused("unknown" if found is None else "expired")


def mark_certified(connection: Connection, certificate: Certificate) -> None:
    """Note which request a new certificate answers.

    What a request looks like is between joiner and inviter; that the certified signing key stands
    in it is enough to know it by, since nobody can sign with a key they only copied.
    """
    rows = connection.execute(
        select(invites.c.lookup, invites.c.request).where(
            invites.c.request.is_not(None), invites.c.certified.is_(False)
        )
    ).all()
    answered = [lookup for lookup, request in rows if certificate.signing in request]
    if answered:
        connection.execute(
            update(invites).where(invites.c.lookup.in_(answered)).values(certified=True)
        )


def drop_all_of(connection: Connection, device: bytes) -> None:
    """A revoked device invites nobody any more."""
    connection.execute(
        delete(invites).where(invites.c.device == device, invites.c.certified.is_(False))
    )
