"""Forms that somebody began and did not finish: kept on this device only, sealed like notes.

Sealed to the family they are about; one about no family yet, to the team's casefile. There is one
for each form and record, so that coming back finds it.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger, derived_id
from app.casework.unfinished import Begun
from storage.drafts import Draft
from storage.kinds import Value

FORM = "form"
"""The field that tells a form's draft from a note's."""


class Unfinished:
    """Keeping what was filled in, finding it again, throwing it away."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def keep(
        self,
        form: str,
        about: str,
        said: Mapping[str, Value],
        *,
        route: str,
        casefile: str | None = None,
    ) -> bool:
        """Keep what was filled in, durably; nothing filled in keeps nothing.

        `casefile` is whose words they are. False where no casefile is here to seal them to.
        Raises what a write raises.
        """
        if not said:
            self.drop(form, about)
            return True
        sealed_to = casefile or self._teams()
        if sealed_to is None:
            return False
        fields: dict[str, Value] = {
            FORM: form,
            "about": about,
            "route": route,
            "said": dict(said),
        }
        self._ledger.vault.save_draft(sealed_to, _id(form, about), fields)
        return True

    def find(self, form: str, about: str) -> Begun | None:
        """What was filled in of that form earlier."""
        wanted = _id(form, about)
        return next((self._begun(d) for d in self._drafts() if d.draft_id == wanted), None)

    def all(self) -> list[Begun]:
        """Every unfinished form on this device, the latest first."""
        return [self._begun(d) for d in self._drafts()]

    def drop(self, form: str, about: str) -> None:
        """It is saved, or not wanted any more."""
        self._ledger.vault.drop_draft(_id(form, about))

    def _drafts(self) -> list[Draft]:
        return [d for d in self._ledger.vault.drafts() if is_form(d)]

    def _begun(self, draft: Draft) -> Begun:
        said = draft.fields.get("said")
        family = self._ledger.family_of(draft.casefile)
        return Begun(
            form=r.text(draft.fields, FORM),
            about=r.text(draft.fields, "about"),
            route=r.text(draft.fields, "route"),
            family=None if draft.casefile == self._teams() else family,
            said=said if isinstance(said, dict) else {},
            saved_at=draft.saved_at,
        )

    def _teams(self) -> str | None:
        found = self._ledger.find("team", limit=1)
        return found[0].casefile if found else None


def is_form(draft: Draft) -> bool:
    """Whether a draft is a form's and no note."""
    return FORM in draft.fields


def _id(form: str, about: str) -> str:
    return derived_id("form", form, about)
