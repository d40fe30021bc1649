"""The families of the town: few, fictional, and each there for a story.

Two have nearly the same name, one is shared by two workers, one has missed the last appointment.
The shared one has an older child with carers, has lost a baby, and was entered twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from app.casework.attendance import Code, Obstacle
from app.casework.casebook import Casebook
from app.casework.casebook.group_lists import GroupForm
from app.casework.family import RiskLevel
from app.casework.forms import (
    AddressForm,
    Booking,
    FamilyForm,
    PersonForm,
    ProfessionalForm,
    ReferralForm,
    RouteForm,
)
from app.casework.intervention import InterventionForm
from app.casework.life_event import LossForm, What
from app.casework.people import PersonKind, Relation
from app.casework.period import PeriodKind
from app.casework.plan import Owner, PlanForm
from app.casework.safe_contact import Allowed
from demo.organisation import Founded

WEEKS = 4
"""Weeks of history behind each family."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """One family as the stories know it."""

    surname: str
    mother: str
    child: str
    ref: str
    street: str
    phone: str
    today: time
    note: str
    missed: tuple[int, ...] = ()
    """Which weeks ago the family was not met."""
    risk: str = ""
    access: str = ""

    @property
    def titled(self) -> str:
        """As the lists show it."""
        return f"{self.surname} ({self.ref})"


ADA = Household(
    surname="Okoro", mother="Ada", child="Poppy", ref="BF101",
    street="3 Tannery Row", phone="07700 900201", today=time(9, 30),
    note=(
        "Ada had Poppy on her lap and named what she was doing before she did it. We watched the "
        "clip from last week together. She saw by herself how Poppy turned to her voice."
    ),
    risk="Ex-partner may be at the address. Ring from the car first.",
    access="Side door, the bell does not work.",
)  # fmt: skip
ADAEZE = Household(
    surname="Okoro", mother="Adaeze", child="Samuel", ref="BF102",
    street="14 Kiln Close", phone="07700 900202", today=time(11, 15),
    note="Adaeze was tired and asked to talk about nights. Samuel slept in the sling.",
)  # fmt: skip
JESS = Household(
    surname="Whitlock", mother="Jess", child="Alfie", ref="BF103",
    street="6 Ropewalk Court", phone="07700 900203", today=time(13, 0),
    note="Jess had written down three good moments, as agreed. Alfie brought her a book.",
    missed=(1,),
)  # fmt: skip
LEANNE = Household(
    surname="Marsh", mother="Leanne", child="Isla", ref="BF104",
    street="22 Weighbridge Lane", phone="07700 900204", today=time(14, 30),
    note="Leanne and her mother were both at home. Isla is crawling towards whoever sings.",
)  # fmt: skip
HOUSEHOLDS = (ADA, ADAEZE, JESS, LEANNE)
SHARED = LEANNE
"""The family that the therapist works with too."""
MISSED_LAST_TIME = JESS


Landmarks = Mapping[str, str]
"""Ids by what they are of: family, appointment, note, person, professional, obstacle, call, baby,
child, colleague; `shared` and `twice` are the two entries of the family that was entered twice."""


def settle_in(founded: Founded) -> Landmarks:
    """Register the families on the worker's tablet and bring all three devices up to date.

    Gives the ids that addresses of the first family's screens are made of.
    """
    book = founded.amina.book
    families = {household.ref: _register(book, household) for household in HOUSEHOLDS}
    for household in HOUSEHOLDS:
        _history(book, families[household.ref], household)
    shared = families[SHARED.ref]
    twice = _hard_things(book, shared)
    landmarks = {
        **_landmarks(book, families[ADA.ref]),
        **_group(book, founded.rhian.book.me.person),
        "child": book.families.get(shared).children_at_home[0].id,
        "shared": shared,
        "twice": twice,
        "colleague": founded.rhian.book.me.person,
    }
    founded.amina.round()
    founded.grace.round()
    allocate = founded.grace.book.supervision.allocate
    for family in families.values():
        allocate(family, book.me.person, "family_worker")
    allocate(shared, founded.rhian.book.me.person, "therapist")
    mothers = [founded.grace.book.families.get(f).adults[0].id for f in (shared, twice)]
    founded.grace.book.joining.join(shared, twice, [(mothers[0], mothers[1])])
    for desk in (founded.grace, founded.rhian, founded.amina):
        desk.round()
    return landmarks


def _landmarks(book: Casebook, family: str) -> Landmarks:
    known = book.families.get(family)
    today = next(card for card in book.diary.today() if card.family.id == family)
    return {
        "family": family,
        "appointment": today.appointment.id,
        "note": book.notes.of_family(family)[0].id,
        "person": known.adults[0].id,
        "baby": known.unborn[0].id,
        "professional": known.network[0].id,
        "plan": book.plans.of_family(family)[0].id,
        "obstacle": book.engagement.raise_conversation(family).id,
        "call": _call(book, family),
    }


def _group(book: Casebook, leader: str) -> Landmarks:
    """A group that nobody in these families goes to, with one name on its list."""
    group = book.groups.start(
        GroupForm(
            programme="mbt_group",
            cohort="Hazel Lodge",
            starts=book.at(book.today - timedelta(weeks=1), time(11)),
            leaders=(leader,),
        )
    )
    book.groups.enrol_by_name(group, "Nan Ellis")
    return {"group": group, "session": book.groups.sessions(group)[0].id}


def _hard_things(book: Casebook, family: str) -> str:
    """An older child with carers, a pregnancy that ended in the winter, and a second entry of the
    same family, whose id this gives.
    """
    mother = book.families.get(family).adults[0]
    book.families.add_child_elsewhere(
        family,
        PersonForm(
            kind=PersonKind.CHILD,
            given="Kian",
            surname=mother.surname,
            relation=Relation.CHILD,
            dob=book.today - timedelta(days=2400),
            carers="Mr and Mrs Hale",
            contact_arrangements="A letter twice a year",
            addresses=(AddressForm(lines="31 Orchard End", secret_from=(mother.id,)),),
        ),
        "foster",
        book.today - timedelta(days=2000),
    )
    baby = book.families.add_person(
        family,
        PersonForm(
            kind=PersonKind.UNBORN,
            relation=Relation.UNBORN,
            edd=book.today + timedelta(days=120),
        ),
    )
    book.losses.record(
        family,
        LossForm(
            what=What.PREGNANCY_ENDED,
            on=book.today - timedelta(days=40),
            persons=(baby,),
            caller=book.me.person,
            call_on=book.today - timedelta(days=40),
            call_words="Ring Leanne. Read the family's page first.",
            call_off=False,
        ),
    )
    for action in book.families.get(family).actions:
        book.families.complete_action(action.id, book.today - timedelta(days=39))
    return book.families.register(
        FamilyForm(
            name=mother.surname,
            ref="BF205",
            people=(PersonForm(given=mother.given, surname=mother.surname),),
        )
    )


def _call(book: Casebook, family: str) -> str:
    """A visit next week of which nobody may be told by text: somebody has to ring."""
    starts = book.at(book.today + timedelta(days=9), time(10))
    ahead = book.diary.book(Booking(family=family, starts=starts))
    return next(task.id for task in book.calls.open_tasks() if task.appointment == ahead)


def _register(book: Casebook, household: Household) -> str:
    home = AddressForm(lines=household.street, postcode="BX1 2AA")
    mother = PersonForm(
        given=household.mother,
        surname=household.surname,
        relation=Relation.MOTHER,
        dob=date(1998, 3, 4),
        addresses=(home,),
        routes=(
            RouteForm(
                number=household.phone,
                allowed=Allowed.YES,
                code_word="bluebell",
            ),
        ),
    )
    child = PersonForm(
        kind=PersonKind.CHILD,
        given=household.child,
        surname=household.surname,
        relation=Relation.CHILD,
        dob=book.today - timedelta(days=420),
    )
    unborn = PersonForm(
        kind=PersonKind.UNBORN, relation=Relation.UNBORN, edd=book.today + timedelta(days=84)
    )
    family = book.families.register(
        FamilyForm(
            name=household.surname,
            ref=household.ref,
            locality="Brackenfold",
            people=(mother, child, *((unborn,) if household is ADA else ())),
            referral=ReferralForm(
                received_at=book.today - timedelta(days=60),
                source="midwife",
                reason="An older child lives with grandparents; wants support from the start.",
            ),
        )
    )
    book.families.begin_period(
        family,
        PeriodKind.LEGAL,
        "child_protection_plan",
        book.today - timedelta(days=40),
        reason="Conference",
    )
    if household.risk:
        book.families.add_risk(family, household.risk, RiskLevel.CARE)
    if household.access:
        book.families.add_access(family, household.access)
    book.families.add_professional(
        family,
        ProfessionalForm(
            name="Siobhan Kerr",
            role="Midwife",
            agency="Brackenfold maternity",
            phone="07700 900300",
        ),
    )
    plan = book.plans.agree(
        family,
        PlanForm(kind=book.profile.plans[0].code, agreed_on=book.today, text="A calmer evening."),
    )
    goal = book.plans.add_goal(
        family, "Settle into a bedtime routine", book.today + timedelta(days=14), plan=plan
    )
    book.plans.add_action(
        family, "Read together at seven", Owner(worker=book.me.person), goal=goal, plan=plan
    )
    book.interventions.start(
        family,
        InterventionForm(code="vig", on=book.today, worker=book.me.person),
    )
    return family


def _history(book: Casebook, family: str, household: Household) -> None:
    """A visit a week, each with its outcome and signed note, and one booked for today."""
    people = tuple(p.id for p in book.families.get(family).people if p.kind != PersonKind.UNBORN)
    visit = Booking(
        family=family,
        starts=book.at(book.today, household.today),
        people=people,
        address=household.street,
        postcode="BX1 2AA",
    )
    for week in range(WEEKS, 0, -1):
        then = book.at(book.today - timedelta(days=7 * week), household.today)
        appointment = book.diary.book(replace(visit, starts=then))
        missed = week in household.missed
        book.engagement.record_outcome(
            appointment,
            dict.fromkeys(people, Code.DID_NOT_ATTEND if missed else Code.ON_TIME),
            obstacle=Obstacle.TRANSPORT if missed else None,
        )
        if not missed:
            draft = book.notes.start(family, appointment=appointment)
            book.notes.sign(replace(draft, text=household.note))
    book.diary.book(visit)
