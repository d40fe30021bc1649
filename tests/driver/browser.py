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
import datetime as dt
import re
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Literal, Self, get_args
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import (
    BrowserContext,
    Locator,
    Page,
    Route,
    TimeoutError,  # noqa: A004 - playwright's own name for it
    ViewportSize,
    expect,
)

from driver.chromium import Chromium
from driver.evidence import Node, accessibility_problems, is_blank, read_tree
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
_Tappable = Literal["button", "tab", "checkbox", "switch", "radio", "menuitem", "link"]
_TAPPABLE: tuple[_Tappable, ...] = get_args(_Tappable)
_COUNT_LISTENERS = """
for (const [name, by] of [['addEventListener', 1], ['removeEventListener', -1]]) {
  const native = EventTarget.prototype[name];
  EventTarget.prototype[name] = function (type, ...more) {
    if (type === 'input') this.inputListeners = (this.inputListeners ?? 0) + by;
    return native.call(this, type, ...more);
  };
}
"""
_IN_SIGHT = """e => {
  const own = e.getBoundingClientRect();
  let [left, top, right, bottom] = [
    Math.max(own.left, 0), Math.max(own.top, 0),
    Math.min(own.right, innerWidth), Math.min(own.bottom, innerHeight)];
  let scroller = null;
  for (let p = e.parentElement; p; p = p.parentElement) {
    if (getComputedStyle(p).overflowY === 'visible') continue;
    const edge = p.getBoundingClientRect();
    if (edge.height === 0) continue;
    scroller ??= edge;
    [left, top] = [Math.max(left, edge.left), Math.max(top, edge.top)];
    [right, bottom] = [Math.min(right, edge.right), Math.min(bottom, edge.bottom)];
  }
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  if (bottom - top < Math.min(20, own.height) && scroller) {
    const [middle, wanted] = [scroller.top + scroller.height / 2, own.top + own.height / 2];
    return {x: scroller.left + scroller.width / 2, y: middle, turn: wanted - middle};
  }
  const hit = document.elementFromPoint(x, y);
  return {x, y, turn: 0, on_top: !!hit && (e.contains(hit) || hit.contains(e))};
}"""
_EDITS_UNNAMED = """label => {
  const e = document.activeElement;
  return !!e?.classList.contains('flt-text-editing')
    && [null, label].includes(e.getAttribute('aria-label'));
}"""
_TREE_IS_THERE = "flt-semantics[id^='flt-semantic-node'] >> nth=1"


class FletBrowser:
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
        """Playwright's page, for what this class has no word for."""
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

    # -- finding -------------------------------------------------------------------------
    def button(self, name: str | re.Pattern[str], *, exact: bool = True) -> Locator:
        """Buttons, destinations, switches, checkboxes, radios, menu entries, tappable tiles."""
        if exact and isinstance(name, str):
            # Android's app bar says "Back\nBack", a rail "Families\nTab 2 of 5".
            plain = re.escape(name)
            name = re.compile(rf"^\s*{plain}(\s+{plain}|\s+Tab \d+ of \d+)?\s*$")
        found = self.page.locator("flt-semantics[flt-tappable]").filter(has_text=name)
        for role in _TAPPABLE:
            found = found.or_(self.page.get_by_role(role, name=name))
        return found.first

    def tile(self, title: str) -> Locator:
        """A tappable row by its first line; its name is title and subtitle joined."""
        return self.button(re.compile(rf"^\s*{re.escape(title)}(\s|$)"))

    def field(self, label: str) -> Locator:
        """A text field by its label."""
        return self.page.locator(
            f'input[aria-label="{label}"], textarea[aria-label="{label}"]'
        ).first

    def text(self, text: str | re.Pattern[str]) -> Locator:
        """Any node showing `text`: plain text, a merged tile, an accessible name."""
        by_text = self.page.locator("flt-semantics-host").get_by_text(text)
        if isinstance(text, re.Pattern):
            return by_text.first
        quoted = text.replace("\\", "\\\\").replace('"', '\\"')
        named = self.page.locator(f'flt-semantics-host [aria-label*="{quoted}"]')
        return by_text.or_(named).first

    def heading(self, name: str) -> Locator:
        """A heading by its text; app bar titles are headings."""
        return self.page.get_by_role("heading", name=name).first

    # -- doing ---------------------------------------------------------------------------
    def tap(self, name: str | re.Pattern[str], *, exact: bool = True) -> None:
        """Press what is called `name`."""
        self.click(self.button(name, exact=exact))

    def click(self, target: Locator) -> None:
        """Press it once the page stands still: while one page slides over another, Flutter takes
        no tap at all.

        At the middle of what is in sight of it, after turning the wheel if too little is. Not by
        Playwright's own click, which scrolls the tree alone: Flutter, which has drawn something
        else at that place, does not follow.
        """
        target.wait_for(state="attached")
        end = time.monotonic() + self.timeout
        while time.monotonic() < end:
            self._still()
            with contextlib.suppress(TimeoutError):  # it may have been drawn anew meanwhile
                seen = target.evaluate(_IN_SIGHT, timeout=2_000)
                if seen["turn"]:
                    self.page.mouse.move(seen["x"], seen["y"])
                    self.page.mouse.wheel(0, seen["turn"])
                elif seen["on_top"]:
                    self.page.mouse.click(seen["x"], seen["y"])
                    return
        raise AssertionError(f"nobody can press it: {target}")

    def _still(self, frames: int = 4, most: int = 120) -> None:
        """Wait until that many frames in a row leave the tree as it is."""
        self.page.evaluate(
            """async ([frames, most]) => {
              const host = document.querySelector('flt-semantics-host');
              let last = host?.innerHTML;
              for (let same = 0; same < frames && most--; ) {
                await new Promise(drawn => requestAnimationFrame(drawn));
                const now = host?.innerHTML;
                same = now === last ? same + 1 : 0;
                last = now;
              }
            }""",
            [frames, most],
        )

    def fill(self, label: str, value: str) -> None:
        """Replace a text field's text, through the keyboard, and see that the app kept it."""
        self._write(self.field(label), value)

    def _write(self, box: Locator, value: str) -> None:
        for _ in range(5):
            self._focus(box)
            if not self._listened_to():
                continue
            self.page.keyboard.press("Control+A")
            if value:
                self.page.keyboard.insert_text(value)
            else:
                self.page.keyboard.press("Delete")
            # What the element holds counts once Flutter's next frames leave it there: a dialog
            # that is still opening takes the focus back, an app may answer an earlier key.
            self._frames(2)
            if self.page.evaluate("v => document.activeElement?.value === v", value):
                return
        raise AssertionError(f"the field did not keep what was typed: {box}")

    def _listened_to(self) -> bool:
        """Wait until Flutter listens to the element with the focus; False if it never does.

        It has the focus at once, and Flutter some frames later: what is typed before stands in the
        element and is never heard of in the app. A dialog that is still opening may take the focus
        away again: then it has to be given once more.
        """
        with contextlib.suppress(TimeoutError):
            self.page.wait_for_function(
                "() => (document.activeElement?.inputListeners ?? 0) > 0", timeout=3_000
            )
            return True
        return False

    def _frames(self, count: int) -> None:
        self.page.evaluate(
            """async count => {
              while (count--) await new Promise(drawn => requestAnimationFrame(drawn));
            }""",
            count,
        )

    def _focus(self, box: Locator) -> None:
        # A click makes Flutter attach its editing session to the semantics element. A session
        # opened before the tree existed (autofocus) keeps a hidden input, which also works.
        label = box.get_attribute("aria-label")
        for _ in range(4):
            self.click(box)
            try:
                expect(box).to_be_focused(timeout=1500)
            except AssertionError:
                if not self.page.evaluate(_EDITS_UNNAMED, label):
                    continue
            return
        expect(box).to_be_focused()

    def type(self, text: str) -> None:
        """Key by key into the field that has the focus, as autosave meets it."""
        self.page.keyboard.type(text)

    def type_into(self, label: str, text: str) -> None:
        """Key by key without a mouse, as a screen reader goes to the field it has read out.

        Whoever types before the app listens types again.
        """
        for _ in range(5):
            self.field(label).focus()
            if not self._listened_to():
                continue
            self.press("Control+A")
            self.type(text)
            self._frames(2)
            if self.page.evaluate("v => document.activeElement?.value === v", text):
                return
        raise AssertionError(f"{label!r} did not keep what was typed")

    def press(self, *keys: str) -> None:
        """Keys by name, one after another: "Tab", "Enter", "Escape", "Control+Enter"."""
        for key in keys:
            self.page.keyboard.press(key)

    def tab_to(self, name: str, *, limit: int = 60) -> None:
        """Walk by Tab until the focus is on what is called `name`, as a person without a mouse."""
        walked = []
        for _ in range(limit):
            before = self.page.evaluate_handle("document.activeElement")
            self.press("Tab")
            # The focus moves with Flutter's next frame; a second Tab before it would be lost.
            self.page.wait_for_function("e => document.activeElement !== e", arg=before)
            walked.append(self.focused())
            if walked[-1].split("\n")[0] == name:
                return
        raise AssertionError(f"Tab never reaches {name!r}, only {walked}")

    def focused(self) -> str:
        """The accessible name of what has the keyboard."""
        name: str = self.page.evaluate(
            """() => {
              const e = document.activeElement;
              if (!e?.closest('flt-semantics-host')) return '';
              return (e.getAttribute('aria-label') || e.textContent || '').trim();
            }"""
        )
        return name

    def choose(self, dropdown: str, option: str) -> None:
        """Open a DropdownM2 by its label and choose; its name carries what stands in it.

        A menu closes without a word when a tap goes beside it while it opens: then once more.
        """
        label = re.escape(dropdown)
        opener = self.page.get_by_role("button", name=re.compile(rf"^\s*{label}(\s|$)")).first
        chosen = re.compile(rf"^\s*{label}\s.*{re.escape(option)}", re.DOTALL)
        entry = self.page.get_by_role("menuitem", name=option, exact=True)
        for _ in range(3):
            self.click(opener)
            self.click(entry)
            expect(entry).to_have_count(0)
            with contextlib.suppress(AssertionError):
                expect(self.page.get_by_role("button", name=chosen).first).to_be_attached(
                    timeout=3_000
                )
                return
        raise AssertionError(f"{dropdown!r} did not keep {option!r}")

    def pick_date(self, opener: str, day: dt.date, *, day_first: bool = True) -> None:
        """Open a DatePicker from `opener` and type the date in its input mode.

        `day_first` follows the app's locale: true for en_GB, false for Flet's own en_US.
        """
        self.tap(opener)
        to_calendar = self.page.get_by_role("button", name="Switch to calendar")
        to_input = self.page.get_by_role("button", name="Switch to input")
        expect(to_calendar.or_(to_input).first).to_be_attached()
        if to_input.count():
            self.click(to_input.first)
            expect(to_calendar.first).to_be_attached()
        box = self.page.locator("flt-semantics input[data-semantics-role='text-field']").last
        self._write(box, day.strftime("%d/%m/%Y" if day_first else "%m/%d/%Y"))
        self._accept()

    def pick_time(self, opener: str, time: dt.time) -> None:
        """For a TimePicker with entry_mode=INPUT and hour_format=H24."""
        self.tap(opener)
        self.fill("Hour", f"{time:%H}")
        self.fill("Minute", f"{time:%M}")
        self._accept()

    def _accept(self) -> None:
        self.tap("OK")
        expect(self.page.get_by_role("button", name="OK", exact=True)).to_have_count(0)

    def scroll_to(
        self, text: str | re.Pattern[str], *, down: bool = True, step: int = 600, limit: int = 200
    ) -> None:
        """Turn the wheel until `text` is built; lists build only what is near the view.

        It may have been passed unseen, while the page was still coming: halfway it turns back.
        """
        width, height = self.size["width"], self.size["height"]
        self.page.mouse.move(width * 0.6, height * 0.5)
        target = self.text(text)
        for turn in range(limit):
            if turn == limit // 3:
                down = not down
            try:
                target.wait_for(state="attached", timeout=150)
                box = target.bounding_box()
                if box and 60 < box["y"] < height - 100:
                    return
                if box:
                    down = box["y"] > 60  # it may have been passed on a busy machine
                step = 120
            except TimeoutError:
                pass  # not built yet: turn further
            self.page.mouse.wheel(0, step if down else -step)
        raise AssertionError(f"{text!r} not found while scrolling")

    def back(self) -> None:
        """The browser's back, which is also Android's."""
        self.page.go_back()

    # -- seeing --------------------------------------------------------------------------
    def see(self, text: str | re.Pattern[str], seconds: float | None = None) -> None:
        """Wait until `text` is on screen."""
        # Semantics nodes are transparent, so ask for "attached", never for "visible".
        expect(self.text(text)).to_be_attached(timeout=(seconds or self.timeout) * 1000)

    def not_see(self, text: str | re.Pattern[str], seconds: float | None = None) -> None:
        """Wait until `text` is nowhere on screen."""
        expect(self.text(text)).to_have_count(0, timeout=(seconds or self.timeout) * 1000)

    def has_value(self, label: str, value: str) -> None:
        """A field's element carries its text only while it has the focus, hence the tap."""
        for _ in range(4):
            self._focus(self.field(label))
            with contextlib.suppress(TimeoutError):  # what is drawn anew may take the focus away
                self.page.wait_for_function(
                    "v => document.activeElement?.value === v", arg=value, timeout=5_000
                )
                return
        shown = self.page.evaluate("document.activeElement?.value")
        raise AssertionError(f"{label!r} shows {shown!r}, not {value!r}")

    def is_on(self, name: str, *, on: bool = True) -> None:
        """Wait until a checkbox, switch or radio called `name` is on (or off)."""
        expect(self.button(name)).to_have_attribute("aria-checked", "true" if on else "false")

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
