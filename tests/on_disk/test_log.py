"""The log of sealed changes, read from its beginning to its end."""

import pytest

from relay import PASSPHRASE, Relay, note
from storage.envelope import sealed_from
from storage.errors import DamagedFile

FEW, MANY = 1_000, 5_000
ALLOWED = 1.25
"""How much dearer a change may be to read among many than among few."""


def written(vault, casefile, count):
    for start in range(0, count, 500):
        those = range(start, start + min(500, count - start))
        vault.write([note(casefile, vault.new_id(), text=f"Visit {i}.") for i in those])


def steps(vault):
    """Steps of SQLite's machine in reading all of it, to the nearest hundred."""
    counted = 0

    def count():
        nonlocal counted
        counted += 100
        return 0

    connection = vault.device_file.connection
    connection.set_progress_handler(count, 100)
    assert sum(1 for _ in vault.device_file.log.after(0)) >= FEW
    connection.set_progress_handler(None, 100)
    return counted


def test_five_times_the_changes_take_five_times_the_work_to_read(amina):
    casefile = amina.found({})
    written(amina, casefile, FEW)
    few = steps(amina)
    written(amina, casefile, MANY - FEW)

    assert steps(amina) / MANY <= ALLOWED * few / FEW


def test_every_change_is_known_by_its_own_id_whatever_stands_after_it(relay: Relay, amina, grace):
    casefile = grace.found({amina.public.device: amina.public.receiving})
    raw = bytes.fromhex(casefile)
    other = grace.found({})
    records = [grace.new_id() for _ in range(6)]
    grace.write([note(casefile, r, text=f"Visit {i}.") for i, r in enumerate(records)])
    relay.exchange(casefile, grace, amina)
    for i in range(3):
        amina.write([note(casefile, amina.new_id(), text=f"Her visit {i}.")] * 2)
        grace.write([note(other, grace.new_id(), text="Elsewhere.")])
        relay.exchange(casefile, grace, amina)
        grace.write([note(casefile, grace.new_id(), text="Between.")])
    grace.redact(records[2])
    grace.regrant(raw, {grace.public.device: grace.public.receiving}, rotate=True, last={})
    relay.exchange(casefile, grace)
    grace.write([note(casefile, grace.new_id(), text=f"Under a new key {i}.") for i in range(3)])

    for of in (None, raw):
        kept = list(grace.device_file.log.after(0, of))
        assert len(kept) > 15
        assert [k.id for k in kept] == [sealed_from(k.header, k.item).id for k in kept]


def test_an_id_that_the_next_change_names_wrongly_does_not_pass_for_the_right_one(amina):
    casefile = amina.found({})
    written(amina, casefile, 3)
    amina.lock()
    connection = amina.device_file.connection
    (header,) = connection.execute("SELECT header FROM changes WHERE n = 2").fetchone()
    altered = bytearray(header)
    altered[-50] ^= 1
    connection.execute("UPDATE changes SET header = ? WHERE n = 2", [bytes(altered)])
    amina.device_file.path.with_name(amina.device_file.path.name + ".image").unlink()

    with pytest.raises(DamagedFile):
        amina.unlock(PASSPHRASE)
