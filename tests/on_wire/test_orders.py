"""What a device orders of the desk on its way: silence first, nothing lost, nothing twice."""

import pytest
from sqlalchemy import func, select

from lines import LostReplies, NoSignal
from ordered import alarm, capsule, new_id
from storage.clock import milliseconds
from storage.orders import read_order
from storage.stop import StopPlan, WithdrawalPlan
from storage.vault import Statement
from sync.errors import Nonsense, Offline
from sync.granting import revoke
from sync.protocol import OrderAnswer
from sync.push_only import push_only
from sync.replacing import leave_behind, left_behind, send_left_behind
from sync.server.desk.tables import capsules, phases, routes


@pytest.fixture
def two(house):
    grace = house.begins("grace")
    amina = house.joins("amina", by=grace)
    okoro = amina.founds_family()
    amina.round()
    grace.round()
    return grace, amina, okoro


def stop(route=None):
    return StopPlan(route=route or new_id(), consent=1)


def house_now(house):
    return milliseconds(house.clock.now())


def rows(house, table):
    with house.service._s.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def stopped(house):
    with house.service._s.database.reading() as connection:
        found = connection.execute(select(routes.c.route).where(routes.c.stopped >= 0))
        return {route.hex() for (route,) in found}


def heard(hand):
    """Names of calls, in order, from now on."""
    asked = []
    hand.talks_to(LostReplies(hand.office, set(), watch=lambda name, _: asked.append(name)))
    return asked


def test_a_stop_is_the_first_thing_that_is_said(house, two):
    _, amina, okoro = two
    asked = heard(amina)
    note = amina.vault.new_id()
    plan = capsule(casefile=okoro, now=house_now(house))

    amina.vault.write(
        [Statement(casefile=okoro, kind="appointment", record=note, fields={"venue": "home"})],
        orders=[plan, stop(), alarm()],
    )

    outcome = amina.round()

    said = [name for name in asked if name not in ("challenge", "login")]
    assert said[:3] == ["put_orders", "standings", "withdrawals_done"]
    assert said.index("push") < said.index("put_orders", 1), "a reminder after what it rests on"
    assert (outcome.sent, outcome.told, outcome.still_here) == (1, 3, 0)
    assert rows(house, capsules) == 1


def test_a_stop_made_while_reminders_go_out_goes_before_the_next(house, two, monkeypatch):
    monkeypatch.setattr("sync.orders.MAX_ORDERS", 1)
    _, amina, okoro = two
    plans = [capsule(casefile=okoro, now=house_now(house)) for _ in range(2)]
    amina.vault.write([], orders=plans)
    handed = []

    def meanwhile(name, arguments):
        if name == "put_orders":
            handed.extend(arguments[0])
            if len(handed) == 1:
                amina.vault.write([], orders=[stop()])

    amina.talks_to(LostReplies(amina.office, set(), watch=meanwhile))
    amina.round()

    assert [read_order(packed).what for packed in handed] == ["capsule", "stop", "capsule"]


def test_a_stop_leaves_a_locked_device_before_anything_else(house, two):
    _, amina, okoro = two
    plan = stop()
    amina.writes(okoro, "person", name="Ada")
    amina.vault.write([], orders=[plan])
    asked = heard(amina)
    amina.vault.lock()
    assert [w.order.what for w in amina.vault.orders_waiting()] == ["stop"]

    outcome = amina.round()

    assert (outcome.told, outcome.sent, outcome.still_here) == (1, 1, 0)
    assert stopped(house) == {plan.route}
    assert amina.vault.orders_waiting() == []
    said = [name for name in asked if name not in ("challenge", "login")]
    assert said == ["put_orders", "withdrawals_done", "push"]


def test_a_stop_leaves_a_device_whose_keys_are_gone(house, two):
    _, amina, _ = two
    plan = stop()
    amina.vault.write([], orders=[plan])
    amina.vault.drop_keys()
    assert push_only(amina.vault.device_file, amina.office).told == 1
    assert stopped(house) == {plan.route}


def test_a_revoked_device_hands_in_its_silence_and_keeps_in_sight_what_was_refused(house, two):
    grace, amina, okoro = two
    plan = stop()
    amina.talks_to(NoSignal())
    amina.vault.write([], orders=[plan, capsule(casefile=okoro, now=house_now(house))])
    revoke(grace.line, amina.device.hex(), wipe=False)
    amina.talks_to(grace.office)

    outcome = amina.round()

    assert (outcome.revoked, outcome.told, outcome.still_here) == (True, 1, 1)
    assert stopped(house) == {plan.route}
    assert [(w.order.what, w.refused) for w in amina.vault.orders_waiting()] == [
        ("capsule", "revoked")
    ]


def test_a_reply_that_is_lost_costs_nothing_and_doubles_nothing(house, two):
    _, amina, okoro = two
    plans = [stop(), capsule(casefile=okoro, now=house_now(house))]
    amina.vault.write([], orders=plans)
    for _ in range(3):
        amina.talks_to(LostReplies(house.speak(), {"put_orders"}))
        with pytest.raises(Offline):
            amina.round()
        assert len(amina.vault.orders_waiting()) == 2
    amina.talks_to(house.speak())
    assert amina.round().told == 2
    assert (rows(house, capsules), stopped(house)) == (1, {plans[0].route})


def test_what_waits_is_counted_until_the_office_has_it(house, two):
    _, amina, okoro = two
    seen = []
    amina.writes(okoro, "person", name="Ada")
    amina.vault.write([], orders=[stop(), capsule(casefile=okoro, now=house_now(house))])
    amina.leaves(amina.inbox_of(okoro))
    assert amina.vault.device_file.outbox_size().everything == 4
    amina.talks_to(NoSignal())
    with pytest.raises(Offline):
        amina.round()
    assert amina.vault.device_file.outbox_size().everything == 4
    amina.talks_to(house.speak())
    amina.round(seen.append)
    assert {p.total for p in seen} == {4}
    assert [p.sent for p in seen] == sorted(p.sent for p in seen)
    assert seen[-1].sent == 4


def test_the_desk_hears_that_all_is_silenced_only_when_it_is(house, two):
    _, amina, _ = two

    def heard_last():
        with house.service._s.database.reading() as connection:
            at = connection.execute(select(phases.c.at).where(phases.c.device == amina.device))
            return at.scalar_one()

    def rounds_after(seconds):
        house.clock.advance(seconds)
        amina.round()
        return house_now(house) - heard_last()

    assert rounds_after(0) == 0
    assert rounds_after(15 * 60 - 1) == (15 * 60 - 1) * 1000, "not with every round"
    assert rounds_after(1) == 0
    amina.vault.write([], orders=[stop()])
    assert rounds_after(5) == 0, "but with every stop"
    foreign = WithdrawalPlan(casefile=new_id(), upto=1, reason="ended")
    amina.vault.write([], orders=[foreign])
    assert rounds_after(3_600) == 3_600_000, "one was refused: somebody has to look first"
    assert amina.vault.orders_waiting()[0].refused == "not-a-member"


def test_an_order_about_a_family_founded_out_of_signal_is_taken(house, two):
    _, amina, _ = two
    family = amina.founds_family()
    amina.vault.write([], orders=[capsule(casefile=family, now=house_now(house))])
    outcome = amina.round()
    assert (outcome.told, outcome.still_here) == (1, 0)


@pytest.mark.parametrize(
    "answers",
    [
        lambda asked: (),
        lambda asked: tuple(OrderAnswer(reference=bytes(16), accepted=False) for _ in asked),
        lambda asked: tuple(OrderAnswer(reference=bytes(16), accepted=True) for _ in (*asked, 1)),
    ],
)
def test_an_office_that_does_not_answer_every_order_is_not_believed(house, two, answers):
    _, amina, _ = two
    amina.vault.write([], orders=[stop()])

    class Vague(LostReplies):
        def put_orders(self, token, orders):
            return answers(orders)

    amina.talks_to(Vague(amina.office, set()))
    with pytest.raises(Nonsense):
        amina.round()
    assert len(amina.vault.orders_waiting()) == 1


def test_a_file_set_aside_is_kept_until_its_stops_are_handed_in(house, two):
    grace, amina, _ = two
    plan = stop()
    amina.vault.write([], orders=[plan])
    amina.vault.close()
    leave_behind(amina.path, amina.around)
    assert len(left_behind(amina.path)) == 1
    list(send_left_behind(amina.path, NoSignal(), amina.around))
    assert len(left_behind(amina.path)) == 1
    (outcome,) = send_left_behind(amina.path, house.speak(), amina.around)
    assert outcome.told == 1
    revoke(grace.line, amina.device.hex())
    assert list(send_left_behind(amina.path, house.speak(), amina.around)) == []
    assert left_behind(amina.path) == []
    assert stopped(house) == {plan.route}
