"""A reminder desk for tests: real orders, sealed and signed, on a real database.

`ordered` makes what a device would have made; everything has a default, so that a story says only
what it is about.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import phonenumbers
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from fakes import FakeClock, seeded
from storage.alarm import AlarmContents, AlarmPlan, AlarmStep, CheckOutPlan, SeenPlan
from storage.capsule import Capsule, CapsuleContents, CapsulePlan
from storage.clock import milliseconds
from storage.seal import raw_public
from storage.signed import Signer
from storage.stop import StopPlan, WithdrawalPlan
from sync.server.database import Database
from sync.server.desk import alarm_queue, news, queue, rounds
from sync.server.desk.desk import Desk, DeskLimits
from sync.server.desk.keys import DeskKeys
from sync.server.desk.providers.base import Channel
from sync.server.desk.providers.console import Console
from sync.server.desk.tables import alarms, capsules
from sync.server.desk.tables import news as news_rows
from sync.server.surroundings import Surroundings

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
MUM = "+447700900123"
OWNER, DUTY, BEN = "+447700900201", "+447700900202", "+447700900203"
ORG = b"o" * 16
HELLO = "Hi. Sam will see you Tue 4 June, 10am. Reply CHANGE if you need another time."


def at(text: str) -> int:
    """Milliseconds of a local time in London, "2027-06-01 09:00"."""
    return milliseconds(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/London")))


def number_of(kind: int, region: str = "GB") -> str:
    """A number of a kind of `PhoneNumberType`, from the numbering plan: none is written out."""
    found = phonenumbers.example_number_for_type(region, kind)
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)


def console_of(desk: Desk, channel: Channel = "sms") -> Console:
    """What would be sent, sealed in the desk's own database."""
    return Console(
        channel=channel,
        database=desk.database,
        keys=desk.keys,
        clock=desk.clock,
        randomness=desk.randomness,
    )


@dataclass
class Bench:
    """A desk with a device that orders from it."""

    desk: Desk
    clock: FakeClock
    device: bytes = b"d" * 16
    signing: Ed25519PrivateKey = field(
        default_factory=lambda: Ed25519PrivateKey.from_private_bytes(b"s" * 32)
    )
    made: int = 0
    address: str = ""
    where: dict[str, str] = field(default_factory=dict)

    @property
    def now(self) -> int:
        return self.desk.now()

    def by(self, device: bytes | None = None, *, desk: bytes | None = None) -> Signer:
        return Signer(
            org=ORG,
            device=device or self.device,
            signing=self.signing,
            at=self.now,
            desk=desk or raw_public(self.desk.keys.receiving[0]),
            randomness=seeded(f"order {self.made}"),
        )

    def plan(self, **values: object) -> CapsulePlan:
        """A text, due now, that may leave for three hours."""
        self.made += 1
        contents = {
            "number": MUM,
            "language": "en",
            "texts": (HELLO,),
            "owner": OWNER,
            "duty": DUTY,
        }
        for name in list(values):
            if name in CapsuleContents.__dataclass_fields__:
                contents[name] = values.pop(name)
        defaults: dict[str, object] = {
            "reference": self.made.to_bytes(16, "big").hex(),
            "casefile": "ca" * 16,
            "route": "aa" * 16,
            "consent": 1,
            "appointment": "ab" * 16,
            "appointment_version": 1,
            "rule": "text_1_day",
            "channel": "sms",
            "opens": self.now,
            "closes": self.now + 3 * HOUR,
            "not_after": self.now + 20 * HOUR,
        }
        return CapsulePlan(contents=CapsuleContents(**contents), **(defaults | values))

    def order(self, **values: object) -> bytes:
        """Put such a reminder to the desk; gives its reference."""
        return self.put(self.plan(**values).made(self.by()))

    def put(self, capsule: Capsule) -> bytes:
        with self.desk.database.writing() as connection:
            queue.put_capsule(connection, capsule, self.now)
        return capsule.reference

    def stop(self, consent: int = 1, route: str = "aa" * 16) -> str:
        with self.desk.database.writing() as connection:
            stop = StopPlan(route=route, consent=consent).made(self.by())
            return queue.put_stop(connection, stop, self.now)

    def withdraw(self, **values: object) -> str:
        plan = WithdrawalPlan(casefile="ca" * 16, reason="moved", **values)
        with self.desk.database.writing() as connection:
            return queue.withdraw(connection, plan.made(self.by()), self.now)

    def withdraw_one(self, capsule: Capsule) -> str:
        """Take one reminder back; gives the office's answer."""
        plan = WithdrawalPlan(
            casefile=capsule.casefile.hex(),
            references=(capsule.reference.hex(),),
            reason="cancelled",
        )
        with self.desk.database.writing() as connection:
            return queue.withdraw(connection, plan.made(self.by()), self.now)

    def withdraw_all(self, made: list[Capsule]) -> None:
        for capsule in made:
            self.withdraw_one(capsule)

    def phase_done(self, device: bytes) -> None:
        with self.desk.database.writing() as connection:
            queue.phase_done(connection, device, self.now)

    def alarm_plan(self, **values: object) -> AlarmPlan:
        """Tell Ben and then duty in 75 minutes that Amina has not checked out."""
        self.made += 1
        contents = {
            "steps": (
                AlarmStep(number=BEN, channel="sms", words="Amina has not checked out."),
                AlarmStep(number=DUTY, channel="sms", words="Amina has not checked out. Act."),
            ),
            "address": "4 Mill Lane",
            "worker": "Amina",
            "duress": "Is the kettle on?",
        }
        for name in list(values):
            if name in contents:
                contents[name] = values.pop(name)
        defaults: dict[str, object] = {
            "reference": (1_000_000 + self.made).to_bytes(16, "big").hex(),
            "casefile": "ca" * 16,
            "kind": "lone_worker",
            "after_s": 75 * 60,
            "again_s": 300,
        }
        return AlarmPlan(contents=AlarmContents(**contents), **(defaults | values))

    def alarm(self, **values: object) -> bytes:
        """Leave such an alarm with the desk; gives its reference."""
        plan = self.alarm_plan(**values)
        with self.desk.database.writing() as connection:
            alarm_queue.put_alarm(connection, plan.made(self.by()), self.now)
        return bytes.fromhex(plan.reference)

    def check_out(self, alarm: bytes, phrase: str = "") -> str:
        plan = CheckOutPlan(alarm=alarm.hex(), phrase=phrase)
        with self.desk.database.writing() as connection:
            return alarm_queue.check_out(connection, plan.made(self.by()), self.now)

    def seen(self, *references: bytes, device: bytes = b"e" * 16) -> None:
        plan = SeenPlan(references=tuple(r.hex() for r in references))
        with self.desk.database.writing() as connection:
            alarm_queue.seen(connection, plan.made(self.by(device)), self.now)

    # -- time passes, and the desk works ---------------------------------------------------------

    def work(self) -> None:
        """One round of everything."""
        for duty in (*rounds.ALARMS, *rounds.REMINDERS, *rounds.NEWS):
            duty(self.desk)

    def later(self, **span: float) -> None:
        """So much later, the desk having worked at the end of it."""
        scale = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}
        self.clock.advance(sum(scale[unit] * many for unit, many in span.items()))
        self.work()

    # -- how it stands ---------------------------------------------------------------------------

    def row(self, reference: bytes):
        with self.desk.database.reading() as connection:
            return connection.execute(
                select(capsules).where(capsules.c.reference == reference)
            ).one()

    def stands(self, reference: bytes) -> tuple[str, str]:
        found = self.row(reference)
        return found.state, found.reason or ""

    def alarm_row(self, reference: bytes):
        with self.desk.database.reading() as connection:
            return connection.execute(select(alarms).where(alarms.c.reference == reference)).one()

    def shown(self, reference: bytes) -> str:
        """What the office says to the device about its alarm."""
        with self.desk.database.reading() as connection:
            return alarm_queue.states(connection, [reference])[reference]

    def told(self, kind: str = "receipt") -> list[dict]:
        """What waits to be left in casefiles, in order."""
        with self.desk.database.reading() as connection:
            rows = connection.execute(
                select(news_rows).where(news_rows.c.kind == kind).order_by(news_rows.c.position)
            ).all()
        return [{**news.fields_of(self.desk.keys, r), "casefile": r.casefile} for r in rows]

    def records(self, kind: str) -> list[bytes]:
        """The records that waiting news is about."""
        with self.desk.database.reading() as connection:
            found = connection.execute(
                select(news_rows.c.record)
                .where(news_rows.c.kind == kind)
                .order_by(news_rows.c.position)
            )
            return list(found.scalars())

    def receipts(self, reference: bytes) -> list[tuple[str, str]]:
        return [
            (each["state"], each["reason"])
            for each in self.told()
            if each["reference"] == reference.hex()
        ]

    def with_limits(self, **values: object) -> Bench:
        limits = replace(self.desk.limits, **values)
        return replace(self, desk=replace(self.desk, limits=limits))


def bench(
    url: str, clock: FakeClock, providers: dict, *, keys: DeskKeys | None = None, **limits: object
) -> Bench:
    """A desk on the database at `url`."""
    database = Database(url)
    database.prepare(seeded("office"))
    desk = Desk(
        office=Surroundings(database=database, clock=clock, randomness=seeded("desk")),
        keys=keys or DeskKeys.fresh(seeded("keys")),
        providers=providers,
        limits=DeskLimits(threads=2, **limits),
    )
    return Bench(desk, clock)
