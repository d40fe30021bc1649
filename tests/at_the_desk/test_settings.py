"""How a desk is set up: secrets from files or the environment, plain words for what is wrong."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest
from pydantic import ValidationError

from fakes import FakeClock, seeded
from providers.notify_stand_in import KEY, TEMPLATE
from sync.desk import desk_fingerprint
from sync.server.database import Database
from sync.server.desk import codes
from sync.server.desk.keys import DeskKeys, kept_in, replace_in
from sync.server.desk.making import make_desk
from sync.server.desk.pace import Pace, _taken
from sync.server.desk.settings import DeskSettings, addresses
from sync.server.surroundings import Surroundings


@pytest.fixture(autouse=True)
def only_ours(monkeypatch):
    for name in list(os.environ):
        if name.startswith("DOORSTEP_OFFICE_"):
            monkeypatch.delenv(name)


@pytest.fixture
def surroundings(database_url):
    database = Database(database_url)
    database.prepare(seeded("office"))
    yield Surroundings(database=database, clock=FakeClock(), randomness=seeded("desk"))
    database.close()


def desk(surroundings, **settings):
    return make_desk(DeskSettings(**settings), surroundings, DeskKeys.fresh(seeded("keys")))


def names(made):
    return {channel: provider.name for channel, provider in made.providers.items()}


def test_nothing_is_sent_unless_somebody_says_by_whom(surroundings):
    """The console says of every text that it arrived, so it is nobody's default."""
    assert names(desk(surroundings)) == {}


def test_each_channel_has_a_provider_of_its_own(surroundings):
    made = desk(
        surroundings,
        sms="notify",
        notify_key=KEY,
        notify_template=TEMPLATE,
        voice="twilio",
        twilio_account="AC1",
        twilio_token="t",
        twilio_sender="+447700900999",
        public_url="https://office.example.org/",
    )
    assert names(made) == {"sms": "notify", "voice": "twilio_voice"}
    both = {"sms": "console", "voice": "console"}
    assert names(desk(surroundings, **both)) == {"sms": "console", "voice": "console_voice"}


def test_secrets_may_lie_in_files(tmp_path, surroundings):
    (tmp_path / "key").write_text(KEY + "\n")
    made = desk(
        surroundings, sms="notify", notify_key_file=tmp_path / "key", notify_template=TEMPLATE
    )
    assert names(made) == {"sms": "notify"}


def test_secrets_are_shown_nowhere():
    settings = DeskSettings(
        sms="notify",
        notify_key=KEY,
        notify_template=TEMPLATE,
        duty_code="heron-lantern-42",
        notify_callback_token="bearer-of-news",
    )
    for said in (repr(settings), str(settings), repr(settings.secrets), settings.model_dump_json()):
        assert KEY not in said
        assert "heron-lantern" not in said
        assert "bearer-of-news" not in said


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"sms": "notify"}, "notify needs a key and a template"),
        ({"sms": "twilio"}, "twilio needs an account, a token and a sender"),
        (
            {
                "voice": "twilio",
                "twilio_account": "AC1",
                "twilio_token": "t",
                "twilio_sender": "+447700900999",
            },
            "calls through twilio need a public address",
        ),
        ({"duty_code": "1234"}, "a code is too short"),
        ({"sms": "pigeon"}, "sms"),
        ({"duty_number": "the office"}, "duty_number"),
        ({"tick_s": 0}, "tick_s"),
        ({"timeout_s": 60}, "timeout_s"),
    ],
)
def test_what_is_missing_or_wrong_is_named(settings, said):
    with pytest.raises(ValidationError, match=said):
        DeskSettings(**settings)


def test_addresses_for_providers_are_the_same_every_time_and_hold_no_secret():
    keys = DeskKeys.fresh(seeded("keys"))
    secrets = DeskSettings(public_url="https://office.example.org").secrets
    where = addresses(secrets, keys)

    assert where == addresses(secrets, keys)
    assert len(set(where.values())) == 3
    assert all(address.startswith("https://office.example.org/desk/") for address in where.values())
    assert addresses(DeskSettings().secrets, keys) == {}
    other = DeskKeys.fresh(seeded("others"))
    assert set(addresses(secrets, other).values()).isdisjoint(where.values())


def test_codes_of_attempts_cannot_be_made_up():
    secret, reference = b"s" * 32, b"r" * 16
    code = codes.of_attempt(secret, reference, 3)
    assert codes.attempt_of(secret, code) == (reference, 3)
    for wrong in (
        "",
        "-",
        "--",
        code[:-1],
        code.replace("-3-", "-4-"),
        code.replace("-3-", "--3-"),
        codes.of_attempt(b"t" * 32, reference, 3),
        "é" + code,
    ):
        assert codes.attempt_of(secret, wrong) is None, wrong


def test_processes_share_a_providers_pace(surroundings):
    """Fifty a second means fifty, however many processes send."""
    clock, database = surroundings.clock, surroundings.database
    start = clock.monotonic()
    slots = []
    for _ in range(10):
        slots += _taken(database, clock, "notify", 50.0)  # each as if in a process of its own
    assert len(slots) == 100
    assert len(set(slots)) == 100
    for second in range(2):
        inside = [slot for slot in slots if second <= slot - start < second + 1]
        assert len(inside) == 50
    clock.advance(3600)
    later = _taken(database, clock, "notify", 50.0)
    assert later[0] == clock.monotonic(), "an hour of silence is not saved up"


def test_a_provider_without_a_limit_is_never_waited_for(surroundings):
    class Quick:
        name, per_second = "quick", None

    began = time.monotonic()
    for _ in range(1000):
        Pace().turn(surroundings.database, surroundings.clock, Quick())
    assert time.monotonic() - began < 1


# -- the command -----------------------------------------------------------------------------------


def run(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "sync.server", *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def place(database_url, tmp_path):
    """How a command finds the office's database and the desk's keys."""
    replace_in(tmp_path / "desk.keys", DeskKeys.fresh(seeded("keys")))
    return ["--database-url", database_url, "--desk-keys", str(tmp_path / "desk.keys")]


def test_an_operator_pauses_and_resumes_from_the_command_line(place):
    assert "Alarms still ring" in run("desk", "pause", *place).stdout
    assert run("desk", "state", *place).stdout.startswith("Paused.")
    assert "working again" in run("desk", "resume", *place).stdout
    assert run("desk", "state", *place).stdout.startswith("Working.")


def test_wrong_settings_are_said_in_plain_words_and_without_secrets(place):
    said = run("desk", "run", *place, "--desk-sms", "notify", DOORSTEP_OFFICE_DESK_NOTIFY_KEY=KEY)
    assert said.returncode == 2
    assert said.stderr == "A setting is not usable: notify needs a key and a template.\n"
    office = run("--desk-sms", "pigeon", "--port", "0")
    assert office.returncode == 2
    assert office.stderr == "A setting is not usable: sms.\n"
    lost = run("desk", "state", *place, "--desk-notify-key-file", "/nowhere", "--desk-sms=notify")
    assert lost.returncode == 2
    assert "cannot be read" in lost.stderr


def test_damaged_keys_are_never_replaced(place, tmp_path):
    (tmp_path / "desk.keys").write_text("not keys")
    said = run("desk", "state", *place)
    assert said.returncode == 2
    assert "keys cannot be read" in said.stderr
    assert (tmp_path / "desk.keys").read_text() == "not keys"


def test_renewed_keys_are_another_desks_and_open_what_the_old_one_could(place, tmp_path):
    before = kept_in(tmp_path / "desk.keys", seeded("unused"))
    said = run("desk", "renew", *place).stdout
    after = kept_in(tmp_path / "desk.keys", seeded("unused"))

    assert desk_fingerprint(after.identity()) in said
    assert desk_fingerprint(before.identity()) not in said
    assert after.written() != before.written()
    assert [key.private_bytes_raw() for key in after.receiving[1:]] == [
        key.private_bytes_raw() for key in before.receiving
    ]
    assert after.secret == before.secret, "who asked to be left alone is still known"
    assert (tmp_path / "desk.keys").stat().st_mode & 0o077 == 0
    kept = run("desk", "renew", *place, DOORSTEP_OFFICE_DESK_SECRET=after.written())
    assert kept.returncode == 2
    assert "in the environment" in kept.stderr


def test_several_processes_run_until_they_are_told_to_stop(place):

    process = subprocess.Popen(
        [sys.executable, "-m", "sync.server", "desk", "run", *place, "--desk-workers", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert "in 2 processes" in process.stdout.readline()
        parent = psutil.Process(process.pid)
        end = time.monotonic() + 30
        while len(parent.children()) < 2:
            assert time.monotonic() < end
            time.sleep(0.02)
        first = parent.children()[0]
        first.kill()
        while len([c for c in parent.children() if c.pid != first.pid]) < 2:
            assert time.monotonic() < end, "a process that died was not replaced"
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        if process.poll() is None:
            for child in psutil.Process(process.pid).children():
                child.kill()
            process.kill()
        process.stdout.close()
