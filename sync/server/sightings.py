"""When devices were last heard from, and whether a lost one has dropped its keys."""

from __future__ import annotations

from sqlalchemy import select, update

from sync.directory import DESK
from sync.errors import NotYours
from sync.protocol import DeviceSeen
from sync.server.access import LEADS, caller
from sync.server.acts import write_down
from sync.server.surroundings import Surroundings
from sync.server.tables import devices


def seen(s: Surroundings, token: bytes) -> tuple[DeviceSeen, ...]:
    """Every device in good standing, and revoked ones that still owe a wipe."""
    with s.database.reading() as connection:
        who = caller(s, connection, token, roles=LEADS)
        rows = connection.execute(
            select(devices.c.device, devices.c.last_seen, devices.c.wiped)
        ).all()
    heard = {row.device: row for row in rows}
    out: list[DeviceSeen] = []
    for certificate in who.directory.chain.devices.values():
        if certificate.role == DESK:  # it is here, or nothing is
            continue
        row = heard.get(certificate.device)
        revoked = certificate.revoked is not None
        owes = revoked and certificate.wipe and (row is None or row.wiped is None)
        if owes or not revoked:
            out.append(
                DeviceSeen(
                    device=certificate.device,
                    last_seen=row.last_seen if row else None,
                    wipe_pending=owes,
                )
            )
    return tuple(out)


def wiped(s: Surroundings, token: bytes) -> None:
    """A revoked device says that its keys are gone."""
    with s.database.writing() as connection:
        who = caller(s, connection, token, even_revoked=True, held=True)
        if not who.revoked:
            raise NotYours("there is nothing here under that name")
        kept = connection.execute(
            update(devices)
            .where(devices.c.device == who.device, devices.c.wiped.is_(None))
            .values(wiped=s.now())
        )
        if kept.rowcount:
            write_down(connection, s.now(), who.device, "wiped")
