"""The beginning of what somebody wrote, for a list: whole words, and a sign that more follows."""

from __future__ import annotations

import re

_LAST_GAP = re.compile(r"\s\S*\Z")
LONGEST = 400
"""Characters of a note shown in the timeline; the rest is one tap away."""


def excerpt(text: str, longest: int = LONGEST) -> str:
    """The beginning of a text, cut between words, with an ellipsis when something is left out.

    At most `longest` characters and the ellipsis; a single longer word is cut within.
    """
    if len(text) <= longest:
        return text
    gap = _LAST_GAP.search(text[: longest + 1])
    whole = text[: gap.start()].rstrip() if gap else ""
    return (whole or text[:longest].strip()) + "…"
