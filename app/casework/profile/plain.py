"""The profile to work with where there is no other: standard codes, no figures, careful reminders.

A device uses it until it knows its team's service, and when that service's file cannot be used and
no good copy of it has arrived. Records stay readable and can be written; nothing is refused.
"""

from __future__ import annotations

from functools import cache

from app.casework.profile.reading import read_profile
from app.casework.profile.shapes import Profile
from app.casework.profile.standard import STANDARD

SERVICE = "plain"

_TEXT = """
service = "plain"
version = 1
calendar = "ENG"
languages = ["en", "cy"]
name = { en = "Family service", cy = "Gwasanaeth teuluoedd" }
stale_hours = 72

roles = [{ code = "worker", en = "Worker", cy = "Gweithiwr" }]

[reminders]
until_known = ["cy", "en"]
review_months = 3
max_silence_hours = 24
replies = { confirm = ["1"], change = ["CHANGE", "NEWID", "2"], stop = ["STOP", "STOPIO", "9"] }

[[reminders.rules]]
code = "call_day_before"
en = "Ring the day before"
cy = "Ffonio'r diwrnod cynt"
channel = "call_task"
days_before = 1

[reminders.sending_hours]
begin = "09:00"
end = "19:00"
days = ["monday", "tuesday", "wednesday", "thursday", "friday"]

[reminders.templates.moved]
en = "Hi. {worker} will now see you on {weekday} {date}, {time}."
cy = "Helo. Bydd {worker} yn eich gweld ar {weekday} {date}, {time}."
en_easy = "Hi.\\nNew day: {weekday} {date}.\\nTime: {time}.\\n{worker} will see you."
cy_easy = "Helo.\\nDiwrnod newydd: {weekday} {date}.\\nAmser: {time}.\\nGyda {worker}."
[reminders.templates.cancelled]
en = "Hi. {weekday} {date}, {time} is called off. {worker} will ring you."
cy = "Helo. Mae {weekday} {date}, {time} wedi'i ganslo. Bydd {worker} yn eich ffonio."
en_easy = "Hi.\\nCalled off: {weekday} {date}, {time}.\\n{worker} will ring you."
cy_easy = "Helo.\\nWedi'i ganslo: {weekday} {date}, {time}.\\nBydd {worker} yn eich ffonio."
[reminders.templates.voice_greeting]
en = "Call from {worker}. Press 1 if you were expecting it."
cy = "Galwad gan {worker}. Pwyswch 1 os oeddech yn ei disgwyl."
[reminders.templates.voice_details]
en = "You are seen on {weekday} {date} at {time}."
cy = "Byddwch yn cael eich gweld ar {weekday} {date} am {time}."
[reminders.templates.voice_confirmed]
en = "Thank you. Goodbye."
cy = "Diolch. Hwyl fawr."
[reminders.templates.voice_change]
en = "Somebody will ring you. Goodbye."
cy = "Bydd rhywun yn eich ffonio. Hwyl fawr."
[reminders.templates.staff_reply]
en = "Please open the app now."
cy = "Agorwch yr ap nawr, os gwelwch yn dda."

[lone_worker]
minutes = 75
grace = 15
again = 5
steps = ["worker", "buddy", "duty", "supervisor"]
"""


@cache
def plain_profile() -> Profile:
    """The plain profile; the same one every time."""
    return read_profile(_lists() + _TEXT, f"{SERVICE}.toml")


def _lists() -> str:
    """The standard codes, as the lists of a file."""
    offered = {
        "functions": "function",
        "sources": "source",
        "closures": "closure",
        "legal": "legal",
        "placements": "placement",
        "consents": "consent",
        "venues": "venue_type",
    }
    lines = [f"{key} = {list(STANDARD[name])}" for key, name in offered.items()]
    waiting, *rest = STANDARD["stage"]
    stages = [waiting, *rest[:-1]]
    ways = ", ".join(
        f'{{code = "{code}", next = ["{after}"], '
        f'standing = "{"waiting" if code == waiting else "open"}"}}'
        for code, after in zip(stages, rest, strict=True)
    )
    lines.append(f'stages = [{ways}, {{code = "{rest[-1]}", standing = "closed"}}]')
    kinds = ", ".join(
        f'{{code = "{code}", counts = "{_COUNTS.get(code, "attendance")}"}}'
        for code in STANDARD["contact_type"]
    )
    lines.append(f"contact_types = [{kinds}]")
    return "\n".join(lines)


_COUNTS = {
    "telephone_support": "contact",
    "professionals_meeting": "neither",
    "supervision": "neither",
}
