"""Reads what must hold for a record to be counted: the `where` of a tile."""

from __future__ import annotations

from typing import get_args

from app.casework.profile.facts import COLLECTIONS, FactShape, facts_of
from app.casework.profile.known import Known
from app.casework.profile.problems import nearest
from app.casework.profile.tables import Table
from app.casework.profile.tiles import (
    Answered,
    Attended,
    Between,
    Change,
    Changed,
    ClockIs,
    ClockState,
    Condition,
    Held,
    Is,
    OneOf,
    Reached,
    When,
)

_CLOCK_IS: tuple[ClockIs, ...] = get_args(ClockIs)
_WHEN: tuple[When, ...] = get_args(When)
_CHANGES: tuple[Change, ...] = get_args(Change)
_FAR = 100_000


def conditions(
    table: Table, key: str, of: str, known: Known, *, needed: bool = False
) -> tuple[Condition, ...]:
    """All conditions of a `where`, which is one table or a list of them; all must hold."""
    if needed and not table.has(key):
        table.needed_table(key)
    found: list[Condition] = []
    shapes = facts_of(COLLECTIONS[of])
    for said in table.one_or_more(key):
        for fact in list(said.keys()):
            shape = shapes.get(fact)
            if shape is None:
                said.note("no_fact", fact, said=fact, of=of, near=nearest(fact, shapes))
                said.taken(fact)
                continue
            found.append(_condition(said, fact, shape, known))
        said.end()
    return tuple(found)


def _condition(table: Table, fact: str, shape: FactShape, known: Known) -> Condition:
    match shape.kind:
        case "codes":
            return _one_of(table, fact, shape, known)
        case "flag":
            return Is(fact=fact, expected=table.flag(fact, default=True))
        case "milestones":
            return Reached(milestones=known.milestones(table, fact), negated=fact == "not_reached")
        case "held" if not table.is_table(fact):
            codes = known.some(table, fact, shape.codes_of, needed=True)
            return Held(kind=fact, codes=codes)  # type: ignore[arg-type]  # facts of kind "held"
        case _:
            inner = table.needed_table(fact)
            found = _inside(inner, fact, shape, known)
            inner.end()
            return found


def _one_of(table: Table, fact: str, shape: FactShape, known: Known) -> OneOf:
    """`stage = "review"`, `stage = ["review", "ending"]` or `stage = { not = … }`."""
    place, key, negated = table, fact, False
    if table.is_table(fact):
        place, key, negated = table.needed_table(fact), "not", True
    if shape.codes_of:
        codes = known.some(place, key, shape.codes_of, needed=True)
    else:
        codes = place.choices(key, shape.options)
    if negated:
        place.end()
    return OneOf(fact=fact, codes=codes, negated=negated)


def _inside(table: Table, fact: str, shape: FactShape, known: Known) -> Condition:
    match shape.kind:
        case "between":
            return Between(
                begin=known.milestone(table, "from"),
                end=known.milestone(table, "to"),
                at_least=table.maybe_whole("at_least", least=-_FAR, most=_FAR),
                at_most=table.maybe_whole("at_most", least=-_FAR, most=_FAR),
            )
        case "clock":
            states = table.choices("is", _CLOCK_IS)
            if not states:
                table.note("needs_one_of", options="is")
            return ClockState(
                clock=known.one(table, "code", "clocks"),
                states=states,
            )
        case "held":
            recorded = table.maybe_flag("recorded")
            if recorded is not None:
                table.without("is")
            return Held(
                kind=fact,  # type: ignore[arg-type]  # facts of kind "held"
                codes=known.some(table, "code", shape.codes_of, needed=recorded is None),
                at=table.choice("at", _WHEN, "now"),
                negated=not table.flag("is", default=True),
                recorded=recorded,
            )
        case "changed":
            measure = known.one(table, "code", "measures")
            occasions = known.occasions.get(measure, ())
            return Changed(
                measure=measure,
                domain=_within(table, "domain", known.domains.get(measure, ()), "domains"),
                begin=_within(table, "from", occasions, "occasions"),
                end=_within(table, "to", occasions, "occasions"),
                changes=table.choices("change", _CHANGES),
            )
        case "answered":
            measure = known.one(table, "code", "measures")
            return Answered(
                measure=measure,
                domain=table.known(
                    "domain", table.text("domain"), known.domains.get(measure, ()), "domains"
                ),
                at_least=table.maybe_whole("at_least", least=-_FAR, most=_FAR),
                at_most=table.maybe_whole("at_most", least=-_FAR, most=_FAR),
            )
        case _:
            return Attended(
                at_least=table.maybe_whole("at_least", least=0, most=_FAR),
                at_most=table.maybe_whole("at_most", least=0, most=_FAR),
                programmes=known.some(table, "programme", "programmes"),
                contact_types=known.some(table, "contact_type", "contact_types"),
            )


def _within(table: Table, key: str, options: tuple[str, ...], name: str) -> str:
    return table.known(key, table.text(key, ""), options, name)
