"""What kind of contact an appointment or a note is about."""

from __future__ import annotations

from enum import StrEnum


class ContactType(StrEnum):
    """Standard codes of contacts. A service offers those of its profile, perhaps with its own."""

    HOME_VISIT = "home_visit"
    CENTRE_VISIT = "centre_visit"
    CLINIC_SESSION = "clinic_session"
    THERAPY_SESSION = "therapy_session"
    VIDEO_FEEDBACK = "video_feedback"
    GROUP_SESSION = "group_session"
    TELEPHONE_SUPPORT = "telephone_support"
    FAMILY_MEETING = "family_meeting"
    PROFESSIONALS_MEETING = "professionals_meeting"
    SUPERVISION = "supervision"
    OTHER = "other"
