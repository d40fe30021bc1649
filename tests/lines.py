"""Ways to the office that fail on purpose, between a device and any `Office`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from sync.errors import Offline
from sync.protocol import Office

T = TypeVar("T")


def at_once(call: Callable[[], T]) -> Callable[[], T]:
    """The call is made as soon as it is begun, and what became of it told when that is wanted: a
    network so quick that whatever is done meanwhile comes after it."""
    try:
        answer = call()
    except Exception as error:
        trouble = error

        def raises() -> T:
            raise trouble

        return raises
    return lambda: answer


class NoSignal:
    """Nothing gets through."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*_: object, **__: object) -> None:
            raise Offline("no signal")

        return call


class LostReplies:
    """The office hears and does; of the calls in `losing`, from number `after` on, the answer
    gets lost. `watch` is told (name, arguments after the token) of each call."""

    def __init__(
        self,
        inner: Office,
        losing: Collection[str],
        *,
        after: int = 0,
        watch: Callable[[str, tuple[object, ...]], object] | None = None,
    ) -> None:
        self.inner = inner
        self._losing = losing
        self._left = after
        self._watch = watch

    def __getattr__(self, name: str) -> Callable[..., Any]:
        carried = getattr(self.inner, name)

        def call(*arguments: object, **named: object) -> object:
            if self._watch is not None:
                self._watch(name, arguments[1:])
            answer = carried(*arguments, **named)
            if name in self._losing:
                if self._left == 0:
                    raise Offline("the reply was lost")
                self._left -= 1
            return answer

        return call
