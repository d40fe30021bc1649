"""Reads a service's figures off one supervisor's device, as the tests of all four do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from app.casework.casebook import Casebook
from app.casework.figures import Figure, Slice, Span, rounded
from casebooks import House, Member
from cast import GRACE
from fakes import unsynced
from published.writing import Writing
from storage.kinds import Value
from storage.query import Record
from storage.vault import Statement


@contextmanager
def on_a_device(
    folder: Path, at: datetime, service: str, write: Callable[[Writing], object]
) -> Iterator[Member]:
    """A supervisor of that service, alone, with everything written."""
    house = House(folder, at, unsynced)
    house.joins(GRACE)
    house.opens(service)
    write(Writing(house.members[GRACE.person]))
    yield house.members[GRACE.person]
    house.close()


def figure(book: Casebook, code: str, span: Span) -> Figure:
    """That tile of the service."""
    found = book.figures.tile(code, span)
    assert found is not None
    return found


def shown(figure: Figure | Slice, digits: int = 0) -> str:
    """Its value as it is shown."""
    assert figure.value is not None
    return str(rounded(figure.value, digits))


def halves(figure: Figure) -> tuple[int, int]:
    """What is above the line and what below."""
    assert figure.denominator is not None
    return int(figure.numerator.number), int(figure.denominator.number)


def slices(figure: Figure) -> dict[str, int]:
    """How many are in each slice."""
    return {s.code: int(s.numerator.number) for s in figure.slices}


@contextmanager
def corrected(member: Member, records: Sequence[Record], **fields: Value) -> Iterator[None]:
    """Those records say something else for a while."""
    before = [(r, {name: r.fields.get(name) for name in fields}) for r in records]
    _say(member, [(r, fields) for r in records])
    yield
    _say(member, before)


def _say(member: Member, said: Sequence[tuple[Record, dict[str, Value]]]) -> None:
    member.vault.write(
        [
            Statement(casefile=r.casefile, kind=r.kind, record=r.record, fields=fields)
            for r, fields in said
        ]
    )
