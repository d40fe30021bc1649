"""Taking in what others wrote: every check, in order, before anything of it is believed.

Size, then a certified device that was allowed to write, then the chain up to a signed head, then
opening, then form. What may be cured later (no certificate yet, no key yet) or has to be looked at
(altered, forged, out of bounds) is kept in quarantine while the chain goes on; what shows that the
office or a device is not honest (a gap, a fork, no head) stops here, and nothing is kept of it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from storage.body import unpack_body
from storage.changes import HeadState
from storage.device_file import DeviceFile
from storage.envelope import (
    KID_OF,
    MAX_CHANGE_BYTES,
    ZERO_ID,
    Head,
    Sealed,
    check_head,
    is_entry,
    parse_header,
    sealed_from,
)
from storage.errors import BadEnvelope, BrokenChain, CannotOpen, ClonedDevice, Fork
from storage.keyring import Keyring
from storage.opened import Opened
from storage.opening import REDACTS, opened_from, restated_in, without_redacts
from storage.quarantine import Quarantine, QuarantineRow
from storage.roster import Roster
from storage.runs import Run
from storage.seal import NONCE_BYTES, TAG_BYTES

_MAX_ITEM: Final = NONCE_BYTES + MAX_CHANGE_BYTES + TAG_BYTES

_Link = tuple[int, Sealed, bytes]
"""n, the change, its item."""


class PageLike(Protocol):
    """A page of one casefile as the office gives it (`sync.protocol.Page`)."""

    @property
    def casefile(self) -> bytes: ...
    @property
    def after(self) -> int: ...
    @property
    def next(self) -> int: ...
    @property
    def runs(self) -> Sequence[Run]: ...
    @property
    def heads(self) -> Sequence[Head]: ...


@dataclass(slots=True)
class Received:
    """What a page brought: readable changes, ids now redacted, and up to which n the office has
    my own chain, where that is news."""

    count: int = 0
    quarantined: int = 0
    opened: list[Opened] = field(default_factory=list)
    redacted: list[bytes] = field(default_factory=list)
    acknowledged: int = 0
    withheld: bool = False


class Receiver:
    """Checks and keeps one casefile's page. Make one for each page; run it in a transaction."""

    def __init__(
        self, file: DeviceFile, keyring: Keyring, roster: Roster, casefile: bytes, org: bytes
    ) -> None:
        self._file = file
        self._log = file.log
        self._keyring = keyring
        self._roster = roster
        self._casefile = casefile
        self._casefile_hex = casefile.hex()
        self._org = org
        self._me = file.device_id
        self._quarantine = Quarantine(file.connection)
        self._persons: dict[bytes, bytes | None] = {}
        self._result = Received()

    def take(self, page: PageLike) -> Received:
        """Keep a page and move the cursor. Raises BrokenChain, Fork, BadSignature, BadEnvelope or
        ClonedDevice; then roll back."""
        self._check_shape(page)
        self._reconsider()
        heads = _highest(page.heads)
        ends = {run.device: run.first + len(run.items) - 1 for run in page.runs}
        for run in page.runs:
            is_last = run.first + len(run.items) - 1 == ends[run.device]
            self._take_run(run, heads.get(run.device) if is_last else None, ends[run.device])
        self._log.move_cursor(self._casefile, page.next)
        return self._result

    def take_quarantined(self, page: PageLike) -> Received:
        """Keep what a revoked or removed device pushed too late, for a supervisor to look at."""
        heads = _highest(page.heads)
        for run in page.runs:
            links = _links(run, self._org)
            if run.casefile != self._casefile:
                raise BadEnvelope("a page holds another casefile's changes")
            self._set_aside(run.device, links, heads.get(run.device), "not-allowed")
        return self._result

    # -- in order ------------------------------------------------------------------------------

    def _check_shape(self, page: PageLike) -> None:
        count = sum(len(run.items) for run in page.runs)
        if page.casefile != self._casefile or any(
            run.casefile != self._casefile for run in page.runs
        ):
            raise BadEnvelope("a page holds another casefile's changes")
        if page.next - page.after != count:
            raise BadEnvelope("a page does not hold the changes that it counts")
        if page.after > self._log.cursor(self._casefile):
            raise BrokenChain("a page leaves out changes")
        if any(max(map(len, run.items), default=0) > _MAX_ITEM for run in page.runs):
            raise BadEnvelope("a change is larger than it may be")

    def _take_run(self, run: Run, head: Head | None, end: int) -> None:
        device = run.device
        links = _links(run, self._org)
        if device == self._me:
            self._mine(links)
            return
        if self._roster.signing_key(device) is None:
            self._set_aside(device, links, head, "uncertified")
            return
        state = self._log.heads(self._casefile).get(device)
        n, tip = (state.n, state.id) if state else (0, ZERO_ID)
        fresh = links[max(0, n + 1 - run.first) :]
        if len(fresh) < len(links):
            self._same_as_before(state, links[len(links) - len(fresh) - 1])
        elif run.first > n + 1:
            if self._quarantine.holds(self._casefile, device):
                self._set_aside(device, links, head, "not-allowed")
                return
            raise BrokenChain("a change does not follow on the one before it")
        elif run.prev != tip:
            raise Fork("two different changes carry the same number")
        if not fresh:
            return
        signature = self._covered(device, fresh[-1], head) if fresh[-1][0] == end else None
        allowed = self._allowed(device, fresh)
        if allowed < len(fresh):
            self._set_aside(device, fresh[allowed:], head, "not-allowed")
            fresh, signature = fresh[:allowed], None
        if fresh:
            self._keep(device, fresh, signature)

    def _mine(self, links: Sequence[_Link]) -> None:
        """My own changes come back: they must be the ones I made."""
        n, sealed, _ = links[-1]
        state = self._log.heads(self._casefile).get(self._me)
        if state is None or n > state.n or self._log.id_at(state, n) != sealed.id:
            raise ClonedDevice("the office holds changes in this device's name that it never made")
        if self._file.outbox_rows.acknowledge(self._casefile, self._me, n):
            self._result.acknowledged = n

    def _same_as_before(self, state: HeadState | None, link: _Link) -> None:
        n, sealed, _ = link
        if state is None or self._log.id_at(state, n) != sealed.id:
            raise Fork("two different changes carry the same number")

    def _allowed(self, device: bytes, links: Sequence[_Link]) -> int:
        """How many of them the device was allowed to make: from the first on, by the roster."""
        may = self._roster.may_write
        if may(device, self._casefile, links[-1][0]):
            return len(links)
        return bisect_left(links, True, key=lambda link: not may(device, self._casefile, link[0]))

    def _covered(self, device: bytes, link: _Link, head: Head | None) -> bytes:
        """The signature that vouches for a chain up to this change."""
        n, sealed, _ = link
        signing = self._roster.signing_key(device)
        if head is None or head.n != n or head.id != sealed.id or signing is None:
            raise BrokenChain("a page ends on changes that no signed head covers")
        check_head(head, self._org, signing)
        return head.signature

    def _keep(self, device: bytes, links: Sequence[_Link], signature: bytes | None) -> None:
        """Onto the chain, then opened one by one. A later run of the page has the head if this
        one has no signature."""
        links = self._without_redacted(links)
        state = self._log.chain(self._casefile, device)
        rows = [(sealed, item, None) for _, sealed, item in links[:-1]]
        last = (links[-1][1], links[-1][2], signature)
        seq = self._log.append(state, [*rows, last])
        self._open_all(device, links, seq)
        self._result.count += len(links)

    def _without_redacted(self, links: Sequence[_Link]) -> Sequence[_Link]:
        """A text that comes after its redaction is not kept, even if the office hands it out."""
        gone = self._log.redactions_of([sealed.id for _, sealed, _ in links])
        if not gone:
            return links
        kept: list[_Link] = []
        for n, sealed, item in links:
            if sealed.id in gone:
                item = sealed.nonce + sealed.ct_hash
                sealed = sealed_from(sealed.header, item)
            kept.append((n, sealed, item))
        return kept

    # -- opening -------------------------------------------------------------------------------

    def open_without_key(self) -> Received:
        """A key has come: open what waited for it. Run it in a transaction."""
        rows = self._quarantine.without_key(self._casefile)
        here = [r for r in rows if self._opens_now(r)]
        self._quarantine.remove([r.id for r in here])
        for row in sorted(here, key=lambda r: r.seq or 0):
            link = (row.n, sealed_from(row.header, row.item), row.item)
            self._open_all(row.device, [link], row.seq or 0)
        return self._result

    def _opens_now(self, row: QuarantineRow) -> bool:
        """Whether a row of my sort that waited for a key waits no longer."""
        return (
            row.seq is not None
            and row.header[KID_OF] in self._keyring.by_kid
            and not is_entry(row.header)
        )

    def _open_all(self, device: bytes, links: Sequence[_Link], first_seq: int) -> None:
        by_kid, casefile, result = self._keyring.by_kid, self._casefile, self._result
        casefile_hex, device_hex = self._casefile_hex, device.hex()
        person, mine = self._person(device), device == self._me
        for seq, (n, sealed, item) in enumerate(links, first_seq):
            ct = sealed.ct
            if ct is None:
                self._hollow(device, seq, n, sealed, item)
                continue
            key = by_kid.get(sealed.header[KID_OF])
            if key is None:
                self._flag(device, seq, n, sealed, item, "no-key")
                continue
            if key.casefile != casefile:
                self._flag(device, seq, n, sealed, item, "wrong-key")
                continue
            try:
                body = unpack_body(key.decrypt(sealed.nonce, ct, sealed.header))
            except CannotOpen:
                self._flag(device, seq, n, sealed, item, "unopened")
                continue
            except BadEnvelope:
                self._flag(device, seq, n, sealed, item, "malformed")
                continue
            if person is not None and body.author != person:
                self._flag(device, seq, n, sealed, item, "author")
                continue
            opened = opened_from(body, sealed.id, casefile_hex, device_hex, n, mine=mine)
            if body.seen and self._contradicts(body.seen):
                self._flag(device, seq, n, sealed, item, "contradicts")
                continue
            if REDACTS in body.fields:
                self._redaction(device, seq, n, sealed, item, opened)
            else:
                result.opened.append(opened)

    def _person(self, device: bytes) -> bytes | None:
        if device not in self._persons:
            self._persons[device] = self._roster.person_of(device)
        return self._persons[device]

    def _contradicts(self, seen: Sequence[tuple[bytes, int, bytes]]) -> bool:
        """Whether a change names changes that cannot be: mine that I never made, or another one
        under a number that is known here.

        Only the change that says so is set aside. Were its word enough to stop the page, or to
        make this device a copy, one lying colleague could stop everybody. What it names and has
        not come is noted: the office hands out what was seen before what saw it.
        """
        heads = self._log.heads(self._casefile)
        for device, n, prefix in seen:
            state = heads.get(device)
            if state is None or state.n < n:
                if device == self._me:
                    return True
                self._file.connection.execute(
                    "INSERT INTO withheld VALUES (?, ?, ?, ?) ON CONFLICT (casefile, device)"
                    " DO UPDATE SET n = excluded.n, prefix = excluded.prefix WHERE excluded.n > n",
                    [self._casefile, device, n, prefix],
                )
                self._result.withheld = True
            elif (known := self._log.id_at(state, n)) is not None and known[:8] != prefix:
                return True
        return False

    def _redaction(
        self, device: bytes, seq: int, n: int, sealed: Sealed, item: bytes, opened: Opened
    ) -> None:
        try:
            stated = restated_in(opened)
        except BadEnvelope:
            self._flag(device, seq, n, sealed, item, "malformed")
            return
        if not self._roster.is_supervisor(device):
            self._flag(device, seq, n, sealed, item, "not-supervisor")
            return
        ids = [r.id for r in stated]
        if any(k.casefile != self._casefile for k in self._log.by_ids(ids).values()):
            # A supervisor of one casefile has no say over another's text.
            self._flag(device, seq, n, sealed, item, "malformed")
            return
        self._log.redact(sealed.id, ids)
        self._quarantine.settle_missing(ids)
        going = set(ids)
        self._result.opened = [o for o in self._result.opened if o.id not in going]
        self._result.redacted += ids
        self._result.opened.append(without_redacts(opened))

    def _hollow(self, device: bytes, seq: int, n: int, sealed: Sealed, item: bytes) -> None:
        """A ciphertext is gone. Its redaction comes later in the casefile, or this is an attack:
        until it has come the change stands in quarantine."""
        redactions = self._log.by_ids(self._log.redactions_of([sealed.id]).values()).values()
        if any(r.casefile == self._casefile for r in redactions):
            self._result.redacted.append(sealed.id)
        else:
            self._flag(device, seq, n, sealed, item, "missing")

    # -- setting aside -------------------------------------------------------------------------

    def _flag(
        self, device: bytes, seq: int, n: int, sealed: Sealed, item: bytes, reason: str
    ) -> None:
        """On the chain, but not believed."""
        self._quarantine.add(
            [
                QuarantineRow(
                    id=sealed.id,
                    casefile=self._casefile,
                    device=device,
                    n=n,
                    header=sealed.header,
                    item=item,
                    signature=None,
                    seq=seq,
                    reason=reason,
                )
            ]
        )
        self._result.quarantined += 1

    def _set_aside(
        self, device: bytes, links: Sequence[_Link], head: Head | None, reason: str
    ) -> None:
        """Not on the chain: nobody may have written this, as far as is known here."""
        self._result.quarantined += self._quarantine.add(
            [
                QuarantineRow(
                    id=sealed.id,
                    casefile=self._casefile,
                    device=device,
                    n=n,
                    header=sealed.header,
                    item=item,
                    signature=head.signature if head is not None and head.n == n else None,
                    seq=None,
                    reason=reason,
                )
                for n, sealed, item in links
            ]
        )

    def _reconsider(self) -> None:
        """What stood aside may be allowed by now: a certificate or a grant has arrived since."""
        for device, rows in self._quarantine.off_chain(self._casefile).items():
            state = self._log.heads(self._casefile).get(device)
            n, tip = (state.n, state.id) if state else (0, ZERO_ID)
            signing = self._roster.signing_key(device)
            links: list[_Link] = []
            head: Head | None = None
            for row in rows:
                sealed = sealed_from(row.header, row.item)
                if (
                    signing is None
                    or row.n != n + 1
                    or parse_header(row.header).prev != tip
                    or not self._roster.may_write(device, self._casefile, row.n)
                ):
                    break
                links.append((row.n, sealed, row.item))
                n, tip = row.n, sealed.id
                if row.signature is not None:
                    head = Head(
                        casefile=self._casefile,
                        device=device,
                        n=n,
                        id=tip,
                        signature=row.signature,
                    )
            if head is not None:
                covered = links[: head.n - links[0][0] + 1]
                self._quarantine.remove([sealed.id for _, sealed, _ in covered])
                self._keep(device, covered, self._covered(device, covered[-1], head))


def _links(run: Run, org: bytes) -> list[_Link]:
    sealed = run.rebuilt(org)
    return list(zip(range(run.first, run.first + len(sealed)), sealed, run.items, strict=True))


def _highest(heads: Sequence[Head]) -> dict[bytes, Head]:
    found: dict[bytes, Head] = {}
    for head in heads:
        if head.device not in found or found[head.device].n < head.n:
            found[head.device] = head
    return found
