"""The shapes of what travels between a device and the office, each said once.

`sync.wire` puts calls together from them. Must not know any call.
"""

from __future__ import annotations

from typing import Final

from storage.envelope import Head
from storage.inbox import MAX_ENTRY_BYTES, Entry
from storage.statements import MAX_STATEMENT_BYTES
from sync.forms import (
    binary,
    fixed,
    perhaps,
    row,
    run,
    several,
    text,
    whole,
)
from sync.protocol import (
    MAX_BATCH_BYTES,
    Cursor,
    Page,
    ParkedDraft,
    Position,
)

MAX_DRAFT_BYTES: Final = 1024 * 1024
MAX_REQUEST_BYTES: Final = 4096
"""A joiner's request: a few keys and ids."""
MANY: Final = 1_000_000  # answers are bounded by the office; this only refuses nonsense

CASEFILE: Final = fixed(16, "casefile id")
DEVICE: Final = fixed(16, "device id")
STATEMENT: Final = binary(MAX_STATEMENT_BYTES, "a signed statement, packed", 1)
LOOKUP: Final = binary(64, "the invite's lookup id", 16)
LOOKUP_HASH: Final = fixed(32, "SHA-256 of the invite's lookup id")
RUN: Final = run(100_000, 2 * MAX_BATCH_BYTES)  # finer limits are the office's, said per chain
HEAD: Final = row(
    Head,
    casefile=CASEFILE,
    device=DEVICE,
    n=whole("number of the change"),
    id=fixed(32, "id of that change"),
    signature=fixed(64, "Ed25519"),
)
PAGE: Final = row(
    Page,
    casefile=CASEFILE,
    after=whole("position the page starts after"),
    next=whole("position of its last change"),
    top=whole("highest position there is"),
    runs=several(RUN, MANY),
    heads=several(HEAD, MANY),
)
POSITION: Final = row(
    Position,
    casefile=CASEFILE,
    top=whole("highest sequence number"),
    grant=fixed(32, "id of the current grant"),
    inbox=whole("things in the casefile's inbox"),
)
ENTRY: Final = row(
    Entry,
    header=binary(128, "where it belongs, exact bytes", 1),
    item=binary(MAX_ENTRY_BYTES, "the sealed entry, or once redacted its SHA-256", 32),
    signature=fixed(64, "Ed25519 by the device"),
)
CURSOR: Final = row(Cursor, casefile=CASEFILE, after=whole("how far this device has read"))
REFERENCE: Final = fixed(16, "the order's reference")
CODE: Final = perhaps(text(32, "why it was not taken"))
DRAFT: Final = row(
    ParkedDraft,
    draft=fixed(16, "draft id"),
    casefile=CASEFILE,
    device=DEVICE,
    person=fixed(16, "person id"),
    kid=fixed(16, "which casefile key opens it"),
    sealed=binary(MAX_DRAFT_BYTES, "the sealed draft", 1),
    signature=fixed(64, "Ed25519 by the device"),
)
