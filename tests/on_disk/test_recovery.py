"""The recovery key: 24 words on paper, and what happens when they are typed again."""

import random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import BadRecoveryWords
from storage.recovery import (
    WORDS,
    new_seed,
    positions_to_type_back,
    recovery_key,
    root_key,
    seed_from,
    word_list,
    words_of,
    wrong_positions,
)
from storage.seal import derive, raw_public

SEEDS = st.binary(min_size=32, max_size=32)
SEED = bytes(range(32))
PRINTED = words_of(SEED)

# BIP-39's own test vectors (trezor/python-mnemonic, 256 bits).
BIP_39 = [
    (bytes(32), "abandon " * 23 + "art"),
    (
        b"\x7f" * 32,
        (
            "legal winner thank year wave sausage worth useful legal winner thank year wave "
            "sausage worth useful legal winner thank year wave sausage worth title"
        ),
    ),
    (
        b"\x80" * 32,
        (
            "letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd "
            "amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic bless"
        ),
    ),
    (b"\xff" * 32, "zoo " * 23 + "vote"),
    (
        bytes.fromhex("68a79eaca2324873eacc50cb9c6eca8cc68ea5d936f98787c60c7ebc74e6ce7c"),
        (
            "hamster diagram private dutch cause delay private meat slide toddler razor book happy "
            "fancy gospel tennis maple dilemma loan word shrug inflict delay length"
        ),
    ),
]


@pytest.mark.parametrize(("seed", "words"), BIP_39, ids=["0", "7f", "80", "ff", "random"])
def test_the_words_are_those_of_bip_39(seed, words):
    assert words_of(seed) == tuple(words.split())
    assert seed_from(words) == seed


@given(SEEDS)
def test_every_seed_comes_back_from_its_words(seed):
    words = words_of(seed)
    assert len(words) == WORDS
    assert seed_from(" ".join(words)) == seed


@given(SEEDS, st.randoms(use_true_random=False))
def test_how_the_words_are_typed_does_not_matter(seed, chance):
    def typed(number, word):
        word = chance.choice([word, word.upper(), word.title(), word[:4], f"{word[:4]}."])
        mark = chance.choice(["", "", f"{number}. ", f"{number})", f" {number}: ", f"{number} "])
        return mark + word + chance.choice([" ", "\n", ", ", "\t\r\n", ";", "\u00a0", " \u200b"])

    assert seed_from("".join(typed(n, w) for n, w in enumerate(words_of(seed), 1))) == seed


@pytest.mark.parametrize("number", [1, 7, 24])
@pytest.mark.parametrize("slip", ["marmalade", "abandn", "abа", "ab4ndon", "zzzz"])
def test_a_word_that_is_not_in_the_list_is_named_by_its_number_and_never_repeated(number, slip):
    words = list(PRINTED)
    words[number - 1] = slip
    with pytest.raises(BadRecoveryWords) as caught:
        seed_from(" ".join(words))
    assert (caught.value.reason, caught.value.number) == ("word", number)
    assert caught.value.__cause__ is None
    for word in {slip, *words}:
        assert f" {word} " not in f" {caught.value} "


def test_words_of_the_list_that_were_never_printed_together_are_told_apart_from_a_slip():
    words = list(PRINTED)
    words[4], words[5] = words[5], words[4]
    with pytest.raises(BadRecoveryWords) as caught:
        seed_from(" ".join(words))
    assert caught.value.reason == "checksum"
    assert caught.value.__suppress_context__
    assert not any(word in str(caught.value).split() for word in words)


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("", 0),
        ("  \n ", 0),
        (" ".join(PRINTED[:23]), 23),
        (" ".join([*PRINTED, "zoo"]), 25),
        ("zoo " * 12, 12),
        ("zoo " * 3000, None),
        ("x" * 1_000_000, None),
    ],
    ids=["nothing", "space", "23", "25", "12", "a book", "a wall"],
)
def test_too_few_or_too_many_words_are_counted(typed, count):
    with pytest.raises(BadRecoveryWords) as caught:
        seed_from(typed)
    assert (caught.value.reason, caught.value.count) == ("count", count)


@given(st.text(max_size=200))
def test_whatever_is_typed_is_either_a_seed_or_bad_words(typed):
    try:
        seed_from(typed)
    except BadRecoveryWords:
        return
    raise AssertionError("a text of 200 characters is no list of 24 words")


def test_four_letters_are_enough_for_every_word_and_three_are_not():
    assert len(word_list()) == len({word[:4] for word in word_list()}) == 2048
    words = list(PRINTED)
    long = next(n for n, word in enumerate(words) if len(word) > 4)
    words[long] = words[long][:3]
    with pytest.raises(BadRecoveryWords):
        seed_from(" ".join(words))


def test_the_two_keys_of_a_seed_are_its_own_and_nothing_of_each_other():
    root = root_key(SEED).private_bytes_raw()
    paper = recovery_key(SEED).private_bytes_raw()
    assert root == derive(SEED, b"doorstep/root/1")
    assert paper == derive(SEED, b"doorstep/recovery/1")
    assert len({root, paper, SEED}) == 3
    assert root_key(SEED).public_key() == Ed25519PrivateKey.from_private_bytes(root).public_key()
    assert raw_public(recovery_key(SEED)) != raw_public(recovery_key(bytes(32)))


def test_a_seed_of_another_length_makes_no_key():
    for make in (words_of, root_key, recovery_key):
        with pytest.raises(BadRecoveryWords):
            make(SEED[:31])


def test_a_new_seed_is_all_chance():
    drawn = []

    def randomness(count):
        drawn.append(count)
        return b"\5" * count

    assert new_seed(randomness) == b"\5" * 32
    assert drawn == [32]


def test_the_parts_to_type_back_are_drawn_fairly_and_each_once():
    chance = random.Random(5)
    counts = dict.fromkeys(range(1, 25), 0)
    for _ in range(6000):
        positions = positions_to_type_back(chance.randbytes)
        assert len(set(positions)) == 4
        assert list(positions) == sorted(positions)
        for position in positions:
            counts[position] += 1
    assert all(850 < n < 1150 for n in counts.values())
    assert positions_to_type_back(chance.randbytes, 99) == tuple(range(1, 25))


def test_parts_typed_back_are_checked_with_the_same_patience():
    asked = {3: PRINTED[2].upper(), 9: f" 9. {PRINTED[8][:4]} ", 24: PRINTED[23]}
    assert wrong_positions(PRINTED, asked) == ()
    wrong = asked | {9: PRINTED[9], 24: ""}
    assert wrong_positions(PRINTED, wrong) == (9, 24)
    assert wrong_positions(PRINTED, {3: f"{PRINTED[2]} {PRINTED[3]}"}) == (3,)
    assert wrong_positions(PRINTED, {3: "marmalade"}) == (3,)
