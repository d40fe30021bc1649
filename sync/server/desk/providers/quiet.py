"""What providers' libraries would log, they do not: it holds numbers and words.

The desk writes its own lines, with references only.
"""

from __future__ import annotations

import logging
from typing import Final

_TALKATIVE: Final = ("notifications_python_client", "twilio", "urllib3")
_NOTHING: Final = logging.CRITICAL + 1


def hush() -> None:
    """Keep the libraries out of every log of this process, whatever level is asked for."""
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(_NOTHING)
