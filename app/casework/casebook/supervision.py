"""The supervisor's side: notes to review, what waits too long, and how full everybody is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from heapq import merge

from app.casework.casebook import family_lines, from_family, waiting
from app.casework.casebook import reading as r
from app.casework.casebook.adoption import written_by
from app.casework.casebook.caseloads import Caseloads
from app.casework.casebook.ledger import Ledger
from app.casework.casebook.notes import Notes
from app.casework.casebook.team import Team
from app.casework.caseload import Load, Worker, loads
from app.casework.clocks import ClockState
from app.casework.errors import Missing, NotSigned
from app.casework.family import FamilyStatus, Overdue
from app.casework.moments import as_text, local_day
from app.casework.note import Note
from app.casework.overdue import DeviceSeen, UnsignedNote, unseen
from app.casework.review import (
    HEARD_WITHIN,
    LOOKED_AT,
    TO_REVIEW,
    Act,
    ReviewLine,
    ReviewState,
    answer,
)
from storage.query import AtLeast, Not, OneOf, Record, Where


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Counts for the supervisor's first screen."""

    to_review: int
    unsigned: int
    conversations: int
    conflicts: int
    wrong_copies: int
    over_capacity: int
    families_open: int
    waiting: int
    clocks_overdue: int = 0
    still_allocated: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyClock:
    """A time limit of one family that has passed, and the day it was due."""

    family: str
    code: str
    due: date


class Supervision(Caseloads):
    """Reviewing, and seeing what waits. See `Caseloads` for allocating and lending."""

    def __init__(self, ledger: Ledger, notes: Notes, team: Team) -> None:
        super().__init__(ledger, team)
        self._notes = notes

    def queue(
        self,
        *,
        writer: str | None = None,
        looked_at: bool = False,
        oldest_first: bool = False,
        limit: int = 200,
    ) -> list[ReviewLine]:
        """Signed notes that wait for a review, by when the contact was, the newest first.

        With `looked_at` those that a supervisor has read or commented on and not approved. A
        supervisor's own notes are in neither: nobody reviews herself. Texts of other people's
        restricted notes are left out until opened with a reason.
        """
        wanted = LOOKED_AT if looked_at else TO_REVIEW
        found: list[ReviewLine] = []
        for record in self._unsettled(writer, looked_at, oldest_first, limit):
            line = self._line(record)
            if line.note.review in wanted and not line.note.in_wrong_family:
                found.append(line)
            if len(found) >= limit:
                break
        return found

    def _unsettled(
        self, writer: str | None, looked_at: bool, oldest_first: bool, at_first: int
    ) -> Iterator[Record]:
        """Signed notes that may belong in the queue, in its order.

        Read a stretch at a time: a screen shows thirty of what may be thousands.
        """
        one_of: object = Not(OneOf(sorted(self._settled())))
        if looked_at:
            one_of = OneOf(sorted(self._with(Act.READ, Act.COMMENTED) - self._settled()))
        me = self._ledger.me.person
        if writer == me:
            return
        where: dict[str, object] = {"signed_at": Not(None), "record": one_of}
        order = ("occurred_at", "record") if oldest_first else ("-occurred_at", "-record")
        sources = [
            self._stretches({**where, **whose}, order, at_first) for whose in _written(me, writer)
        ]
        for record in merge(*sources, key=_in_order, reverse=not oldest_first):
            wrote = written_by(self._ledger, record)
            if wrote == writer or (writer is None and wrote != me):
                yield record

    def _stretches(self, where: Where, order: Sequence[str], at_first: int) -> Iterator[Record]:
        offset, size = 0, at_first
        while stretch := self._ledger.find(
            "visit_note", where, order_by=order, offset=offset, limit=size
        ):
            yield from stretch
            offset, size = offset + size, 2 * size

    def mark_read(self, note: str) -> None:
        """I have read it. Written once however often it is opened."""
        record = self._signed(note)
        me = self._ledger.require_supervisor().person
        before = self._ledger.find(
            "note_review", {"note": note, "act": Act.READ.value}, casefile=record.casefile
        )
        if not any(b.author == me for b in before):
            self._act(record, Act.READ, "")

    def comment(self, note: str, text: str) -> None:
        """Say something about it that the writer will see. Raises Missing."""
        self._say(note, Act.COMMENTED, text)

    def send_back(self, note: str, text: str) -> None:
        """Ask the writer for an addendum, saying what is wanting. Raises Missing."""
        self._say(note, Act.RETURNED, text)

    def approve(self, note: str, text: str = "") -> None:
        """It is as it should be."""
        self._ledger.require_supervisor()
        self._act(self._signed(note), Act.APPROVED, text)

    def for_me(self, *, limit: int = 50) -> list[ReviewLine]:
        """My own notes that were answered, the latest said first.

        Those that were returned or commented on until that is settled; with approval, the words
        said lately (see `review.answer`).
        """
        me = self._ledger.me.person
        since = self._ledger.now - HEARD_WITHIN
        said = [
            *self._ledger.find(
                "note_review", {"act": OneOf(Act.RETURNED.value, Act.COMMENTED.value)}
            ),
            *self._ledger.find(
                "note_review", {"act": Act.APPROVED.value, "at": AtLeast(as_text(since))}
            ),
        ]
        said.sort(key=lambda act: (r.text(act.fields, "at"), act.record), reverse=True)
        found: list[ReviewLine] = []
        seen: set[str] = set()
        for act in said:
            note = r.text(act.fields, "note")
            if note in seen or len(found) >= limit:
                continue
            seen.add(note)
            record = self._ledger.vault.get(note)
            if record is None or record.kind != "visit_note":
                continue  # destroyed since
            if written_by(self._ledger, record) != me:
                continue
            line = self._line(record)
            if line.answer is not None and (
                line.note.review != ReviewState.APPROVED or line.answer.at >= since
            ):
                found.append(line)
        return found

    def unsigned(self, worker: str | None = None) -> list[UnsignedNote]:
        """Notes that should be signed by now, begun or not, the longest first."""
        late = {Overdue.NOTE_UNSIGNED, Overdue.NOTE_MISSING}
        names = family_lines.features(self._ledger)
        return [
            UnsignedNote(
                family=one.family,
                family_name=names[one.family].name if one.family in names else "",
                writer=who,
                writer_name=self._team.name_of(who),
                since=one.since,
                note=one.record if one.code is Overdue.NOTE_UNSIGNED else None,
                appointment=one.appointment,
            )
            for one in waiting.everything(self._ledger)
            for who in one.workers[:1]
            if one.code in late and worker in (None, who)
        ]

    def caseloads(self) -> list[Load]:
        """Each worker's families and room, the fullest first."""
        closed = self._closed_families() | self._ledger.joined().into.keys()
        open_now = [
            from_family.allocation(a)
            for a in self._ledger.find("allocation", {"until": self._ledger.still_holding()})
            if a.casefile not in closed
        ]
        waits = waiting.everything(self._ledger)
        notes = {Overdue.NOTE_UNSIGNED, Overdue.NOTE_MISSING}
        profile = self._ledger.profile

        def at_most(worker: Worker) -> int:
            return self.room_by_rule(worker) if worker.capacity is None else worker.capacity

        return loads(
            self._team.workers(active_only=False),
            open_now,
            unsigned=Counter(w for one in waits if one.code in notes for w in one.workers),
            overdue=Counter(w for one in waits if one.code not in notes for w in one.workers),
            at_most=at_most,
            at_least=lambda worker: profile.least_families(worker.title, worker.wte) or 0,
        )

    def room_by_rule(self, worker: Worker) -> int:
        """How many families she should have at most where no figure of her own was agreed."""
        said = self._ledger.profile.most_families(worker.title, worker.wte)
        return said or replace(worker, capacity=None).families_at_most

    def overdue_clocks(self) -> list[tuple[str, tuple[FamilyClock, ...]]]:
        """Time limits that have passed, by the worker who answers for them, the most first.

        Those of families that nobody works with stand under an empty id.
        """
        found: dict[str, list[FamilyClock]] = {}
        for one in waiting.clocks(self._ledger, lambda c: c.state is ClockState.OVERDUE):
            due = local_day(one.since, self._ledger.zone)
            clock = FamilyClock(family=one.family, code=one.text, due=due)
            for worker in one.workers or ("",):
                found.setdefault(worker, []).append(clock)
        several = [
            (worker, tuple(sorted(clocks, key=lambda c: (c.due, c.family, c.code))))
            for worker, clocks in found.items()
        ]
        return sorted(several, key=lambda pair: (-len(pair[1]), self._team.name_of(pair[0])))

    def unseen_devices(self, devices: Iterable[DeviceSeen]) -> list[DeviceSeen]:
        """Those out of touch with the office for as long as the service allows, or longer."""
        allowed = timedelta(hours=self._ledger.profile.stale_hours)
        return unseen(devices, self._ledger.now, after=allowed)

    def overview(self) -> Overview:
        """Counts for the first screen."""
        lines = family_lines.lines(self._ledger)
        return Overview(
            to_review=self._to_review(),
            unsigned=len(self.unsigned()),
            conversations=self._ledger.vault.count("obstacle", {"status": Not("closed")}),
            conflicts=len(self._ledger.vault.conflicted()) + len(self.doubles()),
            wrong_copies=self._ledger.vault.count("wrong_family", {"status": Not("removed")}),
            over_capacity=sum(load.over for load in self.caseloads()),
            families_open=sum(line.status is FamilyStatus.OPEN for line in lines),
            waiting=sum(line.status is FamilyStatus.WAITING for line in lines),
            clocks_overdue=sum(Overdue.CLOCK_DUE in line.overdue for line in lines),
            still_allocated=len({one.family for one in self.closed_but_allocated()}),
        )

    def _to_review(self) -> int:
        """How long the queue is, looking only at notes that something was done with."""
        settled, wrong = self._settled(), self._wrong()
        touched = self._with(Act.READ, Act.COMMENTED, Act.RETURNED) - settled
        waits = {
            "signed_at": Not(None),
            "record": Not(OneOf(sorted(settled | touched | wrong))),
        }
        me = self._ledger.me.person
        untouched = self._ledger.vault.count("visit_note", {**waits, "author": Not(me)})
        untouched += sum(
            written_by(self._ledger, record) != me
            for record in self._ledger.find("visit_note", {**waits, **_taken_in(me)})
        )
        records = (self._ledger.vault.get(note) for note in touched - wrong)
        lines = (self._line(x) for x in records if x is not None and x.kind == "visit_note")
        return untouched + sum(
            line.note.review in TO_REVIEW and line.note.writer != me for line in lines
        )

    def _wrong(self) -> frozenset[str]:
        return waiting.wrong_copies(self._ledger)

    def _settled(self) -> set[str]:
        """Notes a supervisor approved and none sent back; of the others each is looked at.

        Counted without reading the reviews, however many years of them there are.
        """
        return self._with(Act.APPROVED) - self._with(Act.RETURNED)

    def _with(self, *acts: Act) -> set[str]:
        """Notes that some supervisor's device did one of these with."""
        counted = self._ledger.vault.tally(
            "note_review", by=("note", "device"), where={"act": OneOf(*(a.value for a in acts))}
        )
        supervises = {
            device: self._ledger.access.is_supervisor(str(device))
            for device in {key[1] for key in counted}
        }
        return {str(note) for note, device in counted if supervises[device]}

    def _line(self, record: Record) -> ReviewLine:
        note: Note = self._notes.shown_in_list(record)
        known = family_lines.features(self._ledger).get(self._ledger.remaining(note.family))
        return ReviewLine(
            note=note,
            family_name=known.name if known else "",
            family_ref=known.ref if known else "",
            writer_name=self._team.name_of(note.writer),
            waiting_since=note.signed_at or note.occurred_at,
            comments=sum(bool(a.comment) for a in note.reviews),
            answer=answer(note.reviews, ReviewState(note.review)),
        )

    def _signed(self, note: str) -> Record:
        record = self._ledger.one(note, "visit_note")
        if not r.maybe_text(record.fields, "signed_at"):
            raise NotSigned
        return record

    def _say(self, note: str, act: Act, text: str) -> None:
        self._ledger.require_supervisor()
        if not text.strip():
            raise Missing("text")
        self._act(self._signed(note), act, text)

    def _act(self, record: Record, act: Act, text: str) -> None:
        self._ledger.new(
            record.casefile,
            "note_review",
            r.plain_fields(
                note=record.record,
                reviewer=self._ledger.me.person,
                act=act,
                comment=text.strip(),
                at=self._ledger.now,
            ),
        )


def _taken_in(by: str) -> Where:
    """What that supervisor began on record, but only by taking it in for somebody."""
    return {"author": by, "writer": Not(by)}


def _written(me: str, writer: str | None) -> Sequence[Where]:
    """Where to look for notes that are not mine, or are one writer's; some looked at in vain."""
    if writer is None:
        return ({"author": Not(me)}, _taken_in(me))
    return ({"author": writer}, {"author": Not(writer), "writer": writer})


def _in_order(record: Record) -> tuple[str, str]:
    return r.text(record.fields, "occurred_at"), record.record
