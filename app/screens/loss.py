"""A loss, or a child who no longer lives at home: written down once, with somebody to be in touch.

Few questions, plain words, nothing to congratulate on. What would be sent to the family is
withdrawn before anything else is written.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any, cast

import flet as ft

from app.casework.casebook import Casebook
from app.casework.errors import CaseworkError, NotASensibleDate
from app.casework.family import Family
from app.casework.life_event import BEFORE_BIRTH, LOSSES, LossForm, What
from app.casework.people import Person, PersonKind
from app.guards import screen
from app.layout import Shell
from app.navigation import finished
from app.parts import banners, buttons, cards, fields, text
from app.parts.keeping import use_form
from app.parts.when import DateField
from app.screens.naming import person_name
from app.state import use_session, use_state
from app.wording import _, ngettext, plain
from app.wording.vocabulary import word, words


@screen
def LossView() -> ft.View:
    """`/families/:fid/loss/:pid`."""
    params = ft.use_route_params()
    book = use_session().casebook
    family = book.families.get(params["fid"])
    person = next((p for p in family.people if p.id == params["pid"] and p.living), None)
    kept = use_form(
        "loss",
        _begun(book, family, person, params["pid"]),
        about=params["pid"],
        casefile=family.id,
    )
    form = kept.said
    on = cast("date | None", form.on)  # while nothing readable is typed there is none
    problem, set_problem = use_state(None)
    wrong, set_wrong = use_state(None)

    def change(**given: Any) -> None:
        set_problem(None)
        set_wrong(None)
        kept.change(**given)

    async def save() -> None:
        if on is None:
            set_wrong(_("Please give the day."))
            return
        try:
            book.losses.record(family.id, _complete(family, kept.said))
        except NotASensibleDate as error:
            set_wrong(word("bad_date", error.reason))
            return
        except CaseworkError as error:
            set_problem(plain(error))
            return
        kept.done()
        await finished(f"/families/{family.id}")

    if person is None:
        gone = banners.empty(_("This is written down already."), icon=ft.Icons.CHECK)
        return Shell(_("A change in the family"), [gone], selected="/families")
    body: list[ft.Control] = [
        text.small(family.name),
        text.heading(person_name(person), level=2),
        *kept.notices,
        fields.choice(
            _("What happened?"),
            form.what.value,
            {what.value: _question(what) for what in _possible(person)},
            lambda v: change(
                what=What(v),
                call_off=What(v) in LOSSES,
                close_plan=What(v) in LOSSES and _the_last(family, params["pid"]),
            ),
        ),
        *_which(family, person, form, change),
        DateField(_("On"), on, lambda v: change(on=v), today=book.today, past=True, error=wrong),
        *_about(form, change, book.profile.at_home),
        fields.long_text(
            _("What colleagues should know"),
            form.text,
            lambda v: change(text=v),
            lines=2,
            hint=_("Shown before every visit: who told you, what the parents wish."),
        ),
        _who_rings(book, family, form, change),
        *_booked(book, family, form, change),
        *_planned(book, family, form, change),
    ]
    return Shell(
        _("A change in the family"),
        body,
        attention=problem,
        foot=buttons.primary(_("Write it down"), save, icon=ft.Icons.CHECK),
        selected="/families",
    )


def _possible(person: Person) -> tuple[What, ...]:
    if person.kind is PersonKind.UNBORN:
        return (What.PREGNANCY_ENDED, What.STILLBORN)
    if person.kind is PersonKind.CHILD:
        return (What.REMOVED, What.DIED)
    return (What.DIED,)


def _question(what: What) -> str:
    return {
        What.PREGNANCY_ENDED: _("The pregnancy has ended"),
        What.STILLBORN: _("The baby was stillborn"),
        What.DIED: _("Has died"),
        What.REMOVED: _("Lives somewhere else from now on"),
    }[what]


def _the_last(family: Family, person: str) -> bool:
    """Whether no other child is there or on the way: then a plan made for one hurts to read."""
    return not any(p.id != person for p in (*family.children_at_home, *family.unborn))


def _begun(book: Casebook, family: Family, person: Person | None, pid: str) -> LossForm:
    what = _possible(person)[0] if person else What.DIED
    return LossForm(
        what=what,
        on=book.today,
        persons=(pid,),
        given=person.given if person and what in BEFORE_BIRTH else "",
        caller=book.me.person,
        call_on=book.today,
        call_off=what in LOSSES,
        close_plan=what in LOSSES and _the_last(family, pid),
    )


def _complete(family: Family, form: LossForm) -> LossForm:
    """The form as the casebook wants it, with the words that stand on the caller's list."""
    loss = form.what in LOSSES
    return replace(
        form,
        given=form.given if len(form.persons) == 1 else "",
        call_words=_("Ring {family} after their loss. Read the family's page first.").format(
            family=family.name
        )
        if loss
        else _("Ring {family}: a child has left home. Read the family's page first.").format(
            family=family.name
        ),
    )


def _which(family: Family, person: Person, form: LossForm, change: Any) -> list[ft.Control]:
    """Of several babies: this one, or more of them."""
    together = [p for p in family.unborn if p.pregnancy == person.pregnancy]
    if person.kind is not PersonKind.UNBORN or len(together) < 2:
        return []
    return [
        fields.chips(
            _("Which of them?"),
            list(form.persons),
            {p.id: person_name(p) for p in together},
            lambda picked: change(persons=tuple(picked)),
        )
    ]


def _about(form: LossForm, change: Any, at_home: Collection[str]) -> list[ft.Control]:
    if form.what is What.REMOVED:
        away = {code: said for code, said in words("placement").items() if code not in at_home}
        return [
            fields.dropdown(
                _("Where the child lives now"),
                form.placement or None,
                away,
                lambda v: change(placement=v),
            ),
            fields.text_field(
                _("Who looks after the child, if you know"),
                form.carers,
                lambda v: change(carers=v),
            ),
        ]
    if form.what in BEFORE_BIRTH and len(form.persons) == 1:
        return [
            fields.text_field(
                _("The name the parents use, if they gave one"),
                form.given,
                lambda v: change(given=v),
                keyboard=ft.KeyboardType.NAME,
            )
        ]
    return []


def _who_rings(
    book: Casebook,
    family: Family,
    form: LossForm,
    change: Any,
) -> ft.Control:
    """Only somebody who can read the family: whoever works with it, and I."""
    able = [book.me.person, *(a.worker for a in family.allocations if a.until is None)]
    callers = {who: book.team.name_of(who) or _("Me") for who in dict.fromkeys(able)}
    return cards.card(
        fields.dropdown(
            _("Who is in touch with the family?"),
            form.caller,
            callers,
            lambda v: change(caller=v),
        ),
        DateField(
            _("When"),
            form.call_on,
            lambda v: change(call_on=v),
            today=book.today,
            first=book.today,
        ),
        text.small(
            _(
                "It stands on that person's list. Until then nothing is sent to the family by "
                "itself."
            )
        ),
    )


def _booked(book: Casebook, family: Family, form: LossForm, change: Any) -> list[ft.Control]:
    coming = [a for a in book.diary.of_family(family.id) if not a.cancelled]
    if not coming:
        return []
    said = ngettext(
        "Call off {n} appointment that is booked, until somebody has been in touch",
        "Call off {n} appointments that are booked, until somebody has been in touch",
        len(coming),
    )
    return [
        fields.tick(said.format(n=len(coming)), form.call_off, lambda v: change(call_off=v)),
    ]


def _planned(book: Casebook, family: Family, form: LossForm, change: Any) -> list[ft.Control]:
    standing = book.losses.open_plan(family.id)
    if not standing or form.what not in LOSSES:
        return []
    said = ngettext(
        "Close {n} goal or action that stands open: some may be about the baby",
        "Close {n} goals and actions that stand open: some may be about the baby",
        standing,
    )
    return [
        fields.tick(said.format(n=standing), form.close_plan, lambda v: change(close_plan=v)),
    ]
