"""The pages on format, threats and decisions point at things that exist, and keep their form."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted([ROOT / "docs/format.md", ROOT / "docs/threat-model.md"])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
PARTS = ("What we faced", "What we chose", "What it costs", "What would change our mind")


@pytest.mark.parametrize("page", [*PAGES, *DECISIONS], ids=lambda p: p.name)
def test_every_file_a_page_names_is_there(page):
    text = page.read_text()
    named = re.findall(r"`((?:storage|sync|app|tests|docs)/[\w/.-]+)`", text)
    linked = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    missing = [n for n in named if not (ROOT / n).exists()]
    missing += [n for n in linked if not (page.parent / n).exists()]
    assert missing == []


@pytest.mark.parametrize("page", DECISIONS, ids=lambda p: p.name)
def test_a_decision_has_its_parts_and_fits_on_a_page(page):
    text = page.read_text()
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == list(PARTS)
    assert text.startswith(f"# {int(page.name[:4])}. ")
    assert "**Status**: " in text
    assert len(text.split()) < 450


def test_decisions_are_numbered_without_a_gap():
    assert [int(p.name[:4]) for p in DECISIONS] == list(range(1, len(DECISIONS) + 1))
