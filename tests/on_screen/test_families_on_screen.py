"""One family entered twice, parents apart, and others' words, on the product's own screens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import flet as ft
import pytest

from app.casework.forms import Booking, PersonForm, RouteForm
from app.casework.people import Relation
from app.casework.safe_contact import Allowed
from app.casework.third_party import passages
from casebooks import House, Member, okoro
from cast import AMINA, GRACE
from fakes import unsynced
from on_screen.at_work import Visit, at

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NOTE = "Calm and rested.\n\nMrs Lane next door hears shouting.\n\nRing on Friday."


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, MONDAY, unsynced)
    for who in (GRACE, AMINA):
        made.joins(who)
    made.opens()
    yield made
    made.close()


@pytest.fixture
def amina(house: House) -> Member:
    return house.members[AMINA.person]


@pytest.fixture
def grace(house: House) -> Member:
    return house.members[GRACE.person]


@pytest.fixture
def twice(house: House, amina: Member) -> tuple[str, str]:
    """The same family under two references, each with a signed note."""
    families = []
    for ref, text in (("RC-0101", "Came by bus."), ("RC-0188", "Asked about a cot.")):
        house.passes(hours=1)
        family = amina.book.families.register(okoro(ref=ref))
        amina.book.notes.sign(replace(amina.book.notes.start(family), text=text))
        families.append(family)
    house.carry()
    return families[0], families[1]


def test_two_entries_become_one_and_two_again(house, grace, twice):
    stays, other = twice

    async def join(app: Visit) -> None:
        assert app.shows("There is a family with nearly the same name.")
        await app.click("Is it the same family?")
        assert app.shows("Person by person")
        assert app.offered("The same person as")[0] == "Somebody else"
        await app.fill("How you know", "One midwife, two forms.")
        await app.click("They are one family")
        assert app.route == f"/families/{stays}"
        assert app.shows("Also recorded under Okoro (RC-0188)")
        assert not app.shows("nearly the same name")
        said = " ".join(app.texts())
        assert "Came by bus." in said
        assert "Asked about a cot." in said
        assert "Recorded under RC-0188" in said
        assert said.count("Unborn baby") <= 2, "name and relation of one baby"

    at(house, grace, f"/families/{stays}", join)

    async def listed(app: Visit) -> None:
        assert app.shows("1 family")
        assert app.shows("also recorded under RC-0188")
        await app.fill("Search names, addresses and notes", "RC-0188")
        assert app.shows("Okoro (RC-0101)")

    at(house, grace, "/families", listed)

    async def pointer(app: Visit) -> None:
        assert app.shows("This is the same family as Okoro (RC-0101). It goes on there.")
        assert app.shows("Asked about a cot.")
        assert not any(b.content == "Write a note" for b in app.controls(ft.FilledButton))
        await app.click("They are two families")
        await app.click("Yes, two families")
        assert not app.shows("It goes on there.")
        assert app.shows("There is a family with nearly the same name.")

    at(house, grace, f"/families/{other}", pointer)
    assert len(grace.book.families.lines()) == 2


def test_the_other_entry_may_be_the_one_that_goes_on_and_somebody_may_be_somebody_else(
    house, grace, twice
):
    first, second = twice

    async def steps(app: Visit) -> None:
        await app.choose("Which entry goes on?", "Okoro (RC-0188)")
        await app.choose("The same person as", "Somebody else")
        await app.click("They are one family")
        assert app.route == f"/families/{second}"

    at(house, grace, f"/families/{first}/twice", steps)
    people = grace.book.families.get(second).people
    assert [p.given for p in people if p.given] == ["Chidi", "Chidi"], "she was somebody else"
    assert len([p for p in people if p.expected]) == 1


def apart(member: Member, family: str) -> tuple[str, str]:
    """Chidi in a refuge that Dayo must not learn."""
    families = member.book.families
    dayo = families.add_person(
        family,
        PersonForm(
            given="Dayo",
            surname="Bell",
            relation=Relation.FATHER,
            routes=(RouteForm(number="07700 900333", allowed=Allowed.YES),),
        ),
    )
    chidi = next(p.id for p in families.people(family) if p.given == "Chidi")
    families.add_address(chidi, "9 Quarry View", "ZX3 1BB", secret_from=[dayo])
    return chidi, dayo


def test_booking_goes_to_her_secret_place_for_her_alone_and_never_with_the_father(house, amina):
    family = amina.book.families.register(okoro())
    apart(amina, family)

    async def steps(app: Visit) -> None:
        await app.choose("Family", "Okoro (RC-0101)")
        assert not app.shows("9 Quarry View")
        await app.chip("Chidi Okoro")
        assert app.find(ft.TextField, label="Address").value == "9 Quarry View"
        await app.fill("Time", "10:00")
        await app.chip("Dayo Bell")
        assert app.find(ft.TextField, label="Address").value == ""
        await app.fill("Address", "9 Quarry View")
        assert app.shows("Dayo Bell must not learn this address.")
        await app.click("Book")
        assert app.shows("Somebody who is expected must not learn this address.")

    at(house, amina, "/appointments/new", steps)
    assert amina.book.diary.of_family(family) == []


def test_the_fathers_card_bears_his_telephone_and_not_her_address(house, amina):
    family = amina.book.families.register(okoro())
    chidi, dayo = apart(amina, family)
    starts = house.clock.now() + timedelta(hours=1)
    made = amina.book.diary.book(
        Booking(family=family, starts=starts, people=(dayo,), address="8 Bobbin Lane")
    )
    home = amina.book.families.add_address(chidi, "8 Bobbin Lane", "ZX1 2AB")

    async def before(app: Visit) -> None:
        assert app.shows("8 Bobbin Lane")

    at(house, amina, "/", before)
    amina.book.families.keep_secret(home, [dayo])

    async def after(app: Visit) -> None:
        assert app.shows("The address is left out: Dayo Bell must not learn it.")
        said = " ".join(app.texts())
        assert "Bobbin" not in said
        assert "Map" not in [b.content for b in app.controls(ft.OutlinedButton)]
        await app.click("Ring Dayo Bell")
        assert app.shows("07700 900333")

    at(house, amina, "/", after)

    async def appointment(app: Visit) -> None:
        assert "Bobbin" not in " ".join(app.texts())
        assert app.shows("must not learn it")

    at(house, amina, f"/appointments/{made}", appointment)


def test_a_paragraph_is_marked_while_writing_and_the_mark_is_signed(house, amina):
    family = amina.book.families.register(okoro())

    async def steps(app: Visit) -> None:
        await app.fill("Note", NOTE)
        await app.click("About somebody else…")
        await app.tick("Mrs Lane next door")
        await app.fill("Who told it, or whom it is about", "the ")
        await app.fill("Who told it, or whom it is about", "the neighbour")
        await app.click("Done")
        await app.click("Sign note")
        assert app.shows("1 paragraph is marked as told by or about somebody else.")
        await app.click("Yes, sign")
        assert app.shows("Told by or about somebody else: the neighbour")
        assert app.shows("Mrs Lane next door hears shouting.")
        assert not app.shows("[third party")

    at(house, amina, f"/families/{family}/write/new", steps)
    (note,) = amina.book.notes.of_family(family)
    assert [p.who for p in passages(note.text) if p.third_party] == ["the neighbour"]


def test_a_signed_note_is_marked_afterwards_with_one_word_of_who(house, amina):
    family = amina.book.families.register(okoro())
    note = amina.book.notes.sign(replace(amina.book.notes.start(family), text=NOTE))

    async def steps(app: Visit) -> None:
        await app.click("About somebody else…")
        await app.tick("Mrs Lane next door")
        await app.fill("Who told it, or whom it is about", "the n")
        await app.fill("Who told it, or whom it is about", "the neighbour")
        await app.click("Done")
        assert app.shows("Told by or about somebody else: the neighbour")

    at(house, amina, f"/notes/{note.id}", steps)
    assert amina.book.disclosures.marks(note.id) == {1: "the neighbour"}
    assert amina.book.notes.get(note.id).text == NOTE
    versions = len(amina.book.history(amina.vault.find("third_party")[0].record))
    assert versions == 2, "not a change for every letter"


def test_a_warning_and_a_call_are_marked_by_a_switch(house, amina):
    family = amina.book.families.register(okoro())
    risk = amina.book.families.add_risk(family, "Her brother fears the dog.")

    async def warning(app: Visit) -> None:
        await app.tick("Told by or about somebody else")

    at(house, amina, f"/families/{family}/warnings", warning)
    assert None in amina.book.disclosures.marks(risk)

    async def call(app: Visit) -> None:
        await app.choose("Whom did you speak with?", "Somebody else")
        await app.choose("What came of it?", "We spoke")
        await app.fill("In a few words", "Her aunt rang.\n\nShe worries.")
        await app.tick("Told by or about somebody else")
        await app.click("Save contact")

    at(house, amina, f"/families/{family}/contact", call)
    (contact,) = amina.vault.find("contact")
    assert all(p.third_party for p in passages(str(contact.fields["summary"])))


def test_a_supervisor_is_told_that_a_worker_joined_two_entries(house, amina, grace, twice):
    stays, other = twice
    amina.book.joining.join(stays, other)
    house.carry()

    async def steps(app: Visit) -> None:
        await app.click("1 family joined from two entries, not yet read by both teams")
        assert app.route == f"/families/{stays}"
        await app.click("Let both teams read both")
        assert not app.shows("Let both teams read both")

    at(house, grace, "/team", steps)
    assert grace.book.joining.to_share() == []


def test_a_family_saved_without_who_referred_is_a_referral_all_the_same(house, grace):
    async def steps(app: Visit) -> None:
        await app.fill("First name", "Bethan")
        await app.fill("Surname", "Llewellyn")
        await app.click("Save family")
        assert app.shows("Mon 23 November, by whom is not said yet")

    at(house, grace, "/families/new", steps)
    (family,) = grace.book.families.lines()
    (referral,) = grace.book.families.get(family.id).referrals
    assert referral.received_at == grace.book.today


def test_a_date_that_cannot_be_is_marked_where_it_stands(house, grace):
    async def steps(app: Visit) -> None:
        await app.fill("First name", "Bethan")
        await app.fill("Surname", "Llewellyn")
        await app.fill("Baby due on (if on the way)", "1 March 2029")
        await app.fill("Child's date of birth", "1 March 2030")
        await app.click("Save family")
        due = app.find(ft.TextField, label="Baby due on (if on the way)")
        assert due.error == "That is too far ahead. Please check the year."
        born = app.find(ft.TextField, label="Child's date of birth")
        assert born.error == "That lies in the future. Please check the date."
        assert app.shows("This due date is too far ahead for a pregnancy known today.")
        await app.fill("Child's date of birth", "")
        await app.fill("Baby due on (if on the way)", "1 March 2027")
        assert not app.shows("This due date is too far ahead for a pregnancy known today.")
        await app.fill("Received on", "1 March 2031")
        await app.click("Save family")
        assert app.shows("ahead")

    at(house, grace, "/families/new", steps)
    assert grace.book.families.lines() == []
