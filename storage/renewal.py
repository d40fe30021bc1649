"""A cloned or restored device takes a new identity in its own file and loses nothing by it.

What the office never acknowledged is sealed again under the new device's chain, drafts with it;
the old chain goes back to what was acknowledged and is from then on another device's. All in one
transaction. Pairing comes after: until it is certified and granted, the new device only writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage.changes import Kept
from storage.drafts import Draft
from storage.errors import BadEnvelope, NoKey
from storage.keys import DeviceKeys, wrap_login_key
from storage.kinds import Value
from storage.opened import Opened
from storage.opening import REDACTS, restated_in
from storage.quarantine import QuarantineRow
from storage.unlocked import Statement, Unlocked


def become_new_device(u: Unlocked, drafts: list[Draft]) -> None:
    """Give the file a new device id and keys, and move everything unsent over to it."""
    file = u.file
    old = file.device_id
    waiting = sorted(file.log.unacknowledged(old), key=lambda kept: kept.seq)
    before = u.keyring.device, u.opener, u.me
    try:
        _move(u, old, waiting, drafts)
    except BaseException:
        u.keyring.device, u.opener, u.me = before
        raise
    u.rebuild()


def _move(u: Unlocked, old: bytes, waiting: list[Kept], drafts: list[Draft]) -> None:
    file = u.file
    with file.transaction():
        moving = _opened(u, waiting)
        for casefile, head in file.log.chains_of(old):
            whole = file.log.unbroken(head, head.acknowledged)
            if whole < head.acknowledged:
                file.log.rewind_cursor(casefile)
            file.log.cut(head, whole)
        _new_identity(u)
        renamed: dict[bytes, bytes] = {}
        for opened in moving:
            _write_anew(u, opened, renamed)
        for draft in drafts:
            u.hand.keep_draft(draft.casefile, draft.draft_id, draft.fields, draft.saved_at)


def _opened(u: Unlocked, waiting: list[Kept]) -> list[Opened]:
    """What waits, opened; what does not open is kept in sight."""
    found: list[Opened] = []
    for kept in waiting:
        if kept.redacted:
            continue  # redacted before it was ever sent: there is nothing to tell
        try:
            found.append(u.opener.open(kept))
        except (NoKey, BadEnvelope):
            row = QuarantineRow(
                id=kept.id,
                casefile=kept.casefile,
                device=kept.device,
                n=kept.n,
                header=kept.header,
                item=kept.item,
                signature=None,
                seq=None,
                reason="unopened",
            )
            u.quarantine.add([row])
    return found


def _new_identity(u: Unlocked) -> None:
    file, randomness = u.file, u.file.surroundings.randomness
    device = randomness(16)
    login = Ed25519PrivateKey.from_private_bytes(randomness(32))
    keys = DeviceKeys.fresh(randomness)
    wrapped = wrap_login_key(login, device, file.device_secret(), randomness)
    file.put("device", device)
    file.put("login", wrapped)
    file.put("keys", u.keyring.master.keep(b"device-keys", keys.packed(), randomness))
    file.put_number("cloned", 0)
    u.keyring.device = keys
    u.opener = u.new_opener()
    if u.me is not None:
        u.me = replace(u.me, device=device.hex())
        u.secrets.put_membership(u.me)


def _write_anew(u: Unlocked, opened: Opened, renamed: dict[bytes, bytes]) -> None:
    fields: Mapping[str, Value] = opened.fields
    gone: list[bytes] = []
    if REDACTS in opened.fields:
        # Of what was never sent nothing is left to redact.
        stated = restated_in(opened)
        known = u.file.log.by_ids([r.id for r in stated])
        gone = [r.id for r in stated if r.id in known]
        if not gone:
            return
        kept = cast(list[list[Value]], opened.fields[REDACTS])
        fields = {**opened.fields, REDACTS: [r for r in kept if r[0] in {i.hex() for i in gone}]}
    (made,) = u.append(
        [
            Statement(
                casefile=opened.casefile,
                kind=opened.kind,
                record=opened.record,
                fields=fields,
                parents=tuple(renamed.get(p, p) for p in opened.parents),
            )
        ]
    )
    renamed[opened.id] = made.id
    if gone:
        connection = u.file.connection
        connection.execute(
            "UPDATE redacted SET redaction = ? WHERE redaction = ?", [made.id, opened.id]
        )
        connection.executemany(
            "INSERT OR REPLACE INTO drops VALUES (?, ?, ?)",
            [(i, bytes.fromhex(opened.casefile), made.n) for i in gone],
        )
