"""What revoked and removed devices sent too late: fetched for a supervisor to look at, and told
to the office once she has.

She adopts a change (written anew in her name, the original quoted) or dismisses it in the vault;
only when nothing of a chain is left to decide, and her adoptions have reached the office, does the
office hear that it is settled. Nothing is lost in between, wherever it stops.
"""

from __future__ import annotations

from storage.errors import BadEnvelope
from sync.intake import ALTERED, Taken
from sync.line import Line


def take_quarantined(line: Line, taken: Taken) -> None:
    """Fetch what waits in this supervisor's casefiles, and settle what has been decided."""
    sent = line.file.outbox_size().changes == 0
    for page in line.ask(line.office.quarantined):
        try:
            taken.quarantined += line.vault.accept_quarantined(page, line.roster)
        except BadEnvelope:
            taken.doubt(page.casefile, ALTERED)
            continue
        for device, upto in {run.device: run.last for run in page.runs}.items():
            if sent and not _waiting(line, page.casefile, device, upto):
                line.ask(line.office.settle_quarantine, page.casefile, device, upto)


def _waiting(line: Line, casefile: bytes, device: bytes, upto: int) -> bool:
    """Whether a supervisor still has to decide about a part of this chain."""
    return any(
        (q.casefile, q.device) == (casefile.hex(), device.hex()) and q.n <= upto and not q.inbox
        for q in line.vault.quarantine()
    )
