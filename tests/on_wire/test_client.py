"""Whatever answers at the office's address, the app hears one of its own words for it."""

import contextlib
import datetime
import http.server
import socket
import ssl
import threading
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

import sync.client
from house import House
from sync.client import HttpOffice
from sync.errors import (
    DeviceUnknown,
    Nonsense,
    NotOurOffice,
    Offline,
    TooMuch,
    UntrustedConnection,
)
from sync.forms import pack
from sync.wire import MEDIA_TYPE
from sync.wire_errors import pack_error


@contextlib.contextmanager
def answering(status=200, body=b"", *, media=MEDIA_TYPE, headers=None, context=None, drip=0.0):
    """A web server on loopback that says the same to everything; gives its port and its visits."""
    visits = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self):
            visits.append((self.command, self.path, dict(self.headers)))
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Type", media)
            self.send_header("Content-Length", str(len(body)))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            with contextlib.suppress(OSError):
                for i in range(0, len(body), 1 if drip else len(body) or 1):
                    self.wfile.write(body[i : i + (1 if drip else len(body))])
                    if drip:
                        self.wfile.flush()
                        time.sleep(drip)

        do_GET = do_POST = answer  # noqa: N815  the library's names

        def log_message(self, *_):
            return None

    class Quiet(http.server.ThreadingHTTPServer):
        def handle_error(self, *_):
            return None

    server = Quiet(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_address[1], visits
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def office_at(port, scheme="http", **named):
    office = HttpOffice(f"{scheme}://localhost:{port}", **named)
    try:
        yield office
    finally:
        office.close()


def test_nobody_there_is_being_offline():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with office_at(port) as office, pytest.raises(Offline):
        office.challenge(bytes(16))


@pytest.mark.parametrize(
    ("status", "body", "media", "error"),
    [
        (200, b"<html>Welcome to the hotel's network</html>", "text/html", Nonsense),
        (302, b"", "text/html", Nonsense),
        (200, b"\xc1\xc1", MEDIA_TYPE, Nonsense),
        (200, pack(b"too short"), MEDIA_TYPE, Nonsense),
        (200, pack(bytes(32)) + b"more", MEDIA_TYPE, Nonsense),
        (404, b"not found", "text/plain", Nonsense),
        (502, b"<html>Bad gateway</html>", "text/html", Offline),
        (503, b"", "text/html", Offline),
        (413, b"", "text/html", TooMuch),
        (500, pack_error("office-fault", "it is in trouble"), MEDIA_TYPE, Offline),
        (401, pack_error("device-unknown", "who?"), MEDIA_TYPE, DeviceUnknown),
        (400, pack({"code": "made-up", "sentence": ""}), MEDIA_TYPE, Nonsense),
        (400, pack({"code": ["device-unknown"], "sentence": 1}), MEDIA_TYPE, Nonsense),
    ],
)
def test_each_strange_answer_has_its_word(status, body, media, error):
    with (
        answering(status, body, media=media) as (port, _),
        office_at(port) as office,
        pytest.raises(error),
    ):
        office.challenge(bytes(16))


def test_a_redirect_is_not_followed():
    with (
        answering() as (elsewhere, visits),
        answering(307, headers={"Location": f"http://localhost:{elsewhere}/"}) as (port, _),
        office_at(port) as office,
    ):
        with pytest.raises(Nonsense):
            office.challenge(bytes(16))
        assert visits == []


def test_an_endless_answer_is_cut_off(monkeypatch):
    monkeypatch.setattr(sync.client, "MAX_ANSWER_BYTES", 1_000)
    with (
        answering(200, bytes(2_000)) as (port, _),
        office_at(port) as office,
        pytest.raises(Nonsense),
    ):
        office.challenge(bytes(16))


def test_an_answer_that_drips_is_given_up(monkeypatch):
    monkeypatch.setattr(sync.client, "WHOLE_ANSWER_S", 0.05)
    monkeypatch.setattr(sync.client, "_CHUNK", 1)
    with (
        answering(200, bytes(200), drip=0.01) as (port, _),
        office_at(port) as office,
        pytest.raises(Offline),
    ):
        office.challenge(bytes(16))


def test_passwords_lying_about_and_proxies_are_left_alone(monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine localhost login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    with answering(200, pack(bytes(32))) as (port, visits), office_at(port) as office:
        office.challenge(bytes(16))
    ((_, _, headers),) = visits
    assert "Authorization" not in headers
    assert headers["Accept-Encoding"] == "identity"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """A certificate for localhost that nobody but its own maker vouches for, one made out to
    somewhere else, and one that has run out."""
    folder = tmp_path_factory.mktemp("certificates")
    now = datetime.datetime.now(datetime.UTC)
    for name, host, until in (
        ("good", "localhost", now + datetime.timedelta(days=1)),
        ("elsewhere", "office.example", now + datetime.timedelta(days=1)),
        ("over", "localhost", now - datetime.timedelta(minutes=1)),
    ):
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=2))
            .not_valid_after(until)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(key, hashes.SHA256())
        )
        (folder / f"{name}.pem").write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
    return folder


def tls(certificates, name):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / f"{name}.pem")
    return context


@pytest.mark.parametrize("trusting", ["good", "elsewhere", "over"])
def test_a_certificate_that_does_not_check_out_is_refused(certificates, trusting):
    body = pack(bytes(32))
    authority = None if trusting == "good" else str(certificates / f"{trusting}.pem")
    with (
        answering(200, body, context=tls(certificates, trusting)) as (port, visits),
        office_at(port, "https", authority=authority) as office,
    ):
        with pytest.raises(UntrustedConnection):
            office.challenge(bytes(16))
        assert visits == []


def test_an_organisations_own_authority_may_be_named(certificates):
    body = pack(bytes(32))
    with (
        answering(200, body, context=tls(certificates, "good")) as (port, _),
        office_at(port, "https", authority=str(certificates / "good.pem")) as office,
    ):
        assert office.challenge(bytes(16)) == bytes(32)


def test_a_server_without_tls_at_a_tls_address_is_not_trusted():
    with (
        answering() as (port, _),
        office_at(port, "https") as office,
        pytest.raises(UntrustedConnection),
    ):
        office.challenge(bytes(16))


@pytest.mark.parametrize(
    "address",
    [
        "http://office.example",
        "http://192.168.0.7:8000",
        "ftp://localhost",
        "https://user:secret@office.example",
        "https://office.example/?a=b",
        "https://",
        "https://office.example:99999",
        "http://localhost.office.example",
    ],
)
def test_an_address_that_is_not_private_or_none_at_all_is_refused(address):
    with pytest.raises(ValueError, match=r"office|[Pp]ort"):
        HttpOffice(address)


def test_an_office_of_another_organisation_is_told_apart(house, tmp_path):
    grace = house.begins("grace")
    (tmp_path / "other").mkdir()
    other = House(tmp_path / "other", seed=2)
    other.begins("helen")
    with pytest.raises(NotOurOffice):
        grace.talks_to(other.service).round()
    other.close()


def test_our_own_office_that_lost_us_is_told_apart_from_that(house, tmp_path):
    house.begins("grace")
    stranger = house.picks_up("mallory")
    stranger.vault.join(
        org=bytes.fromhex(house.service.health()),
        person=bytes(16),
        role="worker",
        team=None,
        office_url=house.address,
        recovery_public=bytes(32),
    )
    with pytest.raises(DeviceUnknown):
        stranger.line.login()
