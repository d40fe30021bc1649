"""Writing down forms that were filled in, about a family, by a parent, or by nobody known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.casework.casebook import courses
from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger
from app.casework.errors import Missing, Unknown
from app.casework.profile.formula import Score


class Measures:
    """Forms of the service's measures, filled in on their occasions."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def fill_in(
        self,
        family: str,
        measure: str,
        occasion: str,
        scores: Mapping[str, Score],
        on: date | None = None,
        *,
        person: str | None = None,
    ) -> str:
        """A form about or by a family. Raises Missing for a measure the profile does not have."""
        self._checked(measure)
        latest = courses.told(self._ledger, family).latest
        fields = r.plain_fields(
            episode=latest.id if latest else None,
            measure=measure,
            occasion=occasion,
            taken_at=on or self._ledger.today,
            person=person,
        )
        given = {name: value for name, value in fields.items() if value is not None}
        return self._ledger.new(family, "measurement", {**given, "scores": dict(scores)})

    def fill_in_unnamed(
        self,
        measure: str,
        occasion: str,
        scores: Mapping[str, Score],
        on: date | None = None,
        *,
        programme: str = "",
    ) -> str:
        """A form of which nobody shall ever know whose it is: it stands with the team.

        Raises Missing as `fill_in` does, Unknown without a team.
        """
        self._checked(measure)
        team = next(iter(self._ledger.find("team", limit=1)), None)
        if team is None:
            raise Unknown
        fields = r.plain_fields(
            measure=measure,
            occasion=occasion,
            taken_at=on or self._ledger.today,
            programme=programme or None,
        )
        return self._ledger.new(team.casefile, "measurement", {**fields, "scores": dict(scores)})

    def _checked(self, measure: str) -> None:
        if self._ledger.profile.measure(measure) is None:
            raise Missing("measure")
