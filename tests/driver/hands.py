"""What a person at a Flet web app does: press, type, choose, turn the wheel, walk by Tab.

Each act waits until the app can take it, and sees that it was taken: Flutter takes no tap while one
page slides over another, and hears no key before it listens.
"""

import contextlib
import datetime as dt
import re
import time

from playwright.sync_api import (
    Locator,
    TimeoutError,  # noqa: A004 - playwright's own name for it
    ViewportSize,
    expect,
)

from driver.eyes import Eyes

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


class Hands(Eyes):
    """Acting on what the eyes find."""

    size: ViewportSize

    def tap(self, name: str | re.Pattern[str], *, exact: bool = True) -> None:
        """Press what is called `name`.

        One that is grey is given a moment: a list shows what was chosen before the app has heard
        of it and allows what follows. A tap on what stays grey does nothing, as under a finger.
        """
        target = self.button(name, exact=exact)
        with contextlib.suppress(AssertionError):
            expect(target).not_to_have_attribute("aria-disabled", "true", timeout=2_000)
        self.click(target)

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
        tries = []
        end = time.monotonic() + self.timeout
        while time.monotonic() < end:
            self._focus(box)
            if not self._listened_to():
                tries.append("not listened to")
                self._let_go()
                continue
            self.page.keyboard.press("Control+A")
            if value:
                self.page.keyboard.insert_text(value)
            else:
                self.page.keyboard.press("Delete")
            # What the element holds counts once Flutter's next frames leave it there: a dialog
            # that is still opening takes the focus back, an app may answer an earlier key.
            self._frames(2)
            held = self.page.evaluate("() => document.activeElement?.value ?? null")
            if held == value:
                return
            tries.append(f"holds {held!r}")
            self._let_go()
        raise AssertionError(f"the field did not keep what was typed ({tries}): {box}")

    def _let_go(self) -> None:
        """Give the focus away, so that the next click begins a new editing session in Flutter.

        On a busy machine a session can end up with an element that Flutter does not read any more:
        a click on it changes nothing, for it has the focus already.
        """
        self.page.evaluate("() => document.activeElement?.blur()")
        self._frames(4)

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
