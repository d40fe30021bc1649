"""A stop and a withdrawal: what makes the desk keep silent, signed and in clear.

A stop is about a route and outlives every reminder; a withdrawal is about a family's reminders.
Both hold for reminders that arrive later too. Neither needs the desk's key, so they can be made
before a desk is certified, and a locked or revoked device may still hand them in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from storage.errors import BadEnvelope
from storage.signed import (
    NamedByContents,
    Shape,
    Signed,
    Signer,
    is_code,
    is_count,
    is_id,
    is_list,
    is_moment,
    is_truth,
    perhaps,
    read_clear,
    read_signed,
    sign,
)

STOP: Final = "stop"
WITHDRAWAL: Final = "withdrawal"
MOST_REFERENCES: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class StopPlan:
    """Nothing may go out on a route (hex) with this consent version or an older one."""

    route: str
    consent: int

    def made(self, by: Signer) -> Stop:
        clear = {
            "org": by.org,
            "route": bytes.fromhex(self.route),
            "consent": self.consent,
            "device": by.device,
            "at": by.at,
        }
        return _stop(sign(by, STOP, clear))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop(NamedByContents):
    """Refuses every capsule of `route` with consent version `consent` or an older one, for ever."""

    org: bytes
    route: bytes
    consent: int
    device: bytes
    at: int

    what = STOP
    casefile = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalPlan:
    """Take reminders of one casefile back; ids are hex, `reason` is a short code.

    `references` names them. `appointment` with `before_version` means each one planned for an
    older version of that appointment. `upto` (milliseconds since 1970) means every reminder of
    the casefile that was planned by then.
    """

    casefile: str
    references: tuple[str, ...] = ()
    appointment: str | None = None
    before_version: int | None = None
    upto: int | None = None
    reason: str

    def made(self, by: Signer) -> Withdrawal:
        """Raises BadEnvelope when it takes nothing back."""
        clear = {
            "org": by.org,
            "casefile": bytes.fromhex(self.casefile),
            "device": by.device,
            "references": sorted({bytes.fromhex(r) for r in self.references}),
            "appointment": bytes.fromhex(self.appointment) if self.appointment else None,
            "before_version": self.before_version,
            "all": self.upto is not None,
            "upto": self.upto,
            "at": by.at,
            "reason": self.reason,
        }
        return _withdrawal(sign(by, WITHDRAWAL, clear))


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal(NamedByContents):
    """Withdraws `references`; capsules of `appointment` with a version below `before_version`;
    and with `everything` each capsule of the casefile planned by `upto`. Now or later."""

    org: bytes
    casefile: bytes
    device: bytes
    references: tuple[bytes, ...]
    appointment: bytes | None
    before_version: int | None
    everything: bool
    upto: int | None
    at: int
    reason: str

    what = WITHDRAWAL


def read_stop(packed: bytes) -> Stop:
    """Raises BadEnvelope. The signature still has to be checked."""
    return _stop(read_signed(packed))


def read_withdrawal(packed: bytes) -> Withdrawal:
    """Raises BadEnvelope. The signature still has to be checked."""
    return _withdrawal(read_signed(packed))


def _stop(signed: Signed) -> Stop:
    found = read_clear(signed, STOP, _STOP, sealed=False)
    return Stop(signed=signed, **found)


def _withdrawal(signed: Signed) -> Withdrawal:
    found = read_clear(signed, WITHDRAWAL, _WITHDRAWAL, sealed=False)
    references = found.pop("references")
    everything = found.pop("all")
    if (
        references != sorted(set(references))
        or (found["appointment"] is None) is not (found["before_version"] is None)
        or everything is not (found["upto"] is not None)
        or not (references or found["appointment"] or everything)
    ):
        raise BadEnvelope("a withdrawal does not have the published form")
    return Withdrawal(
        references=tuple(references),
        everything=everything,
        signed=signed,
        **found,
    )


_STOP: Final[Shape] = {
    "org": is_id,
    "route": is_id,
    "consent": is_count,
    "device": is_id,
    "at": is_moment,
}
_WITHDRAWAL: Final[Shape] = {
    "org": is_id,
    "casefile": is_id,
    "device": is_id,
    "references": is_list(is_id, MOST_REFERENCES),
    "appointment": perhaps(is_id),
    "before_version": perhaps(is_count),
    "all": is_truth,
    "upto": perhaps(is_moment),
    "at": is_moment,
    "reason": is_code,
}
