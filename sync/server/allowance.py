"""How much a device may store in a day: counted in bytes, whatever they are.

Generous, so that honest work never meets it; see `surroundings.Limits`.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, BindParameter, Connection, bindparam, case, update

from sync.errors import TooMuch
from sync.server.access import Caller
from sync.server.surroundings import DAY_MS, Surroundings
from sync.server.tables import devices

_ME: BindParameter[bytes] = bindparam("me")
_SIZE: BindParameter[int] = bindparam("size", type_=BigInteger())
_TODAY: BindParameter[int] = bindparam("today", type_=BigInteger())
_SPENT = case((devices.c.day == _TODAY, devices.c.bytes_today), else_=0) + _SIZE
_SPEND = (
    update(devices)
    .where(devices.c.device == _ME, bindparam("most", type_=BigInteger()) >= _SPENT)
    .values(day=_TODAY, bytes_today=_SPENT)
)


def spend(s: Surroundings, connection: Connection, who: Caller, size: int) -> None:
    """Count what a device stores today. Raises TooMuch, and nothing is stored, beyond the limit."""
    if size == 0:
        return
    spent = connection.execute(
        _SPEND,
        {
            "me": who.device,
            "size": size,
            "today": s.now() // DAY_MS,
            "most": s.limits.bytes_a_day,
        },
    )
    if spent.rowcount != 1:
        raise TooMuch("more was sent today than the office takes from one device")
