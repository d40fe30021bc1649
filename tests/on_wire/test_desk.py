"""The reminder desk: believed once a supervisor has certified it, and only for what it may say."""

from dataclasses import replace

import pytest

from fakes import seeded
from lines import LostReplies
from ordered import alarm, capsule
from storage.errors import CannotOpen, NoDesk, NotAllowed, StorageError
from storage.seal import raw_public
from storage.stop import StopPlan
from sync.desk import certify_desk, check_identity, desk_fingerprint
from sync.errors import Nonsense, SyncError
from sync.granting import revoke
from sync.server.desk.keys import DeskKeys


@pytest.fixture
def two(house):
    grace = house.begins("grace")
    amina = house.joins("amina", by=grace)
    okoro = amina.founds_family()
    amina.round()
    grace.round()
    return grace, amina, okoro


class AnotherDesk(LostReplies):
    """An office that shows a desk of its own choosing."""

    def __init__(self, inner, desk):
        super().__init__(inner, set())
        self.shown = desk

    def desk(self):
        return self.shown


def key_of(desk):
    return raw_public(desk.receiving[0])


def test_whoever_founds_the_organisation_certifies_its_offices_desk(house, two):
    grace, amina, _ = two
    (desk,) = grace.line.directory.desks()
    assert (desk.device, desk.receiving) == (house.desk.device, key_of(house.desk))
    assert grace.vault.desk == amina.vault.desk == key_of(house.desk)
    assert desk_fingerprint(house.service.desk()) == desk_fingerprint(house.desk.identity())


def test_a_desk_is_nobodys_colleague_and_holds_no_key(house, two):
    grace, amina, okoro = two
    grace.round()
    desk = house.desk.device.hex()
    for casefile in grace.vault.casefiles():
        assert desk not in casefile.members
    assert house.desk.device not in {s.device for s in grace.line.ask(grace.office.devices_seen)}
    assert okoro in {c.id for c in grace.vault.casefiles()}


def test_an_office_that_swaps_its_desk_gets_nothing_sealed_to_the_new_one(house, two):
    """The office shows whatever it likes; what counts stands in the directory."""
    grace, amina, okoro = two
    stranger = DeskKeys.fresh(seeded("a stranger"))
    amina.talks_to(AnotherDesk(amina.office, stranger.identity()))
    amina.round()
    assert amina.vault.desk == key_of(house.desk)
    plan = capsule(casefile=okoro)
    amina.vault.write([], orders=[plan])
    (waiting,) = amina.vault.orders_waiting("capsule")
    assert house.desk.open_capsule(waiting.order) == plan.contents
    inbox = amina.inbox_of(okoro)
    forged = house.desk_writes(inbox, keys=stranger, state="delivered")
    outcome = amina.round()
    assert amina.vault.get(forged) is None
    assert [q.reason for q in amina.vault.quarantine()] == ["uncertified"]
    assert outcome.quarantined == 1


def test_only_a_supervisor_certifies_the_desk_and_only_the_one_that_was_shown(house, two):
    grace, amina, _ = two
    fresh = house.desk.renewed(seeded("renewed"))
    with pytest.raises(NotAllowed):
        certify_desk(amina.line, fresh.identity())
    shown = fresh.identity()
    for wrong in (
        replace(shown, receiving=key_of(house.desk)),
        replace(shown, signing=house.desk.identity().signing),
        replace(shown, receiving=bytes(32)),
        replace(shown, signing=bytes(32)),
    ):
        with pytest.raises(Nonsense):
            certify_desk(grace.line, wrong)
    hers = replace(fresh, device=amina.device).identity()
    check_identity(hers)
    with pytest.raises(Nonsense):
        certify_desk(grace.line, hers)
    assert len(grace.line.directory.desks()) == 1


def test_a_new_desk_is_sealed_to_from_then_on_and_opens_what_was_sealed_before(house, two):
    grace, amina, okoro = two
    before, after = capsule(casefile=okoro), capsule(casefile=okoro)
    amina.vault.write([], orders=[before])
    fresh = house.desk.renewed(seeded("renewed"))
    certify_desk(grace.line, fresh.identity())
    certify_desk(grace.line, fresh.identity())  # done already is done
    amina.round()
    assert amina.vault.desk == key_of(fresh)
    amina.vault.write([], orders=[after])
    (waiting,) = amina.vault.orders_waiting("capsule")
    assert fresh.open_capsule(waiting.order) == after.contents
    packed = waiting.order

    with pytest.raises(CannotOpen):
        house.desk.open_capsule(packed)
    assert len(grace.line.directory.desks()) == 2


def test_after_its_desk_is_revoked_nothing_is_planned_but_everything_may_be_stopped(house, two):
    grace, amina, okoro = two
    inbox = amina.inbox_of(okoro)
    early = house.desk_writes(inbox, state="sent")
    grace.round()
    assert revoke(grace.line, house.desk.device.hex(), wipe=False)
    late = house.desk_writes(inbox, state="delivered")
    for hand in (grace, amina):
        hand.round()
        assert hand.reads(early) == {"state": "sent"}
        assert hand.vault.get(late) is None
        assert [q.reason for q in hand.vault.quarantine()] == ["not-allowed"]
        assert hand.vault.desk is None
    assert grace.vault.fold_hash(okoro) == amina.vault.fold_hash(okoro)
    for sealed in (capsule(casefile=okoro), alarm()):
        with pytest.raises(NoDesk):
            amina.vault.write([], orders=[sealed])
    amina.vault.write([], orders=[StopPlan(route="ab" * 16, consent=1)])
    assert amina.round().told == 1


def test_the_desk_writes_no_note_and_loosens_no_safety(house, two):
    grace, amina, okoro = two
    safe = amina.writes(okoro, "safe_contact", allowed="never")
    amina.round()
    inbox = amina.inbox_of(okoro)
    house.desk_writes(inbox, "visit_note", text="All is well.")
    house.desk_writes(inbox, "safe_contact", allowed="anything")
    house.desk_writes(inbox, "attendance", code="5")
    for hand in (grace, amina):
        hand.round()
        assert hand.reads(safe) == {"allowed": "never"}
        assert hand.vault.count("visit_note") == hand.vault.count("attendance") == 0
        assert hand.vault.count("safe_contact") == 1
        assert [q.reason for q in hand.vault.quarantine()] == ["not-allowed"] * 3


def test_a_desk_that_takes_a_persons_name_is_not_taken_into_the_directory(house, two):
    """Else it would get what that person has."""
    grace, amina, _ = two
    posing = replace(DeskKeys.fresh(seeded("posing")), person=bytes.fromhex(amina.person))

    with pytest.raises((SyncError, StorageError)):
        certify_desk(grace.line, posing.identity())
    grace.round()
    assert len(grace.line.directory.desks()) == 1


def test_the_fingerprint_stands_for_every_key(house):
    shown = house.desk.identity()
    prints = {desk_fingerprint(shown)}
    for name in ("device", "person", "signing", "login", "receiving"):
        value = getattr(shown, name)
        prints.add(desk_fingerprint(replace(shown, **{name: value[:-1] + b"x"})))
    assert len(prints) == 6
    assert all(len(p) == 23 and p.count("-") == 3 for p in prints)
