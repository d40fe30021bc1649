"""Each service's dashboard in the browser, with what it has published on it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from driver.browser import PHONE, TABLET, FletBrowser, FletServer
from stories.test_every_screen import turn_to

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

OPENS_S = 90.0
"""A thousand families are read, on a machine that has other things to do."""
HEADLINES = {
    "rct": ("1,032", "822 of 977", "541 of 688"),
    "durham": ("10.8", "54 ÷ 5", "1 other or not recorded"),
    "reconnect": ("30", "64 of 85", "15 months"),
    "building-bonds": ("48 of 50", "from 30 to 5", "286"),
}


@pytest.mark.parametrize(
    ("service", "shape"),
    [*((service, "tablet") for service in HEADLINES), ("durham", "phone")],
)
def test_a_dashboard_shows_what_its_service_published(
    service: str, shape: str, tmp_path: Path
) -> None:
    size = TABLET if shape == "tablet" else PHONE
    with (
        FletServer("-m", "published.serve", service, tmp_path) as served,
        FletBrowser(served.url, size) as ui,
    ):
        ui.open()
        ui.heading("Today").wait_for(state="attached")
        turn_to(ui, "/team/figures")
        ui.see("Everything", OPENS_S)
        ui.tap("Everything")
        if shape == "tablet":
            for said in HEADLINES[service]:
                ui.see(re.compile(re.escape(said)), OPENS_S)
        assert ui.accessibility_problems() == []
        ui.screenshot(f"{shape}-figures-{service}")
        assert ui.external == []
