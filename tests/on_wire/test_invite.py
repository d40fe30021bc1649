"""An invite is typed, scanned or pasted: every slip is noticed, none changes what it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import seeded
from sync.errors import InviteRefused
from sync.invite import (
    as_link,
    as_short_code,
    as_typed_code,
    new_invite,
    qr_png,
    qr_svg,
    read_invite,
)

ORG = bytes(range(16))
INVITE = new_invite("https://office.example.org", ORG, "Siân", seeded("invite"))


def test_it_comes_through_link_and_typed_code():
    assert read_invite(as_link(INVITE)) == INVITE
    assert read_invite(as_typed_code(INVITE)) == INVITE


def test_case_spacing_and_lookalikes_do_not_matter():
    typed = as_typed_code(INVITE).lower().replace("0", "o").replace("1", "l").replace(" ", "-\n")
    assert read_invite(typed) == INVITE


def test_it_carries_128_secret_bits_and_says_nothing_of_them_when_printed():
    other = new_invite("https://office.example.org", ORG, "Siân", seeded("another"))
    assert len(INVITE.secret) == 16
    assert INVITE.secret != other.secret
    assert INVITE.lookup_id != other.lookup_id
    assert INVITE.secret.hex() not in repr(INVITE)
    assert INVITE.secret not in INVITE.lookup_id + INVITE.lookup


@given(place=st.integers(0, 200), letter=st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_wrong_character_is_noticed(place, letter):
    code = as_typed_code(INVITE).replace(" ", "")
    place %= len(code)
    typed = code[:place] + letter + code[place + 1 :]
    if typed != code:
        with pytest.raises(InviteRefused, match="mangled"):
            read_invite(typed)


def test_a_device_that_knows_the_office_needs_a_third_of_it():
    short = as_short_code(INVITE)
    assert len(short.split()) == 8
    found = read_invite(short.lower(), before=(INVITE.address, ORG))
    assert (found.secret, found.address, found.org) == (INVITE.secret, INVITE.address, ORG)
    assert read_invite(as_typed_code(INVITE), before=(INVITE.address, ORG)) == INVITE
    with pytest.raises(InviteRefused, match="mangled"):
        read_invite(short)


def test_a_short_code_of_another_organisation_is_noticed():
    with pytest.raises(InviteRefused, match="mangled"):
        read_invite(as_short_code(INVITE), before=(INVITE.address, bytes(16)))


@given(place=st.integers(0, 31), letter=st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_wrong_character_in_a_short_code_is_noticed(place, letter):
    code = as_short_code(INVITE).replace(" ", "")
    typed = code[:place] + letter + code[place + 1 :]
    if typed != code:
        with pytest.raises(InviteRefused, match="mangled"):
            read_invite(typed, before=(INVITE.address, ORG))


@given(st.text(max_size=300))
def test_anything_else_is_mangled(text):
    with pytest.raises(InviteRefused, match="mangled"):
        read_invite(text)


@given(st.integers(0, 120))
def test_a_code_cut_short_is_mangled(kept):
    code = as_link(INVITE)
    with pytest.raises(InviteRefused, match="mangled"):
        read_invite(code[: min(kept, len(code) - 1)])


@pytest.mark.parametrize(
    "name", ["Grace", "Nguyễn Thị Minh Khai của đội hỗ trợ gia đình", "শ্রাবন্তী", ""]
)
def test_any_first_name_fits(name):
    invite = new_invite("http://127.0.0.1:8420", ORG, name, seeded("name"))
    assert name.startswith(read_invite(as_link(invite)).inviter)


def test_the_qr_code_is_a_picture_of_the_link():
    assert qr_png(INVITE).startswith(b"\x89PNG")
    assert b"<svg" in qr_svg(INVITE)


def test_the_mark_on_a_request_depends_on_invite_and_request():
    other = new_invite("https://office.example.org", ORG, "Siân", seeded("another"))
    mac = INVITE.mac(b"request")
    assert INVITE.vouches_for(b"request", mac)
    assert not INVITE.vouches_for(b"another", mac)
    assert not other.vouches_for(b"request", mac)
