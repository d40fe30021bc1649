"""One step of a round: what the office has that this device has not, casefile by casefile.

First who may read and write (grants), then the changes themselves, page by page; each page is one
durable transaction with its cursor, so a broken connection costs a page at most. What the office
withholds or alters is noted for its casefile and stops nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from storage.errors import BadEnvelope, ClonedDevice
from storage.grants import Grant
from sync.errors import Nonsense, NotYours, OfficeWithholds
from sync.grant_chain import checked_chain
from sync.line import Line, pending_casefiles
from sync.protocol import Page, Position

OnPage = Callable[[int], None]
"""Told how many changes have been written down so far."""

WITHHELD: Final = "withheld"
ALTERED: Final = "altered"
NONSENSE: Final = "nonsense"


@dataclass(slots=True)
class Taken:
    """What an intake came to. `doubted` has a word for each casefile (hex) that is not right;
    `ended` are those that this device was removed from."""

    received: int = 0
    quarantined: int = 0
    doubted: dict[str, str] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)

    def doubt(self, casefile: bytes, word: str) -> None:
        self.doubted.setdefault(casefile.hex(), word)


def take_grants(line: Line, casefile: bytes) -> Sequence[Grant]:
    """Bring a casefile's grants up to date; gives the whole chain.

    Raises OfficeWithholds, Nonsense, or NotYours when this device is no member any more.
    """
    packed = line.ask(line.office.grants, casefile)
    known = line.vault.grants(casefile)
    try:
        chain = checked_chain(line.directory, casefile, packed, known)
    except Nonsense:
        if not line.catch_up():
            raise
        # It may only have named a device that was certified a moment ago.
        chain = checked_chain(line.directory, casefile, packed, known)
    try:
        line.vault.keep_grants(casefile, packed, line.roster)
    except BadEnvelope as error:
        raise Nonsense("the office hands out a grant that does not hold what it names") from error
    line.grants_changed()
    return chain


def take_all_grants(line: Line, positions: Iterable[Position], taken: Taken) -> None:
    """Bring the grants of every casefile up to date whose newest is not known here."""
    for position in positions:
        known = line.vault.grants(position.casefile)
        if known and known[-1].id == position.grant:
            continue
        try:
            take_grants(line, position.casefile)
        except OfficeWithholds:
            taken.doubt(position.casefile, WITHHELD)
        except Nonsense:
            taken.doubt(position.casefile, NONSENSE)
        except NotYours:
            continue  # the next standings will not name it


def doubt_what_is_gone(line: Line, positions: Iterable[Position], taken: Taken) -> None:
    """Notice a casefile that reaches less far at the office than it did. Before this device
    pushes: afterwards its own changes are ahead of `positions`."""
    for position in positions:
        if position.top < line.vault.cursor(position.casefile):
            taken.doubt(position.casefile, WITHHELD)


def take_endings(line: Line, positions: Iterable[Position], taken: Taken) -> None:
    """Let go of casefiles that a supervisor has removed this device from.

    Storage destroys their keys when it sees the grant that says so. One that the office keeps
    silent about without such a grant stays readable, and is doubted.
    """
    there = {p.casefile.hex() for p in positions} | pending_casefiles(line)
    for casefile in line.vault.casefiles():
        if casefile.id in there:
            continue
        place = bytes.fromhex(casefile.id)
        try:
            newest = take_grants(line, place)[-1]
        except (NotYours, OfficeWithholds, Nonsense):
            taken.doubt(place, WITHHELD)
            continue
        if line.file.device_id not in newest.members:
            taken.ended.append(casefile.id)


def pull(
    line: Line,
    positions: Iterable[Position],
    taken: Taken,
    *,
    first: Sequence[bytes] = (),
    on_page: OnPage | None = None,
) -> None:
    """Pull every casefile that has something new, those in `first` before all others.

    Raises ClonedDevice when the office holds changes in this device's name that it never made,
    and whatever stops a call to the office.
    """
    rank = {casefile: place for place, casefile in enumerate(first)}
    for position in sorted(positions, key=lambda p: rank.get(p.casefile, len(rank))):
        cursor = line.vault.cursor(position.casefile)
        if position.top <= cursor or not line.vault.grants(position.casefile):
            continue
        try:
            _pull_one(line, position, taken, on_page)
        except ClonedDevice:
            raise
        except OfficeWithholds:
            taken.doubt(position.casefile, WITHHELD)
        except Nonsense:
            taken.doubt(position.casefile, NONSENSE)
        except BadEnvelope:
            taken.doubt(position.casefile, ALTERED)
        except NotYours:
            continue


def pull_to_the_end(line: Line, casefile: bytes) -> None:
    """Pull one casefile completely, before saying how far its chains reach.

    Raises OfficeWithholds or Nonsense when that cannot be had, and BadEnvelope for forgery.
    """
    taken = Taken()
    _pull_one(line, None, taken, None, casefile=casefile)


def _pull_one(
    line: Line,
    position: Position | None,
    taken: Taken,
    on_page: OnPage | None,
    *,
    casefile: bytes | None = None,
) -> None:
    casefile = position.casefile if position else casefile or b""
    promised = position.top if position else 0
    refreshed = False
    while True:
        cursor = line.vault.cursor(casefile)
        page = line.ask(line.office.pull, casefile, cursor)
        _check_shape(page, casefile, cursor)
        if not refreshed and _strange(line, page):
            refreshed = True
            line.catch_up()
            take_grants(line, casefile)
        accepted = line.vault.accept(page, line.roster)
        taken.received += accepted.count
        taken.quarantined += accepted.quarantined
        if on_page is not None and accepted.count:
            on_page(taken.received)
        if page.next >= page.top:
            break
    if page.top < promised:
        raise OfficeWithholds("the office promised more than it hands out")
    _check_complete(line, casefile)


def _check_shape(page: Page, casefile: bytes, cursor: int) -> None:
    count = sum(len(run.items) for run in page.runs)
    if (
        page.casefile != casefile
        or page.after != cursor
        or page.next != cursor + count
        or page.next > page.top
        or (page.next == cursor < page.top)
    ):
        raise Nonsense("a page of changes is not the one that was asked for")


def _strange(line: Line, page: Page) -> bool:
    """Whether a page has authors or keys that a newer directory or grant might explain."""
    grants = line.vault.grants(page.casefile)
    kids = grants[-1].kids if grants else ()
    roster = line.roster
    return any(
        run.kid not in kids or not roster.may_write(run.device, page.casefile, run.last)
        for run in page.runs
    )


def _check_complete(line: Line, casefile: bytes) -> None:
    """After the last page: everything that somebody vouched for has to be here."""
    if any(place == casefile for place, _, _ in line.vault.withheld()):
        raise OfficeWithholds("others have seen changes that the office does not hand out")
    for device, (n, change) in line.roster.lasts(casefile).items():
        reached = line.vault.head(casefile, device) or (0, b"")
        if reached[0] < n or (reached[0] == n and reached[1] != change):
            raise OfficeWithholds("a removed device's changes are not all handed out")
