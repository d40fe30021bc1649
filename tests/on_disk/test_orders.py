"""What a device orders of the reminder desk: signed to the byte, and read in one way only."""

from dataclasses import replace

import msgpack
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from fakes import seeded
from storage.alarm import (
    AlarmContents,
    AlarmPlan,
    AlarmStep,
    CheckOutPlan,
    SeenPlan,
    open_alarm,
    open_check_out,
)
from storage.capsule import CapsuleContents, CapsulePlan, open_capsule
from storage.errors import BadEnvelope, BadSignature, CannotOpen, NoDesk, TooLarge
from storage.orders import AFTER_REVOCATION, LATER, RANK, read_order
from storage.seal import raw_public
from storage.signed import Signer
from storage.stop import StopPlan, WithdrawalPlan

AT = 1_780_000_000_000
DAY = 86_400_000
SIGNING = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
DESK = X25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
ELSE = X25519PrivateKey.from_private_bytes(bytes(range(2, 34)))
CHANCE = seeded("orders")


def new_id() -> str:
    return CHANCE(16).hex()


def signer(**changed) -> Signer:
    return replace(
        Signer(
            org=b"organisation-16b",
            device=b"amina's device..",
            signing=SIGNING,
            at=AT,
            desk=raw_public(DESK),
            randomness=CHANCE,
        ),
        **changed,
    )


CONTENTS = CapsuleContents(
    number="+447700900123",
    language="en",
    texts=("Sam will call on Tuesday at 10:00.",),
    voice={"en": {"greeting": "Call from Sam.", "details": "Tuesday at ten."}},
    voicemail=True,
    owner="+447700900101",
    template="t-1",
    personalisation={"text": "Sam will call."},
    replies={"en": {"stop": ("STOP",), "change": ("CHANGE", "2")}},
)
CAPSULE = CapsulePlan(
    reference=new_id(),
    casefile=new_id(),
    route=new_id(),
    consent=2,
    appointment=new_id(),
    appointment_version=1,
    rule="text_1_day",
    channel="sms",
    opens=AT + DAY,
    closes=AT + 2 * DAY,
    not_after=AT + 2 * DAY,
    max_silence=24,
    watch={new_id(): ((AT, AT + DAY), (AT + DAY, AT + 2 * DAY)), new_id(): ()},
    contents=CONTENTS,
)
ALARM = AlarmPlan(
    reference=new_id(),
    casefile=new_id(),
    kind="lone_worker",
    after_s=4_500,
    again_s=300,
    contents=AlarmContents(
        steps=(AlarmStep(number="+447700900104", channel="voice", words="Amina is not out."),),
        address="1 Hill Street",
        worker="Amina",
        duress="blue kettle",
    ),
)
PLANS = {
    "capsule": CAPSULE,
    "alarm": ALARM,
    "check-out": CheckOutPlan(alarm=ALARM.reference, phrase="all well"),
    "stop": StopPlan(route=CAPSULE.route, consent=2),
    "withdrawal": WithdrawalPlan(
        casefile=CAPSULE.casefile, references=(new_id(), CAPSULE.reference), reason="moved"
    ),
    "seen": SeenPlan(references=(new_id(), new_id())),
}
MADE = {what: plan.made(signer()) for what, plan in PLANS.items()}


@pytest.mark.parametrize("what", PLANS)
def test_an_order_is_read_as_it_was_made_and_bears_its_devices_signature(what):
    order = read_order(MADE[what].packed())
    assert order == MADE[what]
    assert order.what == what
    assert len(order.reference) == 16
    order.signed.check(SIGNING.public_key())
    with pytest.raises(BadSignature):
        order.signed.check(Ed25519PrivateKey.generate().public_key())


@pytest.mark.parametrize("what", PLANS)
def test_no_byte_of_an_order_can_be_changed(what):
    packed = MADE[what].packed()
    for at in range(len(packed)):
        altered = packed[:at] + bytes([packed[at] ^ 1]) + packed[at + 1 :]
        with pytest.raises((BadEnvelope, BadSignature)):
            read_order(altered).signed.check(SIGNING.public_key())


@pytest.mark.parametrize("what", PLANS)
def test_an_order_has_one_writing_only(what):
    kind, clear, sealed, signature = msgpack.unpackb(MADE[what].packed())
    said = msgpack.unpackb(clear)
    turned = msgpack.packb(dict(reversed(said.items())))
    more = msgpack.packb(said | {"more": 1})
    less = msgpack.packb({k: v for k, v in said.items() if k != "device"})
    later = msgpack.packb(said | {"v": 2})
    true = msgpack.packb(said | {"v": True})
    count = len(said)
    longer = b"\xde" + count.to_bytes(2, "big") + clear[3 if count > 15 else 1 :]
    if count > 15:  # the short form is that long already: then the longest there is
        longer = b"\xdf" + count.to_bytes(4, "big") + clear[3:]
    for other in (turned, more, less, later, true, longer, clear + b"\xc0", b"\xc0", b""):
        with pytest.raises(BadEnvelope):
            read_order(msgpack.packb([kind, other, sealed, signature]))
    for parts in (
        [kind, clear, sealed],
        [kind, clear, sealed, signature, b""],
        [kind, clear, b"" if sealed else b"x" * 100, signature],
        [kind, clear, sealed, signature[:-1]],
        ["order", clear, sealed, signature],
        [b"stop", clear, sealed, signature],
        [kind, clear + bytes(9_000), sealed, signature],
        [kind, clear, sealed + bytes(17_000), signature],
    ):
        with pytest.raises(BadEnvelope):
            read_order(msgpack.packb(parts))


def test_one_kind_of_order_does_not_pass_for_another():
    """A stop and a check-out say almost the same; the purpose they are signed for differs."""
    stop, seen = MADE["stop"], MADE["seen"]
    disguised = msgpack.packb(["seen", stop.signed.clear, b"", stop.signed.signature])
    with pytest.raises(BadEnvelope):
        read_order(disguised)
    relabelled = replace(seen.signed, what="stop")
    with pytest.raises(BadSignature):
        relabelled.check(SIGNING.public_key())


@given(st.binary(max_size=300) | st.lists(st.none() | st.binary() | st.text()).map(msgpack.packb))
def test_no_bytes_make_the_reader_do_anything_but_refuse(data):
    with pytest.raises(BadEnvelope):
        read_order(data)


WRONG = {
    "capsule": [
        {"opens": AT + 3 * DAY},  # after it closes
        {"not_after": AT},  # before it opens
        {"channel": "post"},
        {"rule": "Text, 3 days"},
        {"consent": -1},
        {"max_silence": 0},
        {"watch": [[bytes(16), [[2, 1]]]]},
        {"watch": [[bytes(16), [[3, 4], [1, 2]]]]},
        {"watch": [[b"b" * 16, []], [b"a" * 16, []]]},
        {"watch": [[bytes(16), []], [bytes(16), []]]},
        {"watch": [[bytes(15), []]]},
        {"route": bytes(15)},
        {"planned": 1 << 62},
        {"appointment": b""},
        {"opens": float(AT)},
    ],
    "alarm": [{"after_s": -1}, {"again_s": 0}, {"steps": 0}, {"steps": 17}, {"kind": "other"}],
    "withdrawal": [
        {"references": []},  # then it says nothing
        {"references": [b"b" * 16, b"a" * 16]},
        {"references": [bytes(16), bytes(16)]},
        {"references": [bytes(16)] * 300},
        {"appointment": bytes(16)},
        {"before_version": 1},
        {"all": True},
        {"upto": AT},
        {"reason": ""},
    ],
    "stop": [{"consent": None}, {"at": -1}, {"route": "ab" * 8}],
    "seen": [{"references": []}, {"references": [b"b" * 16, b"a" * 16]}],
    "check-out": [{"alarm": None}],
}


@pytest.mark.parametrize(
    ("what", "wrong"), [(what, wrong) for what, each in WRONG.items() for wrong in each]
)
def test_an_order_that_says_nonsense_is_refused_however_well_signed(what, wrong):
    kind, clear, sealed, signature = msgpack.unpackb(MADE[what].packed())
    said = msgpack.packb(msgpack.unpackb(clear) | wrong)
    with pytest.raises(BadEnvelope):
        read_order(msgpack.packb([kind, said, sealed, signature]))


def test_only_the_desk_opens_what_is_sealed_to_it():
    capsule, alarm, out = MADE["capsule"], MADE["alarm"], MADE["check-out"]
    assert open_capsule(capsule, DESK) == CONTENTS
    assert open_alarm(alarm, DESK) == ALARM.contents
    assert open_check_out(out, DESK) == "all well"
    for reader, order in (
        (open_capsule, capsule),
        (open_alarm, alarm),
        (open_check_out, out),
    ):
        with pytest.raises(CannotOpen):
            reader(order, ELSE)


def test_what_is_sealed_belongs_to_what_stands_in_clear():
    """Nobody on the way can put one family's number under another family's window."""
    capsule = MADE["capsule"]
    other = replace(CAPSULE, route=new_id()).made(signer())
    swapped = replace(capsule, signed=replace(capsule.signed, sealed=other.signed.sealed))
    with pytest.raises(CannotOpen):
        open_capsule(swapped, DESK)


def test_an_alarm_holds_the_steps_that_it_counts():
    alarm = MADE["alarm"]
    with pytest.raises(BadEnvelope):
        open_alarm(replace(alarm, steps=2), DESK)


def test_a_check_out_under_duress_looks_like_any_other():
    sizes = {
        len(CheckOutPlan(alarm=new_id(), phrase=phrase).made(signer()).packed())
        for phrase in ("", "all well", "blue kettle", "x" * 200)
    }
    assert len(sizes) == 1


def test_nothing_is_sealed_while_no_desk_is_certified_but_silence_needs_none():
    without = signer(desk=None)
    for what in ("capsule", "alarm", "check-out"):
        with pytest.raises(NoDesk):
            PLANS[what].made(without)
    for what in ("stop", "withdrawal", "seen"):
        assert PLANS[what].made(without).what == what


def test_an_order_that_is_too_large_is_not_made():
    spells = tuple((AT + i * DAY, AT + i * DAY + 1) for i in range(500))
    with pytest.raises(TooLarge):
        replace(CAPSULE, watch={new_id(): spells}).made(signer())
    badly, well = (lambda: CHANCE(1_000).hex()), (lambda: "x" * 2_000)
    for words in (badly, well):  # as they deflate
        much = {f"field {i}": words() for i in range(32)}
        with pytest.raises(TooLarge):
            replace(
                CAPSULE, contents=replace(CONTENTS, texts=(words(),), personalisation=much)
            ).made(signer())


@pytest.mark.parametrize(
    "contents",
    [
        replace(CONTENTS, number="07700 900123"),
        replace(CONTENTS, owner="999"),
        replace(CONTENTS, language="English, please"),
        replace(CONTENTS, texts=("x" * 2_001,)),
        replace(CONTENTS, personalisation={str(i): "" for i in range(33)}),
    ],
)
def test_contents_that_no_desk_would_take_are_not_sealed(contents):
    with pytest.raises(BadEnvelope):
        replace(CAPSULE, contents=contents).made(signer())


def test_alarms_go_first_and_reminders_last_and_silence_survives_a_revocation():
    assert RANK["alarm"] == RANK["check-out"] < RANK["stop"] == RANK["withdrawal"] < LATER
    assert RANK["capsule"] == LATER
    assert {"stop", "withdrawal", "check-out"} == AFTER_REVOCATION


def test_no_order_shows_its_contents_when_printed():
    for order in (*MADE.values(), *PLANS.values()):
        assert "7700900" not in repr(order)
        assert "Tuesday" not in repr(order)
        assert "kettle" not in repr(order)
