"""One process of the demo: started, watched, started again, and never left behind.

It is ours from the moment it exists, also while it is still starting, so that ending the demo at
any time ends it too. Must not know what the program does.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STARTS_S = 60.0
ENDS_S = 15.0


class Program:
    """`python -m module arguments`; what it writes goes to `log`. `what` names it for people."""

    def __init__(self, what: str, module: str, arguments: Sequence[str], log: Path) -> None:
        self.what = what
        self._command = (sys.executable, "-m", module, *arguments)
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self._starting = asyncio.Lock()
        self._began = asyncio.Condition()

    def running(self) -> bool:
        """Whether its process is there."""
        return self._process is not None and self._process.returncode is None

    async def start(self, up: Callable[[], bool]) -> None:
        """Start it unless it runs, and come back once `up` (asked in a thread) says so.

        Raises RuntimeError, naming the log, when it does not come up.
        """
        async with self._starting:
            if self.running():
                return
            with self._log.open("ab") as log:
                self._process = await asyncio.create_subprocess_exec(
                    *self._command,
                    cwd=ROOT,
                    env={**os.environ, "PYTHONUNBUFFERED": "1"},
                    # A device prints its launch address, which belongs in no file.
                    stdout=asyncio.subprocess.DEVNULL,
                    stderr=log,
                    start_new_session=True,
                )
            async with self._began:
                self._began.notify_all()
            try:
                async with asyncio.timeout(STARTS_S):
                    while not await asyncio.to_thread(up):
                        if not self.running():
                            raise RuntimeError(f"{self.what} ended at once; see {self._log.name}")
                        await asyncio.sleep(0.1)
            except TimeoutError:
                raise RuntimeError(f"{self.what} did not start; see {self._log.name}") from None

    async def started(self) -> None:
        """Comes back while it runs, else when it is started again."""
        async with self._began:
            await self._began.wait_for(self.running)

    async def ended(self) -> None:
        """Comes back when it has ended, by itself or by somebody else's hand."""
        if self._process is not None:
            await self._process.wait()

    async def end(self) -> None:
        """Ask it to end, and wait; only then insist."""
        if self._process is None or self._process.returncode is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(ENDS_S):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
