"""A device's web server as a process of its own, spoken to over plain HTTP."""

import http.client
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest

from driver.server import FletServer


@pytest.fixture(scope="module")
def device():
    with FletServer("-m", "on_screen.serve_small_house") as server:
        yield server


@pytest.fixture(scope="module")
def owner(device):
    """A browser that followed the printed link: its cookie."""
    answer = ask(device, urlsplit(device.url).path + "?" + urlsplit(device.url).query)
    assert answer.status == 303
    return answer.headers["set-cookie"].partition(";")[0]


def ask(device, path, cookie="", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", device.port, timeout=10)
    try:
        connection.request("GET", path, headers={"Cookie": cookie, **headers})
        answer: Any = connection.getresponse()
        answer.content = answer.read()
        return answer
    finally:
        connection.close()


def test_it_listens_on_loopback_alone(device):
    open_ports = psutil.Process(device.pid).net_connections(kind="all")
    listening = [found.laddr for found in open_ports if found.status == psutil.CONN_LISTEN]
    assert [(at.ip, at.port) for at in listening] == [("127.0.0.1", device.port)]


def test_nothing_is_said_to_a_stranger(device):
    answer = ask(device, "/")
    assert answer.status == 403
    assert b"Start Doorstep once more" in answer.content


def test_every_address_of_the_app_opens_the_page_in_its_language_and_under_its_policy(
    device, owner
):
    for path in ("/", "/families/7", "/note/new"):
        answer = ask(device, path, owner)
        assert answer.status == 200
        assert b'<html lang="en-GB">' in answer.content
        assert b"<title>Doorstep</title>" in answer.content
        assert b"https://" not in answer.content
        assert answer.headers["cache-control"] == "no-store"
        policy = answer.headers["content-security-policy"]
        assert "unsafe-inline" not in policy.split("style-src")[0]
        assert "server" not in answer.headers


def test_the_flet_servers_own_pages_are_not_there(device, owner):
    for path in ("/docs", "/openapi.json", "/redoc", "/no-such-file.js"):
        assert ask(device, path, owner).status == 404


def test_large_files_are_kept_by_the_browser_and_only_asked_about_again(device, owner):
    for path in ("/main.dart.js", "/canvaskit/canvaskit.wasm", "/fonts/NotoSans.ttf"):
        first = ask(device, path, owner)
        assert first.status == 200
        assert first.headers["cache-control"] == "private, no-cache"
        again = ask(device, path, owner, **{"If-None-Match": first.headers["etag"]})
        assert again.status == 304
        assert again.content == b""


def test_no_path_leads_out_of_the_served_folders(device, owner):
    for path in ("/../pyproject.json", "/..%2fpyproject.json", "/fonts/../../app/session.json"):
        assert ask(device, path, owner).status == 404


def test_it_stops_at_once_when_told_and_can_take_its_port_again():
    with FletServer("-m", "on_screen.serve_small_house") as device:
        cookie = ask(device, "/?" + urlsplit(device.url).query).headers["set-cookie"]
        device.stop()
        assert device._process.returncode in (0, -15)
        assert "Traceback" not in device.read_log()
        device.start()
        # A new process is a new lock: yesterday's cookie opens nothing.
        assert ask(device, "/", cookie.partition(";")[0]).status == 403
