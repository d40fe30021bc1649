"""When rounds happen: at the start, after a save, on reconnect, and every few minutes.

Rounds run in one background thread, never two at once; asking for one while another runs makes it
run again afterwards, so that nothing saved in between waits. APScheduler is only the ticker that
notices when one is due. Whoever shows how things stand subscribes to `Status`. Must not know how
anything looks.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Literal, Protocol

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from storage.clock import Clock
from storage.errors import StorageError, VaultLocked
from storage.seal import Randomness
from sync.backoff import wait_before
from sync.errors import Offline, SyncError
from sync.outcome import OnProgress, Outcome, Progress

log = logging.getLogger(__name__)

State = Literal["resting", "exchanging", "offline", "trouble", "ended"]
TICK_S: Final = 5
_LOCKED_MEANWHILE: Final = timedelta(seconds=1)


class Conductor(Protocol):
    """What does a round: `sync.exchange.Exchange`."""

    def round(
        self, on_progress: OnProgress | None = None, *, first: Sequence[str] = ()
    ) -> Outcome: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How the exchange stands.

    "offline": the office could not be reached, and will be tried again at `next_try`; "trouble":
    `error` stopped the last round; "ended": this device's access has ended, or it is a copy.
    `sent` of `total` changes were acknowledged in the round under way or the last one; `unsent`
    are only on this device. `last_contact` is the last time a round went through, aware UTC.
    """

    state: State = "resting"
    sent: int = 0
    total: int = 0
    unsent: int = 0
    last_contact: datetime | None = None
    next_try: datetime | None = None
    error: Exception | None = None
    outcome: Outcome = field(default_factory=Outcome)


Listener = Callable[[Status], None]


class Rounds:
    """Keeps one vault and its office in step. `unsent` counts what is only on this device.

    `first` is asked before each round for the casefiles (hex) that matter most today.
    """

    def __init__(
        self,
        exchange: Conductor,
        *,
        unsent: Callable[[], int],
        clock: Clock,
        randomness: Randomness,
        first: Callable[[], Sequence[str]] = tuple,
        last_contact: datetime | None = None,
    ) -> None:
        self._exchange = exchange
        self._unsent = unsent
        self._clock = clock
        self._randomness = randomness
        self._first = first
        self._lock = threading.Lock()
        self._woken = threading.Condition(self._lock)
        self._asked = False
        self._paused = False
        self._stopping = False
        self._due = clock.monotonic()
        self._failures = 0
        self._listeners: list[Listener] = []
        self._status = Status(last_contact=last_contact, unsent=unsent())
        self._worker = threading.Thread(target=self._work, name="rounds", daemon=True)
        self._ticker = BackgroundScheduler(timezone="UTC", daemon=True)

    # -- for the app ---------------------------------------------------------------------------

    @property
    def status(self) -> Status:
        with self._lock:
            return self._status

    def start(self) -> None:
        """Begin, with a round at once."""
        self._ticker.add_job(
            self.tick,
            IntervalTrigger(seconds=TICK_S),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        self._ticker.start()
        self._worker.start()
        self.now()

    def stop(self, *, within: float = 10.0) -> None:
        """End; waits at most `within` seconds for a round under way. Nothing is lost by it."""
        with self._woken:
            self._stopping = True
            self._woken.notify_all()
        if self._ticker.running:
            self._ticker.shutdown(wait=True)
        if self._worker.is_alive():
            self._worker.join(within)

    def now(self) -> None:
        """Do a round as soon as can be: after a save, on reconnect, or because somebody asked."""
        with self._woken:
            self._asked = True
            self._woken.notify_all()

    def tick(self) -> None:
        """Ask for a round if one is due: the ticker's only work."""
        if self._clock.monotonic() >= self._due:
            self.now()

    def pause(self) -> None:
        """Be out of signal: no round until `resume`."""
        with self._lock:
            self._paused = True
        self._change(state="offline", next_try=None)

    def resume(self) -> None:
        """The signal is back."""
        with self._lock:
            self._paused = False
        self.now()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Be told each time the status changes, from the rounds' thread; gives a function that
        ends it."""
        with self._lock:
            self._listeners.append(listener)

        def unsubscribe() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return unsubscribe

    def saved(self) -> None:
        """Something was written down here: say that it waits, and see to it."""
        self._change(unsent=self._unsent())
        self.now()

    # -- in the background ---------------------------------------------------------------------

    def _work(self) -> None:
        while self._wait_until_asked():
            wait = self._one_round()
            self._due = self._clock.monotonic() + wait.total_seconds()

    def _wait_until_asked(self) -> bool:
        """Whether to do a round; False at the end."""
        with self._woken:
            while not self._stopping and (self._paused or not self._asked):
                self._woken.wait()
            self._asked = False
            return not self._stopping

    def _one_round(self) -> timedelta:
        """One round; gives how long to wait before the next."""
        self._change(state="exchanging", sent=0, total=self._unsent())
        try:
            outcome = self._exchange.round(self._progressed, first=self._first())
        except VaultLocked:
            # Locked in the middle: the next round sends what is sealed.
            self._change(state="resting", unsent=self._unsent())
            return _LOCKED_MEANWHILE
        except (SyncError, StorageError) as error:
            return self._failed(error)
        self._failures = 0
        now = self._clock.now()
        wait = self._wait()
        self._change(
            state=self._state_after(outcome),
            unsent=outcome.still_here,
            last_contact=now,
            next_try=now + wait,
            error=None,
            outcome=outcome,
        )
        return wait

    def _state_after(self, outcome: Outcome) -> State:
        if outcome.revoked or outcome.cloned:
            return "ended"
        return "offline" if self._paused else "resting"

    def _failed(self, error: SyncError | StorageError) -> timedelta:
        self._failures += 1
        wait = self._wait()
        log.info("round broken off", extra={"why": type(error).__name__})
        self._change(
            state="trouble" if _needs_somebody(error) else "offline",
            unsent=self._unsent(),
            next_try=self._clock.now() + wait,
            error=error,
        )
        return wait

    def _wait(self) -> timedelta:
        return wait_before(self._failures, self._randomness(1)[0] / 255)

    def _progressed(self, progress: Progress) -> None:
        self._change(sent=progress.sent, total=progress.total)

    def _change(self, **news: object) -> None:
        with self._lock:
            changed = replace(self._status, **news)  # type: ignore[arg-type]
            if changed == self._status:
                return
            self._status = changed
            listeners = list(self._listeners)
        for listener in listeners:
            listener(changed)


def _needs_somebody(error: SyncError | StorageError) -> bool:
    """Whether waiting alone will not help: a person has to see it."""
    return not isinstance(error, Offline)
