"""One step of a round: what is only on this device goes to the office, batch by batch.

Works on the sealed file alone, so that a locked, locked-out or revoked device can do it. A change
counts as sent when the office has acknowledged it, and not a moment before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from storage.device_file import DeviceFile
from storage.outbox import Outgoing
from sync.errors import Nonsense
from sync.outcome import OnProgress, Progress
from sync.protocol import ChainAnswer

Send = Callable[[Outgoing], Callable[[], tuple[ChainAnswer, ...]]]
"""Sends a batch on its way; gives what waits for the answer."""


@dataclass(slots=True)
class Pushed:
    """What a push came to: changes acknowledged, and those of them put into quarantine."""

    sent: int = 0
    quarantined: int = 0


def push(
    file: DeviceFile,
    send: Send,
    *,
    first: Sequence[bytes] = (),
    before: int = 0,
    on_progress: OnProgress | None = None,
) -> Pushed:
    """Send until nothing is left but chains that the office refused.

    May be stopped anywhere and done again: the office answers what it has already with the same
    words. While it looks at one batch, the next is made ready here. `first` names casefiles to
    send before all others, `before` counts what this round has sent already. Raises Nonsense when
    the office neither takes nor refuses anything, and whatever `send` raises.
    """
    done = Pushed()
    rewound: set[bytes] = set()
    batch = file.outbox(first=first)
    answered = send(batch) if batch else None
    while answered is not None:
        following = file.outbox(first=first, under_way=batch.upto)
        answers = {a.casefile: a for a in answered() if a.device == file.device_id}
        goes_on = bool(following) and _took_all(batch, answers)
        answered = send(following) if goes_on else None
        moved = _take_back(file, batch, answers, rewound)
        moved |= _settle(file, batch, answers, done)
        if on_progress is not None:
            sent, left = before + done.sent, file.outbox_size().everything
            on_progress(Progress(phase="sending", sent=sent, total=sent + left))
        if not moved:
            if batch.runs:
                raise Nonsense("the office neither takes nor refuses what it is sent")
            break
        batch = following
        if not goes_on:
            batch = file.outbox(first=first)
            answered = send(batch) if batch else None
    return done


def _took_all(batch: Outgoing, answers: Mapping[bytes, ChainAnswer]) -> bool:
    """Whether the office has all of a batch, so that what follows it may go out."""
    taken = {c: a.accepted for c, a in answers.items() if a.refused is None}
    return all(taken.get(casefile, 0) >= n for casefile, n in batch.upto.items())


def _take_back(
    file: DeviceFile,
    batch: Outgoing,
    answers: dict[bytes, ChainAnswer],
    rewound: set[bytes],
) -> bool:
    """Where the office holds less than it once acknowledged, send that again, once a push; gives
    whether there was any."""
    found = False
    for casefile, first_n, _last_n in _chains(batch):
        answer = answers.get(casefile)
        if answer and casefile not in rewound and _holds_less(answer, first_n):
            rewound.add(casefile)
            file.rewind(casefile, answer.accepted)
            del answers[casefile]
            found = True
    return found


def _chains(batch: Outgoing) -> list[tuple[bytes, int, int]]:
    """(casefile, first n, last n) of each chain in a batch."""
    spans: dict[bytes, tuple[int, int]] = {}
    for run in batch.runs:
        begun = spans.get(run.casefile, (run.first, 0))[0]
        spans[run.casefile] = (begun, run.last)
    return [(casefile, begun, last) for casefile, (begun, last) in spans.items()]


def _holds_less(answer: ChainAnswer, first_n: int) -> bool:
    """Whether the office has lost what it once acknowledged: restored from a backup, say."""
    return answer.accepted < first_n - 1 and answer.refused in (None, "gap")


def _settle(
    file: DeviceFile, batch: Outgoing, answers: Mapping[bytes, ChainAnswer], done: Pushed
) -> bool:
    """Take the answers for a batch to heart; gives whether anything changed."""
    taken: dict[bytes, int] = {}
    numbered: dict[bytes, tuple[int, int]] = {}
    refused: dict[bytes, str] = {}
    for casefile, first_n, last_n in _chains(batch):
        answer = answers.get(casefile)
        if answer is None:
            continue
        # After a fork the numbers are another copy's: what the office holds is not what is here.
        if answer.accepted >= first_n and answer.refused != "fork":
            taken[casefile] = min(answer.accepted, last_n)
            if answer.accepted == last_n and answer.top:
                numbered[casefile] = (answer.top - (last_n - first_n + 1), answer.top)
        if answer.refused is not None:
            refused[casefile] = answer.refused
    news = file.acknowledge(taken, numbered)
    for casefile, count in news.items():
        done.sent += count
        done.quarantined += count if answers[casefile].quarantined else 0
    for casefile, code in refused.items():
        file.refused(casefile, code)
    return bool(news or refused)
