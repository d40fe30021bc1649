"""Casefile keys taken out of a device, and tried on what the office holds: no app in between."""

from __future__ import annotations

from house import Hand, House
from storage.envelope import CasefileKey, open_change
from storage.errors import CannotOpen
from storage.grants import open_grant
from sync.protocol import Page


def keys_of(hand: Hand, casefile: str) -> list[CasefileKey]:
    """Every key of a casefile that this device can open; raises NoKey for none."""
    hand.vault.members(casefile)
    (*_, newest) = hand.vault.grants(bytes.fromhex(casefile))
    return open_grant(newest, hand.device, hand.vault.receiving_key)


def opens(page: Page, keys: list[CasefileKey], house: House) -> int:
    """How many of a page's changes one of these keys opens."""
    org = bytes.fromhex(house.service.health())
    return sum(
        any(_opens(change, key) for key in keys) for run in page.runs for change in run.rebuilt(org)
    )


def _opens(change, key: CasefileKey) -> bool:
    try:
        open_change(change, key)
    except CannotOpen:
        return False
    return True
