"""Everything an open vault has in memory, and how it comes from disk and follows it.

The order is always the same: one durable transaction on disk, which is the acknowledgement, then
the readable records. Dropped as a whole at lock. `Vault` holds the lock round every call.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, cast

import msgpack
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from storage.access import Access, Taken
from storage.body import Body, fields_are_plain
from storage.changes import Kept
from storage.clock import HybridClock, moment_of
from storage.device_file import DeviceFile
from storage.entering import EntryReceiver, InboxPageLike, may_fold
from storage.envelope import Header, is_entry, seal_change
from storage.errors import BadEnvelope, ClonedDevice, DamagedFile, NoKey, NotJoined
from storage.growing import GrowingChain
from storage.image import Image
from storage.keyring import Keyring
from storage.keys import DeviceKeys, MasterKey
from storage.kinds import Fields, Schema
from storage.opened import Opened
from storage.opening import REDACTS, Opener, opened_from, without_redacts
from storage.own_hand import OwnHand
from storage.quarantine import Quarantine, Quarantined, QuarantineRow
from storage.receiving import PageLike, Received, Receiver
from storage.records import AnotherLayout, Readable
from storage.roster import Roster
from storage.secrets import Membership, Secrets

log = logging.getLogger(__name__)

IMAGE_AFTER: Final = 1_000
"""Changes since the last image that make another worth the wear on the flash."""
_BATCH: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Something to write down: this record of this kind now has these field values.

    `casefile` and `record` are hex ids. `parents` are the changes it replaces, by default all
    that are known of the record.
    """

    casefile: str
    kind: str
    record: str
    fields: Fields
    parents: tuple[bytes, ...] | None = None


class Unlocked:
    """The open state of one vault."""

    def __init__(self, file: DeviceFile, master: MasterKey, schema: Schema) -> None:
        self.file = file
        self.schema = schema
        kept = file.get("keys")
        if kept is None:
            raise DamagedFile("the file lacks the device's keys")
        self.keyring = Keyring(master, DeviceKeys.unpacked(master.open(b"device-keys", kept)))
        self.keyring.load(file.connection)
        self.secrets = Secrets(file, master)
        self.me = self.secrets.membership()
        self.access = Access(file, self.keyring)
        self.access.regain()
        self.quarantine = Quarantine(file.connection)
        self.opener = self.new_opener()
        self.hybrid = HybridClock(file.surroundings.clock)
        self.hand = OwnHand(file, self.keyring, self.secrets, self.hybrid, self.member)
        self.image = Image(file.path)
        self._in_image = -1
        """The last `seq` that the image on disk reflects; -1 when there is none."""
        self.readable = self._readable()

    def close(self) -> None:
        self.readable.close()

    def new_opener(self) -> Opener:
        """Opens this device's rows, under the identity it has now."""
        return Opener(self.file.log, self.keyring, self.file.device_id)

    def member(self) -> Membership:
        """Raises NotJoined."""
        if self.me is None:
            raise NotJoined("this device does not belong to an organisation yet")
        return self.me

    # -- from disk -----------------------------------------------------------------------------

    def _readable(self) -> Readable:
        clear = self.image.read(
            self.keyring.master.image, self.file.number("image"), self.file.device_id
        )
        if clear is not None:
            try:
                readable = Readable.load(self.schema, memoryview(clear))
            except AnotherLayout:
                log.info("the image has another layout; rebuilding")
            else:
                seq, self.hybrid.last = msgpack.unpackb(readable.get_position())
                if seq <= self.file.log.last_seq:
                    self._in_image = seq
                    self._catch_up(readable, seq)
                    self._mark_sent(readable)
                    return readable
                # The records remember more than the log: the file was put back to an earlier
                # state, and what it writes next would fork its chains.
                readable.close()
                self.file.mark_cloned()
        readable = Readable.empty(self.schema)
        self._catch_up(readable, 0)
        self._mark_sent(readable)
        return readable

    def rebuild(self) -> None:
        """Fold everything again from the sealed changes."""
        self.readable.close()
        self.drop_image()
        self.readable = Readable.empty(self.schema)
        self._catch_up(self.readable, 0)
        self._mark_sent(self.readable)

    def _catch_up(self, readable: Readable, seq: int) -> None:
        """Fold in what arrived after `seq`. Raises DamagedFile when a change no longer opens."""
        batch: list[Opened] = []
        for opened in self._opened(self.file.log.after(seq)):
            batch.append(opened)
            if len(batch) == _BATCH:
                self._fold(readable, batch)
                batch = []
        self._fold(readable, batch)

    def _fold(self, readable: Readable, opened: Sequence[Opened]) -> set[str]:
        self.hybrid.saw(*[change.hlc for change in opened])
        return readable.apply(opened, self.opener.reopen) if opened else set()

    def _opened(self, rows: Iterable[Kept]) -> Iterable[Opened]:
        """Rows of the log that are believed and for which there is a key, redacted ones as such."""
        disbelieved = self.quarantine.disbelieved()
        mine = self.keyring.by_kid
        for kept in rows:
            if kept.seq in disbelieved or kept.kid not in mine:
                continue
            if kept.redacted:
                yield from self.opener.redacted([kept])
                continue
            try:
                opened = self.opener.open(kept, again=True)
            except (BadEnvelope, NoKey) as error:
                self.file.mark_damaged()
                raise DamagedFile("a change in the file no longer opens") from error
            if is_entry(kept.header) and not may_fold(self.schema, opened.kind):
                continue  # what it was kept as, an earlier version did not know
            yield without_redacts(opened) if REDACTS in opened.fields else opened

    def _mark_sent(self, readable: Readable) -> None:
        """What the office has of this device's own changes, also what went out while locked."""
        for casefile, upto in self.file.log.acknowledged(self.file.device_id).items():
            readable.mark_sent(casefile.hex(), upto)

    # -- the image -----------------------------------------------------------------------------

    @property
    def since_image(self) -> int:
        """How many changes the image on disk lacks."""
        return self.file.log.last_seq - max(self._in_image, 0)

    def make_image(self) -> None:
        """Seal the readable records beside the file, unless the image there is up to date.

        An index that has grown since is worth a new one too: it would be made again otherwise,
        and by whoever unlocks.
        """
        last = self.file.log.last_seq
        if last == self._in_image and not self.readable.grown:
            return
        position = [last, self.hybrid.last]
        self.readable.set_position(cast(bytes, msgpack.packb(position)))
        generation = self.file.number("image") + 1
        made = self.image.write(
            self.keyring.master.image,
            generation,
            self.file.device_id,
            self.readable.serialize(),
            self.file.surroundings.randomness,
        )
        if made:
            with self.file.transaction():
                self.file.put_number("image", generation)
            self._in_image = last
            self.readable.kept()

    def drop_image(self) -> None:
        """Before words have to vanish: none may stay in an image, not even in an old one."""
        self.image.remove()
        self._in_image = -1

    # -- writing -------------------------------------------------------------------------------

    def write(
        self,
        statements: Sequence[Statement],
        also: Callable[[Sequence[Opened]], None] = lambda _: None,
    ) -> tuple[list[bytes], set[str]]:
        """Seal, append and sign in one durable transaction, `also` within it; then fold in.

        Gives the new changes' ids and the kinds that changed.
        """
        with self.file.transaction():
            opened = self.append(statements)
            also(opened)
        shown = [without_redacts(o) if REDACTS in o.fields else o for o in opened]
        kinds = self.readable.apply(shown, self.opener.reopen)
        return [o.id for o in opened], kinds

    def append(self, statements: Sequence[Statement]) -> list[Opened]:
        """Seal, append and sign, inside a transaction; the readable records do not know yet."""
        me = self.member()
        log, device = self.file.log, self.file.device_id
        author, org = bytes.fromhex(me.person), bytes.fromhex(me.org)
        newest: dict[tuple[str, str, str], tuple[bytes, ...]] = {}
        chains: dict[bytes, GrowingChain] = {}
        opened: list[Opened] = []
        for s in statements:
            if not fields_are_plain(s.fields):
                raise TypeError("fields hold text, numbers, truth, lists and maps only")
            casefile = bytes.fromhex(s.casefile)
            growing = chains.get(casefile)
            if growing is None:
                growing = chains[casefile] = GrowingChain(
                    log.chain(casefile, device),
                    self.keyring.writing_key(casefile),
                    log.unnamed(casefile, device),
                )
            parents = s.parents
            if parents is None:
                parents = newest.get((s.casefile, s.kind, s.record))
            if parents is None:
                parents = self.readable.frontier(s.record, kind=s.kind, casefile=s.casefile)
            body = Body(
                kind=s.kind,
                record=bytes.fromhex(s.record),
                fields=s.fields,
                parents=parents,
                hlc=self.hybrid.stamp(),
                author=author,
                seen=growing.take_seen(),
            )
            header = Header(
                org=org,
                casefile=casefile,
                device=device,
                n=growing.n + 1,
                prev=growing.tip,
                kid=growing.key.kid,
            )
            sealed = seal_change(header, body, growing.key, self.file.surroundings.randomness)
            growing.add(sealed)
            newest[s.casefile, s.kind, s.record] = (sealed.id,)
            opened.append(opened_from(body, sealed.id, s.casefile, me.device, growing.n, mine=True))
        for casefile, growing in chains.items():
            if growing.named_any:
                log.name_heads(casefile, device)
            log.append(
                growing.head, growing.signed(self.keyring.device.signing, org, casefile, device)
            )
        return opened

    # -- receiving -----------------------------------------------------------------------------

    def accept(
        self, page: PageLike, roster: Roster, *, quarantined: bool = False
    ) -> tuple[Received, set[str]]:
        """Check and keep a page, then fold it in. Gives also the kinds that changed."""
        receiver = self._receiver(page.casefile, roster)
        received, kinds = self._take_in(
            lambda: receiver.take_quarantined(page) if quarantined else receiver.take(page)
        )
        if received.acknowledged:
            self.readable.mark_sent(page.casefile.hex(), received.acknowledged)
        return received, kinds

    def _receiver(self, casefile: bytes, roster: Roster) -> Receiver:
        org = bytes.fromhex(self.member().org)
        return Receiver(self.file, self.keyring, roster, casefile, org)

    def accept_entries(self, page: InboxPageLike, roster: Roster) -> tuple[Received, set[str]]:
        """Check and keep a page of an inbox, then fold it in. Gives also the kinds that changed."""
        receiver = self._entry_receiver(page.casefile, roster)
        return self._take_in(lambda: receiver.take_entries(page))

    def _entry_receiver(self, casefile: bytes, roster: Roster) -> EntryReceiver:
        org = bytes.fromhex(self.member().org)
        return EntryReceiver(self.file, self.keyring, roster, casefile, org, self.schema)

    def _take_in(self, receive: Callable[[], Received]) -> tuple[Received, set[str]]:
        try:
            with self.file.transaction():
                received = receive()
                if received.redacted:
                    self.drop_image()
        except ClonedDevice:
            self.file.mark_cloned()
            raise
        kinds: set[str] = set()
        if received.redacted:
            kinds |= self.readable.redact(received.redacted, self.opener.reopen)
            hollow = self.file.log.by_ids(received.redacted).values()
            received.opened += self.opener.redacted(list(hollow))
            self.file.checkpoint()
        kinds |= self._fold(self.readable, received.opened)
        return received, kinds

    def keep_grants(
        self,
        casefile: bytes,
        packed: Sequence[bytes],
        roster: Roster,
        recovery: X25519PrivateKey | None = None,
    ) -> set[str]:
        """Take in a casefile's grants with the keys they bring; gives the kinds that changed."""
        org = bytes.fromhex(self.member().org)
        new = self.access.check(casefile, packed, roster, org)
        if not new:
            return set()
        # Keys that go must be gone; what comes would, after a power cut, only come again.
        forced = recovery is not None or self.file.device_id not in new[-1][0].members
        with self.file.transaction(forced=forced):
            taken = self.access.take(new, recovery)
            self.file.outbox_rows.retry(self.file.device_id, casefile)
            self.file.orders.retry(casefile)
            self._outdate_image(casefile, taken)
        return self._follow(casefile, taken, roster)

    def grant_accepted(self, grant_id: bytes, roster: Roster) -> set[str]:
        """The office has taken a grant of mine: its keys hold now."""
        with self.file.transaction():
            found = self.access.accepted(grant_id)
            if found is not None:
                self._outdate_image(found[0].casefile, found[1])
        return self._follow(found[0].casefile, found[1], roster) if found else set()

    def _outdate_image(self, casefile: bytes, taken: Taken) -> None:
        """What the image has must go with its keys; and where keys come for what was kept before
        the image was made, it would hide that: only what came after it is folded in."""
        held = self._opened_by(casefile, taken)
        if taken.removed or any(kept.seq <= self._in_image for kept in held):
            self.drop_image()

    def _opened_by(self, casefile: bytes, taken: Taken) -> Iterable[Kept]:
        """What is in the log already and had no key until now."""
        known = {k.kid for k in taken.keys}
        return (k for k in self.file.log.after(0, casefile) if k.kid in known) if known else ()

    def _follow(self, casefile: bytes, taken: Taken, roster: Roster) -> set[str]:
        """Keys have come or gone: so do the records they open."""
        self.access.settle(casefile, taken)
        if taken.removed:
            return self.readable.forget(casefile.hex())
        if not taken.keys:
            return set()
        _, kinds = self._take_in(self._receiver(casefile, roster).open_without_key)
        _, more = self._take_in(self._entry_receiver(casefile, roster).open_without_key)
        kinds |= more
        rows = self._opened_by(casefile, taken)
        return kinds | self._fold(self.readable, list(self._opened(rows)))

    # -- quarantine ----------------------------------------------------------------------------

    def open_quarantined(self, row: QuarantineRow) -> Opened:
        """Raises NoKey, CannotOpen or BadEnvelope."""
        return self.opener.open(
            Kept(row.seq or 0, row.casefile, row.device, row.n, row.header, row.item, row.id)
        )

    def shown(self, row: QuarantineRow) -> Quarantined:
        """A row of the quarantine with its text, where it opens."""
        try:
            opened = self.open_quarantined(row)
        except (NoKey, BadEnvelope):
            opened = None
        return Quarantined(
            id=row.id.hex(),
            casefile=row.casefile.hex(),
            device=row.device.hex(),
            n=row.n,
            reason=row.reason,
            kind=opened.kind if opened else None,
            record=opened.record if opened else None,
            fields=opened.fields if opened else None,
            author=opened.author if opened else None,
            at=moment_of(opened.hlc) if opened else None,
            inbox=is_entry(row.header),
        )

    def adopted_parents(self, opened: Opened) -> tuple[bytes, ...]:
        """What a change in quarantine replaced, adopted ones under their new ids."""
        return tuple(self.quarantine.adopted_as(p) or p for p in opened.parents)
