"""A fifth service, told in one file: Harbour House, which works with families on boats."""

from __future__ import annotations

from pathlib import Path

HARBOUR = """\
service = "harbour"
version = 1
calendar = "WLS"
languages = ["en", "cy"]
stale_hours = 48

roles = [
  { code = "skipper", en = "Skipper", cy = "Capten", supervises = true },
  { code = "deckhand", en = "Deckhand", cy = "Llongwr" },
]
teams = [{ code = "east_quay", en = "East Quay", cy = "Cei'r Dwyrain" }]
functions = [
  { code = "pilot", en = "Pilot", cy = "Peilot", needed_in = ["afloat"] },
  { code = "cook", en = "Ship's cook", cy = "Cogydd y llong" },
]
localities = [{ code = "old_dock", en = "St Elmo's Dock", cy = "Doc Sant Elmo" }]
sources = [
  { code = "lighthouse", en = "Lighthouse keeper", cy = "Ceidwad y goleudy" },
  "midwife",
]
via = [{ code = "harbour_office", en = "Harbour office", cy = "Swyddfa'r harbwr" }]
legal = ["none", "child_protection_plan", { code = "ward", en = "Ward of court", cy = "Ward llys" }]
placements = ["with_parent", { code = "aboard", en = "Aboard", cy = "Ar fwrdd", at_home = true }]
indicators = [
  { code = "domestic_abuse", en = "Domestic abuse", cy = "Cam-drin", means = "domestic_abuse" },
]
consents = ["text", "call"]
closures = [{ code = "landed", en = "Safely ashore", cy = "Ar y lan", completed = true }]
destinations = [{ code = "town", en = "The town", cy = "Y dref" }]
venues = ["home", { code = "quay", en = "On the quay", cy = "Ar y cei" }, "telephone"]
headings = [{ code = "weather", en = "The weather aboard", cy = "Y tywydd ar fwrdd" }]
interventions = [{ code = "knots", en = "Tying knots", cy = "Clymu clymau" }]
agencies = [{ code = "coastguard", en = "Coastguard", cy = "Gwylwyr y glannau" }]
appraisals = [{ code = "hull", en = "Look at the hull", cy = "Golwg ar y corff", working_days = 5 }]
plans = [{ code = "chart", en = "The chart", cy = "Y siart", review_days = 42 }]
sections = [{ code = "crew", en = "The crew", cy = "Y criw" }]

[name]
en = "Harbour House"
cy = "Tŷ'r Harbwr"

[about]
en = "Families who live on boats"
cy = "Teuluoedd sy'n byw ar gychod"

[capacity]
families = 7
waiting_by = "locality"

[[caseload]]
role = "deckhand"
least = 2
most = 5

[[eligibility]]
code = "young"
en = "A child under five"
cy = "Plentyn o dan bump"
fact = "youngest_months"
below = 60
why = { en = "For small children.", cy = "I blant bach." }

[[stages]]
code = "moored"
en = "Moored"
cy = "Wedi angori"
standing = "waiting"
next = ["afloat", "ashore"]

[[stages]]
code = "afloat"
en = "Afloat"
cy = "Ar y dŵr"
next = ["homeward", "ashore"]

[[stages]]
code = "homeward"
en = "Homeward bound"
cy = "Ar y ffordd adref"
next = ["ashore"]
back = ["afloat"]

[[stages]]
code = "ashore"
en = "Ashore"
cy = "Ar y lan"
standing = "closed"

[[clocks]]
code = "chart"
en = "Chart drawn"
cy = "Siart wedi'i llunio"
anchor = "referral_received"
amount = 21
met_by = "plan_agreed:chart"
warn = 3
pauses = [{ code = "storm", en = "A storm", cy = "Storm" }]

[[clocks]]
code = "assessment"
en = "Looked at by 28 weeks"
cy = "Wedi edrych erbyn 28 wythnos"
anchor = "edd"
amount = -84
unit = "edd_offset"
met_by = "stage:afloat"
for_each = "baby"

[[decisions]]
code = "muster"
en = "Muster"
cy = "Cynnull"
outcomes = [{ code = "sail", en = "Sail", cy = "Hwylio", moves_to = "afloat" }]

[panel]
en = "Captains' table"
cy = "Bwrdd y capteiniaid"
weekday = "tuesday"
ready = "plan_agreed"
decision = "muster"
allocates = ["cook"]

[[contact_types]]
code = "deck_visit"
en = "Visit on deck"
cy = "Ymweliad ar y dec"
venue = "quay"
minutes = 45
headings = ["weather", "worries", "agreed_next"]

[[contact_types]]
code = "ship_to_shore"
en = "Ship to shore call"
cy = "Galwad llong i'r lan"
counts = "contact"
venue = "telephone"
mechanism = "02"

[[programmes]]
code = "sea_legs"
en = "Sea legs"
cy = "Coesau môr"
sessions = 8
contact_type = "deck_visit"
venue = "quay"

[[measures]]
code = "steadiness"
en = "Steadiness"
cy = "Sadrwydd"
better = "higher"
total = "(keel + 2 * mast) / 3"
domains = [
  { code = "keel", en = "Keel", cy = "Cilbren", least = 0, most = 10 },
  { code = "mast", en = "Mast", cy = "Mast", least = 0, most = 10, better = "lower" },
]
occasions = ["initial", { code = "landfall", en = "At landfall", cy = "Wrth lanio" }]

[reminders]
until_known = ["cy", "en"]
review_months = 2
max_silence_hours = 12
voice = false

[reminders.sending_hours]
begin = "08:30"
end = "18:00"
days = ["monday", "wednesday"]

[reminders.replies]
confirm = ["AYE"]
change = ["CHANGE", "NEWID"]
stop = ["STOP", "STOPIO"]

[[reminders.rules]]
code = "bell"
en = "Ship's bell, two days before"
cy = "Cloch y llong, ddeuddydd cynt"
channel = "text"
days_before = 2
template = "bell"

[[reminders.rules]]
code = "hail"
en = "Hail the day before"
cy = "Galw'r diwrnod cynt"
channel = "call_task"
days_before = 1
when = "first_visit"

[reminders.templates.bell]
en = "{worker} will come aboard {weekday} {date}, {time}."
cy = "Bydd {worker} yn dod ar fwrdd {weekday} {date}, {time}."
en_easy = "{worker} comes.\\n{weekday} {date}.\\n{time}."
cy_easy = "Daw {worker}.\\n{weekday} {date}.\\n{time}."

[reminders.templates.moved]
en = "New time with {worker}: {weekday} {date}, {time}."
cy = "Amser newydd gyda {worker}: {weekday} {date}, {time}."
en_easy = "New time with {worker}:\\n{weekday} {date}.\\n{time}."
cy_easy = "Amser newydd gyda {worker}:\\n{weekday} {date}.\\n{time}."

[reminders.templates.cancelled]
en = "{worker} cannot come {weekday} {date}."
cy = "Ni all {worker} ddod {weekday} {date}."
en_easy = "{worker} cannot come.\\n{weekday} {date}."
cy_easy = "Ni all {worker} ddod.\\n{weekday} {date}."

[reminders.templates.voice_greeting]
en = "Call from {worker}. Press 1 if you were expecting it."
cy = "Galwad gan {worker}. Pwyswch 1 os oeddech yn ei disgwyl."

[reminders.templates.voice_details]
en = "{weekday} {date} at {time}."
cy = "{weekday} {date} am {time}."

[reminders.templates.voice_confirmed]
en = "Thank you."
cy = "Diolch."

[reminders.templates.voice_change]
en = "We will ring you."
cy = "Byddwn yn eich ffonio."

[reminders.templates.staff_reply]
en = "Please open the app now."
cy = "Agorwch yr ap nawr."

[lone_worker]
minutes = 60
grace = 10
again = 5
steps = ["worker", "duty"]

[[tiles]]
code = "afloat"
en = "Afloat now"
cy = "Ar y dŵr nawr"
section = "crew"
show = "percentage"
numerator = { count = "episodes", where = { stage = "afloat" } }
denominator = { count = "episodes", where = { standing = ["waiting", "open"] } }

[[tiles]]
code = "steadier"
en = "Steadier"
cy = "Yn fwy sad"
show = "mean"
numerator = { count = "episodes", during = "closed" }
mean = { change_of = "steadiness", from = "initial", to = "landfall" }

[[funnels]]
code = "voyage"
en = "The voyage"
cy = "Y fordaith"
start = { count = "episodes", during = "referral_received" }
steps = [{ code = "sailed", en = "Sailed", cy = "Hwyliodd", reached = "stage:afloat" }]
"""


def write_profile(folder: Path, text: str = HARBOUR, service: str = "harbour") -> Path:
    """That file in a folder of an organisation's own."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{service}.toml"
    file.write_text(text, encoding="utf-8")
    return file
