"""A person at a Flet web app: headless Chromium, found by role and name, never by pixel.

Flutter paints into a canvas. What can be seen from outside is its *semantics tree*, a second DOM
(<flt-semantics role=... aria-label=...>) for screen readers, which Flutter builds only once it is
switched on; `open()` switches it on. So a story that passes has also been walked by the names a
screen reader says. Every step waits for a state of that tree; nothing waits for a span of time.

    with FletServer("-m", "app", "--data", folder) as device, FletBrowser(device.url) as ui:
        ui.open()
        ui.fill("Passphrase", "correct horse battery staple")
        ui.tap("Unlock")
        ui.see("Today")
"""

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import (
    BrowserContext,
    Page,
    Route,
    ViewportSize,
    expect,
)

from driver.chromium import Chromium
from driver.evidence import Node, accessibility_problems, is_blank, read_tree
from driver.hands import Hands
from driver.link import FlakyLink
from driver.server import ROOT, FletServer, free_port, wait_until

__all__ = [
    "PHONE",
    "ROOT",
    "TABLET",
    "FlakyLink",
    "FletBrowser",
    "FletServer",
    "expect",
    "free_port",
    "wait_until",
]

PHONE: ViewportSize = {"width": 412, "height": 892}
TABLET: ViewportSize = {"width": 1280, "height": 800}
SCREENSHOTS = ROOT / "dist" / "screenshots"
# Flutter reads the platform from the user agent: with this one it behaves as on Android
# (48 px touch targets, page.platform ANDROID) instead of as on a Linux desktop.
_ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Mobile Safari/537.36"
)
_ELSEWHERE = re.compile(r"^(https?|wss?)://(?!127\.0\.0\.1[:/]|localhost[:/])")
_COUNT_LISTENERS = """
for (const [name, by] of [['addEventListener', 1], ['removeEventListener', -1]]) {
  const native = EventTarget.prototype[name];
  EventTarget.prototype[name] = function (type, ...more) {
    if (type === 'input') this.inputListeners = (this.inputListeners ?? 0) + by;
    return native.call(this, type, ...more);
  };
}
"""
_TREE_IS_THERE = "flt-semantics[id^='flt-semantic-node'] >> nth=1"


class FletBrowser(Hands):
    """One private browser window. Several may be open at once: two people, two devices.

    `external` lists requests that would have left this machine; they are refused.
    `failures` lists what the page wrote to its console as errors.
    """

    def __init__(
        self,
        url: str,
        size: ViewportSize = PHONE,
        *,
        dark: bool = False,
        desktop: bool = False,
        timeout: float = 20.0,
    ) -> None:
        self.url = url
        self.size = size
        self.dark = dark
        self.desktop = desktop
        self.timeout = timeout
        self.external: list[str] = []
        self.failures: list[str] = []
        self._chromium = Chromium()
        self._context: BrowserContext | None = None
        self._page: Page | None = None

    @property
    def page(self) -> Page:
        """Playwright's page, for what there is no word for."""
        assert self._page is not None, "use it in a with statement"
        return self._page

    @property
    def context(self) -> BrowserContext:
        """Playwright's context: cookies, permissions, further pages of the same browser."""
        assert self._context is not None, "use it in a with statement"
        return self._context

    def __enter__(self) -> Self:
        browser = self._chromium.__enter__()
        try:
            self._context = browser.new_context(
                viewport=self.size,
                color_scheme="dark" if self.dark else "light",
                reduced_motion="reduce",
                locale="en-GB",
                timezone_id="Europe/London",
                user_agent=None if self.desktop else _ANDROID,
            )
            self._context.set_default_timeout(self.timeout * 1000)
            self._context.route(_ELSEWHERE, self._refuse)
            self._context.add_init_script(_COUNT_LISTENERS)
            self._page = self._context.new_page()
            self._page.on(
                "console", lambda m: self.failures.append(m.text) if m.type == "error" else None
            )
            self._page.on("pageerror", lambda error: self.failures.append(str(error)))
        except BaseException:
            self._chromium.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if problem is not None and isinstance(problem, Exception):
                self._tell(problem)
            if self._context is not None:
                self._context.close()
        finally:
            self._chromium.__exit__(None, None, None)

    def _tell(self, problem: BaseException) -> None:
        """What a person would have seen when it went wrong, beside the failure."""
        with contextlib.suppress(Exception):
            picture = self.screenshot(f"failed-{id(self):x}")
            names = [f"{n.role or n.tag}: {n.name}" for n in self.tree() if n.name]
            problem.add_note(f"--- on screen ({picture}):\n" + "\n".join(names))
            problem.add_note("--- console:\n" + "\n".join(self.failures[-10:]))

    def _refuse(self, route: Route) -> None:
        self.external.append(route.request.url)
        route.abort()

    # -- arriving ------------------------------------------------------------------------
    def open(self, address: str = "") -> Self:
        """Go to a path of this app, to a full URL, or (no argument) to the address given at first.

        A launch address counts once; a path keeps the cookie it earned.
        """
        parts = urlsplit(self.url)
        self.page.goto(
            urljoin(f"{parts.scheme}://{parts.netloc}", address) if address else self.url
        )
        return self.enable_semantics()

    def reload(self) -> Self:
        """The browser's reload: the session is kept by the app."""
        self.page.reload()
        return self.enable_semantics()

    @contextlib.contextmanager
    def reloading(self, seconds: float = 30.0) -> Iterator[None]:
        """Around what makes the page load itself again: above all, a link that comes back."""
        with self.page.expect_navigation(timeout=seconds * 1000):
            yield
        self.enable_semantics()

    def enable_semantics(self) -> Self:
        """Do what a screen reader does first. Needed once after each load of the page."""
        # Desktop: a 1x1 px button outside the view, only a DOM click reaches it.
        # Mobile user agent: it covers the view, and only a click at its centre counts.
        self.page.wait_for_selector("flt-semantics-placeholder", state="attached", timeout=60_000)
        self.page.evaluate(
            """() => {
              const e = document.querySelector('flt-semantics-placeholder');
              const r = e.getBoundingClientRect();
              e.dispatchEvent(new MouseEvent('click', {
                bubbles: true, clientX: r.x + r.width / 2, clientY: r.y + r.height / 2}));
            }"""
        )
        # The tree starts empty; the app is there once Python has sent its first view.
        self.page.wait_for_selector(_TREE_IS_THERE, state="attached")
        return self

    def back(self) -> None:
        """The browser's back, which is also Android's."""
        self.page.go_back()

    # -- evidence ------------------------------------------------------------------------
    def screenshot(self, name: str | Path) -> Path:
        """Keep a picture: a bare name goes to dist/screenshots/<name>.png."""
        target = name if isinstance(name, Path) else SCREENSHOTS / f"{name}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(self._painted())
        return target

    def _painted(self) -> bytes:
        """The tree is ahead of the paint: a picture counts once it shows something and three in a
        row are the same. A caret blinks, so a busy machine may never see three: then the last one.
        """
        wait_until(lambda: not is_blank(self._frame()), "the first picture", self.timeout)
        last, same = b"", 0
        for _ in range(20):
            shot = self._frame()
            same = same + 1 if shot == last else 0
            last = shot
            if same == 2:
                break
        return last

    def _frame(self) -> bytes:
        self._frames(2)
        return self.page.screenshot()

    def tree(self) -> list[Node]:
        """All named, tappable or editable nodes of the semantics tree, in reading order."""
        return read_tree(self.page)

    def accessibility_problems(self, smallest_target: int = 44) -> list[str]:
        """Controls without a name, or smaller than `smallest_target` px. Should be empty.

        While one page slides over another, lists do not yet say that they scroll and what they cut
        looks small: so what is wrong has to stay wrong for some frames.
        """
        for _ in range(20):
            found = accessibility_problems(self.tree(), smallest_target)
            if not found:
                break
            self._frames(3)
        return found
