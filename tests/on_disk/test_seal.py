"""The one sealing function and what it stands on, against the standards' own figures."""

import math
import os

import pytest
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from storage import seal
from storage.errors import BadEnvelope, CannotOpen

X = bytes.fromhex

# RFC 5869, appendix A.1 to A.3: material, salt, info, length, PRK, OKM.
RFC_5869 = [
    (
        b"\x0b" * 22,
        bytes(range(13)),
        bytes(range(0xF0, 0xFA)),
        42,
        X("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"),
        X("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"),
    ),
    (
        bytes(range(0x50)),
        bytes(range(0x60, 0xB0)),
        bytes(range(0xB0, 0x100)),
        82,
        X("06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244"),
        X(
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
            "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
            "cc30c58179ec3e87c14c01d5c1f3434f1d87"
        ),
    ),
    (
        b"\x0b" * 22,
        b"",
        b"",
        42,
        X("19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04"),
        X("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"),
    ),
]

# RFC 9180's vector file: mode_base, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
RFC_9180 = {
    "info": X("4f6465206f6e2061204772656369616e2055726e"),
    "ikmE": X("2cd7c601cefb3d42a62b04b7a9041494c06c7843818e0ce28a8f704ae7ab20f9"),
    "ikmR": X("dac33b0e9db1b59dbbea58d59a14e7b5896e9bdf98fad6891e99d1686492b9ee"),
    "skEm": X("179d4b53b6365c45b600c4163b61d95cbc2f4d9e36f1695558dce265ab8bab11"),
    "skRm": X("497b4502664cfea5d5af0b39934dac72242a74f8480451e1aee7d6a53320333d"),
    "pkRm": X("430f4b9859665145a6b1ba274024487bd66f03a2dd577d7753c68d7d7d00c00c"),
    "enc": X("6c93e09869df3402d7bf231bf540fadd35cd56be14f97178f0954db94b7fc256"),
    "shared_secret": X("3101c54c3a4f87439eaac080699ed9bbcc726ffe44e860c0424ccb7e3e2ead7b"),
    "key": X("f50b0609186798729ed0564b36ef2ef8044f1f9d05636874d1f46c819c7a669f"),
    "base_nonce": X("151d9929e2449747889bc923"),
    "aad": X("436f756e742d30"),
    "pt": X("4265617574792069732074727574682c20747275746820626561757479"),
    "ct": X(
        "e5d84cd531cfb583096e7cfa9641bd3079cf3a91cda813c52deb5f512be9931980a41de125a925cdad859d5b7a"
    ),
}

P = 2**255 - 19
ORDER_EIGHT = (
    X("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    X("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
)
SMALL_X25519 = [
    *(n.to_bytes(32, "little") for n in (0, 1, P - 1, P, P + 1)),
    *ORDER_EIGHT,
]


@pytest.mark.parametrize(("material", "salt", "info", "length", "prk", "okm"), RFC_5869)
def test_key_derivation_gives_what_rfc_5869_prints(material, salt, info, length, prk, okm):
    assert seal.extract(salt, material) == prk
    assert seal.expand(prk, info, length) == okm


def test_deriving_a_key_is_both_steps_with_an_empty_salt():
    material, _, _, length, _, okm = RFC_5869[2]
    assert seal.derive(material, b"", length) == okm


def test_derivation_gives_no_more_than_the_standard_allows():
    assert len(seal.expand(bytes(32), b"", 255 * 32)) == 8160
    with pytest.raises(ValueError, match="range"):
        seal.expand(bytes(32), b"", 255 * 32 + 1)


def test_sealing_gives_what_the_rfc_9180_vectors_print():
    v = RFC_9180
    sealed = seal.seal_to(
        v["pkRm"], v["pt"], info=v["info"], aad=v["aad"], randomness=lambda n: v["skEm"][:n]
    )
    assert sealed == v["enc"] + v["ct"]


def test_every_step_of_sealing_is_the_rfcs():
    v = RFC_9180
    for seed, private in ((v["ikmE"], v["skEm"]), (v["ikmR"], v["skRm"])):
        prk = seal._labelled_extract(seal._KEM_SUITE, b"", b"dkp_prk", seed)
        assert seal._labelled_expand(seal._KEM_SUITE, prk, b"sk", b"", 32) == private
    mine = X25519PrivateKey.from_private_bytes(v["skRm"])
    assert seal.raw_public(mine) == v["pkRm"]
    secret = seal._shared_secret(mine, v["enc"], v["enc"] + v["pkRm"])
    assert secret == v["shared_secret"]
    assert seal._schedule(secret, v["info"]) == (v["key"], v["base_nonce"])


def test_what_the_rfc_sealed_opens_here():
    v = RFC_9180
    private = X25519PrivateKey.from_private_bytes(v["skRm"])
    assert seal.open_sealed(private, v["enc"] + v["ct"], info=v["info"], aad=v["aad"]) == v["pt"]


@given(clear=st.binary(max_size=300), info=st.binary(max_size=40))
def test_the_librarys_own_sealing_and_ours_open_each_other(clear, info):
    theirs = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
    private = X25519PrivateKey.generate()
    ours = seal.seal_to(seal.raw_public(private), clear, info=info, randomness=os.urandom)
    assert theirs.decrypt(ours, private, info) == clear
    assert (
        seal.open_sealed(private, theirs.encrypt(clear, private.public_key(), info), info=info)
        == clear
    )


def test_what_was_sealed_opens_for_its_receiver_purpose_and_place_only():
    grace, ben = X25519PrivateKey.generate(), X25519PrivateKey.generate()
    sealed = seal.seal_to(
        seal.raw_public(grace), b"keys", info=b"a", aad=b"here", randomness=os.urandom
    )
    assert seal.open_sealed(grace, sealed, info=b"a", aad=b"here") == b"keys"
    for private, info, aad in ((ben, b"a", b"here"), (grace, b"b", b"here"), (grace, b"a", b"")):
        with pytest.raises(CannotOpen):
            seal.open_sealed(private, sealed, info=info, aad=aad)


def test_every_flipped_bit_of_a_sealed_piece_shows():
    private = X25519PrivateKey.generate()
    sealed = seal.seal_to(seal.raw_public(private), b"k", info=b"", randomness=os.urandom)
    for place in range(len(sealed) * 8):
        altered = bytearray(sealed)
        altered[place // 8] ^= 1 << place % 8
        with pytest.raises(CannotOpen):
            seal.open_sealed(private, bytes(altered), info=b"")


@pytest.mark.parametrize("small", SMALL_X25519, ids=bytes.hex)
@pytest.mark.parametrize("top_bit", [0, 0x80])
def test_a_key_of_small_order_is_refused_on_both_sides(small, top_bit):
    public = small[:31] + bytes([small[31] | top_bit])
    with pytest.raises(BadEnvelope, match="small order"):
        seal.seal_to(public, b"keys", info=b"", randomness=os.urandom)
    with pytest.raises(BadEnvelope, match="small order"):
        seal.open_sealed(X25519PrivateKey.generate(), public + bytes(32), info=b"")
    with pytest.raises(BadEnvelope, match="small order"):
        seal.check_receiving_key(public)


def test_a_shared_secret_of_nothing_is_refused_should_the_library_let_it_through():
    class Lenient:
        def exchange(self, public):
            return bytes(32)

    with pytest.raises(BadEnvelope, match="small order"):
        seal._shared_secret(Lenient(), bytes(32), b"")  # type: ignore[arg-type]


def test_a_key_of_the_wrong_length_is_refused():
    for length in (0, 31, 33):
        with pytest.raises(BadEnvelope, match="length"):
            seal.seal_to(bytes(length), b"", info=b"", randomness=os.urandom)
        with pytest.raises(BadEnvelope, match="length"):
            seal.check_signing_key(bytes(length))


def test_anybody_can_sign_under_a_small_signing_key_so_none_is_taken():
    identity = (1).to_bytes(32, "little")
    # R is the base point and S is 1: no private key was needed for this signature.
    base_point = X("58" + "66" * 31)
    anything = base_point + (1).to_bytes(32, "little")
    Ed25519PublicKey.from_public_bytes(identity).verify(anything, b"whatever you like")
    with pytest.raises(BadEnvelope, match="small order"):
        seal.check_signing_key(identity)


@pytest.mark.parametrize(
    "y",
    [
        *(n.to_bytes(32, "little") for n in (0, 1, P - 1, P, P + 1)),
        X("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        X("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    ],
    ids=bytes.hex,
)
@pytest.mark.parametrize("sign", [0, 0x80])
def test_no_signing_key_of_small_order_or_doubtful_writing_is_taken(y, sign):
    with pytest.raises(BadEnvelope):
        seal.check_signing_key(y[:31] + bytes([y[31] | sign]))


@given(st.binary(min_size=32, max_size=32))
def test_honest_keys_are_taken(seed):
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    seal.check_signing_key(
        Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    )
    seal.check_receiving_key(seal.raw_public(X25519PrivateKey.from_private_bytes(seed)))


def test_two_writings_of_one_receiving_key_do_not_open_each_others_pieces():
    """X25519 ignores the top bit, so what was sealed is bound to the key's exact bytes."""
    private = X25519PrivateKey.generate()
    sealed = seal.seal_to(seal.raw_public(private), b"k", info=b"", randomness=os.urandom)
    other = sealed[:31] + bytes([sealed[31] ^ 0x80]) + sealed[32:]
    X25519PublicKey.from_public_bytes(other[:32])
    with pytest.raises(CannotOpen):
        seal.open_sealed(private, other, info=b"")


@given(st.lists(st.binary(max_size=5), max_size=4), st.lists(st.binary(max_size=5), max_size=4))
def test_two_lists_of_parts_never_join_to_the_same_bytes(first, second):
    assert (seal.joined(*first) == seal.joined(*second)) == (first == second)


def test_a_locked_up_piece_opens_with_its_key_and_place_only():
    key = os.urandom(32)
    locked = seal.lock_up(key, b"dmk", b"place", os.urandom)
    assert seal.unlock(key, locked, b"place") == b"dmk"
    altered = locked[:-1] + bytes([locked[-1] ^ 1])
    for bad in (
        (os.urandom(32), locked, b"place"),
        (key, locked, b"elsewhere"),
        (key, altered, b"place"),
        (key, locked[:20], b"place"),
        (key, b"", b"place"),
    ):
        with pytest.raises(CannotOpen):
            seal.unlock(*bad)


@pytest.mark.parametrize(
    ("length", "padded"),
    [
        (1, 256),
        (256, 256),
        (257, 272),
        (1000, 1024),
        (1025, 1088),
        (4097, 4352),
        (100_000, 100_352),
        (1_000_000, 1_015_808),
        (1 << 20, 1 << 20),
    ],
)
def test_padding_gives_the_padme_lengths(length, padded):
    assert seal.padded_length(length) == padded


@given(st.integers(257, 2**24))
def test_padding_costs_at_most_an_eighth_and_tells_little(length):
    padded = seal.padded_length(length)
    # As the paper writes it: E = floor(log2 L), S = floor(log2 E) + 1, the last E - S bits are 0.
    exponent = math.floor(math.log2(length))
    step = 1 << exponent - (math.floor(math.log2(exponent)) + 1)
    assert padded == -(-length // step) * step
    assert length <= padded < length * 1.12
    assert seal.padded_length(padded) == padded


def test_a_megabyte_of_lengths_shows_as_fewer_than_three_hundred():
    assert len({seal.padded_length(n) for n in range(1, (1 << 20) + 1, 7)}) < 300
