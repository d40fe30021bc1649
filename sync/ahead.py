"""Beginning a call to the office before its answer is wanted.

While the office works and the network carries, this device writes down what came before. Must not
know what is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

T = TypeVar("T")


class Begin(Protocol):
    """Takes a call that is wanted soon; gives what waits for its answer, or raises its error."""

    def __call__(self, call: Callable[[], T], /) -> Callable[[], T]: ...


def when_wanted(call: Callable[[], T]) -> Callable[[], T]:
    """Do nothing ahead: the call is made when its answer is asked for. One thread, one order."""
    return call


def in_a_thread() -> Begin:
    """Make calls in one thread of their own, one after the other.

    The thread is there from the first call on, so that it can keep a connection, and ends when
    this is no longer referred to. A call whose answer nobody asks for any more is still made:
    every call may be repeated.
    """
    pool = ThreadPoolExecutor(1, thread_name_prefix="ahead")

    def begin(call: Callable[[], T]) -> Callable[[], T]:
        return pool.submit(call).result

    return begin
