"""Who may use the desk's pages: whoever knows the duty code, or the operator's.

A code opens a session of some hours in a cookie that only this desk can make; nothing is kept.
Wrong codes are counted by address, so that guessing gets slow.
"""

from __future__ import annotations

import hmac
from typing import Final, Literal

from sync.server import failures
from sync.server.desk.codes import same
from sync.server.desk.desk import Desk
from sync.server.desk.settings import Secrets
from sync.server.desk.spans import HOUR_MS

Role = Literal["duty", "operator"]

COOKIE: Final = "doorstep_desk"
LASTS_MS: Final = 2 * HOUR_MS


def signed_in(desk: Desk, cookie: str | None) -> Role | None:
    """Who is behind a cookie; None for nobody, and for one that has run out or was made up."""
    try:
        role, expires, mac = (cookie or "").split(".")
    except ValueError:
        return None
    if not same(mac, _mac(desk, role, expires)) or not expires.isdecimal():
        return None
    if int(expires) <= desk.now():
        return None
    return "operator" if role == "operator" else "duty"


def sign_in(desk: Desk, secrets: Secrets, code: str, address: str) -> str | None:
    """A cookie for whoever knows a code; None for a wrong one. Raises TooMuch."""
    with desk.database.writing() as connection:
        failures.require_few(desk.office, connection, address)
        role = _role(secrets, code.strip())
        if role is None:
            failures.count(desk.office, connection, address)
            return None
    expires = str(desk.now() + LASTS_MS)
    return f"{role}.{expires}.{_mac(desk, role, expires)}"


def _role(secrets: Secrets, code: str) -> Role | None:
    found: Role | None = None
    for role, wanted in (("duty", secrets.duty_code), ("operator", secrets.operator_code)):
        if wanted is not None and same(code, wanted):
            found = "operator" if role == "operator" else "duty"
    return found


def _mac(desk: Desk, role: str, expires: str) -> str:
    said = f"doorstep/desk-page/1 {role} {expires}".encode()
    return hmac.digest(desk.keys.secret, said, "sha256").hex()
