"""A tablet left on a kitchen table: covered at once, locked soon after, nothing typed is lost."""

import pytest

from driver.browser import ROOT, TABLET, FletBrowser, FletServer, wait_until
from on_screen.test_shell_in_browser import hide, is_covered
from stories.town import WORKER, Town, unlock

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_a_device_put_down_in_the_middle_of_a_word_locks_and_keeps_the_word(town: Town) -> None:
    script = ROOT / "tests" / "stories" / "serve_impatiently.py"
    with (
        FletServer(script, town.folder / WORKER) as device,
        FletBrowser(device.url, TABLET) as ui,
    ):
        ui.open()
        unlock(ui, WORKER)
        ui.tap("Start note")
        ui.fill("Note", "She began to tell me about")
        hide(ui)
        assert is_covered(ui)
        wait_until(lambda: device.read_log().count("locked: away"), "the lock")
        hide(ui, hidden=False)
        ui.see("Locked because you were away. What you wrote is kept.")
        ui.not_see("Okoro")
        unlock(ui, WORKER)
        ui.has_value("Note", "She began to tell me about")
