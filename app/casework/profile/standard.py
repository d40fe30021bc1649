"""Codes the app has words for in every language, so that a profile need not word them again.

A profile may use any of them by its code alone, give it other words, leave it out, or add codes of
its own, which it must word itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.casework.appointment import VenueType
from app.casework.contact_type import ContactType
from app.casework.note import AFTER_LOSS, headings

STANDARD: Mapping[str, tuple[str, ...]] = {
    "function": ("family_worker", "therapist", "care_coordinator", "social_worker"),
    "source": (
        "social_worker", "midwife", "health_visitor", "community_paediatrician",
        "childrens_centre", "mental_health", "family_nurse_partnership", "self", "other",
    ),
    "stage": ("waiting", "assessment", "treatment", "review", "ending", "closed"),
    "closure": ("completed", "moved_away", "declined", "transferred", "child_removed", "other"),
    "legal": (
        "none", "child_in_need", "child_protection_plan", "pre_proceedings", "care_proceedings",
        "ended",
    ),
    "placement": ("with_parent", "kinship", "foster", "adopted", "hospital", "other"),
    "consent": ("text", "call", "share", "photo", "video", "research", "feedback"),
    "contact_type": tuple(c.value for c in ContactType),
    "venue_type": tuple(v.value for v in VenueType),
    "heading": tuple(
        dict.fromkeys((*(h for t in ContactType for h in headings(t)), *AFTER_LOSS))
    ),
    "occasion": ("initial", "review", "evaluation", "follow_up"),
}  # fmt: skip
"""By vocabulary, in the order in which they are offered where a service names none."""
