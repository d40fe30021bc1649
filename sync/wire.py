"""The calls of `sync.protocol.Office` as they travel: one table that both ends read.

A request is a msgpack map with exactly the named fields, an answer a msgpack value; dataclasses
travel as lists of their fields. The table also yields the office's manual. An error travels as a
stable code and a sentence. Must not know how a request is carried or what is done with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from storage.envelope import Head
from storage.inbox import MAX_ENTRY_BYTES, Entry
from storage.signed import MAX_ORDER_BYTES
from storage.statements import MAX_STATEMENT_BYTES
from sync import errors
from sync.forms import (
    MAX_BODY_BYTES,
    Form,
    Malformed,
    binary,
    fixed,
    nothing,
    one_of,
    pack,
    pair,
    perhaps,
    row,
    run,
    several,
    text,
    truth,
    unpack,
    whole,
)
from sync.protocol import (
    MAX_BATCH_BYTES,
    MAX_CASEFILES,
    MAX_ENTRIES,
    MAX_ORDERS,
    CasefileGrants,
    ChainAnswer,
    ChainEnd,
    ChainReach,
    Cursor,
    DeskIdentity,
    DeviceSeen,
    Enrolment,
    EnrolmentState,
    EntryAnswer,
    InboxPage,
    Login,
    OrderAnswer,
    OrderState,
    Page,
    ParkedDraft,
    Position,
    Standings,
)

MEDIA_TYPE: Final = "application/msgpack"
MAX_DRAFT_BYTES: Final = 1024 * 1024
MAX_REQUEST_BYTES: Final = 4096
"""A joiner's request: a few keys and ids."""
_MANY: Final = 1_000_000  # answers are bounded by the office; this only refuses nonsense

CASEFILE: Final = fixed(16, "casefile id")
DEVICE: Final = fixed(16, "device id")
_STATEMENT: Final = binary(MAX_STATEMENT_BYTES, "a signed statement, packed", 1)
_LOOKUP: Final = binary(64, "the invite's lookup id", 16)
_LOOKUP_HASH: Final = fixed(32, "SHA-256 of the invite's lookup id")
_RUN: Final = run(100_000, 2 * MAX_BATCH_BYTES)  # finer limits are the office's, said per chain
_HEAD: Final = row(
    Head,
    casefile=CASEFILE,
    device=DEVICE,
    n=whole("number of the change"),
    id=fixed(32, "id of that change"),
    signature=fixed(64, "Ed25519"),
)
_PAGE: Final = row(
    Page,
    casefile=CASEFILE,
    after=whole("position the page starts after"),
    next=whole("position of its last change"),
    top=whole("highest position there is"),
    runs=several(_RUN, _MANY),
    heads=several(_HEAD, _MANY),
)
_POSITION: Final = row(
    Position,
    casefile=CASEFILE,
    top=whole("highest sequence number"),
    grant=fixed(32, "id of the current grant"),
    inbox=whole("things in the casefile's inbox"),
)
_ENTRY: Final = row(
    Entry,
    header=binary(128, "where it belongs, exact bytes", 1),
    item=binary(MAX_ENTRY_BYTES, "the sealed entry, or once redacted its SHA-256", 32),
    signature=fixed(64, "Ed25519 by the device"),
)
_CURSOR: Final = row(Cursor, casefile=CASEFILE, after=whole("how far this device has read"))
_REFERENCE: Final = fixed(16, "the order's reference")
_CODE: Final = perhaps(text(32, "why it was not taken"))
_DRAFT: Final = row(
    ParkedDraft,
    draft=fixed(16, "draft id"),
    casefile=CASEFILE,
    device=DEVICE,
    person=fixed(16, "person id"),
    kid=fixed(16, "which casefile key opens it"),
    sealed=binary(MAX_DRAFT_BYTES, "the sealed draft", 1),
    signature=fixed(64, "Ed25519 by the device"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call: what it takes and gives. `token` says whether it needs a login."""

    name: str
    request: Mapping[str, Form[object]]
    answer: Form[object]
    token: bool
    says: str
    optional: frozenset[str] = frozenset()

    @property
    def path(self) -> str:
        return f"/v1/{self.name.replace('_', '-')}"

    def pack_request(self, **values: object) -> bytes:
        return pack(values)

    def unpack_request(self, encoded: bytes) -> dict[str, object]:
        """The arguments of the call; raises Malformed for anything missing, odd or unknown."""
        found = unpack(encoded)
        if type(found) is not dict or not found.keys() <= self.request.keys():
            raise Malformed
        if not self.request.keys() - self.optional <= found.keys():
            raise Malformed
        return {name: self.request[name].read(value) for name, value in found.items()}

    def pack_answer(self, value: object) -> bytes:
        return pack(value)

    def unpack_answer(self, encoded: bytes) -> object:
        """What the office's method gives; raises Malformed."""
        return self.answer.read(unpack(encoded))


def _call(
    name: str,
    says: str,
    answer: Form[object],
    *,
    token: bool = True,
    optional: tuple[str, ...] = (),
    **request: Form[object],
) -> Call:
    return Call(
        name=name,
        request=request,
        answer=answer,
        token=token,
        says=says,
        optional=frozenset(optional),
    )


_CHAIN_ANSWERS: Final = several(
    row(
        ChainAnswer,
        casefile=CASEFILE,
        device=DEVICE,
        accepted=whole("highest n the office holds"),
        refused=perhaps(text(32, "why the rest was not taken")),
        quarantined=truth("safe, but waiting for a supervisor"),
        top=whole("sequence number of change `accepted`, 0 when it is not in the log"),
    ),
    _MANY,
)
_DONE: Final = nothing()
_STATEMENTS: Final = several(_STATEMENT, _MANY)
_TOKEN_BYTES: Final = 32

_TABLE: Final = (
    _call(
        "found_organisation",
        "Claim an empty office for a new organisation.",
        _DONE,
        token=False,
        optional=("claim",),
        root_public=fixed(32, "the organisation's root Ed25519 key"),
        statements=several(_STATEMENT, 16),
        claim=text(64, "the code the office printed when it was first started"),
    ),
    _call(
        "challenge",
        "Ask for bytes to sign. They serve once, for two minutes.",
        fixed(32, "the challenge"),
        token=False,
        device=DEVICE,
    ),
    _call(
        "login",
        "Answer a challenge with the device's login key.",
        row(
            Login,
            token=fixed(_TOKEN_BYTES, "good for 15 minutes"),
            standing=one_of(("certified", "revoked"), "how the device stands"),
            wipe=truth("drop your keys"),
            office_time=whole("milliseconds since 1970"),
        ),
        token=False,
        device=DEVICE,
        challenge=fixed(32, "what `challenge` gave"),
        signature=fixed(64, "Ed25519 by the login key"),
    ),
    _call(
        "standings",
        "What is new for this device.",
        row(
            Standings,
            directory=whole("statements in the directory"),
            positions=several(_POSITION, _MANY),
            parked=whole("drafts waiting for this person"),
            quarantined=whole("changes waiting for this supervisor"),
            office_time=whole("milliseconds since 1970"),
            restored=binary(16, "of the last restore from a backup; empty when there was none"),
        ),
    ),
    _call(
        "directory",
        "Directory statements from a position on; bounded, so ask again.",
        _STATEMENTS,
        after=whole("position of the first one wanted, 0 is the very first"),
    ),
    _call(
        "publish",
        "Append one statement to the directory, onto its current end.",
        _DONE,
        statement=_STATEMENT,
    ),
    _call(
        "chains",
        "How far a device's chains reach; administrators and supervisors.",
        several(
            row(
                ChainEnd,
                casefile=CASEFILE,
                n=whole("number of the change"),
                id=fixed(32, "its id"),
                inbox=whole("number of its last entry in the inbox, 0 for none"),
            ),
            _MANY,
        ),
        device=DEVICE,
    ),
    _call(
        "grants",
        "All grants of a casefile of mine, oldest first.",
        _STATEMENTS,
        casefile=CASEFILE,
    ),
    _call(
        "grants_several",
        "All grants of several casefiles of mine; bounded, so ask again for the rest.",
        several(row(CasefileGrants, casefile=CASEFILE, statements=_STATEMENTS), _MANY),
        casefiles=several(CASEFILE, MAX_CASEFILES),
    ),
    _call(
        "grant",
        "Put a grant onto the current one, or found a casefile.",
        _DONE,
        statement=_STATEMENT,
    ),
    _call(
        "push",
        "Store sealed changes; each chain is answered by itself.",
        _CHAIN_ANSWERS,
        optional=("drops",),
        runs=several(_RUN, 10_000),
        heads=several(_HEAD, 10_000),
        drops=several(fixed(32, "id of a redacted change"), 10_000),
    ),
    _call(
        "reaches",
        "After a restore: how far every chain reaches in the logs of my casefiles.",
        several(
            row(
                ChainReach,
                casefile=CASEFILE,
                device=DEVICE,
                n=whole("number of its last change"),
            ),
            _MANY,
        ),
    ),
    _call(
        "hand_back",
        "After a restore: changes of anybody's, in my casefiles, that the office has lost.",
        _CHAIN_ANSWERS,
        runs=several(_RUN, 10_000),
        heads=several(_HEAD, 10_000),
    ),
    _call(
        "pull",
        "The next changes of one casefile after a position, with the heads that cover them.",
        _PAGE,
        casefile=CASEFILE,
        after=whole("how far this device has read"),
    ),
    _call(
        "pull_several",
        "A page each of several casefiles; bounded together, so ask again for the rest.",
        several(_PAGE, _MANY),
        wanted=several(_CURSOR, MAX_CASEFILES),
    ),
    _call(
        "park",
        "Leave sealed drafts for the same person's next device.",
        _DONE,
        drafts=several(_DRAFT, 1000),
    ),
    _call("parked", "Drafts waiting for this person.", several(_DRAFT, _MANY)),
    _call(
        "unpark",
        "These drafts were taken over.",
        _DONE,
        drafts=several(fixed(16, "draft id"), 10_000),
    ),
    _call(
        "quarantined",
        "Changes of revoked or removed devices in casefiles of mine; supervisors.",
        several(_PAGE, _MANY),
    ),
    _call(
        "settle_quarantine",
        "A device's changes up to one were adopted or set aside; supervisors.",
        _DONE,
        casefile=CASEFILE,
        device=DEVICE,
        upto=whole("number of the last one settled"),
    ),
    _call(
        "invite",
        "Announce an invite; administrators and supervisors.",
        _DONE,
        lookup=_LOOKUP_HASH,
        expires=whole("milliseconds since 1970; at most 24 hours ahead"),
    ),
    _call("withdraw_invite", "Take an invite of mine back.", _DONE, lookup=_LOOKUP_HASH),
    _call(
        "enrolments",
        "Requests that came in on this device's invites.",
        several(
            row(
                Enrolment,
                invite=_LOOKUP_HASH,
                request=binary(MAX_REQUEST_BYTES, "the joiner's request"),
                mac=fixed(32, "HMAC under the invite's secret"),
                at=whole("milliseconds since 1970"),
            ),
            _MANY,
        ),
    ),
    _call(
        "enrol",
        "Ask to join with an invite.",
        _DONE,
        token=False,
        lookup_id=_LOOKUP,
        request=binary(MAX_REQUEST_BYTES, "the joiner's request", 1),
        mac=fixed(32, "HMAC under the invite's secret"),
    ),
    _call(
        "enrolment",
        "Whether a request to join has been granted.",
        row(
            EnrolmentState,
            state=one_of(("waiting", "certified"), "how the request stands"),
            directory=_STATEMENTS,
        ),
        token=False,
        lookup_id=_LOOKUP,
    ),
    _call(
        "recover",
        "Rebuild from the recovery key: the whole directory and every casefile's grants.",
        pair(_STATEMENTS, _STATEMENTS),
        token=False,
        statements=several(_STATEMENT, 16),
    ),
    _call(
        "desk",
        "Who the office's reminder desk is.",
        row(
            DeskIdentity,
            device=DEVICE,
            person=fixed(16, "person id"),
            signing=fixed(32, "Ed25519 key"),
            login=fixed(32, "Ed25519 key"),
            receiving=fixed(32, "X25519 key: capsules and alarms are sealed to it"),
            proof=fixed(64, "Ed25519 by the signing key over all of it"),
        ),
        token=False,
    ),
    _call(
        "put_orders",
        "Hand in signed orders for the reminder desk; each is answered by itself.",
        several(
            row(
                OrderAnswer,
                reference=_REFERENCE,
                accepted=truth("the desk has it"),
                refused=_CODE,
                state=text(32, "what the desk makes of it"),
            ),
            _MANY,
        ),
        orders=several(binary(MAX_ORDER_BYTES, "an order, packed", 1), MAX_ORDERS),
    ),
    _call(
        "withdrawals_done",
        "This device has just handed in every stop and withdrawal that it had.",
        _DONE,
    ),
    _call(
        "orders_state",
        "How alarms of mine stand.",
        several(
            row(OrderState, reference=_REFERENCE, state=text(32, "how it stands")),
            _MANY,
        ),
        references=several(_REFERENCE, MAX_ORDERS),
    ),
    _call(
        "inbox_write",
        "Leave sealed entries in inboxes; each is answered by itself.",
        several(
            row(
                EntryAnswer,
                entry=fixed(16, "the entry's id"),
                accepted=truth("the office has it"),
                refused=_CODE,
            ),
            _MANY,
        ),
        entries=several(_ENTRY, MAX_ENTRIES),
    ),
    _call(
        "inbox_pull",
        "What was left in inboxes of mine; bounded together, so ask again for the rest.",
        several(
            row(
                InboxPage,
                casefile=CASEFILE,
                after=whole("number the page starts after"),
                next=whole("number of its last entry"),
                top=whole("highest number there is"),
                entries=several(_ENTRY, _MANY),
            ),
            _MANY,
        ),
        wanted=several(_CURSOR, MAX_CASEFILES),
    ),
    _call(
        "devices_seen",
        "When the office last heard from each device; administrators and supervisors.",
        several(
            row(
                DeviceSeen,
                device=DEVICE,
                last_seen=perhaps(whole("milliseconds since 1970")),
                wipe_pending=truth("asked to drop its keys, and has not said so"),
            ),
            _MANY,
        ),
    ),
    _call("wiped", "A revoked device says that its keys are gone.", _DONE),
)

CALLS: Final[Mapping[str, Call]] = {call.name: call for call in _TABLE}

HTTPS_REQUIRED: Final = "https-required"
OFFICE_FAULT: Final = "office-fault"
BUSY: Final = "busy"

CODES: Final[Mapping[str, type[errors.SyncError]]] = {
    "not-understood": errors.NotUnderstood,
    "device-unknown": errors.DeviceUnknown,
    "device-revoked": errors.DeviceRevoked,
    "signed-out": errors.SignedOut,
    "not-yours": errors.NotYours,
    "stale": errors.Stale,
    "refused": errors.ChainRefused,
    "too-much": errors.TooMuch,
    "invite-refused": errors.InviteRefused,
    "not-our-office": errors.NotOurOffice,
    HTTPS_REQUIRED: errors.UntrustedConnection,
    # The office is in trouble, not the caller: as good as unreachable, and worth another try.
    OFFICE_FAULT: errors.Offline,
    BUSY: errors.Offline,
}
_CODE_OF: Final[Mapping[type[errors.SyncError], str]] = {
    kind: code for code, kind in CODES.items() if kind is not errors.Offline
}


def code_of(error: errors.SyncError) -> str:
    """The stable code of an error; raises KeyError for one that the office never says."""
    return _CODE_OF[type(error)]


def pack_error(code: str, sentence: str, reason: str = "") -> bytes:
    """An error as it travels: never with a stack, SQL or anything the caller sent."""
    return pack({"code": code, "sentence": sentence, "reason": reason})


def unpack_error(encoded: bytes) -> errors.SyncError:
    """The error a device raises for what the office answered; raises Malformed for nonsense."""
    found = unpack(encoded)
    if type(found) is not dict:
        raise Malformed
    code, sentence, reason = found.get("code"), found.get("sentence"), found.get("reason", "")
    kind = CODES.get(code) if type(code) is str else None
    if kind is None or type(sentence) is not str or type(reason) is not str or len(reason) > 32:
        raise Malformed
    if kind is errors.InviteRefused:
        return errors.InviteRefused(reason)
    return kind(sentence[:200])


__all__ = [
    "CALLS",
    "CODES",
    "MAX_BODY_BYTES",
    "MEDIA_TYPE",
    "Call",
    "Malformed",
    "code_of",
    "pack_error",
    "unpack_error",
]
