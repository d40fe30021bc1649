"""What a device process writes to its log: kinds, counts, durations and random references.

An exception's text, its arguments and the lines of its traceback may hold a family's words, and
Flet logs them gladly. The formatter here drops all of that, whoever logged it.
"""

from __future__ import annotations

import logging
import sys

NOISY = ("flet", "flet_web", "flet_transport", "flet_controls", "flet_object_patch", "uvicorn")


class Discreet(logging.Formatter):
    """One line a record: when, how grave, where from, what. Never why in an exception's words."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        clean = logging.makeLogRecord(record.__dict__)
        clean.exc_text = clean.stack_info = None
        if record.exc_info and record.exc_info[0] is not None:
            clean.msg = f"{_first_words(record)} ({record.exc_info[0].__name__})"
            clean.args = ()
        elif _foreign(record.name):
            # Their messages may quote a control's text or a request; the format itself does not.
            clean.msg, clean.args = _first_words(record), ()
        clean.exc_info = None
        return super().format(clean)


def begin_logging(level: int = logging.INFO) -> None:
    """Log to standard error, discreetly; libraries only from warnings on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for ours in ("app", "sync", "storage"):
        logging.getLogger(ours).setLevel(level)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)


def _foreign(name: str) -> bool:
    return name.partition(".")[0] not in ("app", "sync", "storage")


def _first_words(record: logging.LogRecord) -> str:
    """The unfilled message, and of a filled-in one (an f-string) only what stands before a colon
    or a quote: that is where libraries put other people's words."""
    if not isinstance(record.msg, str):
        return type(record.msg).__name__
    if not _foreign(record.name) or record.args:
        return record.msg
    words = record.msg
    for sign in (":", "'", '"', "{", "[", "\n"):
        words = words.partition(sign)[0]
    return words[:80].strip()
