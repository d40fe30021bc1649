"""Who gets in at a device's web server, asked of the gate itself."""

import asyncio
from dataclasses import dataclass, field

import pytest

from app.gate import FRESH_S, Gate, LaunchToken, content_policy

PORT = 8712
HOST = f"127.0.0.1:{PORT}"


@dataclass
class Answer:
    status: int = 0
    headers: dict = field(default_factory=dict)
    body: bytes = b""


async def page(scope, receive, send):
    """What stands behind the gate."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        return
    headers = [(b"access-control-allow-origin", b"*"), (b"cache-control", b"public")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"the family"})


class Visitor:
    """A browser as far as the gate can see one."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.cookie = ""

    def get(self, path="/", *, host=HOST, origin=None, method="GET", cookie=None, extra=()):
        path, _, query = path.partition("?")
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": self._headers(host, origin, self.cookie if cookie is None else cookie)
            + list(extra),
        }
        answer = Answer()

        async def send(message):
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                answer.headers = {k.decode(): v.decode() for k, v in message["headers"]}
            else:
                answer.body += message.get("body", b"")

        async def receive():
            return {"type": "http.request"}

        asyncio.run(self.gate(scope, receive, send))
        if "set-cookie" in answer.headers:
            self.cookie = answer.headers["set-cookie"].partition(";")[0]
        return answer

    def opens_a_socket(self, *, host=HOST, origin=f"http://{HOST}", cookie=None) -> bool:
        scope = {
            "type": "websocket",
            "path": "/ws",
            "query_string": b"",
            "headers": self._headers(host, origin, self.cookie if cookie is None else cookie),
        }
        sent = []

        async def receive():
            return {"type": "websocket.connect"}

        async def send(message):
            sent.append(message["type"])

        asyncio.run(self.gate(scope, receive, send))
        return sent == ["websocket.accept"]

    @staticmethod
    def _headers(host, origin, cookie):
        found = [(b"host", host.encode())] if host else []
        if origin:
            found.append((b"origin", origin.encode()))
        if cookie:
            found.append((b"cookie", cookie.encode()))
        return found


@pytest.fixture
def gate():
    return Gate(
        page,
        port=PORT,
        token=LaunchToken("launch"),
        policy="default-src 'self'",
        closed="start it once more",
    )


@pytest.fixture
def stranger(gate):
    return Visitor(gate)


@pytest.fixture
def owner(gate):
    visitor = Visitor(gate)
    assert visitor.get("/?token=launch").status == 303
    return visitor


def test_the_printed_link_lets_one_browser_in_and_leaves_no_token_in_its_address(stranger):
    answer = stranger.get("/families/7?token=launch")
    assert answer.status == 303
    assert answer.headers["location"] == "/families/7"
    assert stranger.get("/families/7").body == b"the family"
    assert stranger.opens_a_socket()


def test_the_cookie_cannot_be_read_by_scripts_or_sent_from_elsewhere_and_names_its_port(stranger):
    cookie = stranger.get("/?token=launch").headers["set-cookie"]
    assert cookie.startswith(f"doorstep_{PORT}=")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "launch" not in cookie


def test_without_the_cookie_nothing_is_answered(stranger, owner):
    for path in ("/", "/main.dart.js", "/fonts/NotoSans.ttf", "/ws", "/docs"):
        answer = stranger.get(path)
        assert answer.status == 403, path
        assert answer.body == b"start it once more"
    assert not stranger.opens_a_socket()


def test_the_link_opens_no_second_browser_but_opens_the_first_again(stranger, owner):
    assert stranger.get("/?token=launch").status == 403
    assert owner.get("/?token=launch").status == 303


def test_a_later_link_opens_one_more_browser_once(gate, owner):
    fresh = gate._token.another()
    reopened = Visitor(gate)
    assert reopened.get(f"/?token={fresh}").status == 303
    assert reopened.get("/").body == b"the family"
    assert Visitor(gate).get(f"/?token={fresh}").status == 403
    assert owner.get("/").status == 200  # the browser that was open stays open


def test_a_later_link_that_nobody_follows_lapses():
    now = [1000.0]
    token = LaunchToken("launch", clock=lambda: now[0])
    fresh = token.another()
    now[0] += FRESH_S
    assert not token.take(fresh)
    assert token.take("launch")


@pytest.mark.parametrize("token", ["", "launc", "launch2", "LAUNCH", "läunch"])
def test_another_token_opens_nothing(stranger, token):
    assert stranger.get(f"/?token={token}").status == 403
    assert stranger.get("/?token=launch").status == 303


def test_a_cookie_of_another_device_on_this_machine_opens_nothing(gate, owner):
    other = Gate(page, port=PORT + 1, token=LaunchToken("other"), policy="")
    visitor = Visitor(other)
    visitor.get("/?token=other", host=f"127.0.0.1:{PORT + 1}")
    both = f"{visitor.cookie}; {owner.cookie}"
    assert owner.get("/", cookie=both).status == 200
    assert owner.get("/", cookie=visitor.cookie).status == 403


@pytest.mark.parametrize(
    "host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1:9999", "127.0.0.1", "", "localhost"]
)
def test_another_host_name_opens_nothing(owner, host):
    assert owner.get("/", host=host).status == 403
    assert not owner.opens_a_socket(host=host)


def test_two_host_names_at_once_open_nothing(owner):
    assert owner.get("/", extra=[(b"host", HOST.encode())]).status == 403


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", f"https://{HOST}", "http://127.0.0.1:9999"]
)
def test_another_origin_opens_nothing(owner, origin):
    assert owner.get("/", origin=origin).status == 403
    assert not owner.opens_a_socket(origin=origin)


def test_a_socket_must_say_where_it_comes_from(owner):
    assert owner.opens_a_socket()
    assert not owner.opens_a_socket(origin=None)


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/docs/oauth2-redirect"])
def test_what_the_flet_server_offers_besides_is_closed(owner, path):
    assert owner.get(path).status == 404


def test_only_reading_is_allowed(owner):
    assert owner.get("/upload", method="PUT").status == 405
    assert owner.get("/", method="POST").status == 405


def test_every_answer_carries_the_policy_and_is_not_kept(owner, stranger):
    for answer in (owner.get("/"), stranger.get("/"), owner.get("/docs")):
        assert answer.headers["content-security-policy"] == "default-src 'self'"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in answer.headers


def test_fonts_and_code_may_be_kept_by_this_browser_alone(owner):
    assert owner.get("/canvaskit/canvaskit.wasm").headers["cache-control"] == "private, no-cache"


def test_a_redirect_never_leads_to_another_site(stranger):
    answer = stranger.get("//evil.example/?token=launch")
    assert answer.headers["location"] == "/evil.example/"


def test_a_broken_cookie_is_no_cookie(owner):
    assert owner.get("/", cookie='";=\x01').status == 403


def test_the_policy_allows_nothing_from_elsewhere_and_no_written_in_script_but_ours():
    policy = content_policy(["'sha256-abc='"], PORT)
    scripts = next(p for p in policy.split("; ") if p.startswith("script-src"))
    assert "'unsafe-inline'" not in scripts
    assert "'sha256-abc='" in scripts
    assert "https:" not in policy
    assert "*" not in policy


def test_a_launch_token_has_128_bits():
    assert len(LaunchToken().value) >= 22  # 16 bytes in base64
    assert LaunchToken().value != LaunchToken().value
