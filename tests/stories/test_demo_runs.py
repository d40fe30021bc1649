"""The demo as a newcomer meets it: opened again, one device killed, interrupted while it starts."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from driver.server import wait_until
from stories.running_demo import Demo
from stories.town import PEOPLE, WORKER, Founding

pytestmark = [pytest.mark.alone, pytest.mark.timeout(240)]


@pytest.fixture
def demo(founding: Founding, tmp_path: Path) -> Iterator[Demo]:
    founding.town(tmp_path)  # the data as if an earlier `make demo` had made them
    (tmp_path / "ready").write_text("made\n")
    demo = Demo(tmp_path)
    yield demo
    left = demo.children()
    demo.process.kill()
    demo.process.wait(20)
    for process in left:
        process.kill()


def test_open_leads_into_the_device_each_time(demo: Demo) -> None:
    wait_until(demo.runs, "the demo", 120)
    for _browser in range(2):
        status, address, _body = demo.ask(f"/open/{WORKER}")
        assert status == 303
        parts = urlsplit(address)
        assert demo.ask(f"/?{parts.query}", port=parts.port or 0)[0] == 303
    demo.interrupt()
    assert demo.children() == []


def test_a_device_that_dies_is_offered_to_be_started_again_and_the_others_go_on(demo: Demo) -> None:
    wait_until(demo.runs, "the demo", 120)
    tablet = demo.device(WORKER)
    assert tablet is not None
    tablet.kill()
    again = f"Start {PEOPLE[WORKER].what} again"
    wait_until(lambda: again in demo.ask("/")[2], "the page to say so")
    wait_until(lambda: "has stopped" in demo.log.read_text(), "the terminal to say so")
    assert demo.ask(f"/open/{WORKER}")[1] == "/"
    assert "token" in demo.ask("/open/laptop")[1]
    assert demo.ask(f"/start/{WORKER}", "POST")[0] == 303
    assert again not in demo.ask("/")[2]
    assert "token" in demo.ask(f"/open/{WORKER}")[1]
    demo.interrupt()
    assert demo.children() == []


@pytest.mark.parametrize("key", ["laptop", WORKER])
def test_interrupted_while_a_device_starts_it_leaves_nothing_behind(demo: Demo, key: str) -> None:
    wait_until(lambda: demo.device(key), "the device's process", 120)
    demo.interrupt(times=2)
    assert demo.children() == []
    assert "Traceback" not in demo.log.read_text()
