"""The people of the tests: who they are everywhere, so that a story needs no introduction.

All are made up. Numbers are from the range kept free for drama, 07700 900000 to 900999.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Somebody:
    """One of the staff: a name, a title, and what the directory lets her do."""

    name: str
    title: str
    role: str
    person: str
    phone: str
    wte: float = 1.0

    @property
    def first_name(self) -> str:
        return next(w for w in self.name.split() if w != "Dr")


AMINA = Somebody("Amina Yusuf", "Family worker", "worker", "a1" * 16, "07700 900101")
RHIAN = Somebody("Dr Rhian Pryce", "Therapist", "worker", "b2" * 16, "07700 900102", 0.6)
GRACE = Somebody("Grace Adeyemi", "Supervisor", "supervisor", "c3" * 16, "07700 900103")
BEN = Somebody("Ben Whitlock", "Family worker", "worker", "d4" * 16, "07700 900104")
OLWEN = Somebody("Olwen Parry", "Administrator", "administrator", "e5" * 16, "07700 900105")

STAFF = (AMINA, RHIAN, GRACE, BEN, OLWEN)
PASSPHRASE = "kettle-marble-otter-lantern"
