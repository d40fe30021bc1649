"""What a device does at the first contacts after the office was put back from a backup.

The office says which restore it has been through. A device that sees a new one pulls anew, offers
its own chains again, and hands back what it has of the rest: statements of the directory, grants,
and the changes of others. All bear their own proof, so it does not matter whose device brings them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

from sync.errors import ChainRefused, NotUnderstood, NotYours, Stale
from sync.line import Line, pending_casefiles
from sync.protocol import MAX_BATCH_CHANGES, Standings

log = logging.getLogger(__name__)

_REFUSED = (ChainRefused, NotUnderstood, NotYours, Stale)


def after_a_restore(line: Line, standings: Standings) -> Standings:
    """Give the office back what it has forgotten; gives how things stand then.

    Nothing happens at an office that never was restored, or has everything.
    """
    if not standings.restored:
        return standings
    if standings.restored != line.file.get("restored"):
        line.file.begin_anew(standings.restored)
    count = sum(_directory(line, standings.directory)) + sum(_grants(line, standings))
    if not count:
        return standings
    log.info("given back to a restored office", extra={"statements": count})
    return line.ask(line.office.standings)


def after_receiving(line: Line, standings: Standings) -> int:
    """Hand back what others wrote, as far as this device has it and the office lost it; gives how
    many changes. For the end of a round, when everything that is there has been received."""
    left = line.file.number("hand-back")
    if not standings.restored or not left:
        return 0
    there = {(reach.casefile, reach.device): reach.n for reach in line.ask(line.office.reaches)}
    mine = {position.casefile for position in standings.positions}
    count, whole = 0, True
    for (casefile, device), n in line.file.chain_reaches().items():
        if casefile in mine and device != line.file.device_id:
            reached = _hand_back(line, casefile, device, there.get((casefile, device), 0), n)
            count += reached - there.get((casefile, device), 0)
            whole = whole and reached >= n
    if line.vault.me is not None and line.vault.me.role == "supervisor":
        _drop_again(line)
    with line.file.transaction():
        line.file.put_number("hand-back", 0 if whole else left - 1)
    return count


def _hand_back(line: Line, casefile: bytes, device: bytes, there: int, here: int) -> int:
    """Send one chain from `there` on; gives how far it reaches at the office then."""
    while there < here:
        batch = line.file.chain_after(casefile, device, there)
        if not batch.runs:
            break
        (answer,) = line.ask(line.office.hand_back, batch.runs, batch.heads)
        if answer.accepted <= there:
            break
        there = answer.accepted
    return there


def _drop_again(line: Line) -> None:
    """Text that was redacted must not stand at the office again because somebody handed it in."""
    gone = line.file.redacted_changes()
    for start in range(0, len(gone), MAX_BATCH_CHANGES):
        line.ask(line.office.push, (), (), gone[start : start + MAX_BATCH_CHANGES])


def _directory(line: Line, length: int) -> Iterator[int]:
    """1 for each statement that the office took back."""
    if length >= line.directory.length:
        return
    for packed in line.vault.directory_statements()[length:]:
        try:
            line.ask(line.office.publish, packed)
        except _REFUSED:
            return  # it goes another way there: the round will say so
        yield 1


def _grants(line: Line, standings: Standings) -> Iterator[int]:
    """1 for each grant that the office took back."""
    there = {position.casefile: position.grant for position in standings.positions}
    pending = pending_casefiles(line)
    for casefile in line.vault.casefiles():
        if casefile.id in pending:
            continue
        known = line.vault.grants(bytes.fromhex(casefile.id))
        ids = [grant.id for grant in known]
        current = there.get(bytes.fromhex(casefile.id))
        missing = known[ids.index(current) + 1 :] if current in ids else known
        if current is not None and current not in ids:
            continue  # it is ahead
        for grant in missing:
            try:
                line.ask(line.office.grant, grant.statement.packed())
            except _REFUSED:
                break
            yield 1
