"""From sealed rows to readable changes, and what a redaction says about what it destroyed.

A redaction is a supervisor's change of the same record whose field `REDACTS` restates, for each
change whose text goes, its id, its parents, its clock and its author: enough to keep the history's
shape on a device that never saw the text. Its ciphertext is then dropped and the hash kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from storage.body import Body
from storage.changes import ChangeLog, Kept
from storage.envelope import is_entry, open_item
from storage.errors import BadEnvelope, CannotOpen, NoKey
from storage.inbox import open_entry, writer_of
from storage.keyring import Keyring
from storage.kinds import Fields, Value
from storage.opened import Opened

REDACTS: Final = "_redacts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restated:
    """What remains known of a change whose text was destroyed."""

    id: bytes
    kind: str
    record: str
    parents: tuple[bytes, ...]
    hlc: int
    author: str


def redaction_fields(changes: Iterable[Opened]) -> dict[str, Value]:
    """The fields of a redaction of these changes."""
    restated: list[Value] = [
        [c.id.hex(), [p.hex() for p in c.parents], c.hlc, c.author] for c in changes
    ]
    return {REDACTS: restated}


def restated_in(opened: Opened) -> tuple[Restated, ...]:
    """What a change redacts, empty for an ordinary one. Raises BadEnvelope for another form."""
    stated = opened.fields.get(REDACTS)
    if stated is None:
        return ()
    try:
        return tuple(
            Restated(
                id=_sized(change, 32),
                kind=opened.kind,
                record=opened.record,
                parents=tuple(_sized(p, 32) for p in parents),
                hlc=_stamp(hlc),
                author=_sized(author, 16).hex(),
            )
            for change, parents, hlc, author in cast(
                Sequence[tuple[str, Sequence[str], int, str]], stated
            )
        )
    except (TypeError, ValueError) as error:
        raise BadEnvelope("a redaction does not have the published form") from error


def _sized(text: str, size: int) -> bytes:
    raw = bytes.fromhex(text)
    if len(raw) != size or raw.hex() != text:
        raise ValueError("wrong length or writing")
    return raw


def _stamp(hlc: object) -> int:
    if type(hlc) is not int or hlc < 0:
        raise ValueError("no stamp of a clock")
    return hlc


def opened_from(
    body: Body, change: bytes, casefile: str, device: str, n: int, *, mine: bool
) -> Opened:
    """A change as folding wants it."""
    kind, record, fields, parents, hlc, author, _seen = body
    return Opened(
        change, casefile, record.hex(), kind, fields, parents, hlc, author.hex(), device, n, mine
    )


def opened_entry(body: Body, header: bytes, change: bytes, casefile: str) -> Opened:
    """An inbox's entry as folding wants it: of no chain, and never only on this device."""
    return opened_from(body, change, casefile, writer_of(header).hex(), 0, mine=False)


def without_redacts(opened: Opened) -> Opened:
    """A redaction as the record's history shows it: it says nothing itself."""
    return opened._replace(fields=_shown(opened.fields))


def _shown(fields: Fields) -> Fields:
    return {name: value for name, value in fields.items() if name != REDACTS}


class Opener:
    """Opens rows of the log with the keys of one unlocked vault."""

    def __init__(self, log: ChangeLog, keyring: Keyring, me: bytes) -> None:
        self._log = log
        self._keyring = keyring
        self._me = me

    def open(self, kept: Kept, *, again: bool = False) -> Opened:
        """Raises NoKey, CannotOpen or BadEnvelope. A redaction still has its field `REDACTS`.

        `again`: it is believed already (see `open_item`).
        """
        key = self._keyring.by_kid.get(kept.kid)
        if key is None:
            raise NoKey("this device holds no key for that change")
        if key.casefile != kept.casefile:
            raise CannotOpen("a change is sealed with another casefile's key")
        casefile = kept.casefile.hex()
        if is_entry(kept.header):
            body = open_entry(kept.header, None if kept.redacted else kept.item, key)
            return opened_entry(body, kept.header, kept.id, casefile)
        return opened_from(
            open_item(kept.header, kept.item, key, again=again),
            kept.id,
            casefile,
            kept.device.hex(),
            kept.n,
            mine=kept.device == self._me,
        )

    def reopen(self, ids: Sequence[bytes]) -> Mapping[bytes, Opened]:
        """Older changes again, redacted ones as such; what is not here or does not open is left
        out."""
        found: dict[bytes, Opened] = {}
        hollow: list[Kept] = []
        for change, kept in self._log.by_ids(ids).items():
            if kept.redacted:
                hollow.append(kept)
                continue
            try:
                opened = self.open(kept)
            except (NoKey, BadEnvelope):
                continue
            found[change] = without_redacts(opened) if REDACTS in opened.fields else opened
        found.update((o.id, o) for o in self.redacted(hollow))
        return found

    def redacted(self, hollow: Sequence[Kept]) -> list[Opened]:
        """Changes without text, as the redactions of them restate them; others are left out."""
        by_redaction = self._log.redactions_of([k.id for k in hollow])
        stated: dict[bytes, Restated] = {}
        for kept in self._log.by_ids(set(by_redaction.values())).values():
            try:
                stated.update((r.id, r) for r in restated_in(self.open(kept)))
            except (NoKey, BadEnvelope):  # it cannot say any more what it destroyed
                continue
        return [self._hollow(kept, stated[kept.id]) for kept in hollow if kept.id in stated]

    def _hollow(self, kept: Kept, stated: Restated) -> Opened:
        entry = is_entry(kept.header)
        return Opened(
            id=kept.id,
            casefile=kept.casefile.hex(),
            record=stated.record,
            kind=stated.kind,
            fields={},
            parents=stated.parents,
            hlc=stated.hlc,
            author=stated.author,
            device=(writer_of(kept.header) if entry else kept.device).hex(),
            n=0 if entry else kept.n,
            mine=not entry and kept.device == self._me,
            redacted=True,
        )
