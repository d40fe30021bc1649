"""The page that loads the app in a browser: the installed client's own, made in memory.

Added are the language, ways back that are the browser's own, a reload after a reconnect (the
client goes on painting its old controls otherwise), a cover that needs no process: at once
when the tab goes out of sight, and when the process has ended and could not lock the screen any
more; and printing of a sheet (`app.paper`). Nothing is written to `assets/`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import tempfile
from pathlib import Path

from flet_web import get_package_web_dir, patch_index_html

from app.paper import ROOT
from app.wording import _

MARK = "<!-- fletAppConfig -->"

SCRIPT = """
(() => {
  const cover = document.createElement('div');
  cover.style.cssText = 'position:fixed;inset:0;z-index:2147483647;background:#24211c;'
    + 'color:#f1ebe1;font:20px/1.5 sans-serif;display:grid;place-items:center;padding:2rem';
  const lay = words => {
    cover.textContent = words;
    cover.setAttribute('role', words ? 'alert' : 'presentation');
    document.documentElement.appendChild(cover);
  };

  // Flutter can only push addresses. A way back is a step back in the browser's own list, and a
  // form that has done its work gives way to what it made: two endings say so (app/trail.py).
  const push = history.pushState.bind(history);
  history.pushState = (state, title, url) => {
    const [address, how] = String(url).split('#');
    if (how === 'back') history.back();
    else if (how === 'instead') history.replaceState(state, title, address);
    else push(state, title, url);
  };

  // After a reconnect the client keeps painting its old controls. The session is kept by the
  // process, so loading the page again shows the current state. A process that is gone can lock
  // nothing: its last picture must not stay on the screen.
  const GONE_AFTER = 5000;
  const Native = window.WebSocket;
  let opened = 0, gone = 0;
  window.WebSocket = class extends Native {
    constructor(...args) {
      super(...args);
      this.addEventListener('open', () => {
        clearTimeout(gone);
        gone = 0;
        if (++opened > 1) location.reload();
      });
      this.addEventListener('close', () => {
        // The client tries again and again; the first failure counts.
        if (opened && !gone) gone = setTimeout(() => lay(WORDS_FOR_GONE), GONE_AFTER);
      });
    }
  };

  // Out of sight is out of the picture, at once and without asking the process. Whoever was away
  // long enough to be locked out gets the page anew, so that nothing old shows for a moment.
  const LOCKED_AFTER = 30000;
  let hidden = 0;
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') {
      hidden = Date.now();
      if (!cover.isConnected) lay('');
    } else if (hidden && Date.now() - hidden >= LOCKED_AFTER) {
      location.reload();
    } else if (!cover.textContent) {
      cover.remove();
    }
  });

  // A sheet of paper is fetched into this very page and printed from it: no window opens, nothing
  // is added to the history, and after printing the sheet is gone.
  const openWindow = window.open.bind(window);
  const printed = async address => {
    const answer = await fetch(address, {cache: 'no-store'});
    if (!answer.ok) throw new Error('no sheet');
    const paper = document.createElement('div');
    paper.id = 'paper';
    paper.innerHTML = await answer.text();
    document.body.appendChild(paper);
    addEventListener('afterprint', () => paper.remove(), {once: true});
    window.print();
  };
  window.open = (address, ...more) => {
    const asked = new URL(address, location.href);
    if (asked.origin !== location.origin || !asked.pathname.startsWith(PAPERS)) {
      return openWindow(address, ...more);
    }
    printed(asked).catch(() => alert(WORDS_FOR_NOT_PRINTED));
    return null;
  };
})();
"""

# The client's loading picture is replaced by a quiet ground: no flash of white in a dark room.
STYLE = """
#loading { background: #fbf8f2 !important; }
#loading img { display: none; }
@media (prefers-color-scheme: dark) { #loading { background: #171512 !important; } }
"""


def index_page(*, title: str, language: str) -> bytes:
    """The whole page, UTF-8. Raises RuntimeError when the client's page is not as we know it."""
    source = (Path(get_package_web_dir()) / "index.html").read_text(encoding="utf-8")
    if source.count(MARK) != 1 or source.count("<html>") != 1:
        raise RuntimeError("the client's index.html changed: look at it before patching")
    said = {
        "WORDS_FOR_GONE": _(
            "Doorstep has stopped. Start it again to go on. What you saved is safe."
        ),
        "WORDS_FOR_NOT_PRINTED": _("That could not be printed. Press Print once more."),
        "PAPERS": ROOT,
    }
    script = SCRIPT
    for name, words in said.items():
        # As JSON within a script: no "<" may end it early.
        script = script.replace(name, json.dumps(words).replace("<", "\\u003c"))
    ours = f"{MARK}\n<script>{script}</script>\n<style>{STYLE}</style>"
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "index.html"
        page.write_text(source.replace(MARK, ours), encoding="utf-8")
        patch_index_html(
            str(page),
            base_href="/",
            websocket_endpoint_path="/ws",
            app_name=title,
            app_description=title,
            no_cdn=True,
        )
        made = page.read_text(encoding="utf-8")
    return made.replace("<html>", f'<html lang="{language.replace("_", "-")}">').encode()


def script_hashes(page: bytes) -> list[str]:
    """`'sha256-...'` of every script written in the page, for the content policy."""
    scripts = re.findall(rb"<script>(.*?)</script>", page, flags=re.DOTALL)
    return [
        f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'"
        for script in scripts
    ]
