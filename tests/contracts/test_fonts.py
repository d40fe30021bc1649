"""Everybody's name can be shown: in every script, from our own files, within 25 MB."""

import json

import pytest
from fontTools.ttLib import TTFont

from app.fonts import FALLBACKS, FONTS, STRONG
from driver import scripts_app
from driver.browser import ROOT, FletBrowser, FletServer

ASSETS = ROOT / "assets"
MOST_BYTES = 25_000_000
# Joiners and variation marks choose a form; they have none of their own.
FORMLESS = {0x200D, 0xFE0F}


@pytest.fixture(scope="module")
def covered() -> set[int]:
    points: set[int] = set()
    for path in FONTS.values():
        with TTFont(ASSETS / path.lstrip("/"), lazy=True) as font:
            points |= set(font.getBestCmap())
    return points


@pytest.mark.parametrize("script", scripts_app.LINES)
def test_every_character_of_a_line_is_in_a_font_that_is_shipped(script, covered):
    missing = {ord(char) for char in scripts_app.LINES[script]} - covered - FORMLESS
    assert sorted(map(chr, missing)) == []


def test_the_fonts_are_there_named_alike_and_light_enough():
    files = {f"/fonts/{path.name}" for path in (ASSETS / "fonts").glob("*.ttf")}
    assert set(FONTS.values()) == files
    assert list(FONTS) == [*FALLBACKS, STRONG]
    assert sum((ASSETS / path.lstrip("/")).stat().st_size for path in files) <= MOST_BYTES


def test_the_licence_travels_with_the_fonts():
    text = (ASSETS / "fonts" / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE" in text.upper()
    assert "Noto" in text


def test_a_browser_has_the_fonts_before_its_first_picture():
    listed = json.loads((ASSETS / "assets" / "FontManifest.json").read_text(encoding="utf-8"))
    ours = {f["family"]: f["fonts"][0]["asset"] for f in listed if f["family"] in FONTS}
    assert ours == {family: f"..{path}" for family, path in FONTS.items()}


@pytest.mark.browser
def test_all_scripts_are_painted_from_this_machine_alone():
    app = FletServer("-m", "driver.scripts_app")
    with app, FletBrowser(app.url, {"width": 1280, "height": 1000}) as ui:
        fetched: dict[str, int] = {}
        ui.page.on("response", lambda answer: fetched.update({answer.url: answer.status}))
        ui.open()
        for line in scripts_app.LINES.values():
            ui.see(line)
        statuses = {path: [s for url, s in fetched.items() if url.endswith(path)]
                    for path in FONTS.values()}  # fmt: skip
        assert statuses == {path: [200] for path in FONTS.values()}
        ui.has_value("Arabic", scripts_app.LINES["Arabic"])
        assert ui.external == []
        ui.screenshot("scripts")
