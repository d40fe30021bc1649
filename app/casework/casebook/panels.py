"""The panel: its agenda from the families on this device, and what it decides."""

from __future__ import annotations

from datetime import date

from app.casework.casebook import clock_readings, courses, family_lines
from app.casework.casebook.closing import Pathways
from app.casework.casebook.ledger import Ledger
from app.casework.casebook.plans import Plans
from app.casework.casebook.supervision import Supervision
from app.casework.episode import Decided
from app.casework.errors import Missing
from app.casework.panel import (
    Agenda,
    AgendaItem,
    PanelForm,
    meeting_on,
    of_panel,
    ready_since,
    settles,
)
from app.casework.pathway import DecisionForm


class Panels:
    """One regular meeting, where the service's profile has one."""

    def __init__(
        self, ledger: Ledger, plans: Plans, pathways: Pathways, supervision: Supervision
    ) -> None:
        self._ledger = ledger
        self._plans = plans
        self._pathways = pathways
        self._supervision = supervision

    def agenda(self) -> Agenda | None:
        """The next meeting and what waits for it; None where the service has no panel."""
        panel, profile = self._ledger.profile.panel, self._ledger.profile
        if panel is None:
            return None
        items, last = [], list[date]()
        for family, told in courses.all_told(self._ledger).items():
            episode = told.latest
            if episode is None:
                continue
            last += [d.on for d in told.decisions if d.kind == panel.decision]
            course = courses.course_of(self._ledger, told, episode)
            since = ready_since(panel, profile, episode, course, told.decisions)
            if since is None:
                continue
            put_off = [
                d
                for d in of_panel(panel, episode, told.decisions)
                if not settles(panel, profile, d)
            ]
            items.append(self._item(family, since, told, tuple(put_off)))
        meets = meeting_on(panel, self._ledger.today, max(last, default=None))
        ordered = sorted(items, key=lambda i: (i.ready_since, i.name, i.family))
        return Agenda(meets_on=meets, items=tuple(ordered))

    def closes(self, outcome: str) -> bool:
        """That outcome ends the episode, which has a screen of its own."""
        panel = self._ledger.profile.panel
        following = self._pathways.follows(panel.decision, outcome) if panel else None
        return following is not None and following.closes

    def decide(self, family: str, form: PanelForm) -> None:
        """Write down what the panel decided, and give the family to whom it chose.

        Raises Missing without an outcome or a panel, OnlySupervisors, NoRoom where one more family
        is one too many, and what a decision raises (see Pathways.decide).
        """
        self._ledger.require_supervisor()
        panel = self._ledger.profile.panel
        if panel is None or not form.outcome:
            raise Missing("outcome")
        self._pathways.decide(
            family,
            DecisionForm(
                kind=panel.decision, outcome=form.outcome, on=form.on, reason=form.reason.strip()
            ),
        )
        for function, worker in form.allocate.items():
            if worker:
                self._supervision.allocate(
                    family, worker, function, form.on, despite_full=form.despite_full
                )

    def _item(
        self, family: str, since: date, told: courses.Told, put_off: tuple[Decided, ...]
    ) -> AgendaItem:
        known = family_lines.features(self._ledger).get(family)
        panel = self._ledger.profile.panel
        kinds = panel.ready.about if panel else ()
        plans = [p for p in self._plans.of_family(family) if p.stands]
        ready = [p for p in plans if not kinds or p.kind in kinds]
        held: dict[str, tuple[str, ...]] = {}
        for one in self._supervision.of_family(family):
            if one.cover is None:
                held[one.function] = (*held.get(one.function, ()), one.worker)
        return AgendaItem(
            family=family,
            name=known.name if known else "",
            ref=known.ref if known else "",
            ready_since=since,
            stage=clock_readings.stage_now(told) or "",
            plan=next(iter(ready), None),
            put_off=put_off,
            functions=held,
        )
