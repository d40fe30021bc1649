"""Taking in what was left in a casefile's inbox: every check, in order, before it is believed.

The office numbers the entries without a gap; each is then judged by itself: a certified device
that may leave such a record, its signature, opening, form. What fails is kept in quarantine, in
sight, while the numbers go on; a page that leaves something out is not taken at all. All members
judge alike, whenever they come to it, so that they all fold the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from storage.body import Body
from storage.changes import INBOX
from storage.device_file import DeviceFile
from storage.envelope import KID_OF, Sealed, is_entry, sealed_from
from storage.errors import BadEnvelope, BadSignature, BrokenChain, CannotOpen
from storage.inbox import Entry, open_entry, read_entry, writer_of
from storage.keyring import Keyring
from storage.kinds import Schema
from storage.opening import opened_entry
from storage.quarantine import QuarantineRow
from storage.receiving import Received, Receiver
from storage.roster import Roster


class InboxPageLike(Protocol):
    """A page of one inbox as the office gives it (`sync.protocol.InboxPage`)."""

    @property
    def casefile(self) -> bytes: ...
    @property
    def after(self) -> int: ...
    @property
    def next(self) -> int: ...
    @property
    def entries(self) -> Sequence[Entry]: ...


def may_fold(schema: Schema, kind: str) -> bool:
    """Whether a record of this kind may come from an inbox at all, as far as this version knows.

    An unknown kind is kept, as everywhere; but it is asked again with every version, so that
    nobody can leave today what a later version would take for a member's word.
    """
    known = schema.by_name.get(kind)
    return known is None or known.from_inbox


class EntryReceiver(Receiver):
    """Checks and keeps a page of one inbox. Make one for each page; run it in a transaction."""

    def __init__(
        self,
        file: DeviceFile,
        keyring: Keyring,
        roster: Roster,
        casefile: bytes,
        org: bytes,
        schema: Schema,
    ) -> None:
        super().__init__(file, keyring, roster, casefile, org)
        self._schema = schema
        self._numbers = file.inbox_numbers

    def take_entries(self, page: InboxPageLike) -> Received:
        """Keep a page. Raises BrokenChain or BadEnvelope; then roll back."""
        if page.casefile != self._casefile or page.next - page.after != len(page.entries):
            raise BadEnvelope("a page of an inbox does not hold the entries that it counts")
        reach = self._numbers.reach(self._casefile)
        if page.after > reach:
            raise BrokenChain("a page of an inbox leaves out entries")
        self._reconsider_entries()
        entries = page.entries[reach - page.after :]
        if entries:
            self._take_new(reach + 1, entries)
        return self._result

    def _take_new(self, first: int, entries: Sequence[Entry]) -> None:
        """Keep what is not here yet, under the office's numbers from `first` on, and judge it."""
        rows = [(self._sealed(entry), entry.item, entry.signature) for entry in entries]
        known = {i: kept.seq for i, kept in self._log.by_ids([s.id for s, _, _ in rows]).items()}
        if len({s.id for s, _, _ in rows}) < len(rows) or self._numbers.has(
            self._casefile, known.values()
        ):
            # Under its second number it would stand in the place of another.
            raise BrokenChain("a page of an inbox holds an entry a second time")
        numbered = list(enumerate(rows, first))
        fresh = [(n, row) for n, row in numbered if row[0].id not in known]
        if fresh:
            kept = self._without_redacted_text([row for _, row in fresh])
            seq = self._log.append(self._log.chain(self._casefile, INBOX), kept)
            for at, ((n, _), (sealed, item, signature)) in enumerate(zip(fresh, kept, strict=True)):
                known[sealed.id] = seq + at
                self._judge(n, seq + at, sealed, item, signature)
        self._numbers.give(self._casefile, first, [known[s.id] for s, _, _ in rows])
        self._result.count += len(fresh)

    def _sealed(self, entry: Entry) -> Sealed:
        header, _ = read_entry(entry.header, entry.item, entry.signature)
        if header.casefile != self._casefile or header.org != self._org:
            raise BadEnvelope("a page holds another inbox's entries")
        return sealed_from(entry.header, entry.item)

    def _without_redacted_text(
        self, rows: Sequence[tuple[Sealed, bytes, bytes]]
    ) -> list[tuple[Sealed, bytes, bytes]]:
        """A text that comes after its redaction is not kept, even if the office hands it out."""
        gone = self._log.redactions_of([sealed.id for sealed, _, _ in rows])
        return [
            (sealed_from(sealed.header, sealed.ct_hash), sealed.ct_hash, signature)
            if sealed.id in gone
            else (sealed, item, signature)
            for sealed, item, signature in rows
        ]

    # -- judging -------------------------------------------------------------------------------

    def _judge(self, n: int, seq: int, sealed: Sealed, item: bytes, signature: bytes) -> None:
        """Believe one entry, or set it aside with the reason."""
        writer = writer_of(sealed.header)
        signing = self._roster.signing_key(writer)
        if signing is None or self._person(writer) is None:
            self._aside(n, seq, sealed, item, signature, "uncertified")
            return
        try:
            Entry(header=sealed.header, item=item, signature=signature).check(signing)
        except BadSignature:
            self._aside(n, seq, sealed, item, signature, "signature")
            return
        if sealed.ct is None:
            self._hollow(writer, seq, n, sealed, item)
            return
        reason = self._open_one(n, sealed)
        if reason is not None:
            self._aside(n, seq, sealed, item, signature, reason)

    def _open_one(self, n: int, sealed: Sealed) -> str | None:
        """Open an entry for folding; gives why not, if not."""
        key = self._keyring.by_kid.get(sealed.header[KID_OF])
        if key is None:
            return "no-key"
        if key.casefile != self._casefile:
            return "wrong-key"
        try:
            body = open_entry(sealed.header, sealed.ct, key)
        except CannotOpen:
            return "unopened"
        except BadEnvelope:
            return "malformed"
        writer = writer_of(sealed.header)
        if any(name.startswith("_") for name in body.fields):
            return "malformed"  # what the format itself means by a field is members' to say
        if body.author != self._person(writer):
            return "author"
        if not self._may_leave(writer, n, body):
            return "not-allowed"
        self._result.opened.append(opened_entry(body, sealed.header, sealed.id, self._casefile_hex))
        return None

    def _may_leave(self, writer: bytes, n: int, body: Body) -> bool:
        return may_fold(self._schema, body.kind) and self._roster.may_leave(
            writer, self._casefile, n, body.kind
        )

    def _aside(
        self, n: int, seq: int, sealed: Sealed, item: bytes, signature: bytes, reason: str
    ) -> None:
        row = QuarantineRow(
            id=sealed.id,
            casefile=self._casefile,
            device=writer_of(sealed.header),
            n=n,
            header=sealed.header,
            item=item,
            signature=signature,
            seq=seq,
            reason=reason,
        )
        self._result.quarantined += self._quarantine.add([row])

    # -- what stood aside ----------------------------------------------------------------------

    def _opens_now(self, row: QuarantineRow) -> bool:
        return (
            row.seq is not None
            and row.header[KID_OF] in self._keyring.by_kid
            and is_entry(row.header)
        )

    def open_without_key(self) -> Received:
        """A key has come: judge what waited for it. Run it in a transaction."""
        self._judge_again(
            [row for row in self._quarantine.without_key(self._casefile) if self._opens_now(row)]
        )
        return self._result

    def _reconsider_entries(self) -> None:
        """A certificate may have come since that was missing when an entry came."""
        waiting = self._quarantine.waiting(
            "AND reason = 'uncertified' AND seq IS NOT NULL AND casefile = ?", [self._casefile]
        )
        self._judge_again([row for row in waiting if self._roster.signing_key(row.device)])

    def _judge_again(self, rows: Sequence[QuarantineRow]) -> None:
        self._quarantine.remove([row.id for row in rows])
        for row in sorted(rows, key=lambda row: row.seq or 0):
            sealed = sealed_from(row.header, row.item)
            self._judge(row.n, row.seq or 0, sealed, row.item, row.signature or b"")
