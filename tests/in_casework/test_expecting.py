"""Whom a booking expects before anybody has said so: nobody, where a guess could hurt."""

from datetime import timedelta

import pytest

from app.casework import expecting
from app.casework.attendance import Code
from app.casework.contact_type import ContactType
from app.casework.family import Family
from app.casework.forms import AddressForm, Booking, PersonForm
from app.casework.people import Relation
from app.casework.period import PeriodKind
from casebooks import House, Member, okoro, pugh, registers_marsh


@pytest.fixture
def marsh(amina: Member) -> str:
    return registers_marsh(amina)


def people(family: Family) -> dict[str, str]:
    """Ids by first name."""
    return {p.given: p.id for p in family.people}


def test_a_household_without_any_sign_of_danger_is_expected_at_its_home(amina: Member) -> None:
    family = amina.book.families.get(amina.book.families.register(pugh()))
    chosen = expecting.first_expected(family, ())
    assert sorted(chosen) == sorted(p.id for p in family.people)
    home = expecting.home_for(family, chosen)
    assert home is not None
    assert home.lines == "12 Weir Lane"


def test_nobody_is_expected_where_an_address_is_secret(amina: Member, marsh: str) -> None:
    family = amina.book.families.get(marsh)
    assert expecting.first_expected(family, ()) == ()
    assert expecting.home_for(family, ()) is None


@pytest.mark.parametrize("sign", ["risk", "indicator", "apart", "secret"])
def test_each_sign_alone_asks_for_care(amina: Member, sign: str) -> None:
    family = amina.book.families.register(okoro())
    assert not expecting.needs_care(amina.book.families.get(family))
    chidi = amina.book.families.get(family).adults[0]
    if sign == "risk":
        amina.book.families.add_risk(family, "Her brother has threatened staff.")
    elif sign == "indicator":
        period = amina.book.families.begin_period(family, PeriodKind.INDICATOR, "domestic_abuse")
        amina.book.families.end_period(period)
    elif sign == "apart":
        father = PersonForm(
            given="Uche",
            surname="Okoro",
            relation=Relation.FATHER,
            addresses=(AddressForm(lines="9 Weir Lane"),),
        )
        amina.book.families.add_person(family, father)
    else:
        assert chidi.address is not None
        amina.book.families.keep_secret(chidi.address.id, ("ee" * 16,))
    assert expecting.needs_care(amina.book.families.get(family))


def test_a_risk_that_is_no_longer_true_asks_for_none(amina: Member) -> None:
    family = amina.book.families.register(okoro())
    risk = amina.book.families.add_risk(family, "A dog in the yard.")
    amina.book.families.end_risk(risk)
    assert not expecting.needs_care(amina.book.families.get(family))


def test_who_came_last_to_this_worker_for_this_contact_is_expected_again(
    house: House, amina: Member, marsh: str
) -> None:
    family = amina.book.families.get(marsh)
    jodie, kane, tyler = (people(family)[n] for n in ("Jodie", "Kane", "Tyler"))
    then = amina.book.diary.book(
        Booking(family=marsh, starts=amina.book.now - timedelta(days=7), people=(jodie, tyler))
    )
    amina.book.engagement.record_outcome(then, {jodie: Code.ON_TIME, tyler: Code.ON_TIME})
    later = amina.book.diary.book(
        Booking(family=marsh, starts=amina.book.now - timedelta(days=2), people=(kane,))
    )
    amina.book.engagement.record_outcome(later, {kane: Code.DID_NOT_ATTEND})

    last = amina.book.engagement.last_company(marsh, ContactType.HOME_VISIT)
    assert sorted(last) == sorted((jodie, tyler))
    assert sorted(expecting.first_expected(family, last)) == sorted((jodie, tyler))
    assert amina.book.engagement.last_company(marsh, ContactType.THERAPY_SESSION) == ()


def test_what_a_colleague_did_says_nothing_of_whom_i_expect(
    house: House, amina: Member, grace: Member, marsh: str
) -> None:
    kane = people(amina.book.families.get(marsh))["Kane"]
    then = amina.book.diary.book(
        Booking(
            family=marsh,
            starts=amina.book.now - timedelta(days=7),
            people=(kane,),
            workers=(grace.person,),
        )
    )
    amina.book.engagement.record_outcome(then, {kane: Code.ON_TIME})
    assert amina.book.engagement.last_company(marsh, ContactType.HOME_VISIT) == ()


def test_only_a_home_of_those_chosen_is_offered_and_none_that_is_a_secret(
    amina: Member, marsh: str
) -> None:
    family = amina.book.families.get(marsh)
    jodie, kane = people(family)["Jodie"], people(family)["Kane"]
    assert [h.lines for h in expecting.homes_of(family, (jodie,))] == ["40 Fullers Rise"]
    assert [h.lines for h in expecting.homes_of(family, (kane,))] == ["17 Tollgate Road"]
    both = expecting.homes_of(family, (jodie, kane))
    assert [h.lines for h in both] == ["17 Tollgate Road"]
    (kept,) = expecting.kept_apart(family, (jodie, kane))
    assert (kept.whose.given, kept.from_whom.given) == ("Jodie", "Kane")
    assert len(expecting.living_apart(family, (jodie, kane))) == 2
    assert expecting.living_apart(family, (jodie,)) == []


def test_a_place_that_gives_a_secret_away_is_told_of_those_chosen_alone(
    amina: Member, marsh: str
) -> None:
    family = amina.book.families.get(marsh)
    jodie, kane = people(family)["Jodie"], people(family)["Kane"]
    place = "at hers, 40  fullers rise"
    assert [p.id for p in expecting.told(family, (jodie, kane), place)] == [kane]
    assert expecting.told(family, (jodie,), place) == []
    assert expecting.told(family, (kane,), "17 Tollgate Road") == []


def test_todays_card_guesses_no_home_where_people_live_apart(amina: Member, marsh: str) -> None:
    amina.book.diary.book(Booking(family=marsh, starts=amina.book.now))
    (card,) = amina.book.diary.today()
    assert card.address == ""
