"""What a service's profile says of reminders and of going in alone, as their planners want it.

The profile speaks as the service does, the planners as the work does; only this file knows both.
"""

from __future__ import annotations

from app.casework.contact_type import ContactType
from app.casework.lone_worker import LoneWorkerSettings
from app.casework.profile import Profile
from app.casework.profile.messages import Rule
from app.casework.reminder_rules import Condition, Means, ReminderRule, ReminderSettings
from app.casework.send_window import WakingHours

ABUSE, LEARNING = "domestic_abuse", "learning_difficulty"
"""Indicators that mean the same under every profile: a family may have come from another service,
and a sign of danger that the profile has no word for is still one."""


def reminder_settings(profile: Profile) -> ReminderSettings:
    """Rules, wording, hours and limits of the service."""
    said = profile.reminders
    return ReminderSettings(
        rules=tuple(_rule(rule) for rule in said.rules),
        templates=said.templates,
        languages=profile.languages,
        until_known=said.until_known,
        waking=WakingHours(begin=said.hours.begin, end=said.hours.end, days=said.hours.days),
        nation=None if said.hours.bank_holidays else profile.calendar,
        also_closed=said.hours.closed,
        review_months=said.review_months,
        max_silence_hours=said.max_silence_hours,
        deliver_by_hours=said.not_delivered_hours,
        unseen_task_hours=said.unseen_task_hours,
        abuse_codes=_meaning(profile, ABUSE),
        learning_codes=_meaning(profile, LEARNING),
        group_kinds=frozenset(
            {ContactType.GROUP_SESSION, *(p.contact_type for p in profile.programmes)}
        ),
        replies=said.replies,
    )


def lone_worker_settings(profile: Profile) -> LoneWorkerSettings:
    """Minutes of a visit, of grace and between two calls, and who is told in which order."""
    said = profile.lone_worker
    return LoneWorkerSettings(
        minutes=said.minutes, grace=said.grace, again=said.again, steps=said.steps
    )


def _rule(rule: Rule) -> ReminderRule:
    condition = Condition.ALL if rule.when == "always" else Condition(rule.when)
    return ReminderRule(
        code=rule.code,
        days_before=rule.days_before,
        hours_before=rule.hours_before,
        means=Means(rule.channel),
        conditions=frozenset({condition}),
        template=rule.template,
        kinds=frozenset(rule.contact_types),
    )


def _meaning(profile: Profile, what: str) -> frozenset[str]:
    return frozenset({what, *(i.code for i in profile.indicators if i.means == what)})
