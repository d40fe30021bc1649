"""Programs under test as processes of their own: started, watched, killed, started again.

A story must be able to pull the plug, so nothing here runs in the test's process. Readiness is
asked of the port alone, never of a page: a launch address may be good for one visit only.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[2]
_ANNOUNCED = re.compile(r"http://(?:127\.0\.0\.1|localhost):\d+[^\s'\"]*")
START_SECONDS = 60.0


def free_port() -> int:
    """A loopback TCP port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(check: Callable[[], T], what: str, seconds: float = 20.0) -> T:
    """Ask `check` until it answers something true, and return that; for what no browser can see."""
    end = time.monotonic() + seconds
    while not (answer := check()):
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds:g} s for {what}")
        time.sleep(0.05)
    return answer


class FletServer:
    """`python *args` as a web app on loopback, with a web server instead of a desktop window.

    With `port`, the app is expected there; it also finds it in FLET_SERVER_PORT. Without, the app
    chooses and prints its address, launch token included, and `url` is what it printed.

        with FletServer("-m", "app", "--data", folder) as device:
            with FletBrowser(device.url) as ui:
                ui.open()
    """

    def __init__(
        self,
        *args: str | Path,
        env: Mapping[str, str] | None = None,
        cwd: Path = ROOT,
        port: int | None = None,
    ) -> None:
        self.args = [str(arg) for arg in args]
        self.env = dict(env or {})
        self.cwd = cwd
        self._port = port
        self._url = "" if port is None else f"http://127.0.0.1:{port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._log = Path(tempfile.mkstemp(suffix=".log", prefix="doorstep-test-")[1])

    @property
    def url(self) -> str:
        """Where a browser goes first: the printed launch address, or the bare one."""
        return self._url

    @property
    def port(self) -> int:
        """The loopback port the app listens on."""
        port = urlsplit(self._url).port
        assert port is not None, "the app is not up"
        return port

    @property
    def pid(self) -> int:
        """The process id, also after its end."""
        assert self._process is not None, "the app was never started"
        return self._process.pid

    def start(self) -> Self:
        """Start, and return once the port answers. An early exit fails with what it printed."""
        seen = self._log.stat().st_size
        env = {
            **os.environ,
            "FLET_FORCE_WEB_SERVER": "1",  # serve HTTP instead of opening a desktop client
            "FLET_WEB_NO_CDN": "true",  # CanvasKit and Roboto from the installed package
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": os.pathsep.join(
                filter(None, (str(ROOT), str(ROOT / "tests"), os.environ.get("PYTHONPATH")))
            ),
            **self.env,
        }
        if self._port is not None:
            env |= {"FLET_SERVER_PORT": str(self._port), "FLET_SERVER_IP": "127.0.0.1"}
        else:
            self._url = ""
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, *self.args],
                cwd=self.cwd,
                env=env,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            wait_until(lambda: self._up(seen), "the app to listen", START_SECONDS)
        except BaseException as problem:
            self.stop()
            problem.add_note(self.read_log())
            raise
        return self

    def _up(self, seen: int) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise AssertionError(f"the app ended with {self._process.returncode}")
        if not self._url:
            printed = self._log.read_bytes()[seen:].decode(errors="replace")
            # Only a whole line: half a launch token opens nothing.
            found = [_ANNOUNCED.search(line) for line in printed.splitlines(keepends=True)
                     if line.endswith("\n")]  # fmt: skip
            self._url = next((match.group() for match in found if match), "")
        if not self._url:
            return False
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def read_log(self) -> str:
        """Everything the program printed, over all its starts."""
        return self._log.read_text(errors="replace")

    def stop(self) -> None:
        """End it kindly; after 10 s, unkindly."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """`kill -9`: no event, no chance to write anything more."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        os.killpg(self._process.pid, how)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        if problem is not None:
            problem.add_note(f"--- {' '.join(self.args)} printed:\n{self.read_log()[-5000:]}")
        self._log.unlink(missing_ok=True)
