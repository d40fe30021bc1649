"""One family entered twice is reached by what was agreed in both entries, and stopped in both."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.casework.casebook import Casebook
from app.casework.forms import PersonForm, RouteForm
from app.casework.life_event import LossForm, What
from app.casework.people import PersonKind, Relation
from app.casework.period import PeriodKind
from app.casework.route_verdict import Reason
from app.casework.safe_contact import Allowed, Channel
from casebooks import House, Member, okoro, route_of, texted, thursday
from desk_stand_in import Desk

UNBORN = PersonForm(kind=PersonKind.UNBORN, relation=Relation.UNBORN)


class Twice:
    """Grace's two entries of the Okoros: in both the mother may be texted, and in both there is a
    visit next Thursday. The second entry has her number spelled otherwise.
    """

    def __init__(self, house: House, grace: Member, desk: Desk) -> None:
        self.house, self.member, self.desk = house, grace, desk
        mother = texted()
        routes = tuple(replace(route, number="+44 7700 900201") for route in mother.routes)
        self.stays = self.book.families.register(okoro(people=(mother, UNBORN)))
        self.other = self.book.families.register(
            okoro(ref="RC-0188", people=(replace(mother, routes=routes),))
        )
        self.mothers = tuple(
            next(p.id for p in self.book.families.people(f) if p.given == "Chidi")
            for f in (self.stays, self.other)
        )
        self.routes = tuple(route_of(self.book, f) for f in (self.stays, self.other))
        self.visits = tuple(
            self.book.diary.book(thursday(family, people=(mother,)))
            for family, mother in zip((self.stays, self.other), self.mothers, strict=True)
        )
        self.carries()

    @property
    def book(self) -> Casebook:
        return self.member.book

    def join(self) -> None:
        self.book.joining.join(self.stays, self.other, [self.mothers])
        self.carries()

    def carries(self) -> None:
        self.house.passes(minutes=1)
        self.house.carry()

    def on_their_way(self) -> set[str]:
        """The appointments of which a text is still to go."""
        return {c.appointment.hex() for c, _ in self.desk.would_send() if c.appointment}


@pytest.fixture
def twice(house: House, grace: Member, desk: Desk) -> Twice:
    made = Twice(house, grace, desk)
    assert made.on_their_way() == set(made.visits)
    return made


@pytest.fixture
def joined(twice: Twice) -> Twice:
    twice.join()
    assert twice.on_their_way() == set(twice.visits), "joining alone silences nobody"
    return twice


def refused(twice: Twice) -> None:
    form = RouteForm(channel=Channel.TEXT, number="07700 900201", allowed=Allowed.NO)
    twice.book.families.change_route(twice.routes[1], form)
    twice.carries()


def test_a_no_in_one_entry_counts_for_both_from_the_moment_they_are_joined(twice: Twice):
    refused(twice)
    assert twice.on_their_way() == {twice.visits[0]}
    twice.join()
    assert twice.on_their_way() == set()
    reasons = {t.reasons for t in twice.book.calls.open_tasks()}
    assert all(Reason.NOT_ALLOWED in said for said in reasons), reasons


@pytest.mark.parametrize("entry", [0, 1])
def test_a_number_marked_unsafe_is_stopped_however_often_it_was_written_down(
    joined: Twice, entry: int
):
    joined.book.families.mark_unsafe(joined.routes[entry])
    waiting = {one.order.route.hex() for one in joined.member.vault.orders_waiting("stop")}
    assert set(joined.routes) <= waiting, "a stale device may hold only one of them"
    assert set(joined.routes) <= joined.book.reminders.not_yet_stopped()
    joined.carries()
    assert joined.on_their_way() == set()


def test_what_was_agreed_on_is_written_in_both_entries(joined: Twice):
    form = RouteForm(
        channel=Channel.TEXT,
        number="07700 900201",
        allowed=Allowed.YES,
        shared_phone=Allowed.YES,
    )
    joined.book.families.change_route(joined.routes[0], form)
    joined.carries()
    assert joined.on_their_way() == set()
    form = replace(form, shared_phone=Allowed.NO)
    joined.book.families.change_route(joined.routes[0], form)
    joined.carries()
    assert joined.on_their_way() == set(joined.visits), "asked again once, it is safe again"


def test_stop_as_an_answer_to_one_entrys_text_ends_the_others_too(house: House, joined: Twice):
    joined.desk.passes_on(joined.routes[1], joined.other, "STOP", "stop", house.clock.now())
    house.carry()
    joined.book.reminders.reconcile()
    joined.carries()
    assert joined.on_their_way() == set()
    (asked,) = [t for t in joined.book.calls.open_tasks() if Reason.ASKED_STOP in t.reasons]
    assert asked.person == joined.mothers[0]
    card = joined.book.calls.get(asked.id)
    assert (card.family.ref, card.person) == ("RC-0101", "Chidi Okoro")


def test_consent_taken_back_and_given_again_holds_in_every_record_of_her(joined: Twice):
    families = joined.book.families
    families.set_consent(joined.mothers[1], "text", given=False)
    joined.carries()
    assert joined.on_their_way() == set()
    assert joined.book.reminders.consents(joined.mothers[0]) == {"text": False}
    families.set_consent(joined.mothers[0], "text", given=True)
    joined.carries()
    assert joined.on_their_way() == set(joined.visits)


def test_danger_written_down_in_one_entry_is_danger_in_the_other(joined: Twice):
    joined.book.families.begin_period(joined.other, PeriodKind.INDICATOR, "domestic_abuse")
    joined.carries()
    assert joined.on_their_way() == set(), "nobody asked her about messages yet"


def test_a_loss_withdraws_the_texts_of_both_entries(joined: Twice):
    (baby,) = joined.book.families.get(joined.stays).unborn
    joined.house.passes(minutes=1)
    joined.book.losses.record(
        joined.stays,
        LossForm(
            what=What.PREGNANCY_ENDED,
            on=joined.book.today,
            persons=(baby.id,),
            caller=joined.member.person,
            call_on=joined.book.today,
            call_words="Ring Chidi.",
            call_off=False,
        ),
    )
    joined.carries()
    assert joined.on_their_way() == set()
    told = {t.appointment: t.reasons for t in joined.book.calls.open_tasks()}
    assert all(Reason.LOSS in told[visit] for visit in joined.visits)


def test_parted_again_each_entry_goes_by_its_own_agreement(twice: Twice):
    refused(twice)
    twice.join()
    assert twice.on_their_way() == set()
    twice.book.joining.part(twice.other)
    twice.carries()
    assert twice.on_their_way() == {twice.visits[0]}
