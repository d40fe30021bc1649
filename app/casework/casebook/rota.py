"""The duty rota: who takes over on which day, as the team has written it down."""

from __future__ import annotations

from datetime import date

from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger, derived_id
from app.casework.casebook.team import Team
from app.casework.duty import DutyRota
from app.casework.errors import Unknown


class Rota:
    """Reading and changing the rota. It lies in the team's casefile."""

    def __init__(self, ledger: Ledger, team: Team) -> None:
        self._ledger = ledger
        self._team = team

    def rota(self) -> DutyRota:
        """The whole rota as it stands."""
        return self._ledger.remembered("duty", ("duty",), self._read)

    def on(self, day: date | None = None) -> str | None:
        """Who is on duty on that day, today by default; None when nobody is."""
        return self.rota().on(day or self._ledger.today)

    def set_weekday(self, weekday: int, worker: str | None) -> None:
        """Every week on that day, Monday as 0. None takes the day off the rota."""
        if not 0 <= weekday <= 6:
            raise ValueError("there are seven days in a week")
        self._set(str(weekday), worker)

    def set_day(self, day: date, worker: str | None) -> None:
        """On that single day somebody else, or nobody."""
        self._set(day.isoformat(), worker)

    def _set(self, day: str, worker: str | None) -> None:
        self._ledger.require_supervisor()
        team = self._team.team()
        if team is None:
            raise Unknown
        fields = r.plain_fields(day=day, worker=worker or "")
        record = derived_id("duty", team.id, day)
        self._ledger.write([self._ledger.statement(team.id, "duty", record, fields)])

    def _read(self) -> DutyRota:
        weekly: dict[int, str] = {}
        days: dict[date, str] = {}
        for record in self._ledger.find("duty"):
            said = r.text(record.fields, "day")
            worker = r.text(record.fields, "worker")
            single = r.maybe_day(record.fields, "day")
            if said.isdigit() and len(said) == 1:
                weekly[int(said)] = worker
            elif single is not None:
                days[single] = worker
        return DutyRota(weekly=weekly, days=days)
