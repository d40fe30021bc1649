"""What a parent's text means: stop, another time, yes, or something only a person may judge.

Pure. Over-stopping is the safe mistake, and whatever was written reaches the casefile whole, so
nothing is lost by it. CANCEL means another time: a mother who cancels a visit is not asking for
silence, though providers take it for that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

STOP: Final = "stop"
CHANGE: Final = "change"
CONFIRM: Final = "confirm"
OTHER: Final = "other"

_STOP: Final = frozenset(
    {"stop", "stopio", "stopiwch", "stopall", "unsubscribe", "optout", "end", "quit", "revoke"}
)
_CHANGE: Final = frozenset({"change", "2", "cancel", "rebook", "newid", "canslo"})
_CONFIRM: Final = frozenset({"1", "y", "yes", "ok", "okay", "ie", "iawn", "thanks", "diolch"})
_SHORT: Final = 4
"""Words in a message that may still be nothing but a keyword with manners."""
_NOT_A_WORD: Final = re.compile(r"[^\w]+")


def meaning(
    text: str,
    words: Mapping[str, Mapping[str, tuple[str, ...]]] | None = None,
    *,
    provider_says_stop: bool = False,
) -> str:
    """`words` are an order's own, by language and meaning. `provider_says_stop`: the provider has
    taken it for an opt-out already, and will refuse us."""
    said = _words(text)
    own = _by_meaning(words or {})
    whole = " ".join(said)
    first = said[0] if said and len(said) <= _SHORT else whole
    if first in _STOP or whole in own[STOP] or first in own[STOP]:
        return STOP
    if first in _CHANGE or whole in own[CHANGE] or first in own[CHANGE]:
        return CHANGE
    if provider_says_stop:
        return STOP
    if whole in _CONFIRM or whole in own[CONFIRM]:
        return CONFIRM
    return OTHER


def is_ok(text: str) -> bool:
    """Whether a member of staff says that she has seen an alarm."""
    said = _words(text)
    return bool(said) and said[0] in {"ok", "okay", "iawn"}


def _by_meaning(words: Mapping[str, Mapping[str, tuple[str, ...]]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {STOP: set(), CHANGE: set(), CONFIRM: set()}
    for by_meaning in words.values():
        for name, given in by_meaning.items():
            found.setdefault(name, set()).update(" ".join(_words(word)) for word in given)
    return {name: given - {""} for name, given in found.items()}


def _words(text: str) -> list[str]:
    return [word for word in _NOT_A_WORD.split(text.casefold()) if word]
