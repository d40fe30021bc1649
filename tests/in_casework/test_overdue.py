"""A note unsigned for a day and a device unseen for three are pointed out, not a minute earlier."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.casework.overdue import DeviceSeen, is_unsigned_too_long, unseen

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_a_note_may_be_unsigned_for_24_hours():
    day = timedelta(hours=24)
    assert not is_unsigned_too_long(NOW - day, None, NOW)
    assert is_unsigned_too_long(NOW - day - timedelta(seconds=1), None, NOW)
    assert not is_unsigned_too_long(NOW - 9 * day, NOW, NOW)


def test_a_device_out_of_touch_for_three_days_is_listed_longest_first():
    def seen(device: str, hours: float | None) -> DeviceSeen:
        last = None if hours is None else NOW - timedelta(hours=hours)
        return DeviceSeen(device=device, person="p", last_contact=last)

    devices = [seen("new", None), seen("two days", 48), seen("week", 168), seen("three days", 72)]
    missed = unseen(devices, NOW, after=timedelta(hours=72))
    assert [d.device for d in missed] == ["week", "three days"]
