"""The sole conductor of a round: it calls the steps in order, and knows what a failure means.

    silence   stops and withdrawals of reminders, and whatever else the desk must know at once
    contact   log in if need be; what is new, and how far this device's clock is off
    directory whoever is new, and whoever's access has ended
    grants    those made here to the office, those made elsewhere to this device
    sending   what is only on this device, oldest first; chains that are refused stop alone
    receiving casefile by casefile, today's families first, and what was left in their inboxes
    reminders those planned here, after what they rest on and what others have said meanwhile
    duties    on a supervisor's device: decisions, new and revoked devices, quarantine
    drafts    that this person left at the office with an earlier device

Every step is durable by itself, so a round may break off anywhere and be done again.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

from storage.errors import BadEnvelope, ClonedDevice, NoKey
from storage.vault import Vault
from sync.carrying_out import carry_out
from sync.desk import note_desk
from sync.errors import DeviceRevoked, OfficeWithholds
from sync.founding import offer_grants
from sync.giving_back import after_a_restore, after_receiving
from sync.inbox import give_back, pull_inboxes, push_entries
from sync.intake import (
    WITHHELD,
    Taken,
    doubt_what_is_gone,
    pull,
    take_all_grants,
    take_endings,
)
from sync.line import Line
from sync.orders import all_silenced, push_orders
from sync.outcome import OnProgress, Outcome, Phase, Progress
from sync.protocol import Office, Standings
from sync.push import Pushed, push
from sync.push_only import as_sealed, clock_off, push_only
from sync.supervising import take_quarantined

log = logging.getLogger(__name__)

_SILENCED_AGAIN_S: Final = 15 * 60
"""Often enough for a rule that counts in hours, and seldom enough that a round in which nothing
happens stays one question."""
DIRECTORY = "directory"
"""Stands in `Outcome.doubted` for the organisation's directory itself."""


class Exchange:
    """Rounds between one vault and its office. `line` is shared with a supervisor's decisions."""

    def __init__(self, vault: Vault, office: Office, *, line: Line | None = None) -> None:
        self.vault = vault
        self.line = line or Line(vault, office)

    def round(self, on_progress: OnProgress | None = None, *, first: Sequence[str] = ()) -> Outcome:
        """Do one round. `first` names casefiles (hex) to receive and send before all others.

        Raises what stops it as a whole: Offline, UntrustedConnection, NotOurOffice, DeviceUnknown,
        Nonsense, TooMuch, or a storage error such as DiskFull; what was done until then stays
        done. A locked vault only sends (see `push_only`).
        """
        if self.vault.locked:
            return self.push_only(on_progress)
        with self.line.lock:
            try:
                return _Round(self.line, on_progress, first).run()
            except DeviceRevoked:
                self.line.forget_token()
                return self.push_only(on_progress)
            except ClonedDevice:
                log.warning("this file is a copy of another device's")
                return Outcome(cloned=True, still_here=self.line.file.outbox_size().everything)

    def push_only(self, on_progress: OnProgress | None = None) -> Outcome:
        """Only send, as a locked or revoked device does; see `sync.push_only`."""
        return push_only(
            self.vault.device_file,
            self.line.office,
            on_progress=on_progress,
            wipe=self.vault.drop_keys,
        )


class _Round:
    """One round under way."""

    def __init__(self, line: Line, on_progress: OnProgress | None, first: Sequence[str]) -> None:
        self._line = line
        self._tell = on_progress or _nobody
        self._first = [bytes.fromhex(casefile) for casefile in first]
        self._taken = Taken()
        self._pushed = Pushed()
        self._told = self._left = 0

    def run(self) -> Outcome:
        line, taken = self._line, self._taken
        self._at("contact")
        self._tell_desk(urgent=True)
        standings = after_a_restore(line, line.ask(line.office.standings))
        self._tell_desk(urgent=True)  # once more what a restored office has forgotten
        self._say_silenced()
        news = self._follow_directory(standings)
        note_desk(line)
        offered = self._bring_grants()
        if offered:
            standings = line.ask(line.office.standings)
        take_all_grants(line, standings.positions, taken)
        doubt_what_is_gone(line, standings.positions, taken)
        self._at("sending")
        self._pushed = push(
            line.file,
            lambda batch: line.ask_ahead(line.office.push, batch.runs, batch.heads, batch.drops),
            first=self._first,
            before=self._told,
            on_progress=self._tell,
        )
        self._left = push_entries(line.file, lambda batch: line.ask(line.office.inbox_write, batch))
        self._at("receiving")
        take_endings(line, standings.positions, taken)
        pull(line, standings.positions, taken, first=self._first, on_page=self._received)
        pull_inboxes(line, standings.positions, taken, first=self._first, on_page=self._received)
        after_receiving(line, standings)
        give_back(line, taken)
        self._tell_desk(urgent=False)
        self._at("duties")
        self._do_duties(standings, news=news or offered)
        drafts = self._take_drafts() if standings.parked else 0
        self._at("done")
        return self._outcome(standings, drafts)

    # -- steps ---------------------------------------------------------------------------------

    def _tell_desk(self, *, urgent: bool) -> None:
        line = self._line
        told = push_orders(
            line.file, lambda batch: line.ask(line.office.put_orders, batch), urgent=urgent
        )
        self._told += told

    def _say_silenced(self) -> None:
        """Where there is no desk, nobody waits to hear it."""
        line = self._line
        if line.directory.desks() and all_silenced(line.file):
            now, last = line.file.surroundings.clock.monotonic(), line.silenced_at
            if self._told or last is None or now - last >= _SILENCED_AGAIN_S:
                line.ask(line.office.withdrawals_done)
                line.silenced_at = now

    def _follow_directory(self, standings: Standings) -> bool:
        try:
            return self._line.catch_up(standings.directory) > 0
        except OfficeWithholds:
            self._taken.doubted[DIRECTORY] = WITHHELD
            return False

    def _bring_grants(self) -> bool:
        if not self._line.file.grants_to_offer():
            return False
        for casefile, word in offer_grants(self._line).items():
            self._taken.doubted.setdefault(casefile, word)
        return True

    def _do_duties(self, standings: Standings, *, news: bool) -> None:
        line = self._line
        me = line.vault.me
        if me is None or me.role == "worker":
            return
        for casefile, word in carry_out(line).doubted.items():
            self._taken.doubted.setdefault(casefile, word)
        if me.role == "supervisor" and (standings.quarantined or news):
            take_quarantined(line, self._taken)

    def _take_drafts(self) -> int:
        line, kept = self._line, list[bytes]()
        for parked in line.ask(line.office.parked):
            if parked.device == line.file.device_id:
                continue
            try:
                line.vault.open_draft_from(as_sealed(parked), line.roster)
            except NoKey:
                continue  # its casefile is granted later; the draft waits at the office
            except BadEnvelope:
                self._taken.doubt(parked.casefile, "draft")
                continue
            kept.append(parked.draft)
        if kept:
            line.ask(line.office.unpark, kept)
        return len(kept)

    # -- telling -------------------------------------------------------------------------------

    def _at(self, phase: Phase) -> None:
        left = self._line.file.outbox_size().everything
        sent = self._pushed.sent + self._told + self._left
        self._tell(
            Progress(phase=phase, sent=sent, total=sent + left, received=self._taken.received)
        )

    def _received(self, _: int) -> None:
        self._at("receiving")

    def _outcome(self, standings: Standings, drafts: int) -> Outcome:
        line, taken = self._line, self._taken
        return Outcome(
            sent=self._pushed.sent,
            received=taken.received,
            still_here=line.file.outbox_size().everything,
            told=self._told,
            left=self._left,
            refusals={c.hex(): code for c, code in line.file.refusals().items()},
            doubted=taken.doubted,
            ended=tuple(taken.ended),
            quarantined=len(line.vault.quarantine()),
            waiting_for_a_supervisor=self._pushed.quarantined,
            drafts_received=drafts,
            cloned=line.file.cloned,
            clock_off=clock_off(line.file, standings.office_time),
        )


def _nobody(_: Progress) -> None:
    """Nobody is watching."""
