"""Format version 1 as an outsider would write it, from docs/format.md alone.

Imports nothing of Doorstep. If this file and ours ever disagree, the page is wrong or we are.
"""

import hashlib
import hmac
import math
import unicodedata
import zlib
from importlib import resources

import msgpack
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt


class Refused(Exception):
    """The bytes are not what the page says."""


def demand(truth):
    if not truth:
        raise Refused


# -- 1 to 3: conventions, primitives, padding -----------------------------------------------------


def u32(n):
    return n.to_bytes(4, "big")


def u64(n):
    return n.to_bytes(8, "big")


def sha256(data):
    return hashlib.sha256(data).digest()


def joined(*parts):
    return b"".join(u32(len(p)) + p for p in parts)


def exact(packed):
    value = msgpack.unpackb(packed)
    demand(msgpack.packb(value) == packed)
    return value


def derive(material, info):
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(material)


def unlock(key, locked, aad):
    return AESGCM(key).decrypt(locked[:12], locked[12:], aad)


SMALL_ORDER = {
    0,
    1,
    2**255 - 20,
    *(
        int.from_bytes(bytes.fromhex(y), "little")
        for y in (
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        )
    ),
}


def signed_by(public, signature, data):
    y = int.from_bytes(public, "little") % 2**255
    demand(y < 2**255 - 19 and y not in SMALL_ORDER)
    Ed25519PublicKey.from_public_bytes(public).verify(signature, data)


def public_of_signing(private):
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def public_of_receiving(private):
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def open_sealed(private, sealed, info, aad):
    """RFC 9180, section 4.1 (Decap), 5.1 (KeySchedule) and 6.1 (single shot)."""
    kem, suite = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x02"

    def extract(salt, label, material, suite_id):
        return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite_id + label + material, "sha256")

    def expand(prk, label, info, length, suite_id):
        info = length.to_bytes(2, "big") + b"HPKE-v1" + suite_id + label + info
        return hmac.digest(prk, info + b"\x01", "sha256")[:length]  # never more than one block

    enc, ct = sealed[:32], sealed[32:]
    secret = X25519PrivateKey.from_private_bytes(private).exchange(
        X25519PublicKey.from_public_bytes(enc)
    )
    demand(any(secret))
    kem_context = enc + public_of_receiving(private)
    shared = expand(extract(b"", b"eae_prk", secret, kem), b"shared_secret", kem_context, 32, kem)
    context = (
        b"\x00" + extract(b"", b"psk_id_hash", b"", suite) + extract(b"", b"info_hash", info, suite)
    )
    prk = extract(shared, b"secret", b"", suite)
    key = expand(prk, b"key", context, 32, suite)
    nonce = expand(prk, b"base_nonce", context, 12, suite)
    return AESGCM(key).decrypt(nonce, ct, aad)


def padded(length):
    if length <= 256:
        return 256
    exponent = int(math.log2(length))
    step = 2 ** (exponent - (int(math.log2(exponent)) + 1))
    return math.ceil(length / step) * step


def pad_undeflated(raw):
    filled = b"\x00" + u32(len(raw)) + raw
    return filled + bytes(padded(len(filled) + 16) - 16 - len(filled))


def unpad(clear):
    flag, length = clear[0], int.from_bytes(clear[1:5], "big")
    payload = clear[5 : 5 + length]
    demand(flag in (0, 1) and len(payload) == length and not any(clear[5 + length :]))
    return zlib.decompress(payload) if flag else payload


# -- 4 and 5: recovery words, the device's file ---------------------------------------------------


def seed_of(typed):
    words = (resources.files("mnemonic") / "wordlist" / "english.txt").read_text().split()
    bits = 0
    for word in typed.split():
        (index,) = [i for i, w in enumerate(words) if w == word or w[:4] == word]
        bits = bits << 11 | index
    seed, checksum = (bits >> 8).to_bytes(32, "big"), bits & 0xFF
    demand(sha256(seed)[0] == checksum)
    return seed


def passphrase_bytes(typed):
    return " ".join(unicodedata.normalize("NFKC", typed).split()).encode()


def master_key(lock, passphrase, device_secret):
    n, salt, wrap = exact(lock)
    demand(n in (2**15, 2**16, 2**17))
    stretched = Scrypt(salt=salt, length=32, n=n, r=8, p=1).derive(passphrase)
    kek = derive(stretched + device_secret, b"doorstep/kek/1")
    return unlock(kek, wrap, joined(b"doorstep/dmk/1", u32(n), salt))


def login_key(login, device, device_secret):
    context = b"doorstep/login-wrap/1"
    return unlock(derive(device_secret, context), login, joined(context, device))


def kept(dmk, purpose, locked):
    context = b"doorstep/kept/1"
    return unlock(derive(dmk, context), locked, joined(context, purpose))


def name_of(dmk, label):
    return derive(dmk, joined(b"doorstep/name/1", label.encode()))[:16]


# -- 6 to 8: keys, changes, chains ----------------------------------------------------------------


def kid_of(key):
    return derive(key, b"doorstep/kid/1")[:16]


def header_of(org, casefile, device, n, prev, kid):
    return msgpack.packb([1, org, casefile, device, n, prev, kid])


def id_of(header, nonce, ct_hash):
    return sha256(joined(header, nonce, ct_hash))


def open_change(key, casefile, epoch, header, item):
    change_key = derive(key, joined(b"doorstep/enc/1", casefile, u32(epoch)))
    clear = AESGCM(change_key).decrypt(item[:12], item[12:], joined(b"doorstep/change/1", header))
    return msgpack.unpackb(unpad(clear))


def changes_of(run, org):
    """(header, item, id) of every change of a run; a redacted one keeps its id."""
    casefile, device, kid, first, prev, items = exact(run)
    found = []
    for n, item in enumerate(items, first):
        demand(len(item) == 44 or len(item) >= 268)
        header = header_of(org, casefile, device, n, prev, kid)
        ct_hash = item[12:] if len(item) == 44 else sha256(item[12:])
        prev = id_of(header, item[:12], ct_hash)
        found.append((header, item, prev))
    return found


def check_head(public, signature, org, casefile, device, n, change):
    said = joined(b"doorstep/head/1", msgpack.packb([org, casefile, device, n, change]))
    signed_by(public, signature, said)


# -- 10 and 11: statements, directory, grants -----------------------------------------------------


def statement(packed, public):
    """(context, signer, prev, body, id) of a statement signed by this key."""
    demand(len(packed) <= 256 * 1024)
    encoded, signature = exact(packed)
    context, version, _org, signer, prev, body = exact(encoded)
    demand(version == 1 and type(version) is int)
    signed_by(public, signature, joined(b"doorstep/statement/1", encoded))
    return context, signer, prev, body, sha256(joined(encoded, signature))


def directory(packed, org):
    """What a directory says: {device: certificate}, recovery key, tip."""
    root = exact(exact(packed[0])[0])[5]["root"]
    demand(sha256(root)[:16] == org)
    may = {
        "supervisor": {"administrator", "supervisor", "worker", "desk"},
        "administrator": {"administrator", "worker"},
        "worker": set(),
        "desk": set(),
    }
    devices: dict[bytes, dict] = {}
    recovery, tip = None, bytes(32)
    for position, each in enumerate(packed):
        signer = exact(exact(each)[0])[3]
        if signer == bytes(16):
            key, role = root, None
        else:
            demand("revoked" not in devices[signer])
            key, role = devices[signer]["signing"], devices[signer]["role"]
        context, _, prev, body, new_tip = statement(each, key)
        demand(context == "directory" and prev == tip)
        demand((body["type"] == "organisation") == (position == 0))
        if body["type"] == "organisation":
            demand(role is None)
            recovery = body["recovery"]
        elif body["type"] == "certify":
            demand(body["device"] not in devices)
            demand(role is None or body["role"] in may[role])
            demand(body["device"] != b"doorstep/inbox/1")
            others = {c["person"] for c in devices.values() if c["role"] != "desk"}
            demand(
                body["role"] != "desk" or (body["team"] is None and body["person"] not in others)
            )
            devices[body["device"]] = body
        elif body["type"] == "revoke":
            demand(role not in ("worker", "desk"))
            ends = {"revoked": body["last"], "inboxes": body.get("inboxes", [])}
            devices[body["device"]] = devices[body["device"]] | ends
        tip = new_tip
    return devices, recovery, tip


def keys_in_grant(body, org, device, private):
    """Every epoch's key, oldest first."""
    sealed = dict(body["keys"])[device]
    place = joined(org, body["casefile"], b"\x00", u32(body["epoch"]))
    keys = msgpack.unpackb(open_sealed(private, sealed, b"doorstep/grant/1", joined(place, device)))
    demand([kid_of(k) for k in keys] == body["kids"])
    demand(public_of_receiving(inbox_private(keys[-1], body["casefile"])) == body["inbox"])
    demand([d for d, _ in body["keys"]] == [bytes(16), *body["members"]])
    return keys


def inbox_private(key, casefile):
    return derive(key, joined(b"doorstep/inbox/1", casefile))


# -- 12 to 14: drafts, image, invites -------------------------------------------------------------


def open_draft(key, epoch, public, org, parts):
    draft, casefile, device, person, kid, sealed, signature = parts
    bound = joined(b"doorstep/draft/1", org, casefile, draft, device, person, kid)
    signed_by(public, signature, joined(bound, sealed))
    draft_key = derive(key, joined(b"doorstep/draft/1", casefile, u32(epoch)))
    return msgpack.unpackb(unpad(unlock(draft_key, sealed, bound)))


def open_image(file, dmk, device):
    demand(file[:8] == b"DSIMG001")
    generation, count = int.from_bytes(file[8:16], "big"), int.from_bytes(file[16:20], "big")
    key, clear, rest = derive(dmk, b"doorstep/image/1"), b"", file[20:]
    for number in range(count):
        chunk, rest = rest[: 2**20 + 28], rest[2**20 + 28 :]
        place = u64(generation) + u32(number) + u32(count)
        clear += unlock(key, chunk, joined(b"doorstep/image/1", device, place))
    demand(not rest)
    return generation, clear


def read_invite(text):
    text = text.removeprefix("DOORSTEP:").replace(" ", "")
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    number = 0
    for character in text:
        number = number * 32 + alphabet.index(character)
    spare = len(text) * 5 % 8
    raw = (number >> spare).to_bytes(len(text) * 5 // 8, "big")
    payload, checksum = raw[:-4], raw[-4:]
    demand(sha256(b"doorstep/invite/1" + payload)[:4] == checksum and payload[0] == 1)
    length = payload[34]
    scheme = "http" if payload[1] else "https"
    address = f"{scheme}://{payload[35 : 35 + length].decode()}"
    return payload[2:18], payload[18:34], address, payload[35 + length :].decode()


def read_short_invite(text, org):
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    number = 0
    for character in text.replace(" ", ""):
        number = number * 32 + alphabet.index(character)
    raw = number.to_bytes(20, "big")
    demand(sha256(b"doorstep/invite/short/1" + raw[:16] + org)[:4] == raw[16:])
    return raw[:16]


def enrolment(secret, request):
    """lookup id, lookup, mac"""
    lookup_id = derive(secret, b"doorstep/invite/lookup/1")[:16]
    key = derive(secret, b"doorstep/invite/mac/1")
    mac = hmac.digest(key, joined(b"doorstep/enrol/1", request), "sha256")
    return lookup_id, sha256(lookup_id), mac


def login_signature(private, org, device, challenge):
    key = Ed25519PrivateKey.from_private_bytes(private)
    return key.sign(joined(b"doorstep/login/1", org, device, challenge))


# -- 15 and 16: orders for the desk, inboxes ------------------------------------------------------

CLEAR = {
    "capsule": "v org reference casefile device planned route consent appointment "
    "appointment_version rule channel opens closes not_after deliver_by max_silence watch "
    "correction_of",
    "stop": "v org route consent device at",
    "withdrawal": "v org casefile device references appointment before_version all upto at reason",
    "alarm": "v org reference casefile device kind after_s again_s steps replaces",
    "check-out": "v org alarm device at",
    "seen": "v org references device at",
}
SEALED = {
    "capsule": "number language texts voice voicemail withheld staff template personalisation "
    "replies",
    "alarm": "steps address worker duress",
    "check-out": "phrase",
}


def order(packed, public):
    """(what, clear map, exact clear bytes, sealed, reference) of an order signed by this key."""
    what, clear, sealed, signature = exact(packed)
    demand(what in CLEAR and len(clear) <= 8192 and len(sealed) <= 16384)
    demand(bool(sealed) == (what in SEALED))
    said = joined(f"doorstep/{what}/1".encode(), clear, sha256(sealed))
    signed_by(public, signature, said)
    found = exact(clear)
    demand(list(found) == CLEAR[what].split() and found["v"] == 1)
    return what, found, clear, sealed, found.get("reference", sha256(said)[:16])


def open_order(private, what, clear, sealed):
    raw = unpad(open_sealed(private, sealed, f"doorstep/{what}/1".encode(), clear))
    found = exact(raw)
    demand(list(found) == SEALED[what].split())
    return found


def desk_proof(public, proof, *parts):
    """The fingerprint of a desk that vouches for its device, person and three keys."""
    said = joined(b"doorstep/desk/1", *parts)
    signed_by(public, proof, said)
    bits = int.from_bytes(sha256(said)[:13], "big") >> 4
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    return "".join(alphabet[bits >> 5 * place & 31] for place in reversed(range(20)))


def entry(key, public, header, sealed, signature):
    """(body, id) of what was left in an inbox."""
    version, _org, casefile, _device, _entry, kid = exact(header)
    demand(version == 1 and kid == kid_of(key) and 288 <= len(sealed) <= 65536)
    signed_by(public, signature, joined(b"doorstep/inbox-entry/1", header, sha256(sealed)))
    private = inbox_private(key, casefile)
    body = msgpack.unpackb(unpad(open_sealed(private, sealed, b"doorstep/inbox/1", header)))
    return body, sha256(joined(header, sha256(sealed)))
