"""What an appointment earns: two texts and sometimes a call, each for a reason, never in danger."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from app.casework.appointment import Status, VenueType, WorkingHours
from app.casework.contact_type import ContactType
from app.casework.discretion import Secrets
from app.casework.people import PersonKind
from app.casework.reminder_plan import Withheld
from app.casework.reminder_rules import Condition, Means, ReminderRule
from app.casework.route_verdict import Reason, Sign
from app.casework.safe_contact import Allowed, Channel
from appointments import SAM, at, call_route, mother, planned, settings, text_route, visit

ABUSE = frozenset({Sign.DOMESTIC_ABUSE})


def rules_of(plan):
    return {r.rule: r for r in plan.reminders}


def test_two_texts_go_three_days_and_one_day_before():
    made = rules_of(planned())
    assert [(r.rule, r.day) for r in sorted(made.values(), key=lambda r: r.day)] == [
        ("text_3_days", date(2027, 5, 29)),
        ("text_1_day", date(2027, 5, 30)),
    ]
    # The day before is a bank holiday in England, so that one goes a day earlier.
    assert date(2027, 5, 31) in settings().closed([2027])


def test_what_goes_is_the_exact_text_to_her_number_and_nothing_more():
    made = rules_of(planned(visit("2027-06-10 10:00")))
    text = made["text_1_day"]
    assert text.text == (
        "Hi. Sam will see you Thursday 10 June, 10am. Reply CHANGE if you need another time."
    )
    assert text.number == "+447700900201"
    assert (text.opens, text.closes) == (at("2027-06-09 09:00"), at("2027-06-09 19:00"))
    assert text.not_after == text.closes
    assert text.deliver_by == at("2027-06-10 06:00")
    assert (text.consent, text.version, text.max_silence_hours) == (1, 1, None)
    assert [w.device for w in text.watch] == list(SAM.devices)


def test_the_same_facts_give_the_same_plan_and_the_same_names():
    first = planned(now="2027-05-20 12:00")
    later = planned(now="2027-05-28 17:30")
    assert [r.reference for r in first.reminders] == [r.reference for r in later.reminders]
    assert planned() == first


@pytest.mark.parametrize(
    "other",
    [
        {"starts": "2027-06-11 10:00"},
        {"version": 2},
        {"id": "cd" * 16},
    ],
)
def test_anything_that_makes_it_another_message_gives_it_another_name(other):
    usual = planned(visit("2027-06-10 10:00"))
    changed = planned(visit(**{"starts": "2027-06-10 10:00", **other}))
    assert not {r.reference for r in usual.reminders} & {r.reference for r in changed.reminders}


def test_another_agreement_about_the_number_gives_it_another_name():
    usual = planned(visit("2027-06-10 10:00"))
    agreed_anew = planned(visit("2027-06-10 10:00"), mother(text_route(version=2), call_route()))
    assert not {r.reference for r in usual.reminders} & {r.reference for r in agreed_anew.reminders}


@pytest.mark.parametrize(
    ("appointment", "why"),
    [
        (visit(status=Status.CANCELLED), Reason.CANCELLED),
        (visit(other_starts=(at("2027-06-02 10:00"),)), Reason.TWO_TIMES),
        (visit("2027-05-01 10:00"), Reason.PAST),
    ],
)
def test_nothing_is_planned_for_what_does_not_stand(appointment, why):
    found = planned(appointment)
    assert (found.reminders, found.calls, found.nothing) == ((), (), why)


# -- instead of a message ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("route", "why"),
    [
        (text_route(allowed=Allowed.UNKNOWN), Reason.NOT_AGREED),
        (text_route(allowed=Allowed.NO), Reason.NOT_ALLOWED),
        (text_route(shared_phone=Allowed.YES), Reason.SHARED_PHONE),
        (text_route(review_by=date(2027, 5, 1)), Reason.REVIEW_LAPSED),
    ],
)
def test_a_phone_that_is_not_safe_gets_no_text_and_somebody_rings(route, why):
    found = planned(visit("2027-06-10 10:00"), mother(route, call_route()))
    assert found.reminders == ()
    [call] = found.calls
    assert (call.owner, call.due, call.reasons) == ("sam", date(2027, 6, 9), (why,))
    assert call.route == call_route().id
    assert {w.reasons for w in found.withheld} == {(why,)}


def test_with_danger_on_record_the_unknown_is_not_texted():
    perhaps = mother(text_route(shared_phone=Allowed.UNKNOWN), call_route())
    found = planned(visit("2027-06-10 10:00"), perhaps, signs=ABUSE)
    assert found.reminders == ()
    assert found.calls[0].reasons == (Reason.PERHAPS_SHARED, Reason.CONSENT_UNKNOWN)
    assert planned(visit("2027-06-10 10:00"), perhaps).reminders


def test_with_danger_on_record_a_silent_tablet_holds_a_text_back():
    found = planned(visit("2027-06-10 10:00"), consents={("mum", "text"): True}, signs=ABUSE)
    for text in found.reminders:
        assert text.max_silence_hours == 24
        [watched] = text.watch
        assert watched.device == SAM.devices[0]
        assert all(begin < end <= text.not_after for begin, end in watched.spells)
        days = {begin.date() for begin, _ in watched.spells}
        assert date(2027, 5, 31) not in days, "a bank holiday is nobody's working day"
        assert date(2027, 6, 5) not in days, "nor is a Saturday"


def test_consent_taken_back_stops_the_text_and_asks_for_a_call():
    found = planned(visit("2027-06-10 10:00"), consents={("mum", "text"): False})
    assert found.reminders == ()
    assert found.calls[0].reasons == (Reason.CONSENT_WITHDRAWN,)


def test_no_hours_of_hers_are_left_so_somebody_rings():
    at_night = mother(text_route(from_time=time(21), to_time=time(23)), call_route())
    found = planned(visit("2027-06-10 10:00"), at_night)
    assert found.reminders == ()
    assert found.calls[0].reasons == (Reason.NO_WINDOW,)


def test_a_second_safe_number_is_used_when_the_first_is_not():
    two = mother(text_route(shared_phone=Allowed.YES), text_route(id="b2" * 16), call_route())
    found = planned(visit("2027-06-10 10:00"), two)
    assert {r.route for r in found.reminders} == {"b2" * 16}
    assert found.calls == ()


def test_without_a_desk_somebody_rings_and_nothing_waits_in_vain():
    found = planned(visit("2027-06-10 10:00"), desk=False)
    assert found.reminders == ()
    assert found.calls[0].reasons == (Reason.NO_DESK,)


def test_a_number_called_unsafe_is_never_the_one_to_ring():
    unsafe = mother(text_route(allowed=Allowed.NO), call_route(allowed=Allowed.NO))
    assert planned(visit("2027-06-10 10:00"), unsafe).calls[0].route is None


def test_a_text_that_would_name_the_service_does_not_go():
    found = planned(visit("2027-06-10 10:00"), secrets=Secrets(service=("Sam",)))
    assert found.reminders == ()
    assert found.calls[0].reasons == (Reason.SAYS_TOO_MUCH,)
    agreed = mother(text_route(neutral_wording=False), call_route())
    assert planned(visit("2027-06-10 10:00"), agreed, secrets=Secrets(service=("Sam",))).reminders


# -- calls --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        (Condition.PRIOR_MISS, Reason.PRIOR_MISS),
        (Condition.FIRST_VISIT, Reason.FIRST_VISIT),
        (Condition.LEARNING_DIFFICULTY, Reason.LEARNING_DIFFICULTY),
    ],
)
def test_a_visit_that_is_easily_missed_is_rung_about_as_well(condition, why):
    found = planned(visit("2027-06-10 10:00"), circumstances={condition})
    assert len(found.reminders) == 2
    [call] = found.calls
    assert (call.reasons, call.due) == ((why,), date(2027, 6, 9))


def test_one_call_for_all_its_reasons():
    found = planned(
        visit("2027-06-10 10:00"),
        mother(text_route(shared_phone=Allowed.YES), call_route()),
        circumstances={Condition.PRIOR_MISS, Condition.FIRST_VISIT},
    )
    assert [c.reasons for c in found.calls] == [
        (Reason.FIRST_VISIT, Reason.PRIOR_MISS, Reason.SHARED_PHONE)
    ]


def test_a_call_is_due_on_the_last_day_she_works():
    mondays = replace(SAM, hours=WorkingHours(days=frozenset({0})))
    found = planned(
        visit("2027-06-10 10:00"), workers=[mondays], circumstances={Condition.FIRST_VISIT}
    )
    assert found.calls[0].due == date(2027, 6, 7)
    away = planned(
        visit("2027-06-10 10:00"),
        workers=[mondays],
        circumstances={Condition.FIRST_VISIT},
        now="2027-06-08 12:00",
    )
    assert away.calls[0].due == date(2027, 6, 9), (
        "she is off until then: the last open day, for duty"
    )


def test_two_parents_are_told_each_over_their_own_number():
    father = replace(
        mother(text_route(id="f1" * 16, person="dad", number="07700 900202")), id="dad"
    )
    found = planned(visit("2027-06-10 10:00"), mother(), father)
    assert {(r.person, r.number) for r in found.reminders} == {
        ("mum", "+447700900201"),
        ("dad", "+447700900202"),
    }
    only_her = planned(visit("2027-06-10 10:00", people=("mum",)), mother(), father)
    assert {r.person for r in only_her.reminders} == {"mum"}


@pytest.mark.parametrize(
    "gone",
    [{"kind": PersonKind.CHILD}, {"until": date(2027, 1, 1)}, {"ended_on": date(2027, 1, 1)}],
)
def test_children_and_those_who_left_or_died_are_told_nothing(gone):
    found = planned(visit("2027-06-10 10:00"), replace(mother(), **gone))
    assert (found.reminders, found.calls) == ((), ())


# -- late, twice and on the telephone -------------------------------------------------------------


def test_a_text_for_a_day_gone_by_is_left_out_without_a_call():
    found = planned(visit("2027-06-10 10:00"), now="2027-06-08 12:00")
    assert [r.rule for r in found.reminders] == ["text_1_day"]
    assert found.calls == ()
    assert found.withheld == (
        Withheld(
            rule="text_3_days",
            means=Means.TEXT,
            person="mum",
            day=date(2027, 6, 7),
            reasons=(Reason.TOO_LATE,),
        ),
    )


def test_booked_for_the_same_day_nobody_rings_whoever_has_just_agreed_to_it():
    shared = mother(text_route(shared_phone=Allowed.YES), call_route())
    found = planned(
        visit("2027-06-10 15:00"),
        shared,
        now="2027-06-10 09:00",
        circumstances={Condition.FIRST_VISIT},
    )
    assert (found.reminders, found.calls) == ((), ())
    assert {w.reasons for w in found.withheld} == {(Reason.TOO_LATE,)}


def test_booked_on_the_evening_before_somebody_rings():
    found = planned(visit("2027-06-10 10:00"), now="2027-06-09 19:30")
    assert found.reminders == ()
    assert found.calls[0].reasons == (Reason.NO_WINDOW,)
    assert found.calls[0].due == date(2027, 6, 9)


def test_two_texts_never_go_on_one_day():
    fridays = mother(text_route(days=frozenset({4})), call_route())
    found = planned(visit("2027-06-07 10:00"), fridays)
    assert [(r.rule, r.day) for r in found.reminders] == [("text_1_day", date(2027, 6, 4))]
    assert found.withheld[0].reasons == (Reason.SAME_DAY,)
    assert found.calls == ()


def test_what_may_have_gone_already_is_left_alone_and_not_planned_again():
    usual = rules_of(planned(visit("2027-06-10 10:00")))
    gone = {("text_1_day", "mum"): usual["text_1_day"].reference}
    in_its_hours = planned(visit("2027-06-10 10:00"), gone=gone, now="2027-06-09 12:00")
    assert [r.reference for r in in_its_hours.reminders] == list(gone.values())
    after = planned(visit("2027-06-10 10:00"), gone=gone, now="2027-06-09 20:00")
    assert (after.reminders, after.kept, after.calls) == ((), tuple(gone.values()), ())


def test_what_may_have_gone_under_another_agreement_is_not_sent_a_second_time():
    usual = rules_of(planned(visit("2027-06-10 10:00")))
    gone = {("text_1_day", "mum"): usual["text_1_day"].reference}
    found = planned(
        visit("2027-06-10 10:00"),
        mother(text_route(version=2), call_route()),
        gone=gone,
        now="2027-06-09 12:00",
    )
    assert (found.reminders, found.kept, found.calls) == ((), (), ())
    assert (Reason.MAY_HAVE_GONE,) in [w.reasons for w in found.withheld]


def test_after_a_death_nothing_is_sent_by_itself():
    found = planned(visit("2027-06-10 10:00"), by_hand=Reason.LOSS)
    assert found.reminders == ()
    assert found.calls[0].reasons == (Reason.LOSS,)


def test_nobody_is_seen_on_the_telephone():
    found = planned(visit("2027-06-10 10:00", venue_type=VenueType.TELEPHONE))
    assert all("will ring you" in r.text for r in found.reminders)


def test_a_service_in_two_languages_writes_in_both_until_it_knows():
    welsh = settings(languages=("en", "cy"), until_known=("cy", "en"), nation="WLS")
    unknown = planned(visit("2027-06-10 10:00"), using=welsh).reminders[0]
    assert unknown.languages == ("cy", "en")
    assert unknown.text.startswith("Helo.")
    asked = planned(visit("2027-06-10 10:00"), mother(language="Welsh"), using=welsh)
    assert {r.languages for r in asked.reminders} == {("cy",)}


def test_easy_read_is_for_whom_it_was_agreed():
    found = planned(visit("2027-06-10 10:00"), mother(format="easy_read"))
    assert "\nTime: 10am.\n" in found.reminders[0].text


# -- rules are data ----------------------------------------------------------------------------


def test_a_service_may_set_other_days_and_a_voice():
    rules = (ReminderRule(code="voice_5", days_before=5, means=Means.VOICE, template="coming"),)
    found = planned(visit("2027-06-10 10:00"), using=settings(rules=rules))
    [ring] = found.reminders
    assert (ring.channel, ring.day, ring.route) == (
        Channel.CALL,
        date(2027, 6, 5),
        call_route().id,
    )


def test_a_rule_may_be_for_some_kinds_of_contact_only():
    rules = (
        ReminderRule(
            code="r",
            days_before=1,
            means=Means.TEXT,
            template="coming",
            kinds=frozenset({"group_session"}),
        ),
    )
    assert planned(visit("2027-06-10 10:00"), using=settings(rules=rules)).reminders == ()
    group = visit("2027-06-10 10:00", kind=ContactType.GROUP_SESSION)
    assert len(planned(group, using=settings(rules=rules)).reminders) == 1


def test_some_hours_before_is_counted_on_the_clock_that_people_live_by():
    rules = (ReminderRule(code="r", hours_before=24, means=Means.TEXT, template="coming"),)
    # The clocks go back in the night between: 24 hours before ten is eleven the day before.
    found = planned(visit("2027-10-31 10:00"), now="2027-10-20 12:00", using=settings(rules=rules))
    assert found.reminders[0].opens == at("2027-10-30 11:00")


def test_who_needs_an_interpreter_is_rung_where_the_service_says_so():
    rules = (
        ReminderRule(
            code="r",
            days_before=1,
            means=Means.CALL_TASK,
            conditions=frozenset({Condition.INTERPRETER}),
        ),
    )
    found = planned(
        visit("2027-06-10 10:00"), mother(interpreter=True), using=settings(rules=rules)
    )
    assert found.calls[0].reasons == (Reason.INTERPRETER,)
    assert planned(visit("2027-06-10 10:00"), using=settings(rules=rules)).calls == ()


# -- clocks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts", "day", "opens"),
    [
        ("2027-11-01 10:00", date(2027, 10, 31), "2027-10-31 09:00"),
        ("2027-03-29 10:00", date(2027, 3, 28), "2027-03-28 09:00"),
        ("2028-03-01 10:00", date(2028, 2, 29), "2028-02-29 09:00"),
    ],
)
def test_the_day_before_is_the_day_before_whatever_the_clocks_do(starts, day, opens):
    text = rules_of(planned(visit(starts), now=f"{day - timedelta(days=20)} 12:00"))["text_1_day"]
    assert text.day == day
    assert text.opens == at(opens)
    assert text.deliver_by == text.tells - timedelta(hours=4)
    assert "10am" in text.text


def test_on_welsh_and_english_holidays_alike_the_text_goes_earlier():
    own_day = frozenset({date(2027, 3, 1)})
    wales = settings(nation="WLS", also_closed=own_day)
    tuesday = visit("2027-03-02 10:00")
    there = rules_of(planned(tuesday, now="2027-02-01 12:00", using=wales))
    here = rules_of(planned(tuesday, now="2027-02-01 12:00"))
    assert there["text_1_day"].day == date(2027, 2, 28)
    assert here["text_1_day"].day == date(2027, 3, 1)
