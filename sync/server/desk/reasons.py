"""Why something did not go out, or not yet: one code each, and the sentence for whoever can act.

Codes travel in receipts, so they are stable; the app has its own words for them in its own
languages. The sentences here are for the office's pages and its command line.
"""

from __future__ import annotations

from typing import Final

NOT_YET: Final = "not_yet"
PAUSED: Final = "paused"
SILENCE: Final = "silence"
NUMBER_LIMIT: Final = "number_limit"
NO_PROVIDER: Final = "no_provider"
PROVIDER_AWAY: Final = "provider_away"
PROVIDER_BUSY: Final = "provider_busy"
PROVIDER_KEY: Final = "provider_key"
PROVIDER_TRIAL: Final = "provider_trial"
PROVIDER_LIMIT: Final = "provider_limit"
PROVIDER_CLOCK: Final = "provider_clock"
PROVIDER_SETUP: Final = "provider_setup"
ORIGINAL_UNSETTLED: Final = "original_unsettled"

STOPPED: Final = "stopped"
OPTED_OUT: Final = "opted_out"
ORIGINAL_NOT_SENT: Final = "original_not_sent"
CANNOT_WITHHOLD: Final = "cannot_withhold"
NO_WORDS: Final = "no_words"
UNREADABLE: Final = "unreadable"
NOT_A_NUMBER: Final = "not_a_number"
NOT_IN_USE: Final = "not_in_use"
FOREIGN: Final = "foreign"
PREMIUM: Final = "premium"
ORGANISATION: Final = "organisation"
LANDLINE: Final = "landline"

WITHDRAWN: Final = "withdrawn"
TOO_LATE: Final = "too_late"
TIMED_OUT: Final = "timed_out"
INTERRUPTED: Final = "interrupted"
NOT_FOUND: Final = "not_found"
RESTORED: Final = "restored"
NOT_REACHED: Final = "not_reached"

REFUSED: Final = "refused"
NUMBER_DEAD: Final = "number_dead"
PHONE_OFF: Final = "phone_off"
BLOCKED: Final = "blocked"
FILTERED: Final = "filtered"
PROVIDER_FAULT: Final = "provider_fault"
BUSY: Final = "busy"
RANG_OUT: Final = "rang_out"
NO_KEY: Final = "no_key"
MACHINE: Final = "machine"
VOICEMAIL: Final = "voicemail"
CONFIRMED: Final = "confirmed"
CHANGE: Final = "change"
STOP: Final = "stop"
HEARD: Final = "heard"

IN_WORDS: Final = {
    NOT_YET: "Waits for its window.",
    PAUSED: "The desk was paused by an operator.",
    SILENCE: "A worker who works with this family has been out of contact for too long.",
    NUMBER_LIMIT: "This number has had all the messages it may get today.",
    NO_PROVIDER: "No provider is set up for this channel.",
    PROVIDER_AWAY: "The provider could not be reached.",
    PROVIDER_BUSY: "The provider asked us to slow down.",
    PROVIDER_KEY: "The provider does not accept our key: it is wrong or was revoked.",
    PROVIDER_TRIAL: "The provider's account is in trial mode and may not send to the public yet.",
    PROVIDER_LIMIT: "The provider's daily limit for this account is used up.",
    PROVIDER_CLOCK: "The provider refuses us because this machine's clock is wrong.",
    PROVIDER_SETUP: "The provider refuses a template, a sender or another setting of our account.",
    ORIGINAL_UNSETTLED: "It corrects a message of which it is not known whether it went out.",
    STOPPED: "A member of staff stopped this number.",
    OPTED_OUT: "This number asked for no more automated messages, or duty staff stopped it.",
    ORIGINAL_NOT_SENT: "It corrects a message that never went out.",
    CANNOT_WITHHOLD: "The number must be withheld, and an automated call cannot do that.",
    NO_WORDS: "The order holds no words for this channel.",
    UNREADABLE: "The order was sealed to a key that this desk no longer has, or is damaged.",
    NOT_A_NUMBER: "This is not a telephone number.",
    NOT_IN_USE: "No such number is in use.",
    FOREIGN: "The number is abroad; the desk sends within the United Kingdom only.",
    PREMIUM: "The number costs whoever rings it, so the desk does not use it.",
    ORGANISATION: "The number belongs to an organisation, not to a person.",
    LANDLINE: "A landline cannot receive texts.",
    WITHDRAWN: "The appointment was moved or cancelled, or the reminder withdrawn.",
    TOO_LATE: "Its window had closed before it could go out.",
    TIMED_OUT: "The provider did not answer in time; it is being looked up, never sent again.",
    INTERRUPTED: "The desk was interrupted while sending; it is being looked up, never sent again.",
    RESTORED: "The office was restored from a backup; whether it had left is being looked up.",
    NOT_FOUND: "The provider has no record of it. It was not sent again.",
    NOT_REACHED: "It had not reached the phone in time before the appointment.",
    REFUSED: "The provider refused this message.",
    NUMBER_DEAD: "The number does not exist any more, or blocks us.",
    PHONE_OFF: "The phone was off or out of reach for too long.",
    BLOCKED: "The recipient or her network blocks messages from us.",
    FILTERED: "A network filtered the message out.",
    PROVIDER_FAULT: "The provider failed to deliver it.",
    BUSY: "The line was engaged.",
    RANG_OUT: "Nobody answered.",
    NO_KEY: "Somebody answered and pressed no key, so no details were given.",
    MACHINE: "A machine answered, and no message may be left on it.",
    VOICEMAIL: "A machine answered, and the agreed words were left on it.",
    CONFIRMED: "She pressed 1: she is expecting the visit.",
    CHANGE: "She asks for another time.",
    STOP: "She asked for no more automated messages.",
    HEARD: "She heard the details.",
}  # fmt: skip
"""A sentence for each code, for people at the office."""
