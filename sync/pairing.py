"""How a new device gets in: invited by somebody in, asked for by the joiner, checked, certified.

    request = msgpack [1, org, device, signing, login, receiving, replaces or nil]
    mac     = HMAC under the invite's secret (see sync.invite)

The office carries the request and cannot make one: only the inviter's app can check the HMAC, and
only a certificate in the signed directory lets a device in. Invites wait sealed in the vault of
the device that made them.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final, cast

import msgpack

from storage.clock import milliseconds, moment_of_milliseconds
from storage.errors import BadEnvelope, NotAllowed, NotJoined
from storage.secrets import Membership
from storage.statements import Statement
from storage.vault import Vault
from sync.carrying_out import carry_out
from sync.directory import DESK, Certificate, Directory, Role
from sync.errors import InviteRefused, Nonsense, NotOurOffice, Offline
from sync.invite import Invite, as_link, new_invite, read_invite
from sync.line import Line, check_office
from sync.protocol import INVITE_LIFE_S, Office
from sync.wishes import Wish, add

log = logging.getLogger(__name__)

_INVITES: Final = "pairing/invites"
_JOINING: Final = "pairing/joining"
_NOT_ASKED: Final = "pairing/not_asked"
"""The request to join, until the office has answered that it took it."""
_VERSION: Final = 1
_KEPT_FOR: Final = timedelta(days=8)
"""How long an unanswered invite is remembered: the office keeps requests for a week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInvite:
    """An invite made on this device. `link` is the invite itself: as secret as a key.

    Ids are hex; `person` is who will be behind the new device.
    """

    lookup: str
    link: str
    person: str
    role: Role
    team: str | None
    expires: datetime

    def __repr__(self) -> str:
        return f"OpenInvite({self.lookup[:8]})"

    @property
    def invite(self) -> Invite:
        return read_invite(self.link)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A request to join on one of this device's invites.

    `genuine`: it was made with the invite and arrived unaltered; otherwise decline it and make a
    new one. `replaces` is the device (hex) of the same person that it takes the place of.
    """

    invite: OpenInvite
    device: str
    at: datetime
    genuine: bool
    replaces: str | None
    request: bytes


# -- the inviter -------------------------------------------------------------------------------


def make_invite(
    line: Line, *, inviter: str, role: Role = "worker", person: str | None = None
) -> OpenInvite:
    """Invite somebody into this device's team, for 24 hours and one device.

    `inviter` is the first name that the joiner will see. `person` (hex) is given when somebody
    who is known pairs another device, or again; otherwise a new person begins. Raises NotAllowed
    for workers and when the role is not this one's to give, Offline without a signal.
    """
    me = line.vault.me
    if me is None:
        raise NotJoined("this device does not belong to an organisation yet")
    if (
        me.role == "worker"
        or role == DESK  # a desk is certified by its code, never by an invite
        or (me.role == "administrator" and role == "supervisor")
    ):
        raise NotAllowed("this device's role does not permit that")
    surroundings = line.file.surroundings
    invite = new_invite(me.office_url, line.org, inviter, surroundings.randomness)
    expires = surroundings.clock.now() + timedelta(seconds=INVITE_LIFE_S)
    made = OpenInvite(
        lookup=invite.lookup.hex(),
        link=as_link(invite),
        person=person or surroundings.randomness(16).hex(),
        role=role,
        team=None if role == "administrator" else me.team,
        expires=expires,
    )
    with line.lock:
        # Remembered before it is announced: an announced invite that nobody can check is lost.
        _keep_invites(line.vault, [*invites(line.vault), made])
        line.ask(line.office.invite, invite.lookup, line_expiry(line))
    return made


def line_expiry(line: Line) -> int:
    """24 hours from now by the office's clock, whatever this device's clock says."""
    return line.ask(line.office.standings).office_time + INVITE_LIFE_S * 1000 - 1000


def invites(vault: Vault) -> list[OpenInvite]:
    """Invites made on this device and not used up, expired ones of the last days included."""
    kept = vault.secret(_INVITES)
    if kept is None:
        return []
    oldest = vault.device_file.surroundings.clock.now() - _KEPT_FOR
    found = [
        OpenInvite(**{**each, "expires": moment_of_milliseconds(each["expires"])})
        for each in msgpack.unpackb(kept)
    ]
    return [i for i in found if i.expires > oldest]


def withdraw(line: Line, lookup: str) -> None:
    """Take an invite back, or decline the request that came in on it."""
    with line.lock:
        line.ask(line.office.withdraw_invite, bytes.fromhex(lookup))
        _keep_invites(line.vault, [i for i in invites(line.vault) if i.lookup != lookup])


def pending(line: Line) -> list[Pending]:
    """Requests to join that wait for this device's owner."""
    with line.lock:
        known = {i.lookup: i for i in invites(line.vault)}
        found: list[Pending] = []
        for enrolment in line.ask(line.office.enrolments):
            invite = known.get(enrolment.invite.hex())
            if invite is None:
                continue
            asked = _read_request(line.org, enrolment.request)
            found.append(
                Pending(
                    invite=invite,
                    device=asked.device.hex() if asked else "",
                    at=moment_of_milliseconds(enrolment.at),
                    genuine=asked is not None
                    and invite.invite.vouches_for(enrolment.request, enrolment.mac),
                    replaces=asked.replaces.hex() if asked and asked.replaces else None,
                    request=enrolment.request,
                )
            )
        return found


def approve(line: Line, request: Pending) -> None:
    """Certify a joiner. On a supervisor's device the casefiles follow at once; a device that is
    replaced loses its access.

    May be repeated. Raises NotAllowed for a request that is not genuine, Offline without a signal.
    """
    asked = _read_request(line.org, request.request)
    if not request.genuine or asked is None:
        raise NotAllowed("a request that does not bear its invite's mark is not approved")
    invite = request.invite
    certificate = Certificate(
        device=asked.device,
        person=bytes.fromhex(invite.person),
        role=invite.role,
        team=bytes.fromhex(invite.team) if invite.team else None,
        signing=asked.signing,
        login=asked.login,
        receiving=asked.receiving,
    )

    def statement(directory: Directory) -> Statement | None:
        if directory.certificate(asked.device) is not None:
            return None
        at = milliseconds(line.file.surroundings.clock.now())
        return directory.certify(line.vault.signing_key, line.file.device_id, certificate, at)

    with line.lock:
        line.publish(statement)
        old = line.directory.certificate(asked.replaces) if asked.replaces else None
        if old is not None and old.person == certificate.person and old.revoked is None:
            add(line, [Wish(what="revoke", device=old.device.hex(), wipe=True)])
        _keep_invites(line.vault, [i for i in invites(line.vault) if i.lookup != invite.lookup])
        try:
            carry_out(line)
        except Offline:
            log.info("grants wait for the next contact")


def _keep_invites(vault: Vault, left: Sequence[OpenInvite]) -> None:
    packed = [{**asdict(i), "expires": milliseconds(i.expires)} for i in left]
    vault.keep_secret(_INVITES, cast(bytes, msgpack.packb(packed)) if packed else None)


# -- the joiner --------------------------------------------------------------------------------


def join(vault: Vault, office: Office, invite: Invite, *, replaces: bytes | None = None) -> None:
    """Ask to be let in; then `poll` until somebody has opened the inviter's app.

    `replaces` is the id of this person's device that the new one takes the place of. Raises
    NotOurOffice when another organisation answers at the address and InviteRefused("used" |
    "expired" | "unknown"): then the invite is forgotten. Offline, or anything that may pass:
    `poll` asks.
    """
    public = vault.public
    request = cast(
        bytes,
        msgpack.packb(
            [
                _VERSION,
                invite.org,
                public.device,
                public.signing,
                public.login,
                public.receiving,
                replaces,
            ]
        ),
    )
    # Remembered first: with the reply lost, the same request is sent and answered again.
    vault.keep_secret(_NOT_ASKED, request)
    vault.keep_secret(_JOINING, as_link(invite).encode())
    _ask(vault, office, invite)


def joining(vault: Vault) -> Invite | None:
    """The invite this device waits on, also after the app was closed."""
    kept = vault.secret(_JOINING)
    return read_invite(kept.decode()) if kept is not None else None


def has_asked(vault: Vault) -> bool:
    """Whether the office has this device's request; False while it could not be reached."""
    return vault.secret(_NOT_ASKED) is None


def may_serve(office: Office, invite: Invite) -> None:
    """Raise what `join` would raise for an invite that is plainly over, changing nothing.

    One on which somebody else waits cannot be told from a fresh one: only `join` finds that.
    Raises Offline without a signal.
    """
    check_office(office, invite.org)
    if office.enrolment(invite.lookup_id).state == "certified":
        raise InviteRefused("used")


def _ask(vault: Vault, office: Office, invite: Invite) -> None:
    request = vault.secret(_NOT_ASKED)
    if request is None:
        return
    try:
        check_office(office, invite.org)
        office.enrol(invite.lookup_id, request, invite.mac(request))
    except (InviteRefused, NotOurOffice):
        give_up(vault)  # nobody will ever let it in on this one
        raise
    vault.keep_secret(_NOT_ASKED, None)


def give_up(vault: Vault) -> None:
    """Wait no longer, so that another invite can be used."""
    vault.keep_secret(_JOINING, None)
    vault.keep_secret(_NOT_ASKED, None)


def poll(vault: Vault, office: Office) -> Membership | None:
    """Whether somebody has let this device in: who it is now, or None while it waits.

    Asks first where `join` did not get through. The directory is believed only if it begins with
    the root that the invite named, and only the certificate that carries this device's own keys
    counts. Raises InviteRefused and NotOurOffice, which are final, Nonsense and Offline.
    """
    invite = joining(vault)
    if invite is None:
        if vault.me is None:
            raise InviteRefused("unknown")
        return vault.me
    _ask(vault, office, invite)
    try:
        state = office.enrolment(invite.lookup_id)
    except InviteRefused:
        give_up(vault)  # taken back, or declined
        raise
    if state.state == "waiting":
        return None
    try:
        directory = Directory.from_statements(invite.org, state.directory)
    except BadEnvelope as error:
        raise Nonsense("the directory is not the one that the invite speaks of") from error
    public = vault.public
    mine = directory.certificate(public.device)
    if (
        mine is None
        or directory.recovery_public is None
        or (mine.signing, mine.login, mine.receiving)
        != (public.signing, public.login, public.receiving)
    ):
        raise Nonsense("the office says this device is in, and the directory does not")
    if not vault.directory_statements():
        vault.keep_directory(list(state.directory))
    vault.join(
        org=directory.org,
        person=mine.person,
        role=mine.role,
        team=mine.team,
        office_url=invite.address,
        recovery_public=directory.recovery_public,
    )
    give_up(vault)
    return vault.me


@dataclass(frozen=True, slots=True)
class _Request:
    device: bytes
    signing: bytes
    login: bytes
    receiving: bytes
    replaces: bytes | None


def _read_request(org: bytes, packed: bytes) -> _Request | None:
    """A joiner's request; None when it has another form or is for another organisation."""
    try:
        version, of, device, signing, login, receiving, replaces = msgpack.unpackb(packed)
    except (ValueError, TypeError):
        return None
    sizes = ((of, 16), (device, 16), (signing, 32), (login, 32), (receiving, 32))
    if (
        version != _VERSION
        or of != org
        or not all(type(part) is bytes and len(part) == size for part, size in sizes)
        or not (replaces is None or (type(replaces) is bytes and len(replaces) == 16))
    ):
        return None
    return _Request(device, signing, login, receiving, replaces)
