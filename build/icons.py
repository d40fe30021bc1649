"""Draw every size of the app's icon from assets/icons/doorstep.svg.

Run it by hand after changing the drawing: .venv/bin/python build/icons.py
Chromium is the rasteriser, because the tests need it anyway.
"""

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
ASSETS = ROOT / "assets"
sys.path.insert(0, str(ROOT / "tests"))

from driver.chromium import find_chromium  # noqa: E402

BACKGROUND = "#245443"  # the colour of the drawing's own square
# Path below assets/, pixels, and how much of the square a launcher may cut away (maskable).
SIZES = (
    ("favicon.png", 48, False),
    ("icons/apple-touch-icon-192.png", 192, True),
    ("icons/icon-192.png", 192, False),
    ("icons/icon-512.png", 512, False),
    ("icons/icon-maskable-192.png", 192, True),
    ("icons/icon-maskable-512.png", 512, True),
    ("icons/loading-animation.png", 192, False),
    ("icon.png", 1024, False),  # what `flet build` makes the phones' launcher icons from
)


def draw(page: Page, drawing: str, target: Path, pixels: int, *, maskable: bool) -> None:
    """One PNG. A maskable one fills the whole square and keeps the mark inside the safe circle."""
    # The safe zone of a maskable icon is a circle of 80 % of its width.
    scale, ground = ("82%", BACKGROUND) if maskable else ("100%", "transparent")
    page.set_viewport_size({"width": pixels, "height": pixels})
    page.set_content(
        f"<style>html,body{{margin:0;height:100%;background:{ground}}}"
        f"body{{display:grid;place-items:center}}svg{{width:{scale};height:{scale}}}</style>{drawing}"
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(target), omit_background=True)


def main() -> None:
    """Draw them all."""
    drawing = (ASSETS / "icons" / "doorstep.svg").read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        for name, pixels, maskable in SIZES:
            draw(page, drawing, ASSETS / name, pixels, maskable=maskable)
            print(name)
        browser.close()


if __name__ == "__main__":
    main()
