"""Killed at a hundred random moments, a device has everything it said was saved."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen

import pytest

from fakes import surroundings
from relay import PASSPHRASE, SCHEMA, Relay, device
from storage.vault import Vault, open_vault

DEATHS = int(os.environ.get("DOORSTEP_DEATHS", "100"))
WRITER = Path(__file__).with_name("dying_writer.py")


@pytest.fixture
def writer() -> Iterator[Popen[str]]:
    with subprocess.Popen(
        [sys.executable, str(WRITER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


@pytest.mark.alone
def test_no_promise_is_broken_by_a_kill_at_any_moment(tmp_path: Path, writer: Popen[str]):
    chance = random.Random(4)
    path = _a_device(tmp_path)
    notes: dict[str, str] = {}
    for death in range(DEATHS):
        promised, draft, stops = _one_life(writer, path, death, chance)
        notes.update(promised)
        vault = open_vault(path, schema=SCHEMA, surroundings=surroundings(f"after {death}"))
        vault.unlock(PASSPHRASE)
        found = {record: _text(vault, record) for record in promised}
        assert found == promised
        if draft is not None:
            draft_id, text = draft
            kept = {d.draft_id: str(d.fields["text"]) for d in vault.drafts()}
            assert _step(kept[draft_id]) >= _step(text)
            vault.drop_draft(draft_id)
        _orders_are_there_with_their_notes(vault, stops)
        assert not vault.device_file.cloned
        if death % 7 == 0:
            vault.close()  # now and then in good order, so that images are met as well
        else:
            vault.device_file.close()
    vault = open_vault(path, schema=SCHEMA, surroundings=surroundings("the end"))
    vault.unlock(PASSPHRASE)
    assert {record: _text(vault, record) for record in notes} == notes
    assert len(notes) > DEATHS
    relay = Relay()
    assert relay.collect(vault) >= len(notes)  # and every chain still holds
    assert vault.device_file.outbox_size().everything == 0
    vault.close()


def _orders_are_there_with_their_notes(vault: Vault, stops: set[str]) -> None:
    """What was ordered with a note is on disk if the note is, and never without it."""
    waiting = {o.order.route.hex() for o in vault.orders_waiting("stop") if o.order.what == "stop"}
    assert waiting >= stops
    assert all(vault.get(record) is not None for record in waiting)
    assert vault.device_file.outbox_size().entries == len(waiting)


def _a_device(folder: Path) -> Path:
    vault = device(folder, "amina", Relay())
    vault.found({})
    vault.close()
    return vault.device_file.path


def _one_life(
    writer: Popen[str], path: Path, death: int, chance: random.Random
) -> tuple[dict[str, str], tuple[str, str] | None, set[str]]:
    assert writer.stdin is not None
    assert writer.stdout is not None
    writer.stdin.write(f"{path} {death}\n")
    writer.stdin.flush()
    _, pid = writer.stdout.readline().split()
    notes: dict[str, str] = {}
    draft: tuple[str, str] | None = None
    stops: set[str] = set()
    until, killed = chance.randint(0, 12), False
    for count, line in enumerate(writer.stdout):
        if line == "dead\n":
            break
        what, name, text = line.rstrip("\n").split(" ", 2)
        if what == "note":
            notes[name] = text
        elif what == "stop":
            stops.add(name)
        else:
            draft = (name, text)
        if count >= until and not killed:
            time.sleep(chance.random() * 0.003)  # anywhere inside the next save
            os.kill(int(pid), signal.SIGKILL)
            killed = True
    return notes, draft, stops


def _text(vault: Vault, record: str) -> str | None:
    found = vault.get(record)
    return str(found.fields["text"]) if found else None


def _step(text: str) -> int:
    return int(text.rsplit(" ", 1)[1])
