"""Of two hundred planted words not one is to be found in any byte this process writes to disk.

Looked for while the vault is open, while a draft is unfinished, after sorting and searching large
results, after a redaction, after lock and after close; in the vault's folder and in the folder for
temporary files, names of files included.
"""

import logging
import os
import random
import sqlite3
import subprocess
import sys
import zlib
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from fakes import surroundings, unsynced
from on_disk.test_orders import CAPSULE, CONTENTS
from on_disk.test_waiting import leaving
from relay import PASSPHRASE, Relay, device
from storage.kinds import Field, Kind, Policy, Schema
from storage.vault import Statement, Vault

FIELDS = ("text", "name", "obstacle", "address", "reason")
_MARK = "zqxj"  # in every word, so that one look at a file is enough where there is none
WORDS = [
    _MARK + "".join(random.Random(i).choices("bcdfghklmnprstvw", k=9)) + "é" * (i % 7 == 0)
    for i in range(200)
]
KINDS = Schema(
    version=1,
    kinds=tuple(
        Kind(
            name=kind,
            fields=(
                Field(name="text", policy=Policy.KEEP_BOTH, searchable=True),
                Field(name="name", column="text", searchable=True),
                Field(name="obstacle", column="text"),
                Field(name="address", policy=Policy.ADD_ONLY),
            ),
        )
        for kind in ("visit_note", "person")
    ),
)


def _found(*folders: Path) -> set[str]:
    """The planted words in any file of these folders: plain, in UTF-16, or merely deflated."""
    found: set[str] = set()
    for path in (p for folder in folders for p in folder.rglob("*") if p.is_file()):
        plain = path.read_bytes() + str(path).encode()
        for haystack in (plain, _inflated(plain)):
            for write in (
                str.encode,
                lambda t: t.encode("utf-16-le"),
                lambda t: t.upper().encode(),
            ):
                if write(_MARK) in haystack:
                    found |= {word for word in WORDS if write(word) in haystack}
    return found


def _inflated(data: bytes) -> bytes:
    """Whatever deflate streams lie about in the open."""
    out, at = [], data.find(b"\x78\x01")
    while at >= 0:
        with suppress(zlib.error):
            out.append(zlib.decompressobj().decompress(data[at : at + 65_536], 65_536))
        at = data.find(b"\x78\x01", at + 1)
    return b"".join(out)


def _plant(vault: Vault, casefile: str) -> list[str]:
    records = []
    for i, word in enumerate(WORDS):
        kind = ("visit_note", "person", "another_kind")[i % 3]
        filler = " ".join(f"w{j}" for j in range(200))
        fields = {FIELDS[i % 5]: f"{filler} {word} {filler}", "text": f"{word} {filler}"}
        records.append(vault.new_id())
        vault.write([Statement(casefile=casefile, kind=kind, record=records[-1], fields=fields)])
    return records


@pytest.fixture
def temporary(tmp_path, monkeypatch) -> Path:
    """Where SQLite and Python put what they call temporary."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    for name in ("TMPDIR", "SQLITE_TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(folder))
    return folder


def test_no_planted_word_is_found_in_any_byte_on_disk(tmp_path, temporary, caplog):
    caplog.set_level(logging.DEBUG)
    home = tmp_path / "home"
    home.mkdir()
    around = surroundings("words", connect=unsynced)
    vault = device(home, "amina", Relay(), role="supervisor", around=around, schema=KINDS)
    casefile = vault.found({})
    records = _plant(vault, casefile)
    assert _found(home, temporary) == set(), "while open"

    for i, word in enumerate(WORDS):
        vault.save_draft(casefile, vault.new_id(), {"text": f"unfinished {word}"})
        assert i % 30 or vault.search(word)
    assert _found(home, temporary) == set(), "while writing"

    vault.keep_desk(vault.public.receiving)
    for word in WORDS[:40]:
        said = replace(CONTENTS, texts=(f"{word} will call",), personalisation={word: word})
        vault.write(
            [],
            orders=[replace(CAPSULE, reference=vault.new_id(), contents=said)],
            leavings=[leaving(fields={"remark": word})],
        )
    assert _found(home, temporary) == set(), "while ordering"

    vault.keep_secret(WORDS[0], WORDS[1].encode())
    vault.find("visit_note", order_by=("text", "-obstacle"))
    vault.tally("person", by=("obstacle", "text"))
    assert _found(home, temporary) == set(), "after sorting"

    vault.redact(records[3])
    assert vault.search(WORDS[3], kinds=["visit_note"]) == []
    vault.lock()
    assert (home / "amina.doorstep.image").exists()
    assert _found(home, temporary) == set(), "after lock"

    vault.unlock(PASSPHRASE)
    assert vault.get(records[0]) is not None
    vault.change_passphrase(PASSPHRASE, " ".join(WORDS[:4]))
    vault.close()
    assert _found(home, temporary) == set(), "after close"
    assert not any(word in caplog.text for word in WORDS)


def test_the_search_for_words_would_find_them(tmp_path):
    (tmp_path / "plain").write_text(f"before {WORDS[0]} after")
    (tmp_path / "deflated").write_bytes(b"x" + zlib.compress(WORDS[7].encode() * 20, 1))
    connection = sqlite3.connect(tmp_path / "database")
    connection.execute("CREATE TABLE t (x)")
    connection.execute("INSERT INTO t VALUES (?)", [WORDS[14]])
    connection.commit()
    connection.close()
    assert _found(tmp_path) == {WORDS[0], WORDS[7], WORDS[14]}


_SORTS = """
import os, sys
sys.path[:0] = sys.argv[2:]
from pathlib import Path
from relay import Relay, device, note
vault = device(Path(sys.argv[1]), "amina", Relay())
vault.write([note(vault.found({}), vault.new_id(), text="A note.")])
many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)"
for connection in (vault.device_file.connection, vault._open.readable._memory.connection):
    connection.execute("PRAGMA cache_size = 10")
    cursor = connection.execute(many + " SELECT randomblob(500) AS r FROM n ORDER BY r")
    cursor.fetchone()
    for number in os.listdir("/proc/self/fd"):
        link = f"/proc/self/fd/{number}"
        if os.path.islink(link):  # the one for this very listing is closed by now
            print("open", os.readlink(link))
vault.close()
"""


def test_sorting_more_than_memory_likes_opens_no_temporary_file(tmp_path, temporary):
    """SQLite deletes its temporary files as it makes them, so only the open ones can be seen."""
    root = Path(__file__).resolve().parents[2]
    told = subprocess.run(
        [sys.executable, "-c", _SORTS, str(tmp_path), str(root), str(root / "tests")],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"SQLITE_TMPDIR": str(temporary), "TMPDIR": str(temporary)},
    ).stdout
    files = {line.removeprefix("open ") for line in told.splitlines() if line.startswith("open /")}
    ours = {f for f in files if f.startswith(str(tmp_path))}
    assert ours == {str(tmp_path / f"amina.doorstep{ending}") for ending in ("", "-wal", ".seq")}
    assert not [f for f in files if "etilqs" in f]
