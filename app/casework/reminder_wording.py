"""The wording that every service starts with; a profile may replace any of it.

Written so that whoever reads it over a shoulder learns of a first name and a time. No reproach and
no price of a missed visit: these parents fear judgement. "Reply CHANGE", because providers take
CANCEL for an opt-out. Welsh is part of the wording, not a translation of it, and is to be read
through by each Welsh service.
"""

from __future__ import annotations

from types import MappingProxyType

from app.casework.message_template import MessageTemplate

REMINDER, MOVED, CALLED_OFF = "reminder", "moved", "cancelled"

_WORDINGS = {
    REMINDER: {
        "en": "Hi. {worker} will see you {weekday} {date}, {time}. "
        "Reply CHANGE if you need another time.",
        "en_easy": "{worker} will see you.\n{weekday} {date}.\n{time}.\n"
        "Need another time?\nReply CHANGE.",
        "cy": "Helo. Bydd {worker} yn eich gweld {weekday} {date}, {time}. "
        "Atebwch NEWID i gael amser arall.",
        "cy_easy": "Bydd {worker} yn eich gweld.\n{weekday} {date}.\n{time}.\n"
        "Eisiau amser arall?\nAtebwch NEWID.",
    },
    "reminder_by_phone": {
        "en": "Hi. {worker} will ring you {weekday} {date}, {time}. "
        "Reply CHANGE if you need another time.",
        "en_easy": "{worker} will ring you.\n{weekday} {date}.\n{time}.\n"
        "Need another time?\nReply CHANGE.",
        "cy": "Helo. Bydd {worker} yn eich ffonio {weekday} {date}, {time}. "
        "Atebwch NEWID i gael amser arall.",
        "cy_easy": "Bydd {worker} yn eich ffonio.\n{weekday} {date}.\n{time}.\n"
        "Eisiau amser arall?\nAtebwch NEWID.",
    },
    MOVED: {
        "en": "Hi. The time has changed. The new time with {worker} is {weekday} {date}, {time}. "
        "Reply CHANGE if you need another time.",
        "en_easy": "The time has changed.\nThe new time with {worker}:\n{weekday} {date}.\n"
        "{time}.\nNeed another time?\nReply CHANGE.",
        "cy": "Helo. Mae'r amser wedi newid. Yr amser newydd gyda {worker} yw {weekday} {date}, "
        "{time}. Atebwch NEWID i gael amser arall.",
        "cy_easy": "Mae'r amser wedi newid.\nYr amser newydd gyda {worker}:\n{weekday} {date}.\n"
        "{time}.\nEisiau amser arall?\nAtebwch NEWID.",
    },
    CALLED_OFF: {
        "en": "Hi. {weekday} {date}, {time} is called off. {worker} will be in touch.",
        "en_easy": "Called off:\n{weekday} {date}, {time}.\n{worker} will be in touch.",
        "cy": "Helo. Mae {weekday} {date}, {time} wedi ei ganslo. Bydd {worker} mewn cysylltiad.",
        "cy_easy": "Wedi ei ganslo:\n{weekday} {date}, {time}.\n"
        "Bydd {worker} mewn cysylltiad.",
    },
    "voice_greeting": {
        "en": "This is a call from {worker}. Press 1 if you were expecting it.",
        "en_easy": "A call from {worker}. Press 1 if you were expecting it.",
        "cy": "Galwad gan {worker}. Pwyswch 1 os oeddech yn ei disgwyl.",
        "cy_easy": "Galwad gan {worker}. Pwyswch 1 os oeddech yn ei disgwyl.",
    },
    "voice_details": {
        "en": "{worker} will see you {weekday} {date}, {time}. Press 1 if that suits you, 2 if you "
        "need another time, 9 for no more calls.",
        "en_easy": "{worker} will see you. {weekday} {date}. {time}. Press 1 for yes. Press 2 for "
        "another time. Press 9 for no more calls.",
        "cy": "Bydd {worker} yn eich gweld {weekday} {date}, {time}. Pwyswch 1 os yw hynny'n iawn, "
        "2 os oes angen amser arall, 9 i beidio cael rhagor o alwadau.",
        "cy_easy": "Bydd {worker} yn eich gweld. {weekday} {date}. {time}. Pwyswch 1 am iawn. "
        "Pwyswch 2 am amser arall. Pwyswch 9 i beidio cael rhagor o alwadau.",
    },
}  # fmt: skip

STANDARD_WORDING = MappingProxyType(
    {key: MessageTemplate(key=key, wordings=said) for key, said in _WORDINGS.items()}
)
"""By key; every one in English, Welsh and the easy read of both."""

REPLY_WORDS = MappingProxyType(
    {
        "change": ("CHANGE", "NEWID", "2"),
        "stop": ("STOP", "STOPIWCH"),
    }
)
"""What a reply may say, for the desk to know it by. Anything else is read by a person."""
