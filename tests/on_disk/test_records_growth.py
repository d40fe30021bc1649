"""Five times the records take five times the work and no more, counted rather than timed: steps of
SQLite's machine, and calls in Python."""

import cProfile
from collections.abc import Callable, Sequence
from functools import partial

import pytest

from histories import FAMILY, SCHEMA, Shelf, change, no_reopening
from storage.opened import Opened
from storage.query import Between
from storage.records import Readable

FEW, MANY = 10_000, 50_000
PAGE = 1_000
ALLOWED = 1.25
"""How much dearer a record may be among many than among few."""


def notes(start: int, count: int) -> list[Opened]:
    return [
        change(i, {"title": f"t{i:06d}", "text": f"fed {i} times"}, record=f"{i:032x}", hlc=i)
        for i in range(start, start + count)
    ]


def steps(readable: Readable, work: Callable[[], object]) -> int:
    """Steps of SQLite's machine, to the nearest ten."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 10
        return 0

    connection = readable._memory.connection
    connection.set_progress_handler(count, 10)
    work()
    connection.set_progress_handler(None, 10)
    return counted


def calls(work: Callable[[], object]) -> int:
    profile = cProfile.Profile()
    profile.runcall(work)
    return sum(entry.callcount for entry in profile.getstats())


def pull(readable: Readable, changes: Sequence[Opened]) -> None:
    for start in range(0, len(changes), PAGE):
        readable.apply(changes[start : start + PAGE], no_reopening)
        readable.index_pending()


@pytest.fixture(scope="module")
def few() -> Readable:
    readable = Readable.empty(SCHEMA)
    pull(readable, notes(0, FEW))
    return readable


@pytest.fixture(scope="module")
def many() -> Readable:
    readable = Readable.empty(SCHEMA)
    pull(readable, notes(0, MANY))
    return readable


def test_a_page_pulled_onto_many_records_takes_no_more_than_onto_few(few, many):
    page_few, page_many = notes(FEW, PAGE), notes(MANY, PAGE)

    assert steps(many, lambda: pull(many, page_many)) <= ALLOWED * steps(
        few, lambda: pull(few, page_few)
    )
    page_few, page_many = notes(2 * FEW, PAGE), notes(2 * MANY, PAGE)
    assert calls(lambda: pull(many, page_many)) <= ALLOWED * calls(lambda: pull(few, page_few))


def test_a_page_that_comes_twice_takes_no_more_among_many(few, many):
    again = notes(500, PAGE)

    assert steps(many, lambda: pull(many, again)) <= ALLOWED * steps(few, lambda: pull(few, again))


@pytest.mark.parametrize(
    "ask",
    [
        lambda r: r.get(f"{77:032x}"),
        lambda r: r.frontier(f"{77:032x}"),
        lambda r: r.history_ids(f"{77:032x}"),
        lambda r: r.find("note", {"title": Between("t000070", "t000090")}, order_by=("title",)),
        lambda r: r.find("note", order_by=("-title",), limit=20),
        lambda r: r.conflicted("note"),
        lambda r: r.unsent([FAMILY], limit=20),
    ],
    ids=["get", "frontier", "history", "between", "latest", "conflicted", "unsent"],
)
def test_asking_for_a_little_takes_no_more_among_many(few, many, ask):
    for readable in (few, many):
        ask(readable)  # the first time may make an index

    assert steps(many, lambda: ask(many)) <= ALLOWED * steps(few, lambda: ask(few)) + 100


def test_a_rare_word_is_found_without_looking_through_the_records(many):
    many.search("t000077")

    # A few steps for each of the pieces the index is in, of which there are a handful.
    assert steps(many, lambda: many.search("t000077")) < MANY / 50


def test_a_letter_that_begins_a_word_of_every_note_is_weighed_against_no_more_of_them(few, many):
    for readable in (few, many):
        assert len(readable.search("f")) == 50

    assert calls(lambda: many.search("f")) <= ALLOWED * calls(lambda: few.search("f"))


def test_saving_an_edit_takes_no_more_among_many(few, many):
    def edit(readable: Readable) -> None:
        record = f"{99:032x}"
        parents = readable.frontier(record)
        label = f"edit {parents[0].hex()}"
        made = change(label, {"text": "slept"}, record=record, mine=True)
        with_parents = Opened(
            id=made.id, casefile=FAMILY, record=record, kind="note", fields=made.fields,
            parents=parents, hlc=1, author=made.author, device=made.device, n=1, mine=True,
        )  # fmt: skip
        readable.apply([with_parents], no_reopening)

    for readable in (few, many):
        edit(readable)
    assert steps(many, lambda: edit(many)) <= ALLOWED * steps(few, lambda: edit(few)) + 100


def test_the_thousandth_edit_of_a_record_takes_no_more_than_the_tenth():
    readable = Readable.empty(SCHEMA)
    last = change(0, {"text": "fed"})
    readable.apply([last], no_reopening)
    taken = []
    for i in range(1, 1_001):
        last = change(i, {"text": f"fed {i} times"}, after=[last])
        taken.append(steps(readable, partial(readable.apply, [last], no_reopening)))

    assert sum(taken[-10:]) <= ALLOWED * sum(taken[5:15]) + 100
    assert len(readable.history_ids(last.record)) == 1_001


def test_merging_one_record_opens_none_of_the_others():
    shelf = Shelf()
    made = notes(0, 5_000)
    readable = shelf.readable(made)
    sides = [
        change(f"{side} {i}", {"text": side}, record=made[i].record, after=[made[i]])
        for i in range(0, 5_000, 50)
        for side in ("one", "other")
    ]

    readable.apply(sides[::2], shelf.reopen)
    assert shelf.reopened == 0
    shelf.changes |= {c.id: c for c in sides}
    readable.apply(sides[1::2], shelf.reopen)
    assert shelf.reopened == 2 * 100
    assert len(readable.conflicted()) == 100
