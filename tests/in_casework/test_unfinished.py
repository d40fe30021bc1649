"""Forms that were begun: what is kept of them, for whom it opens, and when it is gone."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from enum import StrEnum
from pathlib import Path

import pytest

from app.casework.unfinished import said_since, taken_up
from casebooks import House, Member, okoro
from cast import AMINA
from fakes import unsynced


class Tone(StrEnum):
    CALM = "calm"
    GRAVE = "grave"


@dataclass(frozen=True, kw_only=True)
class Answers:
    words: str = ""
    count: int = 1
    on: date | None = None
    at: time | None = None
    when: datetime | None = None
    tone: Tone = Tone.CALM
    maybe: Tone | None = None
    agreed: bool = False
    days: frozenset[int] = field(default_factory=frozenset)
    people: tuple[str, ...] = ()


FILLED = Answers(
    words="She asked for mornings.",
    count=3,
    on=date(2026, 12, 4),
    at=time(9, 30),
    when=datetime(2026, 12, 4, 9, 30, tzinfo=UTC),
    tone=Tone.GRAVE,
    maybe=Tone.CALM,
    agreed=True,
    days=frozenset({4, 0}),
    people=("b", "a"),
)


def test_what_was_filled_in_comes_back_as_it_was():
    assert taken_up(Answers(), said_since(Answers(), FILLED)) == FILLED


def test_what_was_not_touched_is_not_kept_so_that_a_correction_made_meanwhile_stands():
    said = said_since(Answers(words="old", count=1), Answers(words="new", count=1))
    assert said == {"words": "new"}
    assert taken_up(Answers(words="old", count=7), said) == Answers(words="new", count=7)


def test_the_time_it_was_begun_is_kept_with_the_rest_but_not_for_itself():
    start = Answers(at=time(9, 30))
    assert said_since(start, start, along=("at",)) == {}
    assert said_since(start, replace(start, words="x"), along=("at",)) == {
        "words": "x",
        "at": "09:30:00",
    }


@pytest.mark.parametrize(
    "odd",
    [
        {"words": 3, "count": "three", "on": "31/02/2001", "tone": "loud", "days": "Monday"},
        {"agreed": "yes", "people": ["a", 3], "maybe": 4, "gone": "a field of a newer app"},
    ],
)
def test_what_another_version_kept_and_this_one_cannot_read_is_passed_over(odd):
    assert taken_up(FILLED, odd) == FILLED


def test_a_form_is_kept_for_the_family_it_is_about_and_is_no_note(
    house: House, amina: Member
) -> None:
    family = amina.book.families.register(okoro())
    unfinished = amina.book.unfinished
    assert unfinished.keep("contact", family, {"summary": "x"}, route="/r", casefile=family)
    found = unfinished.find("contact", family)
    assert found is not None
    assert (found.said, found.route, found.family) == ({"summary": "x"}, "/r", family)
    assert unfinished.find("contact", "other") is None
    assert unfinished.find("obstacle", family) is None
    assert amina.book.notes.drafts() == []
    assert [d.casefile for d in amina.vault.drafts()] == [family]


def test_a_form_about_no_family_yet_is_kept_for_the_team(amina: Member) -> None:
    assert amina.book.unfinished.keep("family", "", {"given": "Ada"}, route="/families/new")
    (begun,) = amina.book.unfinished.all()
    assert begun.family is None
    assert begun.said == {"given": "Ada"}


def test_emptying_it_or_saving_it_leaves_nothing_behind(amina: Member) -> None:
    amina.book.unfinished.keep("family", "", {"given": "Ada"}, route="/families/new")
    amina.book.unfinished.keep("family", "", {}, route="/families/new")
    assert amina.book.unfinished.all() == []
    amina.book.unfinished.drop("family", "")  # a second time is no fault


def test_words_about_a_note_go_when_the_note_is_destroyed(
    house: House, amina: Member, grace: Member
) -> None:
    family = amina.book.families.register(okoro())
    other = amina.book.families.register(okoro(name="Pugh", ref="RC-0199"))
    note = amina.book.notes.sign(replace(amina.book.notes.start(family), text="Not here."))
    amina.book.notes.move(note.id, other)
    house.carry()
    grace.book.unfinished.keep(
        "review", note.id, {"words": "About that note."}, route="/r", casefile=family
    )
    (wrong,) = grace.book.notes.wrong_copies()
    grace.book.notes.remove_wrong_copy(wrong.id)
    assert grace.book.unfinished.all() == []


def test_without_any_casefile_nothing_is_kept_and_nothing_breaks(tmp_path: Path) -> None:
    house = House(tmp_path, datetime(2026, 11, 23, 9, tzinfo=UTC), unsynced)
    alone = house.joins(AMINA).book.unfinished  # let in, and given no casefile yet
    assert not alone.keep("family", "", {"given": "Ada"}, route="/families/new")
    assert alone.all() == []
    house.close()
