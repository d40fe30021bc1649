"""Notes, from the first word to the signature and after."""

from __future__ import annotations

from app.casework.casebook.wrong_family import WrongFamily


class Notes(WrongFamily):
    """Everything about notes: `Drafts`, `NoteReading`, `NoteSigning` and `WrongFamily` in one."""
