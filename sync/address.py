"""Where an office may be: over TLS anywhere, in the clear on this very machine only."""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import urlsplit

MAX_ADDRESS: Final = 200


def checked_address(text: str) -> str:
    """The office's address in one spelling, without a closing slash.

    A missing scheme is taken for https. Raises ValueError for anything that is not a plain web
    address, and for unencrypted http to another machine.
    """
    text = text.strip()
    if "://" not in text:
        text = f"https://{text}"
    parts = urlsplit(text)
    host = parts.hostname or ""
    if (
        len(text.encode()) > MAX_ADDRESS
        or parts.scheme not in ("https", "http")
        or not host
        or parts.username is not None
        or parts.password is not None
        or parts.query
        or parts.fragment
        or any(c.isspace() or not c.isprintable() for c in text)
    ):
        raise ValueError("that is not the address of an office")
    if parts.scheme == "http" and not is_loopback(host):
        raise ValueError("an office on another machine is reached over https only")
    port = f":{parts.port}" if parts.port else ""  # raises ValueError above 65535
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}{port}{parts.path.rstrip('/')}"


def is_loopback(host: str) -> bool:
    """Whether a host name can only mean this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
