"""Who may read a casefile: a chain of signed grants, each carrying the keys to its members.

The clear part lets the office enforce who may push and pull; the sealed part holds every epoch's
key, once for each member device and once for recovery, and opens only there. The office accepts a
grant only onto the current one (compare and set). Knows keys and devices, never families.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

import msgpack
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from storage.envelope import CasefileKey
from storage.errors import BadEnvelope, BrokenChain, NoKey
from storage.seal import (
    KEY_BYTES,
    Randomness,
    check_receiving_key,
    derive,
    joined,
    open_sealed,
    raw_public,
    seal_to,
)
from storage.statements import FIRST, Statement, grant_context, make_statement

RECOVERY: Final = bytes(16)
"""Stands in for a device id where keys are sealed to the organisation's recovery key."""
_INFO: Final = b"doorstep/grant/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One statement of who may read and write a casefile, from its epoch on.

    `kids` name every epoch's key, oldest first (epoch 1 is kids[0]). `last` gives, for each device
    ever removed, the (n, id) of its last accepted change: later ones go to quarantine.
    `linked_to` is the family casefile that a restricted one belongs to. `label` says what the
    casefile is for ("family", "restricted", "team", "service"): clear to the office, so never
    more than that.
    """

    casefile: bytes
    epoch: int
    kids: tuple[bytes, ...]
    members: tuple[bytes, ...]
    inbox_public: bytes
    last: Mapping[bytes, tuple[int, bytes]]
    linked_to: bytes | None
    label: str
    keys: Mapping[bytes, bytes]
    statement: Statement

    @property
    def id(self) -> bytes:
        return self.statement.id


def make_grant(
    signing: Ed25519PrivateKey,
    *,
    org: bytes,
    signer: bytes,
    previous: Grant | None,
    casefile: bytes,
    epoch_keys: Sequence[CasefileKey],
    receivers: Mapping[bytes, bytes],
    recovery_public: bytes,
    last: Mapping[bytes, tuple[int, bytes]],
    linked_to: bytes | None,
    label: str,
    randomness: Randomness,
) -> Grant:
    """Sign who may read `casefile`, sealing all `epoch_keys` (oldest first) to each receiver.

    `receivers` maps member device ids to their raw X25519 keys.
    """
    epoch = len(epoch_keys)
    clear = cast(bytes, msgpack.packb([k.raw for k in epoch_keys]))
    aad = joined(org, casefile, bytes([0]), epoch.to_bytes(4, "big"))
    keys = {
        device: seal_to(public, clear, info=_INFO, aad=joined(aad, device), randomness=randomness)
        for device, public in {**receivers, RECOVERY: recovery_public}.items()
    }
    body: dict[str, object] = {
        "casefile": casefile,
        "epoch": epoch,
        "kids": [k.kid for k in epoch_keys],
        "members": sorted(receivers),
        "inbox": inbox_public(epoch_keys[-1]),
        "last": [[d, n, i] for d, (n, i) in sorted(last.items())],
        "linked_to": linked_to,
        "label": label,
        "keys": [[d, sealed] for d, sealed in sorted(keys.items())],
    }
    statement = make_statement(
        signing,
        context=grant_context(casefile),
        org=org,
        signer=signer,
        prev=previous.id if previous else FIRST,
        body=body,
    )
    return read_grant(statement)


def read_grant(statement: Statement) -> Grant:
    """Read a grant's body; raises BadEnvelope. The signature has to be checked separately."""
    b = statement.body
    try:
        last = [(d, n, i) for d, n, i in cast(list[tuple[bytes, int, bytes]], b["last"])]
        keys = [(d, sealed) for d, sealed in cast(list[tuple[bytes, bytes]], b["keys"])]
        grant = Grant(
            casefile=cast(bytes, b["casefile"]),
            epoch=cast(int, b["epoch"]),
            kids=tuple(cast(list[bytes], b["kids"])),
            members=tuple(cast(list[bytes], b["members"])),
            inbox_public=cast(bytes, b["inbox"]),
            last={d: (n, i) for d, n, i in last},
            linked_to=cast(bytes | None, b["linked_to"]),
            label=cast(str, b["label"]),
            keys=dict(keys),
            statement=statement,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadEnvelope("a grant does not have the published form") from error
    sizes = [
        (grant.casefile, 16),
        (grant.inbox_public, 32),
        (grant.linked_to or bytes(16), 16),
        *((m, 16) for m in grant.members),
        *((k, 16) for k in grant.kids),
        *((d, 16) for d in grant.last),
        *((i, 32) for _, i in grant.last.values()),
    ]
    if not (
        all(type(part) is bytes and len(part) == size for part, size in sizes)
        and type(grant.epoch) is int
        and grant.epoch == len(set(grant.kids)) == len(grant.kids) >= 1
        and type(grant.label) is str
        and statement.context == grant_context(grant.casefile)
        # Sorted and each once: no two readers may see other members, ends or keys.
        and list(grant.members) == sorted(set(grant.members))
        and [d for d, _, _ in last] == sorted(grant.last)
        and all(type(n) is int and 0 <= n < 1 << 63 for _, n, _ in last)
        and [d for d, _ in keys] == [RECOVERY, *grant.members]
        and all(type(sealed) is bytes and len(sealed) >= 48 for _, sealed in keys)
    ):
        raise BadEnvelope("a grant does not have the published form")
    check_receiving_key(grant.inbox_public)
    return grant


def check_follows(previous: Grant | None, grant: Grant) -> None:
    """Raises BrokenChain unless `grant` may stand right after `previous` (None: founds it).

    It must name the statement before it, keep the casefile what it is, and keep every epoch: no
    history is taken away or given other keys. A removed device's end stays, unless it is back.
    """
    if previous is None:
        if grant.statement.prev != FIRST or grant.epoch != 1:
            raise BrokenChain("a casefile's first grant names one before it")
        return
    if (
        grant.statement.prev != previous.id
        or grant.statement.org != previous.statement.org
        or grant.casefile != previous.casefile
        or grant.linked_to != previous.linked_to
        or grant.label != previous.label
        or grant.kids[: previous.epoch] != previous.kids
        or grant.epoch > previous.epoch + 1
        or any(
            grant.last.get(device) != end and device not in grant.members
            for device, end in previous.last.items()
        )
    ):
        raise BrokenChain("a grant does not follow on the one before it")


def open_grant(grant: Grant, device: bytes, receiving: X25519PrivateKey) -> list[CasefileKey]:
    """Every epoch's key, oldest first. `device` may be RECOVERY with the recovery key.

    Raises NoKey when the grant has nothing for this device, CannotOpen or BadEnvelope when what
    it has is not the keys that it names.
    """
    sealed = grant.keys.get(device)
    if sealed is None:
        raise NoKey("this grant holds no keys for this device")
    aad = joined(grant.statement.org, grant.casefile, bytes([0]), grant.epoch.to_bytes(4, "big"))
    clear = open_sealed(receiving, sealed, info=_INFO, aad=joined(aad, device))
    try:
        raws = msgpack.unpackb(clear)
    except (ValueError, RecursionError) as error:
        raise BadEnvelope("a grant carries something else than keys") from error
    if type(raws) is not list or not all(type(r) is bytes and len(r) == KEY_BYTES for r in raws):
        raise BadEnvelope("a grant carries something else than keys")
    keys = [CasefileKey(raw, grant.casefile, n) for n, raw in enumerate(raws, 1)]
    if tuple(k.kid for k in keys) != grant.kids or inbox_public(keys[-1]) != grant.inbox_public:
        raise BadEnvelope("a grant carries other keys than it names")
    return keys


_INBOX: Final = b"doorstep/inbox/1"


def inbox_private(key: CasefileKey) -> X25519PrivateKey:
    """The key that opens what non-members wrote into the casefile's inbox: members only."""
    return X25519PrivateKey.from_private_bytes(derive(key.raw, joined(_INBOX, key.casefile)))


def inbox_public(key: CasefileKey) -> bytes:
    """The key anybody certified may seal to, to write into the casefile's inbox."""
    return raw_public(inbox_private(key))
