"""Orders for the reminder desk as tests make them: whole and lawful, until something is changed.

Every number is one that rings nowhere.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from builders import AT
from fakes import seeded
from storage.alarm import AlarmContents, AlarmPlan, AlarmStep
from storage.capsule import CapsuleContents, CapsulePlan

HOUR = 60 * 60 * 1000
DAY = 24 * HOUR
NUMBER = "+447700900123"
_CHANCE = seeded("ordered")


def new_id() -> str:
    """A fresh id, in hex."""
    return _CHANCE(16).hex()


def capsule(now: int = AT, **changed: Any) -> CapsulePlan:
    """A text for tomorrow, between nine and seven as it were."""
    plan = CapsulePlan(
        reference=new_id(),
        casefile=new_id(),
        route=new_id(),
        consent=1,
        rule="text_1_day",
        channel="sms",
        opens=now + DAY,
        closes=now + DAY + 10 * HOUR,
        not_after=now + 2 * DAY,
        contents=CapsuleContents(number=NUMBER, language="en", texts=("Sam, Tuesday 10:00",)),
    )
    return replace(plan, **changed)


def alarm(**changed: Any) -> AlarmPlan:
    """A lone worker's: an hour and a quarter, then Ben is rung every five minutes."""
    plan = AlarmPlan(
        reference=new_id(),
        kind="lone_worker",
        after_s=75 * 60,
        again_s=300,
        contents=AlarmContents(
            steps=(AlarmStep(number=NUMBER, channel="voice", words="Amina has not come out."),),
            address="1 Hill Street",
            worker="Amina",
            duress="blue kettle",
        ),
    )
    return replace(plan, **changed)
