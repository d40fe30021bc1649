"""A session's register in one screen: each name with large marks, saved as they are tapped.

Whoever leads sees names and what to know before ringing, and of a family nothing else.
"""

from __future__ import annotations

from typing import Any

import flet as ft

from app.casework.attendance import Code
from app.casework.casebook import Casebook
from app.casework.casebook.group_lists import Line, Register
from app.casework.errors import CaseworkError, Unknown
from app.guards import part, screen
from app.layout import Shell
from app.parts import banners, buttons, cards, dialogs, fields, lists, marks, text
from app.screens.group_list import Choosing
from app.screens.groups import KINDS, here_words, named, session_words, unmarked_words
from app.screens.handing import HandToParent, unnamed
from app.state import NEW_DAY, use_changes, use_session, use_state, use_wide
from app.wording import _, clock, day_and_time, local, ngettext, plain
from app.wording.vocabulary import word, words


@screen
def RegisterView() -> ft.View:
    """`/groups/:gid/sessions/:sid`."""
    use_changes(*KINDS, NEW_DAY)
    book, wide = use_session().casebook, use_wide()
    asking, ask = use_state(False)
    reason, set_reason = use_state("")
    problem, set_problem = use_state(None)
    try:
        register = book.groups.register(ft.use_route_params()["sid"])
    except Unknown:
        return Shell(
            _("Register"),
            [banners.empty(_("This session is not on this device."), icon=ft.Icons.SEARCH_OFF)],
            selected="/families",
        )
    session = register.session

    def mark(entry: str, code: Code) -> None:
        try:
            book.groups.mark(session.id, entry, code)
        except CaseworkError as error:
            set_problem(plain(error))
            return
        set_problem(None)

    def call_off() -> None:
        book.groups.cancel(session.id, reason)

    dialogs.use_question(
        asking,
        title=_("Call this session off?"),
        words=fields.text_field(_("Why?"), reason, set_reason),
        more=[text.small(said) for said in _who_is_told(register)],
        yes=_("Call it off"),
        no=_("Keep it"),
        ready=bool(reason.strip()),
        filled_in=True,
        dangerous=True,
        on_yes=call_off,
        on_close=lambda: ask(False),
    )
    about = ", ".join(
        filter(
            None,
            (
                session_words(book, session),
                f"{clock(session.starts)}–{clock(session.ends)}",
                register.group.venue,
            ),
        )
    )
    body: list[ft.Control] = [text.heading(named(register.group)), text.small(about)]
    if session.cancelled:
        body += _called_off(book, register)
        return Shell(_("Register"), body, selected="/families")
    to_come = local(session.starts).date() > book.today
    if to_come:
        body.append(text.small(_("The register opens on the day.")))
    if not register.lines:
        body.append(banners.empty(_("Nobody is on this group's list yet."), icon=ft.Icons.GROUPS))
    else:
        if not to_come:
            body.append(_counted(register))
        names = [_line(line, mark, to_come=to_come) for line in register.lines]
        half = (len(names) + 1) // 2
        if wide:
            body.append(cards.columns(_stack(names[:half]), _stack(names[half:]), wide=True))
        else:
            body += names
    if problem is not None:
        body.append(banners.problem(problem))
    if not to_come:
        body.append(WalkIn(session.id, register.group.audience == "professional"))
    body += _feedback(book, register)
    if session.ends > book.now:
        body.append(
            buttons.actions(
                buttons.quiet(
                    _("Call this session off"), lambda: ask(True), icon=ft.Icons.EVENT_BUSY
                )
            )
        )
    return Shell(_("Register"), body, selected="/families", broad=wide)


def _stack(controls: list[ft.Control]) -> ft.Control:
    return ft.Column(
        controls, spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )


def _counted(register: Register) -> ft.Control:
    said = [marks.status(here_words(register.here), "good" if register.here else "quiet")]
    if register.unmarked:
        said.append(marks.status(unmarked_words(register.unmarked), "attention"))
    came = ngettext(
        "{n} different person has come so far",
        "{n} different people have come so far",
        register.came_so_far,
    )
    said.append(marks.status(came.format(n=register.came_so_far), "plain"))
    return marks.statuses(*said)


def _line(line: Line, mark: Any, *, to_come: bool) -> ft.Control:
    one = line.enrolled
    lines: list[ft.Control] = []
    if to_come:
        lines.append(text.line(one.name, strong=True))
    else:
        code = line.mark.code if line.mark and line.mark.code is not Code.NOT_YET else None
        lines.append(
            fields.chips(
                one.name,
                [code.name.lower()] if code else [],
                words("register_mark"),
                lambda picked: mark(one.id, Code[picked[0].upper()] if picked else Code.NOT_YET),
                many=False,
            )
        )
    if one.agency:
        lines.append(text.small(one.agency))
    if one.warning:
        lines.append(
            text.fact(_("Before ringing"), word("group_warning", one.warning), icon=ft.Icons.SHIELD)
        )
    lines += [
        text.small(
            _("Before: {what}, {when}").format(
                what=word("register_mark", said.code.name.lower()), when=day_and_time(said.at)
            )
        )
        for said in (line.mark.before if line.mark else ())
    ]
    return cards.card(*lines, key=one.id)


@part
def WalkIn(session: str, professional: bool) -> ft.Control:
    """Somebody came who is not on the list: she is put on it, and marked as here."""
    groups = use_session().casebook.groups
    return Choosing(
        _("Somebody else came"),
        lambda family, person: groups.walk_in(session, family, person),
        lambda name, agency, another: groups.walk_in_by_name(
            session, name, agency=agency, another=another
        ),
        agency=professional,
    )


def _feedback(book: Casebook, register: Register) -> list[ft.Control]:
    """After the last session what people say of it, without their names, one after another."""
    programme = book.groups.programme(register.group)
    measure = book.profile.measure(programme.feedback) if programme else None
    last = register.session.n == register.session.of and register.session.starts <= book.now
    if programme is None or measure is None or not measure.anonymous or not last:
        return []
    return [
        cards.section(
            word("measure", measure.code), [HandToParent(measure, unnamed(programme.code))]
        )
    ]


def _who_is_told(register: Register) -> list[str]:
    """Before it is called off: how many hear of it by themselves, and whom nobody tells."""
    families = [line for line in register.lines if line.enrolled.family]
    alone = [line.enrolled.name for line in register.lines if not line.enrolled.family]
    said = []
    if families:
        said.append(
            ngettext(
                "{n} parent is told by her safe route, or rung by her worker.",
                "{n} parents are told by their safe routes, or rung by their workers.",
                len(families),
            ).format(n=len(families))
        )
    if alone:
        said.append(_("Nobody but you tells {names}.").format(names=", ".join(alone)))
    return said


def _called_off(book: Casebook, register: Register) -> list[ft.Control]:
    """Why, and how each on the list gets to know."""
    told = book.groups.told(register.session.id)
    rows = [
        lists.tile(
            line.enrolled.name,
            word("told", told[line.enrolled.id].value) if line.enrolled.id in told else "",
            icon=ft.Icons.CAMPAIGN_OUTLINED,
            key=line.enrolled.id,
        )
        for line in register.lines
    ]
    return [
        banners.banner(
            register.session.cancel_reason,
            tone="attention",
            title=_("Called off"),
            icon=ft.Icons.EVENT_BUSY,
        ),
        *([lists.rows(rows)] if rows else []),
    ]
