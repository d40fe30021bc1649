"""The supervisor's part of the demo's history: referrals, families, legal status, allocations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from app.casework.casebook import Casebook
from app.casework.family import RiskLevel
from app.casework.forms import (
    AddressForm,
    FamilyForm,
    PersonForm,
    ProfessionalForm,
    ReferralForm,
    RouteForm,
)
from app.casework.life_event import BirthForm
from app.casework.nhs_number import check_digit, nhs_number
from app.casework.people import Answer, PersonKind, Relation
from app.casework.period import PeriodKind
from app.casework.safe_contact import Allowed, Channel
from app.demo.casting import Casting
from app.demo.chance import Chance
from app.demo.clock import SetClock
from app.demo.households import NETWORK, Household
from app.demo.pathways import Pathways
from app.demo.renaming import households_of
from app.demo.sentences_office import ACCESS, LEGAL, REASONS, RISKS
from app.demo.weeks import working_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A family that is written down: its ids, and the days everything else is counted from."""

    household: Household
    number: int
    family: str
    mother: str
    baby: str
    partner: str | None
    referred: date
    allocated: date
    due: date
    born: date | None
    lost: date | None
    chance: Chance = field(repr=False)


class Registering:
    """Registers all families as Grace did, one referral at a time."""

    def __init__(
        self, book: Casebook, clock: SetClock, today: date, workers: dict[str, str], seed: int
    ) -> None:
        self._book = book
        self._clock = clock
        self._today = today
        self._workers = workers
        self._seed = seed
        self.households = households_of(book.profile.service)
        """The thirty, under the names they have in this service's demo."""
        self._casting = Casting(book.profile)
        self._pathways = Pathways(book, self._at, today)

    def all(self) -> list[Placed]:
        """Every family, in the order of the table."""
        return [self._one(number, h) for number, h in enumerate(self.households)]

    def close_ended(self, placed: list[Placed]) -> None:
        """Close the families whose work has ended; nobody but the supervisor reads them on."""
        for one in placed:
            if one.household.status != "closed":
                continue
            ended = self._today - timedelta(weeks=5, days=one.number % 3)
            self._pathways.closes(one.family, ended)

    def _one(self, number: int, h: Household) -> Placed:
        chance = Chance(self._seed, h.surname, h.street)
        referred = working_day(self._today - timedelta(weeks=h.referred, days=number % 5))
        alike = number if h.same_as is None else h.same_as
        born = self._today - timedelta(weeks=h.born, days=alike % 4)
        due = born + timedelta(days=chance.number("due", -9, 8))
        is_born_at_referral = h.born > 0 and born <= referred
        self._at(referred, 10 + number % 6)
        form = self._form(number, h, referred, None if is_born_at_referral else due, born, chance)
        family = self._book.families.register(form)
        people = self._book.families.people(family)
        baby = next(
            p.id
            for p in people
            if p.kind is PersonKind.UNBORN or (p.kind is PersonKind.CHILD and p.given == h.baby)
        )
        placed = Placed(
            household=h,
            number=number,
            family=family,
            mother=next(p.id for p in people if p.relation is Relation.MOTHER),
            baby=baby,
            partner=next((p.id for p in people if p.relation is Relation.FATHER), None),
            referred=referred,
            allocated=min(working_day(referred + timedelta(days=4 + number % 7)), self._today),
            due=due,
            born=born if h.born > 0 else None,
            lost=working_day(self._today - timedelta(weeks=h.lost)) if h.lost else None,
            chance=chance,
        )
        self._situation(placed)
        self._secret_address(placed)
        if h.away:
            self._lives_elsewhere(placed)
        if h.who:
            self._pathways.decided(family, referred, number)
            self._allocate(placed)
        else:
            self._pathways.waits(family, referred, number)
        return placed

    def _form(
        self,
        number: int,
        h: Household,
        referred: date,
        due: date | None,
        born: date,
        chance: Chance,
    ) -> FamilyForm:
        people = [self._mother(number, h)]
        if h.partner:
            people.append(self._partner(number, h))
        if due is None:
            people.append(_child(h.baby, h.surname, born, girl=h.girl))
        else:
            people.append(
                PersonForm(
                    kind=PersonKind.UNBORN,
                    relation=Relation.UNBORN,
                    edd=due + timedelta(days=5 if number == 0 else 0),
                    edd_source="dating scan",
                )
            )
        if h.sibling:
            age = timedelta(days=365 * chance.number("sibling", 3, 7) + 40)
            people.append(_child(h.sibling, h.surname, born - age, girl=number % 2 == 0))
        received = self._network(number)[1]
        return FamilyForm(
            name=h.surname,
            ref=f"BF-{1100 + number * 7}",
            known_as=h.known_as,
            locality=self._casting.locality(number, h.locality),
            people=tuple(people),
            referral=ReferralForm(
                received_at=referred,
                source=chance.one_of("source", self._casting.sources),
                referrer=received[0],
                via=self._casting.via,
                reason=chance.one_of("reason", _fitting_reasons(h)),
                previous_removal="past_removal" in h.themes,
            ),
        )

    def _mother(self, number: int, h: Household) -> PersonForm:
        number = number if h.same_as is None else h.same_as
        routes = [_call_route(number, h, self._today)]
        if number % 3 != 1:
            routes.append(
                RouteForm(
                    channel=Channel.TEXT,
                    number=_phone(number),
                    allowed=Allowed.NO if h.secret else Allowed.YES,
                    shared_phone=Allowed.YES if h.secret else Allowed.NO,
                    voicemail=Allowed.NO,
                    review_by=self._today + timedelta(weeks=6 + number % 9),
                )
            )
        return PersonForm(
            given=h.mother,
            surname=h.surname,
            known_as=h.known_as,
            relation=Relation.MOTHER,
            parental_responsibility=Answer.YES,
            dob=date(self._today.year - h.age, 1 + number % 12, 1 + number * 5 % 28),
            nhs_no=_nhs_number(number),
            language=h.language,
            interpreter=h.language in {"Tigrinya", "Farsi", "Vietnamese", "Somali"},
            format=h.format,
            addresses=(AddressForm(lines=f"{h.street}\n{h.locality}", postcode=h.postcode),),
            routes=tuple(routes),
        )

    def _partner(self, number: int, h: Household) -> PersonForm:
        given, surname = h.partner.split(maxsplit=1)
        elsewhere = AddressForm(lines=f"{11 + number} Tollgate Road\nNorthmere", postcode="ZX1 7TR")
        together = AddressForm(lines=f"{h.street}\n{h.locality}", postcode=h.postcode)
        return PersonForm(
            given=given,
            surname=surname,
            relation=Relation.FATHER,
            parental_responsibility=Answer.YES if h.surname == surname else Answer.UNKNOWN,
            dob=date(self._today.year - h.age - 2, 12 - number % 12, 1 + number * 3 % 28),
            addresses=(elsewhere if h.apart else together,),
            routes=()
            if h.secret
            else (RouteForm(number=f"07700 900{600 + number:03d}", allowed=Allowed.UNKNOWN),),
        )

    def _situation(self, one: Placed) -> None:
        """Legal status of the baby, the network, warnings; each on its own day."""
        h, families = one.household, self._book.families
        statuses = self._casting.legal(h.legal)
        span = max(1, (self._today - one.referred).days // (len(statuses) + 1))
        for step, code in enumerate(statuses):
            begins = working_day(one.referred + timedelta(days=step * span))
            self._at(begins, 15)
            families.begin_period(
                one.family,
                PeriodKind.LEGAL,
                code,
                begins,
                subject=one.baby,
                reason=one.chance.draw("legal", LEGAL) if step else "",
            )
        self._at(one.referred, 16)
        if one.born is not None and one.born <= one.referred and _home(self._book):
            families.begin_period(
                one.family, PeriodKind.PLACEMENT, _home(self._book), one.born, subject=one.baby
            )
        for name, role, agency in self._network(one.number):
            number = sum(map(ord, name)) % 90
            families.add_professional(
                one.family,
                ProfessionalForm(
                    name=name, role=role, agency=agency, phone=f"07700 900{800 + number:03d}"
                ),
            )
        if h.secret or one.number % 3 == 0:
            text = RISKS[6] if h.secret else one.chance.draw("risk", RISKS[:6])
            level = RiskLevel.NOT_ALONE if "pairs" in text else RiskLevel.CARE
            families.add_risk(one.family, text, level, one.referred + timedelta(days=9))
        if one.number % 2 == 0:
            families.add_access(
                one.family,
                ACCESS[one.number // 2 % len(ACCESS)],
                one.referred + timedelta(days=11),
            )

    def _secret_address(self, one: Placed) -> None:
        if one.household.secret and one.partner:
            home = self._book.families.get(one.family).person(one.mother)
            if home is not None and home.address is not None:
                self._book.families.keep_secret(home.address.id, [one.partner])

    def _lives_elsewhere(self, one: Placed) -> None:
        """An older child who was removed; where it lives is nobody's to know but ours."""
        h = one.household
        age = timedelta(days=365 * one.chance.number("away", 4, 7) + 70)
        born = one.referred - age
        parents = tuple(p for p in (one.mother, one.partner) if p)
        self._at(one.referred, 17)
        self._book.families.add_child_elsewhere(
            one.family,
            PersonForm(
                kind=PersonKind.CHILD,
                relation=Relation.CHILD,
                given=h.away,
                surname=h.surname,
                dob=born,
                carers="Mr and Mrs Hale",
                contact_arrangements="A letter twice a year through the contact service. "
                "No visits for now.",
                addresses=(
                    AddressForm(
                        lines=f"{30 + one.number} Orchard End\nOldmoor",
                        postcode="ZX9 2QE",
                        secret_from=parents,
                        since=born + timedelta(days=300),
                    ),
                ),
            ),
            "foster" if one.number else "adopted",
            born + timedelta(days=300),
        )

    def _allocate(self, one: Placed) -> None:
        h, book = one.household, self._book
        self._at(one.allocated, 12)
        for place, letter in enumerate("ARG"):
            if letter in h.who:
                function = self._casting.function(place)
                book.supervision.allocate(
                    one.family, self._workers[letter], function, one.allocated
                )
        stages = self._casting.stages()
        if h.status != "closed":
            stages = stages[:-1]
        begun = [(code, one.allocated + timedelta(weeks=weeks)) for code, weeks in stages]
        if self._casting.ends_after_birth and h.status != "closed" and one.born is not None:
            after = self._casting.stages()[-1][0]
            begun.append((after, max(one.born, begun[-1][1] + timedelta(days=1))))
        last = self._today - timedelta(weeks=6 if h.status == "closed" else 0)
        self._pathways.moves(
            one.family, one.number, [(code, day) for code, day in begun if day <= last]
        )
        self._besides(one, dict(begun))

    def _besides(self, one: Placed, begun: Mapping[str, date]) -> None:
        """Who does what the stage the family has come to needs besides; one of the two does."""
        profile, supervision = self._book.profile, self._book.supervision
        period = self._book.pathways.of(one.family).stage
        stage = period.code if period else ""
        for function in profile.functions[2:]:
            if stage in function.needed_in and stage in begun:
                supervision.allocate(
                    one.family,
                    self._workers[one.household.who[-1]],
                    function.code,
                    begun[stage],
                )

    def _network(self, number: int) -> list[tuple[str, str, str]]:
        count = 2 + number % 3
        return [NETWORK[(number * 3 + step * 5) % len(NETWORK)] for step in range(count)]

    def _at(self, on: date, hour: int) -> None:
        self._clock.show(self._book.at(on, time(hour, 12)))


def _home(book: Casebook) -> str:
    """Where all of the demo's babies live: a service names living with the parents first."""
    return next((p.code for p in book.profile.placements), "")


def birth(book: Casebook, one: Placed) -> None:
    """The unborn baby is a child now; what was written before stays with the same person."""
    if one.born is None or one.born <= one.referred:
        return
    book.families.born(
        one.baby,
        BirthForm(
            on=one.born,
            at_time=time(1 + one.number % 22, 7 * one.number % 60),
            given=one.household.baby,
            surname=one.household.surname,
            gender="girl" if one.household.girl else "boy",
            placement=_home(book),
        ),
    )


def _fitting_reasons(h: Household) -> tuple[str, ...]:
    words = {
        "past_removal": "removed",
        "anxious": "Anxious",
        "partner": "domestic abuse",
        "young": "leaver",
        "trauma": "Difficult birth",
        "learning": "Learning difficulty",
        "alone": "Recently arrived",
        "feeding": "Feeding difficulties",
    }
    if "alone" in h.themes and not h.language:
        return REASONS[:1]
    found = [
        r
        for theme in h.themes
        for r in REASONS
        if words.get(theme, "\0") in r and ("living apart" not in r or h.apart)
        if "stay together" not in r or not h.apart
    ]
    return tuple(found) or REASONS[:1]


def _phone(number: int) -> str:
    return f"07700 900{200 + number:03d}"


def _call_route(number: int, h: Household, today: date) -> RouteForm:
    if h.secret:
        return RouteForm(
            number=_phone(number),
            allowed=Allowed.YES,
            days=frozenset(range(5)),
            from_time=time(9),
            to_time=time(11, 30),
            shared_phone=Allowed.YES,
            voicemail=Allowed.NO,
            withheld_id=True,
            code_word="library books",
            review_by=today + timedelta(weeks=4),
            remark="He is at work in the mornings. If a man answers: wrong number.",
        )
    return RouteForm(
        number=_phone(number),
        allowed=Allowed.UNKNOWN if number % 9 == 8 else Allowed.YES,
        shared_phone=Allowed.UNKNOWN if number % 5 == 3 else Allowed.NO,
        voicemail=Allowed.YES if number % 2 else Allowed.NO,
        neutral_wording=number % 4 == 0,
        review_by=today + timedelta(weeks=-1 if number % 11 == 10 else 8 + number % 12),
    )


def _child(given: str, surname: str, born: date, *, girl: bool) -> PersonForm:
    return PersonForm(
        kind=PersonKind.CHILD,
        relation=Relation.CHILD,
        given=given,
        surname=surname,
        dob=born,
        gender="girl" if girl else "boy",
    )


def _nhs_number(number: int) -> str:
    """One that belongs to nobody: no number that begins with 999 is given out."""
    nine = f"999{100 + number:03d}{200 + number:03d}"
    check = check_digit(nine)
    while check is None:
        nine = str(int(nine) + 1)
        check = check_digit(nine)
    return nhs_number(f"{nine}{check}")
