"""Refresh the catalogues of what people read, from the source.

    .venv/bin/python build/wording.py            writes assets/wording/doorstep.pot and every .po
    .venv/bin/python build/wording.py --check    fails, naming what is missing, and writes nothing

Translations are kept; sentences that are gone are dropped. No dates and no line numbers are
written, so that a refresh changes only what changed.
"""

import argparse
import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
WORDING = ROOT / "assets" / "wording"
TEMPLATE = WORDING / "doorstep.pot"
# Header lines that say when, with what, or nothing at all.
_UNSTEADY = (
    b'"POT-Creation-Date',
    b'"PO-Revision-Date',
    b'"Generated-By',
    b'"Project-Id-Version',
    b'"Report-Msgid-Bugs-To',
    b'"Last-Translator',
    b'"Language-Team',
    b"# FIRST AUTHOR",
    b"# Translations template",
    b"# Copyright",
    b"# This file is distributed",
)
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}


def extracted() -> Catalog:
    """Every sentence that `app/` marks, with the files it stands in."""
    catalogue = Catalog(project="Doorstep", charset="utf-8", fuzzy=False)
    found = extract_from_dir(
        ROOT / "app",
        method_map=[("**.py", "python")],
        keywords=KEYWORDS,
        comment_tags=("To translators:",),
    )
    for file, _line, message, comments, _context in sorted(found, key=lambda m: (m[0], m[1])):
        catalogue.add(message, locations=[(f"app/{file}", 0)], auto_comments=comments)
    return catalogue


def languages() -> list[str]:
    """What has a folder below assets/wording."""
    return sorted(folder.name for folder in WORDING.iterdir() if folder.is_dir())


def merged(language: str, template: Catalog) -> Catalog:
    """The language's catalogue with what is new added and what is gone dropped."""
    file = WORDING / language / "doorstep.po"
    catalogue = Catalog(locale=language, project="Doorstep", charset="utf-8", fuzzy=False)
    if file.is_file():
        with file.open("rb") as opened:
            catalogue = read_po(opened, locale=language)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    if language.startswith("en"):
        _speak_for_itself(catalogue)
    return catalogue


def _speak_for_itself(catalogue: Catalog) -> None:
    """English is the source: its sentences are their own translation unless someone wrote one."""
    for message in catalogue:
        if message.id and not any(
            message.string if isinstance(message.string, tuple) else (message.string,)
        ):
            message.string = message.id


def written(catalogue: Catalog) -> bytes:
    """The catalogue as text, the same for the same sentences."""
    out = io.BytesIO()
    write_po(out, catalogue, omit_header=False, include_lineno=False, sort_output=True, width=100)
    steady = [
        line for line in out.getvalue().splitlines(keepends=True) if not line.startswith(_UNSTEADY)
    ]
    return b"".join(steady)


def main() -> int:
    """Write or check; the exit code says whether all is well."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing, fail when out of date")
    check: bool = parser.parse_args().check
    template = extracted()
    files = {TEMPLATE: written(template)}
    for language in languages():
        files[WORDING / language / "doorstep.po"] = written(merged(language, template))
    stale = [
        file for file, text in files.items() if not file.is_file() or file.read_bytes() != text
    ]
    if check:
        for file in stale:
            print(f"{file.relative_to(ROOT)} is out of date: run build/wording.py")
        return 1 if stale else 0
    for file in stale:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(files[file])
        print(f"wrote {file.relative_to(ROOT)}")
    print(f"{len(template)} sentences")
    return 0


if __name__ == "__main__":
    sys.exit(main())
