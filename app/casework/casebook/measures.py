"""Writing down forms that were filled in, about a family, by a parent, or by nobody known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.casework.casebook import courses
from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger
from app.casework.episode import episode_of
from app.casework.errors import Missing, NotInRange, Unknown
from app.casework.measure_course import Given, MeasureCourse, Taken, course_of, fits
from app.casework.moments import local_day
from app.casework.profile.measures import Measure
from storage.query import Record


class Measures:
    """Forms of the service's measures, filled in on their occasions."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def fill_in(
        self,
        family: str,
        measure: str,
        occasion: str,
        scores: Mapping[str, Given],
        on: date | None = None,
        *,
        person: str | None = None,
    ) -> str:
        """A form about or by a family, perhaps half filled; gives its id.

        Raises Missing for a measure the profile does not have, NotInRange for a score that cannot
        be.
        """
        self._checked(measure, scores)
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
        scores: Mapping[str, Given],
        on: date | None = None,
        *,
        programme: str = "",
    ) -> str:
        """A form of which nobody shall ever know whose it is: it stands with the team.

        Raises Missing as `fill_in` does, Unknown without a team.
        """
        self._checked(measure, scores)
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

    def correct(
        self, form: str, occasion: str, answers: Mapping[str, Given], on: date | None = None
    ) -> None:
        """Write down what is right; what was written before stays in its history.

        Raises Unknown, Missing, NotInRange.
        """
        record = self._ledger.one(form, "measurement")
        self._checked(r.text(record.fields, "measure"), answers)
        fields = r.plain_fields(occasion=occasion, taken_at=on or self._ledger.today)
        self._ledger.change(record, {**fields, "scores": dict(answers)})

    def get(self, form: str) -> Taken:
        """One form that was filled in. Raises Unknown."""
        return self._read(self._ledger.one(form, "measurement"))

    def courses(self, family: str) -> tuple[MeasureCourse, ...]:
        """Every measure of the service with that family, in the episode that is open or was last.

        Anonymous ones are left out: nobody knows whose they are.
        """
        told = courses.told(self._ledger, family)
        taken = []
        for record in self._ledger.of_family("measurement", family):
            one = self._read(record)
            named = r.text(record.fields, "episode") or None
            own = episode_of(told.episodes, one.on, named) if told.latest else None
            if told.latest is None or (own is not None and own.id == told.latest.id):
                taken.append(one)
        return tuple(
            course_of(measure, taken)
            for measure in self._ledger.profile.measures
            if not measure.anonymous and measure.respondent != "professional"
        )

    def _read(self, record: Record) -> Taken:
        f = record.fields
        answers = f.get("scores")
        known = answers if isinstance(answers, dict) else {}
        return Taken(
            id=record.record,
            measure=r.text(f, "measure"),
            occasion=r.text(f, "occasion"),
            on=r.maybe_day(f, "taken_at") or local_day(record.at, self._ledger.zone),
            answers={
                code: given
                for code, given in known.items()
                if isinstance(given, int | float | str) and not isinstance(given, bool)
            },
            person=r.text(f, "person"),
            sent=record.sent,
        )

    def _checked(self, code: str, answers: Mapping[str, Given]) -> Measure:
        measure = self._ledger.profile.measure(code)
        if measure is None:
            raise Missing("measure")
        for name, given in answers.items():
            domain = measure.domain(name)
            if domain is None or domain.answer == "text":
                continue
            if isinstance(given, str) or not fits(domain, given):
                raise NotInRange(name)
        return measure
