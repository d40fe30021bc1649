"""The code that an empty office asks for, so that no stranger on the network claims it first."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select, update

from sync.server.access import hashed
from sync.server.dialects import hold_standing
from sync.server.surroundings import Surroundings
from sync.server.tables import office

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing to misread
_GROUPS: Final = 4


def as_kept(claim: str) -> bytes:
    """The hash of a claim code, however it was typed."""
    plain = "".join(claim.upper().split()).replace("-", "")
    return hashed(plain.translate(str.maketrans("OIL", "011")).encode())


def require(s: Surroundings) -> str | None:
    """A fresh code of 100 bits for an empty office, in place of any before; None once claimed."""
    letters = "".join(_ALPHABET[byte % 32] for byte in s.randomness(_GROUPS * 5))
    code = "-".join(letters[at : at + 5] for at in range(0, len(letters), 5))
    with s.database.writing() as connection:
        hold_standing(connection, alone=True)
        if connection.execute(select(office.c.org)).scalar_one() is not None:
            return None
        connection.execute(update(office).values(claim=as_kept(code)))
    return code


def waive(s: Surroundings) -> None:
    """Ask for no code any more."""
    with s.database.writing() as connection:
        hold_standing(connection, alone=True)
        connection.execute(update(office).values(claim=None))
