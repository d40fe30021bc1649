"""Rounds as people do by hand: a half goes up, away from zero.

Figures are worked out in fractions, so that 0.5 is a half and not 0.49999.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

_ENOUGH = 60
"""Digits for the division before it is rounded: far more than any figure shows."""


def rounded(value: Fraction, digits: int = 0) -> Decimal:
    """The value with so many digits after the point."""
    with localcontext() as context:
        context.prec = _ENOUGH
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        return exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
