"""What is kept apart from the database: in the order it was decided, whoever wrote it down."""

import multiprocessing
import random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage.statements import DIRECTORY, FIRST, make_statement
from sync.server import apart
from sync.server.apart import Apart, Said, following

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def said(prev, what):
    return make_statement(
        KEY, context=DIRECTORY, org=bytes(16), signer=bytes(16), prev=prev, body={"what": what}
    )


@pytest.fixture
def statements():
    """A chain of six."""
    chain = [said(FIRST, 0)]
    for what in range(1, 6):
        chain.append(said(chain[-1].id, what))
    return chain


def rival(statements, place):
    """One that follows on the same statement as the one at `place` does."""
    return said(statements[place].prev, "another")


def test_statements_follow_on_one_another_in_whatever_order_they_were_read(statements):
    mixed = list(statements)
    random.Random(1).shuffle(mixed)

    assert following(mixed, FIRST) == statements
    assert following(mixed, statements[2].id) == statements[3:]
    assert following(mixed, statements[-1].id) == []


def test_a_gap_ends_what_follows(statements):
    assert following([*statements[:2], *statements[3:]], FIRST) == statements[:2]


@pytest.mark.parametrize("first", [True, False], ids=["written first", "written last"])
def test_of_two_that_follow_on_one_the_one_others_build_on_was_kept(statements, first):
    other = rival(statements, 3)
    mixed = [other, *statements] if first else [*statements, other]

    assert following(mixed, FIRST) == statements


def test_of_two_that_nobody_builds_on_the_later_was_kept(statements):
    """The first was not committed: its transaction was begun anew."""
    other = rival(statements, 5)

    assert following([*statements[:5], other, statements[5]], FIRST) == statements
    assert following([*statements, other], FIRST) == [*statements[:5], other]


def append(folder, number):
    for change in range(50):
        Apart(folder).erase([bytes([number, change]) * 16])


def test_lines_of_several_processes_are_never_mixed_up(tmp_path):
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=append, args=(tmp_path, number)) for number in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)

    found = apart.read([tmp_path])
    assert found.unreadable == 0
    assert set(found.erased) == {bytes([w, c]) * 16 for w in range(3) for c in range(50)}


def test_an_office_that_is_never_restored_keeps_nothing_apart(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Apart().erase([bytes(32)])
    assert list(tmp_path.iterdir()) == []
    assert apart.read([tmp_path]).erased == ()


def test_the_last_word_about_a_number_counts_whichever_machine_heard_it(tmp_path):
    one, other = (tmp_path / name for name in ("one", "other"))
    hers, his, both = (bytes([n]) * 32 for n in (1, 2, 3))
    for folder, words in (
        (one, [(hers, Said(5, True, "reply")), (his, Said(9, False, "duty"))]),
        (other, [(hers, Said(4, False, "duty")), (his, Said(8, True, "call"))]),
        (one, [(both, Said(7, True, "reply")), (both, Said(7, False, "duty"))]),
    ):
        folder.mkdir(exist_ok=True)
        for number, said in words:
            Apart(folder).say(number, said)
    with (other / apart.NUMBERS).open("ab") as file:
        file.write(b"stop 0303")  # cut off by a crash

    remembered = apart.read([other, one])

    assert [remembered.numbers[n].stop for n in (hers, his, both)] == [True, False, True]
    assert remembered.unreadable == 1
