"""What an automated call says, in TwiML: who rings, and only after a key what it is about.

Whoever picks up may not be her. So the greeting names nobody but the worker who rings, details
follow a key only, and a machine hears nothing unless that was agreed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from twilio.twiml.voice_response import Gather, VoiceResponse

Parts = Mapping[str, Mapping[str, str]]
"""Words by language and part: "greeting", "details", "confirm", and perhaps "confirmed",
"changed", "stopped" and "voicemail"."""

CONFIRM_KEY: Final = "1"
CHANGE_KEY: Final = "2"
STOP_KEY: Final = "9"
_WAIT_S: Final = 8
_VOICES: Final = {"en": ("en-GB", "Polly.Amy"), "cy": ("cy-GB", "Polly.Gwyneth")}
"""Voices of Twilio's, by language. Source: twilio.com/docs/voice/twiml/say/text-speech."""


def greeting(parts: Parts, next_address: str, first: str) -> str:
    """Say who rings and wait for a key. `first` is the language to begin with."""
    return _ask(_said(parts, "greeting", first), next_address)


def details(parts: Parts, next_address: str, first: str) -> str:
    """Say what it is about, and wait for an answer."""
    said = [*_said(parts, "details", first), *_said(parts, "confirm", first)]
    return _ask(said, next_address)


def thanks(parts: Parts, key: str, first: str) -> str:
    """Say that the answer was taken, where there are words for it, and hang up."""
    part = {CONFIRM_KEY: "confirmed", CHANGE_KEY: "changed", STOP_KEY: "stopped"}.get(key, "")
    return _tell(_said(parts, part, first))


def voicemail(parts: Parts, first: str) -> str:
    """Leave the words that were agreed for a machine, if there are any."""
    return _tell(_said(parts, "voicemail", first))


def alarm(words: str, next_address: str) -> str:
    """Say an alarm to a member of staff, twice, and wait for a key."""
    return _ask([("en", words), ("en", words)], next_address)


def hang_up() -> str:
    """Say nothing."""
    return _tell([])


def on_paper(parts: Parts, first: str) -> str:
    """A whole call, to be read: what is said at once, and what only after a 1."""
    blocks = ["\n".join(words for _, words in _said(parts, "greeting", first))]
    after = [*_said(parts, "details", first), *_said(parts, "confirm", first)]
    blocks.append("\n".join(["After a 1:", *(words for _, words in after)]))
    return "\n\n".join(blocks)


def _said(parts: Parts, part: str, first: str) -> list[tuple[str, str]]:
    languages = sorted(parts, key=lambda language: (language != first, language))
    return [(lang, parts[lang][part]) for lang in languages if parts[lang].get(part)]


def _ask(said: Sequence[tuple[str, str]], next_address: str) -> str:
    response = VoiceResponse()
    gather = Gather(num_digits=1, timeout=_WAIT_S, action=next_address, method="POST")
    _say(gather, said)
    response.append(gather)
    response.hangup()
    return str(response)


def _tell(said: Sequence[tuple[str, str]]) -> str:
    response = VoiceResponse()
    _say(response, said)
    response.hangup()
    return str(response)


def _say(verb: Gather | VoiceResponse, said: Iterable[tuple[str, str]]) -> None:
    for language, words in said:
        code, voice = _VOICES.get(language, (language, None))
        verb.say(words, language=code, **({"voice": voice} if voice else {}))
