"""The office's own record of what people with authority did: ids only, never what it was about."""

from __future__ import annotations

import logging

from sqlalchemy import Connection

from sync.server.tables import acts

log = logging.getLogger(__name__)


def write_down(
    connection: Connection,
    at: int,
    device: bytes,
    act: str,
    *,
    casefile: bytes | None = None,
    subject: bytes | None = None,
) -> None:
    """Keep that `device` did `act`; in the same transaction as the act itself."""
    connection.execute(
        acts.insert(),
        {"at": at, "device": device, "act": act, "casefile": casefile, "subject": subject},
    )
    log.info("act", extra={"act": act, "device": device.hex()})
