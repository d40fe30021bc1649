"""The hazard log is whole: each row says what it must, and each control has a test that exists."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
HAZARDS = ROOT / "docs" / "hazards.md"
HEADS = ["id", "hazard", "cause", "harm", "control", "test"]
FEWEST = 25
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
PAGES = sorted([*(ROOT / "docs").glob("*.md"), ROOT / "README.md"])


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def rows():
    lines = [cells(line) for line in HAZARDS.read_text().splitlines() if line.startswith("|")]
    return [line for line in lines if line != HEADS and set("".join(line)) != {"-"}]


@cache
def run_in(file):
    """Tests that are run: functions of the module itself, and not skipped."""
    tree = ast.parse((ROOT / file).read_text())
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not any("skip" in ast.unparse(each) for each in node.decorator_list)
    }


def test_there_are_enough_of_them_and_each_has_its_number():
    assert [row[0] for row in rows()] == [f"H{n}" for n in range(1, len(rows()) + 1)]
    assert len(rows()) >= FEWEST


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_each_says_what_why_what_harm_and_what_holds_it_back(row):
    assert len(row) == len(HEADS)
    assert all(row)
    assert TEST.search(row[-1]), "no test is named"
    assert not TEST.sub("", row[-1]).strip(), "something else than tests is named"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_that_a_page_names_exists(page):
    named = TEST.findall(page.read_text())
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (ROOT / file).exists() or name not in run_in(file)
    ]
    assert missing == []


def test_no_two_hazards_are_one():
    assert len({row[1] for row in rows()}) == len(rows())
