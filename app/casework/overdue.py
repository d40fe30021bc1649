"""What has waited too long: notes unsigned or unwritten for a day, devices not seen for some.

All of it is worked out when it is read, from records alone, so that it is right offline too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

UNSIGNED_AFTER = timedelta(hours=24)
NOT_SEEN_AFTER = timedelta(days=28)
"""A family open and allocated, unseen for four weeks; an assumption, to be confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsignedNote:
    """A note that should be signed by now. `note` is None when nobody has begun it."""

    family: str
    family_name: str
    writer: str
    writer_name: str
    since: datetime
    note: str | None
    appointment: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSeen:
    """When a device was last in touch with the office; None if never since pairing."""

    device: str
    person: str
    last_contact: datetime | None


def is_unsigned_too_long(occurred_at: datetime, signed_at: datetime | None, now: datetime) -> bool:
    """Whether the day after the contact has gone by without a signature."""
    return signed_at is None and now - occurred_at > UNSIGNED_AFTER


def unseen(devices: Iterable[DeviceSeen], now: datetime, *, after: timedelta) -> list[DeviceSeen]:
    """Devices that have been out of touch for so long or longer, longest first.

    One that was never in touch has nothing on it yet that could be missed.
    """
    long_gone = [
        (d.last_contact, d.device, d)
        for d in devices
        if d.last_contact is not None and now - d.last_contact >= after
    ]
    return [d for _, _, d in sorted(long_gone, key=lambda found: found[:2])]
