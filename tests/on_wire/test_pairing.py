"""Getting in: by a real invite, through somebody who is in, and past an office that is not
believed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from house import House
from lines import LostReplies, NoSignal
from storage.errors import NotAllowed
from sync.errors import InviteRefused, Nonsense, NotOurOffice, Offline
from sync.invite import as_typed_code, read_invite
from sync.pairing import (
    approve,
    has_asked,
    invites,
    join,
    joining,
    make_invite,
    may_serve,
    pending,
    poll,
    withdraw,
)
from sync.protocol import EnrolmentState


@pytest.fixture
def grace(house):
    return house.begins("grace")


def test_a_joiner_sees_whose_app_to_open_waits_and_is_in(house, grace):
    made = make_invite(grace.line, inviter="Grace")
    amina = house.picks_up("amina")
    invite = read_invite(as_typed_code(made.invite))
    assert invite.inviter == "Grace"

    join(amina.vault, amina.office, invite)
    assert poll(amina.vault, amina.office) is None
    (request,) = pending(grace.line)
    assert request.genuine
    assert request.device == amina.device.hex()
    approve(grace.line, request)

    me = poll(amina.vault, amina.office)
    assert (me.person, me.role, me.team) == (made.person, "worker", grace.vault.me.team)
    assert joining(amina.vault) is None
    assert pending(grace.line) == []
    assert invites(grace.vault) == []
    assert grace.vault.me.team in {c.id for c in rounded(amina).vault.casefiles()}


def rounded(hand):
    hand.round()
    return hand


def test_waiting_survives_the_app_being_closed(house, grace):
    made = make_invite(grace.line, inviter="Grace")
    amina = house.picks_up("amina")
    join(amina.vault, amina.office, made.invite)
    amina.reopens()
    grace.reopens()

    assert joining(amina.vault) == made.invite
    (request,) = pending(grace.line)
    approve(grace.line, request)
    assert poll(amina.vault, amina.office).person == made.person


def test_every_lost_reply_on_the_way_in_can_be_tried_again(house, grace):
    calls = {"invite", "enrol", "enrolments", "publish", "grant", "enrolment"}
    grace.talks_to(Flaky(grace.office, calls))
    made = insist(lambda: make_invite(grace.line, inviter="Grace"))
    amina = house.picks_up("amina")
    flaky = Flaky(amina.office, calls)
    insist(lambda: join(amina.vault, flaky, made.invite))
    (request,) = insist(lambda: pending(grace.line))
    insist(lambda: approve(grace.line, request))
    me = insist(lambda: poll(amina.vault, flaky))
    assert me.person == made.person
    insist(grace.round)
    amina.round()
    assert [c.kind for c in amina.vault.casefiles()] == ["team"]


class Flaky(LostReplies):
    """The first reply of each of these calls is lost."""

    def __init__(self, inner, calls):
        self._left_to_lose = set(calls)
        super().__init__(inner, self._left_to_lose)

    def __getattr__(self, name):
        carried = super().__getattr__(name)

        def call(*arguments, **named):
            try:
                return carried(*arguments, **named)
            except Offline:
                self._left_to_lose.discard(name)
                raise

        return call


def insist(do):
    for _ in range(10):
        try:
            return do()
        except Offline:
            continue
    raise AssertionError("still offline")


def test_an_invite_serves_one_device(house, grace):
    made = make_invite(grace.line, inviter="Grace")
    first, second = house.picks_up("amina"), house.picks_up("mallory")
    join(first.vault, first.office, made.invite)
    with pytest.raises(InviteRefused, match="used"):
        join(second.vault, second.office, made.invite)


def test_an_invite_is_over_after_a_day(house, grace):
    made = make_invite(grace.line, inviter="Grace")
    house.clock.advance(timedelta(hours=24, minutes=1).total_seconds())
    amina = house.picks_up("amina")
    with pytest.raises(InviteRefused, match="expired"):
        join(amina.vault, amina.office, made.invite)


def test_an_inviter_with_a_wrong_clock_makes_good_invites(house, grace):
    grace.clock.skew = timedelta(days=-3650)
    amina = house.joins("amina", by=grace)
    assert amina.vault.me.role == "worker"


def test_an_invite_taken_back_is_unknown(house, grace):
    made = make_invite(grace.line, inviter="Grace")
    withdraw(grace.line, made.lookup)
    amina = house.picks_up("amina")
    with pytest.raises(InviteRefused, match="unknown"):
        join(amina.vault, amina.office, made.invite)
    assert joining(amina.vault) is None, "nobody will ever let it in on that one"


def test_whoever_was_refused_gets_in_with_another_invite(house, grace):
    spent = make_invite(grace.line, inviter="Grace")
    first, second = house.picks_up("rhian"), house.picks_up("amina")
    join(first.vault, first.office, spent.invite)
    with pytest.raises(InviteRefused, match="used"):
        join(second.vault, second.office, spent.invite)
    fresh = make_invite(grace.line, inviter="Grace")
    join(second.vault, second.office, fresh.invite)
    (request,) = [r for r in pending(grace.line) if r.device == second.device.hex()]
    approve(grace.line, request)
    assert poll(second.vault, second.office).person == fresh.person


def test_asked_without_a_signal_the_device_asks_by_itself_later_and_after_a_restart(house, grace):
    made = make_invite(grace.line, inviter="Grace")
    amina = house.picks_up("amina")
    with pytest.raises(Offline):
        join(amina.vault, NoSignal(), made.invite)
    amina.reopens()
    assert not has_asked(amina.vault)
    with pytest.raises(Offline):
        poll(amina.vault, NoSignal())
    assert pending(grace.line) == []

    assert poll(amina.vault, amina.office) is None
    assert has_asked(amina.vault)
    (request,) = pending(grace.line)
    approve(grace.line, request)
    assert poll(amina.vault, amina.office).person == made.person


def test_what_was_asked_and_then_taken_back_is_not_waited_for_any_longer(house, grace):
    made = make_invite(grace.line, inviter="Grace")
    amina = house.picks_up("amina")
    join(amina.vault, amina.office, made.invite)
    withdraw(grace.line, made.lookup)
    with pytest.raises(InviteRefused):
        poll(amina.vault, amina.office)
    assert joining(amina.vault) is None


def test_an_invite_is_looked_at_before_anything_is_set_aside_for_it(house, grace):
    fresh = make_invite(grace.line, inviter="Grace")
    may_serve(grace.office, fresh.invite)
    assert pending(grace.line) == [], "looking at it uses nothing up"
    used = make_invite(grace.line, inviter="Grace")
    amina = house.picks_up("amina")
    join(amina.vault, amina.office, used.invite)
    (request,) = pending(grace.line)
    approve(grace.line, request)
    with pytest.raises(InviteRefused, match="used"):
        may_serve(grace.office, used.invite)
    withdraw(grace.line, fresh.lookup)
    with pytest.raises(InviteRefused, match="unknown"):
        may_serve(grace.office, fresh.invite)


def test_a_request_altered_on_the_way_is_shown_as_not_genuine_and_not_approved(house, grace):
    made = make_invite(grace.line, inviter="Grace")
    mallory = house.picks_up("mallory")

    class Meddling(LostReplies):
        def enrol(self, lookup_id, request, mac):
            ours = mallory.vault.public
            theirs = amina.vault.public
            for part in ("device", "signing", "login", "receiving"):
                request = request.replace(getattr(theirs, part), getattr(ours, part))
            self.inner.enrol(lookup_id, request, mac)

    amina = house.picks_up("amina")
    join(amina.vault, Meddling(amina.office, set()), made.invite)

    (request,) = pending(grace.line)
    assert not request.genuine
    with pytest.raises(NotAllowed):
        approve(grace.line, request)
    with pytest.raises(NotAllowed):
        approve(grace.line, replace(request, genuine=True, request=b"\x00"))


def test_a_joiner_refuses_another_organisations_office(house, grace, tmp_path):
    (tmp_path / "other").mkdir()
    other = House(tmp_path / "other", seed=2)
    other.begins("helen")
    made = make_invite(grace.line, inviter="Grace")
    amina = house.picks_up("amina")
    with pytest.raises(NotOurOffice):
        join(amina.vault, other.service, made.invite)
    other.close()


@pytest.mark.parametrize("meddle", ["another root", "without me", "swapped keys", "shortened"])
def test_a_joiner_refuses_a_directory_that_is_not_the_invites(house, grace, tmp_path, meddle):
    (tmp_path / "other").mkdir()
    other = House(tmp_path / "other", seed=2)
    helen = other.begins("helen")
    made = make_invite(grace.line, inviter="Grace")
    amina = house.picks_up("amina")
    join(amina.vault, amina.office, made.invite)
    before = tuple(grace.vault.directory_statements())
    (request,) = pending(grace.line)
    approve(grace.line, request)

    class Meddling(LostReplies):
        def enrolment(self, lookup_id):
            true = self.inner.enrolment(lookup_id).directory
            said = {
                "another root": tuple(helen.vault.directory_statements()),
                "without me": before,
                "swapped keys": tuple(
                    s.replace(amina.vault.public.receiving, helen.vault.public.receiving)
                    for s in true
                ),
                "shortened": true[1:],
            }[meddle]
            return EnrolmentState(state="certified", directory=said)

    with pytest.raises(Nonsense):
        poll(amina.vault, Meddling(amina.office, set()))
    assert amina.vault.me is None
    other.close()


def test_workers_invite_nobody_and_administrators_no_supervisors(house, grace):
    amina = house.joins("amina", by=grace)
    olwen = house.joins("olwen", by=grace, role="administrator")
    with pytest.raises(NotAllowed):
        make_invite(amina.line, inviter="Amina")
    with pytest.raises(NotAllowed):
        make_invite(olwen.line, inviter="Olwen", role="supervisor")
    with pytest.raises(NotAllowed):  # a desk shows its code, and is invited by nobody
        make_invite(grace.line, inviter="Grace", role="desk")


def test_out_of_signal_no_invite_is_made(house, grace):
    grace.talks_to(NoSignal())
    with pytest.raises(Offline):
        make_invite(grace.line, inviter="Grace")
