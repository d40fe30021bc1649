"""Registering a family, its people and addresses, and finding the one that is meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.casework.errors import Missing, NotASensibleDate, Unknown
from app.casework.family import FamilyStatus, RiskLevel
from app.casework.forms import (
    AddressForm,
    PersonForm,
    ProfessionalForm,
    RouteForm,
)
from app.casework.people import Answer, PersonKind, Relation
from app.casework.period import PeriodKind
from app.casework.safe_contact import Allowed, Caution, Channel
from app.casework.timeline import Event
from casebooks import okoro


def mother(given: str = "Chidi", surname: str = "Okoro", **more) -> PersonForm:
    return PersonForm(given=given, surname=surname, relation=Relation.MOTHER, **more)


def test_a_family_is_registered_with_its_people_in_one_go(amina):
    family = amina.book.families.register(okoro())
    shown = amina.book.families.get(family)

    assert (shown.name, shown.ref, shown.status) == ("Okoro", "RC-0101", FamilyStatus.WAITING)
    assert [p.name for p in shown.adults] == ["Chidi Okoro"]
    assert shown.adults[0].address is not None
    assert shown.adults[0].address.one_line == "4 Larch Row, Northmere, ZX1 4AA"
    assert shown.adults[0].parental_responsibility is Answer.YES
    assert [str(u.gestation(amina.book.today)) for u in shown.unborn] == ["28+0"]
    assert [r.source for r in shown.referrals] == ["midwife"]
    assert [(p.kind, p.code) for p in shown.periods] == [(PeriodKind.STAGE, "waiting")]


def test_the_supervisor_sees_a_family_registered_at_the_door_and_a_colleague_does_not(
    house, amina, rhian, grace
):
    family = amina.book.families.register(okoro())
    house.carry()
    assert [line.name for line in grace.book.families.lines()] == ["Okoro"]
    assert rhian.book.families.lines() == []
    with pytest.raises(Unknown):
        rhian.book.families.get(family)


@pytest.mark.parametrize(
    ("person", "field", "reason"),
    [
        (mother(dob=date(2026, 11, 24)), "dob", "in_the_future"),
        (
            PersonForm(kind=PersonKind.UNBORN, edd=date(2028, 11, 22)),
            "edd",
            "too_far_ahead",
        ),
    ],
)
def test_impossible_dates_are_refused_and_no_casefile_is_founded(amina, person, field, reason):
    with pytest.raises(NotASensibleDate) as refused:
        amina.book.families.register(okoro(people=(person,)))
    assert (refused.value.field, refused.value.reason) == (field, reason)
    assert amina.book.families.lines() == []
    assert len(amina.vault.casefiles()) == 1, "the team's only"


def test_a_family_without_a_name_or_a_nameless_adult_is_asked_for_one(amina):
    with pytest.raises(Missing):
        amina.book.families.register(okoro(name=" "))
    with pytest.raises(Missing):
        amina.book.families.register(okoro(people=(mother(given="", surname=""),)))


def test_an_unborn_baby_needs_no_name(amina):
    family = amina.book.families.register(okoro())
    assert amina.book.families.get(family).unborn[0].name == ""


def test_a_revised_due_date_moves_gestation_and_the_old_date_stays_to_be_read(amina):
    family = amina.book.families.register(okoro())
    baby = amina.book.families.get(family).unborn[0]
    form = amina.book.families.form_of(baby.id)
    assert form.edd == date(2027, 2, 15)

    amina.book.families.change_person(baby.id, replace(form, edd=date(2027, 2, 22)))
    revised = amina.book.families.get(family).unborn[0]
    assert str(revised.gestation(amina.book.today)) == "27+0"
    assert revised.edd_before == (date(2027, 2, 15),)


def test_two_people_correcting_different_things_offline_do_not_undo_each_other(house, amina, grace):
    family = amina.book.families.register(okoro())
    house.carry()
    who = amina.book.families.get(family).adults[0].id
    with house.out_of_signal(amina, grace):
        form = amina.book.families.form_of(who)
        amina.book.families.change_person(who, replace(form, known_as="Chi"))
        form = grace.book.families.form_of(who)
        grace.book.families.change_person(who, replace(form, language="Igbo"))
    house.carry()
    for member in (amina, grace):
        seen = member.book.families.get(family).adults[0]
        assert (seen.known_as, seen.language) == ("Chi", "Igbo")


def test_parents_who_live_apart_have_addresses_of_their_own_and_one_may_be_secret(amina):
    book = amina.book
    family = book.families.register(okoro())
    father = book.families.add_person(
        family, PersonForm(given="Dayo", surname="Bell", relation=Relation.FATHER)
    )
    chidi = next(p for p in book.families.get(family).adults if p.given == "Chidi")
    refuge = book.families.add_address(
        chidi.id, "Flat 2, 9 Quarry View", "ZX3 1BB", secret_from=[father]
    )
    book.families.add_address(father, "31 Tanner Street", "ZX1 9AA")

    shown = book.families.get(family)
    chidi = shown.person(chidi.id)
    assert [a.lines for a in chidi.addresses if a.current] == ["Flat 2, 9 Quarry View"]
    assert [a.until for a in chidi.addresses if not a.current] == [book.today]
    assert chidi.address.secret_from == (father,)

    entries = book.families.timeline(family, events={Event.ADDRESS}).entries
    assert {e.record: e.text for e in entries}[refuge] == "", "not even in the timeline"

    book.families.register(okoro(ref="RC-0199"))
    told_apart = [line.told_apart for line in book.families.lines()]
    assert "RC-0199" in str(told_apart)
    assert "Quarry" not in str(told_apart), "nor in a list seen over a shoulder"


def test_an_address_kept_secret_by_two_people_offline_is_secret_from_both(house, amina, grace):
    family = amina.book.families.register(okoro())
    house.carry()
    home = amina.book.families.get(family).adults[0].address.id
    with house.out_of_signal(amina, grace):
        amina.book.families.keep_secret(home, ["father"])
        grace.book.families.keep_secret(home, ["grandfather"])
    house.carry()
    secret = amina.book.families.get(family).adults[0].address.secret_from
    assert set(secret) == {"father", "grandfather"}


def test_a_phone_one_worker_calls_unsafe_is_unsafe_whatever_the_other_wrote(house, amina, grace):
    family = amina.book.families.register(okoro())
    house.carry()
    route = amina.book.families.get(family).adults[0].routes[0]
    with house.out_of_signal(amina, grace):
        amina.book.families.mark_unsafe(route.id)
        house.passes(hours=1)
        grace.book.families.change_route(
            route.id, RouteForm(number=route.number, allowed=Allowed.YES, remark="Rang, all well.")
        )
    house.carry()
    for member in (amina, grace):
        now = member.book.families.get(family).adults[0].routes[0]
        assert now.allowed is Allowed.NO
        assert member.book.families.cautions(route.id)[0] is Caution.NOT_ALLOWED


def test_a_number_never_changes_a_new_one_is_a_new_route_that_nobody_has_agreed(amina):
    book = amina.book
    family = book.families.register(okoro())
    who = book.families.get(family).adults[0]
    book.families.change_route(
        who.routes[0].id, RouteForm(number="07700 900999", allowed=Allowed.YES)
    )
    book.families.add_route(who.id, RouteForm(channel=Channel.TEXT, number="07700 900202"))

    numbers = {r.number: r.allowed for r in book.families.get(family).adults[0].routes}
    assert numbers == {"07700 900201": Allowed.YES, "07700 900202": Allowed.UNKNOWN}


def test_a_route_without_a_number_is_refused(amina):
    family = amina.book.families.register(okoro())
    who = amina.book.families.get(family).adults[0]
    with pytest.raises(Missing):
        amina.book.families.add_route(who.id, RouteForm(number=" "))


def test_legal_status_is_a_history_and_the_new_one_closes_the_old(amina):
    book = amina.book
    family = book.families.register(okoro())
    baby = book.families.get(family).unborn[0].id
    legal = PeriodKind.LEGAL
    book.families.begin_period(family, legal, "child_in_need", date(2026, 9, 1), subject=baby)
    book.families.begin_period(
        family,
        legal,
        "child_protection_plan",
        date(2026, 11, 2),
        subject=baby,
        reason="Conference.",
    )
    history = [p for p in book.families.get(family).periods if p.kind is legal]
    assert [(p.code, p.since, p.until) for p in history] == [
        ("child_protection_plan", date(2026, 11, 2), None),
        ("child_in_need", date(2026, 9, 1), date(2026, 11, 2)),
    ]


def test_the_network_the_warnings_goals_and_actions_are_on_the_familys_screen(amina):
    book = amina.book.families
    family = book.register(okoro())
    book.add_professional(family, ProfessionalForm(name="Jo Marsh", role="Midwife"))
    book.add_risk(family, "Dog, not friendly.", RiskLevel.CARE)
    gone = book.add_access(family, "Top bell.")
    book.end_access(gone)
    goal = book.add_goal(family, "Bedtime without shouting.", date(2026, 12, 14))
    action = book.add_action(
        family, "Ask about nursery place.", owner="Amina", due=date(2026, 11, 20), goal=goal
    )

    shown = book.get(family)
    assert [p.role for p in shown.network] == ["Midwife"]
    assert [w.text for w in shown.risks] == ["Dog, not friendly."]
    assert [w.until for w in shown.access] == [amina.book.today]
    assert [g.text for g in shown.goals] == ["Bedtime without shouting."]
    assert [a.status for a in shown.actions] == ["open"]
    assert "action_due" in shown.overdue

    book.complete_action(action)
    assert book.get(family).overdue == ()
    book.reopen_action(action)
    assert [a.status for a in book.get(family).actions] == ["open"]


def test_two_nearly_identical_families_show_what_tells_them_apart(amina):
    book = amina.book.families
    one = book.register(okoro())
    other = book.register(
        okoro(
            ref="RC-0102",
            people=(mother(addresses=(AddressForm(lines="19 Sorrel Way", postcode="ZX1 4AB"),)),),
        )
    )
    lines = {line.id: line for line in book.lines()}
    assert lines[one].alike == (other,)
    assert ("street", "4 Larch Row") in lines[one].told_apart
    assert ("street", "19 Sorrel Way") in lines[other].told_apart
    assert book.similar("Okoro")[0].id in (one, other)
    assert book.similar("Pugh") == []


def test_the_list_finds_by_name_address_number_and_reference_and_filters(amina):
    book = amina.book.families
    first = book.register(okoro())
    book.register(okoro(name="Łukasik", ref="RC-0200", people=(mother("Zofia", "Łukasik"),)))

    def found(query):
        return [line.name for line in book.lines(query)]

    assert found("oko") == ["Okoro"]
    assert found("lukasik") == ["Łukasik"]
    assert found("larch") == ["Okoro"]
    assert found("900201") == ["Okoro"]
    assert found("rc-0200") == ["Łukasik"]
    assert found("zof luk") == ["Łukasik"]
    assert found("nobody") == []

    book.begin_period(first, PeriodKind.STAGE, "treatment")
    assert [line.name for line in book.lines(stage="treatment")] == ["Okoro"]
    assert [line.name for line in book.lines(stage="waiting")] == ["Łukasik"]
    assert book.name_of(first) == "Okoro"
    assert book.name_of("nobody") == ""


def test_the_timeline_is_newest_first_and_comes_in_pages(house, amina):
    book = amina.book
    family = book.families.register(okoro())
    for number in range(7):
        house.passes(hours=1)
        draft = book.notes.start(family)
        book.notes.sign(book.notes.save_draft(replace(draft, text=f"Note {number}.")))

    first = book.families.timeline(family, limit=3, events={Event.NOTE})
    second = book.families.timeline(family, limit=3, offset=3, events={Event.NOTE})
    third = book.families.timeline(family, limit=3, offset=6, events={Event.NOTE})
    assert [e.text for e in first.entries] == ["Note 6.", "Note 5.", "Note 4."]
    assert [e.text for e in second.entries] == ["Note 3.", "Note 2.", "Note 1."]
    assert [e.text for e in third.entries] == ["Note 0."]
    assert (first.more, second.more, third.more) == (True, True, False)

    everything = book.families.timeline(family, limit=100)
    assert {Event.NOTE, Event.REFERRAL, Event.PERIOD, Event.ADDRESS} <= {
        e.event for e in everything.entries
    }
    assert not everything.more
    assert [e.at for e in everything.entries] == sorted(
        (e.at for e in everything.entries), reverse=True
    )


def test_an_open_family_not_seen_for_four_weeks_is_in_the_overdue_list(house, grace):
    family = grace.book.families.register(okoro())
    grace.book.supervision.allocate(family, grace.person, "family_worker")
    assert grace.book.families.lines(overdue=True) == []
    house.clock.advance(timedelta(days=29).total_seconds())
    assert [line.name for line in grace.book.families.lines(overdue=True)] == ["Okoro"]
