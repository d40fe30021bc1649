"""The number that tells the desk which state of an agreement a message was planned under.

Every change of what was agreed about a route counts it up by one. A refusal (unsafe, consent taken
back) jumps to the next thousand, and so does agreeing anew after one. So a stop, which refuses its
whole thousand, also catches what a device plans that changed the route without having heard of it,
and only an agreement that came after the refusal gets past.
"""

from __future__ import annotations

from collections.abc import Iterable

STRIDE = 1_000


def consent_version(counted: Iterable[int]) -> int:
    """The version that holds: the highest that anybody counted to; 0 before anything was said."""
    return max(counted, default=0)


def after_change(version: int) -> int:
    """The version after an ordinary change."""
    return version + 1


def after_refusal(version: int) -> int:
    """The version after a refusal, or after agreeing anew to what was refused."""
    return (version // STRIDE + 1) * STRIDE


def refused_up_to(version: int) -> int:
    """The highest version that a stop made at that version refuses."""
    return (version // STRIDE + 1) * STRIDE - 1
