"""A small world that one seed drives: devices with real vaults, a real office, and bad luck.

The seed decides who does what, what the clocks say and what becomes of each request on its way.
A step is one thing that happens: a change written, a request sent, a clock moved, an app killed.
Nothing here knows how anything should come out; `check` in judge.py does.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from cast import PASSPHRASE
from fakes import FakeClock, seeded, surroundings, unsynced
from house import SCHEMA, Hand, House, OwnClock, exchange, leave_as_desk
from lines import at_once
from ordered import DAY, alarm, capsule
from storage.alarm import Alarm, CheckOutPlan
from storage.capsule import Capsule
from storage.clock import milliseconds
from storage.errors import NoKey, StorageError
from storage.kinds import Value
from storage.orders import Order, Plan
from storage.stop import StopPlan, WithdrawalPlan
from storage.surroundings import Surroundings
from storage.vault import Statement, open_vault
from sync.ahead import when_wanted
from sync.errors import Nonsense, NotUnderstood, Offline, SyncError
from sync.forms import Malformed
from sync.founding import found_family
from sync.granting import grant, remove
from sync.line import pending_casefiles
from sync.server import apart, backup
from sync.server.database import Database
from sync.server.desk.keys import DeskKeys
from sync.server.office import OfficeService
from sync.server.restoring import restore
from sync.wire import CALLS

WORDS = ("feeding", "settled", "Ffion", "plan", "Łucja", "housing", "GP", "sleep", "mẹ", "bond")
ALLOWED = ("anything", "text_only", "no_voicemail", "never")
DESK = DeskKeys.fresh(seeded("desk 1"))
"""The keys of the house in `prepare`, whose seed is 1."""


def on_sqlite(folder: Path) -> str:
    """The URL of an office's database in a folder."""
    return f"sqlite:///{folder / 'office.sqlite3'}"


def prepare(folder: Path, devices: int, url: str) -> None:
    """An organisation at peace, to be copied for each seed: two supervisors, the rest workers,
    and a few families."""
    house = House(folder, url=url)
    grace = house.begins("grace")
    hands = [grace, house.joins("helen", by=grace, role="supervisor")]
    hands += [house.joins(f"worker{i}", by=grace) for i in range(devices - 2)]
    for hand in hands[2:6]:
        found_family(hand.line)
    for hand in hands * 2:
        hand.round()
    house.close()


@dataclass
class World:
    """One run. `trace` is told of every step, to compare two runs of one seed."""

    folder: Path
    url: str
    seed: int
    steps: int
    trace: Callable[[str], object] = lambda _: None
    hands: list[Hand] = field(default_factory=list)
    written: dict[bytes, str] = field(default_factory=dict)
    """Every change anybody wrote, by id, with its casefile."""
    ordered: list[Order] = field(default_factory=list)
    """Everything anybody ordered of the desk."""
    refused: set[bytes] = field(default_factory=set)
    """Orders that the office would not take in the end, by reference."""
    left: list[tuple[str, str]] = field(default_factory=list)
    """Every record that was left in an inbox, with its casefile."""
    taken: int = 0
    calm: bool = False

    def __post_init__(self) -> None:
        self.chance = random.Random(f"world {self.seed}")
        self.clock = FakeClock()
        self.trouble = self.chance.choice((0.0, 0.1, 0.25, 0.4))
        self.late: list[tuple[str, tuple[object, ...]]] = []
        self.backups: list[Path] = []
        self.restored = False
        self.records: dict[str, list[tuple[str, str]]] = {}
        self.service = self._open_office()
        for path in sorted(self.folder.glob("*.doorstep")):
            self._pick_up(path)

    def _open_office(self) -> OfficeService:
        return OfficeService(
            self.url,
            clock=self.clock,
            randomness=self.chance.randbytes,
            kept_apart=self.folder,
            desk=DESK,
        )

    def _pick_up(self, path: Path) -> None:
        clock = OwnClock(self.clock)
        base = surroundings(f"{self.seed} {path.name}", connect=unsynced)
        around = Surroundings(
            clock=clock, randomness=base.randomness, kdf=base.kdf, connect=unsynced
        )
        vault = open_vault(path, schema=SCHEMA, surroundings=around)
        vault.unlock(PASSPHRASE)
        office: Any = Network(self)
        begin = at_once if len(self.hands) % 2 else when_wanted
        rounds = exchange(vault, office, begin)
        hand = Hand(path.name, path, vault, office, rounds, clock, around, begin=begin)
        hand.person = vault.me.person if vault.me else ""
        self.hands.append(hand)

    def close(self) -> None:
        for hand in self.hands:
            hand.vault.close()
        self.service.close()

    # -- what happens --------------------------------------------------------------------------

    def run(self) -> None:
        """Let the seed have its way for the agreed number of steps."""
        kinds = list(_WEIGHTS)
        weights = list(_WEIGHTS.values())
        while self.taken < self.steps:
            hand = self.chance.choice(self.hands)
            (kind,) = self.chance.choices(kinds, weights)
            if kind != "round":  # its requests are counted one by one
                self.step(f"{kind} {hand.name}")
            getattr(self, f"_{kind}")(hand)

    def step(self, what: str) -> None:
        """One more thing has happened."""
        self.taken += 1
        self.trace(what)

    def _write(self, hand: Hand) -> None:
        if hand.vault.locked:
            return
        casefiles = [c.id for c in hand.vault.casefiles()]
        if not casefiles:
            return
        casefile = self.chance.choice(casefiles)
        known = self.records.setdefault(casefile, [])
        record, kind = "", ""
        if known and self.chance.random() < 0.5:
            record, kind = self.chance.choice(known[-12:])
            if hand.vault.get(record) is None:
                record = ""
        if not record:
            record, kind = hand.vault.new_id(), self.chance.choice(list(_FIELDS))
            known.append((record, kind))
        statement = Statement(
            casefile=casefile, kind=kind, record=record, fields=_FIELDS[kind](self.chance)
        )
        for change in hand.vault.write([statement]):
            self.written[change] = casefile

    def _round(self, hand: Hand) -> None:
        self.trace(f"round {hand.name}")
        before = self.taken
        try:
            outcome = hand.round()
            self.trace(repr((outcome.sent, outcome.received, outcome.doubted, outcome.refusals)))
        except SyncError as error:
            self.trace(type(error).__name__)
        if self.taken == before:
            self.step("a round that asked nothing")

    def _clock_wrong(self, hand: Hand) -> None:
        years = self.chance.uniform(-10, 10)
        hand.clock.skew = timedelta(days=365 * years)

    def _clock_steps_back(self, hand: Hand) -> None:
        hand.clock.skew -= timedelta(seconds=self.chance.randrange(1, 86_400))

    def _clock_right(self, hand: Hand) -> None:
        hand.clock.skew = timedelta()

    def _time_passes(self, _: Hand) -> None:
        self.clock.advance(self.chance.choice((1, 60, 900, 7_200)))

    def _late_arrival(self, _: Hand) -> None:
        """A request that its sender gave up long ago reaches the office after all."""
        if not self.late:
            return
        name, arguments = self.late.pop(self.chance.randrange(len(self.late)))
        try:
            getattr(self.service, name)(*arguments)
        except SyncError as error:
            self.trace(type(error).__name__)

    def _lock(self, hand: Hand) -> None:
        hand.vault.lock()

    def _unlock(self, hand: Hand) -> None:
        if hand.vault.locked:
            hand.vault.unlock(PASSPHRASE)

    def _restart(self, hand: Hand) -> None:
        hand.vault.close()
        self._open_again(hand)

    def _kill(self, hand: Hand) -> None:
        """As `kill -9` does: no image is made, nothing is said."""
        hand.vault.device_file.close()
        self._open_again(hand)

    def _open_again(self, hand: Hand) -> None:
        hand.vault = open_vault(hand.path, schema=SCHEMA, surroundings=hand.around)
        hand.vault.unlock(PASSPHRASE)
        hand.talks_to(hand.office)

    def _restart_office(self, _: Hand) -> None:
        self.service.close()
        self.service = self._open_office()

    def _back_up(self, _: Hand) -> None:
        path = self.folder / f"backup-{self.taken}"
        backup.write(self.service.surroundings.database, path, at=self.taken, version="1")
        self.backups.append(path)

    def _restore(self, _: Hand) -> None:
        """The office works on through it. Now and then the disk is gone, and what was kept apart
        with it."""
        if not self.backups:
            return
        apart_too = self.chance.random() < 0.5
        database = Database(self.url)
        restore(
            database,
            self.backups[-1],
            replace=True,
            remembered=apart.read([self.folder] if apart_too else []),
            randomness=self.chance.randbytes,
            now=self.service.surroundings.now(),
        )
        database.close()
        self.restored = True

    def _found(self, hand: Hand) -> None:
        if not hand.vault.locked and len(self.records) < 12:
            found_family(hand.line)

    def _grant(self, hand: Hand) -> None:
        self._decide(hand, grant)

    def _remove(self, hand: Hand) -> None:
        self._decide(hand, remove)

    def _decide(self, _: Hand, decide: Callable[..., object]) -> None:
        hand = self.hands[self.chance.randrange(2)]  # one of the two supervisors
        worker = self.chance.choice(self.hands[2:])
        if hand.vault.locked:
            return
        families = [c.id for c in hand.vault.casefiles() if c.kind == "family"]
        if not families:
            return
        try:
            decide(hand.line, self.chance.choice(families), worker.person)
        except (SyncError, NoKey) as error:
            self.trace(type(error).__name__)

    def _redact(self, _: Hand) -> None:
        hand = self.hands[self.chance.randrange(2)]
        if hand.vault.locked:
            return
        known = [r for c in hand.vault.casefiles() for r, _ in self.records.get(c.id, ())]
        if not known:
            return
        try:
            hand.vault.redact(self.chance.choice(known))
        except StorageError as error:
            self.trace(type(error).__name__)

    # -- the desk and the inboxes --------------------------------------------------------------

    def _order(self, hand: Hand) -> None:
        """Something is asked of the desk, often together with a change."""
        if hand.vault.locked or not hand.vault.casefiles():
            return
        chance = self.chance
        casefile = chance.choice(hand.vault.casefiles()).id
        routes = [f"{n:032x}" for n in range(8)]  # few, so that stops meet reminders
        appointments = [f"{n:032x}" for n in range(100, 108)]
        mine = [o for o in self.ordered if o.device == hand.device]
        reminders = [o.reference.hex() for o in self.ordered if isinstance(o, Capsule)][-20:]
        alarms = [o.reference.hex() for o in mine if isinstance(o, Alarm)][-5:]
        plan: Plan
        match chance.choice(("capsule",) * 4 + ("stop", "named", "moved", "ended", "alarm", "out")):
            case "capsule":
                plan = capsule(
                    self.now,
                    reference=chance.randbytes(16).hex(),
                    casefile=casefile,
                    route=chance.choice(routes),
                    consent=chance.randrange(6),
                    appointment=chance.choice(appointments),
                    appointment_version=chance.randrange(6),
                    not_after=self.now + 60 * DAY,
                )
            case "stop":
                plan = StopPlan(route=chance.choice(routes), consent=chance.randrange(6))
            case "named":
                named = tuple(chance.sample(reminders, min(3, len(reminders))))
                named += (chance.randbytes(16).hex(),)
                plan = WithdrawalPlan(casefile=casefile, references=named, reason="cancelled")
            case "moved":
                plan = WithdrawalPlan(
                    casefile=casefile,
                    appointment=chance.choice(appointments),
                    before_version=chance.randrange(6),
                    reason="moved",
                )
            case "ended":
                upto = max(0, milliseconds(hand.clock.now()) - chance.randrange(DAY))
                plan = WithdrawalPlan(casefile=casefile, upto=upto, reason="ended")
            case "out" if alarms:
                plan = CheckOutPlan(alarm=chance.choice(alarms))
            case _:
                plan = alarm(
                    reference=chance.randbytes(16).hex(),
                    replaces=chance.choice([None, *alarms]),
                )
        known = {w.reference for w in hand.vault.orders_waiting()}
        hand.vault.write([], orders=[plan])
        self.ordered += [w.order for w in hand.vault.orders_waiting() if w.reference not in known]

    def _leave(self, hand: Hand) -> None:
        """Somebody leaves attendance with a family, whether she may read it or not."""
        member = self.hands[self.chance.randrange(2)]
        if hand.vault.locked or member.vault.locked:
            return
        pending = pending_casefiles(member.line)
        known = [c.id for c in member.vault.casefiles() if c.id not in pending]
        if known:
            casefile = self.chance.choice(known)
            record = hand.leaves(member.inbox_of(casefile), outcomes=[_some(self.chance)])
            self.left.append((record, casefile))

    def _receipt(self, _: Hand) -> None:
        """The desk says what became of a reminder; now and then something that it may not."""
        member = self.hands[self.chance.randrange(2)]
        if member.vault.locked:
            return
        pending = pending_casefiles(member.line)
        known = [c.id for c in member.vault.casefiles() if c.id not in pending]
        if known:
            kind = self.chance.choice(("receipt", "receipt", "receipt", "safe_contact"))
            inbox = member.inbox_of(self.chance.choice(known))
            leave_as_desk(self.service, DESK, inbox, kind, self.chance.randbytes, {"state": "sent"})

    @property
    def now(self) -> int:
        """By the office's clock, in milliseconds."""
        return milliseconds(self.clock.now())

    def _draft(self, hand: Hand) -> None:
        if hand.vault.locked or not hand.vault.casefiles():
            return
        casefile = self.chance.choice(hand.vault.casefiles()).id
        hand.vault.save_draft(casefile, hand.vault.new_id(), {"text": "half a"})


class Network:
    """The way from one device to the office, as the seed would have it."""

    def __init__(self, world: World) -> None:
        self._world = world

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *arguments: self._carry(name, arguments)

    def _carry(self, name: str, arguments: tuple[object, ...]) -> object:
        world = self._world
        call = getattr(world.service, name)
        if world.calm:
            return call(*arguments)
        fate = "fine"
        if world.chance.random() < world.trouble:
            fate = world.chance.choice(_FATES)
        world.step(f"{name} {fate}")
        if fate == "request lost":
            raise Offline("the request was lost")
        if fate == "late":
            world.late.append((name, arguments))
            raise Offline("the request is still on its way")
        if fate == "request cut":
            _cut_request(world.chance, name, arguments)
        if fate == "doubled":
            try:
                call(*arguments)
            except SyncError as error:
                world.trace(type(error).__name__)
        answer = call(*arguments)
        if fate == "reply lost":
            raise Offline("the reply was lost")
        if fate == "reply cut":
            _cut_reply(world.chance, name, answer)
        return answer


_FATES = ("request lost", "reply lost", "doubled", "late", "request cut", "reply cut")


def _cut_request(chance: random.Random, name: str, arguments: tuple[Any, ...]) -> None:
    """A request that stops in the middle is understood as nothing."""
    if name not in CALLS:
        raise Offline("the request was lost")
    call = CALLS[name]
    values = dict(zip(call.request, arguments[call.token :], strict=False))
    if "runs" in values:
        values["runs"] = [run.packed() for run in values["runs"]]
    body = call.pack_request(**values)
    try:
        call.unpack_request(body[: chance.randrange(len(body))])
    except Malformed as error:
        raise NotUnderstood("the office did not understand") from error
    raise AssertionError("half a request passed for a whole one")


def _cut_reply(chance: random.Random, name: str, answer: object) -> None:
    if name not in CALLS:
        raise Offline("the reply was lost")
    packed = CALLS[name].pack_answer(answer)
    try:
        CALLS[name].unpack_answer(packed[: chance.randrange(len(packed))])
    except Malformed as error:
        raise Nonsense("half an answer") from error
    raise AssertionError("half an answer passed for a whole one")


def _some(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randrange(1, 6)))


def _note(chance: random.Random) -> dict[str, Value]:
    fields: dict[str, Value] = {"text": _some(chance)}
    if chance.random() < 0.1:
        fields["signed_at"] = "2026-06-01T09:00:00Z"
    return fields


_FIELDS: dict[str, Callable[[random.Random], dict[str, Value]]] = {
    "visit_note": _note,
    "appointment": lambda c: {"starts": f"2026-06-{c.randrange(1, 29):02}T10:00:00Z"},
    "safe_contact": lambda c: {"allowed": c.choice(ALLOWED)},
    "attendance": lambda c: {"outcomes": [_some(c)], "code": c.choice("567")},
    "person": lambda c: {"name": _some(c)},
    "of a later version": lambda c: {"something": _some(c), "count": c.randrange(9)},
}

RESTORES = int(os.environ.get("DOORSTEP_RESTORES", "0"))

_WEIGHTS = {
    "write": 500,
    "round": 120,
    "late_arrival": 60,
    "time_passes": 40,
    "clock_wrong": 15,
    "clock_steps_back": 15,
    "clock_right": 10,
    "draft": 10,
    "order": 60,
    "leave": 30,
    "receipt": 12,
    "lock": 8,
    "unlock": 30,
    "restart": 4,
    "kill": 4,
    "restart_office": 2,
    "back_up": 2,
    "restore": RESTORES,
    "found": 2,
    "grant": 6,
    "remove": 4,
    "redact": 3,
}


def copy_of(prepared: Path, folder: Path) -> Path:
    """A fresh copy of the prepared organisation, for one seed."""
    shutil.copytree(prepared, folder)
    return folder
