"""What the demo's people and their work are called in a service: read from its profile.

The thirty families are told once; their stages, contact types, functions and places are those of
whichever service the demo runs, so that a fifth one can be tried out before it has any history.
"""

from __future__ import annotations

from app.casework.profile import JobRole, Profile

_STAGE_WEEKS = (0, 6, 26, 50)
"""Weeks after allocation at which the stages of a long piece of work begin."""
_WITH_PANEL_WEEKS = (0, 2, 5, 14)
"""The same where a panel meets every week or two and gives work out soon after the plan."""


class Casting:
    """One service's words for the parts that the demo's story needs."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        booked = [c for c in profile.contact_types if c.counts == "attendance" and c.venue]
        self.visit = next((c for c in booked if c.venue == "home"), profile.contact_types[0])
        away = [c for c in booked if c.venue != self.visit.venue]
        self.elsewhere = next(iter(away), self.visit)
        """Where a family comes instead of being visited."""
        self.session = min(
            (c for c in away if c.venue == "clinic"),
            key=lambda c: c.minutes,
            default=self.elsewhere,
        )
        """What the second worker holds."""
        self.call = profile.by_telephone
        self.meeting = next(
            (c.code for c in profile.contact_types if c.counts == "neither"), self.call
        )

    def is_session(self, kind: str) -> bool:
        """Whether the second worker wrote about a contact of that kind."""
        return kind == self.session.code and self.session.code != self.elsewhere.code

    def function(self, number: int) -> str:
        """What the first, second or third worker is allocated for."""
        functions = self._profile.functions
        return functions[min(number, len(functions) - 1)].code

    def stages(self) -> list[tuple[str, int]]:
        """The way through the service and the weeks after allocation when each stage begins, the
        closing one left out; a stage that can be gone back to is.
        """
        way = []
        stage = self._profile.first_stage
        while stage.next and (following := self._profile.stage(stage.next[0])) is not None:
            stage = following
            if stage.closes:
                break
            way.append(stage)
        usual = _WITH_PANEL_WEEKS if self._profile.panel else _STAGE_WEEKS
        weeks = (*usual, *range(60, 60 + 4 * len(way), 4))
        told = []
        for begun, week in zip(way, weeks, strict=False):
            told.append((begun.code, week))
            if begun.back and begun is not way[-1]:
                told.append((begun.back[0], week + 2))
        return told

    @property
    def ends_after_birth(self) -> bool:
        """Whether this is a service before birth: its last stage begins when the child is here."""
        return any(clock.anchor.event == "edd" for clock in self._profile.clocks)

    @property
    def closing(self) -> str:
        """The stage a family that has ended is in."""
        return self._profile.closing_stage.code

    @property
    def sources(self) -> tuple[str, ...]:
        """Who refers, without the catch-alls at the end of the list."""
        named = [c.code for c in self._profile.sources if c.code not in ("self", "other")]
        return tuple(named) or (self._profile.sources[0].code,)

    @property
    def via(self) -> str:
        """Through whom referrals come; empty where they come directly."""
        return self._profile.via[0].code if self._profile.via else ""

    def legal(self, codes: tuple[str, ...]) -> tuple[str, ...]:
        """Those legal statuses that the service knows."""
        known = self._profile.codes("legal") or ()
        return tuple(code for code in codes if code in known)

    def locality(self, number: int, otherwise: str) -> str:
        """One of the service's areas, or the place the family's table says."""
        areas = self._profile.localities
        return areas[number % len(areas)].code if areas else otherwise


def worker_roles(profile: Profile) -> tuple[JobRole, JobRole, JobRole]:
    """What the supervisor, the first and the second worker are by their jobs.

    A worker has the job that bears the name of her function, where the service has one.
    """
    casting = Casting(profile)
    heads = [r for r in profile.roles if r.supervises] or list(profile.roles)
    others = [r for r in profile.roles if not r.supervises] or list(profile.roles)
    found = []
    for number in range(2):
        wanted = casting.function(number)
        job = next((r for r in others if r.code == wanted), others[0])
        if len(others) > 1:
            others.remove(job)
        found.append(job)
    return heads[0], found[0], found[1]
