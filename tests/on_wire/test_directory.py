"""Who belongs: the chain of signed statements, and everything it refuses."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fakes import seeded
from storage.errors import BadEnvelope, BadSignature, BrokenChain
from storage.recovery import root_key
from storage.statements import ROOT, make_statement, read_statement
from sync.directory import Certificate, Directory, organisation_id

AT = 1_790_000_000_000
chance = seeded("directory")


class Signer:
    """A device that can sign."""

    def __init__(self, role):
        self.key = Ed25519PrivateKey.from_private_bytes(chance(32))
        self.certificate = Certificate(
            device=chance(16),
            person=chance(16),
            role=role,
            team=chance(16),
            signing=self.key.public_key().public_bytes_raw(),
            login=chance(32),
            receiving=chance(32),
        )

    @property
    def device(self):
        return self.certificate.device

    def certifies(self, directory, other):
        return directory.certify(self.key, self.device, other.certificate, AT)

    def revokes(self, directory, other, **named):
        named = {"last": {}, "wipe": True, **named}
        return directory.revoke(self.key, self.device, other.device, at=AT, **named)


class Root(Signer):
    def __init__(self):
        super().__init__("supervisor")
        self.key = root_key(chance(32))
        self.public = self.key.public_key().public_bytes_raw()

    @property
    def device(self):
        return ROOT


@pytest.fixture
def begun():
    root, grace, olwen, amina = (
        Root(),
        Signer("supervisor"),
        Signer("administrator"),
        Signer("worker"),
    )
    directory = Directory(root.public)
    directory.extend([directory.organisation(root.key, chance(32), AT)])
    for by, who in ((root, grace), (grace, olwen), (olwen, amina)):
        directory.extend([by.certifies(directory, who)])
    return directory, root, grace, olwen, amina


def test_it_is_read_back_from_the_root_that_the_invite_names(begun):
    directory, root, grace, *_ = begun
    other = Directory(root.public)
    statements = [other.organisation(root.key, chance(32), AT)]
    other.extend(statements)
    statements.append(root.certifies(other, grace))
    packed = [s.packed() for s in statements]

    read = Directory.from_statements(organisation_id(root.public), packed)
    assert read.in_good_standing(grace.device)
    with pytest.raises(BadEnvelope):
        Directory.from_statements(bytes(16), packed)
    with pytest.raises(BadEnvelope):
        Directory.from_statements(organisation_id(root.public), [])
    with pytest.raises(BadEnvelope):
        Directory.from_statements(organisation_id(root.public), packed[1:])


@pytest.mark.parametrize(
    ("by", "role", "may"),
    [
        ("supervisor", "supervisor", True),
        ("supervisor", "administrator", True),
        ("supervisor", "worker", True),
        ("administrator", "administrator", True),
        ("administrator", "worker", True),
        ("administrator", "supervisor", False),
        ("worker", "worker", False),
        ("worker", "administrator", False),
    ],
)
def test_who_may_certify_whom(begun, by, role, may):
    directory, _, grace, olwen, amina = begun
    signer = {"supervisor": grace, "administrator": olwen, "worker": amina}[by]
    newcomer = Signer(role)
    statement = signer.certifies(directory, newcomer)
    if may:
        directory.extend([statement])
        assert directory.devices[newcomer.device].by == signer.device
    else:
        with pytest.raises(BadSignature):
            directory.extend([statement])


def test_a_revoked_device_has_no_word_any_more(begun):
    directory, _, grace, olwen, amina = begun
    directory.extend([grace.revokes(directory, olwen)])
    assert not directory.in_good_standing(olwen.device)
    with pytest.raises(BadSignature):
        directory.extend([olwen.certifies(directory, Signer("worker"))])
    with pytest.raises(BadSignature):
        directory.extend([amina.revokes(directory, grace)])


def test_an_order_to_wipe_can_follow_and_is_not_taken_back(begun):
    directory, _, grace, _, amina = begun
    last = {chance(16): (3, chance(32))}
    directory.extend([grace.revokes(directory, amina, wipe=False, last=last)])
    directory.extend([grace.revokes(directory, amina, wipe=True)])
    directory.extend([grace.revokes(directory, amina, wipe=False)])
    known = directory.devices[amina.device]
    assert (known.wipe, known.last) == (True, last)


def test_order_gaps_and_forgeries_show(begun):
    directory, root, grace, _, amina = begun
    newcomer = Signer("worker")
    statement = grace.certifies(directory, newcomer)
    forged = replace(statement, signature=bytes(64))
    with pytest.raises(BadSignature):
        directory.extend([forged])
    swapped = statement.encoded.replace(newcomer.certificate.receiving, bytes(32))
    with pytest.raises(BadSignature):
        directory.extend([read_statement(replace(statement, encoded=swapped).packed())])
    directory.extend([statement])
    with pytest.raises(BrokenChain):
        directory.extend([statement])
    with pytest.raises(BadEnvelope):
        directory.extend([root.certifies(directory, newcomer)])
    again = Directory(Root().public)
    with pytest.raises(BadEnvelope):
        again.extend([statement])


@pytest.mark.parametrize(
    "body",
    [
        {"type": "certify"},
        {"type": "certify", "device": [1], "role": "worker"},
        {"type": "revoke", "device": [1], "wipe": True, "last": []},
        {"type": "revoke", "wipe": True, "last": [["short", 1, b""]]},
        {"type": "revoke", "wipe": "yes", "last": []},
        {"type": "organisation", "root": bytes(32), "recovery": bytes(32)},
    ],
)
def test_statements_of_another_form_are_refused_as_such(begun, body):
    directory, _, grace, _, amina = begun
    if body["type"] == "revoke":
        body = {"device": amina.device, **body}
    statement = make_statement(
        grace.key,
        context="directory",
        org=directory.org,
        signer=grace.device,
        prev=directory.tip,
        body=body,
    )
    with pytest.raises(BadEnvelope):
        directory.extend([statement])


def test_a_later_versions_statement_stays_in_the_chain(begun):
    directory, _, grace, *_ = begun
    unknown = make_statement(
        grace.key,
        context="directory",
        org=directory.org,
        signer=grace.device,
        prev=directory.tip,
        body={"type": "something new"},
    )
    directory.extend(
        [
            unknown,
        ]
    )
    assert directory.tip == unknown.id
