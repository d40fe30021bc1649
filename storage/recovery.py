"""The organisation's recovery key: one seed, printed as 24 words, from which two keys grow.

Made once at set-up, shown once, kept nowhere else. The root key signs the start of the
directory; the recovery key opens the copy of every casefile's keys that each grant carries for
it. BIP-39 serves only as an encoding of 32 bytes that people can write down and type again.
No message here ever repeats a word: it would end up in a log.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from mnemonic import Mnemonic

from storage.errors import BadRecoveryWords
from storage.seal import Randomness, derive

SEED_BYTES: Final = 32
WORDS: Final = 24
TYPED_BACK: Final = 4
"""How many words are asked for again before set-up ends."""
_MAX_CHARACTERS: Final = 2_000  # 24 words with numbering and line breaks take about 300
_SHORTEST_ABBREVIATION: Final = 4  # BIP-39: the first four letters are unambiguous
_SEPARATORS: Final = re.compile(r"[\s,;]+")
_NUMBERING: Final = re.compile(r"^(?:no\.?)?\d{1,2}[.):\-–—]*")


def new_seed(randomness: Randomness) -> bytes:
    """32 fresh random bytes; only `words_of` them is ever shown, and only once."""
    return randomness(SEED_BYTES)


def root_key(seed: bytes) -> Ed25519PrivateKey:
    """The key at the start of the directory: HKDF(seed, "doorstep/root/1")."""
    return Ed25519PrivateKey.from_private_bytes(derive(_whole(seed), b"doorstep/root/1"))


def recovery_key(seed: bytes) -> X25519PrivateKey:
    """The key every grant is also sealed to: HKDF(seed, "doorstep/recovery/1")."""
    return X25519PrivateKey.from_private_bytes(derive(_whole(seed), b"doorstep/recovery/1"))


def words_of(seed: bytes) -> tuple[str, ...]:
    """The 24 words that stand for a seed, in order (BIP-39, English)."""
    return tuple(_mnemonic().to_mnemonic(_whole(seed)).split(" "))


def seed_from(typed: str) -> bytes:
    """The seed behind 24 typed words.

    Case, spacing, commas, line breaks and numbering ("3. ") do not matter, and a word may be cut
    down to its first four letters. Raises BadRecoveryWords, which says which word (from 1) is not
    in the list, how many words there are, or that they do not belong together.
    """
    if len(typed) > _MAX_CHARACTERS:
        raise BadRecoveryWords("count", count=None)
    parts = _parts(typed)
    words: list[str] = []
    for number, part in enumerate(parts, 1):
        word = _completed(part)
        if word is None:
            raise BadRecoveryWords("word", number=number, count=len(parts))
        words.append(word)
    if len(words) != WORDS:
        raise BadRecoveryWords("count", count=len(words))
    try:
        return bytes(_mnemonic().to_entropy(words))
    except ValueError:
        raise BadRecoveryWords("checksum", count=WORDS) from None


def positions_to_type_back(randomness: Randomness, count: int = TYPED_BACK) -> tuple[int, ...]:
    """Which words (from 1, in order, no two the same) to ask for before set-up ends."""
    left = list(range(1, WORDS + 1))
    chosen = [left.pop(_below(len(left), randomness)) for _ in range(min(count, WORDS))]
    return tuple(sorted(chosen))


def wrong_positions(words: Sequence[str], typed: Mapping[int, str]) -> tuple[int, ...]:
    """The positions (from 1) at which what was typed back is not the printed word."""
    return tuple(
        position
        for position in sorted(typed)
        if [_completed(part) for part in _parts(typed[position])] != [words[position - 1]]
    )


@cache
def word_list() -> tuple[str, ...]:
    """The 2,048 English words of BIP-39, in order."""
    return tuple(_mnemonic().wordlist)


@cache
def _mnemonic() -> Mnemonic:
    return Mnemonic("english")


@cache
def _by_beginning() -> Mapping[str, str]:
    """Every accepted spelling of every word: itself, and its beginnings of four letters or more."""
    accepted = {
        word[:length]: word
        for word in word_list()
        for length in range(_SHORTEST_ABBREVIATION, len(word) + 1)
    }
    return accepted | {word: word for word in word_list()}


def _completed(part: str) -> str | None:
    return _by_beginning().get(part)


def _parts(typed: str) -> list[str]:
    """What was typed, cut into words, without numbering, invisible marks and closing points."""
    plain = unicodedata.normalize("NFKC", typed).casefold()
    plain = "".join(c for c in plain if unicodedata.category(c) != "Cf")
    parts = (_NUMBERING.sub("", part).rstrip(".") for part in _SEPARATORS.split(plain))
    return [part for part in parts if part]


def _below(limit: int, randomness: Randomness) -> int:
    """A number from 0 to `limit` - 1, each as likely as the next; `limit` up to 256."""
    fair = 256 - 256 % limit
    while True:
        drawn = randomness(1)[0]
        if drawn < fair:
            return drawn % limit


def _whole(seed: bytes) -> bytes:
    if len(seed) != SEED_BYTES:
        raise BadRecoveryWords("count", count=None)
    return seed
