"""The fixed inputs of the published samples, and what our own code makes of them.

`made()` is compared with `samples/v1.json`, which is never written again: whatever format version
1 once sealed must open for ever. Run as a program it prints them, for a new version's first file.
"""

import json
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgpack
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from storage import recovery, seal
from storage.alarm import AlarmContents, AlarmPlan, AlarmStep, CheckOutPlan, SeenPlan
from storage.body import Body, pack_body
from storage.capsule import CapsuleContents, CapsulePlan
from storage.clock import moment_of_milliseconds
from storage.drafts import seal_draft
from storage.envelope import (
    ZERO_ID,
    CasefileKey,
    Header,
    Sealed,
    as_item,
    change_id,
    seal_change,
    sign_head,
)
from storage.grants import RECOVERY, Grant, inbox_private, inbox_public, make_grant
from storage.image import Image
from storage.inbox import EntryHeader, seal_entry
from storage.keys import DeviceKeys, MasterKey, make_lock, wrap_login_key
from storage.opened import Opened
from storage.opening import REDACTS, redaction_fields
from storage.passphrase import stretchable
from storage.runs import in_runs
from storage.signed import Signer
from storage.statements import ROOT, read_statement
from storage.stop import StopPlan, WithdrawalPlan
from storage.surroundings import scrypt
from sync.desk import desk_fingerprint, vouched
from sync.directory import Certificate, Directory, Role
from sync.invite import as_link, as_short_code, as_typed_code, new_invite

Samples = dict[str, dict[str, str]]


def counted(start: int, length: int) -> bytes:
    """Bytes that count up from `start`, so that a reader sees at once what is what."""
    return bytes((start + i) % 256 for i in range(length))


def dealt(*pieces: bytes) -> Callable[[int], bytes]:
    """Randomness that gives these pieces, in this order and these lengths."""
    left = list(pieces)

    def deal(length: int) -> bytes:
        piece = left.pop(0)
        assert len(piece) == length
        return piece

    return deal


SEED = counted(0x00, 32)
PASSPHRASE = "  Ty\u0302 bach\u00a0twt ar lan yr afon "
DEVICE_SECRET, SALT, DMK = counted(0x10, 32), counted(0x20, 16), counted(0x30, 32)
GRACE, AMINA, GRACE_PERSON, AMINA_PERSON, TEAM = (counted(n, 16) for n in (1, 2, 3, 4, 5))
FAMILY, RECORD, DRAFT = (counted(n, 16) for n in (0x40, 0x50, 0x60))
RAW_1, RAW_2 = counted(0x70, 32), counted(0x71, 32)
AT = 1_795_370_400_000
HLC = AT << 16

GRACES_SIGNING, AMINAS_SIGNING, AMINAS_LOGIN = (counted(n, 32) for n in (0x80, 0x81, 0x82))
GRACES_RECEIVING, AMINAS_RECEIVING = counted(0x83, 32), counted(0x84, 32)
GRACES_LOGIN = counted(0x85, 32)


def signing(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)


def public(seed: bytes) -> bytes:
    return signing(seed).public_key().public_bytes_raw()


def receiving(private: bytes) -> bytes:
    return seal.raw_public(X25519PrivateKey.from_private_bytes(private))


ROOT_KEY = recovery.root_key(SEED)
PAPER_PUBLIC = seal.raw_public(recovery.recovery_key(SEED))
ORG = seal.fingerprint(ROOT_KEY.public_key().public_bytes_raw())[:16]
KEY_1, KEY_2 = CasefileKey(RAW_1, FAMILY, 1), CasefileKey(RAW_2, FAMILY, 2)


def made() -> Samples:
    """Every sample by section and name; bytes in hex, text as it is."""
    return {
        "parts": parts(),
        "recovery": recovery_words(),
        "lock": lock(),
        "casefile key": casefile_key(),
        "changes": changes(),
        "directory": directory(),
        "grants": grants(),
        "draft": draft(),
        "image": image(),
        "invite": invite(),
        "login": login(),
        "desk": desk(),
        "orders": orders(),
        "inbox": inbox(),
    }


def parts() -> dict[str, str]:
    return {
        "joined": seal.joined(b"doorstep", b"", b"\x01").hex(),
        "derived from": counted(0, 32).hex(),
        "derived for": b"doorstep/kid/1".hex(),
        "derived": seal.derive(counted(0, 32), b"doorstep/kid/1").hex(),
        "padded lengths": " ".join(
            f"{n}:{seal.padded_length(n)}" for n in (1, 256, 257, 1000, 1025, 100_000, 1_000_000)
        ),
    }


def recovery_words() -> dict[str, str]:
    return {
        "seed": SEED.hex(),
        "words": " ".join(recovery.words_of(SEED)),
        "root private": ROOT_KEY.private_bytes_raw().hex(),
        "root public": ROOT_KEY.public_key().public_bytes_raw().hex(),
        "recovery private": recovery.recovery_key(SEED).private_bytes_raw().hex(),
        "recovery public": PAPER_PUBLIC.hex(),
        "org": ORG.hex(),
    }


def lock() -> dict[str, str]:
    kept = make_lock(
        DMK, PASSPHRASE, DEVICE_SECRET, n=2**15, kdf=scrypt, randomness=dealt(SALT, counted(7, 12))
    )
    master = MasterKey(DMK)
    keys = DeviceKeys(
        signing=signing(AMINAS_SIGNING),
        receiving=X25519PrivateKey.from_private_bytes(AMINAS_RECEIVING),
    )
    return {
        "passphrase as typed, UTF-8": PASSPHRASE.encode().hex(),
        "passphrase bytes": stretchable(PASSPHRASE).hex(),
        "device": AMINA.hex(),
        "device secret": DEVICE_SECRET.hex(),
        "DMK": DMK.hex(),
        "lock": kept.packed().hex(),
        "login private": AMINAS_LOGIN.hex(),
        "login": wrap_login_key(
            signing(AMINAS_LOGIN), AMINA, DEVICE_SECRET, dealt(counted(8, 12))
        ).hex(),
        "keys clear": keys.packed().hex(),
        "keys": master.keep(b"device-keys", keys.packed(), dealt(counted(9, 12))).hex(),
        "image key": master.image.hex(),
        "name of membership": master.name("membership").hex(),
    }


def casefile_key() -> dict[str, str]:
    return {
        "casefile": FAMILY.hex(),
        "epoch 1 key": RAW_1.hex(),
        "epoch 1 kid": KEY_1.kid.hex(),
        "epoch 1 inbox private": inbox_private(KEY_1).private_bytes_raw().hex(),
        "epoch 1 inbox public": inbox_public(KEY_1).hex(),
        "epoch 2 key": RAW_2.hex(),
        "epoch 2 kid": KEY_2.kid.hex(),
    }


NOTE = Body(
    kind="visit_note",
    record=RECORD,
    fields={"text": "Doing well. 🙂", "minutes": 60, "seen_alone": None, "present": ["a", 1.5]},
    parents=(),
    hlc=HLC,
    author=AMINA_PERSON,
    seen=((GRACE, 3, counted(0xA0, 8)),),
)
DEFLATED = (
    "78019bbeaa2cb338b3243e2fbf24f588404060507048685878446454744c6c5c7ce39292d48a925b"
    "4c1a6ea9290aa965a945950a251945a9a90a19f9a545c53a0ac5a925253940a9a4d492f2d4d43c85"
    "b4d4d494623d8551d523354c261e5138502fa6b235c7e69d7ceac7c44d15a1fb2cbda47e645d5ace"
    "d235a543d17a91f0c1f38c8b58b22c1918188f08b0b0b2b173707271f3f0f2f10b080a094f000064"
    "75ebda"
)
LONG_TEXT = "Fed every three hours, settled between feeds. " * 12


def chain() -> list[tuple[Header, Sealed]]:
    """Amina's first two changes: one too short to deflate, one deflated."""
    first_header = Header(org=ORG, casefile=FAMILY, device=AMINA, n=1, prev=ZERO_ID, kid=KEY_1.kid)
    first = seal_change(first_header, NOTE, KEY_1, dealt(counted(0xB0, 12)))
    second_header = Header(
        org=ORG, casefile=FAMILY, device=AMINA, n=2, prev=first.id, kid=KEY_1.kid
    )
    second = sealed_by_hand(second_header, bytes.fromhex(DEFLATED))
    return [(first_header, first), (second_header, second)]


def second_body(first: bytes) -> Body:
    return Body(
        kind="visit_note",
        record=RECORD,
        fields={"text": LONG_TEXT},
        parents=(first,),
        hlc=HLC + 1,
        author=AMINA_PERSON,
    )


def sealed_by_hand(header: Header, deflated: bytes) -> Sealed:
    """A change around deflated bytes as they are: every zlib writes its own, all are right."""
    nonce, encoded = counted(0xB1, 12), header.encoded()
    filled = b"\x01" + len(deflated).to_bytes(4, "big") + deflated
    clear = filled.ljust(seal.padded_length(len(filled) + 16) - 16, b"\0")
    ct = KEY_1.encrypt(nonce, clear, encoded)
    ct_hash = seal.fingerprint(ct)
    return Sealed(
        header=encoded,
        nonce=nonce,
        ct=ct,
        ct_hash=ct_hash,
        id=change_id(encoded, nonce, ct_hash),
    )


def changes() -> dict[str, str]:
    (first_header, first), (second_header, second) = chain()
    assert first.ct is not None
    head = sign_head(
        signing(AMINAS_SIGNING), org=ORG, casefile=FAMILY, device=AMINA, n=2, head=second.id
    )
    whole = in_runs([(first_header, as_item(first)), (second_header, as_item(second))])
    gone = Sealed(
        header=first.header, nonce=first.nonce, ct=None, ct_hash=first.ct_hash, id=first.id
    )
    short = in_runs([(first_header, as_item(gone)), (second_header, as_item(second))])
    opened = Opened(
        id=first.id,
        casefile=FAMILY.hex(),
        record=RECORD.hex(),
        kind=NOTE.kind,
        fields=NOTE.fields,
        parents=NOTE.parents,
        hlc=NOTE.hlc,
        author=AMINA_PERSON.hex(),
        device=AMINA.hex(),
        n=1,
        mine=False,
    )
    return {
        "first header": first.header.hex(),
        "first body padded": pack_body(NOTE).hex(),
        "first nonce": first.nonce.hex(),
        "first ciphertext": first.ct.hex(),
        "first id": first.id.hex(),
        "second text": LONG_TEXT,
        "second id": second.id.hex(),
        "run": msgpack.packb(whole[0].packed()).hex(),
        "run with the first redacted": msgpack.packb(short[0].packed()).hex(),
        "redaction of the first": msgpack.packb(redaction_fields([opened])[REDACTS]).hex(),
        "signing private": AMINAS_SIGNING.hex(),
        "head signature": head.signature.hex(),
    }


def certificate(
    device: bytes, person: bytes, role: Role, private: tuple[bytes, bytes, bytes]
) -> Certificate:
    return Certificate(
        device=device,
        person=person,
        role=role,
        team=TEAM,
        signing=public(private[0]),
        login=public(private[1]),
        receiving=receiving(private[2]),
    )


def directory() -> dict[str, str]:
    found = Directory(ROOT_KEY.public_key().public_bytes_raw())
    graces = certificate(
        GRACE, GRACE_PERSON, "supervisor", (GRACES_SIGNING, GRACES_LOGIN, GRACES_RECEIVING)
    )
    aminas = certificate(
        AMINA, AMINA_PERSON, "worker", (AMINAS_SIGNING, AMINAS_LOGIN, AMINAS_RECEIVING)
    )
    made: dict[str, str] = {}
    for name, statement in (
        ("organisation", lambda: found.organisation(ROOT_KEY, PAPER_PUBLIC, AT)),
        ("certify Grace", lambda: found.certify(ROOT_KEY, ROOT, graces, AT)),
        ("certify Amina", lambda: found.certify(signing(GRACES_SIGNING), GRACE, aminas, AT)),
        (
            "revoke Amina",
            lambda: found.revoke(
                signing(GRACES_SIGNING),
                GRACE,
                AMINA,
                last={FAMILY: (2, chain()[1][1].id)},
                wipe=True,
                at=AT,
            ),
        ),
    ):
        said = statement()
        found.extend([said])
        made[name] = said.packed().hex()
    return made | {"tip": found.tip.hex()}


def granted(
    previous: Grant | None, receivers: dict[bytes, bytes], keys: list[CasefileKey]
) -> Grant:
    return make_grant(
        signing(GRACES_SIGNING),
        org=ORG,
        signer=GRACE,
        previous=previous,
        casefile=FAMILY,
        epoch_keys=keys,
        receivers={device: receiving(private) for device, private in receivers.items()},
        recovery_public=PAPER_PUBLIC,
        last={} if AMINA in receivers else {AMINA: (2, chain()[1][1].id)},
        linked_to=None,
        label="family",
        randomness=dealt(
            *(counted(0xC0 + i + 8 * len(keys), 32) for i in range(len(receivers) + 1))
        ),
    )


def grants() -> dict[str, str]:
    first = granted(None, {GRACE: GRACES_RECEIVING, AMINA: AMINAS_RECEIVING}, [KEY_1])
    second = granted(first, {GRACE: GRACES_RECEIVING}, [KEY_1, KEY_2])
    return {
        "Grace's receiving private": GRACES_RECEIVING.hex(),
        "Amina's receiving private": AMINAS_RECEIVING.hex(),
        "first": first.statement.packed().hex(),
        "first id": first.id.hex(),
        "first, sealed to recovery": first.keys[RECOVERY].hex(),
        "second, Amina removed": second.statement.packed().hex(),
    }


def draft() -> dict[str, str]:
    sealed = seal_draft(
        {"text": "Half a sen"},
        draft=DRAFT,
        key=KEY_1,
        org=ORG,
        device=AMINA,
        person=AMINA_PERSON,
        at=moment_of_milliseconds(AT),
        signing=signing(AMINAS_SIGNING),
        randomness=dealt(counted(0xD0, 12)),
    )
    return {
        "draft": DRAFT.hex(),
        "person": AMINA_PERSON.hex(),
        "sealed": sealed.sealed.hex(),
        "signature": sealed.signature.hex(),
    }


def image() -> dict[str, str]:
    clear = b"SQLite format 3\0, and so on"
    with tempfile.TemporaryDirectory() as folder:
        file = Image(Path(folder) / "device")
        file.write(MasterKey(DMK).image, 7, AMINA, clear, dealt(counted(0xD8, 12)))
        return {"generation": "7", "clear": clear.hex(), "file": file.path.read_bytes().hex()}


def invite() -> dict[str, str]:
    made = new_invite("https://office.example.org", ORG, "Grace", dealt(counted(0xE0, 16)))
    request = msgpack.packb(
        [
            1,
            ORG,
            AMINA,
            public(AMINAS_SIGNING),
            public(AMINAS_LOGIN),
            receiving(AMINAS_RECEIVING),
            None,
        ]
    )
    return {
        "secret": made.secret.hex(),
        "link": as_link(made),
        "typed": as_typed_code(made),
        "short": as_short_code(made),
        "lookup id": made.lookup_id.hex(),
        "lookup": made.lookup.hex(),
        "request": request.hex(),
        "mac": made.mac(request).hex(),
    }


def login() -> dict[str, str]:
    challenge = counted(0xF0, 32)
    signed = seal.joined(b"doorstep/login/1", ORG, AMINA, challenge)
    return {
        "challenge": challenge.hex(),
        "signature": signing(AMINAS_LOGIN).sign(signed).hex(),
    }


DESKS_SIGNING, DESKS_LOGIN, DESKS_RECEIVING = (counted(n, 32) for n in (0x86, 0x87, 0x88))
DESK, DESK_PERSON, ROUTE = (counted(n, 16) for n in (6, 7, 0x61))
DAY = 24 * 60 * 60 * 1000


def desk() -> dict[str, str]:
    """Who the desk is, and the statement that certifies it after all of `directory`."""
    shown = vouched(
        signing(DESKS_SIGNING),
        device=DESK,
        person=DESK_PERSON,
        login=public(DESKS_LOGIN),
        receiving=receiving(DESKS_RECEIVING),
    )
    found = Directory(ROOT_KEY.public_key().public_bytes_raw())
    before = [v for n, v in directory().items() if n != "tip"]
    found.extend(read_statement(bytes.fromhex(each)) for each in before)
    certified = replace(
        certificate(DESK, DESK_PERSON, "desk", (DESKS_SIGNING, DESKS_LOGIN, DESKS_RECEIVING)),
        team=None,
    )
    said = found.certify(signing(GRACES_SIGNING), GRACE, certified, AT)
    found.extend([said])
    revoked = found.revoke(
        signing(GRACES_SIGNING), GRACE, DESK, last={}, wipe=False, at=AT, inboxes={FAMILY: 1}
    )
    return {
        "signing private": DESKS_SIGNING.hex(),
        "login private": DESKS_LOGIN.hex(),
        "receiving private": DESKS_RECEIVING.hex(),
        "device": DESK.hex(),
        "person": DESK_PERSON.hex(),
        "proof": shown.proof.hex(),
        "fingerprint": desk_fingerprint(shown),
        "certify the desk": said.packed().hex(),
        "revoke the desk": revoked.packed().hex(),
    }


def signer(*pieces: bytes) -> Signer:
    return Signer(
        org=ORG,
        device=AMINA,
        signing=signing(AMINAS_SIGNING),
        at=AT,
        desk=receiving(DESKS_RECEIVING),
        randomness=dealt(*pieces),
    )


CAPSULE = CapsulePlan(
    reference=counted(0x62, 16).hex(),
    casefile=FAMILY.hex(),
    route=ROUTE.hex(),
    consent=3,
    appointment=counted(0x63, 16).hex(),
    appointment_version=2,
    rule="text_3_days",
    channel="sms",
    opens=AT + DAY,
    closes=AT + 2 * DAY,
    not_after=AT + 3 * DAY,
    deliver_by=AT + 2 * DAY,
    max_silence=24,
    watch={AMINA.hex(): ((AT, AT + DAY),), GRACE.hex(): ()},
    contents=CapsuleContents(number="+447700900123", language="cy", texts=("Dydd Mawrth 10:00.",)),
)
ALARM = AlarmPlan(
    reference=counted(0x64, 16).hex(),
    kind="lone_worker",
    after_s=75 * 60,
    again_s=300,
    contents=AlarmContents(
        steps=(AlarmStep(number="+447700900104", channel="sms", words="Amina is not out."),),
        address="1 Hill St",
        worker="Amina",
        duress="blue",
    ),
)


def orders() -> dict[str, str]:
    made = {
        "capsule": CAPSULE.made(signer(counted(0x90, 32))),
        "stop": StopPlan(route=ROUTE.hex(), consent=3).made(signer()),
        "withdrawal": WithdrawalPlan(
            casefile=FAMILY.hex(),
            references=(CAPSULE.reference,),
            appointment=CAPSULE.appointment,
            before_version=3,
            upto=AT,
            reason="ended",
        ).made(signer()),
        "alarm": ALARM.made(signer(counted(0x91, 32))),
        "check-out": CheckOutPlan(alarm=ALARM.reference, phrase="blue").made(
            signer(counted(0x92, 32))
        ),
        "seen": SeenPlan(references=(CAPSULE.reference,)).made(signer()),
    }
    packed = {name: order.packed().hex() for name, order in made.items()}
    return packed | {"stop's reference": made["stop"].reference.hex()}


def inbox() -> dict[str, str]:
    header = EntryHeader(
        org=ORG, casefile=FAMILY, device=DESK, entry=counted(0x65, 16), kid=KEY_1.kid
    )
    entry = seal_entry(
        header,
        inbox_public=inbox_public(KEY_1),
        kind="receipt",
        record=RECORD,
        fields={"state": "delivered"},
        hlc=HLC,
        author=DESK_PERSON,
        signing=signing(DESKS_SIGNING),
        randomness=dealt(counted(0x93, 32)),
    )
    return {
        "header": entry.header.hex(),
        "sealed": entry.item.hex(),
        "signature": entry.signature.hex(),
        "id": entry.id.hex(),
    }


if __name__ == "__main__":
    print(json.dumps(made(), indent=1, ensure_ascii=False))
