"""A family at a glance: who they are, what to know before knocking, how it goes, and everything.

Risks and access come first because they are read on a doorstep; then the people with their own
addresses and telephones, the pattern of engagement, legal history, goals, the network, and below
it the timeline of all that happened.
"""

from __future__ import annotations

import flet as ft

from app.casework.casebook import Casebook
from app.casework.engagement import Pattern
from app.casework.family import Family, RiskLevel
from app.casework.people import Address, Person, PersonKind
from app.casework.period import Period, PeriodKind
from app.casework.safe_contact import Allowed, Caution, Route
from app.guards import part, screen
from app.layout import Shell
from app.navigation import go
from app.parts import banners, buttons, cards, lists, marks, text
from app.screens import family_children, twice
from app.screens.family_coming import Coming
from app.screens.family_timeline import Timeline
from app.screens.measures import MeasuresCard
from app.screens.naming import person_name
from app.screens.pathway_card import PathwayCard
from app.screens.plans import PlansCard
from app.screens.reaching import MapButton, Ring, before_contact, use_ringing
from app.screens.safe_contact import stop_on_its_way
from app.screens.support import SupportCard
from app.screens.writing import begin_note
from app.state import use_changes, use_session, use_sync, use_wide
from app.wording import (
    _,
    clock,
    day,
    day_and_time,
    gestation,
    gestation_aloud,
    long_day,
    near_day,
    ngettext,
)
from app.wording.vocabulary import own_word, word

KINDS = (
    "family", "person", "membership", "address", "safe_contact", "period", "professional",
    "risk_note", "access_note", "allocation", "goal", "action", "appointment", "attendance",
    "visit_note", "addendum", "note_review", "contact", "obstacle", "pregnancy", "life_event",
    "recorded_twice", "referral", "episode", "decision", "clock_pause", "consent", "receipt",
    "reply", "alarm_log",
)  # fmt: skip


@screen
def FamilyView() -> ft.View:
    """`/families/:fid`."""
    use_changes(*KINDS)
    use_sync()  # a round may have carried a stop to the office
    session, wide = use_session(), use_wide()
    book = session.casebook
    family = book.families.get(ft.use_route_params()["fid"])
    base = f"/families/{family.id}"
    if family.joined_into is not None:
        return Shell(
            _titled(family),
            [*twice.pointer(book, family), _standing(book, family), Timeline(family.id)],
            selected="/families",
        )
    top: list[ft.Control] = [
        *twice.other_entries(book, family),
        *_alike(family),
        *_before_you_go(book, family),
        buttons.actions(
            buttons.primary(
                _("Write a note"), begin_note(session, family.id), icon=ft.Icons.EDIT_NOTE
            ),
            buttons.secondary(
                _("Book"),
                go(f"/appointments/new?family={family.id}"),
                icon=ft.Icons.EVENT_AVAILABLE,
            ),
            buttons.secondary(
                _("Telephone support"), go(f"{base}/contact"), icon=ft.Icons.CALL_OUTLINED
            ),
            buttons.quiet(
                _("Restricted note"), go(f"{base}/restricted"), icon=ft.Icons.LOCK_OUTLINE
            ),
        ),
    ]
    about = [
        _standing(book, family),
        PathwayCard(family),
        Coming(family.id),
        Engagement(family.engagement, family.id),
        People(family),
        family_children.Lost(family),
        family_children.Elsewhere(family),
        _legal(book, family),
    ]
    more = [
        PlansCard(family),
        SupportCard(family.id),
        MeasuresCard(family.id),
        _network(family),
        _notes_to_know(family),
        Timeline(family.id),
    ]
    if wide:
        body = [
            *top,
            cards.columns(_stack(about), _stack(more), wide=True),
        ]
    else:
        body = [*top, *about, *more]
    return Shell(
        _titled(family),
        body,
        full_width=wide,
        actions=[
            buttons.icon_button(ft.Icons.EDIT_OUTLINED, _("Change family"), go(f"{base}/change"))
        ],
        selected="/families",
    )


def _titled(family: Family) -> str:
    return f"{family.name} ({family.ref})" if family.ref else family.name


def _stack(controls: list[ft.Control]) -> ft.Control:
    return ft.Column(
        controls, spacing=20, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )


def _alike(family: Family) -> list[ft.Control]:
    if not family.alike and not family.told_apart:
        return []
    facts = "; ".join(f"{word('told_apart', c)}: {said}" for c, said in family.told_apart)
    return [
        banners.banner(
            facts,
            tone="attention",
            title=_("There is a family with nearly the same name. This one:"),
            icon=ft.Icons.CONTENT_COPY,
            actions=[
                buttons.quiet(_("Is it the same family?"), go(f"/families/{family.id}/twice"))
            ],
        )
    ]


_QUIET = ("none", "child_in_need", "ended")
"""Legal statuses that need not be read before going in; a service may have others of its own."""
_LEVEL_TONE: dict[RiskLevel, marks.Tone] = {
    RiskLevel.NOT_ALONE: "bad",
    RiskLevel.CARE: "bad",
    RiskLevel.INFORM: "attention",
}


def _before_you_go(book: Casebook, family: Family) -> list[ft.Control]:
    names = {p.id: person_name(p) for p in family.people}
    said: list[ft.Control] = [
        banners.banner(
            ", ".join(
                part
                for part in (
                    names.get(p.subject, ""),
                    _("since {day}").format(day=day(p.since, book.today)),
                )
                if part
            ),
            tone="attention",
            title=word("legal", p.code),
            icon=ft.Icons.GAVEL,
        )
        for p in family.periods
        if p.kind is PeriodKind.LEGAL and p.until is None and p.code not in _QUIET
    ]
    said += family_children.known_banners(book, family.events, names)
    said += [
        banners.banner(
            risk.text,
            tone=_LEVEL_TONE.get(risk.level or RiskLevel.CARE, "bad"),
            title=word("risk_level", risk.level) or _("Take care"),
        )
        for risk in family.risks
        if risk.until is None
    ]
    said += [
        text.fact(_("Getting in"), access.text, icon=ft.Icons.KEY)
        for access in family.access
        if access.until is None
    ]
    if family.conflicts:
        said.append(
            banners.banner(
                ngettext(
                    "{n} entry was changed by two people offline. Please choose.",
                    "{n} entries were changed by two people offline. Please choose.",
                    family.conflicts,
                ).format(n=family.conflicts),
                tone="attention",
                actions=[buttons.secondary(_("Choose"), go("/conflicts"))],
            )
        )
    return said


def _standing(book: Casebook, family: Family) -> ft.Control:
    stage = next((p for p in family.periods if p.kind is PeriodKind.STAGE and not p.until), None)
    labels: list[ft.Control] = [marks.status(word("family_status", family.status), "plain")]
    if stage is not None and word("stage", stage.code) != word("family_status", family.status):
        labels.append(marks.status(word("stage", stage.code), "plain"))
    labels += [marks.status(word("overdue", o), "attention") for o in family.overdue]
    who = [
        f"{book.team.name_of(a.worker) or _('a colleague')} ({word('function', a.function)})"
        for a in family.allocations
        if a.until is None
    ]
    lines: list[ft.Control] = [marks.statuses(*labels)]
    lines.append(text.fact(_("Works with"), ", ".join(dict.fromkeys(who)) or _("Nobody yet")))
    for referral in family.referrals[:1]:
        lines.append(
            text.fact(
                _("Referred"),
                _("{day}, {source}").format(
                    day=day(referral.received_at, book.today),
                    source=", ".join(
                        filter(None, (word("source", referral.source), word("via", referral.via)))
                    ),
                )
                + (f"\n{referral.reason}" if referral.reason else ""),
            )
        )
    if family.known_as:
        lines.append(text.fact(_("Also known as"), family.known_as))
    if family.locality:
        lines.append(text.fact(_("Area"), own_word("locality", family.locality)))
    return cards.card(*lines)


# -- people -------------------------------------------------------------------------------
@part
def People(family: Family) -> ft.Control:
    """Each person with her own addresses and telephones: parents live apart."""
    book = use_session().casebook
    ring = use_ringing()
    base = f"/families/{family.id}"
    away = {p.id for p in (*family.children_elsewhere, *family.lost)}
    shown = [
        _person(book, family, p, ring)
        for p in family.people
        if p.until is None and p.id not in away
    ]
    off = [p for p in family.people if p.until is not None]
    if off:
        shown.append(
            buttons.actions(
                *[
                    buttons.quiet(
                        _("{name}: not here any more").format(name=person_name(p)),
                        go(f"{base}/people/{p.id}"),
                    )
                    for p in off
                ]
            )
        )
    return cards.section(
        _("People"),
        shown or [text.small(_("Nobody written down yet."))],
        action=buttons.quiet(_("Add person"), go(f"{base}/people/new"), icon=ft.Icons.ADD),
    )


def _person(book: Casebook, family: Family, person: Person, ring: Ring) -> ft.Control:
    base = f"/families/{family.id}"
    kind = word("relation", person.relation)
    kind = "" if kind == person_name(person) else kind
    lines: list[ft.Control] = [
        ft.Row(
            [
                ft.Container(text.heading(person_name(person), level=3), expand=True),
                *([text.small(kind)] if kind else []),
                buttons.icon_button(
                    ft.Icons.EDIT_OUTLINED,
                    _("Change {name}").format(name=person_name(person)),
                    go(f"{base}/people/{person.id}"),
                ),
            ]
        )
    ]
    if person.known_as:
        lines.append(text.small(_("Also known as {name}").format(name=person.known_as)))
    stage = person.gestation(book.today)
    if stage is not None and person.edd is not None:
        lines.append(
            ft.Semantics(
                container=True,
                exclude_semantics=True,
                label=_("{weeks}, due {day}").format(
                    weeks=gestation_aloud(stage.days), day=long_day(person.edd)
                ),
                content=text.fact(
                    _("Due {day}").format(day=day(person.edd, book.today)),
                    gestation(stage.days),
                    icon=ft.Icons.PREGNANT_WOMAN,
                ),
            )
        )
        if person.edd_before:
            earlier = ", ".join(day(d, book.today) for d in person.edd_before)
            lines.append(text.small(_("Due date before: {days}").format(days=earlier)))
    if person.expected:
        lines.append(family_children.Expected(family, person))
    if person.dob is not None:
        lines.append(text.fact(_("Born"), _born(book, person)))
    if person.kind is PersonKind.CHILD:
        lines.append(
            buttons.actions(
                buttons.quiet(_("Lives elsewhere, or a loss"), go(f"{base}/loss/{person.id}"))
            )
        )
    lines += [
        text.small(_("Also recorded as {name}").format(name=_recorded(also)))
        for also in person.also
        if _recorded(also) != _recorded(person)
    ]
    if person.interpreter:
        lines.append(
            text.fact(_("Interpreter"), person.language or _("needed"), icon=ft.Icons.TRANSLATE)
        )
    names = {p.id: person_name(p) for p in family.people}
    for address in person.addresses:
        if address.current:
            lines += _address(family.id, address, names)
    lines += stop_on_its_way(book, [person])
    for route in person.routes:
        lines.append(_route(book, person, route, ring))
    return cards.card(*lines, key=person.id)


def _born(book: Casebook, person: Person) -> str:
    """`Tuesday 9 February 2027, 04:20 (at 39+1, 2 days)`; the week only where it is known."""
    assert person.dob is not None
    when = long_day(person.dob)
    if person.born_time is not None:
        when = _("{day}, {time}").format(day=when, time=clock(person.born_time))
    more = [_age(book, person)]
    if person.born_at is not None and (book.today - person.dob).days < 2 * 365:
        more.insert(0, _("at {weeks}").format(weeks=gestation(person.born_at.days)))
    known = ", ".join(part for part in more if part)
    return f"{when} ({known})" if known else when


def _recorded(person: Person) -> str:
    born = f", {long_day(person.dob)}" if person.dob else ""
    return f"{person_name(person)}{born}"


def _age(book: Casebook, person: Person) -> str:
    age = person.age(book.today)
    if age is None:
        return ""
    years, months, days = age
    if years >= 2:
        return ngettext("{n} year", "{n} years", years).format(n=years)
    if years or months:
        n = years * 12 + months
        return ngettext("{n} month", "{n} months", n).format(n=n)
    return ngettext("{n} day", "{n} days", days).format(n=days)


def _address(family: str, address: Address, names: dict[str, str]) -> list[ft.Control]:
    lines: list[ft.Control] = [
        ft.Row(
            [
                ft.Row(
                    [
                        ft.Icon(ft.Icons.HOME_OUTLINED, size=22),
                        ft.Text(address.one_line, expand=True, expand_loose=True),
                    ],
                    spacing=12,
                    tight=True,
                ),
                MapButton(family, address.one_line),
            ],
            spacing=12,
            wrap=True,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        )
    ]
    hidden = ", ".join(names.get(p, "") for p in address.secret_from)
    if address.secret_from:
        lines.append(
            banners.banner(
                _("Secret from {names}. Never say or send it where they could learn it.").format(
                    names=hidden
                ),
                tone="bad",
                icon=ft.Icons.VISIBILITY_OFF,
            )
        )
    return lines


def _allowed(route: Route, cautions: tuple[Caution, ...]) -> ft.Control:
    """In one glance, and never green above a warning."""
    if route.allowed == Allowed.YES and cautions:
        return marks.status(_("Safe with care"), "attention")
    tones: dict[str, marks.Tone] = {"yes": "good", "unknown": "attention", "no": "bad"}
    return marks.status(word("allowed", route.allowed), tones.get(route.allowed, "attention"))


def _route(book: Casebook, person: Person, route: Route, ring: Ring) -> ft.Control:
    cautions = book.families.cautions(route.id)
    icon = ft.Icons.CALL_OUTLINED if route.channel == "call" else ft.Icons.SMS_OUTLINED
    row: list[ft.Control] = [
        # A number broken over lines is dialled wrong.
        ft.Row([ft.Icon(icon), ft.Text(route.number, no_wrap=True)], spacing=12, tight=True),
        _allowed(route, cautions),
    ]
    lines: list[ft.Control] = [
        ft.Row(row, spacing=12, wrap=True, vertical_alignment=ft.CrossAxisAlignment.CENTER)
    ]
    lines += before_contact(route, cautions)
    tools: list[ft.Control] = []
    if route.channel == "call" and route.allowed != "no":
        tools.append(
            buttons.secondary(
                _("Ring {name}").format(name=person.given or person_name(person)),
                ring(route, person_name(person), cautions),
                icon=ft.Icons.CALL_OUTLINED,
            )
        )
    if route.allowed != "no":

        def unsafe(r: Route = route) -> None:
            book.families.mark_unsafe(r.id)

        tools.append(buttons.quiet(_("Mark unsafe"), unsafe, icon=ft.Icons.PHONE_LOCKED))
    if tools:
        lines.append(buttons.actions(*tools))
    return ft.Column(lines, spacing=6, tight=True)


# -- engagement ---------------------------------------------------------------------------
_MARK: dict[str, tuple[str, marks.Tone]] = {
    "on_time": ("S", "good"),
    "late_seen": ("L", "good"),
    "late_not_seen": ("M", "attention"),
    "did_not_attend": ("M", "bad"),
    "was_not_brought": ("B", "bad"),
    "cancelled_by_family": ("C", "plain"),
    "cancelled_by_service": ("–", "quiet"),
    "not_yet": ("?", "quiet"),
}
SHOWN_MARKS = 20


@part
def Engagement(pattern: Pattern, family: str) -> ft.Control:
    """The pattern at a glance: round for seen, square for missed, a letter in each."""
    book = use_session().casebook
    recent = pattern.marks[-SHOWN_MARKS:]
    sentence = _("Of the last {n}: {seen} seen, {missed} missed, {cancelled} cancelled.").format(
        n=len(recent),
        seen=sum(m.word in ("on_time", "late_seen") for m in recent),
        missed=sum(
            m.word in ("did_not_attend", "was_not_brought", "late_not_seen") for m in recent
        ),
        cancelled=sum(m.word.startswith("cancelled") for m in recent),
    )
    lines: list[ft.Control] = []
    if recent:
        lines += [
            marks.strip(
                [
                    marks.Mark(
                        letter=_MARK[m.word][0],
                        tone=_MARK[m.word][1],
                        words=f"{day_and_time(m.starts)}: {word('outcome', m.word)}",
                    )
                    for m in recent
                ],
                label=sentence,
            ),
            text.small(sentence),
            text.small(
                _("S seen, L late, M missed, B not brought, C family cancelled, – we cancelled")
            ),
        ]
    else:
        lines.append(text.small(_("No appointments yet.")))
    if pattern.calls:
        lines.append(
            text.small(
                ngettext(
                    "{n} telephone contact besides.",
                    "{n} telephone contacts besides.",
                    pattern.calls,
                ).format(n=pattern.calls)
            )
        )
    lines += [
        banners.banner(word("noticed", n), tone="attention", icon=ft.Icons.SUPPORT_AGENT)
        for n in pattern.noticed
    ]
    for talk in book.engagement.conversations(family=family):
        lines.append(
            buttons.secondary(
                _("Obstacle conversation, due {day}").format(day=near_day(talk.due, book.today)),
                go(f"/families/{family}/obstacle/{talk.id}"),
                icon=ft.Icons.SUPPORT_AGENT,
            )
        )
    return cards.section(_("Engagement"), [cards.card(*lines)])


# -- legal status, network ----------------------------------------------------------------
def _legal(book: Casebook, family: Family) -> ft.Control:
    names = {p.id: person_name(p) for p in family.people}
    rows = [
        _period(book, p, names)
        for p in family.periods
        if p.kind in (PeriodKind.LEGAL, PeriodKind.PLACEMENT)
    ]
    return cards.section(
        _("Legal status and where the child lives"),
        [cards.card(*rows)] if rows else [text.small(_("Nothing written down yet."))],
        action=buttons.quiet(
            _("Change"), go(f"/families/{family.id}/periods/new"), icon=ft.Icons.EDIT_OUTLINED
        ),
    )


def _period(book: Casebook, period: Period, names: dict[str, str]) -> ft.Control:
    span = (
        _("since {day}").format(day=day(period.since, book.today))
        if period.until is None
        else _("{first} to {last}").format(
            first=day(period.since, book.today), last=day(period.until, book.today)
        )
    )
    who = names.get(period.subject, "")
    why = ", ".join(part for part in (period.by, period.reason) if part)
    return text.fact(
        ", ".join(part for part in (who, span) if part),
        word(str(period.kind), period.code) + (f": {why}" if why else ""),
        icon=ft.Icons.GAVEL if period.kind is PeriodKind.LEGAL else ft.Icons.HOUSE_OUTLINED,
    )


def _network(family: Family) -> ft.Control:
    rows = [
        lists.tile(
            p.name,
            "\n".join(
                part
                for part in (", ".join(x for x in (p.role, p.agency) if x), p.phone, p.email)
                if part
            ),
            go(f"/families/{family.id}/network/{p.id}"),
            icon=ft.Icons.BADGE_OUTLINED,
            key=p.id,
        )
        for p in family.network
        if p.until is None
    ]
    return cards.section(
        _("Network of professionals"),
        [lists.rows(rows)] if rows else [text.small(_("Nobody written down yet."))],
        action=buttons.quiet(_("Add"), go(f"/families/{family.id}/network/new"), icon=ft.Icons.ADD),
    )


def _notes_to_know(family: Family) -> ft.Control:
    return buttons.actions(
        buttons.quiet(
            _("Risk and access notes"),
            go(f"/families/{family.id}/warnings"),
            icon=ft.Icons.HEALTH_AND_SAFETY_OUTLINED,
        ),
        buttons.quiet(
            _("On paper"), go(f"/families/{family.id}/paper"), icon=ft.Icons.PRINT_OUTLINED
        ),
        buttons.quiet(_("Entered twice?"), go(f"/families/{family.id}/twice"), icon=ft.Icons.MERGE),
    )
