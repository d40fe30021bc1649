"""A supervisor's laptop rebuilt from the words on paper, when nobody is left who could let it in.

The seed's root key certifies the new device, its recovery key opens the copy of every casefile's
keys that each grant carries for it. From then on it is an ordinary supervisor's device. The lost
ones are revoked from it as always.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from storage.clock import milliseconds
from storage.errors import BadEnvelope
from storage.grants import read_grant
from storage.recovery import recovery_key, root_key
from storage.secrets import Membership
from storage.statements import FIRST, ROOT, make_statement, read_statement
from storage.vault import Vault
from sync.address import checked_address
from sync.carrying_out import wanted_members
from sync.directory import Certificate, Directory
from sync.errors import Nonsense, NotOurOffice, Stale
from sync.grant_chain import checked_chain
from sync.line import Line
from sync.protocol import RECOVERY_CONTEXT, Office
from sync.wishes import Wish

_TRIES: Final = 5


def rebuild(
    vault: Vault,
    office: Office,
    *,
    seed: bytes,
    address: str,
    person: str | None = None,
    team: str | None = None,
    everything: bool = False,
) -> Membership:
    """Make a fresh vault a supervisor's again. Do a round afterwards to receive everything.

    `seed` is `storage.recovery.seed_from` the printed words. `person` (hex) is whose device it
    will be, by default the first supervisor's that the root certified; `team` (hex) likewise. She
    gets what she and her team's supervisors had, or with `everything` every casefile there is.
    May be repeated after an error. Raises NotOurOffice when the seed is not of this office's
    organisation, Nonsense when the office's directory does not check out.
    """
    root = root_key(seed)
    root_public = root.public_key().public_bytes_raw()
    directory = Directory(root_public)
    if office.health() != directory.org.hex():
        raise NotOurOffice("these words are not of this office's organisation")

    def proof() -> bytes:
        body = {"challenge": office.challenge(ROOT)}
        return make_statement(
            root, context=RECOVERY_CONTEXT, org=directory.org, signer=ROOT, prev=FIRST, body=body
        ).packed()

    statements, grants = office.recover([proof()])
    for _ in range(_TRIES):
        directory = _checked(directory.org, statements)
        certified = directory.certificate(vault.public.device)
        if certified is not None:
            break
        statement = directory.certify(
            root,
            ROOT,
            _certificate(vault, directory, person, team),
            milliseconds(vault.device_file.surroundings.clock.now()),
        )
        try:
            statements, grants = office.recover([proof(), statement.packed()])
        except Stale:
            statements, grants = office.recover([proof()])
    else:
        raise Stale("others keep adding to the directory")
    if not vault.directory_statements():
        vault.keep_directory(statements)
    vault.join(
        org=directory.org,
        person=certified.person,
        role=certified.role,
        team=certified.team,
        office_url=checked_address(address),
        recovery_public=directory.recovery_public or b"",
    )
    _let_in(Line(vault, office), grants, seed, everything=everything)
    joined = vault.me
    if joined is None:
        raise Nonsense("the vault does not know whose it is")
    return joined


def _checked(org: bytes, statements: tuple[bytes, ...]) -> Directory:
    try:
        return Directory.from_statements(org, statements)
    except BadEnvelope as error:
        raise Nonsense("the office's directory does not begin with this root") from error


def _certificate(
    vault: Vault, directory: Directory, person: str | None, team: str | None
) -> Certificate:
    first = next(
        (c for c in directory.devices.values() if c.role == "supervisor" and c.by == ROOT), None
    )
    if first is not None:
        person = person or first.person.hex()
    if person is None:
        raise Nonsense("the directory names no supervisor whose device this could be")
    public = vault.public
    return Certificate(
        device=public.device,
        person=bytes.fromhex(person),
        role="supervisor",
        team=bytes.fromhex(team) if team else (first.team if first else None),
        signing=public.signing,
        login=public.login,
        receiving=public.receiving,
    )


def _let_in(line: Line, grants: Sequence[bytes], seed: bytes, *, everything: bool) -> None:
    """Open what recovery can open, and make this device a member of it."""
    me, recovery = line.file.device_id, recovery_key(seed)
    person = line.directory.devices[me].person.hex()
    for casefile, packed in _by_casefile(grants).items():
        newest = read_grant(read_statement(packed[-1]))
        chain = checked_chain(line.directory, casefile, packed, (newest,))
        wish = Wish(what="grant", casefile=casefile.hex(), person=person)
        wanted = wanted_members(line.directory, chain, [wish] if everything else [], ())
        if me not in wanted:
            continue
        for grant_id, _ in line.vault.grants_to_offer():
            line.vault.drop_grant(grant_id)  # left over from an attempt that broke off
        line.vault.keep_grants(casefile, packed, line.roster, recovery=recovery)
        line.grants_changed()
        if me in newest.members:
            continue
        gone = set(newest.members) - wanted
        last = {d: line.directory.devices[d].last or {} for d in gone}
        made = line.vault.regrant(
            casefile,
            {d: line.directory.devices[d].receiving for d in sorted(wanted)},
            rotate=bool(gone),
            last=dict(newest.last)
            | {d: ends.get(casefile, (0, bytes(32))) for d, ends in last.items()},
        )
        line.ask(line.office.grant, made.statement.packed())
        line.vault.grant_offered(made.id, line.roster)
        line.grants_changed()


def _by_casefile(grants: Sequence[bytes]) -> dict[bytes, list[bytes]]:
    found: dict[bytes, list[bytes]] = {}
    try:
        for packed in grants:
            found.setdefault(read_grant(read_statement(packed)).casefile, []).append(packed)
    except BadEnvelope as error:
        raise Nonsense("the office hands out grants in an unknown form") from error
    return found
