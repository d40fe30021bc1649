"""Writes notes and drafts until it is killed, saying after each what it was promised.

Not a test: `test_durability_kill.py` runs it. One process loads everything and forks a writer for
each line "path seed" on its input, so that a hundred deaths do not cost a hundred starts.
"""

import os
import sys
from itertools import count
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from fakes import surroundings  # noqa: E402
from relay import PASSPHRASE, SCHEMA, note  # noqa: E402
from storage.stop import StopPlan  # noqa: E402
from storage.vault import Leaving, Vault, open_vault  # noqa: E402


def write_until_killed(path: Path, seed: str) -> None:
    vault = open_vault(path, schema=SCHEMA, surroundings=surroundings(f"writer {seed}"))
    vault.unlock(PASSPHRASE)
    (casefile, *_) = [c.id for c in vault.casefiles()]
    draft = vault.new_id()
    _say("ready", str(os.getpid()))
    for step in count():
        text = f"round {seed} step {step}"
        vault.save_draft(casefile, draft, {"text": text})
        _say("draft", draft, text)
        records = [vault.new_id() for _ in range(1 + step % 3)]
        vault.write(
            [note(casefile, r, text=text) for r in records],
            orders=[StopPlan(route=records[0], consent=1)],
            leavings=[attended(vault, records[0])],
        )
        for record in records:
            _say("note", record, text)
        _say("stop", records[0], text)


def attended(vault: Vault, record: str) -> Leaving:
    """What a group's leader leaves in the inbox of a casefile that is none of hers."""
    return Leaving(
        casefile="ab" * 16,
        kid=bytes(16),
        inbox=vault.public.receiving,
        kind="attendance",
        record=record,
        fields={"remark": "came"},
    )


def _say(*words: str) -> None:
    """In one write: a line is said or it is not, also when Python runs without buffering."""
    os.write(sys.stdout.fileno(), f"{' '.join(words)}\n".encode())


for line in sys.stdin:
    place, seed = line.split()
    child = os.fork()
    if child == 0:
        try:
            write_until_killed(Path(place), seed)
        finally:
            os._exit(1)
    os.waitpid(child, 0)
    _say("dead")
