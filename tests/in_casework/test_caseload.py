"""A caseload counts families, not functions, and says when it is full without refusing."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.casework.caseload import Worker, loads, would_be_over
from app.casework.family import Allocation


def worker(name: str, **more: Any) -> Worker:
    fields: dict[str, Any] = {"id": name, "person": name.lower(), **more}
    return Worker(name=name, **fields)


def allocated(family: str, to: str, function: str = "family_worker", cover: str | None = None):
    return Allocation(
        id=f"{family}{to}{function}",
        family=family,
        worker=to,
        function=function,
        since=date(2026, 1, 1),
        cover=cover,
    )


def test_a_family_with_two_functions_of_one_worker_counts_once():
    found = loads(
        [worker("Amina")], [allocated("f", "amina"), allocated("f", "amina", "therapist")]
    )
    assert found[0].families == ("f",)


def test_capacity_follows_hours_unless_a_figure_was_agreed():
    assert worker("Amina").families_at_most == 12
    assert worker("Rhian", wte=0.6).families_at_most == 7
    assert worker("Rhian", wte=0.6, capacity=9).families_at_most == 9
    assert worker("Ben", wte=0.05).families_at_most == 1


def test_the_fullest_comes_first_and_over_capacity_shows():
    amina, rhian = worker("Amina", capacity=2), worker("Rhian", capacity=5)
    found = loads([rhian, amina], [allocated(f, "amina") for f in "abc"])
    assert [(load.worker.name, load.room, load.over) for load in found] == [
        ("Amina", -1, True),
        ("Rhian", 5, False),
    ]


def test_one_more_family_for_a_full_worker_is_warned_of():
    full = loads([worker("Amina", capacity=1)], [allocated("a", "amina")])[0]
    assert not full.over
    assert would_be_over(full)


def test_families_on_loan_are_told_from_her_own():
    lent = [allocated("a", "amina"), allocated("b", "amina", cover="loan")]
    assert loads([worker("Amina")], lent)[0].covering == ("b",)
    own_too = [*lent, allocated("b", "amina", "therapist")]
    assert loads([worker("Amina")], own_too)[0].covering == ()


def test_somebody_who_left_is_listed_only_while_families_still_bear_her_name():
    gone = worker("Ben", active=False)
    assert loads([gone], []) == []
    assert loads([gone], [allocated("a", "ben")])[0].families == ("a",)


def test_a_parent_knows_a_doctor_by_her_first_name():
    assert worker("Dr Rhian Pryce").first_name == "Rhian"
    assert worker("Amina Yusuf").first_name == "Amina"
