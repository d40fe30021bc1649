"""Making ready what leaves on paper, and keeping the record of who made what for whom."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import date, datetime

from app.casework.casebook import household
from app.casework.casebook import reading as r
from app.casework.casebook.disclosures import Disclosures
from app.casework.casebook.ledger import Ledger
from app.casework.casebook.plans import Plans
from app.casework.chronology import Span, chronology, within
from app.casework.company import hints_at
from app.casework.disclosure import Kept, Reader, disclose
from app.casework.errors import Unknown
from app.casework.moments import local_day
from app.casework.paper import (
    MeantFor,
    PaperForm,
    PaperMade,
    PlanPaper,
    Report,
    Sheet,
    as_disclosed,
)
from app.casework.plan import Plan
from storage.kinds import Fields
from storage.query import Record

_ALL = Span()


class Papers:
    """Documents of families on this device. None of them is kept here."""

    def __init__(self, ledger: Ledger, plans: Plans, disclosures: Disclosures) -> None:
        self._ledger = ledger
        self._plans = plans
        self._disclosures = disclosures

    def plan(self, plan: str, reader: Reader, *, put_in: Collection[str] = ()) -> PlanPaper:
        """A plan as that reader may have it. Raises Unknown."""
        found = self._plans.get(plan)
        own = _ids(found)
        pieces = [p for p in self._disclosures.pieces(found.family) if p.id in own]
        lived = household.addresses(self._ledger, found.family)
        told = disclose(reader, pieces, addresses=lived, put_in=put_in)
        return PlanPaper(plan=as_disclosed(found, told.kept), disclosure=told)

    def report(
        self,
        family: str,
        reader: Reader,
        *,
        what: Sheet = Sheet.CHRONOLOGY,
        span: Span = _ALL,
        put_in: Collection[str] = (),
    ) -> Report:
        """What a chronology, or with CONFERENCE a report, may say to that reader."""
        pieces = self._disclosures.pieces(family)
        chosen = within(pieces, span, self._day_of)
        plans: list[Plan] = []
        if what is Sheet.CONFERENCE:
            plans = [p for p in self._plans.of_family(family) if p.stands]
            standing = self._standing(family) | {x for p in plans for x in _ids(p)}
            known = {p.id for p in chosen}
            chosen += [p for p in pieces if p.id in standing and p.id not in known]
        lived = household.addresses(self._ledger, family)
        told = disclose(reader, chosen, addresses=lived, put_in=put_in)
        # A plan stands among the events by its day, and in its own part by what it says.
        return Report(
            items=chronology((k for k in told.kept if self._in(k, span)), self._day_of),
            disclosure=told,
            risks=tuple(k for k in told.kept if k.piece.kind == "risk_note"),
            addresses=tuple(k for k in told.kept if k.piece.kind == "address"),
            plans=tuple(as_disclosed(p, told.kept) for p in plans),
        )

    def _in(self, kept: Kept, span: Span) -> bool:
        at = kept.piece.at
        return at is not None and span.holds(self._day_of(at))

    def _day_of(self, at: datetime) -> date:
        return local_day(at, self._ledger.zone)

    def _standing(self, family: str) -> set[str]:
        """The warnings and addresses that hold today."""
        return {
            record.record
            for kind in ("risk_note", "address")
            for record in self._ledger.of_family(kind, family, {"until": None})
        }

    def tells(self, family: str, reader: Reader, words: str) -> bool:
        """Whether somebody's own words name an address that the reader must not learn."""
        lived = household.addresses(self._ledger, family)
        secret = [a for a in lived if set(a.secret_from) & reader.persons]
        return any(hints_at(words, address) for address in secret)

    def made(self, family: str, form: PaperForm) -> str:
        """Write down that a document was made; call before it is handed over."""
        return self._ledger.new(
            family,
            "paper",
            r.plain_fields(
                what=form.what,
                of=form.of or None,
                meant_for=form.meant_for,
                persons=list(form.persons),
                to=form.to.strip() or None,
                words=list(form.words),
                at=self._ledger.now,
                pages=form.pages,
                rows=form.rows or None,
                left_out=list(form.left_out),
                put_in=list(form.put_in),
                digest=form.digest,
            ),
        )

    def listed(self, name: str, rows: int, contents: bytes) -> None:
        """Write down, with the team, that somebody takes a list of several families away.

        Raises Unknown where this device has no team.
        """
        team = next(iter(self._ledger.find("team", limit=1)), None)
        if team is None:
            raise Unknown
        digest = hashlib.sha256(contents).hexdigest()
        form = PaperForm(
            what=Sheet.LIST, meant_for=MeantFor.SERVICE, of=name, rows=rows, digest=digest
        )
        self.made(team.casefile, form)

    def all(self) -> list[PaperMade]:
        """Everything that was made of the families here and of lists, the latest first."""
        return [self._made(record) for record in self._ledger.find("paper", order_by=("-at",))]

    def of_family(self, family: str) -> list[PaperMade]:
        """What was made of a family, the latest first."""
        found = self._ledger.of_family("paper", family, order_by=("-at",))
        return [self._made(record) for record in found]

    def _made(self, record: Record) -> PaperMade:
        f = record.fields
        what = r.coded(Sheet, f, "what", Sheet.PLAN)
        family = "" if what is Sheet.LIST else self._ledger.remaining(record.casefile)
        return PaperMade(
            id=record.record,
            family=family,
            at=r.maybe_moment(f, "at") or record.at,
            author=record.author,
            form=PaperForm(
                what=what,
                meant_for=r.coded(MeantFor, f, "meant_for", MeantFor.FAMILY),
                of=r.text(f, "of"),
                persons=r.texts(f, "persons"),
                to=r.text(f, "to"),
                words=_words(f),
                pages=r.whole(f, "pages"),
                rows=r.whole(f, "rows"),
                left_out=r.texts(f, "left_out"),
                put_in=r.texts(f, "put_in"),
                digest=r.text(f, "digest"),
            ),
            sent=record.sent,
        )


def _ids(plan: Plan) -> set[str]:
    """The records a plan consists of."""
    return {
        plan.id,
        *(g.id for g in plan.goals),
        *(a.id for a in plan.actions),
        *(v.id for v in plan.reviews),
    }


def _words(fields: Fields) -> tuple[str, ...]:
    value = fields.get("words")
    return tuple(w for w in value if isinstance(w, str)) if isinstance(value, list) else ()
