"""Reads reminders, their templates and hours, and the lone-worker times.

A message on the wrong telephone can bring violence, so a template is held to more than its shape:
no service named, no link, no field that does not exist, none missing in one language only, and no
reply word that a provider would take as "never again".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, time
from string import Formatter
from typing import get_args

from app.casework.profile.known import Known
from app.casework.profile.messages import (
    FIELDS,
    OPT_OUT_WORDS,
    STANDARD_TEMPLATES,
    Channel,
    Condition,
    LoneWorker,
    Reminders,
    Rule,
    SendingHours,
    Step,
    Template,
)
from app.casework.profile.problems import nearest
from app.casework.profile.read_flow import weekdays
from app.casework.profile.read_lists import coded, entries
from app.casework.profile.tables import CODE, Table
from app.casework.profile.words import Words

LONGEST_TEXT = 480
"""Characters: three parts of a text message, more than anybody reads on a doorstep."""

_LINK = re.compile(r"https?:|www\.|\b[\w-]+\.(?:com|org|uk|wales|cymru|net)\b", re.IGNORECASE)
_RELATIVE = re.compile(
    r"\b(?:today|tonight|tomorrow|yesterday|heddiw|heno|yfory|ddoe)\b", re.IGNORECASE
)
"""Untrue as soon as a text leaves on another day than was thought, for want of sending hours."""
_MEANINGS = ("confirm", "change", "stop")
_STEPS: tuple[Step, ...] = get_args(Step)
_CHANNELS: tuple[Channel, ...] = get_args(Channel)
_WHEN: tuple[Condition, ...] = get_args(Condition)


def reminders(table: Table, known: Known, name: Words) -> Reminders:
    """The whole part on reminders. `name` are the service's own names, which no text may say."""
    said = table.needed_table("reminders")
    templates = _templates(said.needed_table("templates"), name)
    rules = entries(said, "rules", _rule(known, templates))
    found = Reminders(
        rules=rules,
        templates=templates,
        hours=_hours(said.needed_table("sending_hours")),
        replies=_replies(said.needed_table("replies")),
        until_known=said.choices("until_known", said.languages) or said.languages[:1],
        review_months=said.whole("review_months", least=1, most=36),
        max_silence_hours=said.whole("max_silence_hours", least=1, most=24 * 14),
        not_delivered_hours=said.whole("not_delivered_hours", least=1, most=72, default=4),
        unseen_task_hours=said.whole("unseen_task_hours", least=1, most=72, default=2),
        voice=said.flag("voice", default=False),
    )
    if not found.voice and any(r.channel == "voice" for r in rules):
        said.note("voice_not_on", "rules")
    said.end()
    return found


def _rule(known: Known, templates: Mapping[str, Template]) -> Callable[[Table], Rule]:
    def read(table: Table) -> Rule:
        code, words = coded(table)
        channel = table.choice("channel", _CHANNELS)
        days = table.whole("days_before", least=0, most=60, default=0)
        hours = table.whole("hours_before", least=0, most=60 * 24, default=0)
        if bool(days) is bool(hours):
            table.note("days_or_hours")
        template = ""
        if channel == "call_task":
            table.without("template")
        else:
            template = table.text("template")
            table.known("template", template, templates, "reminders.templates")
        return Rule(
            code=code,
            words=words,
            channel=channel,
            days_before=days,
            hours_before=hours,
            when=table.choice("when", _WHEN, "always"),
            template=template,
            contact_types=known.some(table, "contact_types", "contact_types"),
        )

    return read


def _templates(table: Table, name: Words) -> dict[str, Template]:
    for key in STANDARD_TEMPLATES:
        table.needed_table(key)
    found = {}
    for key in list(table.keys()):
        one = table.table(key)
        if not CODE.fullmatch(key):
            table.note("not_a_code", key, said=key)
        if one is None:
            continue
        spoken = key.startswith(("voice_", "staff_"))
        text, easy = one.versions(), {} if spoken else one.versions("_easy")
        _check_text(one, key, {**text, **{f"{k}_easy": v for k, v in easy.items()}}, name)
        one.end()
        found[key] = Template(key=key, text=text, easy=easy)
    table.end()
    return found


def _check_text(table: Table, key: str, versions: Mapping[str, str], name: Words) -> None:
    fields = {version: _fields(table, version, text) for version, text in versions.items()}
    asked = STANDARD_TEMPLATES.get(key, frozenset())
    asked |= next((f for v, f in fields.items() if v == "en"), frozenset())
    for version, text in versions.items():
        for field in sorted(fields[version] - FIELDS):
            table.note(
                "unknown_field", version, said=field, options=", ".join(sorted(FIELDS)),
                near=nearest(field, FIELDS),
            )  # fmt: skip
        for field in sorted((asked & FIELDS) - fields[version]):
            table.note("field_missing", version, said=field)
        if len(text) > LONGEST_TEXT:
            table.note("too_long", version, length=len(text), most=LONGEST_TEXT)
        if _LINK.search(text):
            table.note("has_link", version)
        if relative := _RELATIVE.search(text):
            table.note("relative_day", version, said=relative.group())
        for own in filter(None, (name.en, name.cy)):
            if own.lower() in text.lower():
                table.note("names_service", version, said=own)


def _fields(table: Table, version: str, text: str) -> frozenset[str]:
    try:
        pieces = list(Formatter().parse(text))
    except ValueError:
        table.note("bad_braces", version)
        return FIELDS
    for _said, field, shape, turned in pieces:
        if field is not None and (shape or turned or not field.isidentifier()):
            table.note("bad_braces", version)
    return frozenset(f for _said, f, _shape, _turned in pieces if f and f.isidentifier())


def _hours(table: Table) -> SendingHours:
    begin, end = table.wall_time("begin"), table.wall_time("end")
    if begin and end and begin >= end:
        table.note("hours_reversed", "begin", begin=f"{begin:%H:%M}", end=f"{end:%H:%M}")
    found = SendingHours(
        begin=begin or time(9),
        end=end or time(19),
        days=weekdays(table, "days"),
        bank_holidays=table.flag("bank_holidays", default=False),
        closed=frozenset(filter(None, (_day(table, said) for said in table.texts("closed")))),
    )
    if not found.days:
        table.note("empty", "days")
    table.end()
    return found


def _day(table: Table, said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        table.note("not_a_date", "closed", said=said)
        return None


def _replies(table: Table) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    heard: dict[str, str] = {}
    for meaning in _MEANINGS:
        said = table.texts(meaning, needed=True)
        for word in said:
            folded = word.casefold()
            if meaning != "stop" and folded in OPT_OUT_WORDS:
                table.note("opt_out_word", meaning, said=word)
            if heard.setdefault(folded, meaning) != meaning:
                table.note("two_meanings", meaning, said=word, other=heard[folded])
        found[meaning] = said
    table.end()
    return found


def lone_worker(table: Table) -> LoneWorker:
    """The times of checking in, and who is told in turn."""
    said = table.needed_table("lone_worker")
    found = LoneWorker(
        minutes=said.whole("minutes", least=5, most=12 * 60),
        grace=said.whole("grace", least=1, most=240),
        again=said.whole("again", least=1, most=120),
        steps=said.choices("steps", _STEPS),
    )
    if not found.steps:
        said.note("empty", "steps")
    said.end()
    return found
