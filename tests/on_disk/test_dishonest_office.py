"""What an office that lies can do to a device: nothing that goes unnoticed, nothing that stays."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgpack
import pytest

from relay import ORG, Leaf, Relay, device, note
from storage.body import Body
from storage.envelope import ZERO_ID, Header, as_item, seal_change, sign_head
from storage.errors import BadEnvelope, BadSignature, BrokenChain, ClonedDevice, Fork, StorageError
from storage.grants import make_grant
from storage.runs import Run, in_runs

Tamper = Callable[[Leaf], Leaf]


@pytest.fixture
def casefile(amina, grace, relay: Relay) -> str:
    """Five changes wait at the office; Grace has the grant and none of them."""
    casefile = amina.found({grace.public.device: grace.public.receiving})
    record = amina.new_id()
    for text in ("One.", "Two.", "Three.", "Four.", "Five."):
        amina.write([note(casefile, record, text=text)])
    relay.collect(amina)
    raw = bytes.fromhex(casefile)
    grace.keep_grants(raw, relay.grants[raw], relay.roster)
    return casefile


def _with_run(page: Leaf, **changed: Any) -> Leaf:
    return replace(page, runs=[replace(page.runs[0], **changed)])


def _items(page: Leaf) -> tuple[bytes, ...]:
    return page.runs[0].items


def _flipped(item: bytes, at: int) -> bytes:
    return item[:at] + bytes([item[at] ^ 1]) + item[at + 1 :]


TAMPERING: dict[str, Tamper] = {
    "leaves one out in the middle": lambda p: replace(
        _with_run(p, items=_items(p)[:2] + _items(p)[3:]), next=4
    ),
    "leaves out the first": lambda p: replace(_with_run(p, items=_items(p)[1:], first=2), next=4),
    "leaves out the last": lambda p: replace(_with_run(p, items=_items(p)[:-1]), next=4),
    "claims to hold fewer": lambda p: replace(p, next=4),
    "claims to hold more": lambda p: replace(p, next=6),
    "swaps two": lambda p: _with_run(p, items=(_items(p)[1], _items(p)[0], *_items(p)[2:])),
    "doubles one": lambda p: replace(_with_run(p, items=(_items(p)[0], *_items(p))), next=6),
    "alters a ciphertext": lambda p: _with_run(
        p, items=(*_items(p)[:2], _flipped(_items(p)[2], 40), *_items(p)[3:])
    ),
    "alters a nonce": lambda p: _with_run(p, items=(_flipped(_items(p)[0], 3), *_items(p)[1:])),
    "alters the last": lambda p: _with_run(p, items=(*_items(p)[:4], _flipped(_items(p)[4], 99))),
    "names another key": lambda p: _with_run(p, kid=bytes(16)),
    "begins the chain elsewhere": lambda p: _with_run(p, prev=bytes([1]) * 32),
    "moves it up the chain": lambda p: _with_run(p, first=3),
    "keeps the head back": lambda p: replace(p, heads=[]),
    "hands out an older head": lambda p: replace(p, heads=[replace(p.heads[0], n=4)]),
    "forges the head": lambda p: replace(p, heads=[replace(p.heads[0], signature=bytes(64))]),
    "skips ahead": lambda p: replace(p, after=3, next=8),
    "names another casefile": lambda p: _with_run(p, casefile=bytes(16)),
}


@pytest.mark.parametrize("lie", TAMPERING)
def test_a_page_that_was_tampered_with_is_refused_whole(lie, amina, grace, relay, casefile):
    honest = relay.page(casefile, 0)
    raw = bytes.fromhex(casefile)
    with pytest.raises((BrokenChain, BadSignature, BadEnvelope)):
        grace.accept(TAMPERING[lie](honest), relay.roster)
    assert grace.cursor(raw) == 0
    assert grace.count("visit_note") == 0
    assert grace.quarantine() == []

    assert grace.accept(honest, relay.roster).count == 5
    assert grace.fold_hash(casefile) == amina.fold_hash(casefile)


def test_the_beginning_of_a_chain_cannot_be_kept_back(amina, grace, relay, casefile):
    rest = relay.page(casefile, 1)
    with pytest.raises(BrokenChain):
        grace.accept(replace(rest, after=0, next=4), relay.roster)
    assert grace.cursor(bytes.fromhex(casefile)) == 0


def test_a_member_of_two_families_cannot_mix_their_keys(amina, grace, relay, casefile):
    """Sealed with the other family's key, so that members of that one could read it."""
    other = amina.found({grace.public.device: grace.public.receiving})
    relay.collect(amina)
    raw = bytes.fromhex(other)
    grace.keep_grants(raw, relay.grants[raw], relay.roster)
    key = amina._open.keyring.writing_key(bytes.fromhex(casefile))
    public = amina.public
    header = Header(org=ORG, casefile=raw, device=public.device, n=1, prev=ZERO_ID, kid=key.kid)
    body = Body(
        kind="visit_note",
        record=bytes(16),
        fields={"text": "Mixed."},
        parents=(),
        hlc=1,
        author=b"amina".ljust(16, b"."),
    )
    sealed = seal_change(header, body, key, amina.device_file.surroundings.randomness)
    head = sign_head(
        amina.signing_key, org=ORG, casefile=raw, device=public.device, n=1, head=sealed.id
    )
    (run,) = in_runs([(header, as_item(sealed))])
    page = Leaf(casefile=raw, after=0, next=1, runs=[run], heads=[head])
    assert grace.accept(page, relay.roster).quarantined == 1
    assert [q.reason for q in grace.quarantine()] == ["wrong-key"]
    assert grace.find("visit_note") == []


def test_a_text_handed_out_after_its_redaction_is_not_kept(amina, grace, relay, casefile, tmp_path):
    raw = bytes.fromhex(casefile)
    relay.deliver(grace, casefile)
    (found,) = grace.find("visit_note")
    texts = [k.item for k in relay.items[raw]]
    grace.redact(found.record)
    relay.collect(grace)
    relay.items[raw].insert(0, relay.items[raw].pop())  # the redaction first, and
    for kept, item in zip(relay.items[raw][1:], texts, strict=True):
        kept.item = item  # every text as if nothing had been said

    cat = device(tmp_path, "cat", relay)
    members = {v.public.device: v.public.receiving for v in (amina, grace, cat)}
    grace.regrant(raw, members, rotate=False, last={})
    relay.collect(grace)
    cat.keep_grants(raw, relay.grants[raw], relay.roster)
    cat.accept(relay.page(casefile, 0), relay.roster)
    assert cat.get(found.record) is None
    assert cat.search("one") == []
    kept = cat.device_file.connection.execute("SELECT item FROM changes").fetchall()
    assert not {item for (item,) in kept} & set(texts)
    cat.close()


def test_another_devices_changes_in_my_name_are_refused(amina, grace, relay, casefile):
    page = relay.page(casefile, 0)
    (run,) = page.runs
    mine = replace(run, device=grace.public.device)
    with pytest.raises(ClonedDevice):
        grace.accept(replace(page, runs=[mine]), relay.roster)


def test_changes_of_one_family_do_not_open_in_another(amina, grace, relay, casefile):
    other = amina.found({grace.public.device: grace.public.receiving})
    relay.collect(amina)
    raw = bytes.fromhex(other)
    grace.keep_grants(raw, relay.grants[raw], relay.roster)
    page = relay.page(casefile, 0)
    spliced = Leaf(
        casefile=raw,
        after=0,
        next=5,
        runs=[replace(run, casefile=raw) for run in page.runs],
        heads=[replace(head, casefile=raw) for head in page.heads],
    )
    with pytest.raises(BrokenChain):
        grace.accept(spliced, relay.roster)
    assert grace.find("visit_note", casefile=other) == []


def test_changes_others_have_seen_and_the_office_keeps_back_are_missed(
    amina, grace, relay, casefile, tmp_path
):
    ben = device(tmp_path, "ben", relay)
    members = {v.public.device: v.public.receiving for v in (amina, grace, ben)}
    raw = bytes.fromhex(casefile)
    grace.regrant(raw, members, rotate=False, last={})
    relay.exchange(casefile, grace, amina, ben)
    ben.write([note(casefile, ben.new_id(), text="I have seen Amina's five.")])
    relay.collect(ben)
    page = relay.page(casefile, 5)
    pretending = replace(page, after=0, next=1)  # as if Ben's were all there is

    cat = device(tmp_path, "cat", relay)
    members[cat.public.device] = cat.public.receiving
    grace.regrant(raw, members, rotate=False, last={})
    relay.collect(grace)
    cat.keep_grants(raw, relay.grants[raw], relay.roster)
    assert cat.accept(pretending, relay.roster).withheld
    assert cat.withheld() == [(raw, amina.public.device, 5)]
    ben.close()
    cat.close()


def test_a_missing_text_that_no_redaction_explains_stands_in_quarantine(grace, relay, casefile):
    page = relay.page(casefile, 0)
    kept = [k.id for k in relay.items[bytes.fromhex(casefile)]]
    hollow = _hollowed(page.runs[0], 2)
    accepted = grace.accept(replace(page, runs=[hollow]), relay.roster)
    assert accepted.quarantined == 1
    (missing,) = grace.quarantine()
    assert (missing.reason, missing.id) == ("missing", kept[2].hex())


def _hollowed(run: Run, place: int) -> Run:
    from storage.seal import fingerprint

    items = list(run.items)
    items[place] = items[place][:12] + fingerprint(items[place][12:])
    return replace(run, items=tuple(items))


def test_a_grant_the_office_made_up_gives_nobody_anything(amina, grace, relay, casefile, tmp_path):
    raw = bytes.fromhex(casefile)
    stranger = device(tmp_path, "stranger", relay)
    del relay.roster.devices[stranger.public.device]
    current = grace.grants(raw)[-1]
    forged = make_grant(
        stranger.signing_key,
        org=current.statement.org,
        signer=stranger.public.device,
        previous=current,
        casefile=raw,
        epoch_keys=grace._open.keyring.epochs(raw),
        receivers={stranger.public.device: stranger.public.receiving},
        recovery_public=stranger.public.receiving,
        last={},
        linked_to=None,
        label="family",
        randomness=stranger.device_file.surroundings.randomness,
    )
    before = grace.members(casefile)
    in_her_name = replace(forged.statement, signer=grace.public.device)
    encoded = msgpack.unpackb(forged.statement.encoded)
    encoded[3] = grace.public.device
    in_her_name = replace(in_her_name, encoded=msgpack.packb(encoded))
    for made_up in (forged.statement, in_her_name):
        with pytest.raises(BadSignature):
            grace.keep_grants(raw, [*relay.grants[raw], made_up.packed()], relay.roster)
    assert grace.members(casefile) == before
    stranger.close()


def test_a_worker_may_found_but_not_grant(amina, grace, relay, casefile):
    raw = bytes.fromhex(casefile)
    amina.regrant(raw, {amina.public.device: amina.public.receiving}, rotate=True, last={})
    relay.collect(amina)  # a careless office takes it
    with pytest.raises(BadSignature):
        grace.keep_grants(raw, relay.grants[raw], relay.roster)
    assert len(grace.members(casefile)) == 2


def test_a_redaction_by_a_worker_is_not_believed(amina, grace, relay: Relay, casefile):
    from storage.opening import redaction_fields

    relay.deliver(grace, casefile)
    (found,) = grace.find("visit_note")
    changes = list(
        grace._open.opener.reopen([v.change_id for v in grace.history(found.record)]).values()
    )
    amina.write([note(casefile, found.record)])
    amina.write([replace(note(casefile, found.record), fields=redaction_fields(changes))])
    relay.exchange(casefile, amina, grace)
    assert grace.get(found.record).fields["text"] == "Five."
    assert [q.reason for q in grace.quarantine()] == ["not-supervisor"]


def test_a_change_in_another_persons_name_is_not_believed(amina, grace, relay: Relay, casefile):
    public, _, _ = relay.roster.devices[amina.public.device]
    relay.roster.certify(public, b"somebody else...")
    accepted = grace.accept(relay.page(casefile, 0), relay.roster)
    assert accepted.quarantined == 5
    assert grace.count("visit_note") == 0
    assert {q.reason for q in grace.quarantine()} == {"author"}


def test_an_honest_fork_is_told_from_a_gap(amina, grace, relay: Relay, casefile):
    relay.deliver(grace, casefile)
    page = relay.page(casefile, 4)
    (run,) = page.runs
    with pytest.raises(Fork):
        grace.accept(replace(page, runs=[replace(run, first=6)], after=5, next=6), relay.roster)
    with pytest.raises(StorageError):
        grace.accept(replace(page, runs=[replace(run, first=9)], after=5, next=6), relay.roster)
