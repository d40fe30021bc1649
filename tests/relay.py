"""The smallest relay there can be between vaults: a list of items for each casefile, no checks.

Stands in for the office where only storage is under test, and can be made to misbehave by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from fakes import PlainRoster, surroundings
from storage.envelope import Head, Header, parse_header
from storage.inbox import Entry, read_entry_header
from storage.kinds import Field, Kind, Policy, Schema
from storage.orders import Order, read_order
from storage.runs import Run, in_runs
from storage.seal import raw_public
from storage.surroundings import Surroundings
from storage.vault import Statement, Vault, create_vault

ORG = b"organisation-16b"
RECOVERY = X25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
PASSPHRASE = "kettle-marble-otter-lantern"

SCHEMA = Schema(
    version=1,
    kinds=(
        Kind(
            name="visit_note",
            fields=(
                Field(name="text", policy=Policy.KEEP_BOTH, searchable=True),
                Field(name="status", column="text"),
                Field(name="signed_at", column="text"),
            ),
            frozen_by="signed_at",
        ),
        Kind(name="person", fields=(Field(name="name", column="text", searchable=True),)),
        Kind(
            name="attendance",
            fields=(Field(name="remark", column="text", searchable=True),),
            from_inbox=True,
        ),
        Kind(name="receipt", fields=(Field(name="state", column="text"),), from_inbox=True),
    ),
)


@dataclass(slots=True)
class Kept:
    header: Header
    item: bytes
    id: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A page as storage wants it."""

    casefile: bytes
    after: int
    next: int
    runs: Sequence[Run]
    heads: Sequence[Head]


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxLeaf:
    """A page of an inbox as storage wants it."""

    casefile: bytes
    after: int
    next: int
    entries: Sequence[Entry]


@dataclass(slots=True)
class Relay:
    """What an office keeps, in memory."""

    items: dict[bytes, list[Kept]] = field(default_factory=dict)
    inboxes: dict[bytes, list[Entry]] = field(default_factory=dict)
    orders: list[Order] = field(default_factory=list)
    heads: dict[bytes, dict[tuple[bytes, int], Head]] = field(default_factory=dict)
    grants: dict[bytes, list[bytes]] = field(default_factory=dict)
    roster: PlainRoster = field(default_factory=PlainRoster)

    def collect(self, vault: Vault, limit_changes: int = 1000) -> int:
        """Take everything a vault wants to send, and acknowledge it."""
        file, count = vault.device_file, 0
        for grant_id, packed in file.grants_to_offer():
            casefile = _casefile_of(packed)
            self.grants.setdefault(casefile, []).append(packed)
            if not vault.locked:
                vault.grant_offered(grant_id, self.roster)
        while outgoing := file.outbox(limit_changes):
            for run in outgoing.runs:
                self._store(run)
                count += len(run.items)
            for head in outgoing.heads:
                self.heads.setdefault(head.casefile, {})[head.device, head.n] = head
            for kept in (k for items in self.items.values() for k in items):
                if kept.id in outgoing.drops:
                    kept.item = kept.item[:12] + _ct_hash(kept.item)
            for entries in self.inboxes.values():
                entries[:] = [_redacted(e) if e.id in outgoing.drops else e for e in entries]
            file.acknowledge({head.casefile: head.n for head in outgoing.heads})
        self._collect_for_others(vault)
        return count

    def _collect_for_others(self, vault: Vault) -> None:
        file = vault.device_file
        while orders := file.orders.batch(100, 1_000_000, urgent=False):
            self.orders += [read_order(order.packed) for order in orders]
            file.orders.settle([order.reference for order in orders], {})
        while entries := file.leavings.batch(100, 1_000_000):
            for entry in entries:
                self.leave(entry)
            file.leavings.settle([read_entry_header(e.header).entry for e in entries], {})

    def leave(self, entry: Entry) -> None:
        """Put something into an inbox, whatever it is."""
        casefile = read_entry_header(entry.header).casefile
        self.inboxes.setdefault(casefile, []).append(entry)

    def inbox(self, casefile: str, after: int, upto: int | None = None) -> InboxLeaf:
        """What was left after a number, or up to one."""
        raw = bytes.fromhex(casefile)
        entries = self.inboxes.get(raw, [])[after:upto]
        return InboxLeaf(casefile=raw, after=after, next=after + len(entries), entries=entries)

    def _store(self, run: Run) -> None:
        for sealed, item in zip(run.rebuilt(ORG), run.items, strict=True):
            header = parse_header(sealed.header)
            known = self.items.setdefault(run.casefile, [])
            if all(k.id != sealed.id for k in known):
                known.append(Kept(header, item, sealed.id))

    def page(self, casefile: str, after: int, upto: int | None = None) -> Leaf:
        """Everything after a cursor, or up to a sequence number."""
        raw = bytes.fromhex(casefile)
        items = self.items.get(raw, [])[after:upto]
        devices = {k.header.device: k.header.n for k in items}
        heads = self.heads.get(raw, {})
        return Leaf(
            casefile=raw,
            after=after,
            next=after + len(items),
            runs=in_runs((k.header, k.item) for k in items),
            heads=[heads[key] for key in devices.items() if key in heads],
        )

    def deliver(self, vault: Vault, casefile: str) -> int:
        """Grants, then everything new; gives how many changes were new."""
        raw = bytes.fromhex(casefile)
        vault.keep_grants(raw, self.grants.get(raw, []), self.roster)
        count = vault.accept(self.page(casefile, vault.cursor(raw)), self.roster).count
        left = self.inbox(casefile, vault.inbox_cursor(raw))
        return count + vault.accept_entries(left, self.roster).count

    def exchange(self, casefile: str, *vaults: Vault) -> None:
        """Everybody sends, then everybody receives."""
        for vault in vaults:
            self.collect(vault)
        for vault in vaults:
            self.deliver(vault, casefile)


def device(
    folder: Path,
    name: str,
    relay: Relay,
    *,
    role: str = "worker",
    person: bytes | None = None,
    around: Surroundings | None = None,
    schema: Schema = SCHEMA,
) -> Vault:
    """A device that has joined: unlocked, certified, in no casefile yet."""
    vault = create_vault(
        folder / f"{name}.doorstep",
        PASSPHRASE,
        schema=schema,
        surroundings=around or surroundings(name),
    )
    whose = person or name.encode().ljust(16, b".")[:16]
    vault.join(
        org=ORG,
        person=whose,
        role=role,
        team=None,
        office_url="http://127.0.0.1:1",
        recovery_public=raw_public(RECOVERY),
    )
    relay.roster.certify(vault.public, whose, supervisor=role == "supervisor")
    return vault


def note(casefile: str, record: str, **fields: str) -> Statement:
    """A visit note that says this."""
    return Statement(casefile=casefile, kind="visit_note", record=record, fields=dict(fields))


def _casefile_of(packed: bytes) -> bytes:
    from storage.grants import read_grant
    from storage.statements import read_statement

    return read_grant(read_statement(packed)).casefile


def _redacted(entry: Entry) -> Entry:
    from storage.seal import fingerprint

    return entry if entry.redacted else replace(entry, item=fingerprint(entry.item))


def _ct_hash(item: bytes) -> bytes:
    from storage.seal import fingerprint

    return item[12:] if len(item) == 44 else fingerprint(item[12:])
