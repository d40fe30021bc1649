"""From the diary to the phone and back: the app's casebook, the office, the desk and a provider.

Nothing stands in for our own code. What the desk writes into the casefile is read where a worker
looks: on the appointment, on her list of calls, in the engagement log and on the deliveries page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.casework.appointment import CancelledBy, VenueType
from app.casework.attendance import Code
from app.casework.call_task import CallOutcome
from app.casework.caseload import Role
from app.casework.codes import VOCABULARY
from app.casework.forms import Booking, WorkerForm
from app.casework.receipt import State
from app.casework.route_verdict import Reason
from app.casework.timeline import Event
from app.device import Device
from app.wording.vocabulary_reminders import WORDS
from casebooks import mother_of, okoro, route_of, texted, thursday
from cast import PASSPHRASE
from fakes import FakeClock, seeded, surroundings, unsynced
from providers.notify_stand_in import KEY, TEMPLATE, NotifyStandIn
from storage.recovery import new_seed
from sync.server.desk import incoming_texts, reasons, rounds, statuses
from sync.server.desk.desk import Desk
from sync.server.desk.keys import DeskKeys
from sync.server.desk.providers.notify import Notify
from sync.server.office import OfficeService
from sync.setting_up import found_organisation

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
PHONE, OWN, DUTY = "+447700900201", "+447700900110", "+447700900199"
TEXT = "Hi. Grace will see you Thursday 3 December, 10am. Reply CHANGE if you need another time."


class Road:
    """Grace's laptop with one family, the office it speaks to, and the office's desk."""

    def __init__(self, folder, database_url, notify: NotifyStandIn) -> None:
        self.clock, self.notify = FakeClock(MONDAY), notify
        keys = DeskKeys.fresh(seeded("desk"))
        self.office = OfficeService(database_url, clock=self.clock, desk=keys)
        self.device = Device(
            folder=folder / "laptop",
            surroundings=surroundings("laptop", clock=self.clock, connect=unsynced),
            reach=lambda _address: self.office,
        )
        self.vault = self.device.create(PASSPHRASE)
        found_organisation(
            self.vault, self.office, seed=new_seed(seeded("root")), address="http://127.0.0.1:1"
        )
        self.exchange = self.device.exchange(self.vault)
        self.book = self.device.furnishing().casebook(self.vault, self.exchange)
        provider = Notify(
            key=KEY, template=TEMPLATE, base_url=notify.address, timeout_s=2, per_second=None
        )
        self.desk = Desk(office=self.office.surroundings, keys=keys, providers={"sms": provider})
        self._settle_in()

    def _settle_in(self) -> None:
        me = self.book.me
        self.book.team.start_team(
            me.team, name="Northmere", organisation="Northmere Help", duty_phone=DUTY,
            service="reconnect",
        )  # fmt: skip
        self.book.team.add_worker(
            me.person, WorkerForm(name="Grace Adeyemi", role=Role.SUPERVISOR, phone=OWN)
        )
        self.family = self.book.families.register(okoro(people=(texted(),)))
        before = self.book.with_clock(self.clock)
        seen = before.diary.book(Booking(family=self.family, starts=MONDAY - timedelta(days=6)))
        before.engagement.record_outcome(seen, {mother_of(before, self.family): Code.ON_TIME})
        before.close()
        self.rounds()

    def rounds(self) -> None:
        """The laptop is in touch, the desk works, and the laptop hears of it."""
        self.exchange.round()
        self.desk_works()
        self.exchange.round()

    def desk_works(self) -> None:
        for duty in (*rounds.ALARMS, *rounds.REMINDERS, *rounds.NEWS):
            duty(self.desk)

    def out_of_signal(self, **span: float) -> None:
        """So long the desk works by itself; what the laptop learns and writes stays there."""
        until = self.clock.now() + timedelta(**span)
        while self.clock.now() < until:
            self.clock.advance(4 * 3600)
            self.desk_works()

    def later(self, **span: float) -> None:
        self.clock.advance(timedelta(**span).total_seconds())
        self.rounds()

    def books(self) -> str:
        """A visit next Thursday, of which the first text may leave from Monday on."""
        made = self.book.diary.book(thursday(self.family))
        self.rounds()
        return made

    def states(self, appointment: str) -> list[State]:
        return [line.state for line in self.book.reminders.of_appointment(appointment)]

    def to_her(self) -> list[str]:
        return [text.body for text in self.notify.sent if text.to == PHONE]

    def to_staff(self) -> set[str]:
        return {text.to for text in self.notify.sent if text.to != PHONE}

    def answers(self, words: str) -> None:
        incoming_texts.heard(self.desk, number=PHONE, text=words, message=f"m{self.clock.now()}")
        self.rounds()


@pytest.fixture
def road(tmp_path, database_url) -> Iterator[Road]:
    with NotifyStandIn() as notify:
        made = Road(tmp_path, database_url, notify)
        yield made
        made.vault.close()
        made.office.close()


def test_a_text_leaves_in_its_hours_and_the_appointment_says_reached_phone(road: Road):
    visit = road.books()
    assert (road.to_her(), road.states(visit)) == ([], [State.PLANNED, State.PLANNED])
    road.later(days=7, minutes=1)
    assert road.to_her() == [TEXT]
    assert road.states(visit) == [State.SENT, State.PLANNED]

    road.notify.settle()
    road.later(minutes=10)
    assert road.states(visit) == [State.DELIVERED, State.PLANNED]
    log = road.book.engagement.log(road.family).entries
    assert [(e.code, e.text) for e in log if e.event is Event.MESSAGE] == [("delivered", TEXT)]
    [row] = [t for t in road.book.reminders.deliveries() if t.reached]
    assert (row.rule, row.channel, row.sent, row.reached) == ("text_3_days", "text", 0, 1)


def test_a_number_marked_unsafe_is_never_texted_again(road: Road):
    visit = road.books()
    road.book.families.mark_unsafe(route_of(road.book, road.family))
    assert road.book.reminders.not_yet_stopped(), "the office has not heard of it yet: ring duty"
    road.rounds()
    assert road.book.reminders.not_yet_stopped() == frozenset()
    road.later(days=7, hours=2)
    road.later(days=2, hours=2)
    assert road.to_her() == []
    assert road.states(visit) == [State.SUPPRESSED, State.SUPPRESSED]
    assert [t.reasons for t in road.book.calls.open_tasks()] == [(Reason.NOT_ALLOWED,)]


def test_stop_ends_everything_that_goes_by_itself_and_somebody_asks_why(road: Road):
    visit = road.books()
    road.later(days=7, minutes=1)
    road.answers("STOP")
    assert {t.reasons for t in road.book.calls.open_tasks()} == {(Reason.ASKED_STOP,)}
    assert road.book.reminders.consents(mother_of(road.book, road.family)) == {
        "text": False,
        "call": False,
    }
    road.book.reminders.reconcile()
    road.later(days=2, hours=2)
    assert road.to_her() == [TEXT]
    assert road.states(visit)[1] in {State.WITHDRAWN, State.SUPPRESSED}


def test_another_time_is_a_call_and_a_cry_for_help_is_told_until_somebody_has_seen_it(road: Road):
    road.books()
    road.later(days=7, minutes=1)
    road.answers("CHANGE")
    [change] = road.book.calls.open_tasks()
    assert (change.reasons, road.to_staff()) == ((Reason.ASKED_CHANGE,), set())
    road.book.calls.settle(change.id, CallOutcome.SPOKE)

    road.later(minutes=5)
    road.answers("help, he is here")
    [cry] = road.book.calls.open_tasks()
    assert (cry.reasons, cry.text) == ((Reason.OTHER_REPLY,), "help, he is here")
    road.later(minutes=2)
    assert road.to_staff() == {OWN, DUTY}, "owner and duty, within two minutes"
    assert all("help" not in text.body for text in road.notify.sent)

    road.book.calls.see([cry])
    road.rounds()
    told = len(road.notify.sent)
    road.later(minutes=20)
    assert len(road.notify.sent) == told, "seen in the app: nobody is texted any more"


@pytest.mark.parametrize(
    ("number_ends", "state"), [("delivered", State.DELIVERED), ("temporary-failure", State.FAILED)]
)
def test_what_the_provider_says_ends_on_the_appointment_or_on_her_list(
    road: Road, number_ends: str, state: State
):
    visit = road.books()
    road.later(days=7, minutes=1)
    for text in road.notify.sent:
        road.notify.progress(text, number_ends)
    road.later(minutes=10)
    assert road.states(visit)[0] is state
    tasks = road.book.calls.open_tasks()
    assert [t.reasons for t in tasks] == ([(Reason.FAILED,)] if state is State.FAILED else [])


def test_what_waits_on_the_network_until_the_morning_is_late_and_then_arrives(road: Road):
    """The order is late before it has failed: somebody rings. That it came after all is shown."""
    visit = road.books()
    road.later(days=9, minutes=1)  # the day before: both texts, the second of them on time
    late = road.clock.now()
    assert State.SENT in road.states(visit)
    road.clock.advance((datetime(2026, 12, 3, 6, 1, tzinfo=UTC) - late).total_seconds())
    road.rounds()
    assert State.NOT_REACHED in road.states(visit)
    assert {t.reasons for t in road.book.calls.open_tasks()} >= {(Reason.NOT_REACHED,)}
    road.notify.settle()
    for _ in range(3):
        road.later(hours=1)
    assert road.states(visit)[1] is State.DELIVERED
    assert Reason.NOT_REACHED not in {r for t in road.book.calls.open_tasks() for r in t.reasons}


def test_a_visit_that_is_moved_after_its_text_is_put_right(road: Road):
    visit = road.books()
    road.later(days=7, minutes=1)
    booking = road.book.diary.booking_of(visit)
    road.book.diary.move(visit, booking.starts + timedelta(hours=4))
    road.rounds()
    [_, correction] = road.to_her()
    assert correction.startswith(
        "Hi. The time has changed. Grace will see you Thursday 3 December, 2pm."
    )


def test_what_she_was_told_and_still_holds_is_not_told_again_the_same_day(road: Road):
    visit = road.books()
    road.later(days=7, minutes=1)
    booking = road.book.diary.booking_of(visit)
    elsewhere = replace(booking, venue_type=VenueType.CHILDRENS_CENTRE, venue="Larch Centre")
    assert [m.rule for m in road.book.reminders.preview(elsewhere, visit).reminders] == [
        "text_1_day"
    ]
    road.book.diary.change(visit, elsewhere)
    road.later(minutes=5)
    road.later(hours=2)
    assert road.to_her() == [TEXT]


def test_going_in_alone_is_protected_once_the_office_has_it_and_raised_when_time_is_up(road: Road):
    ben = "b0" * 16
    road.book.team.add_worker(
        ben, WorkerForm(name="Ben Ashe", role=Role.SUPERVISOR, phone="07700 900112")
    )
    starts = road.clock.now() + timedelta(minutes=5)
    visit = road.book.diary.book(Booking(family=road.family, starts=starts))
    lone = road.book.lone
    kept = lone.check_in(
        visit, road.clock.now() + timedelta(minutes=75), words="Ring Grace.", buddy=ben
    )
    assert lone.protection(lone.of_appointment(visit)) == "not_protected"
    road.rounds()
    assert lone.protection(lone.of_appointment(visit)) == "protected"
    road.later(minutes=91)
    assert lone.protection(lone.of_appointment(visit)) == "raised"
    events = {e.code for e in road.book.families.timeline(road.family).entries}
    assert "raised" in events
    road.later(minutes=6)
    assert [t.to for t in road.notify.sent][:2] == [OWN, "+447700900112"], "herself, then Ben"
    lone.check_out(kept)
    road.rounds()
    assert lone.protection(lone.of_appointment(visit)) == "checked_out"


def test_under_duress_her_own_telephone_says_nothing(road: Road):
    road.book.team.add_worker(
        "b0" * 16, WorkerForm(name="Ben Ashe", role=Role.SUPERVISOR, phone="07700 900112")
    )
    lone = road.book.lone
    lone.set_duress("the blue file")
    starts = road.clock.now() + timedelta(minutes=5)
    visit = road.book.diary.book(Booking(family=road.family, starts=starts))
    kept = lone.check_in(visit, road.clock.now() + timedelta(minutes=75), words="Ring Grace.")
    road.rounds()

    lone.check_out(kept, "The blue file.")
    road.rounds()
    assert lone.protection(lone.of_appointment(visit)) == "checked_out"
    for _ in range(6):
        road.later(minutes=6)
    told = {text.to for text in road.notify.sent}
    assert told
    assert OWN not in told, "whoever made her check out may be holding it"


def test_after_two_weeks_out_of_signal_nobody_is_reminded_of_what_was_called_off(road: Road):
    """What had left before anybody could know is put right; the rest never leaves."""
    near = road.book.diary.book(
        Booking(family=road.family, starts=datetime(2026, 12, 10, 10, tzinfo=UTC))
    )
    far = road.book.diary.book(
        Booking(family=road.family, starts=datetime(2026, 12, 15, 14, tzinfo=UTC))
    )
    road.rounds()
    road.out_of_signal(days=5)
    for visit in (near, far):
        road.book.diary.cancel(visit, CancelledBy.SERVICE, "course")
    assert road.to_her() == []

    road.out_of_signal(days=10)  # Tuesday: the first text about Thursday left on Monday
    [left] = road.to_her()
    assert "Thursday 10 December" in left
    road.rounds()
    road.book.reminders.reconcile()  # as the app does after every round that brought something
    road.rounds()
    assert road.states(far) == [State.WITHDRAWN, State.WITHDRAWN]
    assert sorted(road.states(near)) == [State.SENT, State.SENT, State.WITHDRAWN]
    [_, put_right] = road.to_her()
    assert put_right.startswith("Hi. Thursday 10 December, 10am is called off.")
    road.out_of_signal(days=8)
    assert len(road.to_her()) == 2


# -- words ---------------------------------------------------------------------------------------


def test_the_app_has_its_own_words_for_every_reason_of_the_desk():
    assert set(reasons.IN_WORDS) <= set(WORDS["desk_reason"])


def test_the_app_has_its_own_words_for_every_state_of_the_desk():
    states = {*statuses.WAITING, statuses.SENDING, statuses.UNKNOWN, statuses.NOT_REACHED}
    states |= statuses.SETTLED | statuses.LEFT
    assert states == set(VOCABULARY["receipt_state"])
    assert states == set(WORDS["receipt_state"])
