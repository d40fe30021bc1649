"""A plan on paper: for whom, in which words and language, what is left out, and saving it."""

from __future__ import annotations

from datetime import date

import flet as ft

from app.casework.casebook import Casebook
from app.casework.disclosure import Reader
from app.casework.family import Family
from app.casework.paper import MeantFor, PaperForm, Sheet
from app.casework.people import Person
from app.casework.plan import Plan
from app.guards import screen
from app.layout import Shell
from app.parts import banners, buttons, cards, fields, text
from app.printed.blocks import Document
from app.printed.plan_sheet import PlanSheet, plan_document
from app.screens.naming import person_name
from app.screens.paper_parts import (
    LeftOutCard,
    put_on_paper,
    reader_chips,
    readers_named,
    unjoined,
)
from app.screens.plans import owner_name
from app.state import use_changes, use_session, use_state
from app.wording import _
from app.wording.vocabulary import word, word_in

ENGLISH, WELSH = "en_GB", "cy_GB"


@screen
def PlanPaper() -> ft.View:
    """`/families/:fid/plans/:id/paper`."""
    use_changes("plan", "goal", "action", "third_party", "address")
    params = ft.use_route_params()
    book = use_session().casebook
    family = book.families.get(params["fid"])
    readers, set_readers = use_state(lambda: _likely_readers(family))
    chosen = readers_named(family, readers)
    easy, set_easy = use_state(lambda: any(p.format == "easy_read" for p in chosen))
    language, set_language = use_state(lambda: _likely_language(book, chosen))
    put_in, set_put_in = use_state(())
    said, say = use_state("")

    reader = Reader(persons=frozenset(readers))
    before = book.papers.plan(params["id"], reader).disclosure
    paper = book.papers.plan(params["id"], reader, put_in=put_in)
    document = _document(book, family, paper.plan, chosen, language, easy=easy)

    async def save() -> None:
        form = PaperForm(
            what=Sheet.PLAN, meant_for=MeantFor.FAMILY, of=params["id"], persons=tuple(readers)
        )
        made = await put_on_paper(book, family.id, document, form, paper.disclosure, "plan")
        if made is None:
            return
        say(
            _("Saved. Some signs cannot be printed and are question marks on the paper.")
            if made.unprintable
            else _("Saved. The file is yours to print; delete it afterwards.")
        )

    def choose_readers(people: list[str]) -> None:
        set_readers(people)
        set_put_in(())

    body: list[ft.Control] = [
        text.small(family.name),
        cards.card(
            reader_chips(family, readers, choose_readers, _("Who gets it")),
            fields.choice(
                _("Which words?"),
                "easy" if easy else "plain",
                {"plain": _("Plain, on one page"), "easy": _("Easy read, in large type")},
                lambda v: set_easy(v == "easy"),
            ),
            *_languages(book, language, set_language),
        ),
        *unjoined(document),
        LeftOutCard(before, paper.disclosure, put_in, set_put_in),
    ]
    if said:
        body.insert(0, banners.banner(said, tone="good", live=True))
    return Shell(
        _("{plan} on paper").format(plan=word("plan", paper.plan.kind)),
        body,
        foot=buttons.primary(_("Save as PDF"), save, icon=ft.Icons.PICTURE_AS_PDF_OUTLINED),
        selected="/families",
    )


def _likely_readers(family: Family) -> list[str]:
    """The one adult there is; of several a person chooses, since they may live apart."""
    return [p.id for p in family.adults] if len(family.adults) == 1 else []


def _worker(family: Family, plan: Plan, today: date) -> str:
    """Whom the parents ring: who has the family, also where somebody else agreed the plan."""
    having = [a.worker for a in family.allocations if a.until is None or a.until > today]
    return plan.worker if plan.worker in having or not having else having[0]


def _likely_language(book: Casebook, readers: tuple[Person, ...]) -> str:
    """As the readers speak; both where the service works in Wales and nobody has said."""
    spoken = {p.language.strip().lower() for p in readers if p.language.strip()}
    if spoken & {"welsh", "cymraeg", "cy"}:
        return WELSH
    return "both" if book.profile.calendar == "WLS" and not spoken else ENGLISH


def _languages(book: Casebook, language: str, choose: fields.Change) -> list[ft.Control]:
    if "cy" not in book.profile.languages:
        return []
    options = {
        ENGLISH: _("English"),
        WELSH: _("Welsh"),
        "both": _("Welsh and English"),
    }
    return [fields.choice(_("Headings and dates in"), language, options, choose)]


def _document(
    book: Casebook,
    family: Family,
    plan: Plan,
    readers: tuple[Person, ...],
    language: str,
    *,
    easy: bool,
) -> Document:
    named = _worker(family, plan, book.today)
    worker = next((w for w in book.team.workers() if w.person == named), None)
    return plan_document(
        PlanSheet(
            plan=plan,
            readers=tuple(person_name(p) for p in readers),
            owners={a.id: owner_name(book, family, a) for a in plan.actions},
            worker=worker.name if worker else "",
            telephone=worker.phone if worker else "",
            made_at=book.now,
            languages=(WELSH, ENGLISH) if language == "both" else (language,),
            name=word_in,
            easy=easy,
        )
    )
