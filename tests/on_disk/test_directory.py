"""Who may certify and revoke whom, and that nobody can shorten, reorder or forge the directory."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from storage import recovery
from storage.errors import BadEnvelope, BadSignature, BrokenChain
from storage.seal import fingerprint, raw_public
from storage.statements import DIRECTORY, FIRST, ROOT, make_statement
from sync.directory import Certificate, Directory, organisation_id
from sync.roster import DirectoryRoster

SEED = b"\7" * 32
ROOT_KEY = recovery.root_key(SEED)
ROOT_PUBLIC = ROOT_KEY.public_key().public_bytes_raw()
PAPER_PUBLIC = raw_public(recovery.recovery_key(SEED))
TEAM = b"\x7e" * 16
ROLES = ("administrator", "supervisor", "worker", "desk")
SIGNERS = ("root", *ROLES)


def own_key(device):
    return Ed25519PrivateKey.from_private_bytes(fingerprint(device))


def device(number, role="worker", **parts):
    name = bytes([number]) * 16
    whole = {
        "device": name,
        "person": bytes([number + 100]) * 16,
        "role": role,
        "team": None if role == "desk" else TEAM,
        "signing": own_key(name).public_key().public_bytes_raw(),
        "login": own_key(name + b"login").public_key().public_bytes_raw(),
        "receiving": raw_public(X25519PrivateKey.from_private_bytes(fingerprint(name))),
    }
    return Certificate(**(whole | parts))


def begun():
    directory = Directory(ROOT_PUBLIC)
    directory.extend([directory.organisation(ROOT_KEY, PAPER_PUBLIC, 0)])
    return directory


def staffed():
    """A directory with one device of each role: 1 administrator, 2 supervisor, 3 worker, 4 desk."""
    directory = begun()
    for number, role in enumerate(ROLES, 1):
        directory.extend([directory.certify(ROOT_KEY, ROOT, device(number, role), number)])
    return directory


def signer(role):
    if role == "root":
        return ROOT_KEY, ROOT
    name = bytes([ROLES.index(role) + 1]) * 16
    return own_key(name), name


def said(directory, role, body, **parts):
    key, name = signer(role)
    whole = {"context": DIRECTORY, "org": directory.org, "signer": name, "prev": directory.tip}
    return make_statement(key, body=body, **(whole | parts))


def certificate_body(found):
    return {
        "type": "certify",
        "at": 0,
        **{
            n: getattr(found, n)
            for n in ("device", "person", "role", "team", "signing", "login", "receiving")
        },
    }


MAY_CERTIFY = {
    "root": set(ROLES),
    "supervisor": set(ROLES),
    "administrator": {"administrator", "worker"},
    "worker": set(),
    "desk": set(),
}


@pytest.mark.parametrize("by", SIGNERS)
@pytest.mark.parametrize("role", ROLES)
def test_who_may_certify_whom(by, role):
    directory = staffed()
    statement = directory.certify(*signer(by), device(9, role), 5)
    if role in MAY_CERTIFY[by]:
        directory.extend([statement])
        found = directory.certificate(device(9).device)
        assert found is not None
        assert (found.role, found.by) == (role, signer(by)[1])
    else:
        with pytest.raises(BadSignature):
            directory.extend([statement])
        assert directory.certificate(device(9).device) is None


def test_an_administrator_can_not_make_herself_a_supervisor():
    """Neither a new device of hers, nor her own certified again in another role."""
    directory = staffed()
    me = device(1).person
    with pytest.raises(BadSignature):
        directory.extend(
            [directory.certify(*signer("administrator"), device(9, "supervisor", person=me), 0)]
        )
    for by in SIGNERS:
        with pytest.raises((BadEnvelope, BadSignature)):
            directory.extend([directory.certify(*signer(by), device(1, "worker"), 0)])
    assert [c.device for c in directory.supervisors()] == [device(2).device]


@pytest.mark.parametrize("by", SIGNERS)
@pytest.mark.parametrize("number", [1, 2, 3])
def test_who_may_revoke(by, number):
    directory = staffed()
    key, name = signer(by)
    last = {TEAM: (4, b"\4" * 32)}
    statement = directory.revoke(key, name, device(number).device, last=last, wipe=True, at=0)
    if by in ("worker", "desk"):
        with pytest.raises(BadSignature):
            directory.extend([statement])
        assert directory.in_good_standing(device(number).device)
    else:
        position = directory.length
        directory.extend([statement])
        found = directory.certificate(device(number).device)
        assert found is not None
        assert (found.revoked, found.last, found.wipe) == (position, last, True)
        assert not directory.in_good_standing(device(number).device)
        assert directory.of_person(found.person) == []


def test_a_revoked_device_says_nothing_more_and_what_it_said_before_stays():
    directory = staffed()
    directory.extend([directory.certify(*signer("supervisor"), device(8), 0)])
    directory.extend(
        [directory.revoke(ROOT_KEY, ROOT, device(2).device, last={}, wipe=False, at=0)]
    )
    assert directory.in_good_standing(device(8).device)
    with pytest.raises(BadSignature, match="standing"):
        directory.extend([directory.certify(*signer("supervisor"), device(9), 0)])


def test_a_second_revocation_moves_no_end_and_can_only_add_the_wish_to_wipe():
    directory = staffed()
    first = {TEAM: (4, b"\4" * 32)}
    directory.extend(
        [directory.revoke(*signer("supervisor"), device(3).device, last=first, wipe=False, at=0)]
    )
    position = directory.length - 1
    for wipe in (True, False):
        directory.extend(
            [directory.revoke(ROOT_KEY, ROOT, device(3).device, last={}, wipe=wipe, at=0)]
        )
    found = directory.certificate(device(3).device)
    assert found is not None
    assert (found.revoked, found.last, found.wipe) == (position, first, True)


def test_an_unknown_device_certifies_nobody():
    directory = staffed()
    stranger = device(9).device
    with pytest.raises(BadSignature):
        directory.extend([directory.certify(own_key(stranger), stranger, device(9), 0)])


def test_somebody_elses_signature_does_not_do():
    directory = staffed()
    supervisor = signer("supervisor")[1]
    with pytest.raises(BadSignature):
        directory.extend([directory.certify(signer("worker")[0], supervisor, device(9), 0)])
    with pytest.raises(BadSignature):
        directory.extend([directory.certify(signer("supervisor")[0], ROOT, device(9), 0)])


def test_a_directory_is_read_again_from_its_bytes_alone():
    directory, statements = Directory(ROOT_PUBLIC), []
    for make in (
        lambda: directory.organisation(ROOT_KEY, PAPER_PUBLIC, 0),
        lambda: directory.certify(ROOT_KEY, ROOT, device(2, "supervisor"), 1),
        lambda: directory.certify(own_key(device(2).device), device(2).device, device(3), 2),
    ):
        statement = make()
        statements.append(statement.packed())
        directory.extend([statement])
    read = Directory.from_statements(organisation_id(ROOT_PUBLIC), statements)
    assert (read.tip, read.length, read.devices) == (directory.tip, 3, directory.devices)
    assert read.recovery_public == PAPER_PUBLIC

    for bad in (
        statements[:1] + statements[2:],
        [statements[0], statements[2], statements[1]],
        statements[1:],
        [],
        [statements[0], *statements],
    ):
        with pytest.raises(BadEnvelope):
            Directory.from_statements(organisation_id(ROOT_PUBLIC), bad)


def test_another_organisations_directory_is_refused_however_well_it_is_signed():
    other = Ed25519PrivateKey.generate()
    public = other.public_key().public_bytes_raw()
    directory = Directory(public)
    statement = directory.organisation(other, PAPER_PUBLIC, 0)
    with pytest.raises(BadEnvelope):
        Directory.from_statements(organisation_id(ROOT_PUBLIC), [statement.packed()])
    with pytest.raises(BadEnvelope):
        begun().extend([statement])


def test_a_directory_begins_with_its_organisation_and_states_it_once():
    empty = Directory(ROOT_PUBLIC)
    with pytest.raises(BadEnvelope):
        empty.extend([empty.certify(ROOT_KEY, ROOT, device(2, "supervisor"), 0)])
    with pytest.raises(BadEnvelope):
        empty.extend([said(empty, "root", {"type": "a later version's"})])
    directory = begun()
    with pytest.raises(BadEnvelope):
        directory.extend([directory.organisation(ROOT_KEY, PAPER_PUBLIC, 0)])
    for recovery_public in (bytes(32), PAPER_PUBLIC[:31]):
        with pytest.raises(BadEnvelope):
            empty.extend([empty.organisation(ROOT_KEY, recovery_public, 0)])
    assert empty.length == 0


def test_a_later_versions_statement_stays_in_the_chain_and_changes_nothing():
    directory = staffed()
    before = dict(directory.devices)
    directory.extend([said(directory, "supervisor", {"type": "desk", "key": b"k"})])
    assert directory.devices == before
    directory.extend([directory.certify(ROOT_KEY, ROOT, device(9), 0)])


def test_statements_of_other_chains_are_refused():
    directory = staffed()
    body = certificate_body(device(9))
    for parts in (
        {"context": f"grant:{TEAM.hex()}"},
        {"org": TEAM},
        {"prev": FIRST},
    ):
        with pytest.raises(BadEnvelope):
            directory.extend([said(directory, "root", body, **parts)])


def test_the_good_statements_before_a_bad_one_are_kept():
    directory = staffed()
    good = directory.certify(ROOT_KEY, ROOT, device(8), 0)
    with pytest.raises(BrokenChain):
        directory.extend([good, good])
    assert directory.tip == good.id
    assert directory.in_good_standing(device(8).device)


IDENTITY = (1).to_bytes(32, "little")


@pytest.mark.parametrize(
    "changes",
    [
        {"device": ROOT},
        {"device": b"\x09"},
        {"device": "d" * 16},
        {"device": device(3).device},
        {"person": None},
        {"role": "root"},
        {"role": ["worker"]},
        {"role": None},
        {"role": "desk"},  # in a team
        {"role": "desk", "team": None, "person": device(3).person},
        {"person": device(4).person},  # the desk's
        {"device": b"doorstep/inbox/1"},
        {"team": b"short"},
        {"team": "t" * 16},
        {"signing": b"k" * 31},
        {"signing": IDENTITY},
        {"login": IDENTITY},
        {"receiving": bytes(32)},
    ],
    ids=lambda c: "-".join(c),
)
def test_a_certificate_of_any_other_form_is_refused(changes):
    directory = staffed()
    body = certificate_body(device(9)) | changes
    with pytest.raises(BadEnvelope):
        directory.extend([said(directory, "root", body)])
    assert directory.length == 5


def test_a_certificate_that_leaves_a_part_out_is_refused():
    directory = staffed()
    whole = certificate_body(device(9))
    for name in ("device", "person", "role", "signing", "login", "receiving"):
        body = {k: v for k, v in whole.items() if k != name}
        with pytest.raises(BadEnvelope):
            directory.extend([said(directory, "root", body)])


@pytest.mark.parametrize(
    "changes",
    [
        {"device": device(9).device},
        {"device": [1]},
        {"device": None},
        {"wipe": 1},
        {"wipe": None},
        {"last": None},
        {"last": [[TEAM, 1]]},
        {"last": [[TEAM, -1, FIRST]]},
        {"last": [[TEAM, 1 << 63, FIRST]]},
        {"last": [[TEAM, True, FIRST]]},
        {"last": [[TEAM, 1, TEAM]]},
        {"last": [[[TEAM], 1, FIRST]]},
        {"last": [[TEAM, 1, FIRST], [TEAM, 2, FIRST]]},
        {"inboxes": None},
        {"inboxes": [[TEAM]]},
        {"inboxes": [[TEAM, 0]]},
        {"inboxes": [[TEAM, True]]},
        {"inboxes": [[TEAM, 1 << 63]]},
        {"inboxes": [[b"short", 1]]},
        {"inboxes": [[TEAM, 1], [TEAM, 2]]},
    ],
    ids=lambda c: "-".join(c),
)
def test_a_revocation_of_any_other_form_is_refused(changes):
    directory = staffed()
    body = {"type": "revoke", "device": device(3).device, "last": [], "wipe": True} | changes
    with pytest.raises(BadEnvelope):
        directory.extend([said(directory, "root", body)])
    assert directory.in_good_standing(device(3).device)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 1 << 63)
    | st.binary(max_size=33)
    | st.sampled_from([TEAM, FIRST, ROOT_PUBLIC, "certify", "revoke", "organisation", *ROLES]),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=6,
)


@given(
    st.sampled_from([certificate_body(device(9)), {"type": "revoke", "last": [], "wipe": True}]),
    st.dictionaries(
        st.sampled_from(["type", "device", "role", "team", "signing", "receiving", "last", "wipe"]),
        VALUES,
    ),
    st.sampled_from(SIGNERS),
)
def test_no_statement_makes_the_directory_fail_in_any_other_way(body, changes, by):
    directory = staffed()
    before = (directory.length, directory.tip, dict(directory.devices))
    try:
        directory.extend([said(directory, by, body | changes)])
    except BadEnvelope:
        assert (directory.length, directory.tip, directory.devices) == before
    else:
        assert directory.length == 6


def test_the_newest_desk_in_good_standing_is_the_one_that_is_sealed_to():
    directory = staffed()
    newer = device(9, "desk", person=device(4).person)  # a desk may come again as the same one
    directory.extend([directory.certify(*signer("supervisor"), newer, 0)])
    assert [d.device for d in directory.desks()] == [newer.device, device(4).device]
    directory.extend([directory.revoke(*signer("root"), newer.device, last={}, wipe=False, at=0)])
    assert [d.device for d in directory.desks()] == [device(4).device]


def test_a_revocation_says_how_far_what_was_left_in_inboxes_stands():
    directory = staffed()
    revoked = directory.revoke(
        *signer("supervisor"), device(3).device, last={}, inboxes={TEAM: 7}, wipe=False, at=0
    )
    directory.extend([revoked])
    again = directory.revoke(
        *signer("root"), device(3).device, last={}, inboxes={TEAM: 9}, wipe=True, at=0
    )
    directory.extend([again])
    found = directory.certificate(device(3).device)
    assert (found.inboxes, found.wipe) == ({TEAM: 7}, True)
    roster = DirectoryRoster(directory, lambda _: [])
    assert roster.may_leave(device(3).device, TEAM, 7, "attendance")
    assert not roster.may_leave(device(3).device, TEAM, 8, "attendance")
    assert not roster.may_leave(device(3).device, FIRST[:16], 1, "attendance")


def test_what_may_be_left_in_an_inbox_is_decided_by_role_alone():
    roster = DirectoryRoster(staffed(), lambda _: [])
    for number, role in enumerate(ROLES, 1):
        for kind in ("receipt", "reply", "alarm_log"):
            assert roster.may_leave(device(number).device, TEAM, 1, kind) == (role == "desk")
        for kind in ("attendance", "visit_note", "of a later version"):
            assert roster.may_leave(device(number).device, TEAM, 1, kind) == (role != "desk")
    assert not roster.may_leave(device(9).device, TEAM, 1, "attendance")


def test_the_organisations_id_is_half_the_hash_of_its_root():
    assert organisation_id(ROOT_PUBLIC) == fingerprint(ROOT_PUBLIC)[:16] == begun().org


def test_supervisors_are_found_by_team():
    directory = staffed()
    other = b"\x7f" * 16
    directory.extend([directory.certify(ROOT_KEY, ROOT, device(8, "supervisor", team=other), 0)])
    assert {c.device for c in directory.supervisors()} == {device(2).device, device(8).device}
    assert [c.device for c in directory.supervisors(other)] == [device(8).device]
