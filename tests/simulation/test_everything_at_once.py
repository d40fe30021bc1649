"""Hundreds of small worlds in which everything goes wrong, each of them repeatable by its seed.

    DOORSTEP_SEEDS=3000 DOORSTEP_STEPS=5000 DOORSTEP_DEVICES=12   more of it
    DOORSTEP_ONLY_SEED=17                                         one world again, to look at
    DOORSTEP_RESTORES=1                                           the office is put back as well

Putting the office back from a backup amid all the rest does not hold in every world yet (seeds 51,
53, 92, 96, 174 and 199 are known to fail), so it is asked for and not part of the run. What a
restore promises by itself is told in test_backup, test_handed_back and test_restored_office.

What a failure prints is the command that repeats it.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from simulation.judge import check, settle
from simulation.world import World, copy_of, on_sqlite, prepare

SEEDS = int(os.environ.get("DOORSTEP_SEEDS", "200"))
STEPS = int(os.environ.get("DOORSTEP_STEPS", "2000"))
DEVICES = int(os.environ.get("DOORSTEP_DEVICES", "8"))
ONLY = os.environ.get("DOORSTEP_ONLY_SEED")
PER_POSTGRESQL = 40
"""Seeds for which one of them is lived on PostgreSQL too."""
SHARES = 8
"""Tests the seeds are dealt out to, so that several processes can take a part each."""


@pytest.fixture(scope="module")
def shelf():
    """A folder in memory where the machine has one: what a disk does to bytes is tested elsewhere,
    here only their order counts."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="doorstep-", dir=memory if memory.is_dir() else None))
    (folder / "prepared").mkdir()
    prepare(folder / "prepared", DEVICES, on_sqlite(folder / "prepared"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def live(shelf, seed, steps=STEPS, trace=lambda _: None, url=""):
    """One world from its first step to its last, and what must be true of it."""
    folder = copy_of(shelf / "prepared", shelf / f"seed-{seed}")
    world = World(folder, url or on_sqlite(folder), seed, steps, trace)
    try:
        world.run()
        settle(world)
        check(world)
    except Exception as error:
        error.add_note(
            f"\nseed {seed} failed after {world.taken} steps on {world.url.partition(':')[0]};"
            " to see it again:\n"
            f"  DOORSTEP_ONLY_SEED={seed} DOORSTEP_STEPS={steps} DOORSTEP_DEVICES={DEVICES}"
            " .venv/bin/python -m pytest tests/simulation -k everybody"
        )
        raise
    finally:
        world.close()
        shutil.rmtree(world.folder, ignore_errors=True)
    return world


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("share", range(1 if ONLY else SHARES))
def test_everybody_ends_up_with_the_same_and_nothing_is_lost(shelf, share):
    seeds = [int(ONLY)] if ONLY else range(share, SEEDS, SHARES)
    for seed in seeds:
        live(shelf, seed)


@pytest.mark.timeout(3600)
def test_on_postgresql_they_do_too(cluster, shelf):
    here = shelf / "on postgresql"
    (here / "prepared").mkdir(parents=True)
    prepared = cluster.create()
    prepare(here / "prepared", DEVICES, cluster.url(prepared))
    for seed in [int(ONLY)] if ONLY else range(max(1, SEEDS // PER_POSTGRESQL)):
        database = cluster.create(prepared)
        live(here, seed, url=cluster.url(database))
        cluster.drop(database)


def test_the_same_seed_tells_the_same_story(shelf):
    """Also in a process that orders its sets differently: a failing seed must fail again."""
    script = (
        "import sys; from pathlib import Path; "
        "sys.path[:0] = ['.', 'tests']; sys.path.append('tests/simulation'); "
        "from test_everything_at_once import story; "
        "print(story(Path(sys.argv[1])))"
    )
    stories = {
        subprocess.run(
            [sys.executable, "-c", script, str(shelf)],
            env={**os.environ, "PYTHONHASHSEED": str(order)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for order in (1, 2)
    }
    assert len(stories) == 1


def story(shelf: Path) -> str:
    """Everything that happens in one short world, as a hash."""
    told = hashlib.sha256()
    world = live(shelf, 5, 400, lambda what: told.update(what.encode()))
    for hand in sorted(world.written):
        told.update(hand)
    return told.hexdigest()
