"""An organisation of real vaults and a real office, for stories about what goes between them.

    house = House(tmp_path)
    grace = house.begins("grace")                  # the office, the organisation, a supervisor
    amina = house.joins("amina", by=grace)
    okoro = amina.founds_family()
    amina.writes(okoro, "contact", note, summary="Feeding well.")
    amina.round(); grace.round()

Everybody speaks to the same office, over HTTP when `served`, otherwise in process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from cast import PASSPHRASE
from fakes import FakeClock, seeded, surroundings, unsynced
from storage.inbox import EntryHeader, Leaving, seal_entry
from storage.kinds import Field, Kind, Policy, Schema, Value
from storage.recovery import new_seed
from storage.seal import Randomness
from storage.surroundings import Surroundings, connect
from storage.vault import Statement, Vault, create_vault, open_vault
from sync.ahead import Begin, when_wanted
from sync.directory import Role
from sync.exchange import Exchange
from sync.founding import found_family
from sync.invite import read_invite
from sync.line import Line
from sync.outcome import OnProgress, Outcome
from sync.pairing import approve, join, make_invite, pending, poll
from sync.protocol import Office
from sync.server import inbox
from sync.server.desk.keys import DeskKeys
from sync.server.office import OfficeService
from sync.setting_up import found_organisation

SCHEMA = Schema(
    version=1,
    kinds=(
        Kind(
            name="visit_note",
            fields=(
                Field(name="text", policy=Policy.KEEP_BOTH, searchable=True),
                Field(name="signed_at", column="text"),
            ),
            frozen_by="signed_at",
        ),
        Kind(
            name="appointment",
            fields=(
                Field(name="starts", policy=Policy.KEEP_BOTH, column="text"),
                Field(name="venue", column="text"),
            ),
        ),
        Kind(
            name="safe_contact",
            fields=(
                Field(
                    name="allowed",
                    policy=Policy.MOST_RESTRICTIVE,
                    column="text",
                    loosest_first=("anything", "text_only", "no_voicemail", "never"),
                ),
            ),
        ),
        Kind(
            name="attendance",
            fields=(
                Field(name="outcomes", policy=Policy.ADD_ONLY),
                Field(name="code", column="text"),
            ),
            from_inbox=True,
        ),
        Kind(name="receipt", fields=(Field(name="state", column="text"),), from_inbox=True),
        Kind(name="reply", fields=(Field(name="text", column="text"),), from_inbox=True),
        Kind(name="person", fields=(Field(name="name", column="text", searchable=True),)),
    ),
)
"""Each merge policy once, in kinds that look like the domain's."""
DESK_HLC = 1 << 60


class OwnClock:
    """A device's clock: the house's, wrong by `skew`."""

    def __init__(self, house: FakeClock) -> None:
        self._house = house
        self.skew = timedelta()

    def now(self) -> datetime:
        return self._house.now() + self.skew

    def monotonic(self) -> float:
        return self._house.monotonic()


@dataclass(frozen=True, slots=True)
class Inbox:
    """Where to leave something: a casefile, its newest key id, its inbox's public key."""

    casefile: bytes
    kid: bytes
    public: bytes


@dataclass(slots=True)
class Hand:
    """One device in somebody's hand."""

    name: str
    path: Path
    vault: Vault
    office: Office
    exchange: Exchange
    clock: OwnClock
    around: Surroundings
    person: str = ""
    begin: Begin = when_wanted

    @property
    def line(self) -> Line:
        return self.exchange.line

    @property
    def device(self) -> bytes:
        return self.vault.device_file.device_id

    def round(self, on_progress: OnProgress | None = None) -> Outcome:
        return self.exchange.round(on_progress)

    def founds_family(self) -> str:
        return found_family(self.line)

    def writes(self, casefile: str, kind: str, record: str | None = None, **fields: Value) -> str:
        """Write one change; gives the record's id."""
        record = record or self.vault.new_id()
        statement = Statement(casefile=casefile, kind=kind, record=record, fields=fields)
        self.vault.write([statement])
        return record

    def leaves(self, casefile: Inbox, kind: str = "attendance", **fields: Value) -> str:
        """Leave a record in an inbox, as a group's leader does; gives the record's id."""
        left = Leaving(
            casefile=casefile.casefile.hex(),
            kid=casefile.kid,
            inbox=casefile.public,
            kind=kind,
            record=self.vault.new_id(),
            fields=fields,
        )
        self.vault.write([], leavings=[left])
        return left.record

    def inbox_of(self, casefile: str) -> Inbox:
        """What a member passes on to those who may leave things in her casefile."""
        grant = self.vault.current_grant(bytes.fromhex(casefile))
        assert grant is not None
        return Inbox(grant.casefile, grant.kids[-1], grant.inbox_public)

    def reads(self, record: str) -> Mapping[str, Value]:
        found = self.vault.get(record)
        return found.fields if found is not None else {}

    def talks_to(self, office: Office) -> Hand:
        """From now on by way of another line, or another office."""
        self.office = office
        self.exchange = exchange(self.vault, office, self.begin)
        return self

    def reopens(self, passphrase: str = PASSPHRASE) -> Hand:
        """Close the app and open it again."""
        self.vault.close()
        return self._opens(passphrase)

    def is_killed(self, passphrase: str = PASSPHRASE) -> Hand:
        """The app dies, with nothing said or tidied up, and is opened again."""
        self.vault.device_file.close()
        return self._opens(passphrase)

    def _opens(self, passphrase: str) -> Hand:
        self.vault = open_vault(self.path, schema=SCHEMA, surroundings=self.around)
        self.vault.unlock(passphrase)
        return self.talks_to(self.office)


def exchange(vault: Vault, office: Office, begin: Begin) -> Exchange:
    """Rounds whose calls are begun ahead in that way."""
    return Exchange(vault, office, line=Line(vault, office, begin=begin))


@dataclass
class House:
    """One organisation. `speak` makes each device's way to the office; by default in process."""

    folder: Path
    seed: int = 1
    address: str = "http://127.0.0.1:1"
    speak: Callable[[], Office] | None = None
    clock: FakeClock = field(default_factory=FakeClock)
    recovery_seed: bytes = b""
    hands: dict[str, Hand] = field(default_factory=dict)
    url: str = "sqlite://"
    kept_apart: Path | None = None
    chance: Randomness = field(default_factory=lambda: seeded("the desk's chance"))
    begin: Begin = when_wanted

    def __post_init__(self) -> None:
        self.desk = DeskKeys.fresh(seeded(f"desk {self.seed}"))
        self.service = OfficeService(
            self.url, clock=self.clock, kept_apart=self.kept_apart, desk=self.desk
        )

    def desk_writes(
        self,
        casefile: Inbox,
        kind: str = "receipt",
        *,
        keys: DeskKeys | None = None,
        **fields: Value,
    ) -> str:
        """What the office's desk leaves for a casefile's members; gives the record's id."""
        keys = keys or self.desk
        return leave_as_desk(self.service, keys, casefile, kind, self.chance, fields)

    def close(self) -> None:
        for hand in self.hands.values():
            hand.vault.close()
        self.service.close()

    def picks_up(self, name: str, *, real_disk: bool = False) -> Hand:
        """A new device, in no organisation yet."""
        path = self.folder / f"{name}-{len(self.hands)}.doorstep"
        clock = OwnClock(self.clock)
        around = replace(
            surroundings(f"{self.seed} {path.name}", connect=connect if real_disk else unsynced),
            clock=clock,
        )
        vault = create_vault(path, PASSPHRASE, schema=SCHEMA, surroundings=around)
        office = self.speak() if self.speak else self.service
        begin = self.begin
        rounds = exchange(vault, office, begin)
        hand = Hand(name, path, vault, office, rounds, clock, around, begin=begin)
        self.hands[path.name] = hand
        return hand

    def begins(self, name: str = "grace") -> Hand:
        """The first supervisor founds the organisation."""
        hand = self.picks_up(name)
        self.recovery_seed = new_seed(hand.around.randomness)
        me = found_organisation(
            hand.vault, hand.office, seed=self.recovery_seed, address=self.address
        )
        hand.person = me.person
        hand.round()
        return hand

    def joins(
        self,
        name: str,
        *,
        by: Hand,
        role: Role = "worker",
        person: str | None = None,
        hand: Hand | None = None,
        replaces: bytes | None = None,
    ) -> Hand:
        """Somebody is invited, asks, is let in and has what she may have."""
        hand = hand or self.picks_up(name)
        made = make_invite(by.line, inviter=by.name.title(), role=role, person=person)
        join(hand.vault, hand.office, read_invite(made.link), replaces=replaces)
        (request,) = [p for p in pending(by.line) if p.device == hand.device.hex()]
        approve(by.line, request)
        me = poll(hand.vault, hand.office)
        assert me is not None
        hand.person = me.person
        hand.round()
        return hand


def leave_as_desk(
    service: OfficeService,
    keys: DeskKeys,
    casefile: Inbox,
    kind: str,
    chance: Randomness,
    fields: Mapping[str, Value],
) -> str:
    """What a desk with these keys leaves in an inbox of its own office; gives the record's id."""
    record = chance(16)
    entry = seal_entry(
        EntryHeader(
            org=bytes.fromhex(service.health()),
            casefile=casefile.casefile,
            device=keys.device,
            entry=chance(16),
            kid=casefile.kid,
        ),
        inbox_public=casefile.public,
        kind=kind,
        record=record,
        fields=fields,
        hlc=DESK_HLC,
        author=keys.person,
        signing=keys.signing,
        randomness=chance,
    )
    with service._s.database.writing() as connection:
        assert inbox.leave(connection, entry)
    return record.hex()
