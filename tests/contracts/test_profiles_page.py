"""The page on profiles names everything a profile can say, and nothing that it cannot."""

import re
import tomllib
from dataclasses import fields
from typing import get_args

import pytest

from app.casework.profile import flow, messages, shapes, tiles
from app.casework.profile.facts import COLLECTIONS, EPISODE_KEYS, facts_of
from app.casework.profile.milestones import MILESTONES
from app.casework.profile.standard import STANDARD
from driver.server import ROOT

PAGE = (ROOT / "docs" / "profiles.md").read_text(encoding="utf-8")
CODE = re.compile(r"`([^`\n]+)`")
NAMED = {word for piece in CODE.findall(PAGE) for word in re.findall(r"[a-z][a-z_]*", piece)}
OWN = {"of", "when"}  # what the classes call a key that the file calls otherwise


def names() -> dict[str, set[str]]:
    """Every word a file may use, by what it is."""
    found = {
        "event": set(MILESTONES),
        "collection": set(COLLECTIONS),
        "key": {k for c in COLLECTIONS.values() for k in c.keys} | set(EPISODE_KEYS),
        "date": {d for c in COLLECTIONS.values() for d in c.dates},
        "fact": {f for c in COLLECTIONS.values() for f in facts_of(c)},
        "template": set(messages.STANDARD_TEMPLATES) | set(messages.FIELDS),
        "show": set(get_args(tiles.Show)),
        "clock state": set(get_args(tiles.ClockIs)),
        "moment": set(get_args(tiles.When)),
        "tone": set(get_args(tiles.Tone)),
        "chart": set(get_args(tiles.Chart)),
        "unit": set(get_args(flow.Unit)) | set(get_args(tiles.MeanUnit)),
        "check": set(get_args(flow.Fact)),
        "condition of a rule": set(get_args(messages.Condition)),
        "part": {f.name for f in fields(shapes.Profile) if not f.name.startswith("_")},
        "standard code": {code for codes in STANDARD.values() for code in codes},
    }
    found["standard code"] -= set(STANDARD["heading"])
    return found


@pytest.mark.parametrize("kind", names())
def test_the_page_names_every_word_a_file_may_use(kind):
    assert names()[kind] - NAMED - OWN == set()


@pytest.mark.parametrize("block", re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL))
def test_every_example_is_toml(block):
    assert tomllib.loads(block)


def test_the_example_of_a_tile_is_one_that_a_service_uses():
    (block,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    rct = (ROOT / "assets" / "profiles" / "rct.toml").read_text(encoding="utf-8")
    written = {t["code"]: t for t in tomllib.loads(rct)["tiles"]}
    (tile,) = tomllib.loads(block)["tiles"]
    assert tile["show"] == written[tile["code"]]["show"]
    assert tile["numerator"]["where"]["between"]["at_most"] == 21
