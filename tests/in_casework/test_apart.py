"""Parents who live apart: each has appointments, a telephone and an address of their own, and a
place that is secret from one stands on no card for an appointment with that one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.casework.appointment import VenueType
from app.casework.company import hints_at, kept_from, names_place, usually_expected
from app.casework.errors import AddressKeptSecret
from app.casework.forms import Booking, PersonForm, RouteForm
from app.casework.people import Address, PersonKind, Relation
from app.casework.safe_contact import Allowed
from casebooks import okoro

REFUGE = "Flat 2, 9 Quarry View\nNorthmere"


class Apart:
    """Chidi in a place that Dayo must not learn, Dayo at his own, each with a telephone."""

    def __init__(self, house, member) -> None:
        self.house, self.book = house, member.book
        families = member.book.families
        self.family = families.register(okoro())
        self.chidi = families.get(self.family).adults[0].id
        self.dayo = families.add_person(
            self.family,
            PersonForm(
                given="Dayo",
                surname="Bell",
                relation=Relation.FATHER,
                routes=(RouteForm(number="07700 900333", allowed=Allowed.YES),),
            ),
        )
        self.refuge = families.add_address(self.chidi, REFUGE, "ZX3 1BB", secret_from=[self.dayo])
        families.add_address(self.dayo, "31 Tanner Street", "ZX1 9AA")

    def booking(self, *people: str, hours: int = 1, **more: object) -> Booking:
        starts = self.house.clock.now() + timedelta(hours=hours)
        return Booking(family=self.family, starts=starts, people=people, **more)

    def card(self):
        return self.book.diary.today()[-1]


@pytest.fixture
def apart(house, amina) -> Apart:
    return Apart(house, amina)


def test_each_parent_has_a_telephone_and_an_address_of_his_or_her_own(apart):
    apart.book.diary.book(apart.booking(apart.chidi))
    apart.book.diary.book(apart.booking(apart.dayo, hours=3))
    hers, his = apart.book.diary.today()
    assert (hers.phone_person, hers.phone.number) == ("Chidi Okoro", "07700 900201")
    assert (his.phone_person, his.phone.number) == ("Dayo Bell", "07700 900333")
    assert "Quarry View" in hers.address
    assert his.address == "31 Tanner Street, ZX1 9AA"


def test_the_fathers_card_never_falls_back_to_the_mothers_telephone(apart):
    families = apart.book.families
    (route,) = families.get(apart.family).person(apart.dayo).routes
    families.mark_unsafe(route.id)
    apart.book.diary.book(apart.booking(apart.dayo))
    assert (apart.card().phone, apart.card().cautions) == (None, ())


@pytest.mark.parametrize(
    ("address", "postcode"),
    [
        ("9 Quarry View", ""),
        ("flat 2,  9 QUARRY VIEW", ""),
        ("Northmere", "zx3 1bb"),
        ("", "ZX31BB"),
    ],
)
def test_an_appointment_with_him_at_her_address_is_refused(apart, address, postcode):
    with pytest.raises(AddressKeptSecret) as refused:
        apart.book.diary.book(apart.booking(apart.dayo, address=address, postcode=postcode))
    assert refused.value.persons == (apart.dayo,)
    assert "Quarry" not in str(refused.value)
    assert apart.book.diary.today() == ()


def test_nor_with_both_of_them_there_nor_by_a_change_of_who_is_expected(apart):
    diary = apart.book.diary
    place = {"address": "9 Quarry View", "postcode": "ZX3 1BB"}
    with pytest.raises(AddressKeptSecret):
        diary.book(apart.booking(apart.chidi, apart.dayo, **place))
    hers = diary.book(apart.booking(apart.chidi, **place))
    with pytest.raises(AddressKeptSecret):
        diary.change(hers, apart.booking(apart.dayo, **place))
    assert diary.get(hers).people == (apart.chidi,)


def test_an_address_that_becomes_secret_later_leaves_the_cards_that_bear_it(house, apart, grace):
    families, diary = apart.book.families, apart.book.diary
    families.add_address(apart.chidi, "8 Bobbin Lane", "ZX1 2AB")
    visit = diary.book(
        apart.booking(apart.chidi, apart.dayo, address="8 Bobbin Lane", postcode="ZX1 2AB")
    )
    assert apart.card().address == "8 Bobbin Lane, ZX1 2AB"
    home = families.get(apart.family).person(apart.chidi).address
    families.keep_secret(home.id, [apart.dayo])
    card = apart.card()
    assert (card.address, card.kept_from) == ("", (apart.dayo,))
    assert diary.where_to(visit) == ("", (apart.dayo,))


def test_places_offered_for_a_booking_are_none_that_somebody_expected_must_not_learn(apart):
    diary = apart.book.diary
    diary.book(
        apart.booking(
            apart.chidi, venue_type=VenueType.COMMUNITY, venue="Refuge, 9 Quarry View",
        )
    )  # fmt: skip
    for people in ((apart.dayo,), (apart.chidi, apart.dayo)):
        assert "Quarry" not in str(diary.venues(apart.family, people))
    assert "Quarry" in str(diary.venues(apart.family, (apart.chidi,)))
    assert "Tanner" in str(diary.venues(apart.family, (apart.dayo,))[0])


def test_a_note_is_signed_without_a_secret_place_on_the_screen(apart):
    assert apart.book.notes.signing_card(apart.family).address == "31 Tanner Street, ZX1 9AA"


def test_a_way_in_that_would_lead_him_to_her_stands_on_no_card_of_his(apart):
    apart.book.families.add_access(apart.family, "Quarry View: buzzer 2, say you bring post.")
    apart.book.diary.book(apart.booking(apart.chidi))
    apart.book.diary.book(apart.booking(apart.dayo, hours=3))
    hers, his = apart.book.diary.today()
    assert (len(hers.access), his.access) == (1, ())


def test_by_default_a_visit_expects_the_household_and_not_the_parent_who_lives_elsewhere(apart):
    families = apart.book.families
    toddler = families.add_person(
        apart.family,
        PersonForm(
            kind=PersonKind.CHILD, given="Ada", surname="Okoro", relation=Relation.CHILD,
            dob=date(2024, 1, 1),
        ),
    )  # fmt: skip
    shown = families.get(apart.family)
    assert usually_expected(shown.people) == (apart.chidi, toddler)
    assert usually_expected(shown.people, {toddler}) == (apart.chidi,)


def test_parents_who_live_together_are_both_expected(house, amina):
    families = amina.book.families
    family = families.register(okoro())
    mother = families.get(family).adults[0]
    father = families.add_person(
        family, PersonForm(given="Dayo", surname="Bell", relation=Relation.FATHER)
    )
    assert set(usually_expected(families.get(family).people)) == {mother.id, father}
    families.add_address(father, "4 Larch Row, Northmere", "ZX1 4AA")
    assert set(usually_expected(families.get(family).people)) == {mother.id, father}


def place(lines: str, postcode: str = "", *secret_from: str, person: str = "m") -> Address:
    return Address(id=lines, person=person, lines=lines, postcode=postcode, secret_from=secret_from)


def test_his_own_house_in_her_street_is_his_to_know():
    hers, his = place("4 Larch Row", "ZX1 4AA", "f"), place("31 Larch Row", "ZX1 4AA", person="f")
    assert kept_from("31 Larch Row, ZX1 4AA", [hers, his], {"f"}) == ()
    assert kept_from("4 Larch Row", [hers, his], {"f"}) == ("f",)
    assert kept_from("ZX1 4AA", [hers, his], {"f"}) == ("f",), "a postcode alone is not his house"
    assert kept_from("4 Larch Row", [hers, his], {"m"}) == ()


def test_a_street_alone_is_a_hint_but_not_the_place():
    refuge = place(REFUGE, "ZX3 1BB")
    assert names_place("we met at 9 quarry view.", refuge)
    assert not names_place("Quarry View is steep", refuge)
    assert hints_at("Quarry View is steep", refuge)
    assert not hints_at("Flat 2 was cold; Northmere is far", refuge)
    named = place("The Old Forge, Mill Street", "ZX6 5OB")
    assert hints_at("by the old forge", named)
    assert hints_at("off Mill Street", named)
    assert not hints_at("an old mill", named)
    assert not names_place("", place("", ""))
