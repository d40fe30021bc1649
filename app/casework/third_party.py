"""What somebody else told, or what is about somebody who is not of this family.

A paragraph that has `[third party]` or `[third party: the neighbour]` in it is marked whole, to
the next empty line; a mark alone in its paragraph is meant for the one below. The mark is part of
the text, so that it travels with a draft, a copy and a signature, and is seen wherever the text
is. Reading is generous on purpose: what looks like a mark is one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARK = re.compile(
    r"\[[ \t]*(?:third[ \t-]*party|3rd(?:[ \t-]*party)?)\b[ \t]*:?[ \t]*"
    r"(?:(?P<who>[^\]\n]*)\][ \t]*)?",
    re.IGNORECASE,
)
_PARAGRAPH = re.compile(r"\S(?:[^\n]|\n(?![ \t\r]*\n))*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One paragraph. `text` is without its mark; `start` and `end` bound it in the whole text.

    `who` told it, or whom it is about; may be empty. A `heading` is one line that ends in a colon.
    """

    number: int
    text: str
    start: int
    end: int
    third_party: bool = False
    who: str = ""

    @property
    def heading(self) -> bool:
        return "\n" not in self.text and self.text.endswith(":")


def passages(text: str) -> tuple[Passage, ...]:
    """The paragraphs of a text in order; a mark that stands alone is part of the one below it."""
    found: list[Passage] = []
    alone: list[re.Match[str]] = []
    begins = 0
    for paragraph in _PARAGRAPH.finditer(text):
        raw = paragraph.group().rstrip()
        mark = _MARK.search(raw)
        bare = _MARK.sub("", raw).strip()
        if mark and not bare:
            begins = begins if alone else paragraph.start()
            alone.append(mark)
            continue
        start = begins if alone else paragraph.start()
        meant = mark or (alone[-1] if alone else None)
        found.append(
            Passage(
                number=len(found),
                text=bare,
                start=start,
                end=paragraph.start() + len(raw),
                third_party=meant is not None,
                who=(meant["who"] or "").strip() if meant else "",
            )
        )
        alone.clear()
    return tuple(found)


def any_marked(text: str) -> bool:
    """Whether any of a text is marked."""
    return _MARK.search(text) is not None


def with_mark(text: str, number: int, who: str = "") -> str:
    """The text with that paragraph marked; another name replaces the one that stood there."""
    one = passages(text)[number]
    said = " ".join(who.replace("]", " ").split())
    mark = f"[third party: {said}]" if said else "[third party]"
    return f"{text[: one.start]}{mark} {one.text}{text[one.end :]}"


def without_mark(text: str, number: int) -> str:
    """The text with that paragraph no longer marked."""
    one = passages(text)[number]
    return f"{text[: one.start]}{one.text}{text[one.end :]}"
