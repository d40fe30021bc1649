"""Turns what was decided into what the desk is told: capsules and withdrawals.

The one place of the domain that knows an order's form. Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from app.casework.appointment import Appointment
from app.casework.reminder_plan import Reminder
from app.casework.reminder_rules import ReminderSettings
from app.casework.safe_contact import Channel
from app.casework.watch import Watcher
from storage.capsule import CapsuleContents, CapsulePlan
from storage.stop import WithdrawalPlan


def capsule(
    one: Reminder, *, settings: ReminderSettings, owner: Watcher | None, duty: str | None
) -> CapsulePlan:
    """The order that has a message sent."""
    return CapsulePlan(
        reference=one.reference,
        casefile=one.family,
        route=one.route,
        consent=one.consent,
        appointment=one.appointment,
        appointment_version=one.version,
        rule=one.rule,
        channel="voice" if one.channel is Channel.CALL else "sms",
        opens=milliseconds(one.opens),
        closes=milliseconds(one.closes),
        not_after=milliseconds(one.not_after),
        deliver_by=milliseconds(one.deliver_by) if one.deliver_by else None,
        max_silence=one.max_silence_hours,
        watch={
            watched.device: tuple(
                (milliseconds(begin), milliseconds(end)) for begin, end in watched.spells
            )
            for watched in one.watch
        },
        correction_of=one.correction_of,
        contents=CapsuleContents(
            number=one.number,
            language=one.languages[0],
            texts=(one.text,),
            voice=one.voice,
            voicemail=one.voicemail,
            withheld=one.withheld,
            owner=(owner.phone or None) if owner else None,
            duty=duty,
            replies={language: dict(settings.replies) for language in one.languages},
        ),
    )


def withdrawal(
    family: str,
    *,
    references: Sequence[str] = (),
    before: Appointment | None = None,
    everything_upto: datetime | None = None,
    why: str,
) -> WithdrawalPlan:
    """Takes messages back: those named, and all of an appointment's older versions."""
    return WithdrawalPlan(
        casefile=family,
        references=tuple(references),
        appointment=before.id if before else None,
        before_version=before.version if before else None,
        upto=milliseconds(everything_upto) if everything_upto else None,
        reason=why,
    )


def milliseconds(at: datetime) -> int:
    """Since 1970, UTC."""
    return int(at.astimezone(UTC).timestamp() * 1000)
