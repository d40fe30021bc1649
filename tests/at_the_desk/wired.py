"""How providers find a served desk in tests, and what its calls say."""

from providers.twilio_stand_in import TOKEN
from sync.server.desk.settings import Secrets

BEARER = "notify-calls-us-with-this"
RECEIPTS, TEXTS = "GOV.UK Notify, delivery receipts", "GOV.UK Notify, received texts"
TWILIO_TEXTS = "Twilio, a message comes in"
SCRIPT = {
    "en": {
        "greeting": "Call from Sam. Press 1 if you were expecting it.",
        "details": "Sam will see you on Tuesday the fourth of June at ten.",
        "confirm": "Press 1 if that is fine, 2 for another time, 9 for no more calls.",
        "changed": "Sam will ring you.",
    },
    "cy": {
        "greeting": "Galwad gan Sam. Pwyswch 1 os oeddech yn ei disgwyl.",
        "details": "Bydd Sam yn eich gweld ddydd Mawrth.",
    },
}


def secrets(address: str) -> Secrets:
    """What proves to the desk at this address who calls."""
    return Secrets(public_url=address, notify_callback_token=BEARER, twilio_token=TOKEN)
