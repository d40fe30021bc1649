"""Unfinished text, sealed to its casefile and signed, so that it survives whatever happens here.

    clear  = msgpack [fields, saved at (ms since 1970)], deflated and padded like a change's body
    sealed = nonce + AES-256-GCM(HKDF(K, "doorstep/draft/1" + casefile + epoch), clear,
             aad = "doorstep/draft/1" + org + casefile + draft + device + person + kid)
    signature = Ed25519("doorstep/draft/1" + the same ids + sealed)

It can therefore travel from a locked or locked-out device to the same person's next one.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

import msgpack
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from storage.body import fields_are_plain, pad, unpad
from storage.clock import milliseconds, moment_of_milliseconds
from storage.envelope import CasefileKey
from storage.errors import BadEnvelope, BadSignature
from storage.kinds import Fields, Value
from storage.seal import Randomness, derive, joined, lock_up, unlock

_CONTEXT: Final = b"doorstep/draft/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Unfinished text as its author left it; ids are hex, `saved_at` aware UTC."""

    draft_id: str
    casefile: str
    fields: Mapping[str, Value]
    saved_at: datetime
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedDraft:
    """A draft as everybody but its casefile's members sees it."""

    draft: bytes
    casefile: bytes
    device: bytes
    person: bytes
    kid: bytes
    sealed: bytes
    signature: bytes

    def bound(self, org: bytes) -> bytes:
        return joined(_CONTEXT, org, self.casefile, self.draft, self.device, self.person, self.kid)

    def check(self, org: bytes, signing_public: Ed25519PublicKey) -> None:
        """Raises BadSignature unless the device it names signed it."""
        try:
            signing_public.verify(self.signature, joined(self.bound(org), self.sealed))
        except InvalidSignature as error:
            raise BadSignature("a draft is not signed by the device it names") from error


def seal_draft(
    fields: Fields,
    *,
    draft: bytes,
    key: CasefileKey,
    org: bytes,
    device: bytes,
    person: bytes,
    at: datetime,
    signing: Ed25519PrivateKey,
    randomness: Randomness,
) -> SealedDraft:
    """Seal and sign unfinished text."""
    clear = pad(cast(bytes, msgpack.packb([fields, milliseconds(at)])))
    unsigned = SealedDraft(
        draft=draft,
        casefile=key.casefile,
        device=device,
        person=person,
        kid=key.kid,
        sealed=b"",
        signature=b"",
    )
    bound = unsigned.bound(org)
    sealed = lock_up(_draft_key(key), clear, bound, randomness)
    return SealedDraft(
        draft=draft,
        casefile=key.casefile,
        device=device,
        person=person,
        kid=key.kid,
        sealed=sealed,
        signature=signing.sign(joined(bound, sealed)),
    )


def open_draft(sealed: SealedDraft, key: CasefileKey, org: bytes) -> Draft:
    """Raises CannotOpen, or BadEnvelope for another form. The signature is checked separately."""
    clear = unpad(unlock(_draft_key(key), sealed.sealed, sealed.bound(org)))
    try:
        fields, at = msgpack.unpackb(clear)
        saved_at = moment_of_milliseconds(at)
    except (ValueError, TypeError, OverflowError) as error:
        raise BadEnvelope("a draft does not have the published form") from error
    if type(fields) is not dict or not fields_are_plain(fields):
        raise BadEnvelope("a draft does not have the published form")
    return Draft(
        draft_id=sealed.draft.hex(),
        casefile=sealed.casefile.hex(),
        fields=fields,
        saved_at=saved_at,
        person=sealed.person.hex(),
    )


def _draft_key(key: CasefileKey) -> bytes:
    return derive(key.raw, joined(_CONTEXT, key.casefile, struct.pack(">I", key.epoch)))
