"""What falls to whoever covers a colleague's caseload: the visits that the one who is away had."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.casework.card import Card
from app.casework.casebook import reading as r
from app.casework.casebook import today
from app.casework.casebook.ledger import Ledger
from app.casework.casebook.team import Team


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """A caseload that the owner of this device covers on a day, and its visits that day.

    Without those at which she is expected herself: they stand in her own day. `families` is how
    many are lent.
    """

    away: str
    away_name: str
    until: date
    families: int
    cards: tuple[Card, ...]


def covered(ledger: Ledger, team: Team, on: date) -> tuple[Covered, ...]:
    """Every loan to the owner of this device that holds on that day, the soonest to end first.

    One that should have been given back by then holds until a supervisor has done so.
    """
    me = ledger.me.person
    found = []
    for record in ledger.find("cover", {"covering": me, "returned_at": None}):
        since = r.maybe_day(record.fields, "since") or on
        until = r.maybe_day(record.fields, "until") or on
        if not since <= on <= max(until, ledger.today):
            continue
        away = r.text(record.fields, "away")
        lent = {ledger.remaining(family) for family in r.texts(record.fields, "families")}
        found.append(
            Covered(
                away=away,
                away_name=team.name_of(away),
                until=until,
                families=len(lent),
                cards=tuple(
                    card
                    for card in today.cards(ledger, on, away)
                    if card.family.id in lent and me not in card.appointment.workers
                ),
            )
        )
    return tuple(sorted(found, key=lambda one: (one.until, one.away_name)))
