"""Which profile a device works with: its file, the team's kept copy, or the plain one.

A device must go on working whatever happens to a file. The team's casefile holds a copy of the
profile that its supervisors put in force; where a device's own file has faults or is missing, the
copy stands in, and where there is none the plain profile does. What was passed over is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.casework.profile.plain import plain_profile
from app.casework.profile.problems import BadProfile
from app.casework.profile.shapes import Profile
from app.casework.profile.shelf import Found, NoProfile, Shelf

Origin = Literal["file", "copy", "other_file", "plain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The team's copy of a profile: the file's text, the version it says it is, and whether it was
    the organisation's own.
    """

    service: str
    version: int
    text: str
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """The profile in force. `origin` says where it is from, `bad` what is wrong with the file
    that would have been used. `found` is the file, where it is from one. `not_for_all`: that file
    says something else than the team's copy, so a supervisor may put it in force for everybody.
    """

    profile: Profile
    origin: Origin
    found: Found | None = None
    bad: BadProfile | None = None
    not_for_all: bool = False


def in_force(shelf: Shelf, service: str, kept: Kept | None) -> InForce:
    """The profile of that service. Of a good file and the copy the later version counts, and of
    the same version the file. A file that came with the app never stands before a copy of the
    organisation's own. Never raises: there is always something to work with.
    """
    file, bad = _from_file(shelf, service)
    if file is None or _behind(file, kept):
        copy = _from_copy(shelf, kept)
        if copy is not None:
            return InForce(profile=copy, origin="copy", bad=bad)
    if file is not None:
        for_all = kept is not None and kept.text == file.text
        return InForce(profile=file.profile, origin="file", found=file, not_for_all=not for_all)
    other = shelf.next_best(service)
    if other is not None:
        return InForce(profile=other.profile, origin="other_file", found=other, bad=bad)
    return InForce(profile=plain_profile(), origin="plain", bad=bad)


def _behind(file: Found, kept: Kept | None) -> bool:
    """Whether the team's copy stands before that file. It need not be read to know."""
    if kept is None:
        return False
    return (kept.own and not file.own) or file.profile.version < kept.version


def _from_file(shelf: Shelf, service: str) -> tuple[Found | None, BadProfile | None]:
    try:
        return shelf.find(service), None
    except NoProfile:
        return None, None
    except BadProfile as error:
        return None, error


def _from_copy(shelf: Shelf, kept: Kept | None) -> Profile | None:
    """The copy as a profile; one that an app cannot read, perhaps because it is newer, is none."""
    if kept is None:
        return None
    try:
        return shelf.read(kept.text.encode(), f"{kept.service}.toml")
    except BadProfile:
        return None
