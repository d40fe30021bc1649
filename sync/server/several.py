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
from sync.server.surroundings import Surroundings


def pull(s: Surroundings, token: bytes, wanted: Sequence[Cursor]) -> tuple[Page, ...]:
    """Pages of casefiles of mine, in the order asked; see `Office.pull_several`."""
    out: list[Page] = []
    changes = size = 0
    for cursor in wanted[:MAX_CASEFILES]:
        try:
            page = pages.pull(s, token, cursor.casefile, cursor.after)
        except NotYours:
            continue
        changes += page.next - page.after
        size += sum(len(item) for run in page.runs for item in run.items)
        if out and (changes > MAX_BATCH_CHANGES or size > MAX_BATCH_BYTES):
            break
        out.append(page)
    return tuple(out)


def grants_of(
    s: Surroundings, token: bytes, casefiles: Sequence[bytes]
) -> tuple[CasefileGrants, ...]:
    """Grants of casefiles of mine, in the order asked; see `Office.grants_several`."""
    out: list[CasefileGrants] = []
    size = 0
    for casefile in casefiles[:MAX_CASEFILES]:
        try:
            statements = grants.all_of(s, token, casefile)
        except NotYours:
            continue
        size += sum(map(len, statements))
        if out and size > MAX_BATCH_BYTES:
            break
        out.append(CasefileGrants(casefile=casefile, statements=statements))
    return tuple(out)
