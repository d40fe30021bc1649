"""Figures that leave the team: every team's numbers, and nobody who could be told from them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest

from app.casework.errors import OnlySupervisors, Unknown
from app.casework.figures import Span
from app.casework.figures.figure import Counted
from app.casework.figures.publishing import (
    PublishedFigure,
    PublishedSlice,
    _with_more,
    publication,
)
from app.casework.profile.tiles import Tile
from casebooks import House, Member
from cast import AMINA, GRACE, RHIAN, Somebody
from fakes import unsynced
from published import durham
from published.reading import corrected
from published.writing import Writing

EVENING = datetime(2019, 3, 31, 18, 0, tzinfo=UTC)
SPAN = Span(first=durham.FIRST, last=durham.LAST)
DORA = Somebody("Dora Kemp", "Supervisor", "supervisor", "f6" * 16, "07700 900106")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Durham's families with Grace, and Rhian who manages the service and knows no family."""
    made = House(tmp_path_factory.mktemp("durham"), EVENING, unsynced)
    for who in (GRACE, DORA, RHIAN, AMINA):
        made.joins(who)
    made.opens("durham")
    durham.write(Writing(made.members[GRACE.person]))
    yield made
    made.close()


@pytest.fixture
def grace(house: House) -> Member:
    return house.members[GRACE.person]


def figure(figures: tuple[PublishedFigure, ...], code: str) -> PublishedFigure:
    return next(one for one in figures if one.code == code)


def test_what_is_published_names_no_family_no_person_and_no_record(house, grace):
    record = grace.vault.get(grace.book.publishing.publish(SPAN))
    assert record is not None
    said = json.dumps(dict(record.fields), ensure_ascii=False)
    assert len(said) > 5_000
    secret = set()
    for kind in ("family", "person", "episode", "referral", "period", "decision", "membership"):
        for one in grace.vault.find(kind):
            secret |= {one.record, one.casefile}
            for name in ("name", "ref", "given", "surname", "known_as"):
                secret.add(str(one.fields.get(name) or ""))
    secret -= {""}
    assert len(secret) > 600
    assert [
        word for word in secret if f'"{word}"' in said or (len(word) > 6 and word in said)
    ] == []


def test_every_word_that_is_published_is_the_services_own(house, grace):
    shown = grace.book.publishing.preview(SPAN)
    own = grace.book.profile
    words = {tile.words for tile in own.tiles} | {funnel.words for funnel in own.funnels}
    assert {one.words for one in shown.figures} <= words


def test_a_value_that_is_no_code_of_the_service_is_counted_with_the_others(house, grace):
    tile = next(t for t in grace.book.profile.tiles if t.code == "referrals")
    by_source = replace(tile, code="by_source", by="source", chart="bars")
    some = grace.vault.find("referral", limit=7)
    with corrected(grace, some, source="Aunt Betty of Larch Row"):
        found = _published(grace, by_source)
    assert "Betty" not in repr(found)
    assert [(s.code, s.number) for s in found.slices] == [("midwife", 57)]
    assert found.rest is not None
    assert (found.rest.number, found.rest.hidden) == (7, False)


@pytest.mark.parametrize("key", ["worker", "family", "episode", "person"])
def test_nothing_is_split_by_who_it_is_about(house, grace, key):
    tile = next(t for t in grace.book.profile.tiles if t.code == "referrals")
    found = _published(grace, replace(tile, code="by_somebody", by=key))
    assert (found.number, found.slices, found.rest) == (64, (), None)


def test_small_numbers_are_not_given_nor_what_they_could_be_worked_out_from(house, grace):
    figures = grace.book.publishing.preview(SPAN).figures
    now = figure(figures, "babies_now")
    assert now.number == 54
    assert [(s.code, s.number, s.hidden) for s in now.slices] == [
        ("in_assessment", 29, False),
        ("unborn_on_plan", None, True),  # 3
        ("born", None, True),  # 22, from which 3 could be worked out
    ]
    living = figure(figures, "where_babies_live")
    assert living.rest is not None
    assert living.rest.hidden
    assert [s.hidden for s in living.slices] == [True, False]
    assert figure(figures, "caseload").number == 54  # of five workers: no family is few


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [
        ([30, 22, 6, 3], [30, 22, None, None]),  # one alone: the next smallest with it
        ([22, 6, 3, 2], [22, 6, None, None]),  # 5 for two: 1 and 4, or 2 and 3
        ([22, 6, 1, 1], [22, None, None, None]),  # 2 for two could only be 1 and 1
        ([22, 6, 4, 4], [22, None, None, None]),  # 8 for two small ones could only be 4 and 4
        ([22, 6, 1, 0], [22, None, None, 0]),
        ([4, 4], None),  # nothing is left to hide: the whole of 8 is not given either
    ],
)
def test_what_is_hidden_cannot_be_told_from_what_it_comes_to_together(numbers, shown):
    parts = [
        PublishedSlice(code=str(n), hidden=True)
        if 0 < number < 5
        else PublishedSlice(code=str(n), number=Fraction(number))
        for n, number in enumerate(numbers)
    ]
    found, kept = _with_more(parts, [Fraction(n) for n in numbers], below=5)
    assert kept == (shown is not None)
    if shown is not None:
        assert [one.number for one in found] == shown


def test_where_only_the_whole_would_tell_the_parts_it_is_not_given(house, grace):
    tile = next(t for t in grace.book.profile.tiles if t.code == "referrals")
    by_source = replace(tile, code="by_source", by="source", chart="bars")
    working = grace.book.figures._working(SPAN)
    found = working.tile(by_source)
    few = replace(found.slices[0], numerator=_four_of(found.slices[0].numerator))
    both = replace(
        found,
        slices=(few, replace(few, code="other")),
        numerator=replace(few.numerator, number=Fraction(8)),
        rest=None,
    )
    told = publication(grace.book.profile, "Northmere", SPAN, [both], [])
    assert (told.figures[0].hidden, told.figures[0].number, told.figures[0].slices) == (
        True, None, (),
    )  # fmt: skip


def _four_of(counted: Counted) -> Counted:
    return replace(counted, number=Fraction(4), things=counted.things[:4])


def test_how_small_is_too_small_stands_in_the_services_file(house, grace):
    seen = grace.book.figures.dashboard(SPAN)
    generous = replace(grace.book.profile, small_numbers=1)
    told = publication(generous, "Northmere", SPAN, seen.figures, seen.flows)
    now = figure(told.figures, "babies_now")
    assert [s.number for s in now.slices] == [29, 3, 22]
    assert grace.book.profile.small_numbers == 5


def test_a_manager_sees_every_team_and_no_family(house, grace):
    grace.book.publishing.publish(SPAN)
    grace.book.publishing.share_with(RHIAN.person)
    house.carry()
    rhian = house.members[RHIAN.person]
    (seen,) = rhian.book.publishing.published()
    assert (seen.publication.team, seen.by) == ("Northmere", GRACE.person)
    assert figure(seen.publication.figures, "referrals").number == 64
    assert seen.publication == grace.book.publishing.preview(SPAN)
    assert {c.kind for c in rhian.vault.casefiles()} == {"service", "team"}
    for kind in ("family", "person", "episode", "visit_note", "appointment"):
        assert rhian.vault.find(kind) == []


def test_a_worker_who_was_not_let_in_sees_nothing_and_publishes_nothing(house, grace):
    grace.book.publishing.publish(SPAN)
    house.carry()
    amina = house.members[AMINA.person]
    assert amina.book.publishing.published() == []
    with pytest.raises(OnlySupervisors):
        amina.book.publishing.publish(SPAN)
    with pytest.raises(OnlySupervisors):
        amina.book.publishing.share_with(AMINA.person)


def test_published_again_it_is_corrected_and_counts_once(house, grace):
    first = grace.book.publishing.publish(SPAN)
    assert grace.book.publishing.publish(SPAN) == first
    assert len(grace.book.publishing.published()) == 1
    assert len(grace.vault.history(first)) >= 2


def test_what_two_supervisors_published_out_of_each_others_reach_is_read_once(tmp_path):
    apart = House(tmp_path, EVENING, unsynced)
    for who in (GRACE, DORA):
        apart.joins(who)
    apart.opens("durham")
    grace, dora = apart.members[GRACE.person], apart.members[DORA.person]
    with pytest.raises(Unknown):
        grace.book.publishing.share_with(DORA.person)
    grace.book.publishing.publish(SPAN)
    dora.book.publishing.publish(SPAN)
    other = Span(first=SPAN.first, last=SPAN.first)
    dora.book.publishing.publish(other)
    apart.carry()
    for member in (grace, dora):
        assert len([c for c in member.vault.casefiles() if c.kind == "service"]) == 2
        spans = [p.publication.span for p in member.book.publishing.published()]
        assert spans == [SPAN, other]
    apart.close()


def test_a_record_that_makes_no_sense_hides_no_other(house, grace):
    casefile = next(c.id for c in grace.vault.casefiles() if c.kind == "service")
    before = len(grace.book.publishing.published())
    for fields in (
        {"first": "yesterday", "figures": []},
        {"first": "2019-01-01", "last": "2019-01-31", "team": "x", "at": "z", "figures": [
            {"show": "?", "value": "1/0", "digits": 99, "slices": [3, {}], "words": 7}, 5,
        ]},
    ):  # fmt: skip
        statement = grace.book._ledger.statement(
            casefile, "published", grace.vault.new_id(), _as_kept(fields)
        )
        grace.vault.write([statement])
    assert len(grace.book.publishing.published()) == before + 1


def _as_kept(fields: dict[str, Any]) -> dict[str, Any]:
    return fields


def _published(grace: Member, tile: Tile) -> PublishedFigure:
    """That tile as it would leave the team."""
    working = grace.book.figures._working(SPAN)
    told = publication(grace.book.profile, "Northmere", SPAN, [working.tile(tile)], [])
    return told.figures[0]
