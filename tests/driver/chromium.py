"""One headless Chromium for however many windows are open at once.

Playwright's synchronous face may be started only once in a thread, and while it runs no other
event loop can; so it starts with the first window of a test and ends with the last.
"""

import os
import shutil

from playwright.sync_api import Browser, Playwright, sync_playwright

_ARGUMENTS = [
    "--no-sandbox",  # continuous integration runs as root inside a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--force-color-profile=srgb",
]


def find_chromium() -> str:
    """The browser's path: CHROMIUM, or what the system has. Missing is an error, never a skip."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not found:
        raise RuntimeError("Chromium is missing: run `make test`, or set CHROMIUM to its path")
    return found


class Chromium:
    """A share in the one browser; the first share starts it, the last one ends it."""

    _shares = 0
    _playwright: Playwright | None = None
    _browser: Browser | None = None

    def __enter__(self) -> Browser:
        if Chromium._browser is None:
            playwright = sync_playwright().start()
            try:
                Chromium._browser = playwright.chromium.launch(
                    executable_path=find_chromium(), args=_ARGUMENTS
                )
            except BaseException:
                playwright.stop()
                raise
            Chromium._playwright = playwright
        Chromium._shares += 1
        return Chromium._browser

    def __exit__(self, *_: object) -> None:
        Chromium._shares -= 1
        if Chromium._shares:
            return
        browser, playwright = Chromium._browser, Chromium._playwright
        Chromium._browser = Chromium._playwright = None
        assert browser is not None, "left more often than entered"
        assert playwright is not None
        try:
            browser.close()
        finally:
            playwright.stop()
