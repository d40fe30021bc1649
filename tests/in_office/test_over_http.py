"""How the office is carried: privately, calmly, and with a manual that fetches nothing."""

import re

import pytest

from builders import service_at
from offices import Wire, served
from sync.errors import Offline, UntrustedConnection
from sync.server.doorkeeper import Doorkeeper
from sync.server.office import OfficeService
from sync.wire import CALLS
from sync.wire_errors import CODES, unpack_error


def test_health_names_the_organisation_the_version_and_the_database(office, wire):
    empty = wire.session.get(wire.address + "/health", timeout=30)
    assert empty.json()["organisation"] == ""
    assert empty.json()["database"] == "reachable"
    assert empty.json()["version"]

    service = service_at(office)
    assert wire.health() == service.organisation.org.hex()


def test_an_office_without_its_database_says_so_and_is_asked_again_later(office, wire, database):
    service = service_at(office)
    office.close()
    database.vanish()

    health = wire.session.get(wire.address + "/health", timeout=30)
    assert (health.status_code, health.json()["database"]) == (503, "unreachable")
    reply = wire.post("standings", CALLS["standings"].pack_request(), service.amina.token)
    assert reply.status_code == 503
    assert isinstance(unpack_error(reply.content), Offline)


def test_a_fault_of_our_own_is_answered_calmly_and_logged_without_a_word(
    service, wire, office, monkeypatch, caplog
):
    def broken(*_arguments):
        raise RuntimeError("the note said: feeding well")

    monkeypatch.setattr("sync.server.pages.pull", broken)
    reply = wire.post(
        "pull", CALLS["pull"].pack_request(casefile=bytes(16), after=0), service.amina.token
    )

    assert reply.status_code == 500
    assert isinstance(unpack_error(reply.content), Offline)
    assert b"feeding" not in reply.content
    assert "feeding" not in caplog.text
    (fault,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert fault.kind == "RuntimeError"


def test_every_answer_is_kept_from_caches_and_frames(wire):
    for path in ("/health", "/docs", "/openapi.json", "/nowhere"):
        headers = wire.session.get(wire.address + path, timeout=30).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "Server" not in headers


def test_the_manual_describes_every_call_and_fetches_nothing(wire):
    manual = wire.session.get(wire.address + "/docs", timeout=30)
    described = wire.session.get(wire.address + "/openapi.json", timeout=30).json()

    assert {call.path for call in CALLS.values()} | {"/health"} == described["paths"].keys()
    for call in CALLS.values():
        about = described["paths"][call.path]["post"]
        schema = about["requestBody"]["content"]["application/msgpack"]["schema"]
        assert schema["properties"].keys() == call.request.keys()
        assert call.path in manual.text
    for code in CODES:
        assert code in manual.text
    assert not re.search(r"<script|<link|<img|https?://|@import|url\(", manual.text)


def test_openapi_is_valid(wire):
    described = wire.session.get(wire.address + "/openapi.json", timeout=30).json()

    assert described["openapi"].startswith("3.")
    assert described["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    paths = described["paths"]
    needing = {path for path in paths if "security" in paths[path].get("post", {})}
    assert needing == {call.path for call in CALLS.values() if call.token}


# -- plain HTTP --------------------------------------------------------------------------------


def ask(application, *, scheme="http", peer="192.0.2.7", **headers):
    """One GET /health through the application, as if it came from `peer`: status and headers."""
    import asyncio

    answer: dict[str, object] = {}

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        answer.update(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "path": "/health",
        "raw_path": b"/health",
        "query_string": b"",
        "root_path": "",
        "scheme": scheme,
        "server": ("office", 443),
        "client": (peer, 50_000),
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
    }
    asyncio.run(application(scope, receive, send))
    if answer["type"] == "http.response.body":
        body = answer["body"]
        code = unpack_error(body) if answer["status"] == 403 else None
        return answer["status"], dict(answer["headers"]), code
    raise AssertionError("no answer")


@pytest.fixture
def application(office):
    from sync.server.application import create_application

    return create_application(office, trusted_proxies=["192.0.2.1"])


def test_plain_http_is_for_this_machine_only(application):
    assert ask(application, peer="127.0.0.1")[0] == 200
    assert ask(application, peer="::1")[0] == 200
    status, _, refused = ask(application, peer="192.0.2.7")
    assert status == 403
    assert isinstance(refused, UntrustedConnection)


def test_https_is_for_everybody_and_stays_https(application):
    status, headers, _ = ask(application, scheme="https")

    assert status == 200
    assert headers[b"strict-transport-security"].startswith(b"max-age=31536000")


def test_a_named_proxy_is_believed(application):
    forwarded = {"x_forwarded_proto": "https", "x_forwarded_for": "192.0.2.9"}
    good = ask(application, peer="192.0.2.1", **forwarded)
    plain = ask(application, peer="192.0.2.1", x_forwarded_proto="http")
    silent = ask(application, peer="192.0.2.1")

    assert [good[0], plain[0], silent[0]] == [200, 403, 403]
    assert b"strict-transport-security" in good[1]


def test_anybody_else_who_claims_to_be_a_proxy_is_not(application):
    assert ask(application, x_forwarded_proto="https")[0] == 403
    assert ask(application, peer="127.0.0.1", x_forwarded_proto="https")[0] == 403
    assert ask(application, peer="127.0.0.1", x_forwarded_for="192.0.2.9")[0] == 403


def test_failed_attempts_behind_a_proxy_count_for_who_made_them(office):
    service_at(office)
    with served(office, trusted_proxies=["127.0.0.1"]) as address:
        wire = Wire(address)
        statuses = []
        for guess in range(22):
            body = CALLS["enrolment"].pack_request(lookup_id=b"guess %010d" % guess)
            headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "9.9.9.9, 192.0.2.7"}
            statuses.append(wire.post("enrolment", body, None, **headers).status_code)
        other = wire.post(
            "enrolment",
            body,
            None,
            **{"X-Forwarded-Proto": "https", "X-Forwarded-For": "9.9.9.9, 192.0.2.8"},
        )
        wire.close()

    assert statuses == [410] * 20 + [429] * 2
    assert other.status_code == 410


def test_the_doorkeeper_lets_other_kinds_of_traffic_be(office):
    import asyncio

    seen = []

    async def inner(scope, receive, send):
        seen.append(scope["type"])

    asyncio.run(Doorkeeper(inner)({"type": "lifespan"}, None, None))
    assert seen == ["lifespan"]


def test_a_fault_stops_at_the_door():
    async def broken(scope, receive, send):
        raise RuntimeError("the note said: feeding well")

    status, _, _ = ask(Doorkeeper(broken), peer="127.0.0.1")

    assert status == 500


def test_a_memory_office_serves_over_http_too():
    service = OfficeService()
    with served(service) as address:
        wire = Wire(address)
        assert wire.health() == ""
        wire.close()
    service.close()
