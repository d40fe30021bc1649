"""Version 1 for ever: the published samples, our code, and an outsider's, all say the same."""

import json
import re
from pathlib import Path

import msgpack
import pytest
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from on_disk import outsider, sample_maker
from on_disk.outsider import Refused
from storage import envelope, grants, keys, recovery, seal
from storage.alarm import open_alarm, open_check_out, read_alarm, read_check_out
from storage.body import pack_body
from storage.capsule import open_capsule, read_capsule
from storage.drafts import SealedDraft, open_draft
from storage.errors import BadEnvelope, UnsafeParameters
from storage.image import CHUNK_BYTES, Image
from storage.inbox import open_entry, read_entry
from storage.orders import read_order
from storage.runs import Run
from storage.statements import read_statement
from storage.surroundings import scrypt
from sync.directory import Directory
from sync.invite import read_invite

HERE = Path(__file__).parent
SAMPLES = json.loads((HERE / "samples" / "v1.json").read_text())
PAGE = (HERE.parent.parent / "docs" / "format.md").read_text()


def quoted(page):
    """The vectors as the page prints them, by section and name."""
    found: dict[str, dict[str, str]] = {}
    section = name = ""
    for block in re.findall(r"```vectors\n(.*?)```", page, re.DOTALL):
        for line in block.splitlines():
            if line.startswith("  "):
                found[section][name] += line.strip()
                continue
            place, _, value = line.partition(" =")
            section, _, name = place.partition(" / ")
            found.setdefault(section, {})[name] = value[1:]
    return found


PRINTED = quoted(PAGE)


def value(section, name):
    """One vector from the page, as bytes."""
    return bytes.fromhex(PRINTED[section][name])


ORG = value("recovery", "org")
FAMILY = value("casefile key", "casefile")
KEY_1 = value("casefile key", "epoch 1 key")
AMINA = value("lock", "device")
SECRET = value("lock", "device secret")
DMK = value("lock", "DMK")


def test_the_page_prints_the_samples_that_are_kept():
    assert PRINTED == SAMPLES


def test_our_code_still_makes_the_samples_to_the_byte():
    assert sample_maker.made() == SAMPLES


def test_every_label_in_the_page_is_one_the_code_uses_and_the_other_way_round():
    root = HERE.parent.parent
    ours: set[str] = set()
    for folder in ("storage", "sync"):
        for file in (root / folder).rglob("*.py"):
            ours |= set(re.findall(r'b"(doorstep/[a-z/-]+/\d)"', file.read_text()))
    assert set(re.findall(r'"(doorstep/[a-z/-]+/\d)"', PAGE)) == ours


# -- an outsider, from the page alone -------------------------------------------------------------


def test_an_outsider_joins_derives_and_pads_the_same():
    p = PRINTED["parts"]
    assert outsider.joined(b"doorstep", b"", b"\x01").hex() == p["joined"]
    material, info = value("parts", "derived from"), value("parts", "derived for")
    assert outsider.derive(material, info).hex() == p["derived"]
    for pair in p["padded lengths"].split():
        length, padded = map(int, pair.split(":"))
        assert outsider.padded(length) == padded


def test_an_outsider_reads_the_recovery_words():
    p = PRINTED["recovery"]
    seed = outsider.seed_of(p["words"])
    assert seed.hex() == p["seed"]
    root = outsider.derive(seed, b"doorstep/root/1")
    paper = outsider.derive(seed, b"doorstep/recovery/1")
    assert root.hex() == p["root private"]
    assert paper.hex() == p["recovery private"]
    assert outsider.public_of_signing(root).hex() == p["root public"]
    assert outsider.public_of_receiving(paper).hex() == p["recovery public"]
    assert outsider.sha256(outsider.public_of_signing(root))[:16] == ORG


def test_an_outsider_with_the_passphrase_opens_the_device():
    typed = value("lock", "passphrase as typed, UTF-8").decode()
    passphrase = outsider.passphrase_bytes(typed)
    assert passphrase == value("lock", "passphrase bytes")
    dmk = outsider.master_key(value("lock", "lock"), passphrase, SECRET)
    assert dmk == DMK
    assert outsider.kept(dmk, b"device-keys", value("lock", "keys")) == value("lock", "keys clear")
    login = outsider.login_key(value("lock", "login"), AMINA, SECRET)
    assert login == value("lock", "login private")
    assert outsider.derive(dmk, b"doorstep/image/1") == value("lock", "image key")
    assert outsider.name_of(dmk, "membership") == value("lock", "name of membership")
    for wrong in (passphrase + b".", b""):
        with pytest.raises(InvalidTag):
            outsider.master_key(value("lock", "lock"), wrong, SECRET)
    with pytest.raises(InvalidTag):
        outsider.master_key(value("lock", "lock"), passphrase, bytes(32))


def test_an_outsider_knows_casefile_keys_by_the_same_names():
    for epoch in ("epoch 1", "epoch 2"):
        key = value("casefile key", f"{epoch} key")
        assert outsider.kid_of(key) == value("casefile key", f"{epoch} kid")
    inbox = outsider.inbox_private(KEY_1, FAMILY)
    assert inbox == value("casefile key", "epoch 1 inbox private")
    assert outsider.public_of_receiving(inbox) == value("casefile key", "epoch 1 inbox public")


def test_an_outsider_reads_the_changes_and_checks_their_head():
    kid = value("casefile key", "epoch 1 kid")
    header = outsider.header_of(ORG, FAMILY, AMINA, 1, bytes(32), kid)
    assert header == value("changes", "first header")

    (first, second) = outsider.changes_of(value("changes", "run"), ORG)
    assert first[0] == header
    assert (first[2], second[2]) == (value("changes", "first id"), value("changes", "second id"))
    assert first[1] == value("changes", "first nonce") + value("changes", "first ciphertext")

    note = outsider.open_change(KEY_1, FAMILY, 1, first[0], first[1])
    assert outsider.pad_undeflated(msgpack.packb(note)) == value("changes", "first body padded")
    assert note[0] == "visit_note"
    assert note[2]["text"] == "Doing well. 🙂"
    longer = outsider.open_change(KEY_1, FAMILY, 1, second[0], second[1])
    assert longer[2] == {"text": PRINTED["changes"]["second text"]}
    assert longer[3] == [first[2]]

    public = outsider.public_of_signing(value("changes", "signing private"))
    signature = value("changes", "head signature")
    outsider.check_head(public, signature, ORG, FAMILY, AMINA, 2, second[2])
    with pytest.raises(InvalidSignature):
        outsider.check_head(public, signature, ORG, FAMILY, AMINA, 2, first[2])


def test_an_outsider_follows_a_chain_over_a_redacted_change():
    whole = outsider.changes_of(value("changes", "run"), ORG)
    (first, second) = outsider.changes_of(value("changes", "run with the first redacted"), ORG)
    assert len(first[1]) == 44
    assert [first[2], second[2]] == [change for _, _, change in whole]
    ((change, parents, _, author),) = msgpack.unpackb(value("changes", "redaction of the first"))
    assert (bytes.fromhex(change), parents) == (first[2], [])
    assert bytes.fromhex(author) == value("draft", "person")


def test_an_outsider_reads_the_directory():
    packed = [value("directory", n) for n in PRINTED["directory"] if n != "tip"]
    devices, paper, tip = outsider.directory(packed, ORG)
    assert tip == value("directory", "tip")
    assert paper == value("recovery", "recovery public")
    assert {d["role"] for d in devices.values()} == {"supervisor", "worker"}
    assert devices[AMINA]["revoked"] == [[FAMILY, 2, value("changes", "second id")]]
    for bad in (packed[1:], [packed[0], packed[2], packed[1]], [*packed, packed[2]]):
        with pytest.raises((Refused, KeyError)):
            outsider.directory(bad, ORG)


def test_an_outsider_opens_the_grants_for_members_and_for_recovery():
    packed = [value("directory", n) for n in PRINTED["directory"] if n != "tip"]
    devices, _, _ = outsider.directory(packed[:3], ORG)
    (grace,) = [d for d, c in devices.items() if c["role"] == "supervisor"]
    key_2 = value("casefile key", "epoch 2 key")

    first = outsider.statement(value("grants", "first"), devices[grace]["signing"])
    assert first[0] == f"grant:{FAMILY.hex()}"
    assert first[4] == value("grants", "first id")
    for device, private in (
        (grace, value("grants", "Grace's receiving private")),
        (AMINA, value("grants", "Amina's receiving private")),
        (bytes(16), value("recovery", "recovery private")),
    ):
        assert outsider.keys_in_grant(first[3], ORG, device, private) == [KEY_1]

    second = outsider.statement(value("grants", "second, Amina removed"), devices[grace]["signing"])
    assert second[2] == first[4]
    assert second[3]["members"] == [grace]
    assert second[3]["last"] == [[AMINA, 2, value("changes", "second id")]]
    opened = outsider.keys_in_grant(
        second[3], ORG, grace, value("grants", "Grace's receiving private")
    )
    assert opened == [KEY_1, key_2]


def test_an_outsider_opens_the_draft_the_image_and_the_invite():
    kid = value("casefile key", "epoch 1 kid")
    public = outsider.public_of_signing(value("changes", "signing private"))
    draft = [value("draft", n) for n in ("draft", "person", "sealed", "signature")]
    parts = [draft[0], FAMILY, AMINA, draft[1], kid, draft[2], draft[3]]
    assert outsider.open_draft(KEY_1, 1, public, ORG, parts) == [
        {"text": "Half a sen"},
        1_795_370_400_000,
    ]

    generation, clear = outsider.open_image(value("image", "file"), DMK, AMINA)
    assert (str(generation), clear) == (PRINTED["image"]["generation"], value("image", "clear"))

    for text in (PRINTED["invite"]["link"], PRINTED["invite"]["typed"]):
        secret, org, address, name = outsider.read_invite(text)
        assert (secret, org) == (value("invite", "secret"), ORG)
        assert (address, name) == ("https://office.example.org", "Grace")
    short = PRINTED["invite"]["short"]
    assert outsider.read_short_invite(short, ORG) == value("invite", "secret")
    assert outsider.enrolment(value("invite", "secret"), value("invite", "request")) == tuple(
        value("invite", n) for n in ("lookup id", "lookup", "mac")
    )
    login = outsider.login_signature(
        value("lock", "login private"), ORG, AMINA, value("login", "challenge")
    )
    assert login == value("login", "signature")


def test_an_outsider_knows_the_desk_that_the_directory_certifies():
    packed = [value("directory", n) for n in PRINTED["directory"] if n != "tip"]
    packed += [value("desk", "certify the desk"), value("desk", "revoke the desk")]
    devices, _, _ = outsider.directory(packed, ORG)
    desk = devices[value("desk", "device")]
    assert (desk["role"], desk["inboxes"]) == ("desk", [[FAMILY, 1]])
    assert desk["person"] == value("desk", "person")
    keys = [
        outsider.public_of_signing(value("desk", "signing private")),
        outsider.public_of_signing(value("desk", "login private")),
        outsider.public_of_receiving(value("desk", "receiving private")),
    ]
    assert [desk[name] for name in ("signing", "login", "receiving")] == keys
    fingerprint = outsider.desk_proof(
        keys[0], value("desk", "proof"), desk["device"], desk["person"], *keys
    )
    assert fingerprint == PRINTED["desk"]["fingerprint"].replace("-", "")


def test_an_outsider_reads_every_order_and_the_desks_part_of_it():
    public = outsider.public_of_signing(value("changes", "signing private"))
    private = value("desk", "receiving private")
    opened = {}
    for what in outsider.CLEAR:
        kind, clear, exact, sealed, reference = outsider.order(value("orders", what), public)
        assert (kind, clear["org"], clear["device"]) == (what, ORG, AMINA)
        opened[what] = clear | {"by": reference}
        if sealed:
            opened[what] |= outsider.open_order(private, what, exact, sealed)
            with pytest.raises(InvalidTag):
                outsider.open_order(private, what, exact[:-1] + b"x", sealed)
    assert (opened["capsule"]["casefile"], opened["capsule"]["texts"]) == (
        FAMILY,
        ["Dydd Mawrth 10:00."],
    )
    assert opened["stop"]["route"] == opened["capsule"]["route"]
    assert opened["stop"]["by"] == value("orders", "stop's reference")
    assert opened["withdrawal"]["references"] == [opened["capsule"]["by"]]
    assert opened["check-out"]["alarm"] == opened["alarm"]["by"]
    assert opened["check-out"]["phrase"] == opened["alarm"]["duress"]
    with pytest.raises(InvalidSignature):
        outsider.order(value("orders", "stop"), outsider.public_of_signing(bytes(32)))


def test_an_outsider_opens_what_was_left_in_an_inbox():
    public = outsider.public_of_signing(value("desk", "signing private"))
    parts = [value("inbox", n) for n in ("header", "sealed", "signature")]
    body, change = outsider.entry(KEY_1, public, *parts)
    assert change == value("inbox", "id")
    assert (body[0], body[2]) == ("receipt", {"state": "delivered"})
    assert body[4] == value("desk", "person")


def test_an_outsider_opens_an_image_of_several_chunks(tmp_path):
    clear = bytes(range(256)) * (CHUNK_BYTES // 256 * 2 + 1)
    image = Image(tmp_path / "device")
    chance = iter(range(100))
    image.write(keys.MasterKey(DMK).image, 9, AMINA, clear, lambda n: bytes([next(chance)]) * n)
    assert outsider.open_image(image.path.read_bytes(), DMK, AMINA) == (9, clear)


# -- our readers on what was once sealed ----------------------------------------------------------


def sample(section, name):
    return bytes.fromhex(SAMPLES[section][name])


def test_what_version_1_sealed_opens():
    lock = keys.DeviceLock.unpacked(sample("lock", "lock"))
    dmk = keys.open_lock(lock, sample_maker.PASSPHRASE, SECRET, kdf=scrypt)
    master = keys.MasterKey(dmk)
    own = keys.DeviceKeys.unpacked(master.open(b"device-keys", sample("lock", "keys")))
    assert own.signing.private_bytes_raw() == sample("changes", "signing private")

    first = grants.read_grant(read_statement(sample("grants", "first")))
    (key,) = grants.open_grant(first, AMINA, own.receiving)
    grants.check_follows(None, first)
    second = grants.read_grant(read_statement(sample("grants", "second, Amina removed")))
    grants.check_follows(first, second)
    paper = recovery.recovery_key(recovery.seed_from(SAMPLES["recovery"]["words"]))
    assert len(grants.open_grant(second, grants.RECOVERY, paper)) == 2

    run = Run.unpacked(msgpack.unpackb(sample("changes", "run")))
    note, longer = (envelope.open_change(s, key) for s in run.rebuilt(ORG))
    assert note == sample_maker.NOTE
    assert longer.fields == {"text": SAMPLES["changes"]["second text"]}

    packed = [bytes.fromhex(v) for n, v in SAMPLES["directory"].items() if n != "tip"]
    found = Directory.from_statements(ORG, packed)
    assert found.tip == sample("directory", "tip")
    assert not found.in_good_standing(AMINA)
    found.extend([read_statement(sample("desk", "certify the desk"))])
    (desk,) = found.desks()
    private = X25519PrivateKey.from_private_bytes(sample("desk", "receiving private"))
    assert seal.raw_public(private) == desk.receiving

    for what in outsider.CLEAR:
        order = read_order(sample("orders", what))
        order.signed.check(own.signing.public_key())
        assert order.packed() == sample("orders", what)
    capsule = open_capsule(read_capsule(sample("orders", "capsule")), private)
    assert capsule == sample_maker.CAPSULE.contents
    alarm = open_alarm(read_alarm(sample("orders", "alarm")), private)
    assert alarm == sample_maker.ALARM.contents
    assert open_check_out(read_check_out(sample("orders", "check-out")), private) == "blue"
    _, left = read_entry(*(sample("inbox", n) for n in ("header", "sealed", "signature")))
    left.check(Ed25519PublicKey.from_public_bytes(desk.signing))
    assert open_entry(left.header, left.item, key).fields == {"state": "delivered"}

    sealed = SealedDraft(
        draft=sample("draft", "draft"),
        casefile=FAMILY,
        device=AMINA,
        person=sample("draft", "person"),
        kid=key.kid,
        sealed=sample("draft", "sealed"),
        signature=sample("draft", "signature"),
    )
    assert open_draft(sealed, key, ORG).fields == {"text": "Half a sen"}
    assert read_invite(SAMPLES["invite"]["typed"]).secret == sample("invite", "secret")


@pytest.mark.parametrize("n", [0, 1, 2**14, 2**15 + 1, 2**17 + 2**16, 2**18, 2**40, -(2**15)])
def test_a_lock_that_asks_for_another_stretching_is_refused_unread(n):
    packed = msgpack.packb([n, bytes(16), bytes(60)])
    with pytest.raises(UnsafeParameters):
        keys.DeviceLock.unpacked(packed)


@pytest.mark.parametrize("bad", [b"", b"\xc0", [1], [2**15, "s", b""], ["n", b"", b""], {}])
def test_a_lock_of_another_form_is_refused(bad):
    packed = bad if isinstance(bad, bytes) else msgpack.packb(bad)
    with pytest.raises(BadEnvelope):
        keys.DeviceLock.unpacked(packed)


def test_our_own_deflating_is_read_by_the_outsider():
    body = sample_maker.second_body(bytes(32))
    packed = outsider.unpad(pack_body(body))
    assert msgpack.unpackb(packed)[2] == {"text": sample_maker.LONG_TEXT}
    assert len(packed) > len(pack_body(body))


def test_the_outsiders_padding_is_ours_for_every_length():
    for length in range(1, 70_000, 13):
        assert outsider.padded(length) == seal.padded_length(length)


def test_the_outsider_imports_nothing_of_ours():
    source = (HERE / "outsider.py").read_text()
    imported = set(re.findall(r"^(?:from|import) (\w+)", source, re.MULTILINE))
    assert not imported & {"storage", "sync", "app", "on_disk"}
