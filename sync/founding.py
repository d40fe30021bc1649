"""New casefiles, begun on the device without asking anybody, and brought to the office later.

A worker may found one for herself, her team's supervisors and recovery, at any place without a
signal. If who is a supervisor has changed by the time there is one, the grant is made anew before
anybody else has seen it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from storage.errors import NotAllowed
from storage.grants import Grant, read_grant
from storage.statements import FIRST, read_statement
from sync.directory import NEVER_MEMBERS, Certificate, Directory
from sync.errors import ChainRefused, NotYours, Stale
from sync.intake import take_grants
from sync.line import Line

FAMILY: Final = "family"
RESTRICTED: Final = "restricted"
TEAM: Final = "team"
SERVICE: Final = "service"
"""Figures of every team, without families: for supervisors of all teams and service managers."""
_TRIES: Final = 5


def found_family(line: Line) -> str:
    """A new casefile for a family, readable at once by this person's devices, her team's
    supervisors and recovery. Works without a signal; gives the casefile's id."""
    return _found(line, FAMILY, None, ())


def found_restricted(line: Line, family: str, persons: Iterable[str] = ()) -> str:
    """A casefile for a family's restricted notes, with members of its own: this person, her
    team's supervisors, and `persons` (those by a supervisor only). Gives its id."""
    return _found(line, RESTRICTED, family, persons)


def found_service(line: Line) -> str:
    """A casefile for what teams publish to the whole service: for every team's supervisors, and
    whoever a supervisor grants it to. Only supervisors found one. Gives its id."""
    me = line.vault.me
    if me is None or me.role != "supervisor":
        raise NotAllowed("only a supervisor publishes to the service")
    with line.lock:
        everybody = {c.person.hex() for c in line.directory.supervisors()}
    return _found(line, SERVICE, None, sorted(everybody))


def _found(line: Line, label: str, linked_to: str | None, persons: Iterable[str]) -> str:
    me = line.vault.me
    if me is None or me.role == "administrator":
        raise NotAllowed("administrators hold no casefiles")
    wanted = [bytes.fromhex(person) for person in persons]
    if wanted and me.role != "supervisor":
        raise NotAllowed("only a supervisor grants to others")
    with line.lock:
        members = founding_members(line.directory, line.file.device_id)
        for person in wanted:
            members |= {c.device: c for c in line.directory.of_person(person)}
        casefile = line.vault.found(receivers(members), linked_to=linked_to, label=label)
        line.grants_changed()
        return casefile


def founding_members(directory: Directory, device: bytes) -> dict[bytes, Certificate]:
    """Whom a casefile founded on this device is for: its person and her team's supervisors."""
    own = directory.certificate(device)
    if own is None:
        return {}
    found = [*directory.of_person(own.person), *directory.supervisors(own.team)]
    return {c.device: c for c in found if c.role not in NEVER_MEMBERS}


def receivers(members: Mapping[bytes, Certificate]) -> dict[bytes, bytes]:
    """Whom keys are sealed to: device id -> raw receiving key."""
    return {device: c.receiving for device, c in members.items()}


def offer_grants(line: Line) -> dict[str, str]:
    """Bring grants made here to the office; gives a word for each casefile (hex) it refused.

    A founding grant whose members have changed since it was made is made anew. One that should
    have gone onto another, left over from a broken connection, is settled by what the office has.
    """
    refused: dict[str, str] = {}
    for grant_id, packed in line.file.grants_to_offer():
        grant = read_grant(read_statement(packed))
        try:
            if grant.statement.prev == FIRST:
                _offer_founding(line, grant)
            elif grant_id not in {g.id for g in take_grants(line, grant.casefile)}:
                line.vault.drop_grant(grant_id)
        except (ChainRefused, NotYours, Stale):
            refused[grant.casefile.hex()] = "grant"
    return refused


def _offer_founding(line: Line, grant: Grant) -> None:
    for _ in range(_TRIES):
        standing = {d for d in grant.members if line.directory.in_good_standing(d)}
        if standing != set(grant.members):
            members = founding_members(line.directory, line.file.device_id)
            members |= {d: line.directory.devices[d] for d in standing}
            grant = line.vault.refound(grant.casefile, receivers(members))
            line.grants_changed()
        try:
            line.ask(line.office.grant, grant.statement.packed())
        except Stale:
            if not line.catch_up():
                raise
            continue
        line.vault.grant_offered(grant.id, line.roster)
        return
    raise Stale("the directory keeps changing")
