"""A way back in after the browser was closed: Doorstep started once more rings at the one running.

The launch address is good for one browser, once, and the browser forgets its cookie when it is
closed. So a running device leaves beside its data a file that only its owner can read, with its
port and a secret of this run; whoever shows that secret is given a fresh one-time address. Other
users of the machine and web pages have no file to read. Knows nothing of records or of Flet.
"""

from __future__ import annotations

import hmac
import http.client
import json
import os
import re
import secrets
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

FILE = "running.json"
PATH = "/another-link"
HEADER = "x-doorstep-running"
_SECRET_BYTES = 16
_PATIENCE_S = 5.0


class Doorbell:
    """The running side. `another` makes a fresh one-time address."""

    def __init__(self, folder: Path, another: Callable[[], str]) -> None:
        self._file = folder / FILE
        self._another = another
        self._secret = secrets.token_urlsafe(_SECRET_BYTES)

    def hang(self, port: int) -> None:
        """Leave the file. Raises OSError: no way back in then, and nothing else is lost."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.unlink(missing_ok=True)  # an old one might be open to more than its owner
        written = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(written, "w", encoding="utf-8") as file:
            json.dump({"port": port, "secret": self._secret}, file)

    def take_down(self) -> None:
        """Remove the file; a process that was killed leaves it, and it opens nothing then."""
        self._file.unlink(missing_ok=True)

    def answer(self, shown: str | None) -> str | None:
        """A fresh address for whoever shows this run's secret; None for anybody else."""
        if shown is None or not hmac.compare_digest(shown.encode(), self._secret.encode()):
            return None
        return self._another()


def ring(folder: Path) -> str | None:
    """A fresh address of the device that is running on `folder`'s data; None when none is."""
    try:
        left = json.loads((folder / FILE).read_text(encoding="utf-8"))
        port, secret = int(left["port"]), str(left["secret"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)
    try:
        line.request("POST", PATH, headers={HEADER: secret})
        answer = line.getresponse()
        said = answer.read(300).decode("ascii", "replace")
    except (OSError, http.client.HTTPException):
        return None
    finally:
        line.close()
    # The port may be another program's by now.
    ours = re.fullmatch(rf"http://127\.0\.0\.1:{port}/\?token=[\w-]+", said)
    return said if answer.status == HTTPStatus.OK and ours else None
