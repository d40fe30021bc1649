"""The office itself: `sync.protocol.Office`, spoken in process.

One line a call: each noun's file says what it does. The routes carry these same calls over HTTP,
the simulation makes them directly. Holds no state of its own, so that several processes may serve
one database.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select

from storage.clock import Clock, SystemClock
from storage.envelope import Head
from storage.inbox import Entry
from storage.runs import Run
from storage.seal import Randomness
from sync.protocol import (
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
from sync.server import (
    chains,
    claims,
    drafts,
    grants,
    handed_back,
    inbox,
    invites,
    logins,
    orders,
    pages,
    quarantine,
    register,
    several,
    sightings,
)
from sync.server.apart import Apart
from sync.server.crossing import again_when_crossed
from sync.server.database import Database
from sync.server.desk.keys import DeskKeys
from sync.server.surroundings import Limits, Surroundings
from sync.server.tables import office


@again_when_crossed
class OfficeService:
    """One office on one database. Raises the errors of `sync.errors` only.

    `address`, where a call takes it, is the caller's network address, to count failed attempts by;
    "" counts nothing.
    """

    def __init__(
        self,
        url: str = "sqlite://",
        *,
        clock: Clock | None = None,
        randomness: Randomness = os.urandom,
        limits: Limits | None = None,
        kept_apart: Path | None = None,
        desk: DeskKeys | None = None,
    ) -> None:
        """Open the database at `url` (an SQLAlchemy URL; in memory by default), making its tables.

        `kept_apart` is the folder for what a restore must not undo (see `apart`). `desk` are the
        reminder desk's keys; without them it has some that nobody keeps.
        Raises layout.NewerLayout for one that a later office wrote.
        """
        self._s = Surroundings(
            database=Database(url),
            clock=clock or SystemClock(),
            randomness=randomness,
            limits=limits or Limits(),
            apart=Apart(kept_apart),
        )
        self._s.database.prepare(randomness)
        self._desk = (desk or DeskKeys.fresh(randomness)).identity()

    @property
    def surroundings(self) -> Surroundings:
        """What the office works with, and its reminder desk too."""
        return self._s

    def close(self) -> None:
        """Let go of the database; everything answered is in it already."""
        self._s.database.close()

    def reachable(self) -> bool:
        """Whether the database answers right now."""
        return self._s.database.reachable()

    def require_claim(self) -> str | None:
        """Make an empty office claimable only with the code this gives; None once it is claimed."""
        return claims.require(self._s)

    def open_claim(self) -> None:
        """Let anybody claim an empty office; how a new one stands until `require_claim`."""
        claims.waive(self._s)

    def health(self) -> str:
        with self._s.database.reading() as connection:
            org = connection.execute(select(office.c.org)).scalar_one()
            return org.hex() if org is not None else ""

    def found_organisation(
        self,
        root_public: bytes,
        statements: Sequence[bytes],
        claim: str = "",
        *,
        address: str = "",
    ) -> None:
        register.found(self._s, root_public, statements, claim, address)

    def challenge(self, device: bytes) -> bytes:
        return logins.challenge(self._s, device)

    def login(self, device: bytes, challenge: bytes, signature: bytes) -> Login:
        return logins.login(self._s, device, challenge, signature)

    def standings(self, token: bytes) -> Standings:
        return pages.standings(self._s, token)

    def directory(self, token: bytes, after: int) -> tuple[bytes, ...]:
        return register.page(self._s, token, after)

    def publish(self, token: bytes, statement: bytes) -> None:
        register.publish(self._s, token, statement)

    def chains(self, token: bytes, device: bytes) -> tuple[ChainEnd, ...]:
        return register.ends(self._s, token, device)

    def grants(self, token: bytes, casefile: bytes) -> tuple[bytes, ...]:
        return grants.all_of(self._s, token, casefile)

    def grants_several(
        self, token: bytes, casefiles: Sequence[bytes]
    ) -> tuple[CasefileGrants, ...]:
        return several.grants_of(self._s, token, casefiles)

    def grant(self, token: bytes, statement: bytes) -> None:
        grants.put(self._s, token, statement)

    def push(
        self, token: bytes, runs: Sequence[Run], heads: Sequence[Head], drops: Sequence[bytes] = ()
    ) -> tuple[ChainAnswer, ...]:
        return chains.push(self._s, token, runs, heads, drops)

    def reaches(self, token: bytes) -> tuple[ChainReach, ...]:
        return handed_back.reaches(self._s, token)

    def hand_back(
        self, token: bytes, runs: Sequence[Run], heads: Sequence[Head]
    ) -> tuple[ChainAnswer, ...]:
        return handed_back.hand_back(self._s, token, runs, heads)

    def pull(self, token: bytes, casefile: bytes, after: int) -> Page:
        return pages.pull(self._s, token, casefile, after)

    def pull_several(self, token: bytes, wanted: Sequence[Cursor]) -> tuple[Page, ...]:
        return several.pull(self._s, token, wanted)

    def park(self, token: bytes, drafts: Sequence[ParkedDraft]) -> None:
        _park(self._s, token, drafts)

    def parked(self, token: bytes) -> tuple[ParkedDraft, ...]:
        return drafts.parked(self._s, token)

    def unpark(self, token: bytes, drafts: Sequence[bytes]) -> None:
        _unpark(self._s, token, drafts)

    def quarantined(self, token: bytes) -> tuple[Page, ...]:
        return quarantine.pages(self._s, token)

    def settle_quarantine(self, token: bytes, casefile: bytes, device: bytes, upto: int) -> None:
        quarantine.settle(self._s, token, casefile, device, upto)

    def invite(self, token: bytes, lookup: bytes, expires: int) -> None:
        invites.announce(self._s, token, lookup, expires)

    def withdraw_invite(self, token: bytes, lookup: bytes) -> None:
        invites.withdraw(self._s, token, lookup)

    def enrolments(self, token: bytes) -> tuple[Enrolment, ...]:
        return invites.waiting(self._s, token)

    def enrol(self, lookup_id: bytes, request: bytes, mac: bytes, *, address: str = "") -> None:
        invites.enrol(self._s, lookup_id, request, mac, address)

    def enrolment(self, lookup_id: bytes, *, address: str = "") -> EnrolmentState:
        return invites.state(self._s, lookup_id, address)

    def recover(self, statements: Sequence[bytes]) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
        return register.recover(self._s, statements)

    def desk(self) -> DeskIdentity:
        return self._desk

    def put_orders(self, token: bytes, orders: Sequence[bytes]) -> tuple[OrderAnswer, ...]:
        return _put_orders(self._s, token, orders)

    def withdrawals_done(self, token: bytes) -> None:
        orders.withdrawals_done(self._s, token)

    def orders_state(self, token: bytes, references: Sequence[bytes]) -> tuple[OrderState, ...]:
        return orders.alarm_states(self._s, token, references)

    def inbox_write(self, token: bytes, entries: Sequence[Entry]) -> tuple[EntryAnswer, ...]:
        return inbox.write(self._s, token, entries)

    def inbox_pull(self, token: bytes, wanted: Sequence[Cursor]) -> tuple[InboxPage, ...]:
        return inbox.pull(self._s, token, wanted)

    def devices_seen(self, token: bytes) -> tuple[DeviceSeen, ...]:
        return sightings.seen(self._s, token)

    def wiped(self, token: bytes) -> None:
        sightings.wiped(self._s, token)


# Parameters that the protocol calls like the files behind them.
_park, _unpark, _put_orders = drafts.park, drafts.unpark, orders.put
