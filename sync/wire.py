"""The calls of `sync.protocol.Office` as they travel: one table that both ends read.

A request is a msgpack map with exactly the named fields, an answer a msgpack value; dataclasses
travel as lists of their fields. The table also yields the office's manual.
Must not know how a request is carried or what is done with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from storage.signed import MAX_ORDER_BYTES
from sync.forms import (
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
    several,
    text,
    truth,
    unpack,
    whole,
)
from sync.protocol import (
    MAX_CASEFILES,
    MAX_ENTRIES,
    MAX_ORDERS,
    CasefileGrants,
    ChainAnswer,
    ChainEnd,
    ChainReach,
    DeskIdentity,
    DeviceSeen,
    Enrolment,
    EnrolmentState,
    EntryAnswer,
    InboxPage,
    Login,
    OrderAnswer,
    OrderState,
    Standings,
)
from sync.wire_shapes import (
    CASEFILE,
    CODE,
    CURSOR,
    DEVICE,
    DRAFT,
    ENTRY,
    HEAD,
    LOOKUP,
    LOOKUP_HASH,
    MANY,
    MAX_REQUEST_BYTES,
    PAGE,
    POSITION,
    REFERENCE,
    RUN,
    STATEMENT,
)

MEDIA_TYPE: Final = "application/msgpack"


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
    MANY,
)
_DONE: Final = nothing()
_STATEMENTS: Final = several(STATEMENT, MANY)
_TOKEN_BYTES: Final = 32

_TABLE: Final = (
    _call(
        "found_organisation",
        "Claim an empty office for a new organisation.",
        _DONE,
        token=False,
        optional=("claim",),
        root_public=fixed(32, "the organisation's root Ed25519 key"),
        statements=several(STATEMENT, 16),
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
            positions=several(POSITION, MANY),
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
        statement=STATEMENT,
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
            MANY,
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
        several(row(CasefileGrants, casefile=CASEFILE, statements=_STATEMENTS), MANY),
        casefiles=several(CASEFILE, MAX_CASEFILES),
    ),
    _call(
        "grant",
        "Put a grant onto the current one, or found a casefile.",
        _DONE,
        statement=STATEMENT,
    ),
    _call(
        "push",
        "Store sealed changes; each chain is answered by itself.",
        _CHAIN_ANSWERS,
        optional=("drops",),
        runs=several(RUN, 10_000),
        heads=several(HEAD, 10_000),
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
            MANY,
        ),
    ),
    _call(
        "hand_back",
        "After a restore: changes of anybody's, in my casefiles, that the office has lost.",
        _CHAIN_ANSWERS,
        runs=several(RUN, 10_000),
        heads=several(HEAD, 10_000),
    ),
    _call(
        "pull",
        "The next changes of one casefile after a position, with the heads that cover them.",
        PAGE,
        casefile=CASEFILE,
        after=whole("how far this device has read"),
    ),
    _call(
        "pull_several",
        "A page each of several casefiles; bounded together, so ask again for the rest.",
        several(PAGE, MANY),
        wanted=several(CURSOR, MAX_CASEFILES),
    ),
    _call(
        "park",
        "Leave sealed drafts for the same person's next device.",
        _DONE,
        drafts=several(DRAFT, 1000),
    ),
    _call("parked", "Drafts waiting for this person.", several(DRAFT, MANY)),
    _call(
        "unpark",
        "These drafts were taken over.",
        _DONE,
        drafts=several(fixed(16, "draft id"), 10_000),
    ),
    _call(
        "quarantined",
        "Changes of revoked or removed devices in casefiles of mine; supervisors.",
        several(PAGE, MANY),
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
        lookup=LOOKUP_HASH,
        expires=whole("milliseconds since 1970; at most 24 hours ahead"),
    ),
    _call("withdraw_invite", "Take an invite of mine back.", _DONE, lookup=LOOKUP_HASH),
    _call(
        "enrolments",
        "Requests that came in on this device's invites.",
        several(
            row(
                Enrolment,
                invite=LOOKUP_HASH,
                request=binary(MAX_REQUEST_BYTES, "the joiner's request"),
                mac=fixed(32, "HMAC under the invite's secret"),
                at=whole("milliseconds since 1970"),
            ),
            MANY,
        ),
    ),
    _call(
        "enrol",
        "Ask to join with an invite.",
        _DONE,
        token=False,
        lookup_id=LOOKUP,
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
        lookup_id=LOOKUP,
    ),
    _call(
        "recover",
        "Rebuild from the recovery key: the whole directory and every casefile's grants.",
        pair(_STATEMENTS, _STATEMENTS),
        token=False,
        statements=several(STATEMENT, 16),
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
                reference=REFERENCE,
                accepted=truth("the desk has it"),
                refused=CODE,
                state=text(32, "what the desk makes of it"),
            ),
            MANY,
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
            row(OrderState, reference=REFERENCE, state=text(32, "how it stands")),
            MANY,
        ),
        references=several(REFERENCE, MAX_ORDERS),
    ),
    _call(
        "inbox_write",
        "Leave sealed entries in inboxes; each is answered by itself.",
        several(
            row(
                EntryAnswer,
                entry=fixed(16, "the entry's id"),
                accepted=truth("the office has it"),
                refused=CODE,
            ),
            MANY,
        ),
        entries=several(ENTRY, MAX_ENTRIES),
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
                entries=several(ENTRY, MANY),
            ),
            MANY,
        ),
        wanted=several(CURSOR, MAX_CASEFILES),
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
            MANY,
        ),
    ),
    _call("wiped", "A revoked device says that its keys are gone.", _DONE),
)

CALLS: Final[Mapping[str, Call]] = {call.name: call for call in _TABLE}
