"""The layout of the file on disk, step by step; every step and its record are one transaction.

Clear columns hold random ids, counters and sealed bytes only. A step, once released, is never
changed: a device that skipped versions walks through all of them.
"""

from __future__ import annotations

from typing import Final

from sqlite_utils import Database, Migrations

device_file: Final = Migrations("device file")


@device_file()
def lay_out(db: Database) -> None:
    """The first layout."""
    _run(db, _FIRST)


@device_file()
def hold_what_is_for_others(db: Database) -> None:
    """Room for what waits to be told the reminder desk, and to be left in others' inboxes."""
    _run(db, _FOR_OTHERS)


def _run(db: Database, script: str) -> None:
    for statement in script.split(";"):
        if statement.strip():
            db.execute(statement)


# `changes.seq` counts in the order in which changes came to this device, parents before children.
# `mark` is the first 8 bytes of the change's id as a number: enough to find it by, and half the
# index. `signature` is there where a head was signed, so that a push may end at it.
# `heads.named` is the n that a change of ours has last named in `seen`.
_FIRST = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB);
CREATE TABLE heads (
    chain INTEGER PRIMARY KEY, casefile BLOB NOT NULL, device BLOB NOT NULL,
    n INTEGER NOT NULL, id BLOB NOT NULL, signature BLOB,
    acknowledged INTEGER NOT NULL DEFAULT 0, named INTEGER NOT NULL DEFAULT 0,
    refused TEXT, UNIQUE (casefile, device)
);
CREATE TABLE changes (
    seq INTEGER PRIMARY KEY, chain INTEGER NOT NULL, n INTEGER NOT NULL, mark INTEGER NOT NULL,
    header BLOB NOT NULL, item BLOB NOT NULL, signature BLOB
);
CREATE UNIQUE INDEX changes_in_chain ON changes (chain, n);
CREATE INDEX changes_by_mark ON changes (mark);
CREATE TABLE keys (
    kid BLOB PRIMARY KEY, casefile BLOB NOT NULL, epoch INTEGER NOT NULL, sealed BLOB NOT NULL
);
CREATE TABLE grants (
    id BLOB PRIMARY KEY, casefile BLOB NOT NULL, position INTEGER NOT NULL,
    epoch INTEGER NOT NULL, offered INTEGER NOT NULL, packed BLOB NOT NULL
);
CREATE INDEX grants_of_casefile ON grants (casefile, position);
CREATE TABLE directory (position INTEGER PRIMARY KEY, sealed BLOB NOT NULL);
CREATE TABLE bookmarks (casefile BLOB PRIMARY KEY, cursor INTEGER NOT NULL);
CREATE TABLE drafts (
    draft BLOB PRIMARY KEY, casefile BLOB NOT NULL, person BLOB NOT NULL, kid BLOB NOT NULL,
    sealed BLOB NOT NULL, signature BLOB NOT NULL
);
CREATE TABLE quarantine (
    id BLOB PRIMARY KEY, casefile BLOB NOT NULL, device BLOB NOT NULL, n INTEGER NOT NULL,
    header BLOB NOT NULL, item BLOB NOT NULL, signature BLOB, seq INTEGER, reason TEXT NOT NULL,
    settled INTEGER NOT NULL DEFAULT 0, adopted BLOB
);
CREATE TABLE redacted (id BLOB PRIMARY KEY, redaction BLOB NOT NULL);
CREATE TABLE withheld (
    casefile BLOB NOT NULL, device BLOB NOT NULL, n INTEGER NOT NULL, prefix BLOB NOT NULL,
    PRIMARY KEY (casefile, device)
);
CREATE TABLE drops (id BLOB PRIMARY KEY, casefile BLOB NOT NULL, n INTEGER NOT NULL)
"""

# A row is here until the office has acknowledged it; stops, withdrawals and entries stay, as an
# office that was restored from a backup has to hear them again. `rank` says what goes first;
# `refused` is the office's code, and such a row waits for a person. `inbox_numbers` says under
# which of the office's numbers each entry of an inbox came; `seq` is the change's.
_FOR_OTHERS = """
CREATE TABLE orders (
    id INTEGER PRIMARY KEY, reference BLOB NOT NULL UNIQUE, what TEXT NOT NULL,
    rank INTEGER NOT NULL, casefile BLOB, packed BLOB NOT NULL, refused TEXT,
    acknowledged INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE leavings (
    id INTEGER PRIMARY KEY, casefile BLOB NOT NULL, entry BLOB NOT NULL UNIQUE,
    header BLOB NOT NULL, item BLOB NOT NULL, signature BLOB NOT NULL, refused TEXT,
    acknowledged INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE inbox_numbers (
    casefile BLOB NOT NULL, number INTEGER NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (casefile, number), UNIQUE (casefile, seq)
)
"""
