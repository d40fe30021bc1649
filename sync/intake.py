"""One step of a round: what the office has that this device has not, casefile by casefile.

First who may read and write (grants), then the changes themselves, page by page; each page is one
durable transaction with its cursor, so a broken connection costs a page at most. What the office
withholds or alters is noted for its casefile and stops nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Final

from storage.errors import BadEnvelope, ClonedDevice
from storage.grants import Grant
from sync.errors import Nonsense, NotYours, OfficeWithholds
from sync.grant_chain import checked_chain
from sync.line import Line, pending_casefiles
from sync.protocol import MAX_CASEFILES, Cursor, Page, Position

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

    Raises OfficeWithholds, Nonsense, or NotYours when this device never was a member.
    """
    return _take_chain(line, casefile, line.ask(line.office.grants, casefile))


def take_all_grants(line: Line, positions: Iterable[Position], taken: Taken) -> None:
    """Bring the grants of every casefile up to date whose newest is not known here."""
    stale = {p.casefile for p in positions if not _knows(line, p)}
    left = [p.casefile for p in positions if p.casefile in stale]
    while left:
        shown = line.ask(line.office.grants_several, left[:MAX_CASEFILES])
        for each in shown:
            if each.casefile not in left:
                raise Nonsense("the office hands out grants that nobody asked for")
            left.remove(each.casefile)
            try:
                _take_chain(line, each.casefile, each.statements)
            except OfficeWithholds:
                taken.doubt(each.casefile, WITHHELD)
            except Nonsense:
                taken.doubt(each.casefile, NONSENSE)
        if not shown:
            break  # removed from all of them a moment ago; the next standings will say so


def _knows(line: Line, position: Position) -> bool:
    known = line.vault.current_grant(position.casefile)
    return known is not None and known.id == position.grant


def _take_chain(line: Line, casefile: bytes, packed: Sequence[bytes]) -> Sequence[Grant]:
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


def doubt_what_is_gone(line: Line, positions: Iterable[Position], taken: Taken) -> None:
    """Notice a casefile that reaches less far at the office than it did. Before this device
    pushes: afterwards its own changes are ahead of `positions`."""
    reached = line.file.reached()
    for position in positions:
        before = max(line.vault.cursor(position.casefile), reached.get(position.casefile, 0))
        if position.top < before:
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
    wanted = {
        p.casefile: _Pull(line, p.casefile, promised=p.top)
        for p in sorted(positions, key=lambda p: rank.get(p.casefile, len(rank)))
        if p.top > line.vault.cursor(p.casefile) and line.vault.current_grant(p.casefile)
    }
    places = {casefile: line.vault.cursor(casefile) for casefile in wanted}
    asked, answered = _ask_for(line, places)
    while wanted:
        pages = answered()
        if any(page.casefile not in asked for page in pages):
            raise Nonsense("the office hands out pages that nobody asked for")
        pages = tuple(page for page in pages if page.casefile in wanted)
        if not pages and asked <= wanted.keys():
            break
        places |= {page.casefile: page.next for page in pages}
        complete = {page.casefile for page in pages if page.next >= page.top}
        # While these are written down, the office is looking for what follows them.
        asked, answered = _ask_for(
            line, {c: after for c, after in places.items() if c not in complete}
        )
        for page in pages:
            if page.casefile in wanted and _finished(wanted[page.casefile], page, taken):
                del wanted[page.casefile]  # what was asked of it by now is passed over
            if on_page is not None:
                on_page(taken.received)
        places = {c: after for c, after in places.items() if c in wanted}
    for casefile in wanted:
        # Promised and not handed out; or taken from this device a moment ago.
        _pull_alone(line, casefile, taken)


def _ask_for(
    line: Line, places: Mapping[bytes, int]
) -> tuple[Set[bytes], Callable[[], tuple[Page, ...]]]:
    """Ask for what follows these places; gives who was asked about, and what waits for the
    answer. Of nothing the answer is nothing."""
    cursors = [Cursor(casefile=c, after=after) for c, after in places.items()][:MAX_CASEFILES]
    if not cursors:
        return set(), tuple
    answered = line.ask_ahead(line.office.pull_several, cursors)
    return {cursor.casefile for cursor in cursors}, answered


def pull_to_the_end(line: Line, casefile: bytes) -> None:
    """Pull one casefile completely, before saying how far its chains reach.

    Raises OfficeWithholds or Nonsense when that cannot be had, and BadEnvelope for forgery.
    """
    pulling, taken = _Pull(line, casefile), Taken()
    while not pulling.take(line.ask(line.office.pull, casefile, pulling.cursor), taken):
        continue


def _pull_alone(line: Line, casefile: bytes, taken: Taken) -> None:
    pulling = _Pull(line, casefile)
    try:
        page = line.ask(line.office.pull, casefile, pulling.cursor)
    except NotYours:
        return
    if not page.runs or not _finished(pulling, page, taken):
        taken.doubt(casefile, WITHHELD)


def _finished(pulling: _Pull, page: Page, taken: Taken) -> bool:
    """Take a page; gives whether this casefile is done with, well or not."""
    try:
        return pulling.take(page, taken)
    except ClonedDevice:
        raise
    except (OfficeWithholds, NotYours):
        taken.doubt(page.casefile, WITHHELD)
    except Nonsense:
        taken.doubt(page.casefile, NONSENSE)
    except BadEnvelope:
        taken.doubt(page.casefile, ALTERED)
    return True


class _Pull:
    """One casefile being pulled, up to `promised` at least."""

    def __init__(self, line: Line, casefile: bytes, *, promised: int = 0) -> None:
        self._line = line
        self._casefile = casefile
        self._promised = promised
        self._refreshed = False

    @property
    def cursor(self) -> int:
        return self._line.vault.cursor(self._casefile)

    def take(self, page: Page, taken: Taken) -> bool:
        """Write a page down; gives whether it was the last.

        Raises OfficeWithholds, Nonsense, BadEnvelope, ClonedDevice.
        """
        line = self._line
        _check_shape(page, self._casefile, self.cursor)
        if not self._refreshed and _strange(line, page):
            self._refreshed = True
            line.catch_up()
            take_grants(line, self._casefile)
        accepted = line.vault.accept(page, line.roster)
        taken.received += accepted.count
        taken.quarantined += accepted.quarantined
        if page.next < page.top:
            return False
        if page.top < self._promised:
            raise OfficeWithholds("the office promised more than it hands out")
        _check_complete(line, self._casefile)
        return True


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
    grant = line.vault.current_grant(page.casefile)
    kids = grant.kids if grant else ()
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
