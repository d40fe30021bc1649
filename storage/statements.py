"""Signed statements: the directory's entries and the grants, in exact bytes.

    statement = [context, v, org, signer, prev, body]   msgpack, exact bytes kept
    signature = Ed25519(signer's key, "doorstep/statement/1" + statement)
    id        = SHA-256(statement, signature)

`context` is "directory" or "grant:<casefile>"; `prev` is the id of the statement before it in the
same context (32 zero bytes for the first), so that each context is one chain that nobody can
shorten or reorder unseen. `signer` is a device id, or 16 zero bytes for the organisation's root.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

import msgpack
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from storage.errors import BadEnvelope, BadSignature, TooLarge
from storage.seal import fingerprint, joined

VERSION: Final = 1
ROOT: Final = bytes(16)
FIRST: Final = bytes(32)
DIRECTORY: Final = "directory"
_CONTEXT: Final = b"doorstep/statement/1"
MAX_STATEMENT_BYTES: Final = 256 * 1024

Clear = Mapping[str, object]


def grant_context(casefile: bytes) -> str:
    """The context of one casefile's chain of grants."""
    return f"grant:{casefile.hex()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One signed statement: its exact bytes, the signature, and the body already read."""

    encoded: bytes
    signature: bytes
    context: str
    org: bytes
    signer: bytes
    prev: bytes
    body: Clear

    @property
    def id(self) -> bytes:
        return fingerprint(joined(self.encoded, self.signature))

    def packed(self) -> bytes:
        """As it travels and is kept."""
        return cast(bytes, msgpack.packb([self.encoded, self.signature]))

    def check(self, signing_public: Ed25519PublicKey) -> None:
        """Raises BadSignature unless this key signed exactly these bytes."""
        try:
            signing_public.verify(self.signature, joined(_CONTEXT, self.encoded))
        except InvalidSignature as error:
            raise BadSignature("a statement is not signed by the key it names") from error


def make_statement(
    key: Ed25519PrivateKey, *, context: str, org: bytes, signer: bytes, prev: bytes, body: Clear
) -> Statement:
    """Sign `body` as the next statement after `prev` in its context.

    Raises TooLarge above `MAX_STATEMENT_BYTES`.
    """
    encoded = cast(bytes, msgpack.packb([context, VERSION, org, signer, prev, body]))
    statement = Statement(
        encoded=encoded,
        signature=key.sign(joined(_CONTEXT, encoded)),
        context=context,
        org=org,
        signer=signer,
        prev=prev,
        body=body,
    )
    if len(statement.packed()) > MAX_STATEMENT_BYTES:
        raise TooLarge("a statement is larger than may travel")
    return statement


def read_statement(packed: bytes) -> Statement:
    """Parse `Statement.packed`; raises BadEnvelope. The signature still has to be checked.

    One statement has one encoding, so that no two readers can take different things from it.
    """
    if len(packed) > MAX_STATEMENT_BYTES:
        raise BadEnvelope("a statement is larger than it may be")
    try:
        encoded, signature = msgpack.unpackb(packed)
        context, v, org, signer, prev, body = msgpack.unpackb(encoded)
        again = msgpack.packb([context, v, org, signer, prev, body])
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise BadEnvelope("a statement does not have the published form") from error
    if (
        type(v) is not int
        or v != VERSION
        or again != encoded
        or msgpack.packb([encoded, signature]) != packed
        or type(context) is not str
        or type(signature) is not bytes
        or len(signature) != 64
        or not all(
            type(p) is bytes and len(p) == n for p, n in ((org, 16), (signer, 16), (prev, 32))
        )
        or type(body) is not dict
        or not all(type(k) is str for k in body)
    ):
        raise BadEnvelope("a statement does not have the published form")
    return Statement(
        encoded=encoded,
        signature=signature,
        context=context,
        org=org,
        signer=signer,
        prev=prev,
        body=body,
    )
