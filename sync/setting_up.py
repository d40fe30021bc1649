"""A new organisation, from a seed on paper to an office that belongs to it.

What is sent is written down first, word for word: when the reply is lost, or the app closed, the
same words are sent again and the office answers them the same way. The seed itself is kept
nowhere. Must not know what a team or a family is called.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, cast

import msgpack

from storage.clock import milliseconds
from storage.errors import NotJoined
from storage.recovery import recovery_key, root_key
from storage.seal import raw_public
from storage.secrets import Membership
from storage.statements import ROOT
from storage.vault import Vault
from sync.address import checked_address
from sync.desk import certify_desk
from sync.directory import Certificate, Directory
from sync.founding import TEAM
from sync.line import Line
from sync.protocol import Office

_KEPT: Final = "pairing/setting-up"


def found_organisation(
    vault: Vault, office: Office, *, seed: bytes, address: str, claim: str = ""
) -> Membership:
    """Begin an organisation with this device as its first supervisor's.

    `seed` comes from `storage.recovery.new_seed` and has been printed and typed back; `claim` is
    the code the office printed when it was first started. The team's casefile is founded with it.
    May be called again after an error, also with another address or claim: what was begun is
    finished. Raises NotOurOffice when the office belongs to another organisation,
    InviteRefused("unknown") for a wrong claim, ValueError for an address that is none.
    """
    address = checked_address(address)
    if vault.secret(_KEPT) is None:
        _begin(vault, seed, address)
    return finish(vault, office, address=address, claim=claim)


def is_begun(vault: Vault) -> bool:
    """Whether an organisation was begun here that the office has not confirmed yet."""
    return vault.secret(_KEPT) is not None


def finish(vault: Vault, office: Office, *, address: str, claim: str = "") -> Membership:
    """Send what was begun, until the office has confirmed it. The seed is not needed again."""
    kept = vault.secret(_KEPT)
    if kept is None:
        raise NotJoined("no organisation was begun on this device")
    root_public, statements = msgpack.unpackb(kept)
    office.found_organisation(root_public, statements, claim)
    begun = vault.me
    directory = Directory.from_statements(bytes.fromhex(begun.org) if begun else b"", statements)
    (first,) = directory.devices.values()
    if not vault.directory_statements():
        vault.keep_directory(statements)
    _join(vault, directory, first, checked_address(address))
    # Whoever claims an office with its printed code has just chosen it as hers: its desk with it.
    certify_desk(Line(vault, office), office.desk())
    vault.keep_secret(_KEPT, None)
    joined = vault.me
    if joined is None:
        raise NotJoined("no organisation was begun on this device")
    return joined


def _begin(vault: Vault, seed: bytes, address: str) -> None:
    """Write down the organisation's first words, with everything they take."""
    surroundings = vault.device_file.surroundings
    root, public = root_key(seed), vault.public
    directory = Directory(root.public_key().public_bytes_raw())
    recovery_public = raw_public(recovery_key(seed))
    at = milliseconds(surroundings.clock.now())
    statements = [directory.organisation(root, recovery_public, at)]
    directory.extend(statements)
    without_team = Certificate(
        device=public.device,
        person=surroundings.randomness(16),
        role="supervisor",
        team=None,
        signing=public.signing,
        login=public.login,
        receiving=public.receiving,
    )
    # The team's casefile needs an organisation to belong to, and the certificate names the team.
    _join(vault, directory, without_team, address)
    team = vault.found({public.device: public.receiving}, label=TEAM)
    first = replace(without_team, team=bytes.fromhex(team))
    statements.append(directory.certify(root, ROOT, first, at))
    packed = [directory.root_public, [s.packed() for s in statements]]
    vault.keep_secret(_KEPT, cast(bytes, msgpack.packb(packed)))


def _join(vault: Vault, directory: Directory, found: Certificate, address: str) -> None:
    vault.join(
        org=directory.org,
        person=found.person,
        role=found.role,
        team=found.team,
        office_url=address,
        recovery_public=directory.recovery_public or b"",
    )
