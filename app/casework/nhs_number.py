"""NHS numbers: ten digits, of which the last one tells whether the others were typed rightly.

Source: NHS Data Dictionary, NHS NUMBER: modulus 11, weights 10 down to 2. Must not know whose.
"""

from __future__ import annotations

from app.casework.errors import CaseworkError


class BadNhsNumber(CaseworkError):
    """What was typed is no NHS number: a digit is wrong, missing or one too many."""


def nhs_number(typed: str) -> str:
    """`999 100 2005` from however it was typed, "" from nothing. Raises BadNhsNumber."""
    digits = "".join(typed.split()).replace("-", "")
    if not digits:
        return ""
    if not (digits.isascii() and digits.isdecimal() and len(digits) == 10):
        raise BadNhsNumber
    if check_digit(digits[:9]) != int(digits[9]):
        raise BadNhsNumber
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


def check_digit(nine: str) -> int | None:
    """The tenth digit that belongs to nine; None where no number begins with these."""
    left = sum(int(d) * weight for d, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
    check = (11 - left) % 11
    return None if check == 10 else check
