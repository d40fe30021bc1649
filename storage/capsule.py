"""A capsule: one reminder, sealed to the reminder desk's key, with what the desk needs in clear.

In clear stand ids, versions, times and codes, so that it can be withdrawn, stopped and sent at its
time; number and words are sealed and are opened only by the desk's process. Must not know why a
reminder is planned, or whether its route is safe: that was decided before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from storage.errors import BadEnvelope
from storage.signed import (
    Shape,
    Signed,
    SignedOrder,
    Signer,
    is_code,
    is_count,
    is_id,
    is_list,
    is_map,
    is_moment,
    is_number,
    is_one_of,
    is_text,
    is_truth,
    is_within,
    open_contents,
    perhaps,
    read_clear,
    read_signed,
    sign,
)

CAPSULE: Final = "capsule"
Channel = Literal["sms", "voice", "staff_sms"]
CHANNELS: Final = ("sms", "voice", "staff_sms")
MOST_SILENCE_H: Final = 24 * 366
_MOST_WATCHED: Final = 64
_MOST_SPELLS: Final = 512
_MOST_TEXT: Final = 2_000

Spell = tuple[int, int]
"""From and until, in milliseconds since 1970."""
Watch = tuple[tuple[bytes, tuple[Spell, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CapsuleContents:
    """What only the desk may read. Numbers are E.164.

    `texts` are the exact texts, personalised already. `voice` says, by language, the words of a
    call by part ("greeting", "details", "confirm"). `voicemail` allows leaving them on a machine,
    `withheld` asks not to show our number. `owner` and `duty` are staff numbers for neutral texts.
    `template` and `personalisation` are for a provider that sends approved templates only.
    `replies` gives, by language, the words that mean "change", "stop" or "confirm".
    """

    number: str
    language: str
    texts: tuple[str, ...]
    voice: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    voicemail: bool = False
    withheld: bool = False
    owner: str | None = None
    duty: str | None = None
    template: str | None = None
    personalisation: Mapping[str, str] = field(default_factory=dict)
    replies: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    def __repr__(self) -> str:
        return "CapsuleContents(…)"


@dataclass(frozen=True, slots=True, kw_only=True)
class CapsulePlan:
    """A reminder to be sealed and signed. Ids are hex, instants milliseconds since 1970, UTC.

    `route` is the record of the way to reach the person, `consent` the version of her consent that
    it rests on. It may leave from `opens` until `closes` and never after `not_after`; what has not
    reached the phone by `deliver_by` becomes a task. `max_silence` (hours) holds it back while a
    device of `watch` whose owner worked has not been heard from; `watch` gives, by device, the
    spells in which its owner works from now until `not_after`. Spells may be joined to save room:
    that only holds back more. `correction_of` is the reference of the reminder put right.
    """

    reference: str
    casefile: str
    route: str
    consent: int
    appointment: str | None = None
    appointment_version: int = 0
    rule: str
    channel: Channel
    opens: int
    closes: int
    not_after: int
    deliver_by: int | None = None
    max_silence: int | None = None
    watch: Mapping[str, tuple[Spell, ...]] = field(default_factory=dict)
    correction_of: str | None = None
    contents: CapsuleContents

    def made(self, by: Signer) -> Capsule:
        """Seal and sign it. Raises NoDesk, TooLarge, or BadEnvelope for what no desk would take."""
        clear: dict[str, object] = {
            "org": by.org,
            "reference": bytes.fromhex(self.reference),
            "casefile": bytes.fromhex(self.casefile),
            "device": by.device,
            "planned": by.at,
            "route": bytes.fromhex(self.route),
            "consent": self.consent,
            "appointment": bytes.fromhex(self.appointment) if self.appointment else None,
            "appointment_version": self.appointment_version,
            "rule": self.rule,
            "channel": self.channel,
            "opens": self.opens,
            "closes": self.closes,
            "not_after": self.not_after,
            "deliver_by": self.deliver_by,
            "max_silence": self.max_silence,
            "watch": sorted(
                [bytes.fromhex(device), [list(spell) for spell in sorted(spells)]]
                for device, spells in self.watch.items()
            ),
            "correction_of": bytes.fromhex(self.correction_of) if self.correction_of else None,
        }
        return _capsule(sign(by, CAPSULE, clear, _contents_map(self.contents)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Capsule(SignedOrder):
    """A capsule as everybody may see it; `planned` is when, by the device's own clock."""

    org: bytes
    reference: bytes
    casefile: bytes
    device: bytes
    planned: int
    route: bytes
    consent: int
    appointment: bytes | None
    appointment_version: int
    rule: str
    channel: Channel
    opens: int
    closes: int
    not_after: int
    deliver_by: int | None
    max_silence: int | None
    watch: Watch
    correction_of: bytes | None

    what = CAPSULE


def read_capsule(packed: bytes) -> Capsule:
    """Parse `Capsule.packed`; raises BadEnvelope. The signature still has to be checked."""
    return _capsule(read_signed(packed))


def open_capsule(capsule: Capsule, receiving: X25519PrivateKey) -> CapsuleContents:
    """What was sealed to the desk. Raises CannotOpen when it is sealed to another key or altered,
    BadEnvelope when it has another form."""
    found = open_contents(capsule.signed, receiving, _CONTENTS)
    voice = found["voice"]
    replies = found["replies"]
    staff = found["staff"]
    if list(staff) != ["owner", "duty"]:
        raise BadEnvelope("a capsule's staff do not have the published form")
    return CapsuleContents(
        number=found["number"],
        language=found["language"],
        texts=tuple(found["texts"]),
        voice=voice,
        voicemail=found["voicemail"],
        withheld=found["withheld"],
        owner=staff["owner"],
        duty=staff["duty"],
        template=found["template"],
        personalisation=found["personalisation"],
        replies={
            language: {meaning: tuple(words) for meaning, words in meanings.items()}
            for language, meanings in replies.items()
        },
    )


def _capsule(signed: Signed) -> Capsule:
    found = read_clear(signed, CAPSULE, _CLEAR, sealed=True)
    watch = found.pop("watch")
    devices = [device for device, _ in watch]
    if (
        devices != sorted(set(devices))
        or not found["opens"] < found["closes"]
        or not found["opens"] < found["not_after"]
    ):
        raise BadEnvelope("a capsule does not have the published form")
    return Capsule(
        watch=tuple((device, tuple((a, b) for a, b in spells)) for device, spells in watch),
        signed=signed,
        **found,
    )


def _contents_map(contents: CapsuleContents) -> dict[str, object]:
    found: dict[str, object] = {
        "number": contents.number,
        "language": contents.language,
        "texts": list(contents.texts),
        "voice": {language: dict(parts) for language, parts in contents.voice.items()},
        "voicemail": contents.voicemail,
        "withheld": contents.withheld,
        "staff": {"owner": contents.owner, "duty": contents.duty},
        "template": contents.template,
        "personalisation": dict(contents.personalisation),
        "replies": {
            language: {meaning: list(words) for meaning, words in meanings.items()}
            for language, meanings in contents.replies.items()
        },
    }
    if not all(check(found[name]) for name, check in _CONTENTS.items()):
        raise BadEnvelope("a capsule holds what no desk would take")
    return found


def _is_spell(value: object) -> bool:
    return (
        type(value) is list
        and len(value) == 2
        and is_moment(value[0])
        and is_moment(value[1])
        and value[0] < value[1]
    )


def _is_watched(value: object) -> bool:
    if type(value) is not list or len(value) != 2 or not is_id(value[0]):
        return False
    spells = value[1]
    return is_list(_is_spell, _MOST_SPELLS)(spells) and spells == sorted(spells)


_CLEAR: Final[Shape] = {
    "org": is_id,
    "reference": is_id,
    "casefile": is_id,
    "device": is_id,
    "planned": is_moment,
    "route": is_id,
    "consent": is_count,
    "appointment": perhaps(is_id),
    "appointment_version": is_count,
    "rule": is_code,
    "channel": is_one_of(CHANNELS),
    "opens": is_moment,
    "closes": is_moment,
    "not_after": is_moment,
    "deliver_by": perhaps(is_moment),
    "max_silence": perhaps(is_within(1, MOST_SILENCE_H)),
    "watch": is_list(_is_watched, _MOST_WATCHED),
    "correction_of": perhaps(is_id),
}
_BY_LANGUAGE: Final = 8
_CONTENTS: Final[Shape] = {
    "number": is_number,
    "language": is_code,
    "texts": is_list(is_text(_MOST_TEXT), 8),
    "voice": is_map(is_code, is_map(is_code, is_text(_MOST_TEXT), 16), _BY_LANGUAGE),
    "voicemail": is_truth,
    "withheld": is_truth,
    "staff": is_map(is_one_of(("owner", "duty")), perhaps(is_number), 2),
    "template": perhaps(is_text(64)),
    "personalisation": is_map(is_text(64), is_text(_MOST_TEXT), 32),
    "replies": is_map(is_code, is_map(is_code, is_list(is_text(32), 16), 8), _BY_LANGUAGE),
}
