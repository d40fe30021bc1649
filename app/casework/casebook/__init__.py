"""The casebook: the only doorway from the screens to what is kept on this device.

    book = Casebook(vault, clock=clock, access=access)
    for card in book.diary.today(): ...

One for each unlocked vault. It holds no state of its own but the names it has read, forgotten when
it is closed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from app.casework.access import Access
from app.casework.casebook.appraisals import Appraisals
from app.casework.casebook.calls import CallCard, Calls
from app.casework.casebook.caseloads import Cover
from app.casework.casebook.closing import Pathways
from app.casework.casebook.conflicts import Change, Choice, Conflict, Conflicts
from app.casework.casebook.diary import Diary
from app.casework.casebook.disclosures import Disclosures
from app.casework.casebook.engagement import Engagement
from app.casework.casebook.families import Families
from app.casework.casebook.figures import Behind, Dashboard, Figures
from app.casework.casebook.groups import Groups
from app.casework.casebook.interventions import Interventions
from app.casework.casebook.joining import Doubled, Joining
from app.casework.casebook.ledger import Ledger, Me
from app.casework.casebook.lone_working import LoneWorking
from app.casework.casebook.losses import Losses
from app.casework.casebook.measures import Measures
from app.casework.casebook.note_reading import Opening
from app.casework.casebook.note_signing import SigningCard
from app.casework.casebook.notes import Notes
from app.casework.casebook.panels import Panels
from app.casework.casebook.papers import Papers
from app.casework.casebook.plans import Plans
from app.casework.casebook.publishing import Published, Publishing
from app.casework.casebook.reading import as_moment
from app.casework.casebook.reminders import Reminders
from app.casework.casebook.reminding import Reminding
from app.casework.casebook.rota import Rota
from app.casework.casebook.search import Found, Search
from app.casework.casebook.supervision import Overview, Supervision
from app.casework.casebook.team import InviteRecord, Team, TeamProfile
from app.casework.casebook.unfinished import Unfinished
from app.casework.casebook.wrong_family import WrongCopy
from app.casework.moments import UK
from app.casework.profile import InForce, Profile, Shelf
from storage.clock import Clock
from storage.kinds import Value
from storage.vault import Vault

__all__ = [
    "Behind",
    "CallCard",
    "Casebook",
    "Change",
    "Choice",
    "Conflict",
    "Cover",
    "Dashboard",
    "Doubled",
    "Found",
    "InviteRecord",
    "Me",
    "Opening",
    "Overview",
    "Published",
    "SigningCard",
    "TeamProfile",
    "WrongCopy",
]


class Casebook:
    """Families, diary, engagement, notes, supervision and team of one unlocked vault."""

    def __init__(
        self,
        vault: Vault,
        *,
        clock: Clock,
        access: Access,
        shelf: Shelf | None = None,
        zone: ZoneInfo = UK,
        looking_back: bool = False,
    ) -> None:
        ledger = Ledger(
            vault,
            clock=clock,
            access=access,
            shelf=shelf,
            zone=zone,
            looking_back=looking_back,
        )
        self._ledger = ledger
        self.zone = zone
        self.team = Team(ledger)
        reminding = Reminding(ledger, self.team)
        self.families = Families(ledger, reminding)
        self.diary = Diary(ledger, self.team, reminding)
        self.engagement = Engagement(ledger, self.team, reminding)
        self.rota = Rota(ledger, self.team)
        self.reminders = Reminders(ledger, reminding)
        self.calls = Calls(ledger, self.team, self.rota, reminding, self.families)
        self.lone = LoneWorking(ledger, self.team, self.rota)
        self.notes = Notes(ledger)
        self.unfinished = Unfinished(ledger)
        self.supervision = Supervision(ledger, self.notes, self.team)
        self.losses = Losses(ledger, reminding)
        reminding.grieving = self.losses.grieving
        self.joining = Joining(ledger, self.supervision, reminding)
        self.disclosures = Disclosures(ledger, self.notes)
        self.pathways = Pathways(ledger, self.families, self.diary, self.supervision)
        self._conflicts = Conflicts(ledger, self.team)
        self.search = Search(ledger)
        self.measures = Measures(ledger)
        self.plans = Plans(ledger)
        self.papers = Papers(ledger, self.plans, self.disclosures)
        self.appraisals = Appraisals(ledger)
        self.interventions = Interventions(ledger)
        self.panels = Panels(ledger, self.plans, self.pathways, self.supervision)
        self.figures = Figures(ledger)
        self.groups = Groups(ledger, self.team, self.diary, self.engagement, reminding)
        self.publishing = Publishing(ledger, self.figures, self.team)

    @property
    def me(self) -> Me:
        """Who is using this device. Raises NotJoined."""
        return self._ledger.me

    @property
    def profile(self) -> Profile:
        """Everything that is particular to the team's service. Read it anew at each drawing."""
        return self._ledger.profile

    @property
    def in_force(self) -> InForce:
        """Where that profile is from, and what is wrong with a file that was passed over."""
        return self._ledger.in_force

    @property
    def now(self) -> datetime:
        """This moment, UTC, whole seconds."""
        return self._ledger.now

    @property
    def today(self) -> date:
        """The calendar day here."""
        return self._ledger.today

    def at(self, on: date, wall: time) -> datetime:
        """The instant at which a wall clock here shows that time on that day."""
        return self._ledger.at(on, wall)

    def conflicts(self, family: str | None = None) -> list[Conflict]:
        """What two people wrote offline and somebody has to choose between."""
        return self._conflicts.all(family)

    def settle(self, record: str, field: str, value: Value) -> None:
        """Keep that value; the others stay in history. Raises AlreadySigned, Unknown."""
        starts = as_moment(value) if field == "starts" else None
        if starts is not None:
            self.diary.choose_start(record, starts)
        else:
            self._conflicts.settle(record, field, value)

    def history(self, record: str) -> list[Change]:
        """Every change of a record, oldest first."""
        return self._conflicts.history(record)

    def subscribe(self, changed: Callable[[Collection[str]], None]) -> Callable[[], None]:
        """Call `changed` with the kinds of record after every write and pull, from any thread.

        Gives the function that ends it.
        """
        return self._ledger.vault.subscribe(changed)

    def with_clock(self, clock: Clock) -> Casebook:
        """The same casebook by another clock; close it after use.

        What is written through it tells the desk nothing: the desk goes by the real time.
        """
        ledger = self._ledger
        return Casebook(
            ledger.vault,
            clock=clock,
            access=ledger.access,
            shelf=ledger.shelf,
            zone=self.zone,
            looking_back=True,
        )

    def close(self) -> None:
        """Forget what was read; call when the vault is locked."""
        self._ledger.close()
