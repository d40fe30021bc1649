"""A form in a parent's hands: what the device knows while its keys are gone.

Handing over locks the device like every other lock. What is left is the form itself, which is the
service's and says nothing of anybody, and what the parent types into it. That is put away on the
device's next unlocking, by the worker. Must not know a screen, nor any record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.casework.casebook import Casebook
    from app.casework.profile.measures import Measure


@dataclass(slots=True, kw_only=True)
class HandedOver:
    """`language` is the one the parent reads. `put_away` is called with what she typed once the
    device is open again. `aside`: the worker has the tablet, and the unlock screen is shown."""

    measure: Measure
    language: str
    put_away: Callable[[Casebook, HandedOver], None]
    answers: dict[str, str] = field(default_factory=dict)
    finished: bool = False
    aside: bool = False

    def answer(self, domain: str, typed: str) -> None:
        """What stands in one answer now; empty takes it back."""
        if self.finished:
            return
        if typed:
            self.answers[domain] = typed
        else:
            self.answers.pop(domain, None)

    @property
    def said(self) -> Mapping[str, str]:
        return dict(self.answers)
