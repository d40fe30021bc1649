"""Dropping the sealed text of a redacted change and keeping its hash, so the chain still verifies.

The signed change that orders it travels like any other; here only the ciphertext goes.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, and_, bindparam, select, update

from storage.seal import NONCE_BYTES, fingerprint
from sync.server.access import Caller
from sync.server.acts import write_down
from sync.server.surroundings import Surroundings
from sync.server.tables import changes, members, quarantine

_BARE = NONCE_BYTES + 32


def drop(s: Surroundings, connection: Connection, who: Caller, ids: Sequence[bytes]) -> None:
    """Drop the text of changes in the caller's casefiles; others are left, and not told apart."""
    for table in (changes, quarantine):
        rows = connection.execute(
            select(table.c.casefile, table.c.id, table.c.item)
            .select_from(
                table.join(
                    members,
                    and_(
                        members.c.casefile == table.c.casefile,
                        members.c.device == who.device,
                        members.c.current.is_(True),
                    ),
                )
            )
            .where(table.c.id.in_(list(ids)))
        ).all()
        for casefile, change, item in rows:
            if len(item) == _BARE:
                continue
            bare = item[:NONCE_BYTES] + fingerprint(item[NONCE_BYTES:])
            connection.execute(
                update(table).where(table.c.id == bindparam("which")).values(item=bare),
                {"which": change},
            )
            write_down(connection, s.now(), who.device, "redact", casefile=casefile, subject=change)
