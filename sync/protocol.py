"""What a device and the office say to each other: one `Office`, spoken over HTTP and in process.

`sync.client.HttpOffice` and the office itself both implement this, so neither can drift. Every
call may be repeated: what was already done is answered the same way again. Ids are raw bytes.
Calls without a token are those made before there is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from storage.envelope import Head
from storage.inbox import Entry
from storage.runs import Run

MAX_BATCH_CHANGES: Final = 1000
MAX_BATCH_BYTES: Final = 2 * 1024 * 1024
MAX_CASEFILES: Final = 1000
"""How many casefiles one call may ask about."""
MAX_ORDERS: Final = 256
MAX_ENTRIES: Final = 256
"""How many orders, or entries for inboxes, one call may hand in; together `MAX_BATCH_BYTES`."""
TOKEN_LIFE_S: Final = 15 * 60
INVITE_LIFE_S: Final = 24 * 60 * 60
RECOVERY_CONTEXT: Final = "recovery"

Standing = Literal["certified", "revoked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A token (opaque, 15 minutes), and how the device stands. `wipe`: drop your keys."""

    token: bytes
    standing: Standing
    wipe: bool
    office_time: int  # milliseconds since 1970 by the office's clock


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainAnswer:
    """How one (casefile, device) chain fared in a push.

    `accepted` is the highest n the office now holds; `refused` None or a code: "gap", "fork",
    "not-a-member", "redacted", "too-large", "bad-head". `quarantined` says that the changes are
    safe but wait for a supervisor (revoked device, removed member). `top` is the sequence number
    that change `accepted` has in its casefile, 0 when it is not in the log: a device that knew
    everything before its own changes need not pull them back.
    """

    casefile: bytes
    device: bytes
    accepted: int
    refused: str | None = None
    quarantined: bool = False
    top: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainEnd:
    """The last change (n, id) that the office took into a casefile's log from a device, 0 and
    zeros for none; `inbox` is the number of the last entry it left in the casefile's inbox."""

    casefile: bytes
    n: int
    id: bytes
    inbox: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainReach:
    """How far a device's chain reaches in a casefile's log."""

    casefile: bytes
    device: bytes
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """How far one casefile of mine reaches at the office: its top sequence number, its grant."""

    casefile: bytes
    top: int
    grant: bytes  # id of the current grant
    inbox: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Changes of one casefile after a cursor, in the office's order, with heads that cover them.

    The items of `runs`, taken in order, have sequence numbers `after`+1 … `next`. More to come
    when `next` < `top`.
    """

    casefile: bytes
    after: int
    next: int
    top: int
    runs: tuple[Run, ...]
    heads: tuple[Head, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How far a device has read a casefile: up to and including sequence number `after`."""

    casefile: bytes
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CasefileGrants:
    """One casefile's grants, oldest first, packed statements."""

    casefile: bytes
    statements: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """What is new for me: directory length, and my casefiles' positions."""

    directory: int
    positions: tuple[Position, ...]
    parked: int = 0  # drafts waiting for this person
    quarantined: int = 0  # changes waiting for this supervisor
    office_time: int = 0
    restored: bytes = b""
    """Random, new whenever the office's data was put back from a backup; empty before that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """A joiner's request as it reaches the inviter: exact bytes, HMAC under the invite's secret."""

    invite: bytes  # SHA-256 of the invite's lookup id
    request: bytes
    mac: bytes
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentState:
    """What a waiting joiner learns: "waiting" or "certified", then also the whole directory."""

    state: Literal["waiting", "certified"]
    directory: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedDraft:
    """A draft, sealed to its casefile and signed by the device that wrote it."""

    draft: bytes  # 16-byte id
    casefile: bytes
    device: bytes
    person: bytes
    kid: bytes
    sealed: bytes
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSeen:
    """When the office last heard from a device, milliseconds since 1970; for supervisors."""

    device: bytes
    last_seen: int | None
    wipe_pending: bool


UNATTENDED: Final = "unattended"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAnswer:
    """How one order fared. `reference` is 16 bytes, zeros for an order that could not be read.

    `refused` None or a code: "malformed", "not-ours", "unknown-device", "bad-signature",
    "revoked", "not-allowed", "not-a-member", "too-far" (more than 400 days ahead), "reference"
    (taken by another order), "too-many", "unattended" (nobody would ring just now: to be handed in
    again). `state` is what the desk makes of it.
    """

    reference: bytes
    accepted: bool
    refused: str | None = None
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderState:
    """How an alarm stands: "waiting", "ringing", "acknowledged", and so on."""

    reference: bytes
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryAnswer:
    """How one entry for an inbox fared: `refused` None or a code: "malformed", "not-ours",
    "unknown-device", "bad-signature", "not-yours" (no such casefile)."""

    entry: bytes
    accepted: bool
    refused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPage:
    """What was left in one casefile's inbox, in the office's order: its numbers `after`+1 …
    `next`. More to come when `next` < `top`."""

    casefile: bytes
    after: int
    next: int
    top: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskIdentity:
    """Who the office's reminder desk is: ids (16 bytes), raw public keys (32 bytes).

    `proof` is the desk's signature over all of it: see `sync.desk.vouched`. It is worth nothing
    until a supervisor has certified it.
    """

    device: bytes
    person: bytes
    signing: bytes
    login: bytes
    receiving: bytes
    proof: bytes


class Office(Protocol):
    """The blind relay. Raises the errors of `sync.errors` only."""

    def health(self) -> str:
        """The organisation's id in hex, or "" while the office belongs to nobody yet."""

    def found_organisation(
        self, root_public: bytes, statements: Sequence[bytes], claim: str = ""
    ) -> None:
        """Claim an empty office: the root's key and the first directory statements.

        `claim` is the code the office printed when it was first started; spaces, dashes and case
        do not matter. Raises InviteRefused("unknown") when it is wrong, NotOurOffice when the
        office belongs to another organisation already.
        """

    def challenge(self, device: bytes) -> bytes:
        """32 random bytes to sign within two minutes, once. `device` 16 zero bytes: to recover."""

    def login(self, device: bytes, challenge: bytes, signature: bytes) -> Login:
        """`signature`: login key, over joined("doorstep/login/1", org, device, challenge)."""

    def standings(self, token: bytes) -> Standings: ...

    def directory(self, token: bytes, after: int) -> tuple[bytes, ...]:
        """Packed statements from position `after` (0 is the first) on; bounded, so ask again.

        For revoked devices too: they check here that an order to wipe was signed.
        """

    def publish(self, token: bytes, statement: bytes) -> None:
        """Append one directory statement. Raises Stale when it does not follow on the last."""

    def chains(self, token: bytes, device: bytes) -> tuple[ChainEnd, ...]:
        """How far a device's chains reach in every casefile: the `last` of a revocation.

        For administrators and supervisors: who revokes may hold none of those casefiles.
        `publish` and `grant` raise Stale when more was taken since from a device they end.
        """

    def grants(self, token: bytes, casefile: bytes) -> tuple[bytes, ...]:
        """All grants of one casefile, oldest first, packed statements.

        For a removed member those up to the one that removed her.
        """

    def grants_several(
        self, token: bytes, casefiles: Sequence[bytes]
    ) -> tuple[CasefileGrants, ...]:
        """`grants` of several casefiles, in the order asked; bounded, so ask for the rest again.

        What is not the caller's is left out.
        """

    def grant(self, token: bytes, statement: bytes) -> None:
        """Put a grant onto the current one (or found a casefile). Raises Stale when it is not."""

    def push(
        self, token: bytes, runs: Sequence[Run], heads: Sequence[Head], drops: Sequence[bytes] = ()
    ) -> tuple[ChainAnswer, ...]:
        """Store changes; each chain is answered by itself.

        `drops` are ids of changes whose ciphertext is to be deleted (redaction; supervisors only).
        """

    def reaches(self, token: bytes) -> tuple[ChainReach, ...]:
        """After a restore: how far every chain reaches in the logs of my casefiles.

        Raises NotYours at an office that never was restored; so does `hand_back`.
        """

    def hand_back(
        self, token: bytes, runs: Sequence[Run], heads: Sequence[Head]
    ) -> tuple[ChainAnswer, ...]:
        """After a restore: changes of anybody's, in casefiles of mine, that the office has lost.

        Each chain is answered by itself. What its author was allowed to write goes into the log,
        up to the last change that a removal or revocation lets stand; nothing goes to quarantine.
        """

    def pull(self, token: bytes, casefile: bytes, after: int) -> Page: ...

    def pull_several(self, token: bytes, wanted: Sequence[Cursor]) -> tuple[Page, ...]:
        """A page each of several casefiles, in the order asked; together they are bounded as one
        page is, so ask for the rest again. What is not the caller's is left out."""

    def park(self, token: bytes, drafts: Sequence[ParkedDraft]) -> None:
        """Leave sealed drafts for the same person's next device."""

    def parked(self, token: bytes) -> tuple[ParkedDraft, ...]: ...

    def unpark(self, token: bytes, drafts: Sequence[bytes]) -> None: ...

    def quarantined(self, token: bytes) -> tuple[Page, ...]:
        """Changes of revoked or removed devices in casefiles of mine; supervisors only.

        One page for each (casefile, device); its `after`, `next` and `top` count that chain's n.
        Bounded: settle these and ask again.
        """

    def settle_quarantine(self, token: bytes, casefile: bytes, device: bytes, upto: int) -> None:
        """A supervisor has adopted or set aside a device's changes up to n = `upto`."""

    def invite(self, token: bytes, lookup: bytes, expires: int) -> None:
        """Announce an invite by the SHA-256 of its lookup id; administrators and supervisors."""

    def withdraw_invite(self, token: bytes, lookup: bytes) -> None: ...

    def enrolments(self, token: bytes) -> tuple[Enrolment, ...]:
        """Requests that came in on this device's invites and are not certified yet."""

    def enrol(self, lookup_id: bytes, request: bytes, mac: bytes) -> None:
        """Ask to join with an invite. Raises InviteRefused("used" | "expired" | "unknown")."""

    def enrolment(self, lookup_id: bytes) -> EnrolmentState: ...

    def recover(self, statements: Sequence[bytes]) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
        """Rebuild from the recovery key: gives the whole directory and every casefile's grants.

        The first statement proves that the root asks, now: context RECOVERY_CONTEXT, signer ROOT,
        prev FIRST, body {"challenge": what `challenge(ROOT)` gave}. Those after it are root-signed
        directory statements to publish first; without any, this only reads (to learn the tip).
        Raises NotOurOffice when the root did not sign, Stale when they do not follow on the tip.
        """

    def desk(self) -> DeskIdentity:
        """Who the office's reminder desk is; worth nothing until a supervisor certified it."""

    def put_orders(self, token: bytes, orders: Sequence[bytes]) -> tuple[OrderAnswer, ...]:
        """Hand in orders for the desk, packed; each is answered by itself, in the order given.

        Whoever hands them in, what counts is who signed them. For revoked devices too: their
        stops, withdrawals and check-outs are still taken.
        """

    def withdrawals_done(self, token: bytes) -> None:
        """This device has just handed in every stop and withdrawal that it had."""

    def orders_state(self, token: bytes, references: Sequence[bytes]) -> tuple[OrderState, ...]:
        """How alarms of this person stand, or of a casefile of hers; others are left out."""

    def inbox_write(self, token: bytes, entries: Sequence[Entry]) -> tuple[EntryAnswer, ...]:
        """Leave sealed entries in casefiles' inboxes; each is answered by itself, in order.

        For revoked devices too: their entries stand behind the end that the revocation names, and
        so wait for a supervisor.
        """

    def inbox_pull(self, token: bytes, wanted: Sequence[Cursor]) -> tuple[InboxPage, ...]:
        """A page each of the inboxes of several casefiles of mine, as `pull_several` gives them."""

    def devices_seen(self, token: bytes) -> tuple[DeviceSeen, ...]: ...

    def wiped(self, token: bytes) -> None:
        """A revoked device says that its keys are gone."""
