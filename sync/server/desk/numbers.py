"""Whether a number may be sent to at all: checked again here, whatever a device thought of it.

A device may be old, and a wrong digit can ring a stranger. Must not know whose number it is.
"""

from __future__ import annotations

import hmac
import re
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberType as Kind

from sync.server.desk import reasons

_DRAMA: Final = re.compile(r"\+447700900\d{3}")
"""Mobile numbers that ring nowhere, for demos and tests. Source: Ofcom, numbers for drama."""
_HOME: Final = frozenset({"GB", "GG", "IM", "JE"})
"""The United Kingdom and the islands that share its numbering plan."""
_HOME_CODE: Final = 44
_MOBILE: Final = frozenset({Kind.MOBILE, Kind.FIXED_LINE_OR_MOBILE})
_COSTLY: Final = frozenset({Kind.PREMIUM_RATE, Kind.SHARED_COST, Kind.PERSONAL_NUMBER, Kind.PAGER})
_ORGANISATIONS: Final = frozenset({Kind.TOLL_FREE, Kind.UAN, Kind.VOICEMAIL})


def refusal(number: str, channel: str) -> str | None:
    """Why an automated message may not go to `number` (E.164); None when it may.

    `channel` is "sms", "voice" or "staff_sms". Gives a code of `reasons`.
    """
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return reasons.NOT_A_NUMBER
    if phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) != number:
        return reasons.NOT_A_NUMBER
    if _DRAMA.fullmatch(number):
        return None
    if not phonenumbers.is_valid_number(parsed):
        possible = phonenumbers.is_possible_number(parsed)
        return reasons.NOT_IN_USE if possible else reasons.NOT_A_NUMBER
    kind = phonenumbers.number_type(parsed)
    if phonenumbers.region_code_for_number(parsed) not in _HOME:
        return reasons.FOREIGN
    if kind in _COSTLY:
        return reasons.PREMIUM
    if kind in _ORGANISATIONS:
        return reasons.ORGANISATION
    if channel != "voice" and kind not in _MOBILE:
        return reasons.LANDLINE
    return None


def plainly(typed: str) -> str | None:
    """E.164 from however somebody typed or a provider wrote a number; None for what is none."""
    for region in ("GB", None):
        text = typed if region or typed.startswith("+") else f"+{typed}"
        try:
            parsed = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(parsed):
            return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
    return None


def national(number: str) -> str:
    """E.164 as people here write it: 07700 900123."""
    parsed = phonenumbers.parse(number, None)
    formats = phonenumbers.PhoneNumberFormat
    here = parsed.country_code == _HOME_CODE
    return str(
        phonenumbers.format_number(parsed, formats.NATIONAL if here else formats.INTERNATIONAL)
    )


def keyed(secret: bytes, number: str) -> bytes:
    """What is kept of a number: HMAC-SHA256 under the desk's secret, 32 bytes.

    A list of all telephone numbers is short enough to hash, so the secret is what protects it; it
    is never in the database or its backups.
    """
    return hmac.digest(secret, b"doorstep/number/1" + number.encode(), "sha256")
