"""Everything that happened with a family, newest first, a page at a time, each in a line or two."""

from __future__ import annotations

from collections.abc import Mapping

import flet as ft

from app.casework.casebook import Casebook
from app.casework.timeline import Entry, Event
from app.guards import part
from app.navigation import go
from app.parts import buttons, cards, lists, text
from app.screens.naming import person_name
from app.state import use_session, use_state
from app.wording import _, local, moment, near_day
from app.wording.vocabulary import word

PAGE = 30

_EVENT_ICONS: dict[Event, ft.IconData] = {
    Event.NOTE: ft.Icons.STICKY_NOTE_2_OUTLINED,
    Event.RESTRICTED_NOTE: ft.Icons.LOCK,
    Event.ADDENDUM: ft.Icons.POST_ADD,
    Event.REVIEW: ft.Icons.RATE_REVIEW_OUTLINED,
    Event.APPOINTMENT: ft.Icons.EVENT,
    Event.CANCELLED: ft.Icons.EVENT_BUSY,
    Event.OUTCOME: ft.Icons.HOW_TO_REG_OUTLINED,
    Event.CONTACT: ft.Icons.CALL_OUTLINED,
    Event.SAFE_CONTACT: ft.Icons.PHONE_LOCKED,
    Event.OBSTACLE: ft.Icons.SUPPORT_AGENT,
    Event.OBSTACLE_CLOSED: ft.Icons.SUPPORT_AGENT,
    Event.DECISION: ft.Icons.GAVEL,
    Event.CLOSED: ft.Icons.FLAG_OUTLINED,
    Event.MESSAGE: ft.Icons.SMS_OUTLINED,
    Event.REPLY: ft.Icons.MARK_CHAT_UNREAD_OUTLINED,
    Event.ALARM: ft.Icons.HEALTH_AND_SAFETY_OUTLINED,
    Event.PLAN: ft.Icons.ASSIGNMENT_OUTLINED,
    Event.PLAN_REVIEWED: ft.Icons.ASSIGNMENT_TURNED_IN_OUTLINED,
    Event.BORN: ft.Icons.CHILD_CARE,
    Event.LOSS: ft.Icons.SPA_OUTLINED,
    Event.REMOVED: ft.Icons.HOUSE_OUTLINED,
    Event.JOINED: ft.Icons.MERGE,
    Event.PARTED: ft.Icons.CALL_SPLIT,
}
_CODE_VOCABULARY: dict[Event, str] = {
    Event.OUTCOME: "outcome",
    Event.REVIEW: "review_act",
    Event.CONTACT: "contact_outcome",
    Event.SAFE_CONTACT: "allowed",
    Event.MESSAGE: "receipt_state",
    Event.REPLY: "reply_meaning",
    Event.ALARM: "alarm_event",
    Event.OBSTACLE: "noticed",
    Event.NOTE: "contact_type",
    Event.APPOINTMENT: "contact_type",
    Event.CANCELLED: "cancelled_by",
    Event.REFERRAL: "source",
    Event.ALLOCATION: "function",
    Event.CLOSED: "closure",
    Event.PLAN: "plan",
    Event.LOSS: "life_event",
    Event.TAKEN_BACK: "life_event",
}


@part
def Timeline(family: str) -> ft.Control:
    """Everything that happened, newest first, a page at a time."""
    book = use_session().casebook
    limit, set_limit = use_state(PAGE)
    page = book.families.timeline(family, limit=limit)
    names = {p.id: person_name(p) for p in book.families.people(family)}
    rows = [_entry(book, entry, family, names) for entry in page.entries]
    controls: list[ft.Control] = [
        lists.rows(rows) if rows else text.small(_("Nothing has happened yet."))
    ]
    if page.more:
        controls.append(buttons.quiet(_("Show earlier"), lambda: set_limit(limit + PAGE)))
    return cards.section(_("Timeline"), controls)


def _entry(book: Casebook, entry: Entry, family: str, names: Mapping[str, str]) -> ft.Control:
    vocabulary = _CODE_VOCABULARY.get(entry.event)
    code = _code_words(entry, vocabulary)
    who = names.get(entry.person or "", "")
    when = moment(entry.at, book.now)
    if entry.whole_day:
        when = near_day(local(entry.at).date(), book.today)
    title = ", ".join(part for part in (when, word("event", entry.event), code, who) if part)
    under = book.families.tag(entry.under) if entry.under else None
    author = book.team.name_of(entry.author) if entry.author else ""
    subtitle = "\n".join(
        part
        for part in (
            entry.text,
            author,
            _("Recorded under {name}").format(name=under.ref or under.name) if under else "",
            "" if entry.sent else _("Only on this device"),
        )
        if part
    )
    return lists.tile(
        title,
        subtitle,
        go(_route_of(entry, family)) if _route_of(entry, family) else None,
        icon=_EVENT_ICONS.get(entry.event, ft.Icons.CIRCLE_OUTLINED),
        key=f"{entry.record} {entry.event} {entry.at.isoformat()}",
    )


def _code_words(entry: Entry, vocabulary: str | None) -> str:
    if not entry.code or entry.event in (Event.BORN, Event.REMOVED):
        return ""
    if vocabulary is not None:
        return word(vocabulary, entry.code)
    if entry.event is Event.PERIOD:
        kind, code, *answer = entry.code.split(":")
        return _("{what}: no").format(what=word(kind, code)) if answer else word(kind, code)
    if entry.event is Event.DECISION:
        kind, _colon, outcome = entry.code.partition(":")
        return ", ".join(filter(None, (word("decision", kind), word(f"outcome:{kind}", outcome))))
    return word("event", entry.code)


def _route_of(entry: Entry, family: str) -> str:
    if entry.note:
        return f"/notes/{entry.note}"
    if entry.event in (Event.NOTE, Event.RESTRICTED_NOTE):
        return f"/notes/{entry.record}"
    if entry.event in (Event.OBSTACLE, Event.OBSTACLE_CLOSED):
        return f"/families/{family}/obstacle/{entry.record}"
    if entry.appointment:
        return f"/appointments/{entry.appointment}"
    if entry.event in (Event.APPOINTMENT, Event.CANCELLED):
        return f"/appointments/{entry.record}"
    return ""
