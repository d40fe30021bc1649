"""A supervisor's device at work: decisions carried out, and the directory followed.

A person's new device gets what the person has; a revoked one loses it and the key is changed.
Keys are sealed only to devices the directory certifies, and to none that an administrator
certified until a supervisor has admitted it. Everything goes by compare and set, so that two
supervisors' devices may be at it at once.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from storage.clock import milliseconds
from storage.errors import BadEnvelope
from storage.grants import Grant
from storage.statements import ROOT, Statement
from sync.directory import NEVER_MEMBERS, Certificate, Directory
from sync.errors import ChainRefused, Nonsense, NotYours, OfficeWithholds, Stale, SyncError
from sync.founding import RESTRICTED, SERVICE, TEAM, offer_grants
from sync.intake import pull_to_the_end, take_grants
from sync.line import Line, pending_casefiles
from sync.wishes import Wish, keep, wishes

log = logging.getLogger(__name__)

_TRIES: Final = 5


@dataclass(slots=True)
class CarriedOut:
    """What is left of the wishes, and a word for each casefile (hex) that went wrong."""

    left: list[Wish]
    doubted: dict[str, str]


def carry_out(line: Line) -> CarriedOut:
    """Do what was decided and what the directory's news asks for. The directory must be fresh.

    Only for supervisors' and administrators' devices; others have nothing to do here.
    """
    doubted: dict[str, str] = {}
    me = line.vault.me
    if me is None or me.role == "worker":
        return CarriedOut([], doubted)
    if line.settled == (line.directory.tip, line.grants_version, wishes(line)):
        return CarriedOut(wishes(line), doubted)
    left = [w for w in wishes(line) if not (w.what == "revoke" and _revoked(line, w))]
    keep(line, left)
    if me.role == "supervisor":
        for casefile in line.vault.casefiles():
            try:
                _put_right(line, bytes.fromhex(casefile.id))
            except (OfficeWithholds, Nonsense, BadEnvelope, NotYours, ChainRefused, Stale) as error:
                doubted[casefile.id] = "grant"
                log.warning("grant put off", extra={"why": type(error).__name__})
        left = [w for w in wishes(line) if not _fulfilled(line, w)]
        keep(line, left)
    if not doubted:
        line.settled = (line.directory.tip, line.grants_version, left)
    return CarriedOut(left, doubted)


def _revoked(line: Line, wish: Wish) -> bool:
    """Publish a revocation; gives whether it stands."""
    device = bytes.fromhex(wish.device)

    def statement(directory: Directory) -> Statement | None:
        known = directory.certificate(device)
        if known is None or (known.revoked is not None and known.wipe >= wish.wipe):
            return None
        known_ends = line.ask(line.office.chains, device)
        ends = {e.casefile: (e.n, e.id) for e in known_ends if e.n}
        for casefile in line.vault.casefiles():
            place = bytes.fromhex(casefile.id)
            here = line.vault.head(place, device)
            if here is not None and here[0] > ends.get(place, (0, b""))[0]:
                raise OfficeWithholds("the office hides how far a device's changes reach")
        return directory.revoke(
            line.vault.signing_key,
            line.file.device_id,
            device,
            last=ends,
            inboxes={e.casefile: e.inbox for e in known_ends if e.inbox},
            wipe=wish.wipe,
            at=milliseconds(line.file.surroundings.clock.now()),
        )

    line.publish(statement)
    return True


def _put_right(line: Line, casefile: bytes) -> None:
    """Bring one casefile's members to what they should be, by compare and set."""
    if casefile.hex() in pending_casefiles(line):
        offer_grants(line)
    for attempt in range(_TRIES):
        if attempt:
            line.catch_up()
            take_grants(line, casefile)
        chain = line.vault.grants(casefile)
        current = chain[-1]
        decided = wishes(line)
        wanted = wanted_members(line.directory, chain, decided, admitted_devices(line, decided))
        if wanted == set(current.members) or line.file.device_id not in wanted:
            return
        gone = set(current.members) - wanted
        _keep_for_return(line, casefile, gone, wanted)
        last = {d: at for d, at in current.last.items() if d not in wanted}
        if gone:
            pull_to_the_end(line, casefile)
            last |= {d: line.vault.head(casefile, d) or (0, bytes(32)) for d in gone}
        made = line.vault.regrant(
            casefile,
            {d: line.directory.devices[d].receiving for d in sorted(wanted)},
            rotate=bool(gone),
            last=last,
        )
        try:
            line.ask(line.office.grant, made.statement.packed())
        except Stale:
            line.vault.drop_grant(made.id)
            continue
        except SyncError as error:
            if error.permanent:
                line.vault.drop_grant(made.id)
            raise
        line.vault.grant_offered(made.id, line.roster)
        line.grants_changed()
        return
    raise Stale("others keep changing this casefile's members")


def _keep_for_return(
    line: Line, casefile: bytes, gone: Collection[bytes], wanted: Collection[bytes]
) -> None:
    """Somebody's last device is lost: what it could read waits for her next one."""
    staying = {line.directory.devices[d].person for d in wanted}
    lost = {line.directory.devices[d].person for d in gone} - staying
    decided = wishes(line)
    known = {(w.casefile, w.person) for w in decided}
    more = [
        Wish(what="grant", casefile=casefile.hex(), person=person.hex())
        for person in sorted(lost)
        if (casefile.hex(), person.hex()) not in known
    ]
    if more:
        keep(line, decided + more)


def wanted_members(
    directory: Directory,
    chain: Sequence[Grant],
    decided: Iterable[Wish],
    admitted: Collection[bytes],
) -> set[bytes]:
    """The devices that should be in a casefile, by the directory, its grants and what is decided.

    Everybody who is in it keeps it, on all her devices. Of a family's and a team's casefile also
    the supervisors of the team it was founded in are members, unless one was taken out; of a
    team's, everybody in the team; of the whole service's, every team's supervisors.
    """
    first, current = chain[0], chain[-1]
    casefile = current.casefile
    about = [w for w in decided if w.casefile == casefile.hex()]
    granted = {bytes.fromhex(w.person) for w in about if w.what == "grant"}
    removed = {bytes.fromhex(w.person) for w in about if w.what == "remove"}
    inside = {directory.devices[d].person for d in current.members}
    put_out = {
        directory.devices[d].person
        for d in current.last
        if directory.in_good_standing(d) and directory.devices[d].person not in inside
    }
    founder = directory.certificate(first.statement.signer)
    team = casefile if current.label == TEAM else (founder.team if founder else None)

    def belongs(c: Certificate) -> bool:
        if c.person in removed:
            return False
        if c.person in inside | granted:
            return True
        if current.label == SERVICE:
            return c.role == "supervisor" and c.person not in put_out
        if current.label == RESTRICTED or team is None or c.team != team or c.person in put_out:
            return False
        return current.label == TEAM or c.role == "supervisor"

    return {
        c.device
        for c in directory.devices.values()
        if c.revoked is None
        and c.role not in NEVER_MEMBERS
        and belongs(c)
        and (c.device in current.members or trusted(directory, c, admitted))
    }


def trusted(directory: Directory, c: Certificate, admitted: Collection[bytes]) -> bool:
    """Whether keys may be sealed to a device without a supervisor looking at it once more."""
    if c.by == ROOT or c.device in admitted:
        return True
    by = directory.certificate(c.by)
    return by is not None and by.role == "supervisor"


def admitted_devices(line: Line, decided: Iterable[Wish]) -> set[bytes]:
    """Devices that some supervisor has let in already, or decided to."""
    inside: set[bytes] = {bytes.fromhex(w.device) for w in decided if w.what == "admit"}
    for casefile in line.vault.casefiles():
        inside.update(bytes.fromhex(m) for m in casefile.members)
    return inside


def _fulfilled(line: Line, wish: Wish) -> bool:
    directory = line.directory
    if wish.what == "revoke":
        known = directory.certificate(bytes.fromhex(wish.device))
        return known is None or (known.revoked is not None and known.wipe >= wish.wipe)
    members: Mapping[str, Collection[str]] = {c.id: c.members for c in line.vault.casefiles()}
    if wish.what == "admit":
        return any(wish.device in m for m in members.values())
    here = members.get(wish.casefile)
    if here is None:
        return True
    devices = {c.device.hex() for c in directory.of_person(bytes.fromhex(wish.person))}
    if wish.what == "grant":
        return bool(devices) and devices <= set(here)
    return not devices & set(here)
