"""What differs from service to service, as plain values.

The values below are those of ReConnect, the first service to use the app; loading
them from a file per service replaces this constant, not the rules that read it.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.casework.contact_type import ContactType


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Codes a service uses, in the order its screens offer them, and its limits."""

    service: str
    capacity: int
    contact_types: tuple[ContactType, ...]
    functions: tuple[str, ...]
    sources: tuple[str, ...]
    stages: tuple[str, ...]
    legal: tuple[str, ...]
    placements: tuple[str, ...]
    closure_codes: tuple[str, ...]
    consents: tuple[str, ...]


RECONNECT = Profile(
    service="reconnect",
    capacity=30,
    contact_types=(
        ContactType.HOME_VISIT,
        ContactType.CENTRE_VISIT,
        ContactType.CLINIC_SESSION,
        ContactType.THERAPY_SESSION,
        ContactType.VIDEO_FEEDBACK,
        ContactType.GROUP_SESSION,
        ContactType.FAMILY_MEETING,
        ContactType.PROFESSIONALS_MEETING,
        ContactType.TELEPHONE_SUPPORT,
        ContactType.OTHER,
    ),
    functions=("family_worker", "therapist", "care_coordinator", "social_worker"),
    sources=(
        "social_worker",
        "midwife",
        "health_visitor",
        "community_paediatrician",
        "childrens_centre",
        "mental_health",
        "family_nurse_partnership",
        "self",
        "other",
    ),
    stages=("waiting", "assessment", "treatment", "review", "ending", "closed"),
    legal=(
        "none",
        "child_in_need",
        "child_protection_plan",
        "pre_proceedings",
        "care_proceedings",
        "ended",
    ),
    placements=("with_parent", "kinship", "foster", "adopted", "hospital", "other"),
    closure_codes=(
        "completed",
        "moved_away",
        "declined",
        "transferred",
        "child_removed",
        "other",
    ),
    consents=("text", "call", "share", "photo", "video", "research", "feedback"),
)
