"""A reminder as screens show it: what was planned, and how far it has come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from app.casework.receipt import NOT_SENT, REACHED, WENT_OUT, Receipt, State, overdue
from app.casework.safe_contact import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderLine:
    """One message: the exact text, to whom, when it may go, and what became of it.

    `tells` is the start that the text gives. `receipt` is the furthest the desk has said; None
    while it has said nothing. `at_office` is False while the order is only on this device.
    `withdrawn_why` is a short code.
    """

    reference: str
    family: str
    appointment: str
    version: int
    person: str
    route: str
    consent: int
    rule: str
    channel: Channel
    text: str
    tells: datetime
    day: date
    opens: datetime
    closes: datetime
    not_after: datetime
    deliver_by: datetime | None
    planned_at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_why: str = ""
    correction_of: str | None = None
    receipt: Receipt | None = None
    at_office: bool = True

    @property
    def state(self) -> State:
        """How far it has come. What this device took back counts as withdrawn until the desk says
        that it had left before.
        """
        if self.receipt is not None and self.receipt.state is not State.PLANNED:
            return self.receipt.state
        return State.WITHDRAWN if self.withdrawn_at is not None else State.PLANNED

    def live(self, now: datetime) -> bool:
        """Whether it may still go out."""
        return self.withdrawn_at is None and now < self.not_after and not self.certainly_not_sent

    @property
    def certainly_not_sent(self) -> bool:
        """The desk has said that it never left."""
        return self.receipt is not None and self.receipt.state in NOT_SENT

    @property
    def went_out(self) -> bool:
        """The desk has said that it left, or may have."""
        return self.receipt is not None and self.receipt.state in WENT_OUT

    def may_have_gone(self, now: datetime) -> bool:
        """Its hours had come before anybody took it back, and the desk has not said it stayed."""
        if self.certainly_not_sent:
            return False
        return self.went_out or self.opens <= (self.withdrawn_at or now)

    def late(self, now: datetime) -> bool:
        """It should have reached the phone by now."""
        return overdue(self.receipt, self.deliver_by, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """One row of the deliveries page: a rule, a channel and a day, and how many came how far."""

    rule: str
    channel: Channel
    day: date
    planned: int = 0
    sent: int = 0
    reached: int = 0
    failed: int = 0
    unknown: int = 0
    suppressed: int = 0
    withdrawn: int = 0
    reasons: tuple[tuple[str, int], ...] = ()


_COLUMN = {
    State.PLANNED: "planned",
    State.HELD: "planned",
    State.SENDING: "sent",
    State.SENT: "sent",
    State.UNKNOWN: "unknown",
    State.SUPPRESSED: "suppressed",
    State.EXPIRED: "suppressed",
    State.WITHDRAWN: "withdrawn",
    State.FAILED: "failed",
    State.NO_ANSWER: "failed",
    State.MACHINE: "failed",
    State.NOT_REACHED: "failed",
    **dict.fromkeys(REACHED, "reached"),
}
"""Every state in exactly one column, so that a row adds up to the messages of its day."""


def tallies(lines: Iterable[ReminderLine]) -> list[Tally]:
    """The deliveries by day, the latest first, then by rule and channel."""
    counts: dict[tuple[date, str, Channel], dict[str, int]] = {}
    reasons: dict[tuple[date, str, Channel], dict[str, int]] = {}
    for line in lines:
        key = (line.day, line.rule, line.channel)
        row = counts.setdefault(key, {})
        column = _COLUMN[line.state]
        row[column] = row.get(column, 0) + 1
        said = line.receipt.reason if line.receipt else line.withdrawn_why
        if column in {"suppressed", "failed", "unknown"} and said:
            why = reasons.setdefault(key, {})
            why[said] = why.get(said, 0) + 1
    made = [
        Tally(
            rule=rule,
            channel=channel,
            day=day,
            reasons=tuple(sorted(reasons.get((day, rule, channel), {}).items())),
            **row,
        )
        for (day, rule, channel), row in counts.items()
    ]
    return sorted(made, key=lambda t: (-t.day.toordinal(), t.rule, t.channel))
