"""Durham's pre-birth team: 64 referrals, and what had become of them.

56 went on and 8 did not; 2 of the 56 moved to another authority; of the 54 babies that stay 29 are
in assessment, 3 unborn on a plan, and 22 born. Of these 9 have lived with parents or family from
birth and 12 live elsewhere now; of one the service's own figures say nothing.
"""

from __future__ import annotations

from datetime import date, timedelta

from app.casework.forms import PersonForm
from app.casework.people import PersonKind, Relation
from published.writing import Family, Writing, spread

FIRST, LAST = date(2018, 5, 1), date(2019, 3, 31)
SOCIAL_WORKERS = 5
BIRTH = 100
"""Days from referral to birth of those who are born."""


def write(writing: Writing) -> list[Family]:
    """All 64 families, onto a device."""
    for n in range(SOCIAL_WORKERS):
        writing.worker(f"Pre-birth {n}", "social_worker")
    writing.worker("Pre-birth family worker", "family_worker")
    received = spread(64, FIRST, date(2019, 2, 28))
    families = [_family(writing, day, n) for n, day in enumerate(received)]
    born, ended, moved = families[:22], families[22:30], families[30:32]
    on_plan, assessed = families[32:35], families[35:]
    for family in [*born, *moved, *on_plan, *assessed]:
        writing.decide(family, "referral", "progressed", family.received + timedelta(days=3))
        writing.stage(family, "assessment", family.received + timedelta(days=3))
    for family in [*born, *on_plan]:
        on = family.received + timedelta(days=20)
        writing.period(family, "legal", "child_protection_plan", on, subject=family.babies[0])
        writing.decide(family, "assessment", "conference", family.received + timedelta(days=50))
        writing.plan(family, "birth_plan", family.received + timedelta(days=70))
    for family in born:
        writing.stage(family, "post_birth", family.received + timedelta(days=BIRTH + 10))
    _living(writing, born)
    for family in moved:
        _ends(writing, family, "transferred", "another_authority")
    for family in ended:
        on = family.received + timedelta(days=5)
        writing.decide(family, "referral", "no_further_action", on)
        _ends(writing, family, "no_further_action")
    writing.write()
    return families


def _ends(writing: Writing, family: Family, closure: str, destination: str = "") -> None:
    on = family.received + timedelta(days=20)
    writing.close(family, closure, on, destination)
    writing.stage(family, "closed", on)


def _family(writing: Writing, day: date, n: int) -> Family:
    born = n < 22
    baby = PersonForm(
        kind=PersonKind.CHILD if born else PersonKind.UNBORN,
        given="Sam" if born else "",
        relation=Relation.CHILD if born else Relation.UNBORN,
        dob=day + timedelta(days=BIRTH) if born else None,
        edd=None if born else day + timedelta(days=196 if n > 31 else 250),
    )
    return writing.family(day, source="midwife", babies=(baby,), previous_removal=True)


def _living(writing: Writing, families: list[Family]) -> None:
    for n, family in enumerate(families):
        baby, birth = family.babies[0], family.received + timedelta(days=BIRTH)
        if n < 9:
            writing.period(family, "placement", ("parents", "family")[n % 2], birth, subject=baby)
        elif n < 21:
            writing.period(family, "placement", "foster", birth, subject=baby)
