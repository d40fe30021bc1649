"""The other end of what devices order: reads every order, opens what is sealed, sends nothing.

It keeps what the office would have acknowledged, and refuses as the desk's queue does: by stops,
withdrawals and versions. What the real desk does with them is told in tests/in_office.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from fakes import PlainRoster, seeded
from storage.alarm import Alarm, AlarmContents, CheckOut, Seen, open_alarm, open_check_out
from storage.capsule import Capsule, CapsuleContents, open_capsule
from storage.grants import read_grant
from storage.inbox import Entry, EntryHeader, seal_entry
from storage.keys import DevicePublic
from storage.kinds import Value
from storage.orders import read_order
from storage.seal import raw_public
from storage.statements import read_statement
from storage.stop import Stop, Withdrawal
from storage.vault import Vault

DEVICE, PERSON = b"reminder-desk--1", b"reminder-desk--2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A page of an inbox as storage wants it."""

    casefile: bytes
    after: int
    next: int
    entries: Sequence[Entry]


@dataclass
class Desk:
    """Everything devices have told it, in the order in which it came, and what it said."""

    org: bytes
    grants: Mapping[bytes, Sequence[bytes]]
    private: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate)
    signing: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    inboxes: dict[bytes, list[Entry]] = field(default_factory=dict)
    said: int = 0
    capsules: dict[str, Capsule] = field(default_factory=dict)
    stops: list[Stop] = field(default_factory=list)
    withdrawals: list[Withdrawal] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    check_outs: list[CheckOut] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    came: list[str] = field(default_factory=list)

    def hears(self, *vaults: Vault) -> None:
        """These devices are in signal: they push what waits, in the order in which they must."""
        for vault in vaults:
            waiting = vault.device_file.orders
            while batch := waiting.batch(100, 1_000_000, urgent=False):
                for one in batch:
                    self._take(one.packed)
                waiting.settle([one.reference for one in batch], {})

    def is_certified_in(self, roster: PlainRoster) -> None:
        """The directory names it."""
        signing = raw_public(self.signing)
        public = DevicePublic(
            device=DEVICE, signing=signing, login=signing, receiving=raw_public(self.private)
        )
        roster.certify(public, PERSON, desk=True)

    def tells(self, reference: str, state: str, at: datetime, reason: str = "") -> None:
        """A receipt for one of its orders."""
        one = self.capsules[reference]
        record = hashlib.sha256(b"receipt" + one.reference).digest()[:16]
        self.leaves(
            one.casefile,
            "receipt",
            record,
            {
                "reference": reference,
                "appointment": one.appointment.hex() if one.appointment else None,
                "appointment_version": one.appointment_version,
                "route": one.route.hex(),
                "rule": one.rule,
                "channel": one.channel,
                "state": state,
                "reason": reason,
                "at": milliseconds(at),
                "attempt": 1,
            },
        )

    def passes_on(self, route: str, casefile: str, text: str, meaning: str, at: datetime) -> None:
        """Somebody answered."""
        fields: dict[str, Value] = {
            "route": route,
            "reference": "",
            "channel": "sms",
            "text": text,
            "meaning": meaning,
            "at": milliseconds(at),
        }
        self.leaves(bytes.fromhex(casefile), "reply", self._fresh(), fields)

    def logs(self, alarm: Alarm, event: str, at: datetime) -> None:
        """Something became of an alarm."""
        assert alarm.casefile is not None
        fields: dict[str, Value] = {
            "alarm": alarm.reference.hex(),
            "kind": alarm.kind,
            "event": event,
            "call": 0,
            "at": milliseconds(at),
        }
        self.leaves(alarm.casefile, "alarm_log", self._fresh(), fields)

    def leaves(
        self, casefile: bytes, kind: str, record: bytes, fields: Mapping[str, Value]
    ) -> None:
        """Seal an entry into a casefile's inbox."""
        grant = read_grant(read_statement(self.grants[casefile][-1]))
        self.said += 1
        header = EntryHeader(
            org=self.org, casefile=casefile, device=DEVICE, entry=self._fresh(), kid=grant.kids[-1]
        )
        entry = seal_entry(
            header,
            inbox_public=grant.inbox_public,
            kind=kind,
            record=record,
            fields=fields,
            hlc=self.said << 16,
            author=PERSON,
            signing=self.signing,
            randomness=seeded(f"desk {self.said}"),
        )
        self.inboxes.setdefault(casefile, []).append(entry)

    def delivers(self, roster: PlainRoster, vaults: Iterable[Vault]) -> None:
        """Members pull their casefiles' inboxes."""
        for vault in vaults:
            held = {bytes.fromhex(c.id) for c in vault.casefiles()}
            for casefile, entries in self.inboxes.items():
                if casefile in held:
                    after = vault.inbox_cursor(casefile)
                    page = Leaf(
                        casefile=casefile,
                        after=after,
                        next=len(entries),
                        entries=entries[after:],
                    )
                    vault.accept_entries(page, roster)

    def _fresh(self) -> bytes:
        self.said += 1
        return hashlib.sha256(b"entry %d" % self.said).digest()[:16]

    def would_send(self) -> list[tuple[Capsule, CapsuleContents]]:
        """What may still go out, opened, by opening time."""
        left = [c for c in self.capsules.values() if not self._refused(c)]
        left.sort(key=lambda c: (c.opens, c.reference))
        return [(c, open_capsule(c, self.private)) for c in left]

    def texts(self) -> list[str]:
        return [text for _, contents in self.would_send() for text in contents.texts]

    def opened(self, alarm: Alarm) -> AlarmContents:
        return open_alarm(alarm, self.private)

    def phrase(self, check_out: CheckOut) -> str:
        return open_check_out(check_out, self.private)

    def _take(self, packed: bytes) -> None:
        order = read_order(packed)
        self.came.append(order.what)
        match order:
            case Capsule():
                self.capsules.setdefault(order.reference.hex(), order)
            case Stop():
                self.stops.append(order)
            case Withdrawal():
                self.withdrawals.append(order)
            case Alarm():
                self.alarms.append(order)
            case CheckOut():
                self.check_outs.append(order)
            case Seen():
                self.seen += [reference.hex() for reference in order.references]

    def _refused(self, one: Capsule) -> bool:
        if any(s.route == one.route and one.consent <= s.consent for s in self.stops):
            return True
        for w in self.withdrawals:
            if w.casefile != one.casefile:
                continue
            older = (
                w.before_version is not None
                and w.appointment == one.appointment
                and one.appointment_version < w.before_version
            )
            upto = w.upto is not None and one.planned <= w.upto
            if one.reference in w.references or older or upto:
                return True
        return False


def milliseconds(at: datetime) -> int:
    """Since 1970, as the office counts."""
    return int(at.timestamp() * 1000)
