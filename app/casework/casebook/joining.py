"""One family that was entered twice: joined without moving a note, and parted again.

Both casefiles keep what is in them, signatures and chains included. A record in each says that
they are one, who in one is whom in the other, and which of them goes on; everything new is written
there, and both are read as one. Why: docs/decisions/0010.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.casework.casebook import from_family
from app.casework.casebook import reading as r
from app.casework.casebook.caseloads import Caseloads
from app.casework.casebook.family_lines import tag
from app.casework.casebook.ledger import Ledger, derived_id
from app.casework.casebook.reminding import Reminding
from app.casework.caseload import Role
from app.casework.errors import OneFamily, OnlySupervisors, TwoFamilies, Unknown
from app.casework.family import FamilyTag
from app.casework.folding import folded
from app.casework.joined import Join
from app.casework.moments import local_day
from app.casework.people import Person, PersonKind
from app.casework.resemblance import near
from storage.kinds import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubled:
    """Two families about to be joined: their people, and who could be whom.

    `likely` names for a person of the other family one of the staying family who may be the same;
    a person still decides.
    """

    stays: FamilyTag
    other: FamilyTag
    staying: tuple[Person, ...]
    joining: tuple[Person, ...]
    likely: dict[str, str]


class Joining:
    """Joining and parting. Whoever holds both casefiles may join; who reads is a supervisor's."""

    def __init__(self, ledger: Ledger, caseloads: Caseloads, reminding: Reminding) -> None:
        self._ledger = ledger
        self._caseloads = caseloads
        self._reminding = reminding

    def look(self, stays: str, other: str) -> Doubled:
        """The two side by side, before anything is decided. Raises Unknown, OneFamily."""
        self._two(stays, other)
        staying, joining = self._people(stays), self._people(other)
        return Doubled(
            stays=tag(self._ledger, stays),
            other=tag(self._ledger, other),
            staying=tuple(staying),
            joining=tuple(joining),
            likely=_likely(staying, joining),
        )

    def join(
        self, stays: str, other: str, same: Iterable[tuple[str, str]] = (), *, reason: str = ""
    ) -> str:
        """Say that they are one family. `same` are pairs of persons, staying and joining.

        A supervisor also lets everybody who works with either read both, and gives the workers of
        the other family the one that stays. Raises Unknown, OneFamily.
        """
        self._two(stays, other)
        pairs = self._pairs(stays, other, same)
        supervises = self._ledger.me.role is Role.SUPERVISOR
        self._say(
            stays,
            other,
            stays=stays,
            same=pairs,
            reason=reason.strip(),
            by=self._ledger.me.person,
            at=r.plain(self._ledger.now),
            standing="joined",
            parted_at=None,
            parted_by=None,
            shared=supervises,
        )
        if supervises:
            self._share(stays, other)
        # Of two answers about one number the stricter holds from now on.
        self._reminding.reconcile(stays)
        return other

    def share(self, other: str) -> None:
        """Let everybody who works with either read both, where a worker joined them.

        Raises OnlySupervisors, TwoFamilies.
        """
        self._ledger.require_supervisor()
        join = self.standing(other)
        self._share(join.stays, join.other)
        self._say(join.stays, join.other, shared=True)

    def part(self, other: str, *, reason: str = "") -> None:
        """They were two families after all: each stands for itself again, and nothing is lost.

        A supervisor, or on the same day whoever joined them. Raises OnlySupervisors, TwoFamilies.
        """
        join = self.standing(other)
        if not self.may_part(join):
            raise OnlySupervisors
        self._say(
            join.stays,
            join.other,
            standing="parted",
            parted_at=r.plain(self._ledger.now),
            parted_by=self._ledger.me.person,
            **({"reason": reason.strip()} if reason.strip() else {}),
        )
        if self._ledger.me.role is Role.SUPERVISOR:
            self._unshare(join)
        for family in (join.stays, join.other):
            self._reminding.reconcile(family)

    def may_part(self, join: Join) -> bool:
        """Whether I may take that back: a supervisor any day, its author on the day itself."""
        me = self._ledger.me
        on = local_day(join.at, self._ledger.zone)
        return me.role is Role.SUPERVISOR or (join.author == me.person and on == self._ledger.today)

    def standing(self, other: str) -> Join:
        """The join by which that family was joined to another. Raises TwoFamilies."""
        found = [j for j in self._ledger.joins() if j.other == other and j.here and not j.parted]
        if not found:
            raise TwoFamilies
        return min(found, key=lambda j: (j.at, j.id))

    def of_family(self, family: str) -> list[Join]:
        """The joins that make a family what it is, the earliest first."""
        group = set(self._ledger.together(self._ledger.remaining(family)))
        found = [j for j in self._ledger.joins() if j.here and not j.parted and j.other in group]
        return sorted(found, key=lambda j: (j.at, j.id))

    def elsewhere(self, family: str) -> bool:
        """Whether it is said to be recorded a second time, in a casefile that is not here."""
        return any(
            family in {j.stays, j.other} and not j.here and not j.parted
            for j in self._ledger.joins()
        )

    def to_share(self) -> list[Join]:
        """Joins that a worker made and no supervisor has let everybody read yet."""
        return [j for j in self._ledger.joins() if j.here and not j.parted and not j.shared]

    # --- within

    def _two(self, stays: str, other: str) -> None:
        for family in (stays, other):
            if self._ledger.one(family, "family").casefile != family:
                raise Unknown
        if self._ledger.remaining(stays) == self._ledger.remaining(other):
            raise OneFamily
        if stays != self._ledger.remaining(stays) or other != self._ledger.remaining(other):
            raise OneFamily

    def _pairs(self, stays: str, other: str, same: Iterable[tuple[str, str]]) -> list[Value]:
        here, there = set(self._ledger.together(stays)), set(self._ledger.together(other))
        found: list[Value] = []
        for one, two in same:
            homes = (self._ledger.one(p, "person").casefile for p in (one, two))
            first, second = homes
            if first not in here or second not in there:
                raise Unknown
            found.append([one, two])
        return found

    def _say(self, one: str, two: str, **fields: Value) -> None:
        """The same in both casefiles, for a device may hold only one of them."""
        self._ledger.write(
            self._ledger.statement(
                here, "recorded_twice", _record_id(here, there), {"other": there, **fields}
            )
            for here, there in ((one, two), (two, one))
        )

    def _people(self, family: str) -> list[Person]:
        found = [
            from_family.person(p, {})
            for casefile in self._ledger.together(family)
            for p in self._ledger.find("person", casefile=casefile)
        ]
        doubled = self._ledger.joined().persons
        return [p for p in found if p.id not in doubled]

    # --- who reads

    def _share(self, stays: str, other: str) -> None:
        """Everybody allocated to either works with the one that stays, and reads both."""
        here, there = self._caseloads.of_family(stays), self._caseloads.of_family(other)
        for one in there:
            self._caseloads.allocate(stays, one.worker, one.function)
        for worker in dict.fromkeys(a.worker for a in here):
            self._ledger.access.grant(other, worker)

    def _unshare(self, join: Join) -> None:
        """Those who read one only because of the other read it no more."""
        joined_on = local_day(join.at, self._ledger.zone)
        theirs = {(a.worker, a.function) for a in self._caseloads.of_family(join.other)}
        for one in self._caseloads.of_family(join.stays):
            if (one.worker, one.function) in theirs and one.since >= joined_on:
                self._caseloads.end_allocation(one.id)
        still = {a.worker for a in self._caseloads.of_family(join.other)}
        for one in self._caseloads.of_family(join.stays):
            if one.worker not in still:
                self._ledger.access.remove(join.other, one.worker)


def _record_id(here: str, there: str) -> str:
    return derived_id("recorded_twice", here, there)


def _likely(staying: Sequence[Person], joining: Sequence[Person]) -> dict[str, str]:
    """A first guess, the surest pairs first, each person once."""
    weighed = [
        (_resemblance(one, other), place, one.id, other.id)
        for place, other in enumerate(joining)
        for one in staying
    ]
    found: dict[str, str] = {}
    for weight, _, one, other in sorted(weighed, key=lambda w: (-w[0], w[1], w[2])):
        if weight and other not in found and one not in found.values():
            found[other] = one
    return found


def _resemblance(one: Person, other: Person) -> int:
    """How sure it is that two records are one person; 0 for no sign of it.

    A birthday alone tells grown-ups, not children: twins share theirs.
    """
    if one.kind is not other.kind or (one.dob and other.dob and one.dob != other.dob):
        return 0
    if one.name and folded(one.name) == folded(other.name):
        return 4 if one.dob and one.dob == other.dob else 3
    if one.given and other.given and near(one.given, other.given):
        return 2
    if one.kind is PersonKind.UNBORN:
        return int(not one.name and not other.name)
    unnamed = not one.given or not other.given
    return int(bool(one.dob) and one.dob == other.dob and (one.kind is PersonKind.ADULT or unnamed))
