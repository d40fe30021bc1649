"""Orders for the desk at the office: who may give which, and that silence always wins."""

from dataclasses import replace

import msgpack
import pytest
from sqlalchemy import select, update

from builders import AT
from ordered import DAY, alarm, capsule, new_id
from storage.alarm import CheckOutPlan, SeenPlan
from storage.clock import moment_of_milliseconds
from storage.orders import read_order
from storage.stop import StopPlan, WithdrawalPlan
from sync.errors import TooMuch
from sync.protocol import MAX_ORDERS
from sync.server.desk import queue
from sync.server.desk.tables import alarms, capsules, phases, routes
from sync.server.office import OfficeService
from sync.server.surroundings import Limits


@pytest.fixture
def clock(clock):
    """The office's day is the orders'."""
    clock.skew = moment_of_milliseconds(AT) - clock.now()
    return clock


class Desk:
    """What Amina's family has ordered, and how it stands."""

    def __init__(self, service):
        self.service, self.office = service, service.office
        self.amina, self.okoro = service.amina, service.okoro

    def plan(self, **changed):
        return capsule(**{"casefile": self.okoro.id.hex(), **changed})

    def told(self, *plans, by=None, hands=None, at=AT):
        """Sign plans and hand them in; gives the answers."""
        by = by or self.amina
        packed = [p if isinstance(p, bytes) else by.orders(p, at=at) for p in plans]
        return self.office.put_orders((hands or by).token, packed)

    def state(self, plan):
        """State and reason of a reminder at the desk, None when it has none."""
        query = select(capsules.c.state, capsules.c.reason).where(
            capsules.c.reference == bytes.fromhex(plan.reference)
        )
        with self.office._s.database.reading() as connection:
            found = connection.execute(query).one_or_none()
        return tuple(found) if found else None


@pytest.fixture
def desk(service):
    return Desk(service)


def codes(answers):
    return [answer.refused for answer in answers]


# -- who may order what ---------------------------------------------------------------------------


def test_a_member_orders_a_reminder_once_however_often_it_is_handed_in(desk):
    plan = desk.plan()
    packed = desk.amina.orders(plan)
    first = desk.told(packed)
    assert [(a.accepted, a.state) for a in first] == [(True, "planned")]
    assert desk.told(packed, packed) == first * 2
    assert desk.state(plan) == ("planned", None)


def test_each_order_of_a_batch_is_answered_by_itself_and_in_order(desk):
    good, bad, last = desk.plan(), desk.plan(casefile=new_id()), desk.plan()
    answers = desk.told(good, b"\x93", bad, last)
    assert codes(answers) == [None, "malformed", "not-a-member", None]
    assert [a.reference for a in answers] == [
        bytes.fromhex(good.reference),
        bytes(16),
        bytes.fromhex(bad.reference),
        bytes.fromhex(last.reference),
    ]


def test_whose_signature_it_bears_counts_and_not_who_hands_it_in(desk):
    """So that a new device can hand in what the old one had sealed and nobody can sign anew."""
    plan = desk.plan()
    (answer,) = desk.told(plan, hands=desk.service.ben)
    assert answer.accepted
    stolen = desk.amina.orders(desk.plan())
    kind, clear, sealed, _ = msgpack.unpackb(stolen)
    forged = msgpack.packb([kind, clear, sealed, desk.service.ben.signing.sign(b"")])
    assert codes(desk.told(forged, hands=desk.service.ben)) == ["bad-signature"]


def test_a_reminder_of_another_organisation_is_not_ours(desk):
    foreign = replace(desk.amina, org=bytes(16))
    assert codes(desk.told(desk.plan(), by=foreign, hands=desk.amina)) == ["not-ours"]


def test_a_device_that_nobody_certified_orders_nothing(desk):
    stranger = desk.service.organisation.device("worker")
    assert codes(desk.told(desk.plan(), by=stranger, hands=desk.amina)) == ["unknown-device"]


def test_the_desk_itself_orders_nothing(desk):
    own = desk.service.organisation.joins("desk", by=desk.service.grace, office=desk.office)
    for plan in (StopPlan(route=new_id(), consent=1), alarm()):
        assert codes(desk.told(plan, by=own)) == ["not-allowed"]


def test_a_revoked_device_may_still_ask_for_silence_and_for_nothing_else(desk):
    planned = desk.plan(reference=new_id())
    desk.told(planned)
    desk.service.organisation.revoke(desk.amina, desk.service.grace, desk.office)
    desk.amina.login(desk.office)
    left = alarm()
    answers = desk.told(
        desk.plan(),
        left,
        SeenPlan(references=(planned.reference,)),
        StopPlan(route=new_id(), consent=1),
        WithdrawalPlan(
            casefile=desk.okoro.id.hex(), references=(planned.reference,), reason="moved"
        ),
        CheckOutPlan(alarm=left.reference),
    )
    assert codes(answers) == ["revoked"] * 3 + [None] * 3
    assert desk.state(planned) == ("withdrawn", "withdrawn")


def test_a_removed_member_takes_back_and_plans_no_more(desk):
    planned = desk.plan()
    desk.told(planned)
    desk.service.organisation.regrant(
        desk.okoro,
        desk.service.grace,
        [desk.service.grace],
        rotate=True,
        last={desk.amina.id: (0, bytes(32))},
        office=desk.office,
    )
    answers = desk.told(
        desk.plan(),
        WithdrawalPlan(
            casefile=desk.okoro.id.hex(), references=(planned.reference,), reason="moved"
        ),
    )
    assert codes(answers) == ["not-a-member", None]
    assert desk.state(planned) == ("withdrawn", "withdrawn")


def test_a_reminder_is_for_the_next_four_hundred_days_and_not_for_the_past(desk):
    late = desk.plan(opens=AT - DAY, closes=AT - 1, not_after=AT - 1)
    far = desk.plan(not_after=AT + 401 * DAY)
    just = desk.plan(not_after=AT + 400 * DAY)
    assert codes(desk.told(late, far, just)) == [None, "too-far", None]
    assert desk.state(late) == ("expired", "too_late")
    assert desk.state(just) == ("planned", None)


def test_another_reminder_under_a_known_reference_is_refused(desk):
    """A capsule may not be exchanged for one with another number."""
    plan = desk.plan()
    desk.told(plan)
    other = replace(plan, route=new_id())
    assert codes(desk.told(other)) == ["reference"]
    assert desk.state(plan) == ("planned", None)


def test_an_order_that_is_oversize_is_not_understood_and_many_are_too_much(desk, wire):
    huge = msgpack.packb(["capsule", bytes(9_000), bytes(16_000), bytes(64)])
    reply = wire.post("put_orders", msgpack.packb({"orders": [huge]}), desk.amina.token)
    assert reply.status_code == 400
    stop = desk.amina.orders(StopPlan(route=new_id(), consent=1))
    with pytest.raises(TooMuch):
        desk.told(*[stop] * (MAX_ORDERS + 1))


def test_what_a_device_may_order_in_a_day_is_counted_in_bytes(database_url, clock):
    from builders import service_at

    office = OfficeService(database_url, clock=clock, limits=Limits(bytes_a_day=3_000))
    desk = Desk(service_at(office))
    plans = [desk.plan() for _ in range(5)]
    with pytest.raises(TooMuch):
        desk.told(*plans)
    assert [desk.state(p) for p in plans] == [None] * 5, "all of the call or nothing"
    assert desk.told(plans[0])[0].accepted
    with pytest.raises(TooMuch):
        desk.told(*plans[1:])
    urgent = [StopPlan(route=new_id(), consent=1) for _ in range(20)] + [alarm() for _ in range(5)]
    assert codes(desk.told(*urgent)) == [None] * 25, "silence and alarms are never too much"
    office.close()


def test_no_device_and_no_family_has_more_reminders_than_any_caseload_needs(desk, monkeypatch):
    monkeypatch.setattr(queue, "MOST_PER_CASEFILE", 2)
    assert codes(desk.told(*[desk.plan() for _ in range(3)])) == [None, None, "too-many"]


# -- silence --------------------------------------------------------------------------------------


def test_a_stop_ends_what_waits_and_what_comes_later_with_the_same_consent(desk):
    route = new_id()
    planned = desk.plan(route=route, consent=2)
    anew = desk.plan(route=route, consent=3)
    desk.told(planned, anew)
    (answer,) = desk.told(StopPlan(route=route, consent=2), by=desk.service.ben)
    assert answer.accepted, "anybody certified may stop a route that she can name"
    assert desk.state(planned) == ("suppressed", "stopped")
    assert desk.state(anew) == ("planned", None), "she has agreed again since"
    stale, older, agreed = (desk.plan(route=route, consent=n) for n in (2, 1, 3))
    desk.told(stale, older, agreed)
    assert desk.state(stale) == desk.state(older) == ("suppressed", "stopped")
    assert desk.state(agreed) == ("planned", None)


def test_a_stop_may_come_first_twice_and_in_any_order(desk):
    route = new_id()
    desk.told(StopPlan(route=route, consent=5))
    desk.told(StopPlan(route=route, consent=2))
    desk.told(StopPlan(route=route, consent=5))
    plan = desk.plan(route=route, consent=5)
    assert desk.told(plan)[0].state == "suppressed"
    with desk.office._s.database.reading() as connection:
        kept = connection.execute(
            select(routes.c.stopped, routes.c.packed).where(routes.c.route == bytes.fromhex(route))
        ).one()
    assert kept.stopped == 5
    assert read_order(kept.packed).consent == 5, "the signed stop is there to be shown"


def test_a_stop_leaves_other_routes_alone(desk):
    planned = desk.plan()
    desk.told(planned, StopPlan(route=new_id(), consent=9))
    assert desk.state(planned) == ("planned", None)


def test_a_withdrawal_takes_back_by_name_also_what_has_not_come_yet(desk):
    here, coming, other = desk.plan(), desk.plan(), desk.plan()
    desk.told(here, other)
    taken = WithdrawalPlan(
        casefile=desk.okoro.id.hex(),
        references=(here.reference, coming.reference),
        reason="cancelled",
    )
    desk.told(taken)
    desk.told(taken, coming)
    assert desk.state(here) == desk.state(coming) == ("withdrawn", "withdrawn")
    assert desk.state(other) == ("planned", None)


def test_a_withdrawal_names_only_reminders_of_its_own_family(desk):
    """Ben may not take back Amina's reminders by naming them in his own family."""
    here, coming = desk.plan(), desk.plan()
    desk.told(here)
    desk.told(
        WithdrawalPlan(
            casefile=desk.service.silva.id.hex(),
            references=(here.reference, coming.reference),
            appointment=new_id(),
            before_version=9,
            upto=AT + DAY,
            reason="moved",
        ),
        by=desk.service.ben,
    )
    desk.told(coming)
    assert desk.state(here) == desk.state(coming) == ("planned", None)


def test_a_moved_appointment_takes_back_what_an_older_version_planned(desk):
    appointment = new_id()
    old, new = (
        desk.plan(appointment=appointment, appointment_version=version) for version in (1, 2)
    )
    other = desk.plan(appointment=new_id(), appointment_version=1)
    desk.told(old, new, other)
    moved = WithdrawalPlan(
        casefile=desk.okoro.id.hex(), appointment=appointment, before_version=2, reason="moved"
    )
    desk.told(moved)
    stale = desk.plan(appointment=appointment, appointment_version=1)
    desk.told(stale)
    desk.told(replace(moved, before_version=1))  # one that was held up, and is older
    staler = desk.plan(appointment=appointment, appointment_version=1)
    desk.told(staler)
    for plan in (old, stale, staler):
        assert desk.state(plan) == ("withdrawn", "withdrawn")
    for plan in (new, other):
        assert desk.state(plan) == ("planned", None)


def test_a_pregnancy_that_ends_takes_back_everything_planned_by_then(desk):
    before, late = desk.plan(), desk.plan()
    desk.told(before, at=AT - DAY)
    ended = WithdrawalPlan(casefile=desk.okoro.id.hex(), upto=AT, reason="ended")
    desk.told(ended)
    desk.told(late, at=AT - DAY)  # from a device that was out of signal
    assert desk.state(before) == desk.state(late) == ("withdrawn", "withdrawn")
    after = desk.plan()
    desk.told(after, at=AT + 1)
    assert desk.state(after) == ("withdrawn", "withdrawn"), (
        "the office's clock says that it was before"
    )
    desk.office._s.clock.advance(60)
    later = desk.plan()
    desk.told(later, at=AT + 30_000)
    assert desk.state(later) == ("planned", None)


def test_a_clock_that_is_ahead_carries_no_reminder_past_its_withdrawal(desk):
    ahead = desk.plan()
    desk.told(ahead, at=AT + 10 * 365 * DAY)
    desk.told(WithdrawalPlan(casefile=desk.okoro.id.hex(), upto=AT, reason="ended"))
    assert desk.state(ahead) == ("withdrawn", "withdrawn")


def test_the_office_notes_when_a_device_has_handed_in_all_its_silence(desk):
    def heard(device):
        with desk.office._s.database.reading() as connection:
            return connection.execute(
                select(phases.c.at).where(phases.c.device == device.id)
            ).scalar_one_or_none()

    assert heard(desk.amina) is None
    desk.office.withdrawals_done(desk.amina.token)
    assert heard(desk.amina) == AT
    desk.office._s.clock.advance(60)
    desk.office.withdrawals_done(desk.amina.token)
    assert heard(desk.amina) == AT + 60_000
    assert heard(desk.service.ben) is None


# -- alarms ---------------------------------------------------------------------------------------


def states(desk, *plans, by=None):
    references = [bytes.fromhex(p.reference) for p in plans]
    found = desk.office.orders_state((by or desk.amina).token, references)
    return [state.state for state in found]


def test_an_alarm_counts_from_its_receipt_and_is_answered_as_protected(desk):
    left = desk.amina.orders(alarm())
    (answer,) = desk.told(left)
    assert (answer.accepted, answer.state) == (True, "waiting")
    desk.office._s.clock.advance(600)
    assert desk.told(left)[0].state == "waiting"
    with desk.office._s.database.reading() as connection:
        (due,) = connection.execute(select(alarms.c.due)).one()
    assert due == AT + 75 * 60_000, "handed in again it has not begun anew"


def test_a_check_out_ends_its_own_alarm_also_when_it_comes_first(desk):
    first, second = alarm(), alarm()
    desk.told(first, CheckOutPlan(alarm=first.reference))
    desk.told(CheckOutPlan(alarm=second.reference), second)
    assert states(desk, first, second) == ["checked_out", "checked_out"]


def test_nobody_checks_out_of_somebody_elses_alarm(desk):
    left, coming = alarm(), alarm()
    desk.told(left)
    answers = desk.told(
        CheckOutPlan(alarm=left.reference),
        CheckOutPlan(alarm=coming.reference),
        by=desk.service.ben,
    )
    assert codes(answers) == [None, None], "he learns nothing of it"
    desk.told(coming)
    assert states(desk, left, coming) == ["waiting", "waiting"]


def test_an_extension_takes_the_place_of_what_it_extends_in_any_order(desk):
    first, second = alarm(), alarm()
    longer = [alarm(replaces=a.reference) for a in (first, second)]
    desk.told(first, longer[0])
    desk.told(longer[1], second)
    assert states(desk, first, *longer, second) == ["replaced", "waiting", "waiting", "replaced"]
    foreign = alarm(replaces=longer[0].reference)
    desk.told(foreign, by=desk.service.ben)
    assert states(desk, longer[0]) == ["waiting"], "only its own device extends an alarm"


def rings(desk, plan):
    with desk.office._s.database.writing() as connection:
        connection.execute(
            update(alarms)
            .where(alarms.c.reference == bytes.fromhex(plan.reference))
            .values(state="ringing")
        )


def test_an_alarm_that_rings_is_heard_by_a_colleague_and_not_by_whoever_holds_the_tablet(desk):
    left = alarm()
    desk.told(left)
    rings(desk, left)
    second = desk.service.organisation.joins(
        "worker", person=desk.amina.person, by=desk.service.grace, office=desk.office
    )
    for hers in (desk.amina, second):
        desk.told(SeenPlan(references=(left.reference,)), by=hers)
        assert states(desk, left) == ["ringing"]
    desk.told(alarm(replaces=left.reference))
    assert states(desk, left) == ["ringing"]
    desk.told(SeenPlan(references=(left.reference,)), by=desk.service.ben)
    assert states(desk, left) == ["acknowledged"]


def test_an_alarm_about_a_family_is_heard_by_its_members_only(desk):
    left = alarm(casefile=desk.okoro.id.hex())
    desk.told(left)
    rings(desk, left)
    desk.told(SeenPlan(references=(left.reference,)), by=desk.service.ben)
    assert states(desk, left) == ["ringing"]
    desk.told(SeenPlan(references=(left.reference,)), by=desk.service.grace)
    assert states(desk, left) == ["acknowledged"]


def test_another_alarm_under_a_known_reference_is_refused(desk):
    left = alarm()
    desk.told(left)
    assert codes(desk.told(replace(left, after_s=0))) == ["reference"]
