import pytest

from app.fonts import FALLBACKS, FONTS
from app.theme import DARK, LIGHT, SCALES, STYLES, TARGET, theme

SCHEMES = {"light": LIGHT, "dark": DARK}
PAIRS = [
    ("on_surface", "surface"),
    ("on_surface", "surface_container_lowest"),
    ("on_surface", "surface_container_low"),
    ("on_surface", "surface_container"),
    ("on_surface", "surface_container_high"),
    ("on_surface_variant", "surface"),
    ("on_surface_variant", "surface_container_lowest"),
    ("primary", "surface"),
    ("primary", "surface_container_lowest"),
    ("on_primary", "primary"),
    ("on_primary_container", "primary_container"),
    ("on_secondary_container", "secondary_container"),
    ("on_tertiary_container", "tertiary_container"),
    ("on_error", "error"),
    ("on_error_container", "error_container"),
    ("error", "surface"),
    ("on_inverse_surface", "inverse_surface"),
    ("inverse_primary", "inverse_surface"),
]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_words_stand_out_seven_to_one(scheme, ink, ground):
    colours = SCHEMES[scheme]
    assert contrast(getattr(colours, ink), getattr(colours, ground)) >= 7


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_can_be_tapped_has_an_edge_that_can_be_seen(scheme):
    colours = SCHEMES[scheme]
    for ground in ("surface", "surface_container_lowest"):
        assert contrast(str(colours.outline), getattr(colours, ground)) >= 3


@pytest.mark.parametrize("scale", SCALES.values())
def test_every_text_size_grows_and_knows_every_script(scale):
    styles = theme(LIGHT, scale).text_theme
    for name, (size, _height, font) in STYLES.items():
        style = getattr(styles, name)
        assert style.size == round(size * scale, 1)
        assert style.size >= 13
        assert style.color is not None  # without one, words are black on a dark ground
        assert style.font_family == font
        assert style.font_family in FONTS
        assert style.font_family_fallback == FALLBACKS


def test_large_is_large():
    assert SCALES == {"normal": 1.0, "large": 1.3, "largest": 1.6}
    assert TARGET >= 48
