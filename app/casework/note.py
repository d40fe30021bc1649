"""A note: drafted, signed, immutable from then on, with addenda below it.

The text starts from headings that fit the kind of contact; headings are codes, because the app
words them. A note has a length that a person can still read and one change can still carry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from app.casework.contact_type import ContactType
from app.casework.errors import Missing, NoteTooLong, PastedImage
from app.casework.pasted import find_image

if TYPE_CHECKING:
    from app.casework.profile import Profile

LONGEST_NOTE = 200_000
"""Characters. Source: what one sealed change may carry, with room for the rest of the record."""


class Seen(StrEnum):
    """Whether the child was seen, or seen alone. A child not yet born can be neither."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"
    NOT_SAID = "not_said"


class NoteState(StrEnum):
    """How far a note has come."""

    DRAFT = "draft"
    UNSIGNED = "unsigned"
    SIGNED = "signed"


_PRACTICE = ("what_we_did", "parent_and_child", "how_baby_is", "what_parent_said")
_CLOSE = ("worries", "strengths", "agreed_next")

_TEMPLATES: dict[str, tuple[str, ...]] = {
    ContactType.HOME_VISIT: ("home_conditions", *_PRACTICE, *_CLOSE),
    ContactType.CENTRE_VISIT: (*_PRACTICE, *_CLOSE),
    ContactType.CLINIC_SESSION: ("how_parent_came", *_PRACTICE, *_CLOSE),
    ContactType.THERAPY_SESSION: ("how_parent_came", "themes", "reflection", *_CLOSE),
    ContactType.VIDEO_FEEDBACK: ("clip_watched", "what_parent_noticed", "attunement", *_CLOSE),
    ContactType.GROUP_SESSION: ("theme_of_session", "taking_part", "parent_and_child", *_CLOSE),
    ContactType.TELEPHONE_SUPPORT: ("reason_for_call", "what_parent_said", *_CLOSE),
    ContactType.FAMILY_MEETING: ("purpose", "views_heard", "decisions", *_CLOSE),
    ContactType.PROFESSIONALS_MEETING: ("purpose", "information_shared", "decisions", *_CLOSE),
    ContactType.SUPERVISION: ("reflection", "decisions", "agreed_next"),
    ContactType.OTHER: (),
}


_ABOUT_CHILD = frozenset({"parent_and_child", "how_baby_is", "attunement"})
AFTER_LOSS = ("how_parent_is", "who_is_there")
"""Headings in place of those about a child, where a loss or a removal has left none."""


def headings(
    contact_type: str, profile: Profile | None = None, *, child_there: bool = True
) -> tuple[str, ...]:
    """Codes of the headings a note of that kind starts with; empty for plain writing.

    A profile may name its own for any contact type; a standard one has some without. Where a loss
    or a removal has left no child, no heading asks about one; it asks after the parent instead.
    """
    offered = profile.contact_type(contact_type) if profile else None
    usual = _TEMPLATES.get(contact_type, ())
    if offered is not None and offered.headings is not None:
        usual = offered.headings
    about = [place for place, code in enumerate(usual) if code in _ABOUT_CHILD]
    if child_there or not about:
        return usual
    after = [code for code in usual[about[0] :] if code not in _ABOUT_CHILD]
    return (*usual[: about[0]], *AFTER_LOSS, *after)


def checked_text(text: str) -> str:
    """The text, if one note may hold it. Raises NoteTooLong or PastedImage; blank is allowed."""
    image = find_image(text)
    if image is not None:
        raise PastedImage(*image)
    if len(text) > LONGEST_NOTE:
        raise NoteTooLong(len(text), LONGEST_NOTE)
    return text


def checked_for_signing(text: str) -> str:
    """The text, if it may be signed. Raises Missing when blank, and what `checked_text` raises."""
    if not text.strip():
        raise Missing("text")
    return checked_text(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDraft:
    """Text being written. The id becomes the note's when it is signed, so nothing doubles."""

    id: str
    family: str
    restricted: bool = False
    contact_type: str = ContactType.HOME_VISIT
    occurred_at: datetime
    appointment: str | None = None
    people: tuple[str, ...] = ()
    workers: tuple[str, ...] = ()
    child_seen: Seen = Seen.NOT_SAID
    seen_alone: Seen = Seen.NOT_SAID
    goals: tuple[str, ...] = ()
    text: str = ""
    started_at: datetime
    saved_at: datetime | None = None
    on_record: bool = False
    moved_from: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Addendum:
    """What was added to a signed note later."""

    id: str
    text: str
    writer: str
    signed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAct:
    """One thing a supervisor did with a signed note."""

    id: str
    act: str
    reviewer: str
    at: datetime
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note on record. `other_texts` are what else was written offline at the same time.

    `conflict`: not signed, and somebody has to choose between the texts. `review` is the state
    that its reviews add up to, one of `review.ReviewState`. `text_hidden`: restricted, and not
    opened with a reason yet. `adopted_by`: the supervisor who took it into the record when the
    access of its writer had ended.
    """

    id: str
    family: str
    casefile: str
    restricted: bool
    contact_type: str
    occurred_at: datetime
    appointment: str | None
    writer: str
    people: tuple[str, ...]
    workers: tuple[str, ...]
    child_seen: Seen
    seen_alone: Seen
    goals: tuple[str, ...]
    text: str
    other_texts: tuple[str, ...] = ()
    text_hidden: bool = False
    started_at: datetime
    signed_at: datetime | None
    addenda: tuple[Addendum, ...] = ()
    reviews: tuple[ReviewAct, ...] = ()
    review: str = "waiting"
    in_wrong_family: bool = False
    moved_from: str | None = None
    conflict: bool = False
    adopted_by: str | None = None
    adopted_at: datetime | None = None
    sent: bool = False

    @property
    def signed(self) -> bool:
        return self.signed_at is not None

    @property
    def state(self) -> NoteState:
        return NoteState.SIGNED if self.signed else NoteState.UNSIGNED
