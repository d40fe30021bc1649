"""The demo's copy of a service's profile, in which messages may leave at any hour of any day.

A newcomer who tries the demo in the evening or on a Sunday should see a text leave too. Nothing
else is changed, and a real service keeps its own hours.
"""

from __future__ import annotations

import re
from pathlib import Path

from app.places import PROFILES

_HOURS = re.compile(r"^\[reminders\.sending_hours\]\n.*?(?=^\[)", re.MULTILINE | re.DOTALL)
_ANY = """\
[reminders.sending_hours]
begin = "00:00"
end = "23:59"
days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
bank_holidays = true

"""


def write_profile(folder: Path, service: str) -> Path:
    """The service's shipped profile with those hours, in `folder`, which is given back."""
    folder.mkdir(parents=True, exist_ok=True)
    file = f"{service}.toml"
    text, changed = _HOURS.subn(_ANY, (PROFILES / file).read_text(encoding="utf-8"))
    if changed != 1:
        raise RuntimeError(f"{file} does not say once when messages may leave")
    (folder / file).write_text(text, encoding="utf-8")
    return folder
