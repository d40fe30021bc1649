"""Finds the files of services in their folders, and reads each again only when it has changed.

An organisation's own file stands before the one that comes with the app. A file is named for its
service: `reconnect.toml`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.casework.profile.problems import BadProfile, Fault
from app.casework.profile.reading import LONGEST_FILE, SERVICE, read_profile
from app.casework.profile.shapes import Profile

_READABLE = re.compile(SERVICE.pattern + r"\.toml")


class NoProfile(LookupError):
    """No folder holds a file for that service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One file that was read without a fault. `own`: the organisation's, not the app's."""

    profile: Profile
    text: str
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """All files as they are now: the services that can be chosen, and what is wrong with others."""

    profiles: tuple[Profile, ...]
    bad: tuple[BadProfile, ...]


class Shelf:
    """The profiles of some folders: those of the organisation in their order, then `shipped`.

    Reading is cheap: a file that did not change is kept read.
    """

    def __init__(self, own: Iterable[Path] = (), *, shipped: Path | None = None) -> None:
        self._own: Sequence[Path] = tuple(own)
        self._folders = (*self._own, shipped) if shipped else self._own
        self._read: dict[bytes, Profile | BadProfile] = {}

    def contents(self) -> Contents:
        """Every service there is a file for, by name. Where an organisation's own file has faults
        the one that came with the app still counts, and the faults are told beside it.
        """
        good, bad = self._all()
        by_name = sorted(
            (found.profile for found in good.values()),
            key=lambda p: (p.name.en.casefold(), p.service),
        )
        return Contents(profiles=tuple(by_name), bad=tuple(bad))

    def find(self, service: str) -> Found:
        """The file of a service, from the first folder that has one.

        Raises BadProfile when that file has faults, NoProfile when there is none.
        """
        file = next((f for f in self._files() if f.stem == service), None)
        if file is None:
            raise NoProfile(service)
        return self._found(file)

    def next_best(self, service: str) -> Found | None:
        """A good file of that service from any folder, for when the first has faults."""
        return self._all()[0].get(service)

    def _all(self) -> tuple[dict[str, Found], list[BadProfile]]:
        good: dict[str, Found] = {}
        bad: list[BadProfile] = []
        for file in self._files():
            try:
                found = self._found(file)
            except BadProfile as error:
                bad.append(error)
            else:
                good.setdefault(found.profile.service, found)
        return good, bad

    def _files(self) -> list[Path]:
        found = []
        for folder in self._folders:
            try:
                names = sorted(folder.iterdir())
            except OSError:
                continue
            found += [file for file in names if file.suffix == ".toml"]
        return found

    def _found(self, file: Path) -> Found:
        """Read, or as it was read before. Keyed by what it says, so that an edit is noticed even
        when the clock of the disk is not to be trusted.
        """
        if not _READABLE.fullmatch(file.name):
            raise BadProfile(file.name, [_fault("bad_file_name")])
        try:
            with file.open("rb") as opened:
                said = opened.read(LONGEST_FILE + 1)
        except OSError:
            raise BadProfile(file.name, [_fault("not_readable")]) from None
        profile = self.read(said, file.name)
        text = said.decode("utf-8-sig")
        return Found(profile=profile, text=text, own=file.parent in self._own)

    def read(self, said: bytes, file: str) -> Profile:
        """The profile that these bytes hold, read once however often they are asked about.

        Raises BadProfile.
        """
        key = hashlib.sha256(file.encode() + b"\0" + said).digest()
        if key not in self._read:
            try:
                self._read[key] = read_profile(said, file)
            except BadProfile as error:
                self._read[key] = error
        found = self._read[key]
        if isinstance(found, BadProfile):
            raise BadProfile(found.file, found.faults)
        return found


def _fault(code: str) -> Fault:
    return Fault(line=1, field="", code=code, values={})
