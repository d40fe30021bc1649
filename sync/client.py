"""The office over HTTP: every call of `sync.protocol.Office`, one line each.

Certificates are always checked and there is no switch for it; plain HTTP goes to this very
machine only; redirects are not followed, since a captive portal answers with one. Whatever goes
wrong comes out as one of `sync.errors`. Must not know what it carries, or when to try again.
"""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Final, cast
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from storage.envelope import Head
from storage.inbox import Entry
from storage.runs import Run
from sync.address import checked_address, is_loopback
from sync.errors import Nonsense, Offline, SyncError, TooMuch, UntrustedConnection
from sync.forms import Malformed
from sync.protocol import (
    MAX_BATCH_BYTES,
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
    Standings,
)
from sync.wire import CALLS, MEDIA_TYPE
from sync.wire_errors import unpack_error

CONNECT_TIMEOUT_S: Final = 5.0
READ_TIMEOUT_S: Final = 30.0
WHOLE_ANSWER_S: Final = 120.0
"""An answer that drips in more slowly than this is given up."""
MAX_ANSWER_BYTES: Final = 64 * 1024 * 1024
"""Room for every grant of a large organisation at once (`recover`); nothing honest is larger."""
MAX_PAGE_BYTES: Final = 4 * MAX_BATCH_BYTES
_MAX_ERROR_BYTES: Final = 64 * 1024
_PAGES: Final = frozenset({"pull", "pull_several", "inbox_pull"})
_CHUNK: Final = 256 * 1024
_OK: Final = 200
_TOO_LARGE: Final = 413
_BUSY_OR_AWAY: Final = frozenset({429, 502, 503, 504})
_BUT: Final = {
    "Accept": MEDIA_TYPE,
    "Accept-Encoding": "identity",  # sealed bytes do not compress, and nothing may swell
    "Content-Type": MEDIA_TYPE,
    "User-Agent": "doorstep",
}


class HttpOffice:
    """The office at an address. May be used by several threads; each has its own connection.

    `authority` names a file of certificates to trust instead of the usual ones, for an
    organisation that signs its own. Raises ValueError when `checked_address` does.
    """

    def __init__(self, address: str, *, authority: str | None = None) -> None:
        self.address = checked_address(address)
        self._authority = authority
        self._own = threading.local()
        self._lock = threading.Lock()
        self._sessions: list[requests.Session] = []

    def close(self) -> None:
        """Close every connection; a later call opens new ones."""
        with self._lock:
            sessions, self._sessions, self._own = self._sessions, [], threading.local()
        for session in sessions:
            session.close()

    # -- before there is a token ---------------------------------------------------------------

    def health(self) -> str:
        answer = self._exchange("GET", "/health", b"", None, _MAX_ERROR_BYTES)
        try:
            found = json.loads(answer)
        except ValueError as error:
            raise Nonsense("what answers at this address is not an office") from error
        org = found.get("organisation") if type(found) is dict else None
        if type(org) is not str:
            raise Nonsense("what answers at this address is not an office")
        return org

    def found_organisation(
        self, root_public: bytes, statements: Sequence[bytes], claim: str = ""
    ) -> None:
        self._call(
            "found_organisation", root_public=root_public, statements=statements, claim=claim
        )

    def challenge(self, device: bytes) -> bytes:
        return cast(bytes, self._call("challenge", device=device))

    def login(self, device: bytes, challenge: bytes, signature: bytes) -> Login:
        found = self._call("login", device=device, challenge=challenge, signature=signature)
        return cast(Login, found)

    def enrol(self, lookup_id: bytes, request: bytes, mac: bytes) -> None:
        self._call("enrol", lookup_id=lookup_id, request=request, mac=mac)

    def enrolment(self, lookup_id: bytes) -> EnrolmentState:
        return cast(EnrolmentState, self._call("enrolment", lookup_id=lookup_id))

    def recover(self, statements: Sequence[bytes]) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
        found = self._call("recover", statements=statements)
        return cast(tuple[tuple[bytes, ...], tuple[bytes, ...]], found)

    def desk(self) -> DeskIdentity:
        return cast(DeskIdentity, self._call("desk"))

    # -- with a token --------------------------------------------------------------------------

    def standings(self, token: bytes) -> Standings:
        return cast(Standings, self._call("standings", token))

    def directory(self, token: bytes, after: int) -> tuple[bytes, ...]:
        return cast(tuple[bytes, ...], self._call("directory", token, after=after))

    def publish(self, token: bytes, statement: bytes) -> None:
        self._call("publish", token, statement=statement)

    def chains(self, token: bytes, device: bytes) -> tuple[ChainEnd, ...]:
        return cast(tuple[ChainEnd, ...], self._call("chains", token, device=device))

    def grants(self, token: bytes, casefile: bytes) -> tuple[bytes, ...]:
        return cast(tuple[bytes, ...], self._call("grants", token, casefile=casefile))

    def grants_several(
        self, token: bytes, casefiles: Sequence[bytes]
    ) -> tuple[CasefileGrants, ...]:
        found = self._call("grants_several", token, casefiles=casefiles)
        return cast(tuple[CasefileGrants, ...], found)

    def grant(self, token: bytes, statement: bytes) -> None:
        self._call("grant", token, statement=statement)

    def push(
        self, token: bytes, runs: Sequence[Run], heads: Sequence[Head], drops: Sequence[bytes] = ()
    ) -> tuple[ChainAnswer, ...]:
        found = self._call(
            "push", token, runs=[run.packed() for run in runs], heads=heads, drops=drops
        )
        return cast(tuple[ChainAnswer, ...], found)

    def reaches(self, token: bytes) -> tuple[ChainReach, ...]:
        return cast(tuple[ChainReach, ...], self._call("reaches", token))

    def hand_back(
        self, token: bytes, runs: Sequence[Run], heads: Sequence[Head]
    ) -> tuple[ChainAnswer, ...]:
        packed = [run.packed() for run in runs]
        found = self._call("hand_back", token, runs=packed, heads=heads)
        return cast(tuple[ChainAnswer, ...], found)

    def pull(self, token: bytes, casefile: bytes, after: int) -> Page:
        return cast(Page, self._call("pull", token, casefile=casefile, after=after))

    def pull_several(self, token: bytes, wanted: Sequence[Cursor]) -> tuple[Page, ...]:
        return cast(tuple[Page, ...], self._call("pull_several", token, wanted=wanted))

    def park(self, token: bytes, drafts: Sequence[ParkedDraft]) -> None:
        self._call("park", token, drafts=drafts)

    def parked(self, token: bytes) -> tuple[ParkedDraft, ...]:
        return cast(tuple[ParkedDraft, ...], self._call("parked", token))

    def unpark(self, token: bytes, drafts: Sequence[bytes]) -> None:
        self._call("unpark", token, drafts=drafts)

    def quarantined(self, token: bytes) -> tuple[Page, ...]:
        return cast(tuple[Page, ...], self._call("quarantined", token))

    def settle_quarantine(self, token: bytes, casefile: bytes, device: bytes, upto: int) -> None:
        self._call("settle_quarantine", token, casefile=casefile, device=device, upto=upto)

    def invite(self, token: bytes, lookup: bytes, expires: int) -> None:
        self._call("invite", token, lookup=lookup, expires=expires)

    def withdraw_invite(self, token: bytes, lookup: bytes) -> None:
        self._call("withdraw_invite", token, lookup=lookup)

    def enrolments(self, token: bytes) -> tuple[Enrolment, ...]:
        return cast(tuple[Enrolment, ...], self._call("enrolments", token))

    def put_orders(self, token: bytes, orders: Sequence[bytes]) -> tuple[OrderAnswer, ...]:
        return cast(tuple[OrderAnswer, ...], self._call("put_orders", token, orders=orders))

    def withdrawals_done(self, token: bytes) -> None:
        self._call("withdrawals_done", token)

    def orders_state(self, token: bytes, references: Sequence[bytes]) -> tuple[OrderState, ...]:
        answer = self._call("orders_state", token, references=references)
        return cast(tuple[OrderState, ...], answer)

    def inbox_write(self, token: bytes, entries: Sequence[Entry]) -> tuple[EntryAnswer, ...]:
        return cast(tuple[EntryAnswer, ...], self._call("inbox_write", token, entries=entries))

    def inbox_pull(self, token: bytes, wanted: Sequence[Cursor]) -> tuple[InboxPage, ...]:
        return cast(tuple[InboxPage, ...], self._call("inbox_pull", token, wanted=wanted))

    def devices_seen(self, token: bytes) -> tuple[DeviceSeen, ...]:
        return cast(tuple[DeviceSeen, ...], self._call("devices_seen", token))

    def wiped(self, token: bytes) -> None:
        self._call("wiped", token)

    # -- how a call is carried -----------------------------------------------------------------

    def _call(self, name: str, token: bytes | None = None, **values: object) -> object:
        call = CALLS[name]
        most = MAX_PAGE_BYTES if name in _PAGES else MAX_ANSWER_BYTES
        answer = self._exchange("POST", call.path, call.pack_request(**values), token, most)
        try:
            return call.unpack_answer(answer)
        except Malformed as error:
            raise Nonsense("the office's answer is not what was agreed") from error

    def _exchange(
        self, method: str, path: str, body: bytes, token: bytes | None, most: int
    ) -> bytes:
        """The body of a good answer; everything else as an error."""
        headers = dict(_BUT)
        if token is not None:
            headers["Authorization"] = f"Bearer {token.hex()}"
        try:
            with self._session().request(
                method,
                self.address + path,
                data=body,
                headers=headers,
                timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S),
                allow_redirects=False,
                stream=True,
                verify=self._authority or True,
            ) as answer:
                if answer.status_code == _OK:
                    return b"".join(_pieces(answer, most))
                raise _as_error(answer.status_code, b"".join(_pieces(answer, _MAX_ERROR_BYTES)))
        except requests.exceptions.SSLError as error:
            if _cut_off(error):
                raise Offline("the connection to the office was cut") from error
            raise UntrustedConnection("the office's certificate does not check out") from error
        except (requests.exceptions.RequestException, HTTPError, OSError) as error:
            raise Offline("the office could not be reached") from error

    def _session(self) -> requests.Session:
        own: requests.Session | None = getattr(self._own, "session", None)
        if own is None:
            own = requests.Session()
            own.auth = _no_netrc
            # A proxy of the surroundings is for the world outside, never for this machine.
            own.trust_env = not is_loopback(urlsplit(self.address).hostname or "")
            self._own.session = own
            with self._lock:
                self._sessions.append(own)
        return own


def _no_netrc(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps `requests` from sending passwords that happen to lie in ~/.netrc."""
    return request


def _pieces(answer: requests.Response, most: int) -> Iterator[bytes]:
    """The body in pieces; raises Nonsense once it is longer than `most`, Offline when too slow."""
    began, size = time.monotonic(), 0
    for piece in answer.raw.stream(_CHUNK, decode_content=False):
        size += len(piece)
        if size > most:
            raise Nonsense("the office's answer is larger than any may be")
        if time.monotonic() - began > WHOLE_ANSWER_S:
            raise Offline("the office answers too slowly")
        yield piece


def _as_error(status: int, body: bytes) -> SyncError:
    try:
        return unpack_error(body)
    except Malformed:
        # Not the office's own words: a proxy in front of it, or something else altogether.
        if status in _BUSY_OR_AWAY:
            return Offline("the office is not up behind its address")
        if status == _TOO_LARGE:
            return TooMuch("more was sent at once than passes on the way to the office")
        return Nonsense("what answers at this address is not an office")


def _cut_off(error: BaseException) -> bool:
    """Whether a TLS failure was only a broken connection, and says nothing about trust."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLEOFError | ssl.SSLZeroReturnError | ssl.SSLSyscallError):
            return True
        inner = getattr(seen, "reason", None)
        if not isinstance(inner, BaseException):
            inner = next((a for a in seen.args if isinstance(a, BaseException)), None)
        seen = inner or seen.__cause__
    return False
