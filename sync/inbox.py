"""Two steps of a round: what is left in others' inboxes goes out, what was left in mine comes in.

An entry counts as sent when the office has acknowledged it. What comes in is judged by storage,
entry by entry; an inbox that the office keeps back or alters is noted for its casefile and stops
nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from storage.device_file import DeviceFile
from storage.errors import BadEnvelope
from storage.inbox import Entry, read_entry_header, writer_of
from sync.errors import Nonsense, NotYours
from sync.intake import ALTERED, NONSENSE, WITHHELD, Taken
from sync.line import Line
from sync.protocol import (
    MAX_BATCH_BYTES,
    MAX_CASEFILES,
    MAX_ENTRIES,
    Cursor,
    EntryAnswer,
    InboxPage,
    Position,
)

Send = Callable[[Sequence[Entry]], tuple[EntryAnswer, ...]]
OnPage = Callable[[int], None]

_BATCH_BYTES: Final = MAX_BATCH_BYTES - 64 * 1024  # room for the wrapping round a batch
_GIVEN_AT_ONCE: Final = 31  # of the largest there may be


def push_entries(file: DeviceFile, send: Send) -> int:
    """Send what is to be left in others' inboxes; gives how many entries the office took.

    May be stopped anywhere and done again. Raises Nonsense when the office does not answer what
    it was handed, and whatever `send` raises.
    """
    sent = 0
    while batch := file.leavings.batch(MAX_ENTRIES, _BATCH_BYTES):
        answers = send(batch)
        if len(answers) != len(batch):
            raise Nonsense("the office does not answer every entry")
        accepted: list[bytes] = []
        refused: dict[bytes, str] = {}
        for entry, answer in zip(batch, answers, strict=True):
            name = read_entry_header(entry.header).entry
            if answer.accepted:
                accepted.append(name)
            elif answer.refused:
                refused[name] = answer.refused
        if not accepted and not refused:
            raise Nonsense("the office neither takes nor refuses what it is sent")
        sent += file.leavings.settle(accepted, refused)
    return sent


def pull_inboxes(
    line: Line,
    positions: Iterable[Position],
    taken: Taken,
    *,
    first: Sequence[bytes] = (),
    on_page: OnPage | None = None,
) -> None:
    """Pull every inbox that has something new, those of casefiles in `first` before all others."""
    rank = {casefile: place for place, casefile in enumerate(first)}
    wanted: dict[bytes, int] = {}
    for p in sorted(positions, key=lambda p: rank.get(p.casefile, len(rank))):
        known = line.vault.inbox_cursor(p.casefile)
        if p.inbox < known:
            taken.doubt(p.casefile, WITHHELD)
        elif p.inbox > known and line.vault.current_grant(p.casefile):
            wanted[p.casefile] = p.inbox
    refreshed = False
    while wanted:
        cursors = [Cursor(casefile=c, after=line.vault.inbox_cursor(c)) for c in wanted]
        pages = line.ask(line.office.inbox_pull, cursors[:MAX_CASEFILES])
        if not refreshed and any(_strange(line, page) for page in pages):
            refreshed = True
            line.catch_up()
        for page in pages:
            if page.casefile not in wanted:
                raise Nonsense("the office hands out an inbox that nobody asked for")
            if _finished(line, page, wanted[page.casefile], taken):
                del wanted[page.casefile]
            if on_page is not None:
                on_page(taken.received)
        if not pages:
            break
    for casefile in wanted:
        if not _taken_away(line, casefile):
            taken.doubt(casefile, WITHHELD)


def give_back(line: Line, taken: Taken) -> int:
    """Hand in again what the office has lost of my casefiles' inboxes; gives how many entries.

    After a restore from a backup, and once the inboxes were read to their ends: what one member
    still has, all will have again. An entry needs no other writer's hand than its signature.
    """
    given = 0
    for casefile, entries in line.vault.gone_from_inboxes().items():
        if casefile.hex() in taken.doubted or line.vault.current_grant(casefile) is None:
            continue
        for start in range(0, len(entries), _GIVEN_AT_ONCE):
            answers = line.ask(line.office.inbox_write, entries[start : start + _GIVEN_AT_ONCE])
            given += sum(answer.accepted for answer in answers)
    return given


def _finished(line: Line, page: InboxPage, promised: int, taken: Taken) -> bool:
    """Take a page; gives whether this inbox is done with, well or not."""
    cursor = line.vault.inbox_cursor(page.casefile)
    count = len(page.entries)
    if page.after != cursor or page.next != cursor + count or page.next > page.top:
        taken.doubt(page.casefile, NONSENSE)
        return True
    if page.top < promised or (count == 0 and cursor < page.top):
        taken.doubt(page.casefile, WITHHELD)
        return True
    try:
        accepted = line.vault.accept_entries(page, line.roster)
    except BadEnvelope:
        taken.doubt(page.casefile, ALTERED)
        return True
    taken.received += accepted.count
    taken.quarantined += accepted.quarantined
    return page.next == page.top


def _strange(line: Line, page: InboxPage) -> bool:
    """Whether a page has writers that a newer directory might explain."""
    return any(
        line.directory.certificate(writer_of(entry.header)) is None for entry in page.entries
    )


def _taken_away(line: Line, casefile: bytes) -> bool:
    """Whether the casefile was taken from this device a moment ago."""
    try:
        line.ask(line.office.grants, casefile)
    except NotYours:
        return True
    return not any(p.casefile == casefile for p in line.ask(line.office.standings).positions)
