"""A small organisation made straight from keys: devices that speak to an office without an app.

Uses only the published formats (storage.envelope, storage.grants, sync.directory), so that tests
of the office can send it anything, the malicious included.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from storage.body import Body
from storage.envelope import (
    ZERO_ID,
    CasefileKey,
    Head,
    Header,
    Sealed,
    as_item,
    seal_change,
    sign_head,
)
from storage.grants import Grant, make_grant
from storage.inbox import Entry, EntryHeader, seal_entry
from storage.kinds import Value
from storage.orders import Plan
from storage.runs import Run, in_runs
from storage.seal import Randomness, joined, raw_public
from storage.signed import Signer
from storage.statements import FIRST, ROOT, Statement, make_statement
from sync.directory import Certificate, Directory, Role
from sync.protocol import RECOVERY_CONTEXT, ChainAnswer, Office

AT = 1_795_000_000_000  # a day in November 2026


def ed25519_public(private: Ed25519PrivateKey) -> bytes:
    return private.public_key().public_bytes_raw()


@dataclass
class Device:
    """A device with its private keys, its chains and its latest token."""

    org: bytes
    certificate: Certificate
    signing: Ed25519PrivateKey
    login_key: Ed25519PrivateKey
    receiving: X25519PrivateKey
    randomness: Randomness
    token: bytes = b""
    chains: dict[bytes, list[tuple[Header, Sealed]]] = field(default_factory=dict)

    @property
    def id(self) -> bytes:
        return self.certificate.device

    @property
    def person(self) -> bytes:
        return self.certificate.person

    def login(self, office: Office) -> bytes:
        """Log in at `office`; keeps and gives the token."""
        challenge = office.challenge(self.id)
        answer = office.login(self.id, challenge, self.answer(challenge))
        self.token = answer.token
        return self.token

    def answer(self, challenge: bytes) -> bytes:
        return self.login_key.sign(joined(b"doorstep/login/1", self.org, self.id, challenge))

    def writes(self, casefile: Casefile, *texts: str) -> list[tuple[Header, Sealed]]:
        """Seal one change a text onto this device's chain in the casefile."""
        chain = self.chains.setdefault(casefile.id, [])
        made = []
        for text in texts:
            header = Header(
                org=self.org,
                casefile=casefile.id,
                device=self.id,
                n=len(chain) + 1,
                prev=chain[-1][1].id if chain else ZERO_ID,
                kid=casefile.key.kid,
            )
            body = Body(
                kind="visit_note",
                record=self.randomness(16),
                fields={"text": text},
                parents=(),
                hlc=len(chain) + 1,
                author=self.person,
            )
            made.append((header, seal_change(header, body, casefile.key, self.randomness)))
            chain.append(made[-1])
        return made

    def head(self, casefile: bytes, n: int | None = None) -> Head:
        """Vouch for this device's chain up to change `n`, the last one by default."""
        header, sealed = self.chains[casefile][(n or len(self.chains[casefile])) - 1]
        return sign_head(
            self.signing,
            org=self.org,
            casefile=casefile,
            device=self.id,
            n=header.n,
            head=sealed.id,
        )

    def batch(
        self, casefiles: Iterable[Casefile], first: int = 1, last: int | None = None
    ) -> tuple[list[Run], list[Head]]:
        """Runs and heads of changes `first`…`last` of each casefile's chain."""
        runs: list[Run] = []
        heads: list[Head] = []
        for casefile in casefiles:
            chain = self.chains[casefile.id][first - 1 : last]
            runs += in_runs((header, as_item(sealed)) for header, sealed in chain)
            heads.append(self.head(casefile.id, chain[-1][0].n))
        return runs, heads

    def orders(self, plan: Plan, *, at: int = AT, desk: bytes | None = None) -> bytes:
        """An order signed by this device, sealed to `desk`, a receiving key, or to nobody."""
        signer = Signer(
            org=self.org,
            device=self.id,
            signing=self.signing,
            at=at,
            desk=desk or raw_public(self.receiving),
            randomness=self.randomness,
        )
        return plan.made(signer).packed()

    def leaves(self, casefile: Casefile, kind: str = "attendance", **fields: Value) -> Entry:
        """An entry for a casefile's inbox."""
        header = EntryHeader(
            org=self.org,
            casefile=casefile.id,
            device=self.id,
            entry=self.randomness(16),
            kid=casefile.key.kid,
        )
        return seal_entry(
            header,
            inbox_public=casefile.grant.inbox_public,
            kind=kind,
            record=self.randomness(16),
            fields=fields,
            hlc=1,
            author=self.person,
            signing=self.signing,
            randomness=self.randomness,
        )

    def pushes(
        self, office: Office, casefile: Casefile, first: int = 1, last: int | None = None
    ) -> ChainAnswer:
        """Push part of one chain, all of it by default, and give the office's answer."""
        runs, heads = self.batch([casefile], first, last)
        (answer,) = office.push(self.token, runs, heads)
        return answer


@dataclass
class Casefile:
    """A casefile's keys and its chain of grants, as its founder knows them."""

    id: bytes
    keys: list[CasefileKey]
    grants: list[Grant]

    @property
    def key(self) -> CasefileKey:
        return self.keys[-1]

    @property
    def grant(self) -> Grant:
        return self.grants[-1]


class Organisation:
    """The root, the directory as it grows, and whoever belongs. Deterministic by `seed`."""

    def __init__(self, seed: int = 1) -> None:
        source = random.Random(seed)
        self.randomness: Randomness = source.randbytes
        self.root = Ed25519PrivateKey.from_private_bytes(self.randomness(32))
        self.recovery = X25519PrivateKey.from_private_bytes(self.randomness(32))
        self.directory = Directory(ed25519_public(self.root))
        self.statements: list[Statement] = []
        self._take(self.directory.organisation(self.root, raw_public(self.recovery), AT))

    @property
    def org(self) -> bytes:
        return self.directory.org

    def _take(self, statement: Statement) -> Statement:
        self.directory.extend([statement])
        self.statements.append(statement)
        return statement

    def packed(self) -> list[bytes]:
        """The whole directory, as it travels."""
        return [statement.packed() for statement in self.statements]

    def device(
        self, role: Role, *, person: bytes | None = None, team: bytes | None = None
    ) -> Device:
        """A device with fresh keys that nobody has certified yet."""
        keys = [self.randomness(32) for _ in range(3)]
        signing, login = map(Ed25519PrivateKey.from_private_bytes, keys[:2])
        receiving = X25519PrivateKey.from_private_bytes(keys[2])
        certificate = Certificate(
            device=self.randomness(16),
            person=person or self.randomness(16),
            role=role,
            team=team,
            signing=ed25519_public(signing),
            login=ed25519_public(login),
            receiving=raw_public(receiving),
        )
        return Device(self.org, certificate, signing, login, receiving, self.randomness)

    def certify(self, device: Device, by: Device | None = None) -> Statement:
        """Certify a device, by the root or by somebody; gives the statement to publish."""
        key, signer = (by.signing, by.id) if by else (self.root, ROOT)
        return self._take(self.directory.certify(key, signer, device.certificate, AT))

    def joins(
        self,
        role: Role,
        *,
        person: bytes | None = None,
        team: bytes | None = None,
        by: Device | None = None,
        office: Office | None = None,
    ) -> Device:
        """A new certified device; published to `office` by `by`, and logged in, when given."""
        device = self.device(role, person=person, team=team)
        statement = self.certify(device, by)
        if office is not None and by is not None:
            office.publish(by.token, statement.packed())
            device.login(office)
        return device

    def revoke(
        self, device: Device, by: Device, office: Office | None = None, *, wipe: bool = False
    ) -> Statement:
        """Revoke a device; with `office`, as far as that holds its chains, and published there."""
        ends = office.chains(by.token, device.id) if office else ()
        last = {end.casefile: (end.n, end.id) for end in ends if end.n}
        inboxes = {end.casefile: end.inbox for end in ends if end.inbox}
        statement = self._take(
            self.directory.revoke(
                by.signing, by.id, device.id, last=last, inboxes=inboxes, wipe=wipe, at=AT
            )
        )
        if office is not None:
            office.publish(by.token, statement.packed())
        return statement

    def found(
        self,
        by: Device,
        others: Sequence[Device] = (),
        *,
        label: str = "family",
        linked_to: bytes | None = None,
        office: Office | None = None,
    ) -> Casefile:
        """A casefile founded by one device for itself and others."""
        casefile = self.randomness(16)
        made = Casefile(casefile, [CasefileKey(self.randomness(32), casefile, 1)], [])
        grant = make_grant(
            by.signing,
            org=self.org,
            signer=by.id,
            previous=None,
            casefile=casefile,
            epoch_keys=made.keys,
            receivers={d.id: d.certificate.receiving for d in (by, *others)},
            recovery_public=raw_public(self.recovery),
            last={},
            linked_to=linked_to,
            label=label,
            randomness=self.randomness,
        )
        made.grants.append(grant)
        if office is not None:
            office.grant(by.token, grant.statement.packed())
        return made

    def regrant(
        self,
        casefile: Casefile,
        by: Device,
        members: Sequence[Device],
        *,
        rotate: bool = False,
        last: dict[bytes, tuple[int, bytes]] | None = None,
        office: Office | None = None,
        as_root: bool = False,
    ) -> Grant:
        """The next grant of a casefile; kept here only when the office took it."""
        keys = list(casefile.keys)
        if rotate:
            keys.append(CasefileKey(self.randomness(32), casefile.id, len(keys) + 1))
        grant = make_grant(
            self.root if as_root else by.signing,
            org=self.org,
            signer=ROOT if as_root else by.id,
            previous=casefile.grant,
            casefile=casefile.id,
            epoch_keys=keys,
            receivers={d.id: d.certificate.receiving for d in members},
            recovery_public=raw_public(self.recovery),
            last={**casefile.grant.last, **(last or {})},
            linked_to=casefile.grant.linked_to,
            label=casefile.grant.label,
            randomness=self.randomness,
        )
        if office is not None:
            office.grant(by.token, grant.statement.packed())
            casefile.keys = keys
            casefile.grants.append(grant)
        return grant

    def root_proof(self, office: Office) -> Statement:
        """What the root signs to be let in for a recovery."""
        return make_statement(
            self.root,
            context=RECOVERY_CONTEXT,
            org=self.org,
            signer=ROOT,
            prev=FIRST,
            body={"challenge": office.challenge(ROOT)},
        )


@dataclass
class Service:
    """The usual cast: Grace supervises, Amina and Ben visit, Olwen administers; one family."""

    organisation: Organisation
    office: Office
    grace: Device
    amina: Device
    ben: Device
    olwen: Device
    okoro: Casefile
    """Amina's family, with Grace in it."""
    silva: Casefile
    """Ben's family, with Grace in it."""


def service_at(office: Office, *, seed: int = 1, claim: str = "") -> Service:
    """Found an organisation at an empty office, with everybody logged in."""
    organisation = Organisation(seed)
    grace = organisation.joins("supervisor")
    office.found_organisation(organisation.directory.root_public, organisation.packed(), claim)
    grace.login(office)
    olwen = organisation.joins("administrator", by=grace, office=office)
    amina = organisation.joins("worker", by=grace, office=office)
    ben = organisation.joins("worker", by=olwen, office=office)
    okoro = organisation.found(amina, [grace], office=office)
    silva = organisation.found(ben, [grace], office=office)
    return Service(organisation, office, grace, amina, ben, olwen, okoro, silva)
