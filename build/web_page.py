"""Write the page that carries the app in a browser: index.html, manifest.json, FontManifest.json.

They are the installed Flet client's own with a few changes: our name, nothing fetched from other
machines, no launch address handed on to other sites, a fresh load after a lost connection, and our
fonts loaded together before the first picture. (Named in `page.fonts` instead, they come one after
another: 4.7 s and 200 vain requests until the last one, measured, against 2.6 s and 28.)
Run it again after every Flet upgrade; tests/contracts fails until that was done:

    .venv/bin/python build/web_page.py
"""

import json
from pathlib import Path

from flet_web import get_package_web_dir

from app.fonts import FONTS

ASSETS = Path(__file__).resolve().parents[1] / "assets"
NAME = "Doorstep"
DESCRIPTION = "Works with or without a signal."  # on a shared screen, the name alone tells nothing

_MARK = "<!-- fletAppConfig -->"
# The client asks a public CDN for a script at every start, no-CDN mode included; this policy stops
# that inside the browser. Wasm needs 'wasm-unsafe-eval', its workers blob:.
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'none'",
    )
)
_RELOAD = """<script>
    // After a reconnect the 1.0.5 client keeps painting its old controls. The app keeps the
    // session, so loading the page again shows the current state.
    (() => {
      const Native = window.WebSocket;
      let opened = 0;
      window.WebSocket = class extends Native {
        constructor(...args) {
          super(...args);
          this.addEventListener('open', () => { if (++opened > 1) location.reload(); });
        }
      };
    })();
  </script>"""
_EDITS = (
    ("<title>Flet</title>", f"<title>{NAME}</title>"),
    ('content="Flet application."', f'content="{DESCRIPTION}"'),
    (
        'name="apple-mobile-web-app-title" content="Flet"',
        f'name="apple-mobile-web-app-title" content="{NAME}"',
    ),
    (
        _MARK,
        f"""{_MARK}
  <meta http-equiv="Content-Security-Policy" content="{_POLICY}">
  <meta name="referrer" content="no-referrer">
  {_RELOAD}""",
    ),
)


def index_page(client: Path) -> str:
    """The client's page with our changes. Raises ValueError when the page is not as expected."""
    page = (client / "index.html").read_text(encoding="utf-8")
    for old, new in _EDITS:
        if page.count(old) != 1:
            raise ValueError(f"the client's index.html changed: look at {old!r} first")
        page = page.replace(old, new)
    return page


def manifest(client: Path) -> str:
    """What a browser shows of the app when somebody puts it on a home screen."""
    card = json.loads((client / "manifest.json").read_text(encoding="utf-8"))
    card |= {
        "name": NAME,
        "short_name": NAME,
        "description": DESCRIPTION,
        "theme_color": "#245443",
        "background_color": "#F6EFE2",
    }
    return json.dumps(card, indent=2) + "\n"


def font_manifest(client: Path) -> str:
    """The client's list of fonts and ours; paths are relative to the client's assets folder."""
    fonts = json.loads((client / "assets" / "FontManifest.json").read_text(encoding="utf-8"))
    fonts += [{"family": name, "fonts": [{"asset": f"..{path}"}]} for name, path in FONTS.items()]
    return json.dumps(fonts, indent=1) + "\n"


def pages() -> dict[str, str]:
    """What to write: path below assets/ to text."""
    client = Path(get_package_web_dir())
    return {
        "index.html": index_page(client),
        "manifest.json": manifest(client),
        "assets/FontManifest.json": font_manifest(client),
    }


def main() -> None:
    """Write them."""
    for name, text in pages().items():
        target = ASSETS / name
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
