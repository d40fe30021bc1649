"""What the team needs to know of somebody who works here: her hours, her room, her telephone.

Hours decide on which days others take over for her, room how many families are too many, and the
telephone who is told when a parent asks for help. She may set her own hours and telephone; the
rest is a supervisor's to say.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import time
from typing import Any

import flet as ft

from app.casework.caseload import Worker
from app.casework.errors import CaseworkError
from app.casework.forms import WorkerForm
from app.casework.phone_number import BadNumber
from app.guards import part, screen
from app.layout import Shell
from app.navigation import finished, go
from app.parts import banners, buttons, cards, dialogs, fields, text
from app.parts.keeping import use_form
from app.parts.when import TimeField
from app.session import Session
from app.state import use_changes, use_session, use_state
from app.wording import _, ngettext, plain
from app.wording.dates import weekday_names
from app.wording.vocabulary import own_word, words
from storage.errors import StorageError
from sync.errors import SyncError
from sync.granting import end_access

MOST_FAMILIES = 200
"""More at once is a slip of the finger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The form as it is filled in; `share` of full time and `most` families as they were typed."""

    name: str = ""
    job: str = ""
    share: str = ""
    most: str = ""
    phone: str = ""
    days: tuple[str, ...] = ()
    begins: time | None = None
    ends: time | None = None


def said_of(worker: Worker) -> Said:
    """The form as it stands for what is on record."""
    return Said(
        name=worker.name,
        job=worker.title,
        share=f"{worker.wte:g}",
        most="" if worker.capacity is None else str(worker.capacity),
        phone=worker.phone,
        days=tuple(str(n) for n in sorted(worker.works_days)),
        begins=worker.works_from,
        ends=worker.works_to,
    )


def unfit(said: Said) -> dict[str, str]:
    """What cannot be, a sentence by field; empty when all of it will do."""
    found: dict[str, str] = {}
    if not said.name.strip():
        found["name"] = _("Please give a name.")
    if _share(said.share) is None:
        found["share"] = _("Please write it as a share of full time, such as 1 or 0.6.")
    if said.most.strip() and not (
        said.most.strip().isdecimal() and 1 <= int(said.most) <= MOST_FAMILIES
    ):
        found["most"] = _("Please give a whole number, or leave it empty.")
    if not said.days:
        found["days"] = _("Please choose at least one day.")
    if said.begins is None or said.ends is None or said.begins >= said.ends:
        found["ends"] = _("Please give an end that comes after the beginning.")
    return found


def form_of(said: Said, worker: Worker) -> WorkerForm:
    """What is kept of a form in which nothing is unfit."""
    share = _share(said.share)
    return WorkerForm(
        name=said.name.strip(),
        title=said.job.strip(),
        role=worker.role,
        team=worker.team,
        wte=worker.wte if share is None else share,
        capacity=int(said.most) if said.most.strip() else None,
        phone=said.phone.strip(),
        works_days=frozenset(int(n) for n in said.days),
        works_from=said.begins or worker.works_from,
        works_to=said.ends or worker.works_to,
    )


def _share(typed: str) -> float | None:
    try:
        share = float(typed.strip().replace(",", "."))
    except ValueError:
        return None
    return share if 0 < share <= 1 else None


@screen
def ColleagueView() -> ft.View:
    """`/team/people/:person`: somebody of the team, as a supervisor sees her."""
    return ColleagueForm(ft.use_route_params()["person"], "/team/people", own=False)


@screen
def MyHours() -> ft.View:
    """`/settings/hours`: my own hours and telephone."""
    return ColleagueForm(use_session().casebook.me.person, "/settings", own=True)


def ColleagueForm(person: str, back: str, *, own: bool) -> ft.View:
    """A hook: the page. `back` is where saving leads."""
    use_changes("worker", "allocation")
    session = use_session()
    book = session.casebook
    worker = book.team.worker(person)
    known = said_of(worker) if worker else Said()
    form = use_form("worker", known, about=person)
    bad, set_bad = use_state(lambda: dict[str, str]())
    problem, set_problem = use_state(None)
    title = _("Working days and telephone") if own else known.name or _("Somebody")
    if worker is None:
        return Shell(title, [text.small(_("Nothing is written down yet."))], selected=back)
    said = form.on(known)

    def change(**given: Any) -> None:
        set_bad({})
        set_problem(None)
        form.change(**given)

    async def save() -> None:
        now = form.on(known)
        found = unfit(now)
        set_bad(found)
        if found:
            return
        try:
            book.team.change_worker(person, form_of(now, worker))
        except BadNumber as error:
            set_bad({"phone": plain(error).says})
            return
        except CaseworkError as error:
            set_problem(plain(error))
            return
        form.done()
        await finished(back)

    body: list[ft.Control] = [*form.notices]
    if not own:
        if not worker.active:
            body.append(
                banners.banner(
                    _("No longer works here. What was written keeps the name."),
                    actions=[
                        buttons.quiet(_("Works here again"), lambda: book.team.come_back(person))
                    ],
                )
            )
        body += [
            fields.text_field(
                _("Name"), said.name, lambda v: change(name=v), error=bad.get("name")
            ),
            _job(said, change),
            fields.text_field(
                _("Share of full time"),
                said.share,
                lambda v: change(share=v),
                error=bad.get("share"),
                hint=_("1 is full time, 0.6 three days of five."),
            ),
            fields.text_field(
                _("Families at most"),
                said.most,
                lambda v: change(most=v),
                error=bad.get("most"),
                hint=_("Empty: {n}, by the service's rule and the share of full time.").format(
                    n=book.supervision.room_by_rule(
                        replace(worker, title=said.job, wte=_share(said.share) or worker.wte)
                    )
                ),
                keyboard=ft.KeyboardType.NUMBER,
            ),
        ]
    body += [
        fields.text_field(
            _("Work telephone"),
            said.phone,
            lambda v: change(phone=v),
            error=bad.get("phone"),
            hint=_("When a parent asks for help, a text that says nothing of anybody goes here."),
            keyboard=ft.KeyboardType.PHONE,
        ),
        fields.chips(
            _("Working days"),
            list(said.days),
            {str(n): name for n, name in enumerate(weekday_names())},
            lambda days: change(days=tuple(days)),
            error=bad.get("days"),
        ),
        TimeField(_("From"), said.begins, lambda at: change(begins=at)),
        TimeField(_("To"), said.ends, lambda at: change(ends=at), error=bad.get("ends")),
        text.small(_("On other days whoever is on duty takes over calls that are due.")),
    ]
    if not own and worker.active and person != book.me.person:
        body.append(Leaving(worker, key="leaving"))
    return Shell(
        title,
        body,
        attention=problem,
        foot=buttons.primary(_("Save"), save, icon=ft.Icons.CHECK),
        selected="/settings" if own else "/team",
    )


def _job(said: Said, change: Any) -> ft.Control:
    """One of the service's own jobs, or plain words where it has none."""
    known = words("job")
    if not known:
        return fields.text_field(_("Job"), said.job, lambda v: change(job=v))
    code = next((c for c, w in known.items() if said.job in (c, w)), said.job)
    other = {code: own_word("job", code)} if code and code not in known else {}
    return fields.dropdown(
        _("Job"), code or None, {**known, **other}, lambda chosen: change(job=chosen)
    )


@part
def Leaving(worker: Worker) -> ft.Control:
    """Somebody leaves the team: once nobody depends on her, her access ends in one action."""
    session = use_session()
    book = session.casebook
    asking, ask = use_state(False)
    trouble, set_trouble = use_state(None)
    held = next(
        (len(c.families) for c in book.supervision.caseloads() if c.worker.person == worker.person),
        0,
    )

    async def leave() -> None:
        try:
            await asyncio.to_thread(_end, session, worker.person)
        except (SyncError, StorageError) as error:
            set_trouble(plain(error))
            return
        book.team.leave(worker.person)
        await finished("/team/people")

    dialogs.use_question(
        asking,
        title=_("{name} no longer works here?").format(name=worker.name),
        words=_(
            "The access of every device of theirs ends and the devices are asked to destroy their "
            "keys. What they had not sent waits for you in quarantine. The name stays on what "
            "they wrote."
        ),
        yes=_("End access"),
        dangerous=True,
        on_yes=leave,
        on_close=lambda: ask(False),
    )
    shown: list[ft.Control] = []
    if trouble is not None:
        shown.append(banners.problem(trouble))
    if held:
        shown.append(
            banners.banner(
                ngettext(
                    "{n} family is allocated to {name}. Before they leave, give it to a colleague.",
                    "{n} families are allocated to {name}. Before they leave, give them to "
                    "colleagues.",
                    held,
                ).format(n=held, name=worker.first_name),
                actions=[buttons.quiet(_("To the caseloads"), go("/team/caseloads"))],
            )
        )
    else:
        shown.append(
            buttons.actions(
                buttons.quiet(
                    _("No longer works here"), lambda: ask(True), icon=ft.Icons.PERSON_OFF_OUTLINED
                )
            )
        )
    return cards.section(_("Leaving the team"), shown)


def _end(session: Session, person: str) -> None:
    """Blocking: call in a thread. Raises what stops it."""
    if session.exchange is not None:
        end_access(session.exchange.line, person)
