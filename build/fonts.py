"""Cut Google's Noto fonts down to what people may write in a family's records.

Flet's web client brings Latin, Greek and Cyrillic only and would fetch the rest from a public
server; this app fetches nothing. Phones have fonts of their own and meet these as a fallback.

Run it by hand, on Debian with fonts-noto-core, fonts-noto-cjk and fonts-noto-color-emoji:

    .venv/bin/python build/fonts.py

It reads the system's fonts and writes assets/fonts/*.ttf; app/fonts.py names what it wrote.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

TARGET = Path(__file__).resolve().parents[1] / "assets" / "fonts"
SYSTEM = Path("/usr/share/fonts")
NOTO = SYSTEM / "truetype" / "noto"
CJK = SYSTEM / "opentype" / "noto" / "NotoSansCJK-Regular.ttc"
CJK_SIMPLIFIED = 2  # the place of "Noto Sans CJK SC" in that collection

Characters = Callable[[set[int]], set[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One font to write: its name, where it comes from, and which of its characters stay."""

    name: str
    source: Path
    keep: Characters
    number: int = 0
    features: tuple[str, ...] = ("*",)


def everything(available: set[int]) -> set[int]:
    """Keep all the font has."""
    return available


def only(*ranges: tuple[int, int]) -> Characters:
    """Keep what lies in these ranges, ends included."""
    wanted = {point for first, last in ranges for point in range(first, last + 1)}
    return lambda available: available & wanted


def emoji(available: set[int]) -> set[int]:
    """All single emoji, skin tones and flags; no sequences.

    Without the joiner (U+200D) a family or a profession shows as its persons side by side, which
    reads well enough and saves half of the font. Digits stay, for the keycaps.
    """
    return available - {0x200D}


# Languages spoken at home in Britain (census of 2021) by the script they are written in.
SCRIPTS = (
    "Arabic",
    "Hebrew",
    "Devanagari",
    "Bengali",
    "Gurmukhi",
    "Gujarati",
    "Tamil",
    "Telugu",
    "Malayalam",
    "Sinhala",
    "Thai",
    "Ethiopic",
    "Armenian",
    "Georgian",
)
CUTS = (
    Cut(
        name="NotoSansBold",  # headings and buttons; the client's own bold is a smeared regular
        source=NOTO / "NotoSans-Bold.ttf",
        keep=only((0x20, 0x52F), (0x1E00, 0x1FFF), (0x2010, 0x2044)),
    ),
    Cut(
        name="NotoSans",
        source=NOTO / "NotoSans-Regular.ttf",
        keep=only((0x20, 0x58F), (0x1C80, 0x1FFF), (0x2000, 0x20CF), (0x2100, 0x218F)),
    ),
    Cut(
        name="NotoSansMath",  # arrows and operators
        source=NOTO / "NotoSansMath-Regular.ttf",
        keep=only((0x2190, 0x22FF), (0x27F0, 0x27FF), (0x2900, 0x297F)),
    ),
    Cut(
        name="NotoSansSymbols",
        source=NOTO / "NotoSansSymbols-Regular.ttf",
        keep=only((0x2100, 0x2BFF)),
    ),
    Cut(
        name="NotoSansSymbols2",  # check marks, boxes, pointers
        source=NOTO / "NotoSansSymbols2-Regular.ttf",
        keep=only((0x2190, 0x2BFF)),
    ),
    *(
        Cut(
            name=f"NotoSans{script}", source=NOTO / f"NotoSans{script}-Regular.ttf", keep=everything
        )
        for script in (
            "Arabic",
            "Hebrew",
            "Devanagari",
            "Bengali",
            "Gurmukhi",
            "Gujarati",
            "Tamil",
            "Telugu",
            "Malayalam",
            "Sinhala",
            "Thai",
            "Ethiopic",
            "Armenian",
            "Georgian",
        )
    ),
    Cut(
        name="NotoSansChinese",
        source=CJK,
        number=CJK_SIMPLIFIED,
        # Punctuation, kana, and the whole basic block: 20,992 characters, so that a name is never
        # a box. Rarer ones, beyond the block, are.
        keep=only((0x2E80, 0x30FF), (0x31C0, 0x33FF), (0x4E00, 0x9FFF), (0xFF00, 0xFFEF)),
        features=("ccmp", "kern"),  # no second forms for vertical, ruby or other countries
    ),
    Cut(name="NotoColorEmoji", source=NOTO / "NotoColorEmoji.ttf", keep=emoji),
)


def options(features: tuple[str, ...]) -> subset.Options:
    """Keep shaping and the licence's names, drop what a screen does not need."""
    chosen = subset.Options()
    chosen.layout_features = list(features)
    chosen.hinting = False
    chosen.glyph_names = False
    chosen.notdef_outline = True
    chosen.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # copyright, names, version, licence
    chosen.drop_tables = [
        *chosen.drop_tables,
        "vhea",
        "vmtx",
        "VORG",
    ]  # nobody writes downwards here
    chosen.recalc_timestamp = False  # the same input gives the same bytes
    return chosen


def make(cut: Cut) -> Path:
    """Write one font. Raises FileNotFoundError when the Debian package is missing."""
    font = TTFont(cut.source, fontNumber=cut.number, lazy=True, recalcTimestamp=False)
    chosen = options(cut.features)
    cutter = subset.Subsetter(chosen)
    cutter.populate(unicodes=cut.keep(set(font.getBestCmap())))
    cutter.subset(font)
    target = TARGET / f"{cut.name}.ttf"
    subset.save_font(font, str(target), chosen)
    return target


def main() -> None:
    """Write them all and say what they weigh."""
    TARGET.mkdir(parents=True, exist_ok=True)
    total = 0
    for cut in CUTS:
        size = make(cut).stat().st_size
        total += size
        print(f"{size / 1e6:6.2f} MB  {cut.name}")
    print(f"{total / 1e6:6.2f} MB  together")


if __name__ == "__main__":
    main()
