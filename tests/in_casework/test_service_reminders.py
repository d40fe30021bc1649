"""What a service's own file says of reminders is what is planned, sent and left with the office."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from app.casework.caseload import Role
from app.casework.contact_type import ContactType
from app.casework.forms import Booking, WorkerForm
from app.casework.period import PeriodKind
from app.casework.profile import Shelf, plain_profile, read_profile
from app.casework.reminder_rules import Condition, Means
from app.casework.route_verdict import Reason
from app.casework.safe_contact import Channel
from app.casework.service_reminders import lone_worker_settings, reminder_settings
from app.places import PROFILES
from casebooks import House, Member, mother_of, okoro, texted
from cast import AMINA, GRACE
from desk_stand_in import Desk
from fakes import unsynced
from in_casework.conftest import MONDAY
from profiles import HARBOUR, write_profile

FRIDAY = datetime(2026, 12, 4, 10, tzinfo=UTC)
BELL = "Amina will come aboard Friday 4 December, 10am."
CLOCH = "Bydd Amina yn dod ar fwrdd ddydd Gwener 4 Rhagfyr, 10yb."
SHIPPED = sorted(PROFILES.glob("*.toml"), key=lambda file: file.name)


class Harbour(House):
    """A team of the fifth service, with a desk, and one family whose mother may be texted."""

    def __init__(self, folder: Path, said: str = HARBOUR) -> None:
        self.file = folder / "own"
        write_profile(self.file, said)
        super().__init__(folder, MONDAY, unsynced, shelf=Shelf([self.file]))
        for who in (GRACE, AMINA):
            self.joins(who)
        self.opens("harbour")
        self.at_desk = self.gets_a_desk()
        self.amina: Member = self.members[AMINA.person]
        self.family = self.amina.book.families.register(okoro(people=(texted(),)))

    def visit(self, **more: object) -> Booking:
        return replace(Booking(family=self.family, starts=FRIDAY), **more)

    def edits(self, said: str) -> None:
        """Somebody changes the service's file, and the supervisor puts it in force."""
        write_profile(self.file, said)
        for member in self.members.values():
            member.book.with_clock(self.clock).close()
        self.members[GRACE.person].book.team.put_in_force()
        self.carry()


@pytest.fixture
def harbour(tmp_path: Path) -> Iterator[Harbour]:
    made = Harbour(tmp_path)
    yield made
    made.close()


@pytest.fixture
def desk(harbour: Harbour) -> Desk:
    return harbour.at_desk


def test_its_own_rule_days_hours_words_and_languages(harbour: Harbour, desk: Desk):
    """Two days before, but on Mondays and Wednesdays only, from half past eight until six."""
    harbour.amina.book.diary.book(harbour.visit())
    harbour.carry()
    [(order, contents)] = desk.would_send()
    assert order.rule == "bell"
    assert contents.texts == (f"{CLOCH}\n{BELL}",)
    opens, closes = (datetime.fromtimestamp(at / 1000, UTC) for at in (order.opens, order.closes))
    assert (opens, closes) == (
        datetime(2026, 12, 2, 8, 30, tzinfo=UTC),
        datetime(2026, 12, 2, 18, 0, tzinfo=UTC),
    )
    assert contents.replies["en"]["confirm"] == ("AYE",)
    [hail] = harbour.amina.book.calls.open_tasks()
    assert hail.reasons == (Reason.FIRST_VISIT,)


def test_its_own_limits_where_there_is_danger_and_when_to_ask_again(harbour: Harbour, desk: Desk):
    book = harbour.amina.book
    book.families.set_consent(mother_of(book, harbour.family), "text", given=True)
    book.families.begin_period(harbour.family, PeriodKind.INDICATOR, "domestic_abuse")
    book.diary.book(harbour.visit())
    harbour.carry()
    [(order, _)] = desk.would_send()
    assert order.max_silence == 12
    assert book.reminders.ask_again_by() == date(2027, 1, 23)
    assert book.reminders.automated == {Channel.TEXT}


def test_a_rule_that_was_changed_is_the_rule_from_then_on(harbour: Harbour):
    book = harbour.amina.book
    assert [m.day for m in book.reminders.preview(harbour.visit()).reminders] == [date(2026, 12, 2)]
    newer = HARBOUR.replace("version = 1", "version = 2").replace(
        'days = ["monday", "wednesday"]', 'days = ["tuesday"]'
    )
    harbour.edits(newer)
    assert [m.day for m in book.reminders.preview(harbour.visit()).reminders] == [
        date(2026, 12, 1)
    ], "read anew, and on Tuesday it may leave now"


def test_a_day_of_its_own_is_kept_and_bank_holidays_where_it_says_so(tmp_path: Path):
    closed = HARBOUR.replace(
        'days = ["monday", "wednesday"]',
        'days = ["monday", "tuesday", "wednesday"]\nclosed = ["2026-12-02"]',
    )
    made = Harbour(tmp_path, closed)
    [text] = made.amina.book.reminders.preview(made.visit()).reminders
    assert text.day == date(2026, 12, 1)
    made.close()

    open_ = read_profile(
        HARBOUR.replace('begin = "08:30"', 'begin = "08:30"\nbank_holidays = true'), "harbour.toml"
    )
    assert date(2026, 12, 25) in reminder_settings(read_profile(HARBOUR, "harbour.toml")).closed(
        [2026]
    )
    assert reminder_settings(open_).closed([2026]) == frozenset()


def test_a_rule_for_groups_knows_the_services_own_groups(tmp_path: Path):
    said = HARBOUR.replace('when = "first_visit"', 'when = "group"')
    made = Harbour(tmp_path, said)
    book = made.amina.book
    assert book.reminders.preview(made.visit(kind=ContactType.HOME_VISIT)).calls == ()
    [call] = book.reminders.preview(made.visit(kind="deck_visit")).calls
    assert call.reasons == (Reason.GROUP,)
    made.close()


def test_an_unseen_call_passes_to_duty_after_the_services_own_hours(tmp_path: Path):
    said = HARBOUR.replace(
        "max_silence_hours = 12", "max_silence_hours = 12\nunseen_task_hours = 5"
    )
    made = Harbour(tmp_path, said)
    grace = made.members[GRACE.person].book
    grace.rota.set_weekday(3, GRACE.person)
    grace.team.change_worker(AMINA.person, WorkerForm(name=AMINA.name))
    made.amina.book.diary.book(made.visit())
    made.carry()
    # Thursday 3 December, from nine on, is Amina's day to ring.
    made.passes(days=10, hours=4, minutes=59)
    assert [c.for_duty for c in grace.calls.waiting()] == []
    made.passes(minutes=1)
    assert [c.for_duty for c in grace.calls.waiting()] == [True]
    made.close()


def test_the_services_own_contact_is_written_down_after_a_call(harbour: Harbour):
    book = harbour.amina.book
    book.diary.book(harbour.visit())
    [task] = book.calls.open_tasks()
    book.calls.settle(task.id, "spoke")
    [contact] = harbour.amina.vault.find("contact")
    assert contact.fields["kind"] == "ship_to_shore"


def test_its_own_minutes_and_steps_for_going_in_alone(harbour: Harbour, desk: Desk):
    grace = harbour.members[GRACE.person].book
    grace.team.change_team(duty_phone="07700 900109")
    for who, number in ((AMINA, "07700 900105"), (GRACE, "07700 900106")):
        form = WorkerForm(name=who.name, role=Role(who.role), phone=number)
        grace.team.change_worker(who.person, form)
    harbour.carry()
    book = harbour.amina.book
    visit = book.diary.book(harbour.visit(starts=harbour.clock.now() + timedelta(minutes=5)))
    assert book.lone.settings.minutes == 60
    book.lone.check_in(visit, harbour.clock.now() + timedelta(minutes=60), words="Ring Amina.")
    harbour.carry()
    [alarm] = desk.alarms
    assert (alarm.after_s, alarm.again_s) == (70 * 60, 5 * 60)
    told = [step.number for step in desk.opened(alarm).steps]
    assert "+447700900106" not in told, "its steps name herself and duty, and no supervisor"
    assert told[0] == "+447700900105"


# -- the shipped files -------------------------------------------------------------------------


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_shipped_service_plans_by_all_that_its_file_says(file: Path):
    profile = read_profile(file.read_bytes(), file.name)
    said, settings = profile.reminders, reminder_settings(profile)
    assert [(r.code, r.days_before, r.hours_before, r.template) for r in settings.rules] == [
        (r.code, r.days_before, r.hours_before, r.template) for r in said.rules
    ]
    assert {r.means for r in settings.rules} == {Means(r.channel) for r in said.rules}
    always = [r.code for r in said.rules if r.when == "always"]
    assert [r.code for r in settings.rules if Condition.ALL in r.conditions] == always
    assert (settings.waking.begin, settings.waking.end) == (time(9), time(19))
    assert settings.nation == profile.calendar
    assert settings.until_known == said.until_known
    assert settings.deliver_by_hours == said.not_delivered_hours == 4
    assert settings.unseen_task_hours == 2
    assert "domestic_abuse" in settings.abuse_codes
    assert lone_worker_settings(profile).steps == profile.lone_worker.steps


def test_without_a_service_a_worker_rings_and_nothing_is_sent():
    settings = reminder_settings(plain_profile())
    assert {r.means for r in settings.rules} == {Means.CALL_TASK}
    assert "domestic_abuse" in settings.abuse_codes, "a sign that an earlier service wrote down"
