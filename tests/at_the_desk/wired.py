"""How providers and people find a served desk in tests, and what its calls say."""

import re
from html import unescape

import requests

from providers.twilio_stand_in import TOKEN
from sync.server.desk.settings import Secrets

DUTY_CODE, OPERATOR_CODE = "heron-lantern-42", "bridge-otter-77"
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


class Browser:
    """Opens pages, sends their forms, and says what a person would read."""

    def __init__(self, address):
        self.address = address
        self.session = requests.Session()

    def open(self, path):
        return self._read(self.session.get(self.address + path, timeout=10))

    def send(self, path, **form):
        headers = {"Origin": self.address}
        return self._read(
            self.session.post(self.address + path, data=form, headers=headers, timeout=10)
        )

    def _read(self, reply):
        self.status = reply.status_code
        self.reply = reply
        words = re.sub(r"<style>.*?</style>|<[^>]+>", " ", reply.text)
        return unescape(" ".join(words.split()))
