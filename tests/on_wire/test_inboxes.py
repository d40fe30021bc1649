"""What is left for a family by those who may not read it, there and back; and what a dishonest
office can do about it, which is to keep it back."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, update

from house import Inbox
from lines import LostReplies, NoSignal
from storage.seal import fingerprint
from sync.errors import Offline
from sync.granting import grant, remove
from sync.server.tables import casefiles, inbox


@pytest.fixture
def three(house):
    """Grace and Amina share a family; Ben leads a group and does not know it."""
    grace = house.begins("grace")
    amina = house.joins("amina", by=grace)
    ben = house.joins("ben", by=grace)
    okoro = amina.founds_family()
    amina.round()
    grace.round()
    return grace, amina, ben, okoro


class Lying(LostReplies):
    """Hands out inboxes as `lie` makes them out of the true ones, and standings as `say` does."""

    def __init__(self, inner, lie=lambda page: page, say=lambda standings: standings):
        super().__init__(inner, set())
        self.lie, self.say = lie, say

    def inbox_pull(self, token, wanted):
        return tuple(self.lie(page) for page in self.inner.inbox_pull(token, wanted))

    def standings(self, token):
        return self.say(self.inner.standings(token))


def lied_to(hand, **how):
    outcome = hand.talks_to(Lying(hand.office, **how)).round()
    hand.talks_to(hand.office.inner)
    return outcome


def alike(okoro, *hands):
    assert len({hand.vault.fold_hash(okoro) for hand in hands}) == 1


def left_three(three):
    grace, amina, ben, okoro = three
    inbox = amina.inbox_of(okoro)
    records = [ben.leaves(inbox, code=str(n)) for n in (5, 6, 7)]
    ben.round()
    return grace, amina, ben, okoro, records


def test_attendance_from_a_group_without_signal_reaches_the_family_once(three, house):
    grace, amina, ben, okoro = three
    inbox = amina.inbox_of(okoro)
    ben.talks_to(NoSignal())
    record = ben.leaves(inbox, outcomes=["came"], code="5")
    with pytest.raises(Offline):
        ben.round()
    ben.reopens()
    assert ben.vault.device_file.outbox_size().entries == 1
    ben.talks_to(LostReplies(house.speak(), {"inbox_write"}))
    with pytest.raises(Offline):
        ben.round()
    ben.talks_to(house.speak())
    outcome = ben.round()
    assert (outcome.left, outcome.still_here) == (1, 0)
    for hand in (grace, amina):
        assert hand.round().received == 1
        assert hand.reads(record) == {"outcomes": ["came"], "code": "5"}
    alike(okoro, grace, amina)
    assert okoro not in {c.id for c in ben.vault.casefiles()}


def test_what_is_left_for_nobody_waits_in_sight(three):
    _, amina, ben, okoro = three
    inbox = amina.inbox_of(okoro)
    ben.leaves(Inbox(bytes(16), inbox.kid, inbox.public))
    ben.leaves(inbox)
    outcome = ben.round()
    assert (outcome.left, outcome.still_here) == (1, 1)
    assert ben.vault.device_file.leavings.refusals() == {bytes(16): "not-yours"}
    assert ben.round().still_here == 1


def test_a_receipt_reaches_everybody_in_the_family_and_nobody_else(three, house):
    grace, amina, ben, okoro = three
    receipt = house.desk_writes(amina.inbox_of(okoro), state="delivered")
    for hand in (grace, amina, ben):
        hand.round()
    assert grace.reads(receipt) == amina.reads(receipt) == {"state": "delivered"}
    assert ben.vault.get(receipt) is None
    assert grace.vault.get(receipt).author == house.desk.person.hex()
    alike(okoro, grace, amina)


def test_leaving_something_out_is_noticed_by_the_numbers(three):
    grace, amina, _, okoro, records = left_three(three)
    outcome = lied_to(amina, lie=lambda page: replace(page, entries=page.entries[1:]))
    assert outcome.doubted == {okoro: "nonsense"}
    outcome = lied_to(
        amina,
        lie=lambda page: replace(page, entries=page.entries[1:], next=page.next - 1, top=2),
    )
    assert outcome.doubted == {okoro: "withheld"}
    assert lied_to(amina, lie=lambda page: replace(page, entries=(), next=0)).doubted == {
        okoro: "withheld"
    }
    assert amina.vault.get(records[0]) is None
    grace.round()
    amina.round()
    alike(okoro, grace, amina)


def test_an_inbox_that_grows_shorter_is_noticed(three):
    _, amina, _, okoro, _ = left_three(three)
    amina.round()

    def shorter(standings):
        positions = tuple(replace(p, inbox=min(p.inbox, 1)) for p in standings.positions)
        return replace(standings, positions=positions)

    assert lied_to(amina, say=shorter).doubted == {okoro: "withheld"}


def test_another_order_tells_no_other_story(three):
    """The office numbers as it likes; what is folded does not depend on it."""
    grace, amina, _, okoro, _ = left_three(three)
    lied_to(amina, lie=lambda page: replace(page, entries=page.entries[::-1]))
    grace.round()
    alike(okoro, grace, amina)


def test_saying_something_twice_is_refused(three):
    _, amina, _, okoro, _ = left_three(three)
    twice = lied_to(
        amina, lie=lambda page: replace(page, entries=(page.entries[0],) * len(page.entries))
    )
    assert twice.doubted == {okoro: "altered"}
    assert amina.vault.count("attendance") == 0


def test_what_is_altered_is_set_aside_and_the_rest_read(three):
    _, amina, _, okoro, records = left_three(three)

    def alter(page):
        first, *rest = page.entries
        return replace(page, entries=(replace(first, item=first.item[:-1] + b"x"), *rest))

    outcome = lied_to(amina, lie=alter)
    assert outcome.doubted == {}
    assert [q.reason for q in amina.vault.quarantine()] == ["signature"]
    assert amina.vault.get(records[0]) is None
    assert amina.vault.get(records[1]) is not None


def test_dropping_a_text_that_nobody_redacted_is_noticed(three):
    _, amina, _, okoro, records = left_three(three)

    def bare(page):
        first, *rest = page.entries
        return replace(page, entries=(replace(first, item=fingerprint(first.item)), *rest))

    lied_to(amina, lie=bare)
    assert [q.reason for q in amina.vault.quarantine()] == ["missing"]
    assert amina.vault.get(records[0]) is None


def by_id(standings, first):
    """The positions, one casefile's before the others'."""
    return tuple(sorted(standings.positions, key=lambda p: p.casefile.hex() != first))


def test_another_familys_entries_are_not_taken(three):
    grace, amina, ben, okoro = three
    other = amina.founds_family()
    amina.round()
    for family in (okoro, other):
        ben.leaves(amina.inbox_of(family))
    ben.round()
    stolen = []

    def swapped(page):
        if page.casefile.hex() == okoro:
            stolen.extend(page.entries)
            return page
        return replace(page, entries=tuple(stolen[:1]))

    outcome = lied_to(amina, lie=swapped, say=lambda s: replace(s, positions=by_id(s, okoro)))
    assert outcome.doubted == {other: "altered"}
    assert amina.vault.count("attendance", casefile=other) == 0
    amina.round()
    grace.round()
    alike(okoro, grace, amina)


def test_what_an_office_lost_is_handed_in_again_by_any_member(three, house):
    """As after a restore from a backup, when devices read every inbox from its start."""
    grace, amina, ben, okoro, records = left_three(three)
    for hand in (grace, amina):
        hand.round()
    with house.service._s.database.writing() as connection:
        connection.execute(delete(inbox).where(inbox.c.seq > 1))
        connection.execute(update(casefiles).where(casefiles.c.inbox > 1).values(inbox=1))
    late = ben.leaves(grace.inbox_of(okoro), code="8")
    ben.round()
    for hand in (grace, amina):
        with hand.vault.device_file.transaction():
            hand.vault.device_file.offer_for_others_again()
    assert grace.round().doubted == {}
    assert amina.round().doubted == {}
    grace.round()
    carl = house.joins("carl", by=grace)
    grant(grace.line, okoro, carl.person)
    carl.round()
    for hand in (grace, amina, carl):
        assert [hand.reads(r).get("code") for r in (*records, late)] == ["5", "6", "7", "8"]
        assert hand.vault.inbox_cursor(bytes.fromhex(okoro)) == 4
        assert hand.vault.quarantine() == []
    alike(okoro, grace, amina, carl)


def test_a_redaction_reaches_what_was_left(three):
    grace, amina, ben, okoro, records = left_three(three)
    for hand in (grace, amina):
        hand.round()
    grace.vault.redact(records[0])
    grace.round()
    amina.round()
    assert amina.vault.get(records[0]) is None
    alike(okoro, grace, amina)
    carl = ben  # somebody who comes to the family later gets the place without the text

    grant(grace.line, okoro, carl.person)
    grace.round()
    carl.round()
    assert carl.vault.get(records[0]) is None
    assert carl.vault.quarantine() == []
    alike(okoro, grace, amina, carl)


def test_after_a_new_key_both_the_old_and_the_new_inbox_are_read(three):

    grace, amina, ben, okoro = three
    old = amina.inbox_of(okoro)
    grant(grace.line, okoro, ben.person)
    ben.round()
    remove(grace.line, okoro, ben.person)
    for hand in (grace, amina, ben):
        hand.round()
    new = grace.inbox_of(okoro)
    assert new.kid != old.kid
    records = [ben.leaves(old, code="5"), ben.leaves(new, code="6")]
    ben.round()
    for hand in (grace, amina):
        hand.round()
        assert [hand.reads(r).get("code") for r in records] == ["5", "6"]
        assert hand.vault.quarantine() == []
    alike(okoro, grace, amina)
