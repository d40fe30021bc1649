"""A loss is one action: what would be sent is withdrawn first, and no list speaks of a baby."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.casework.appointment import CancelledBy, Status
from app.casework.errors import AlreadyEnded, Missing, NotASensibleDate, NotExpected
from app.casework.forms import Booking, PersonForm
from app.casework.life_event import LossForm, What
from app.casework.people import Ended, PersonKind, Relation
from app.casework.period import PeriodKind
from app.casework.route_verdict import Reason
from app.casework.timeline import Event
from casebooks import okoro, pugh, texted, thursday

CALL = "Ring Chidi. Read the family's page first."


@pytest.fixture
def family(amina) -> str:
    return amina.book.families.register(okoro())


def the_baby(member, family: str):
    return member.book.families.get(family).unborn[0]


def unborn() -> PersonForm:
    return PersonForm(kind=PersonKind.UNBORN, relation=Relation.UNBORN, edd=date(2027, 2, 15))


def ended(member, family: str, **more: object) -> LossForm:
    fields: dict = {
        "what": What.PREGNANCY_ENDED,
        "on": member.book.today,
        "persons": tuple(b.id for b in member.book.families.get(family).unborn),
        "text": "She told the midwife herself.",
        "caller": member.person,
        "call_on": member.book.today,
        "call_words": CALL,
        **more,
    }
    return LossForm(**fields)


def booked(house, member, family: str, **more: object) -> str:
    starts = house.clock.now() + timedelta(hours=2)
    return member.book.diary.book(Booking(family=family, starts=starts, **more))


def test_after_a_pregnancy_ended_nothing_speaks_of_a_baby(house, amina, grace, family):
    book = amina.book
    book.families.register(okoro(ref="RC-0199", people=()))
    baby = the_baby(amina, family)
    visit = booked(house, amina, family, people=(*[p.id for p in book.families.people(family)],))
    book.losses.record(family, ended(amina, family, call_off=False))
    house.carry()

    for member in (amina, grace):
        shown = member.book.families.get(family)
        assert (shown.unborn, shown.children) == ((), ())
        (lost,) = shown.lost
        assert (lost.id, lost.ended_as, lost.gestation(member.book.today)) == (
            baby.id, Ended.PREGNANCY_ENDED, None,
        )  # fmt: skip
        line = next(x for x in member.book.families.lines() if x.id == family)
        assert (line.gestation, line.expected) == (None, 0)
        assert "due" not in dict(line.told_apart), "not even to tell two families apart"
    (card,) = [c for c in book.diary.today() if c.appointment.id == visit]
    assert [p.kind for p in card.people] == [PersonKind.ADULT]
    assert [e.what for e in card.known] == [What.PREGNANCY_ENDED], "said before the door"
    assert baby.id not in {p.id for p in book.engagement.expected(visit)}


def test_what_would_be_sent_is_withdrawn_first_in_the_same_writing(house, amina):
    desk = house.gets_a_desk()
    family = amina.book.families.register(okoro(people=(texted(), unborn())))
    amina.book.diary.book(thursday(family))
    house.carry()
    assert len(desk.would_send()) == 2
    house.passes(minutes=1)

    written = []
    write = amina.vault.write
    amina.vault.write = lambda said, **more: (
        written.append((list(said), list(more.get("orders", ())))),
        write(said, **more),
    )[1]
    amina.book.losses.record(family, ended(amina, family))
    ((said, orders),) = written
    (withdrawal,) = orders
    assert (withdrawal.casefile, withdrawal.reason) == (family, "loss")
    assert withdrawal.upto is not None, "also what another device planned and this one cannot know"
    assert [s.kind for s in said[:2]] == ["reminder", "reminder"]
    assert {s.kind for s in said[2:]} == {
        "life_event", "person", "appointment", "action", "call_task",
    }  # fmt: skip
    house.carry()
    assert desk.would_send() == []


def test_after_a_loss_somebody_rings_before_anything_goes_by_itself(house, amina):
    """The visit stands, and so nothing but a call is planned for it until the family was rung."""
    desk = house.gets_a_desk()
    family = amina.book.families.register(okoro(people=(texted(), unborn())))
    visit = amina.book.diary.book(thursday(family))
    house.passes(minutes=1)
    event = amina.book.losses.record(family, ended(amina, family, call_off=False))
    house.carry()
    assert desk.would_send() == []
    (task,) = [t for t in amina.book.calls.open_tasks() if t.appointment == visit]
    assert Reason.LOSS in task.reasons
    assert amina.book.reminders.preview(thursday(family)).reminders == ()

    house.passes(minutes=1)
    call = next(a for a in amina.book.families.get(family).actions if a.kind == "call")
    amina.book.families.complete_action(call.id)
    house.carry()
    assert len(desk.would_send()) == 2

    house.passes(minutes=1)
    amina.book.families.reopen_action(call.id)
    house.carry()
    assert desk.would_send() == []
    house.passes(minutes=1)
    amina.book.losses.take_back(event)
    house.carry()
    assert len(desk.would_send()) == 2, "it was another family"


def test_appointments_are_called_off_and_somebody_rings(house, amina, grace, family):
    visit = booked(house, amina, family)
    house.carry()
    grace.book.supervision.allocate(family, amina.person, "family_worker")
    house.carry()
    grace.book.losses.record(family, ended(grace, family, caller=amina.person))
    house.carry()

    one = amina.book.diary.get(visit)
    assert (one.status, one.cancelled_by, one.cancel_reason) == (
        Status.CANCELLED, CancelledBy.SERVICE, "",
    )  # fmt: skip
    assert amina.book.engagement.pattern(family).noticed == ()
    (due,) = amina.book.diary.due_today()
    assert (due.text, due.family) == (CALL, family)
    assert grace.book.diary.due_today() == ()
    assert amina.book.losses.grieving(family)
    amina.book.families.complete_action(due.record)
    assert not amina.book.losses.grieving(family), "somebody has rung"


def test_somebody_must_ring_after_a_loss(amina, family):
    with pytest.raises(Missing):
        amina.book.losses.record(family, ended(amina, family, caller=None))
    with pytest.raises(Missing):
        amina.book.losses.record(family, ended(amina, family, persons=()))
    assert len(amina.book.families.get(family).unborn) == 1


def test_two_workers_who_hear_of_it_offline_write_one_loss_and_one_call(
    house, amina, grace, family
):
    house.carry()
    with house.out_of_signal(amina, grace):
        amina.book.losses.record(family, ended(amina, family))
        grace.book.losses.record(family, ended(grace, family))
    house.carry()
    events = amina.book.losses.events(family)
    assert [e.what for e in events] == [What.PREGNANCY_ENDED]
    calls = [a for a in amina.book.families.get(family).actions if a.kind == "call"]
    assert len(calls) == 1, "nobody is rung twice about it"


def test_a_birth_written_by_somebody_who_had_not_heard_does_not_bring_the_baby_back(
    house, amina, grace, family
):
    house.passes(days=80)
    house.carry()
    baby = the_baby(amina, family)
    with house.out_of_signal(amina, grace):
        amina.book.losses.record(family, ended(amina, family))
        house.passes(hours=1)
        form = grace.book.families.form_of(baby.id)
        born = replace(form, kind=PersonKind.CHILD, given="Nia", dob=grace.book.today)
        grace.book.families.change_person(baby.id, born)
    house.carry()
    for member in (amina, grace):
        shown = member.book.families.get(family)
        assert (shown.unborn, shown.children) == ((), ())
        assert [p.id for p in shown.lost] == [baby.id]


def test_one_twin_is_lost_and_the_other_goes_on(house, amina, family):
    families = amina.book.families
    first = the_baby(amina, family)
    second = families.another_baby(first.id)
    amina.book.losses.record(family, ended(amina, family, persons=(first.id,)))
    (left,) = families.get(family).unborn
    assert (left.id, left.place, left.of) == (second, 1, 1)
    assert str(left.gestation(amina.book.today)) == "28+0"
    assert families.lines()[0].expected == 1


def test_both_twins_in_one_action_and_back_again_when_it_was_another_family(house, amina, family):
    families = amina.book.families
    families.another_baby(the_baby(amina, family).id)
    visit = booked(house, amina, family)
    event = amina.book.losses.record(family, ended(amina, family))
    assert len(families.get(family).lost) == 2

    amina.book.losses.take_back(event)
    shown = families.get(family)
    assert [str(b.gestation(amina.book.today)) for b in shown.unborn] == ["28+0", "28+0"]
    assert amina.book.diary.get(visit).status is Status.BOOKED
    assert amina.book.diary.due_today() == (), "nobody rings about what did not happen"
    assert not amina.book.losses.grieving(family)
    entries = families.timeline(family, events={Event.LOSS, Event.TAKEN_BACK}).entries
    assert {e.event for e in entries} == {Event.TAKEN_BACK}, "what was written stays to be read"


def test_a_stillborn_baby_bears_the_name_the_parents_gave(amina, family):
    amina.book.losses.record(family, ended(amina, family, what=What.STILLBORN, given="Nia"))
    (lost,) = amina.book.families.get(family).lost
    assert (lost.given, lost.ended_as) == ("Nia", Ended.STILLBORN)


def test_a_child_who_died_is_in_no_list_and_its_legal_status_ends(amina):
    families = amina.book.families
    family = families.register(pugh())
    (osian,) = families.get(family).children
    families.begin_period(family, PeriodKind.LEGAL, "child_protection_plan", subject=osian.id)
    amina.book.losses.record(family, ended(amina, family, what=What.DIED, persons=(osian.id,)))
    shown = families.get(family)
    assert (shown.children, [p.id for p in shown.lost]) == ((), [osian.id])
    assert shown.lost[0].age(amina.book.today) is None
    assert [p.until for p in shown.periods if p.kind is PeriodKind.LEGAL] == [amina.book.today]
    assert families.lines()[0].people == ("Carys Pugh",)
    with pytest.raises(AlreadyEnded):
        amina.book.losses.record(family, ended(amina, family, what=What.DIED, persons=(osian.id,)))


def test_a_removed_child_stays_in_the_picture_and_is_not_looked_for_at_home(house, amina):
    families = amina.book.families
    family = families.register(pugh())
    (osian,) = families.get(family).children
    families.begin_period(
        family, PeriodKind.PLACEMENT, "with_parent", date(2026, 3, 1), subject=osian.id
    )
    visit = booked(house, amina, family)
    event = amina.book.losses.record(
        family,
        ended(
            amina, family, what=What.REMOVED, persons=(osian.id,), placement="foster",
            carers="Mr and Mrs Hale", call_off=False,
        ),
    )  # fmt: skip
    shown = families.get(family)
    assert [c.id for c in shown.children_elsewhere] == [osian.id]
    assert (shown.children_at_home, shown.lost) == ((), ())
    assert shown.children_elsewhere[0].carers == "Mr and Mrs Hale"
    assert [(p.code, p.until is None) for p in shown.periods if p.kind is PeriodKind.PLACEMENT] == [
        ("foster", True),
        ("with_parent", False),
    ]
    assert [p.name for p in amina.book.engagement.expected(visit)] == ["Carys Pugh"]
    (card,) = amina.book.diary.today()
    assert [e.what for e in card.known] == [What.REMOVED]
    house.passes(days=91)
    booked(house, amina, family)
    (card,) = amina.book.diary.today()
    assert card.known == (), "said while it is fresh"

    amina.book.losses.take_back(event)
    shown = families.get(family)
    assert [c.id for c in shown.children_at_home] == [osian.id]
    assert shown.children[0].carers == ""


@pytest.mark.parametrize(
    ("what", "field", "error"),
    [
        (What.DIED, {}, NotExpected),
        (What.REMOVED, {"placement": "foster"}, NotExpected),
        (What.PREGNANCY_ENDED, {"on": date(2026, 11, 24)}, NotASensibleDate),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(amina, family, what, field, error):
    with pytest.raises(error):
        amina.book.losses.record(family, ended(amina, family, what=what, **field))
    assert amina.book.losses.events(family) == []
    assert len(amina.book.families.get(family).unborn) == 1


def test_a_removal_needs_a_place_and_a_death_a_day_after_the_birth(amina):
    family = amina.book.families.register(pugh())
    (osian,) = amina.book.families.get(family).children
    with pytest.raises(Missing):
        amina.book.losses.record(
            family, ended(amina, family, what=What.REMOVED, persons=(osian.id,))
        )
    with pytest.raises(NotASensibleDate) as refused:
        amina.book.losses.record(
            family,
            ended(amina, family, what=What.DIED, persons=(osian.id,), on=date(2026, 2, 1)),
        )
    assert refused.value.reason == "before_birth"


def test_an_older_brother_who_lives_with_carers_is_not_of_the_household(house, amina):
    families = amina.book.families
    family = families.register(okoro())
    mother = families.get(family).adults[0]
    brother = families.add_person(
        family,
        PersonForm(
            kind=PersonKind.CHILD,
            given="Obi",
            surname="Okoro",
            relation=Relation.SIBLING,
            dob=date(2019, 5, 1),
            carers="Mr and Mrs Hale",
            contact_arrangements="Letter-box contact twice a year",
        ),
    )
    families.begin_period(
        family, PeriodKind.PLACEMENT, "adopted", date(2020, 1, 5), subject=brother
    )
    families.add_address(brother, "40 Fuller's Rise", "ZX2 3KK", secret_from=[mother.id])

    shown = families.get(family)
    assert [c.id for c in shown.children_elsewhere] == [brother]
    obi = shown.person(brother)
    assert obi.contact_arrangements == "Letter-box contact twice a year"
    assert families.lines()[0].people == ("Chidi Okoro",), "not named among those at home"
    places = amina.book.diary.venues(family, (mother.id,))
    assert "Fuller" not in str(places), "nobody is sent to the carers by a list of venues"
    assert "Fuller" not in str(amina.book.diary.venues(family))
    assert "Fuller" not in amina.book.notes.signing_card(family).address
    visit = booked(house, amina, family)
    (card,) = amina.book.diary.today()
    assert "Fuller" not in card.address
    assert brother not in {p.id for p in amina.book.engagement.expected(visit)}


def test_a_plan_made_for_the_baby_is_closed_with_it_and_comes_back_with_it(house, amina, family):
    families = amina.book.families
    families.add_goal(family, "To have the cot ready.", review_due=amina.book.today)
    families.add_action(
        family, "Order the cot.", owner="Amina", due=amina.book.today, worker=amina.person
    )
    assert "Order the cot." in {d.text for d in amina.book.diary.due_today()}
    assert amina.book.losses.open_plan(family) == 2
    event = amina.book.losses.record(family, ended(amina, family, close_plan=True))
    assert [d.text for d in amina.book.diary.due_today()] == [CALL], "no list speaks of a cot"
    assert amina.book.losses.open_plan(family) == 0
    amina.book.losses.take_back(event)
    assert [d.text for d in amina.book.diary.due_today()] == ["Order the cot."]
    assert [g.status for g in families.get(family).goals] == ["open"]
