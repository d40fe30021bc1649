"""The sealed image: made when it is worth it, believed only when it is whole and ours."""

import random

import pytest

from fakes import surroundings
from relay import PASSPHRASE, SCHEMA, Relay, device, note
from storage import unlocked
from storage.image import CHUNK_BYTES, Image
from storage.kinds import Field, Kind, Schema
from storage.records import Readable
from storage.vault import Vault, open_vault


@pytest.fixture
def rebuilt(monkeypatch) -> list[Schema]:
    """Every time the records are folded anew instead of read from the image."""
    seen: list[Schema] = []
    empty = Readable.empty

    def counted(schema: Schema) -> Readable:
        seen.append(schema)
        return empty(schema)

    monkeypatch.setattr(Readable, "empty", staticmethod(counted))
    return seen


def _image(vault: Vault):
    return Image(vault.device_file.path).path


def _filled(amina: Vault, count: int = 30) -> str:
    casefile = amina.found({})
    amina.write([note(casefile, amina.new_id(), text=f"note {i}") for i in range(count)])
    return casefile


def test_unlocking_uses_the_image_and_folds_only_what_came_after(tmp_path, relay, rebuilt):
    amina = device(tmp_path, "amina", relay)
    rebuilt.clear()
    casefile = _filled(amina)
    before = amina.fold_hash(casefile)
    amina.lock()
    amina.unlock(PASSPHRASE)
    assert rebuilt == []
    assert amina.fold_hash(casefile) == before
    late = amina.new_id()
    amina.write([note(casefile, late, text="After the image.")])
    amina.device_file.close()  # as a kill would: no image is made

    again = open_vault(amina.device_file.path, schema=SCHEMA, surroundings=surroundings("again"))
    again.unlock(PASSPHRASE)
    assert rebuilt == []
    assert again.get(late) is not None
    assert again.search("after")[0].record == late
    assert again.count("visit_note") == 31
    again.close()


def test_what_search_has_learnt_is_kept_though_nothing_was_written_since(amina):
    casefile = _filled(amina, 300)
    amina.lock()
    amina.unlock(PASSPHRASE)
    assert amina._open.readable.index_pending(1) == 1, "the image was made before any search"
    assert amina.search("note 7")
    assert amina.find("visit_note", {"status": None}, casefile=casefile)
    amina.lock()
    made = _image(amina).stat().st_mtime_ns

    amina.unlock(PASSPHRASE)
    assert amina._open.readable.index_pending() == 0
    assert amina.search("note 7")
    assert amina.find("visit_note", {"status": None}, casefile=casefile)
    amina.lock()
    assert _image(amina).stat().st_mtime_ns == made, "nothing new is worth the wear of another"


@pytest.mark.parametrize("case", range(12))
def test_a_missing_stale_or_damaged_image_costs_a_rebuild_and_nothing_else(
    case, amina, relay, rebuilt
):
    casefile = _filled(amina, 400)
    before = amina.fold_hash(casefile)
    amina.lock()
    path = _image(amina)
    data = path.read_bytes()
    chance = random.Random(case)
    if case == 0:
        path.unlink()
    elif case == 1:  # an older one put back
        amina.unlock(PASSPHRASE)
        amina.write([note(casefile, amina.new_id(), text="Later.")])
        before = amina.fold_hash(casefile)
        amina.lock()
        path.write_bytes(data)
    elif case == 2:
        path.write_bytes(b"")
    elif case == 3:
        path.write_bytes(data[: chance.randrange(len(data))])
    elif case == 4:
        path.write_bytes(data + b"\0")
    else:
        flipped = bytearray(data)
        flipped[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(flipped)

    amina.unlock(PASSPHRASE)
    assert len(rebuilt) == 1
    assert amina.fold_hash(casefile) == before


def test_chunks_of_an_image_cannot_be_swapped_or_taken_from_another(tmp_path):
    image = Image(tmp_path / "a")
    clear = random.Random(1).randbytes(2 * CHUNK_BYTES + 5)
    key, chance = bytes(32), random.Random(2).randbytes
    assert image.write(key, 7, b"layout", clear, chance)
    assert bytes(image.read(key, 7, b"layout") or b"") == clear
    assert image.read(key, 8, b"layout") is None
    assert image.read(key, 7, b"other") is None
    assert image.read(b"k" * 32, 7, b"layout") is None

    data = image.path.read_bytes()
    step = CHUNK_BYTES + 28
    head, one, two, rest = data[:20], data[20 : 20 + step], data[20 + step :][:step], data[-33:]
    image.path.write_bytes(head + two + one + rest)
    assert image.read(key, 7, b"layout") is None

    image.write(key, 8, b"layout", clear[::-1], chance)
    other = image.path.read_bytes()
    image.path.write_bytes(data[:20] + other[20 : 20 + step] + data[20 + step :])
    assert image.read(key, 7, b"layout") is None


def test_an_image_of_another_schema_is_rebuilt(amina, relay, rebuilt):
    casefile = _filled(amina)
    amina.close()
    newer = Schema(
        version=2,
        kinds=(Kind(name="visit_note", fields=(Field(name="text", searchable=True),)),),
    )
    vault = open_vault(amina.device_file.path, schema=newer, surroundings=surroundings("newer"))
    vault.unlock(PASSPHRASE)
    assert rebuilt == [newer]
    assert vault.count("visit_note", casefile=casefile) == 30
    vault.close()


def test_a_redaction_leaves_no_image_with_the_words(tmp_path, relay, monkeypatch):
    grace = device(tmp_path, "grace", relay, role="supervisor")
    casefile = grace.found({})
    record = grace.new_id()
    grace.write([note(casefile, record, text="Wrong family.")])
    grace.lock()
    grace.unlock(PASSPHRASE)
    assert _image(grace).exists()
    old = _image(grace).read_bytes()
    generation = grace.device_file.number("image")

    grace.redact(record)
    assert not _image(grace).exists()
    grace.lock()
    _image(grace).write_bytes(old)  # a thief puts it back: its generation is past
    grace.unlock(PASSPHRASE)
    assert grace.device_file.number("image") > generation
    assert grace.get(record) is None
    assert grace.search("wrong") == []
    clear = grace._open.readable.serialize()
    assert b"Wrong family" not in clear
    grace.close()


def test_the_background_makes_an_image_once_enough_has_changed(amina, relay, monkeypatch):
    monkeypatch.setattr("storage.doorway.IMAGE_AFTER", 50)
    assert unlocked.IMAGE_AFTER == 1_000
    casefile = _filled(amina, 40)
    while amina.work_in_background():
        pass
    assert not _image(amina).exists()
    amina.write([note(casefile, amina.new_id(), text=f"more {i}") for i in range(20)])
    while amina.work_in_background():
        pass
    made = _image(amina).stat().st_mtime_ns
    amina.write([note(casefile, amina.new_id(), text="one more")])
    amina.work_in_background()
    assert _image(amina).stat().st_mtime_ns == made


def test_a_large_pull_is_readable_at_once_and_searchable_soon(amina, grace, relay: Relay):
    casefile = amina.found({grace.public.device: grace.public.receiving})
    records = [amina.new_id() for _ in range(900)]
    amina.write([note(casefile, r, text=f"numbered {i}") for i, r in enumerate(records)])
    relay.exchange(casefile, amina, grace)
    assert grace.get(records[899]) is not None
    assert grace._open.readable.search("numbered 899") == []
    steps = 0
    while grace.work_in_background():
        steps += 1
    assert steps > 1
    assert grace.search("numbered 899")[0].record == records[899]
