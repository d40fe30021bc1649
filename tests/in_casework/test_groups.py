"""Groups and courses: the register offline, walk-ins, leaders without a grant, and calling off."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from app.casework.attendance import Code
from app.casework.casebook.group_lists import GroupForm
from app.casework.errors import AlreadyOnRegister, Missing, NotASensibleDate, SessionCalledOff
from app.casework.figures import Span
from app.casework.forms import FamilyForm, PersonForm, ReferralForm, RouteForm
from app.casework.group import Told, session_days
from app.casework.people import Relation
from app.casework.safe_contact import Allowed, Channel
from casebooks import House, Member, mother_of, okoro, texted
from cast import AMINA, GRACE, RHIAN
from fakes import unsynced
from published.reading import figure
from storage.vault import Leaving

FIRST = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
"""A Monday: sessions on 2, 9, 16, 23, 30 November and 7, 14, 21 December."""
FOURTH = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def bonds(tmp_path: Path) -> Iterator[House]:
    """Building Bonds on the evening before the first session; Rhian leads and knows no family."""
    made = House(tmp_path, datetime(2026, 11, 1, 18, 0, tzinfo=UTC), unsynced)
    for who in (GRACE, AMINA, RHIAN):
        made.joins(who)
    made.opens("building-bonds")
    yield made
    made.close()


@pytest.fixture
def grace(bonds: House) -> Member:
    return bonds.members[GRACE.person]


@pytest.fixture
def amina(bonds: House) -> Member:
    return bonds.members[AMINA.person]


@pytest.fixture
def rhian(bonds: House) -> Member:
    return bonds.members[RHIAN.person]


def until(house: House, when: datetime) -> None:
    house.clock.advance((when - house.clock.now()).total_seconds())


def peep(by: Member, **more) -> str:
    return by.book.groups.start(
        GroupForm(
            programme="peep_postnatal",
            cohort="Larch Row, autumn",
            starts=FIRST,
            venue="Larch Row",
            leaders=(RHIAN.person,),
            **more,
        )
    )


def mother(number: int) -> FamilyForm:
    return FamilyForm(
        name=f"Ash{number}",
        ref=f"BB{number}",
        referral=ReferralForm(received_at=date(2026, 10, 1), source="midwife"),
        people=(PersonForm(given=f"Mia{number}", surname="Ash", relation=Relation.MOTHER),),
    )


def adult(member: Member, family: str) -> str:
    (only,) = member.book.groups.people_of(family)
    return only.id


def lines(member: Member, session: str) -> dict[str, Code | None]:
    return {
        line.enrolled.name: line.mark.code if line.mark else None
        for line in member.book.groups.register(session).lines
    }


# -- which days --------------------------------------------------------------------------------
def test_a_session_that_would_fall_on_a_bank_holiday_is_held_a_week_later_and_none_is_lost():
    may_day = date(2026, 5, 4)
    days = session_days(date(2026, 4, 20), 4, 7, {may_day})
    assert days == [date(2026, 4, 20), date(2026, 4, 27), date(2026, 5, 11), date(2026, 5, 18)]


def test_a_course_of_days_on_end_does_not_run_over_a_weekend():
    assert session_days(date(2026, 11, 20), 2, 1, ()) == [date(2026, 11, 20), date(2026, 11, 23)]


# -- acceptance story 8 -------------------------------------------------------------------------
def test_nine_parents_and_a_walk_in_at_session_four_of_eight_raise_the_attendees_by_one(
    bonds, grace
):
    groups = grace.book.groups
    group = peep(grace)
    families = [grace.book.families.register(mother(n)) for n in range(9)]
    entries = [groups.enrol(group, f, adult(grace, f)) for f in families]
    sessions = groups.sessions(group)
    assert [s.n for s in sessions] == [1, 2, 3, 4, 5, 6, 7, 8]
    until(bonds, FOURTH)
    for entry in entries:
        groups.mark(sessions[2].id, entry, Code.ON_TIME)
    span = Span(first=date(2026, 11, 1), last=date(2026, 11, 30))
    assert figure(grace.book, "parents_in_groups", span).value == 9
    newcomer = grace.book.families.register(mother(9))

    grace.online = False
    for entry in entries[:8]:
        groups.mark(sessions[3].id, entry, Code.ON_TIME)
    groups.mark(sessions[3].id, entries[8], Code.DID_NOT_ATTEND)
    groups.walk_in(sessions[3].id, newcomer, adult(grace, newcomer))

    register = groups.register(sessions[3].id)
    assert (len(register.lines), register.here, register.unmarked) == (10, 9, 0)
    assert register.came_so_far == 10
    assert figure(grace.book, "parents_in_groups", span).value == 10
    assert len(groups.register(sessions[2].id).lines) == 9  # the walk-in was not expected before
    assert len(groups.register(sessions[4].id).lines) == 10


# -- a leader without a grant --------------------------------------------------------------------
def test_a_leader_without_a_grant_sees_names_and_warnings_and_her_mark_reaches_the_family(
    bonds, amina, rhian
):
    family = amina.book.families.register(okoro(people=(texted(),), referral=None))
    who = mother_of(amina.book, family)
    (known,) = [p for p in amina.book.families.people(family) if p.id == who]
    amina.book.families.mark_unsafe(known.routes[0].id)
    group = peep(amina)
    amina.book.groups.enrol(group, family, who)
    bonds.carry()
    until(bonds, FOURTH)
    session = rhian.book.groups.sessions(group)[3]
    (line,) = rhian.book.groups.register(session.id).lines
    assert line.enrolled.name == "Chidi Okoro"
    assert line.enrolled.warning == "no_safe_route"
    assert not line.mine
    assert not rhian.vault.find("person")
    assert rhian.book.groups.led_on(date(2026, 11, 23)) == [session]

    rhian.book.groups.mark(session.id, line.enrolled.id, Code.LATE_SEEN)
    bonds.carry()
    bonds.carry()
    (attended,) = amina.vault.find("attendance", casefile=family)
    assert (attended.fields["code"], attended.author) == (Code.LATE_SEEN.value, rhian.person)
    booked = amina.vault.get(attended.fields["appointment"])
    assert booked.fields["session"] == session.id
    (seen,) = [m for m in amina.book.engagement.pattern(family).marks if m.word == "late_seen"]
    assert seen.starts == session.starts


def test_a_wrong_mark_is_corrected_on_both_sides_and_what_it_said_stays_in_history(
    bonds, amina, rhian
):
    family = amina.book.families.register(okoro(referral=None))
    group = peep(amina)
    entry = amina.book.groups.enrol(group, family, mother_of(amina.book, family))
    bonds.carry()
    until(bonds, FOURTH)
    session = rhian.book.groups.sessions(group)[3].id
    rhian.book.groups.mark(session, entry, Code.DID_NOT_ATTEND)
    bonds.carry()
    rhian.book.groups.mark(session, entry, Code.ON_TIME)
    bonds.carry()
    bonds.carry()
    (line,) = amina.book.groups.register(session).lines
    assert line.mark is not None
    assert line.mark.code is Code.ON_TIME
    assert [said.code for said in line.mark.before] == [Code.DID_NOT_ATTEND]
    (attended,) = amina.vault.find("attendance", casefile=family)
    said = [v.fields.get("code") for v in amina.vault.history(attended.record)]
    assert said == [Code.DID_NOT_ATTEND.value, Code.ON_TIME.value]


def test_two_leaders_who_mark_the_same_parent_out_of_signal_leave_one_mark(bonds, amina, rhian):
    family = amina.book.families.register(okoro(referral=None))
    group = peep(amina)
    entry = amina.book.groups.enrol(group, family, mother_of(amina.book, family))
    bonds.carry()
    until(bonds, FOURTH)
    session = amina.book.groups.sessions(group)[3].id
    amina.book.groups.mark(session, entry, Code.DID_NOT_ATTEND)
    bonds.clock.advance(60)
    rhian.book.groups.mark(session, entry, Code.LATE_SEEN)
    bonds.carry()
    bonds.carry()
    assert lines(amina, session) == lines(rhian, session) == {"Chidi Okoro": Code.LATE_SEEN}
    assert len(amina.vault.find("attendance", casefile=family)) == 1


# -- what is refused ------------------------------------------------------------------------------
def test_nobody_stands_twice_on_a_register(bonds, grace):
    family = grace.book.families.register(mother(1))
    group = peep(grace)
    entry = grace.book.groups.enrol(group, family, adult(grace, family))
    until(bonds, FOURTH)
    fourth = grace.book.groups.sessions(group)[3].id
    with pytest.raises(AlreadyOnRegister) as there:
        grace.book.groups.walk_in(fourth, family, adult(grace, family))
    assert there.value.enrolled == entry
    grace.book.groups.walk_in_by_name(fourth, "Nan Ellis")
    with pytest.raises(AlreadyOnRegister):
        grace.book.groups.walk_in_by_name(fourth, "nan  ellis")
    grace.book.groups.walk_in_by_name(fourth, "Nan Ellis", another=True)
    assert len(grace.book.groups.register(fourth).lines) == 3


def test_nobody_has_come_to_a_session_that_is_still_to_come_or_was_called_off(bonds, grace):
    family = grace.book.families.register(mother(1))
    group = peep(grace)
    entry = grace.book.groups.enrol(group, family, adult(grace, family))
    last = grace.book.groups.sessions(group)[-1].id
    with pytest.raises(NotASensibleDate):
        grace.book.groups.mark(last, entry, Code.ON_TIME)
    with pytest.raises(Missing):
        grace.book.groups.cancel(last, "  ")
    grace.book.groups.cancel(last, "The room is flooded.")
    with pytest.raises(SessionCalledOff):
        grace.book.groups.mark(last, entry, Code.CANCELLED_BY_FAMILY)
    with pytest.raises(SessionCalledOff):
        grace.book.groups.cancel(last, "Again.")


# -- calling off ----------------------------------------------------------------------------------
def test_calling_off_tells_each_by_her_own_way_and_says_whom_nobody_tells(bonds, amina, rhian):
    desk = bonds.gets_a_desk()
    texts = amina.book.families.register(okoro(people=(texted(),), referral=None))
    silent = amina.book.families.register(mother(2))
    group = peep(amina)
    groups = amina.book.groups
    by_text = groups.enrol(group, texts, mother_of(amina.book, texts))
    by_ring = groups.enrol(group, silent, adult(amina, silent))
    nobody = groups.enrol_by_name(group, "Nan Ellis")
    amina.book.reminders.reconcile()
    bonds.carry()
    until(bonds, datetime(2026, 11, 22, 18, 0, tzinfo=UTC))
    session = groups.sessions(group)[3].id
    told = rhian.book.groups.cancel(session, "The heating is broken.")
    assert told == {
        by_text: Told.HER_WORKER,
        by_ring: Told.HER_WORKER,
        nobody: Told.NOBODY,
    }
    bonds.carry()
    bonds.carry()
    assert amina.book.groups.follow_what_was_left() == 2
    assert amina.book.groups.follow_what_was_left() == 0
    for family in (texts, silent):
        (booked,) = amina.vault.find("appointment", {"session": session}, casefile=family)
        assert booked.fields["status"] == "cancelled"
        assert booked.fields["cancel_reason"] == "The heating is broken."
    assert silent in {card.task.family for card in amina.book.calls.waiting()}
    assert desk is not None


def test_nobody_calls_off_another_familys_appointment_through_this_ones_inbox(bonds, amina, rhian):
    families = [amina.book.families.register(mother(n)) for n in (1, 2)]
    group = peep(amina)
    mine, _other = [amina.book.groups.enrol(group, f, adult(amina, f)) for f in families]
    bonds.carry()
    session = rhian.book.groups.sessions(group)[3]
    (booked,) = amina.vault.find("appointment", {"session": session.id}, casefile=families[1])
    entry = rhian.vault.get(mine).fields
    rhian.vault.write(
        [],
        leavings=[
            Leaving(
                casefile=families[0],
                kid=bytes.fromhex(entry["kid"]),
                inbox=bytes.fromhex(entry["inbox"]),
                kind="attendance",
                record="ab" * 16,
                fields={
                    "appointment": booked.record,
                    "code": Code.CANCELLED_BY_SERVICE.value,
                    "starts": booked.fields["starts"],
                },
            )
        ],
    )
    bonds.carry()
    bonds.carry()
    assert amina.vault.get("ab" * 16).casefile == families[0]
    assert amina.book.groups.follow_what_was_left() == 0
    assert amina.vault.get(booked.record).fields["status"] == "booked"


def test_a_parent_with_a_safe_phone_whose_worker_leads_is_told_by_text_or_by_ring(bonds, amina):
    bonds.gets_a_desk()
    family = amina.book.families.register(okoro(people=(texted(),), referral=None))
    other = amina.book.families.register(
        FamilyForm(
            name="Ellis",
            people=(
                PersonForm(
                    given="Nan",
                    surname="Ellis",
                    relation=Relation.MOTHER,
                    routes=(
                        RouteForm(channel=Channel.CALL, number="07700 900202", allowed=Allowed.NO),
                    ),
                ),
            ),
        )
    )
    group = peep(amina)
    one = amina.book.groups.enrol(group, family, mother_of(amina.book, family))
    two = amina.book.groups.enrol(group, other, adult(amina, other))
    amina.book.reminders.reconcile()
    bonds.carry()
    session = amina.book.groups.sessions(group)[3]
    until(bonds, session.starts - timedelta(hours=20))
    told = amina.book.groups.cancel(session.id, "The room is flooded.")
    assert told[two] is Told.RING
    assert told[one] in (Told.TEXT, Told.RING)
    assert amina.book.groups.told(session.id) == told
