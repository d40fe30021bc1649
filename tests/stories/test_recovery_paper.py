"""The recovery key on paper: whole on one A4 sheet from any window, and nowhere else."""

import re

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import ViewportSize

from driver.browser import PHONE, FletBrowser, FletServer, free_port
from stories.test_getting_in import choose_passphrase, printed_claim, recovery_words

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

ANSWERS_MS = 6_000
A4_MM = (210, 297)
MARGIN_MM = 20
PIXELS_A_MM = 96 / 25.4
WINDOWS: list[ViewportSize] = [
    PHONE,
    {"width": 1280, "height": 800},
    {"width": 1920, "height": 1080},
]
# A headless browser has no printer: what would be printed is left lying there instead.
NO_PRINTER = "window.print = () => { window.printed += 1 }"


def test_the_key_prints_whole_from_any_window_and_leaves_no_trace(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder, port = tmp_path_factory.mktemp("paper"), free_port()
    office = FletServer(
        *("-m", "sync.server", "--data", folder / "office", "--port", str(port)), port=port
    )
    with (
        office,
        FletServer(
            *("-m", "app", "--data", folder / "first", "--no-key-store", "--no-browser")
        ) as device,
        FletBrowser(device.url, PHONE) as ui,
    ):
        ui.page.add_init_script(NO_PRINTER)
        fetched: list[str] = []
        ui.page.on("request", lambda r: fetched.append(r.url) if "/paper/" in r.url else None)
        words = words_shown(ui, office)
        history = ui.page.evaluate("history.length")

        # What paper shows does not depend on the window it was asked from.
        papers = set()
        for window in WINDOWS:
            resize(ui, window)
            press_print(ui)
            assert not ui.page.locator("#paper ol").is_visible()
            papers.add(printed(ui))
            # Printing ended, and with it the sheet.
            assert ui.page.locator("#paper").count() == 0
        assert len(papers) == 1
        assert papers.pop().count(b"/Type /Page\n") == 1
        press_print(ui)
        assert words_on_paper(ui) == [words[n] for n in range(1, 25)]

        assert ui.page.evaluate("history.length") == history
        assert len(ui.context.pages) == 1
        assert "paper" not in ui.page.url
        assert len(fetched) == len(set(fetched)) == 4
        assert ui.page.evaluate("async a => (await fetch(a)).status", fetched[-1]) == 404
        left = [p for p in folder.rglob("*") if p.is_file() and lies_there(words, p.read_bytes())]
        assert left == []
        assert ui.external == []


def words_shown(ui: FletBrowser, office: FletServer) -> dict[int, str]:
    """As far as the words of a new organisation."""
    ui.open()
    ui.tap("Start an organisation")
    ui.fill("Address of the office", office.url)
    ui.fill("Claim code", printed_claim(office.read_log()))
    ui.fill("Organisation", "Brackenfold Early Help")
    ui.choose("Service", "ReConnect")
    ui.fill("Team", "Brackenfold team")
    ui.fill("Your name", "Grace Adeyemi")
    ui.tap("Next: passphrase")
    choose_passphrase(ui)
    ui.tap("Next: recovery key")
    return recovery_words(ui)


def resize(ui: FletBrowser, window: ViewportSize) -> None:
    """Make the window another size, and wait until the app has laid itself out in it."""
    ui.page.set_viewport_size(window)
    ui.page.wait_for_function(
        "width => document.querySelector('flt-semantics-host flt-semantics')"
        "?.getBoundingClientRect().width === width",
        arg=window["width"],
    )


def press_print(ui: FletBrowser) -> None:
    """Press the button until the browser was asked to print: while the app still lays itself out
    in a window of another size, Flutter lets go of a tap, and a person would press again."""
    ui.page.evaluate("window.printed = 0")
    for again in (True, True, False):
        ui.tap("Print")
        try:
            ui.page.wait_for_function("() => window.printed === 1", timeout=ANSWERS_MS)
            return
        except PlaywrightTimeout:
            if not again:
                raise


def printed(ui: FletBrowser) -> bytes:
    """What the browser would send to a printer, but for the time it was made at."""
    pdf = ui.page.pdf(format="A4", prefer_css_page_size=True)
    return re.sub(rb"/(CreationDate|ModDate) \([^)]*\)|/ID \[[^\]]*\]", b"", pdf)


def words_on_paper(ui: FletBrowser) -> list[str]:
    """The words of the sheet in order, each wholly between the margins of one A4 page."""
    width, height = ((side - 2 * MARGIN_MM) * PIXELS_A_MM for side in A4_MM)
    ui.page.set_viewport_size({"width": int(width), "height": int(height)})
    ui.page.emulate_media(media="print")
    found = []
    for word in ui.page.locator("#paper li").all():
        box = word.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height
        assert word.evaluate("e => e.scrollWidth <= e.clientWidth")
        found.append(word.inner_text())
    assert not ui.page.locator("flutter-view").is_visible()
    ui.page.emulate_media(media="screen")
    return found


def lies_there(words: dict[int, str], content: bytes) -> bool:
    """Three of the words beside each other: one alone may stand in any file."""
    return all(word.encode() in content for word in list(words.values())[:6])
