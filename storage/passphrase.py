"""What makes a passphrase good enough for this device, and how it becomes bytes.

Without a key store the file can be copied and guessed at for ever, so it takes four words or 14
characters; with one, the guessing has to happen on the device, ten tries in all, so six digits
do. Pure and quick, works offline, keeps nothing. Must not know how keys are stretched or kept.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from storage.errors import WeakPassphrase
from storage.recovery import word_list
from storage.seal import Randomness

Reason = Literal["fine", "empty", "too-short", "too-common", "too-personal", "too-long"]

WORDS_NEEDED: Final = 4
CHARACTERS_NEEDED: Final = 14
PIN_DIGITS_NEEDED: Final = 6
MAX_CHARACTERS: Final = 256
_ESTIMATED: Final = 24
# zxcvbn tries every reading of look-alike symbols: 64 of them took 3 s, 24 at worst a quarter of
# one. What comes after the 24th character only adds strength.
_LEAST_SCORE: Final = 4  # zxcvbn: 10^10 guesses or more, each taking a quarter of a second
_LEAST_PIN_SCORE: Final = 1  # 10^3 guesses or more: ten tries find one such in a hundred at most
_SHORTEST_WORD: Final = 3
_BETWEEN_WORDS: Final = re.compile(r"[\s\-_.,]+")
_ROWS: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve",
    "first second third fourth fifth sixth seventh",
    "monday tuesday wednesday thursday friday saturday sunday monday",
    "january february march april may june july august september october november december january",
    "spring summer autumn winter spring",
    "north south east west north",
    "alpha bravo charlie delta echo foxtrot golf hotel india",
    "alpha beta gamma delta epsilon",
    "red orange yellow green blue indigo violet",
    "un dau tri pedwar pump chwech saith wyth naw deg",
    "llun mawrth mercher iau gwener sadwrn sul",
)
"""What follows by itself: zxcvbn takes each of these for a word of its own."""
_NEIGHBOURS: Final = frozenset(
    pair
    for row in _ROWS
    for one, other in itertools.pairwise(row.split())
    for pair in ((one, other), (other, one))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strength:
    """How good a passphrase is. `score` runs from 0 (guessed at once) to 4 (as good as needed).

    `reason` says why it is not `enough`, or "fine".
    """

    score: int
    reason: Reason

    @property
    def enough(self) -> bool:
        return self.reason == "fine"


def strength(passphrase: str, *, key_store: bool, known: Iterable[str] = ()) -> Strength:
    """Judge a passphrase as it is being typed; takes a few milliseconds, at worst 0.3 s.

    `key_store` says whether the platform keeps a secret that the file alone cannot replace.
    `known` is what a thief could know: the owner's name, her team's, her organisation's; words of
    these count for nothing, nor do words that follow by themselves (two after one). Estimate of
    the rest: zxcvbn (Wheeler, USENIX Security 2016).
    """
    plain = normalised(passphrase)
    if not plain:
        return Strength(score=0, reason="empty")
    if len(plain) > MAX_CHARACTERS:
        return Strength(score=0, reason="too-long")
    score = _score(plain)
    if not (_long_enough_for_key_store(plain) if key_store else _long_enough(plain)):
        return Strength(score=min(score, 2), reason="too-short")
    left = _without(plain, known)
    if left != plain and not _good(left, key_store=key_store):
        return Strength(score=min(score, 1), reason="too-personal")
    left = _without_what_follows(plain)
    if left != plain and not _good(left, key_store=key_store):
        return Strength(score=min(score, 1), reason="too-common")
    if score < (_LEAST_PIN_SCORE if key_store else _LEAST_SCORE):
        return Strength(score=score, reason="too-common")
    return Strength(score=score, reason="fine")


def check_strong_enough(passphrase: str, *, key_store: bool) -> None:
    """Raises WeakPassphrase, with the reason, unless the passphrase may lock this device."""
    found = strength(passphrase, key_store=key_store)
    if not found.enough:
        raise WeakPassphrase(found.reason)


def normalised(passphrase: str) -> str:
    """The one form of a passphrase: NFKC, outer spaces gone, inner runs of space made one.

    So the same keys pressed on another keyboard, or the space that a phone adds after a
    suggested word, still open the device.
    """
    return " ".join(unicodedata.normalize("NFKC", passphrase).split())


def stretchable(passphrase: str) -> bytes:
    """The bytes that go into the key stretching: UTF-8 of the normalised form.

    Half a surrogate pair, which some keyboards produce, is encoded like any other code point.
    """
    return normalised(passphrase).encode("utf-8", "surrogatepass")


def suggested(randomness: Randomness) -> str:
    """Four random words (44 bits), with a space between; draws again should they look common."""
    words = word_list()
    while True:
        drawn = randomness(2 * WORDS_NEEDED)
        # 2,048 words: eleven bits each, so that every word is exactly as likely as the next.
        picks = [int.from_bytes(drawn[i : i + 2], "big") % 2048 for i in range(0, len(drawn), 2)]
        phrase = " ".join(words[pick] for pick in picks)
        if strength(phrase, key_store=False).enough:
            return phrase


def _good(plain: str, *, key_store: bool) -> bool:
    return strength(plain, key_store=key_store).enough


def _without(plain: str, known: Iterable[str]) -> str:
    """The passphrase without any word that stands in what is known, wherever it stands."""
    said = {w for text in known for w in _BETWEEN_WORDS.split(normalised(text).casefold())}
    words = sorted((w for w in said if len(w) >= _SHORTEST_WORD), key=len, reverse=True)
    if not words:
        return plain
    return normalised(re.sub("|".join(map(re.escape, words)), "", plain, flags=re.IGNORECASE))


def _without_what_follows(plain: str) -> str:
    words = _BETWEEN_WORDS.split(plain)
    pairs = zip(["", *words], words, strict=False)
    kept = [w for before, w in pairs if (before.casefold(), w.casefold()) not in _NEIGHBOURS]
    return plain if len(kept) == len(words) else " ".join(kept)


def _long_enough(plain: str) -> bool:
    words = [w for w in _BETWEEN_WORDS.split(plain) if len(w) >= _SHORTEST_WORD]
    return len(plain) >= CHARACTERS_NEEDED or len(words) >= WORDS_NEEDED


def _long_enough_for_key_store(plain: str) -> bool:
    return len(plain) >= PIN_DIGITS_NEEDED


def _score(plain: str) -> int:
    from zxcvbn import zxcvbn  # its word lists take a quarter of a second to load

    return int(zxcvbn(plain[:_ESTIMATED])["score"])
