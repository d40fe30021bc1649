"""Everything a person reads goes through here: one catalogue, so that Welsh can follow.

`_("Saved on this device")` looks a sentence up, `ngettext` counts, `day`, `moment`, `ago` and
`clock` put dates and times into local words, `plain` turns any exception into one kind sentence.
No other folder of the product words anything for people.
"""

from app.wording.catalogue import LANGUAGES, N_, _, current_language, ngettext, speak
from app.wording.dates import (
    ago,
    clock,
    day,
    day_and_time,
    gestation,
    gestation_aloud,
    hours_or_days,
    lasting,
    local,
    long_day,
    moment,
    near_day,
    soon,
)
from app.wording.kindly import Kind, plain

__all__ = [
    "LANGUAGES",
    "N_",
    "Kind",
    "_",
    "ago",
    "clock",
    "current_language",
    "day",
    "day_and_time",
    "gestation",
    "gestation_aloud",
    "hours_or_days",
    "lasting",
    "local",
    "long_day",
    "moment",
    "near_day",
    "ngettext",
    "plain",
    "soon",
    "speak",
]
