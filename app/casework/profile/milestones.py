"""The dated events of an episode that clocks run from and figures measure between.

A milestone is written as one piece of text: `referral_received`, or with what it is about behind a
colon, `stage:assessment`, `decision:panel:allocated`. Each is the **first** time that it happened
in the episode. Knows no records: finding the day is for those who read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """`event` is a key of MILESTONES; `about` are the codes that narrow it, perhaps none."""

    event: str
    about: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ":".join((self.event, *self.about))


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What may stand behind the colons: names of lists, of which the first `least` must."""

    lists: tuple[str, ...] = ()
    least: int = 0


MILESTONES: Mapping[str, Form] = {
    # The referral's own dates.
    "referral_received": Form(),
    "referral_decided": Form(),
    "referral_accepted": Form(),  # decided, and accepted
    # The episode.
    "opened": Form(),
    "closed": Form(lists=("closures",)),  # closed:completed, closed for that reason
    "allocated": Form(lists=("functions",)),  # to anybody, or for that function
    "stage": Form(lists=("stages",), least=1),  # the stage was entered
    "stage_left": Form(lists=("stages",), least=1),
    "decision": Form(lists=("decisions", "outcomes"), least=1),
    # Work.
    "first_attended": Form(lists=("contact_types",)),  # the first contact that took place
    "last_attended": Form(lists=("contact_types",)),  # the only one that is not the first
    "plan_agreed": Form(lists=("plans",)),
    "plan_reviewed": Form(lists=("plans",)),
    "appraisal_requested": Form(lists=("appraisals",)),
    "appraisal_returned": Form(lists=("appraisals",)),
    "intervention_started": Form(lists=("interventions",)),
    "intervention_ended": Form(lists=("interventions",)),
    "joined": Form(lists=("programmes",), least=1),  # first session of a group attended
    "measured": Form(lists=("measures", "occasions"), least=1),
    # The baby or child that the episode is about.
    "edd": Form(),  # the due date as it stands now
    "birth": Form(),
    "legal": Form(lists=("legal",), least=1),
    "placement": Form(lists=("placements",), least=1),
}
"""Every event there is, and the lists of the profile from which its codes come."""

FROM_DUE_DATE = "edd"
"""The one event that is not in the past when a clock starts."""
