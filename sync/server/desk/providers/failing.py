"""What a failed HTTP call proves: that nothing was sent, or nothing at all.

Only a connection that was never made is proof that the provider has not heard of the message.
"""

from __future__ import annotations

from typing import Final

from requests.exceptions import ConnectionError as NoConnection
from requests.exceptions import ConnectTimeout, RequestException
from urllib3.exceptions import MaxRetryError, NewConnectionError

from sync.server.desk import reasons
from sync.server.desk.providers.base import Outcome, Refused, Unsure

AGAIN_S: Final = 60
ACCOUNT_AGAIN_S: Final = 300
DAILY_AGAIN_S: Final = 3600
BUSY_AGAIN_S: Final = 5


def away() -> Refused:
    """The provider cannot be reached, and has not heard of the message."""
    return Refused(reasons.PROVIDER_AWAY, AGAIN_S)


def without_answer(error: BaseException | None) -> Outcome:
    """The outcome of a call that brought no answer."""
    if isinstance(error, RequestException) and _never_connected(error):
        return away()
    return Unsure(reasons.TIMED_OUT)


def _never_connected(error: RequestException) -> bool:
    if isinstance(error, ConnectTimeout):
        return True
    if not isinstance(error, NoConnection) or not error.args:
        return False
    inner = error.args[0]
    cause = inner.reason if isinstance(inner, MaxRetryError) else inner
    return isinstance(cause, NewConnectionError)  # refused, unreachable, or no such host
