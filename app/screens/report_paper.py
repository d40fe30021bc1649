"""A chronology or a conference report on paper: for whom, of which time, what is left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import flet as ft

from app import outside
from app.casework.casebook import Casebook
from app.casework.chronology import Span
from app.casework.disclosure import Reader
from app.casework.family import Family
from app.casework.paper import MeantFor, PaperForm, PaperMade, Report, Sheet
from app.guards import screen
from app.layout import Shell
from app.parts import banners, buttons, cards, fields, lists, text
from app.parts.keeping import use_form
from app.parts.when import DateField
from app.printed.report_sheet import (
    PARTS,
    ReportSheet,
    chronology_table,
    parts,
    report_document,
)
from app.screens.naming import person_name
from app.screens.paper_parts import LeftOutCard, form_of, put_on_paper, reader_chips, unjoined
from app.screens.plans import owner_name
from app.state import use_changes, use_session, use_state
from app.wording import _, moment, ngettext
from app.wording.vocabulary import own_word, word, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be printed. `words` are the writer's own parts of a conference report."""

    what: Sheet = Sheet.CHRONOLOGY
    meant_for: MeantFor = MeantFor.COURT
    readers: tuple[str, ...] = ()
    to: str = ""
    first: date | None = None
    last: date | None = None
    worries: str = ""
    going_well: str = ""
    asks: str = ""

    @property
    def span(self) -> Span:
        return Span(first=self.first, last=self.last)

    @property
    def words(self) -> tuple[str, ...]:
        return (self.worries, self.going_well, self.asks)


@screen
def ReportPaper() -> ft.View:
    """`/families/:fid/paper`."""
    use_changes("visit_note", "addendum", "contact", "third_party", "address", "paper", "plan")
    book = use_session().casebook
    family = book.families.get(ft.use_route_params()["fid"])
    before = book.papers.of_family(family.id)
    form = use_form("paper", _start(family, before), about=family.id, casefile=family.id)
    asked = form.said
    put_in, set_put_in = use_state(())
    said, say = use_state("")
    problem, set_problem = use_state(None)

    reader = Reader(persons=frozenset(asked.readers))
    report = book.papers.report(family.id, reader, what=asked.what, span=asked.span, put_in=put_in)
    bare = book.papers.report(family.id, reader, what=asked.what, span=asked.span)
    sheet = _sheet(book, family, report, asked)
    document = report_document(sheet)

    def read_by(people: list[str]) -> None:
        form.change(readers=tuple(people))
        set_put_in(())

    def made_for(meant: str) -> None:
        form.change(meant_for=MeantFor(meant))

    def what(chosen: str) -> None:
        sheets = Sheet(chosen)
        meant = MeantFor.CONFERENCE if sheets is Sheet.CONFERENCE else MeantFor.COURT
        form.change(what=sheets, meant_for=meant)

    def said_in(part: str) -> fields.Change:
        return lambda v: form.change(**{part: v})

    def in_order() -> bool:
        if asked.first and asked.last and asked.last < asked.first:
            set_problem(_("The last day lies before the first."))
            return False
        set_problem(None)
        return True

    def record() -> PaperForm:
        now = form.said
        return PaperForm(
            what=now.what,
            meant_for=now.meant_for,
            persons=now.readers,
            to=now.to,
            words=now.words if now.what is Sheet.CONFERENCE else (),
        )

    async def save() -> None:
        if not in_order():
            return
        made = await put_on_paper(
            book, family.id, document, record(), report.disclosure, asked.what.value
        )
        if made is not None:
            form.drop()  # what stands in it stays, for the next one
            say(
                _("Saved. Some signs cannot be printed and are question marks on the paper.")
                if made.unprintable
                else _("Saved. The file is yours to print; delete it afterwards.")
            )

    async def save_table() -> None:
        if not in_order():
            return
        table = chronology_table(sheet)
        book.papers.made(family.id, form_of(record(), report.disclosure, table))
        if await outside.save(f"chronology-{book.today.isoformat()}.csv", table):
            say(_("Saved. The file is yours; delete it afterwards."))

    body: list[ft.Control] = [
        text.small(family.name),
        *form.notices,
        cards.card(
            fields.choice(
                _("Which document?"),
                asked.what,
                {s: word("sheet", s) for s in (Sheet.CHRONOLOGY, Sheet.CONFERENCE)},
                what,
            ),
            fields.choice(_("For whom?"), asked.meant_for, _whom(), made_for),
            reader_chips(family, asked.readers, read_by, _("Who of the family will read it")),
            text.small(_("What a court or a conference gets, the parents read too.")),
            fields.text_field(
                _("Which court, conference or case"), asked.to, lambda v: form.change(to=v)
            ),
            DateField(
                _("From"),
                asked.first,
                lambda v: form.change(first=v),
                today=book.today,
                past=True,
            ),
            DateField(
                _("Until"), asked.last, lambda v: form.change(last=v), today=book.today, past=True
            ),
        ),
    ]
    if asked.what is Sheet.CONFERENCE:
        names = ("worries", "going_well", "asks")
        body.append(
            cards.card(
                *[
                    fields.long_text(
                        label,
                        getattr(asked, name),
                        said_in(name),
                        lines=3,
                    )
                    for name, label in zip(names, parts(), strict=True)
                ]
            )
        )
        if book.papers.tells(family.id, reader, "\n".join((asked.to, *asked.words))):
            body.append(
                banners.banner(
                    _("What you wrote names a place that one of these readers must not learn."),
                    tone="bad",
                    live=True,
                )
            )
    body += [
        text.line(_entries(len(report.items))),
        *unjoined(document),
        LeftOutCard(bare.disclosure, report.disclosure, put_in, set_put_in),
    ]
    if asked.what is Sheet.CHRONOLOGY:
        body.append(
            buttons.actions(
                buttons.secondary(_("Save as CSV"), save_table, icon=ft.Icons.TABLE_CHART_OUTLINED)
            )
        )
    body += _made_before(book, family, before)
    if said:
        body.insert(0, banners.banner(said, tone="good", live=True))
    return Shell(
        _("On paper"),
        body,
        attention=problem,
        foot=buttons.primary(_("Save as PDF"), save, icon=ft.Icons.PICTURE_AS_PDF_OUTLINED),
        selected="/families",
    )


def _whom() -> dict[str, str]:
    return {code: said for code, said in words("meant_for").items() if code != MeantFor.SERVICE}


def _entries(count: int) -> str:
    return ngettext("{n} entry goes in.", "{n} entries go in.", count).format(n=count)


def _start(family: Family, before: list[PaperMade]) -> Asked:
    """As the last one was asked for; what its writer said in a report is there again."""
    everybody = tuple(p.id for p in family.adults)
    reports = [m.form for m in before if m.form.what is Sheet.CONFERENCE]
    own = (*reports[0].words, *[""] * PARTS)[:PARTS] if reports else [""] * PARTS
    return Asked(readers=everybody, worries=own[0], going_well=own[1], asks=own[2])


def _sheet(book: Casebook, family: Family, report: Report, asked: Asked) -> ReportSheet:
    me = book.team.me()
    people = {p.id: person_name(p) for p in family.people}
    people |= {double.id: person_name(p) for p in family.people for double in p.also}
    actions = [a for plan in report.plans for a in plan.actions]
    return ReportSheet(
        what=asked.what,
        report=report,
        family=family,
        workers={w.person: w.name for w in book.team.workers()},
        people=people,
        owners={a.id: owner_name(book, family, a) for a in actions},
        writer=", ".join(filter(None, (me.name, own_word("job", me.title)))) if me else "",
        made_at=book.now,
        span=asked.span,
        to=asked.to.strip(),
        words=asked.words,
    )


def _made_before(book: Casebook, family: Family, before: list[PaperMade]) -> list[ft.Control]:
    if not before:
        return []
    names = {p.id: person_name(p) for p in family.people}
    rows = []
    for one in before:
        for_whom = [names[p] for p in one.form.persons if p in names]
        said = filter(None, (word("meant_for", one.form.meant_for), one.form.to, *for_whom))
        who = ", ".join((moment(one.at, book.now), book.team.name_of(one.author)))
        counts = _("{out} left out, {put} put in").format(
            out=len(one.form.left_out), put=len(one.form.put_in)
        )
        rows.append(
            lists.tile(
                word("sheet", one.form.what),
                "\n".join((who, ", ".join(said), counts)),
                icon=ft.Icons.DESCRIPTION_OUTLINED,
                key=one.id,
            )
        )
    return [cards.section(_("Made before"), [lists.rows(rows)])]
