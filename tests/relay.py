"""The smallest relay there can be between vaults: a list of items for each casefile, no checks.

Stands in for the office where only storage is under test, and can be made to misbehave by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from fakes import PlainRoster, surroundings
from storage.envelope import Head, Header, Run, in_runs, parse_header
from storage.kinds import Field, Kind, Policy, Schema
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


@dataclass(slots=True)
class Relay:
    """What an office keeps, in memory."""

    items: dict[bytes, list[Kept]] = field(default_factory=dict)
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
            file.acknowledge({head.casefile: head.n for head in outgoing.heads})
        return count

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
        return vault.accept(self.page(casefile, vault.cursor(raw)), self.roster).count

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


def _ct_hash(item: bytes) -> bytes:
    from storage.seal import fingerprint

    return item[12:] if len(item) == 44 else fingerprint(item[12:])
