"""What the semantics tree says of a screen, and what a screen reader's user would miss in it."""

import struct
import zlib
from dataclasses import dataclass

from playwright.sync_api import Page

_DUMP = """() => [...document.querySelectorAll(
    ['flt-semantics', 'input', 'textarea', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'a']
      .map(tag => 'flt-semantics-host ' + tag).join(', '))]
  .map(e => {
    const own = [...e.childNodes].filter(n => n.nodeType === 3 || n.nodeName === 'SPAN')
                .map(n => n.textContent).join(' ').trim();
    const r = e.getBoundingClientRect();
    const list = e.parentElement.closest('[role=group]')?.getBoundingClientRect();
    return {tag: e.tagName.toLowerCase(), role: e.getAttribute('role') || '',
            name: (e.getAttribute('aria-label') || own || '').trim(),
            tappable: e.hasAttribute('flt-tappable'),
            disabled: e.getAttribute('aria-disabled') === 'true',
            cut: !!list && (r.top <= list.top + 1 || r.bottom >= list.bottom - 1),
            x: Math.round(r.x), y: Math.round(r.y),
            width: Math.round(r.width), height: Math.round(r.height)};
  })
  .filter(n => n.role || n.name || n.tappable || n.tag !== 'flt-semantics')"""
_INTERACTIVE = {"button", "checkbox", "switch", "radio", "tab", "menuitem", "link", "slider"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One node of the semantics tree. Sizes and places are CSS pixels; `cut` by a scroll edge."""

    tag: str
    role: str
    name: str
    tappable: bool
    disabled: bool
    cut: bool
    x: int
    y: int
    width: int
    height: int

    @property
    def interactive(self) -> bool:
        """Whether a person can act on it."""
        return self.tag in ("input", "textarea") or self.role in _INTERACTIVE or self.tappable

    def __str__(self) -> str:
        return f"{self.role or self.tag} at {self.x},{self.y} {self.width}x{self.height}"


def read_tree(page: Page) -> list[Node]:
    """All named, tappable or editable nodes, in reading order."""
    return [Node(**found) for found in page.evaluate(_DUMP)]


def accessibility_problems(tree: list[Node], smallest_target: int) -> list[str]:
    """Interactive nodes without a name, or smaller than `smallest_target` px each way."""
    problems = []
    for node in tree:
        if not node.interactive:
            continue
        if not node.name:
            problems.append(f"no name: {node}")
        elif not node.cut and min(node.width, node.height) < smallest_target:
            problems.append(f"small target {node.name!r}: {node}")
    return problems


def is_blank(png: bytes) -> bool:
    """Whether a picture shows one plain colour: nothing has been painted yet.

    A plain picture unpacks to its colour, the rows' filter numbers and nought; anything written
    on it brings dozens of other values.
    """
    rows, at = b"", 8
    while at < len(png):
        (size,) = struct.unpack_from(">I", png, at)
        if png[at + 4 : at + 8] == b"IDAT":
            rows += png[at + 8 : at + 8 + size]
        at += 12 + size
    return len(set(zlib.decompress(rows))) < 16
