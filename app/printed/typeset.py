"""Makes the pages of a document: blocks to the bytes of a PDF, in memory.

The fonts are those that the app ships, each loaded only when the text needs it. What no font has
is printed as a question mark and reported, never as an empty box.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos
from fpdf.fonts import TTFFont

from app.printed.blocks import Block, Document, Entry, Heading, Line, Point, Title
from app.printed.lines import broken
from app.printed.scripts import for_the_eye, prepared, reads_from_right, script_of, unshaped

_SIZES = (12.0, 11.0, 10.0, 9.0)
"""Points of ordinary text; a plan for one page takes the largest that fits, never below 9."""
_LARGE_SIZES = (17.0, 16.0)
"""Easy-read guidance asks for at least 14 points; a second page is better than smaller type."""
_MARGIN_MM = 18.0
_MM_PER_POINT = 25.4 / 72
_MAIN, _STRONG = "NotoSans", "NotoSansBold"
_BY_SCRIPT = {
    "ARABIC": "NotoSansArabic", "ARMENIAN": "NotoSansArmenian", "BENGALI": "NotoSansBengali",
    "CJK": "NotoSansChinese", "DEVANAGARI": "NotoSansDevanagari", "ETHIOPIC": "NotoSansEthiopic",
    "GEORGIAN": "NotoSansGeorgian", "GUJARATI": "NotoSansGujarati",
    "GURMUKHI": "NotoSansGurmukhi", "HEBREW": "NotoSansHebrew", "MALAYALAM": "NotoSansMalayalam",
    "SINHALA": "NotoSansSinhala", "TAMIL": "NotoSansTamil", "TELUGU": "NotoSansTelugu",
    "THAI": "NotoSansThai",
}  # fmt: skip
_SIGNS = (
    "NotoSansMath",
    "NotoSansSymbols",
    "NotoSansSymbols2",
    "NotoColorEmoji",
    "NotoSansChinese",
)
"""Asked in this order for what belongs to no script above: signs, pictures, wide forms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typeset:
    """A finished document. `unshaped` and `unprintable` are for an honest word beside it."""

    pdf: bytes
    pages: int
    unshaped: frozenset[str]
    unprintable: frozenset[str]


def typeset(document: Document, fonts: Path) -> Typeset:
    """The document as a PDF. `fonts` is the folder of the shipped fonts."""
    sizes = _LARGE_SIZES if document.large else _SIZES
    made = _set(document, fonts, sizes[0])
    for size in sizes[1:] if document.one_page else ():
        if made.pages == 1:
            break
        made = _set(document, fonts, size)
    return made


def _set(document: Document, fonts: Path, size: float) -> Typeset:
    press = _Press(document, fonts, size)
    try:
        return press.run()
    finally:
        press.close()


class _Sheets(FPDF):
    """Pages with a foot."""

    foot = ""

    def footer(self) -> None:
        """What document this is and which page of how many; a loose page must find home."""
        self.set_y(-14)
        self.set_font(_MAIN, size=8)
        self.set_text_color(90)
        number = f"{self.page_no()} / {{nb}}"
        self.cell(self.epw - 20, 5, self.foot)
        self.cell(20, 5, number, align=Align.R)
        self.set_text_color(0)


class _Press:
    """Sets one document at one size of type."""

    def __init__(self, document: Document, fonts: Path, size: float) -> None:
        self._document, self._folder, self._size = document, fonts, size
        self._unshaped: set[str] = set()
        self._unprintable: set[str] = set()
        self._known: set[str] = set()
        self._wide: dict[bool, dict[str, float]] = {True: {}, False: {}}
        self._sheets = sheets = _Sheets(format="A4")
        for family in (_MAIN, _STRONG):
            self._load(family)
        sheets.set_margin(_MARGIN_MM)
        sheets.c_margin = 0.0
        sheets.set_auto_page_break(False)
        sheets.set_title(document.title)
        sheets.set_lang(document.language.replace("_", "-"))
        sheets.set_creator("Doorstep")
        sheets.set_creation_date(document.made_at)
        sheets.foot = self._clean(document.foot)

    def run(self) -> Typeset:
        """Every block, page after page."""
        self._sheets.add_page()
        for number, block in enumerate(self._document.blocks):
            self._block(block, first=number == 0)
        pdf = bytes(self._sheets.output())
        return Typeset(
            pdf=pdf,
            pages=self._sheets.pages_count,
            unshaped=frozenset(self._unshaped),
            unprintable=frozenset(self._unprintable),
        )

    def close(self) -> None:
        """Let go of the font files."""
        for font in self._sheets.fonts.values():
            if hasattr(font, "close"):
                font.close()

    # --- blocks

    def _block(self, block: Block, *, first: bool) -> None:
        size, roomy = self._size, self._document.large
        if isinstance(block, Title):
            self._paragraph(block.words, size * 1.6, strong=True)
            self._paragraph(block.under, size * 1.15)
            self._space(0.5)
        elif isinstance(block, Heading):
            if not first:
                self._space(0.8 if roomy else 0.6)
            self._room(self._height(size * 1.2) * 3)
            self._paragraph(block.words, size * 1.2, strong=True)
            self._space(0.2)
        elif isinstance(block, Line):
            grey = 70 if block.quiet else 0
            self._paragraph(
                block.words, size * (0.85 if block.quiet else 1), strong=block.strong, grey=grey
            )
            self._space(0.6 if roomy else 0.25)
        elif isinstance(block, Point):
            self._point(block)
        else:
            self._entry(block)

    def _point(self, point: Point) -> None:
        size, indent = self._size, self._size * _MM_PER_POINT * 1.8
        lines = self._lines(point.words, size, indent)
        self._room(self._height(size) * min(len(lines), 4))
        self._sign(point.ticked, size)
        self._draw(lines, size, indent)
        self._paragraph(point.under, size * 0.9, grey=50, indent=indent)
        self._space(0.6 if self._document.large else 0.3)

    def _sign(self, ticked: bool | None, size: float) -> None:
        """A dot, or a box with or without its tick, drawn: no font has to know it."""
        sheets, side = self._sheets, size * _MM_PER_POINT * 0.8
        x, y = sheets.l_margin, sheets.get_y() + self._height(size) * 0.5
        sheets.set_draw_color(0)
        sheets.set_line_width(0.3)
        if ticked is None:
            sheets.set_fill_color(0)
            sheets.circle(x + side / 2, y, side / 5, style="F")
            return
        sheets.rect(x, y - side / 2, side, side)
        if ticked:
            middle = (x + side * 0.4, y + side * 0.3)
            sheets.line(x + side * 0.15, y, *middle)
            sheets.line(*middle, x + side * 0.9, y - side * 0.4)

    def _entry(self, entry: Entry) -> None:
        size, sheets = self._size, self._sheets
        width = min(sheets.epw * 0.3, size * _MM_PER_POINT * 11)
        label = self._lines(entry.label, size, 0, width=width - 3, strong=True)
        words = self._lines(entry.words, size, width)
        self._room(self._height(size) * max(len(label), min(len(words), 3)))
        top = sheets.get_y()
        self._draw(label, size, 0, width=width - 3, strong=True)
        below, page = sheets.get_y(), sheets.page
        sheets.set_y(top)
        self._draw(words, size, width)
        self._paragraph(entry.source, size * 0.85, grey=70, indent=width)
        if sheets.page == page:
            sheets.set_y(max(below, sheets.get_y()))
        self._space(0.35)

    # --- lines

    def _paragraph(
        self, words: str, size: float, *, strong: bool = False, grey: int = 0, indent: float = 0.0
    ) -> None:
        if words.strip():
            lines = self._lines(words, size, indent, strong=strong)
            self._draw(lines, size, indent, strong=strong, grey=grey)

    def _lines(
        self,
        words: str,
        size: float,
        indent: float,
        *,
        width: float = 0.0,
        strong: bool = False,
    ) -> list[tuple[str, bool]]:
        """The lines of some paragraphs, ready to draw, each with whether it begins at the right."""
        if not words.strip():
            return []
        room, found = width or self._sheets.epw - indent, []
        for paragraph in self._clean(words).split("\n"):
            right = reads_from_right(paragraph)
            lines = broken(paragraph, room, self._widths(size, strong=strong))
            found += [(for_the_eye(line, from_right=right), right) for line in lines]
        return found

    def _draw(
        self,
        lines: list[tuple[str, bool]],
        size: float,
        indent: float,
        *,
        width: float = 0.0,
        strong: bool = False,
        grey: int = 0,
    ) -> None:
        sheets, height = self._sheets, self._height(size)
        for words, right in lines:
            self._room(height)
            self._font(size, strong=strong)
            sheets.set_text_color(grey)
            sheets.set_x(sheets.l_margin + indent)
            sheets.cell(
                width or sheets.epw - indent,
                height,
                words,
                align=Align.R if right else Align.L,
                new_x=XPos.LMARGIN,
                new_y=YPos.NEXT,
            )
        sheets.set_text_color(0)

    def _room(self, height: float) -> None:
        """A new page where so much does not fit on this one."""
        if self._sheets.get_y() + height > self._sheets.h - _MARGIN_MM - 4:
            self._sheets.add_page()

    def _space(self, lines: float) -> None:
        self._sheets.ln(self._height(self._size) * lines)

    def _height(self, size: float) -> float:
        return size * _MM_PER_POINT * (1.55 if self._document.large else 1.32)

    # --- fonts

    def _font(self, size: float, *, strong: bool) -> None:
        self._sheets.set_font(_STRONG if strong else _MAIN, size=size)

    def _clean(self, words: str) -> str:
        """Prepared for printing, with every font at hand that it needs."""
        self._unshaped |= unshaped(words)
        ready = prepared(words)
        lacking = {c for c in ready if c != "\n" and not self._has(c)}
        for character in sorted(lacking):
            for family in self._asked_for(character):
                self._load(family)
                if self._has(character):
                    break
            else:
                self._unprintable.add(character)
                ready = ready.replace(character, "?")
        return ready

    def _asked_for(self, character: str) -> Iterator[str]:
        own = _BY_SCRIPT.get(script_of(character))
        if own:
            yield own
        yield from _SIGNS

    def _has(self, character: str) -> bool:
        if character not in self._known and any(
            ord(character) in font.cmap for font in self._regular()
        ):
            self._known.add(character)
        return character in self._known

    def _regular(self) -> list[TTFFont]:
        """The fonts asked in turn. What the bold one lacks it takes from the main one."""
        return [
            font
            for key, font in self._sheets.fonts.items()
            if key != _STRONG.lower() and isinstance(font, TTFFont)
        ]

    def _widths(self, size: float, *, strong: bool) -> Callable[[str], float]:
        """How wide a character is at that size, in millimetres."""
        bold = self._sheets.fonts[_STRONG.lower()]
        scale, known = size * _MM_PER_POINT, self._wide[strong]

        def width(character: str) -> float:
            if character not in known:
                fonts = self._regular()
                if strong and isinstance(bold, TTFFont):
                    fonts.insert(0, bold)
                font = next((f for f in fonts if ord(character) in f.cmap), fonts[0])
                known[character] = font.get_text_width(character, 1, None)[1]
            return known[character] * scale

        return width

    def _load(self, family: str) -> None:
        key = family.lower()
        if key in self._sheets.fonts:
            return
        self._sheets.add_font(family, fname=self._folder / f"{family}.ttf")
        others = [k for k in self._sheets.fonts if k != _STRONG.lower()]
        self._sheets.set_fallback_fonts(others, exact_match=False)
