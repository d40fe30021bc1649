"""Two families easily taken for one another are shown with what tells them apart."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest

from app.casework.resemblance import Features, alike, groups, near, told_apart


def family(key: str, name: str, **more: Any) -> Features:
    fields: dict[str, Any] = {"ref": f"RC-{key}", **more}
    return Features(id=key, name=name, **fields)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Okoro", "Okoro"),
        ("Okoro", "OKORÓ"),
        ("Okoro", "Okora"),
        ("Okoro", "Okroo"),
        ("Okoro", "Okoroh"),
        ("Łukasik", "Lukasik"),
        ("Smith", "Smith-Jones"),
        ("O'Brien", "Obrien"),
        ("Nguyễn", "Nguyen"),
    ],
)
def test_names_a_tired_eye_confuses_are_near(one: str, other: str):
    assert near(one, other)
    assert near(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("Ali", "Ari"), ("Okoro", "Okafor"), ("Bevan", "Evans"), ("", "Okoro")]
)
def test_names_that_only_begin_alike_are_not(one: str, other: str):
    assert not near(one, other)
    assert not near(other, one)


def test_two_mothers_of_one_name_make_their_families_alike():
    one = family("1", "Hughes", adults=("Kayleigh Marsh",))
    other = family("2", "Price", adults=("Kayleigh Marsh", "Dean Price"))
    assert alike(one, other)
    assert not alike(one, one)


def test_alike_families_show_where_they_differ_and_always_the_reference():
    one = family("1", "Okoro", street="4 Larch Row", edd=date(2027, 1, 5), adults=("Chidi Okoro",))
    other = family(
        "2", "Okoro", street="4 Larch Row", edd=date(2027, 3, 1), adults=("Chidi Okoro",)
    )
    assert told_apart(one, [other]) == (("due", "2027-01-05"), ("ref", "RC-1"))
    assert told_apart(other, [one]) == (("due", "2027-03-01"), ("ref", "RC-2"))


def test_a_fact_that_one_of_three_shares_tells_nothing_apart():
    three = [family(str(n), "Okoro", locality="Northmere") for n in range(2)]
    other = family("9", "Okoro", locality="Southmere")
    assert ("locality", "Northmere") not in told_apart(three[0], [three[1], other])
    assert ("locality", "Southmere") in told_apart(other, three)


def test_each_family_knows_which_it_could_be_taken_for():
    found = groups([family("1", "Okoro"), family("2", "Okora"), family("3", "Pugh")])
    assert found == {"1": ("2",), "2": ("1",)}


def test_every_pair_that_is_alike_is_found_however_many_families_there_are():
    names = [
        "Okoro", "Okora", "Okroo", "Okoroh", "Koro", "Ali", "Ari", "Smith", "Smith-Jones", "Jones",
        "Obrien", "O'Brien", "Hughes", "Hughs", "", "Bevan", "Evans", "Łukasik", "Lukasik",
    ]  # fmt: skip
    families = [
        family(str(n), name, adults=(f"Kim {n % 7}",)) for n, name in enumerate([*names, *names])
    ]
    slowly: dict[str, list[str]] = {}
    for one in families:
        slowly[one.id] = [other.id for other in families if alike(one, other)]
    assert groups(families) == {one: tuple(others) for one, others in slowly.items() if others}


def test_a_thousand_families_are_told_apart_while_nobody_waits():
    families = [
        family(str(n), f"{'abcdefgh'[n % 8] * 4}{n * 7919}", adults=(f"Adult {n}",))
        for n in range(1_000)
    ]
    began = time.process_time()
    groups(families)
    # Comparing all with all took forty seconds.
    assert time.process_time() - began < 5.0
