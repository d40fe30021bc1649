"""Reads the plain lists of a profile: who works there, where from, where, and of what kind.

One function for each kind of entry, named for what it gives; few need another sentence.
"""

# ruff: noqa: D103

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, get_args

from app.casework.period import AT_HOME
from app.casework.profile.formula import BadFormula, Formula, read_formula
from app.casework.profile.known import Known
from app.casework.profile.measures import Answer, Better, Choice, Domain, Measure, Respondent
from app.casework.profile.problems import nearest
from app.casework.profile.shapes import (
    Audience,
    Capacity,
    Caseload,
    ContactKind,
    Counts,
    Function,
    Indicator,
    JobRole,
    Means,
    Mechanism,
    Placement,
    Programme,
    Venue,
)
from app.casework.profile.standard import STANDARD
from app.casework.profile.tables import Table
from app.casework.profile.words import Coded, Words

T = TypeVar("T", bound=Coded)
MOST_FAMILIES = 5_000
LONGEST_VISIT = 12 * 60
NO_TRAVEL = ("telephone", "video")
_MECHANISMS: tuple[Mechanism, ...] = get_args(Mechanism)
_COUNTS: tuple[Counts, ...] = get_args(Counts)
_AUDIENCES: tuple[Audience, ...] = get_args(Audience)
_MEANS: tuple[Means, ...] = get_args(Means)
_ANSWERS: tuple[Answer, ...] = get_args(Answer)
_BETTER: tuple[Better, ...] = get_args(Better)
_RESPONDENTS: tuple[Respondent, ...] = get_args(Respondent)


def coded(table: Table, vocabulary: str = "") -> tuple[str, Words]:
    """The code of a table and its words; a standard code of the vocabulary need not have any."""
    code = table.code()
    return code, table.words(needed=code not in STANDARD.get(vocabulary, ()))


def entries(
    table: Table, key: str, read: Callable[[Table], T], *, needed: bool = False
) -> tuple[T, ...]:
    """Every entry of a list, each read by `read`; a code that stands there twice is noted."""
    found: dict[str, T] = {}
    for one in table.tables(key, needed=needed, or_text=True):
        entry = read(one)
        one.end()
        if entry.code in found:
            one.note("twice", "code" if one.has("code") else None, said=entry.code)
        found.setdefault(entry.code, entry)
    return tuple(found.values())


def plain(vocabulary: str = "") -> Callable[[Table], Coded]:
    """Reads an entry that is nothing but a code with words."""

    def read(table: Table) -> Coded:
        code, words = coded(table, vocabulary)
        return Coded(code=code, words=words)

    return read


def role(table: Table) -> JobRole:
    code, words = coded(table)
    return JobRole(code=code, words=words, supervises=table.flag("supervises", default=False))


def function(known: Known) -> Callable[[Table], Function]:
    def read(table: Table) -> Function:
        code, words = coded(table, "function")
        return Function(code=code, words=words, needed_in=known.some(table, "needed_in", "stages"))

    return read


def caseload(table: Table, known: Known) -> tuple[Caseload, ...]:
    found: list[Caseload] = []
    for one in table.tables("caseload"):
        limits = Caseload(
            role=known.one(one, "role", "roles"),
            least=one.whole("least", least=0, most=MOST_FAMILIES),
            most=one.whole("most", least=1, most=MOST_FAMILIES),
            per_wte=one.flag("per_wte", default=True),
        )
        if limits.least > limits.most:
            one.note("least_over_most", "least", least=limits.least, most=limits.most)
        if any(limits.role == other.role for other in found):
            one.note("twice", "role", said=limits.role)
        one.end()
        found.append(limits)
    return tuple(found)


def capacity(table: Table, known: Known) -> Capacity:
    said = table.table("capacity")
    if said is None:
        return Capacity()
    found = Capacity(
        families=said.maybe_whole("families", least=1, most=MOST_FAMILIES),
        waiting_by=said.choice("waiting_by", ("none", "locality"), "none"),
    )
    if found.waiting_by == "locality" and not known.codes("localities"):
        said.note("needs_list", "waiting_by", list="localities")
    said.end()
    return found


def placement(table: Table) -> Placement:
    code, words = coded(table, "placement")
    at_home = table.flag("at_home", default=code in AT_HOME)
    return Placement(code=code, words=words, at_home=at_home)


def venue(table: Table) -> Venue:
    code, words = coded(table, "venue_type")
    return Venue(code=code, words=words, travel=code not in NO_TRAVEL)


def contact_type(known: Known) -> Callable[[Table], ContactKind]:
    def read(table: Table) -> ContactKind:
        code, words = coded(table, "contact_type")
        headings = table.texts("headings")
        for one in headings:
            table.known("headings", one, known.headings(), "headings")
        return ContactKind(
            code=code,
            words=words,
            counts=table.choice("counts", _COUNTS, "attendance"),
            headings=headings if table.has("headings") else None,
            venue=known.one(table, "venue", "venues", ""),
            minutes=table.whole("minutes", least=5, most=LONGEST_VISIT, default=60),
            mechanism=table.choice("mechanism", _MECHANISMS, "01"),
        )

    return read


def programme(known: Known) -> Callable[[Table], Programme]:
    def read(table: Table) -> Programme:
        code, words = coded(table)
        return Programme(
            code=code,
            words=words,
            sessions=table.whole("sessions", least=1, most=200),
            every_days=table.whole("every_days", least=1, most=366, default=7),
            minutes=table.whole("minutes", least=5, most=LONGEST_VISIT, default=90),
            audience=table.choice("audience", _AUDIENCES, "family"),
            contact_type=known.one(table, "contact_type", "contact_types", ""),
            venue=known.one(table, "venue", "venues", ""),
            places=table.maybe_whole("places", least=1, most=500),
            feedback=known.one(table, "feedback", "measures", ""),
        )

    return read


def indicator(table: Table) -> Indicator:
    code, words = coded(table)
    means = table.choice("means", _MEANS, "")
    return Indicator(code=code, words=words, means=means)


def measure(table: Table) -> Measure:
    code, words = coded(table)
    domains = entries(table, "domains", _domain, needed=True)
    total = _total(table, domains)
    return Measure(
        code=code,
        words=words,
        domains=domains,
        total=total,
        better=table.choice("better", _BETTER),
        occasions=entries(table, "occasions", plain("occasion"), needed=True),
        respondent=table.choice("respondent", _RESPONDENTS, "worker"),
        anonymous=table.flag("anonymous", default=False),
        intro=table.words_at("intro"),
    )


def _domain(table: Table) -> Domain:
    code, words = coded(table)
    answer = table.choice("answer", _ANSWERS, "score")
    choices: tuple[Choice, ...] = ()
    least, most = 0, 1
    if answer == "score":
        least = table.whole("least", least=-1_000, most=1_000)
        most = table.whole("most", least=-1_000, most=1_000)
        if least >= most:
            table.note("least_over_most", "least", least=least, most=most)
    elif answer == "choice":
        choices = _choices(table)
        values = [c.value for c in choices]
        least, most = min(values, default=0), max(values, default=0)
    better = table.choice("better", _BETTER) if table.has("better") else None
    return Domain(
        code=code,
        words=words,
        answer=answer,
        least=least,
        most=most,
        choices=choices,
        better=better,
        easy=table.words_at("easy"),
    )


def _choices(table: Table) -> tuple[Choice, ...]:
    found: dict[int, Choice] = {}
    for one in table.tables("choices", needed=True):
        value = one.whole("value", least=-1_000, most=1_000)
        if value in found:
            one.note("twice", "value", said=value)
        found[value] = Choice(value=value, words=one.words())
        one.end()
    return tuple(found.values())


def _total(table: Table, domains: tuple[Domain, ...]) -> Formula | None:
    text = table.text("total", "")
    if not text:
        return None
    try:
        formula = read_formula(text)
    except BadFormula as bad:
        table.note(f"formula_{bad.reason}", "total", said=bad.at)
        return None
    counted = {d.code for d in domains if d.answer != "text"}
    for name in sorted(formula.names - counted):
        table.note("no_domain", "total", said=name, near=nearest(name, counted))
    return formula
