"""Publishing figures to the whole service, and reading what the teams have published.

They stand in a casefile of their own, of which supervisors of all teams are members, and whoever a
supervisor lets in: a service manager sees every team and no family.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import get_args

from app.casework.casebook import reading as r
from app.casework.casebook.figures import Figures
from app.casework.casebook.ledger import Ledger, derived_id
from app.casework.casebook.team import Team
from app.casework.errors import Unknown
from app.casework.figures import Span
from app.casework.figures.publishing import (
    Publication,
    PublishedFigure,
    PublishedSlice,
    publication,
)
from app.casework.profile.tiles import Show
from app.casework.profile.words import NO_WORDS, Words
from storage.kinds import Value
from storage.query import Record

SERVICE = "service"
"""What the grant of the whole service's casefile is labelled."""
_SHOWS: tuple[Show, ...] = get_args(Show)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A team's figures as they were published, by whom and when."""

    id: str
    by: str
    at: datetime
    publication: Publication


class Publishing:
    """What goes to the whole service, and comes from it."""

    def __init__(self, ledger: Ledger, figures: Figures, team: Team) -> None:
        self._ledger = ledger
        self._figures = figures
        self._team = team

    def preview(self, span: Span) -> Publication:
        """Exactly what `publish` would write. Raises Unknown without a team."""
        team = self._team.team()
        if team is None:
            raise Unknown
        seen = self._figures.dashboard(span)
        return publication(self._ledger.profile, team.name, span, seen.figures, seen.flows)

    def publish(self, span: Span) -> str:
        """Write the team's figures over that span for the whole service; gives the record's id.

        Said again it corrects, and what was published before stays in history. Raises
        OnlySupervisors, Unknown without a team.
        """
        me = self._ledger.require_supervisor()
        shown = self.preview(span)
        team = next(iter(self._ledger.find("team", limit=1)))
        record = derived_id("published", team.record, str(span.first), str(span.last))
        fields = r.plain_fields(
            team=team.record,
            team_name=shown.team,
            first=span.first,
            last=span.last,
            below=shown.below,
            by=me.person,
            at=self._ledger.now,
        )
        fields["service"] = _words(shown.service)
        fields["figures"] = [_figure(one) for one in shown.figures]
        casefile = self._casefile() or self._ledger.access.found_service()
        self._ledger.write([self._ledger.statement(casefile, "published", record, fields)])
        return record

    def share_with(self, person: str) -> None:
        """Let somebody see what every team publishes, and nothing else by that.

        Raises OnlySupervisors, and Unknown before anything was published.
        """
        self._ledger.require_supervisor()
        casefile = self._casefile()
        if casefile is None:
            raise Unknown
        self._ledger.access.grant(casefile, person)

    def published(self) -> list[Published]:
        """What every team has published, the latest span first; of one team and span the latest.

        Two casefiles of the service, founded by people out of each other's reach, are both read.
        """
        latest: dict[tuple[str, date, date], Published] = {}
        for record in self._ledger.find("published", order_by=("at",)):
            one = _published(record)
            if one is not None:
                span = one.publication.span
                latest[r.text(record.fields, "team"), span.first, span.last] = one
        return sorted(
            latest.values(),
            key=lambda p: (-p.publication.span.last.toordinal(), p.publication.team, p.id),
        )

    def _casefile(self) -> str | None:
        found = [c.id for c in self._ledger.vault.casefiles() if c.kind == SERVICE]
        return min(found, default=None)


def _figure(one: PublishedFigure) -> dict[str, Value]:
    return {
        "code": one.code,
        "words": _words(one.words),
        "section": _words(one.section),
        "show": one.show,
        "unit": one.unit,
        "digits": one.digits,
        "value": _text(one.value),
        "number": _text(one.number),
        "of": _text(one.of),
        "hidden": one.hidden,
        "slices": [_slice(part) for part in one.slices],
        "rest": _slice(one.rest) if one.rest else None,
    }


def _slice(one: PublishedSlice) -> dict[str, Value]:
    return {
        "code": one.code,
        "words": _words(one.words),
        "value": _text(one.value),
        "number": _text(one.number),
        "of": _text(one.of),
        "hidden": one.hidden,
    }


def _words(words: Words) -> dict[str, Value]:
    return {"en": words.en, "cy": words.cy}


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _published(record: Record) -> Published | None:
    """None for what names no span, as a newer or broken app might write it."""
    f = record.fields
    first, last = r.maybe_day(f, "first"), r.maybe_day(f, "last")
    figures = f.get("figures")
    if first is None or last is None or last < first or not isinstance(figures, list):
        return None
    return Published(
        id=record.record,
        by=r.text(f, "by"),
        at=r.maybe_moment(f, "at") or record.changed_at,
        publication=Publication(
            team=r.text(f, "team_name"),
            service=_read_words(f.get("service")),
            span=Span(first=first, last=last),
            below=r.whole(f, "below", 5),
            figures=tuple(_read_figure(one) for one in figures if isinstance(one, dict)),
        ),
    )


def _read_figure(said: Mapping[str, Value]) -> PublishedFigure:
    show = r.text(said, "show")
    slices, rest = said.get("slices"), said.get("rest")
    return PublishedFigure(
        code=r.text(said, "code"),
        words=_read_words(said.get("words")),
        section=_read_words(said.get("section")),
        show=show if show in _SHOWS else "number",
        unit=r.text(said, "unit"),
        digits=min(3, max(0, r.whole(said, "digits"))),
        value=_fraction(said.get("value")),
        number=_fraction(said.get("number")),
        of=_fraction(said.get("of")),
        hidden=r.flag(said, "hidden"),
        slices=tuple(
            _read_slice(one)
            for one in (slices if isinstance(slices, list) else ())
            if isinstance(one, dict)
        ),
        rest=_read_slice(rest) if isinstance(rest, dict) else None,
    )


def _read_slice(said: Mapping[str, Value]) -> PublishedSlice:
    return PublishedSlice(
        code=r.text(said, "code"),
        words=_read_words(said.get("words")),
        value=_fraction(said.get("value")),
        number=_fraction(said.get("number")),
        of=_fraction(said.get("of")),
        hidden=r.flag(said, "hidden"),
    )


def _read_words(said: Value) -> Words:
    if not isinstance(said, dict):
        return NO_WORDS
    return Words(en=r.text(said, "en"), cy=r.text(said, "cy"))


def _fraction(said: Value) -> Fraction | None:
    try:
        return Fraction(said) if isinstance(said, str) else None
    except (ValueError, ZeroDivisionError):
        return None
