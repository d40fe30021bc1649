"""Back in after the browser was closed: who rings at a running device, and what she gets."""

import http.client
import json
import stat
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from app.doorbell import FILE, HEADER, PATH, Doorbell, ring
from driver.server import ROOT, FletServer


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("device")


@pytest.fixture(scope="module")
def device(folder):
    with started(folder) as server:
        yield server


def started(folder) -> FletServer:
    return FletServer("-m", "app", "--data", folder, "--no-key-store", "--no-browser")


def left_by(folder) -> dict:
    return json.loads((folder / FILE).read_text(encoding="utf-8"))


def status(address: str, *, method: str = "GET", **headers: str) -> int:
    parts = urlsplit(address)
    line = http.client.HTTPConnection("127.0.0.1", parts.port or 0, timeout=10)
    try:
        line.request(method, f"{parts.path or '/'}?{parts.query}", headers=headers)
        return line.getresponse().status
    finally:
        line.close()


def test_started_once_more_it_says_a_fresh_address_and_the_first_one_goes_on(device, folder):
    assert status(device.url) == 303
    assert status(device.url) == 403  # the browser was closed; its link counts once
    again = subprocess.run(
        [sys.executable, "-m", "app", "--data", str(folder), "--no-browser"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    fresh = again.stdout.split()[-1]
    assert urlsplit(fresh).port == device.port
    assert fresh != device.url
    assert status(fresh) == 303
    assert status(fresh) == 403


def test_what_it_leaves_is_for_its_owner_alone(device, folder):
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600
    token = urlsplit(device.url).query.removeprefix("token=")
    assert token not in (folder / FILE).read_text(encoding="utf-8")


def test_nobody_else_is_given_an_address(device, folder):
    at, secret = f"http://127.0.0.1:{device.port}{PATH}", left_by(folder)["secret"]
    assert status(at, method="POST") == 403
    assert status(at, method="POST", **{HEADER: secret[:-1]}) == 403
    # A page in the same browser that had guessed it would still have to say where it is from.
    page = f"http://127.0.0.1:{device.port}"
    assert status(at, method="POST", **{HEADER: secret, "Origin": "http://evil.example"}) == 403
    assert status(at, method="POST", **{HEADER: secret, "Origin": page}) == 403
    assert status(at, method="POST", **{HEADER: secret, "Host": "evil.example"}) == 403
    assert status(at, method="GET", **{HEADER: secret}) == 403
    assert status(at, method="POST", **{HEADER: secret}) == 200


def test_a_device_that_has_stopped_leaves_nothing_to_ring_at(tmp_path):
    with started(tmp_path) as server:
        assert ring(tmp_path) is not None
        server.stop()
        assert not (tmp_path / FILE).exists()
        assert ring(tmp_path) is None


def test_a_device_that_was_killed_is_started_anew_on_the_same_data(tmp_path):
    with started(tmp_path) as server:
        server.kill()
        assert ring(tmp_path) is None
        server.start()
        assert status(server.url) == 303


@pytest.mark.parametrize("left", ["", "[]", "{}", '{"port": "x", "secret": 1}', "\x00"])
def test_a_file_that_is_not_ours_is_as_good_as_none(tmp_path, left):
    (tmp_path / FILE).write_text(left, encoding="utf-8")
    assert ring(tmp_path) is None


def test_an_old_file_open_to_others_is_not_written_into(tmp_path):
    (tmp_path / FILE).write_text("{}", encoding="utf-8")
    (tmp_path / FILE).chmod(0o666)
    Doorbell(tmp_path, lambda: "").hang(8712)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
