"""Several casefiles in one call: a device with thirty families asks once, not thirty times.

Each is answered as it would be alone; what is not the caller's is left out, as if it were not
there. Bounded as one page is: whoever gets fewer than she asked for asks again for the rest.
"""

from __future__ import annotations

from collections.abc import Sequence

from sync.errors import NotYours
from sync.protocol import (
    MAX_BATCH_BYTES,
    MAX_BATCH_CHANGES,
    MAX_CASEFILES,
    CasefileGrants,
    Cursor,
    Page,
)
from sync.server import grants, pages
from sync.server.access import caller
from sync.server.surroundings import Surroundings


def pull(s: Surroundings, token: bytes, wanted: Sequence[Cursor]) -> tuple[Page, ...]:
    """Pages of casefiles of mine, in the order asked; see `Office.pull_several`."""
    out: list[Page] = []
    changes = size = 0
    with s.database.reading() as connection:
        who = caller(s, connection, token)
        for cursor in wanted[:MAX_CASEFILES]:
            try:
                found = pages.following(connection, who, cursor.casefile, cursor.after)
            except NotYours:
                continue
            changes, size = changes + found.changes, size + found.size
            if out and (changes > MAX_BATCH_CHANGES or size > MAX_BATCH_BYTES):
                break
            out.append(found.read())
    return tuple(out)


def grants_of(
    s: Surroundings, token: bytes, casefiles: Sequence[bytes]
) -> tuple[CasefileGrants, ...]:
    """Grants of casefiles of mine, in the order asked; see `Office.grants_several`."""
    out: list[CasefileGrants] = []
    size = 0
    with s.database.reading() as connection:
        who = caller(s, connection, token)
        for casefile in casefiles[:MAX_CASEFILES]:
            try:
                statements = grants.shown_to(connection, who, casefile)
            except NotYours:
                continue
            size += sum(map(len, statements))
            if out and size > MAX_BATCH_BYTES:
                break
            out.append(CasefileGrants(casefile=casefile, statements=statements))
    return tuple(out)
