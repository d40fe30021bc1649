"""A member who lies: what a colleague's device can say, and how little that moves the others."""

from contextlib import contextmanager

import pytest

from relay import device, note
from storage.envelope import CasefileKey
from storage.errors import BrokenChain
from storage.grants import make_grant
from storage.seal import fingerprint
from storage.vault import Statement


@pytest.fixture
def ben(tmp_path, relay):
    vault = device(tmp_path, "ben", relay)
    yield vault
    vault.close()


@pytest.fixture
def mara(tmp_path, relay):
    vault = device(tmp_path, "mara", relay, role="supervisor")
    yield vault
    vault.close()


def shared(first, *others):
    return first.found({v.public.device: v.public.receiving for v in others})


@contextmanager
def claiming_to_have_seen(liar, casefile, device, n, change):
    """What the liar writes there names this head of somebody's chain."""
    head = liar.device_file.log.heads(bytes.fromhex(casefile))[device]
    honest = head.n, head.id
    head.n, head.id, head.named = n, change, 0
    yield
    head.n, head.id = honest


@pytest.mark.parametrize("n", [1, 2, 99], ids=["another id", "one too many", "far too many"])
def test_a_colleague_cannot_make_my_device_a_copy_by_saying_she_saw_what_i_never_wrote(
    relay, amina, ben, n
):
    casefile = shared(amina, ben)
    mine = amina.new_id()
    amina.write([note(casefile, mine, text="Mine.")])
    relay.exchange(casefile, amina, ben)

    with claiming_to_have_seen(ben, casefile, amina.public.device, n, b"\xee" * 32):
        ben.write([note(casefile, ben.new_id(), text="A lie beside it.")])
    honest = ben.new_id()
    ben.write([note(casefile, honest, text="Nothing wrong with this one.")])
    relay.exchange(casefile, ben, amina)

    assert not amina.device_file.cloned
    assert amina.get(honest) is not None
    assert [(q.reason, q.fields) for q in amina.quarantine()] == [
        ("contradicts", {"text": "A lie beside it."})
    ]
    amina.write([note(casefile, mine, text="Mine, and still writing.")])
    relay.exchange(casefile, amina, ben)
    assert ben.get(mine).fields["text"] == "Mine, and still writing."


def test_a_colleague_cannot_stop_a_casefile_by_saying_she_saw_another_change_of_a_third(
    relay, amina, ben, grace
):
    casefile = shared(amina, ben, grace)
    amina.write([note(casefile, amina.new_id(), text="Amina's.")])
    relay.exchange(casefile, amina, ben, grace)

    with claiming_to_have_seen(ben, casefile, amina.public.device, 1, b"\xee" * 32):
        ben.write([note(casefile, ben.new_id(), text="A lie beside it.")])
    honest = ben.new_id()
    ben.write([note(casefile, honest, text="Nothing wrong with this one.")])
    relay.exchange(casefile, ben, grace)

    assert grace.get(honest) is not None
    assert [q.reason for q in grace.quarantine()] == ["contradicts"]


def test_a_supervisor_cannot_destroy_text_in_a_casefile_that_is_not_hers(relay, amina, grace, mara):
    graces, maras = shared(grace, amina), shared(mara, amina)
    for casefile in (graces, maras):
        relay.exchange(casefile, grace if casefile == graces else mara, amina)
    record = mara.new_id()
    (change,) = mara.write([note(maras, record, text="Not Grace's to touch.")])
    relay.exchange(maras, mara, amina)

    grace.write(
        [
            Statement(
                casefile=graces,
                kind="visit_note",
                record=record,
                fields={"_redacts": [[change.hex(), [], 5, "aa" * 16]]},
            )
        ]
    )
    relay.exchange(graces, grace, amina)

    assert amina.get(record).fields == {"text": "Not Grace's to touch."}
    assert [q.reason for q in amina.quarantine()] == ["malformed"]
    amina.lock()
    amina.unlock("kettle-marble-otter-lantern")
    assert amina.get(record).fields == {"text": "Not Grace's to touch."}


def test_a_supervisor_cannot_announce_the_end_of_a_text_in_a_casefile_that_is_not_hers(
    relay, amina, grace, mara
):
    """The redaction comes first, and an office in league drops the ciphertext."""
    graces, maras = shared(grace, amina), shared(mara, amina)
    relay.exchange(graces, grace, amina)
    record = mara.new_id()
    (change,) = mara.write([note(maras, record, text="Not Grace's to touch.")])
    relay.collect(mara)
    grace.write(
        [
            Statement(
                casefile=graces,
                kind="visit_note",
                record=record,
                fields={"_redacts": [[change.hex(), [], 5, "aa" * 16]]},
            )
        ]
    )
    relay.exchange(graces, grace, amina)
    (kept,) = relay.items[bytes.fromhex(maras)]
    kept.item = kept.item[:12] + fingerprint(kept.item[12:])
    relay.deliver(amina, maras)
    assert [q.reason for q in amina.quarantine()] == ["missing"]


@pytest.mark.parametrize(
    "entry",
    [
        ["ab" * 32, [], 1 << 62, "aa" * 16],
        ["ab" * 32, [], "9" * 30, "aa" * 16],
        ["ab" * 32, [], -1, "aa" * 16],
        ["ab" * 31, [], 1, "aa" * 16],
        ["ab" * 32, ["ab"], 1, "aa" * 16],
        ["ab" * 32, [], 1],
        ["AB" * 32, [], 1, "aa" * 16],
        "ab" * 32,
        None,
    ],
    ids=[
        "fine",
        "huge",
        "negative",
        "short id",
        "short parent",
        "no author",
        "capitals",
        "text",
        "nothing",
    ],
)
def test_a_redaction_of_another_form_is_set_aside_and_what_follows_arrives(
    relay, amina, grace, entry
):
    casefile = shared(grace, amina)
    relay.exchange(casefile, grace, amina)
    fine = entry[2:3] == [1 << 62] if entry else False
    grace.write(
        [
            Statement(
                casefile=casefile,
                kind="visit_note",
                record=grace.new_id(),
                fields={"_redacts": [entry]},
            )
        ]
    )
    after = grace.new_id()
    grace.write([note(casefile, after, text="And on it goes.")])
    relay.exchange(casefile, grace, amina)
    assert amina.get(after) is not None
    assert [q.reason for q in amina.quarantine()] == ([] if fine else ["malformed"])


def test_a_redacted_text_leaves_the_quarantine_too(relay, amina, ben, grace):
    casefile = shared(grace, amina)
    relay.exchange(casefile, grace, amina)
    del relay.roster.devices[amina.public.device]
    record = amina.new_id()
    (change,) = amina.write([note(casefile, record, text="Written on the wrong family.")])
    relay.exchange(casefile, amina, grace)
    assert [q.reason for q in grace.quarantine()] == ["uncertified"]

    (sealed,) = amina.device_file.log.by_ids([change]).values()
    grace.write(
        [
            Statement(
                casefile=casefile,
                kind="visit_note",
                record=record,
                fields={"_redacts": [[change.hex(), [], 5, "aa" * 16]]},
            )
        ]
    )
    grace.device_file.log.redact(b"\1" * 32, [change])
    rows = grace.device_file.connection.execute("SELECT item FROM quarantine").fetchall()
    assert rows == [(sealed.item[:12] + fingerprint(sealed.item[12:]),)]


def test_a_grant_that_gives_old_text_another_key_is_refused_and_the_old_one_holds(
    relay, amina, grace
):
    casefile = shared(grace, amina)
    record = grace.new_id()
    grace.write([note(casefile, record, text="Before.")])
    relay.exchange(casefile, grace, amina)
    raw = bytes.fromhex(casefile)
    (honest,) = grace.grants(raw)
    inside = grace._open
    lying = make_grant(
        grace.signing_key,
        org=honest.statement.org,
        signer=grace.public.device,
        previous=honest,
        casefile=raw,
        epoch_keys=[CasefileKey(b"\x13" * 32, raw, 1)],
        receivers={v.public.device: v.public.receiving for v in (grace, amina)},
        recovery_public=inside.member().recovery_public,
        last={},
        linked_to=None,
        label="family",
        randomness=grace.device_file.surroundings.randomness,
    )
    with pytest.raises(BrokenChain):
        amina.keep_grants(raw, [honest.statement.packed(), lying.statement.packed()], relay.roster)
    assert [g.id for g in amina.grants(raw)] == [honest.id]
    assert amina.get(record).fields == {"text": "Before."}
