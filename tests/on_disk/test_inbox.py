"""What those who may not read a casefile leave in it: judged one by one, folded alike by all."""

from dataclasses import replace

import msgpack
import pytest

from fakes import surroundings
from on_disk.test_waiting import leaving, reopened
from relay import ORG, PASSPHRASE, SCHEMA, InboxLeaf, Relay, device, note
from storage.envelope import CasefileKey
from storage.errors import BadEnvelope, BrokenChain
from storage.grants import inbox_public
from storage.inbox import Entry, EntryHeader, read_entry, read_entry_header, seal_entry
from storage.kinds import Kind, Schema
from storage.opening import REDACTS
from storage.vault import Leaving, Vault, open_vault


class Group:
    """Amina's family with Grace in it; Ben leads a group and may not read it; and a desk."""

    def __init__(self, folder, relay: Relay, amina: Vault, grace: Vault) -> None:
        self.relay, self.amina, self.grace = relay, amina, grace
        self.ben = device(folder, "ben", relay)
        self.desk = device(folder, "desk", relay)
        relay.roster.desks.add(self.desk.public.device)
        self.casefile = amina.found({grace.public.device: grace.public.receiving})
        relay.exchange(self.casefile, amina, grace)

    @property
    def raw(self) -> bytes:
        return bytes.fromhex(self.casefile)

    @property
    def key(self) -> CasefileKey:
        return self.amina._open.keyring.writing_key(self.raw)

    def leaving(self, **changed) -> Leaving:
        own = leaving(
            casefile=self.casefile,
            kid=self.key.kid,
            inbox=inbox_public(self.key),
            record=self.ben.new_id(),
        )
        return replace(own, **changed)

    def leaves(self, vault: Vault, **changed) -> str:
        """Somebody leaves something; gives the record."""
        left = self.leaving(**changed)
        vault.write([], leavings=[left])
        self.relay.collect(vault)
        return left.record

    def entry(self, vault: Vault, **changed) -> Entry:
        """An entry made by hand, signed by this device, to be wrong in one thing."""
        author = changed.pop("author", bytes.fromhex(vault.me.person))
        signing = changed.pop("signing", vault.signing_key)
        inbox = changed.pop("inbox", inbox_public(self.key))
        kind, fields = changed.pop("kind", "attendance"), changed.pop("fields", {"remark": "x"})
        record = changed.pop("record", vault.new_id())
        hlc = changed.pop("hlc", 1 << 60)
        header = EntryHeader(
            org=ORG,
            casefile=self.raw,
            device=vault.public.device,
            entry=bytes.fromhex(vault.new_id()),
            kid=self.key.kid,
        )
        return seal_entry(
            replace(header, **changed),
            inbox_public=inbox,
            kind=kind,
            record=bytes.fromhex(record),
            fields=fields,
            hlc=hlc,
            author=author,
            signing=signing,
            randomness=vault.device_file.surroundings.randomness,
        )

    def delivers(self) -> None:
        for vault in (self.amina, self.grace):
            self.relay.deliver(vault, self.casefile)
        assert self.amina.fold_hash(self.casefile) == self.grace.fold_hash(self.casefile)

    def reasons(self) -> list[str]:
        waiting = self.grace.quarantine()
        assert [q.reason for q in waiting] == [q.reason for q in self.amina.quarantine()]
        assert all(q.inbox for q in waiting)
        return [q.reason for q in waiting]


@pytest.fixture
def group(tmp_path, relay, amina, grace):
    group = Group(tmp_path, relay, amina, grace)
    yield group
    group.ben.close()
    group.desk.close()


def test_a_leader_without_a_key_leaves_attendance_and_the_members_read_it(group):
    record = group.leaves(group.ben)
    assert group.ben.get(record) is None, "who left it cannot read it again"
    group.delivers()
    for vault in (group.amina, group.grace):
        found = vault.get(record)
        assert found.fields == {"remark": "came"}
        assert (found.author, found.device) == (
            group.ben.me.person,
            group.ben.public.device.hex(),
        )
        assert found.sent
        assert [hit.record for hit in vault.search("came")] == [record]
    assert group.reasons() == []


def test_what_was_left_is_corrected_by_a_member_with_its_history(group):
    record = group.leaves(group.ben)
    group.delivers()
    correction = replace(
        note(group.casefile, record), kind="attendance", fields={"remark": "did not come"}
    )
    group.amina.write([correction])
    group.relay.exchange(group.casefile, group.amina, group.grace)
    assert group.grace.get(record).fields == {"remark": "did not come"}
    assert [v.fields["remark"] for v in group.grace.history(record)] == ["came", "did not come"]


def test_it_is_there_again_after_a_kill_an_image_and_a_rebuild(group):
    record = group.leaves(group.ben)
    group.delivers()
    before = group.amina.fold_hash(group.casefile)
    amina = reopened(group.amina, "killed")
    assert amina.fold_hash(group.casefile) == before
    amina.lock()  # leaves an image
    amina.unlock(PASSPHRASE)
    assert amina.fold_hash(group.casefile) == before
    amina._open.rebuild()
    assert amina.fold_hash(group.casefile) == before
    assert [hit.record for hit in amina.search("came")] == [record]
    amina.close()


def test_pulled_in_pieces_or_at_once_it_folds_to_the_same(group):
    for n in range(5):
        group.leaves(group.ben, fields={"remark": f"week {n}"})
    for upto in (2, 2, 3, 5):
        known = group.amina.inbox_cursor(group.raw)
        leaf = group.relay.inbox(group.casefile, known, upto)
        group.amina.accept_entries(leaf, group.relay.roster)
    # Said again from the beginning: what is known is passed over.
    group.amina.accept_entries(group.relay.inbox(group.casefile, 0), group.relay.roster)
    group.delivers()
    assert group.amina.count("attendance") == 5


def test_a_page_that_leaves_something_out_or_brings_it_twice_is_not_taken(group):
    for _ in range(3):
        group.leaves(group.ben)
    entries = group.relay.inboxes[group.raw]
    other = group.entry(group.ben, casefile=bytes(16))
    for leaf, error in (
        (group.relay.inbox(group.casefile, 1), BrokenChain),
        (InboxLeaf(casefile=group.raw, after=0, next=3, entries=entries[:2]), BadEnvelope),
        (InboxLeaf(casefile=group.raw, after=0, next=2, entries=[entries[0]] * 2), BrokenChain),
        (InboxLeaf(casefile=group.raw, after=0, next=1, entries=[other]), BadEnvelope),
        (
            InboxLeaf(
                casefile=group.raw,
                after=0,
                next=1,
                entries=[replace(entries[0], signature=b"")],
            ),
            BadEnvelope,
        ),
    ):
        with pytest.raises(error):
            group.amina.accept_entries(leaf, group.relay.roster)
    assert group.amina.inbox_cursor(group.raw) == 0
    group.delivers()
    again = InboxLeaf(casefile=group.raw, after=3, next=4, entries=[entries[1]])
    with pytest.raises(BrokenChain):
        group.amina.accept_entries(again, group.relay.roster)


def test_an_office_that_numbers_anew_is_read_from_the_start_and_given_what_it_lost(group):
    records = [group.leaves(group.ben, fields={"remark": str(n)}) for n in range(4)]
    bad = group.entry(group.ben, signing=group.desk.signing_key)
    group.relay.leave(bad)
    group.delivers()
    kept = group.relay.inboxes[group.raw]
    before = group.amina.fold_hash(group.casefile)

    group.relay.inboxes[group.raw] = [kept[2], kept[0]]  # put back from a backup, and gone on
    late = group.leaves(group.ben)
    with group.amina.device_file.transaction():
        group.amina.device_file.offer_for_others_again()
    assert group.amina.inbox_cursor(group.raw) == 0
    group.relay.deliver(group.amina, group.casefile)

    assert group.amina.inbox_cursor(group.raw) == 3
    assert group.amina.count("attendance") == 5
    assert group.amina.get(late) is not None
    lost = group.amina.gone_from_inboxes()
    assert lost == {group.raw: [kept[1], kept[3]]}, "as they came, but what nobody signed"
    for entry in lost[group.raw]:
        group.relay.leave(entry)
    group.relay.deliver(group.amina, group.casefile)
    assert group.amina.gone_from_inboxes() == {}
    assert group.amina.inbox_cursor(group.raw) == 5
    assert [q.reason for q in group.amina.quarantine()] == ["signature"]
    assert before != group.amina.fold_hash(group.casefile)
    assert all(group.amina.get(r) for r in records)
    group.amina._open.rebuild()
    with group.grace.device_file.transaction():
        group.grace.device_file.offer_for_others_again()
    group.relay.deliver(group.grace, group.casefile)
    assert group.grace.fold_hash(group.casefile) == group.amina.fold_hash(group.casefile)


def test_the_desk_leaves_receipts_and_nothing_else_and_nobody_else_leaves_them(group):
    receipt = group.leaves(group.desk, kind="receipt", fields={"state": "delivered"})
    forged = group.leaves(group.ben, kind="receipt", fields={"state": "delivered"})
    written = group.leaves(group.desk, kind="visit_note", fields={"text": "All is well."})
    marked = group.leaves(group.desk, kind="attendance")
    group.delivers()
    assert group.grace.get(receipt).fields == {"state": "delivered"}
    for record in (forged, written, marked):
        assert group.grace.get(record) is None
    assert group.reasons() == ["not-allowed"] * 3


def test_nobody_leaves_what_only_members_say(group):
    """However it is dressed: as a note, as a change of a member's record, as a redaction."""
    secret = group.amina.new_id()
    group.amina.write([note(group.casefile, secret, text="He must not ring.")])
    group.relay.exchange(group.casefile, group.amina, group.grace)
    group.leaves(group.ben, kind="visit_note", record=secret, fields={"text": "He may ring."})
    (change,) = [v.change_id.hex() for v in group.grace.history(secret)]
    redaction = {REDACTS: [[change, [], 1, group.amina.me.person]]}
    group.leaves(group.ben, record=secret, fields=redaction)
    group.delivers()
    assert group.grace.get(secret).fields == {"text": "He must not ring."}
    assert group.reasons() == ["not-allowed", "malformed"]


def test_a_record_with_a_known_id_does_not_stand_before_the_members_own(group):
    """The desk knows the ids of routes and appointments; whatever it says when it said so."""
    route = group.amina.new_id()
    group.amina.write([note(group.casefile, route, text="never ring")])
    group.relay.exchange(group.casefile, group.amina, group.grace)
    posing = {"kind": "receipt", "record": route, "fields": {"state": "sent"}, "hlc": 1}
    group.relay.leave(group.entry(group.desk, **posing))
    group.delivers()
    assert group.reasons() == []
    for vault in (group.amina, group.grace):
        assert vault.get(route).fields == {"text": "never ring"}


def test_what_a_later_version_keeps_for_members_is_not_to_be_planted_today(group, tmp_path):
    planted = group.leaves(group.ben, kind="plan", fields={"text": "close the case"})
    group.delivers()
    assert group.grace.get(planted).fields == {"text": "close the case"}, "kept, as all unknown is"
    path = group.grace.device_file.path
    group.grace.close()
    later = Schema(version=2, kinds=(*SCHEMA.kinds, Kind(name="plan")))
    grace = open_vault(path, schema=later, surroundings=surroundings("later"))
    grace.unlock(PASSPHRASE)
    assert grace.get(planted) is None
    grace.close()


@pytest.mark.parametrize(
    ("reason", "wrong"),
    [
        ("signature", {"signing": "another's"}),
        ("author", {"author": b"somebody else..."}),
        ("wrong-key", {"kid": "another casefile's"}),
        ("no-key", {"kid": bytes(16)}),
        ("unopened", {"inbox": "another's"}),
        ("malformed", {"kind": 5}),
        ("uncertified", {"device": b"nobody's device."}),
    ],
)
def test_what_is_wrong_with_an_entry_is_said_and_the_rest_goes_on(group, reason, wrong):
    other = group.amina.found({group.grace.public.device: group.grace.public.receiving})
    group.relay.exchange(other, group.amina, group.grace)
    key = group.amina._open.keyring.writing_key(bytes.fromhex(other))
    stand_ins = {
        "signing": group.desk.signing_key,
        "kid": key.kid,
        "inbox": group.desk.public.receiving,
    }
    changed = {k: stand_ins[k] if isinstance(v, str) else v for k, v in wrong.items()}
    group.relay.leave(group.entry(group.ben, **changed))
    good = group.leaves(group.ben)
    group.delivers()
    assert group.reasons() == [reason]
    assert group.grace.get(good) is not None


def test_what_came_before_its_certificate_or_its_key_is_read_once_that_is_there(group, tmp_path):
    carl = device(tmp_path, "carl", group.relay)
    known = group.relay.roster.devices.pop(carl.public.device)
    early = group.leaves(carl)
    group.delivers()
    assert group.reasons() == ["uncertified"]
    group.relay.roster.devices[carl.public.device] = known
    group.delivers()
    assert group.reasons() == []
    assert group.grace.get(early) is not None

    made = group.grace.regrant(
        group.raw,
        {v.public.device: v.public.receiving for v in (group.amina, group.grace)},
        rotate=True,
        last={},
    )
    group.relay.collect(group.grace)
    assert made.epoch == 2
    new = group.grace._open.keyring.writing_key(group.raw)
    fresh = group.leaves(group.ben, kid=new.kid, inbox=inbox_public(new))
    old = group.leaves(group.ben)  # to the first epoch's inbox, which stays readable
    leaf = group.relay.inbox(group.casefile, group.amina.inbox_cursor(group.raw))
    group.amina.accept_entries(leaf, group.relay.roster)
    assert [q.reason for q in group.amina.quarantine()] == ["no-key"]
    group.delivers()
    assert group.reasons() == []
    for record in (fresh, old):
        assert group.amina.get(record).fields == {"remark": "came"}
    carl.close()


def test_a_revoked_device_leaves_no_more_than_the_revocation_lets_stand(group):
    first = group.leaves(group.ben)
    second = group.leaves(group.ben)
    group.relay.roster.left_until[group.ben.public.device, group.raw] = 1
    group.delivers()
    assert group.grace.get(first) is not None
    assert group.grace.get(second) is None
    (waiting,) = group.grace.quarantine()
    assert (waiting.reason, waiting.fields) == ("not-allowed", {"remark": "came"})
    group.grace.adopt(waiting.id)
    assert group.grace.get(second).fields["remark"] == "came"


def test_a_redaction_destroys_what_was_left_wherever_it_lies(group):
    record = group.leaves(group.ben, fields={"remark": "zqxjunmistakable"})
    group.delivers()
    group.grace.redact(record)
    group.relay.exchange(group.casefile, group.grace, group.amina)
    for vault in (group.amina, group.grace):
        assert vault.get(record) is None
        assert vault.search("zqxj") == []
        assert [v.fields for v in vault.history(record) if v.fields] == []
        vault._open.rebuild()
        assert vault.get(record) is None
    (entry,) = group.relay.inboxes[group.raw]
    assert entry.redacted
    assert group.amina.fold_hash(group.casefile) == group.grace.fold_hash(group.casefile)


def test_a_text_that_comes_after_its_redaction_is_not_kept(group):
    record = group.leaves(group.ben)
    kept = list(group.relay.inboxes[group.raw])
    group.relay.deliver(group.grace, group.casefile)
    group.grace.redact(record)
    group.relay.collect(group.grace)
    group.relay.inboxes[group.raw] = kept  # an office that forgot to drop it
    group.delivers()
    assert group.amina.get(record) is None
    (row,) = group.amina.device_file.connection.execute(
        "SELECT length(item) FROM changes JOIN heads USING (chain) WHERE device = ?",
        [b"doorstep/inbox/1"],
    ).fetchall()
    assert row == (32,)


def test_a_missing_text_without_a_redaction_is_noticed_until_it_comes(group):
    record = group.leaves(group.ben)
    group.relay.deliver(group.grace, group.casefile)
    group.grace.redact(record)
    group.relay.collect(group.grace)
    leaf = group.relay.inbox(group.casefile, 0)
    group.amina.accept_entries(leaf, group.relay.roster)
    assert [q.reason for q in group.amina.quarantine()] == ["missing"]
    group.delivers()
    assert group.reasons() == []


def test_an_inbox_is_no_chain_that_anybody_vouches_for(group):
    """Members name what they have seen of one another; an inbox has no head to name."""
    group.leaves(group.ben)
    group.relay.deliver(group.amina, group.casefile)
    group.amina.write([note(group.casefile, group.amina.new_id(), text="x")])
    group.relay.collect(group.amina)
    page = group.relay.page(group.casefile, group.grace.cursor(group.raw))
    assert not group.grace.accept(page, group.relay.roster).withheld, "she reads the inbox later"
    assert group.grace.withheld() == []
    group.delivers()
    assert group.reasons() == []


def test_taken_from_the_casefile_what_was_left_in_it_goes_too(group):
    record = group.leaves(group.ben)
    group.delivers()
    group.grace.regrant(
        group.raw,
        {group.grace.public.device: group.grace.public.receiving},
        rotate=True,
        last={group.amina.public.device: group.grace.head(group.raw, group.amina.public.device)}
        if group.grace.head(group.raw, group.amina.public.device)
        else {group.amina.public.device: (0, bytes(32))},
    )
    group.relay.collect(group.grace)
    group.amina.keep_grants(group.raw, group.relay.grants[group.raw], group.relay.roster)
    assert group.amina.get(record) is None


def test_an_entrys_header_has_one_writing(group):
    entry = group.entry(group.ben)
    header, item, signature = entry.header, entry.item, entry.signature
    assert read_entry(header, item, signature)[1] == entry
    parts = msgpack.unpackb(header)
    for bad in (
        b"",
        b"\x96",
        msgpack.packb(parts[:5]),
        msgpack.packb([*parts, 1]),
        msgpack.packb([2, *parts[1:]]),
        msgpack.packb([True, *parts[1:]]),
        msgpack.packb([1, b"", *parts[2:]]),
        header + b"\xc0",
        b"\xdc\x00\x06" + header[1:],  # the same list, written longer
    ):
        with pytest.raises(BadEnvelope):
            read_entry_header(bad)
    for wrong in (b"", bytes(31), bytes(33), bytes(287), bytes(64 * 1024 + 1)):
        with pytest.raises(BadEnvelope):
            read_entry(header, wrong, signature)
