"""The codes a file defines, gathered before it is read in earnest, so that any part may name any.

Also reads milestones, whose pieces come from those lists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.casework.profile.facts import COLLECTIONS
from app.casework.profile.milestones import MILESTONES, Milestone
from app.casework.profile.problems import nearest
from app.casework.profile.shapes import VOCABULARIES
from app.casework.profile.standard import STANDARD
from app.casework.profile.tables import Table

_NOWHERE = Milestone(event="opened")


class Known:
    """The codes of each list of the file, by the list's key; and what lies inside some of them."""

    def __init__(self, said: Mapping[str, object]) -> None:
        self._lists = {key: _codes(said.get(key)) for key in VOCABULARIES.values()}
        reminders = said.get("reminders")
        rules = reminders.get("rules") if isinstance(reminders, dict) else None
        self._lists["rules"] = _codes(rules)
        self.outcomes = _within(said.get("decisions"), "outcomes")
        self.occasions = _within(said.get("measures"), "occasions")
        self.domains = _within(said.get("measures"), "domains")
        self._lists["outcomes"] = _all(self.outcomes)
        self._lists["occasions"] = _all(self.occasions)

    def codes(self, name: str) -> tuple[str, ...]:
        """The codes of a list such as `stages`."""
        return self._lists[name]

    def headings(self) -> tuple[str, ...]:
        """Headings may be standard ones without being listed."""
        return (*self.codes("headings"), *STANDARD["heading"])

    def one(self, table: Table, key: str, name: str, default: str | None = None) -> str:
        """A code of that list, from `key`."""
        return table.known(key, table.text(key, default), self.codes(name), name)

    def some(self, table: Table, key: str, name: str, *, needed: bool = False) -> tuple[str, ...]:
        """Codes of that list, from `key`."""
        said = table.texts(key, needed=needed)
        for one in said:
            table.known(key, one, self.codes(name), name)
        return said

    def milestone(self, table: Table, key: str) -> Milestone:
        """The milestone written at `key`; noted, and replaced by another, when there is none."""
        return self.read_milestone(table, key, table.text(key))

    def milestones(self, table: Table, key: str) -> tuple[Milestone, ...]:
        """Several milestones, or one alone."""
        return tuple(self.read_milestone(table, key, one) for one in table.texts(key, needed=True))

    def read_milestone(self, table: Table, key: str, said: str) -> Milestone:
        if not said:
            return _NOWHERE
        event, *about = said.split(":")
        form = MILESTONES.get(event)
        if form is None:
            table.note("no_milestone", key, said=event, near=nearest(event, MILESTONES))
            return _NOWHERE
        if not form.least <= len(about) <= len(form.lists):
            table.note("milestone_about", key, said=said, least=form.least, most=len(form.lists))
            return _NOWHERE
        for n, (code, name) in enumerate(zip(about, form.lists, strict=False)):
            options: Sequence[str] = self.codes(name)
            if n and name == "outcomes":
                options = self.outcomes.get(about[0], ())
            elif n and name == "occasions":
                options = self.occasions.get(about[0], ())
            table.known(key, code, options, name)
        return Milestone(event=event, about=tuple(about))

    def date(self, table: Table, key: str, of: str) -> str | Milestone | None:
        """The date of a collection that must lie in the period, or None where none is named."""
        if not table.has(key):
            return None
        collection = COLLECTIONS[of]
        if collection.milestones:
            return self.milestone(table, key)
        if not collection.dates:
            table.without(key)
            return None
        return table.choice(key, (*collection.dates, *collection.spans))


def _codes(said: object) -> tuple[str, ...]:
    if not isinstance(said, list):
        return ()
    found = (one.get("code") if isinstance(one, dict) else one for one in said)
    return tuple(dict.fromkeys(code for code in found if isinstance(code, str)))


def _within(said: object, key: str) -> dict[str, tuple[str, ...]]:
    rows = [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []
    return {str(one.get("code")): _codes(one.get(key)) for one in rows}


def _all(within: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for codes in within.values() for code in codes))
