"""Write the two lists a browser reads before the app's first picture: manifest and fonts.

They are the installed Flet client's own, with our name, colours and fonts. Run it again after
every Flet upgrade and every change of fonts; tests/contracts fails until that was done:

    .venv/bin/python build/web_lists.py
"""

import json
from pathlib import Path

from flet_web import get_package_web_dir

from app.fonts import FONTS

ASSETS = Path(__file__).resolve().parents[1] / "assets"
NAME = "Doorstep"
DESCRIPTION = "Works with or without a signal."  # on a shared screen, the name alone tells nothing


def manifest(client: Path) -> str:
    """What a browser shows of the app when somebody puts it on a home screen."""
    card = json.loads((client / "manifest.json").read_text(encoding="utf-8"))
    card |= {
        "name": NAME,
        "short_name": NAME,
        "description": DESCRIPTION,
        "theme_color": "#245443",
        "background_color": "#FBF8F2",
    }
    return json.dumps(card, indent=2) + "\n"


def font_manifest(client: Path) -> str:
    """The client's list of fonts and ours; paths are relative to the client's assets folder.

    What is listed here is fetched all at once. Named in `page.fonts` instead, the fonts come one
    after another: 4.7 s and 200 vain requests until the last one, measured, against 2.6 s and 28.
    """
    fonts = json.loads((client / "assets" / "FontManifest.json").read_text(encoding="utf-8"))
    fonts += [{"family": name, "fonts": [{"asset": f"..{path}"}]} for name, path in FONTS.items()]
    return json.dumps(fonts, indent=1) + "\n"


def lists() -> dict[str, str]:
    """What to write: path below assets/ to text."""
    client = Path(get_package_web_dir())
    return {"manifest.json": manifest(client), "assets/FontManifest.json": font_manifest(client)}


def main() -> None:
    """Write both."""
    for name, text in lists().items():
        target = ASSETS / name
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
