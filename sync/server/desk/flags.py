"""The desk's settings as flags: each one but the secrets, named as in the environment."""

from __future__ import annotations

import argparse
from typing import Any, Final, get_args

from pydantic import SecretStr, ValidationError

from sync.server.desk.settings import DeskSettings

_PREFIX: Final = "desk_"


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add --desk-sms, --desk-public-url and so on."""
    group = parser.add_argument_group(
        "the reminder desk",
        "Secrets are not given here, where others could read them, but in the environment or in "
        "files: DOORSTEP_OFFICE_DESK_NOTIFY_KEY or --desk-notify-key-file.",
    )
    for name, field in DeskSettings.model_fields.items():
        if SecretStr in (field.annotation, *get_args(field.annotation)):
            continue
        flag, dest = f"--{_PREFIX}{name}".replace("_", "-"), _PREFIX + name
        if field.annotation is bool:
            group.add_argument(flag, dest=dest, action="store_true", help=_HELP.get(name))
        else:
            group.add_argument(flag, dest=dest, metavar="…", help=_HELP.get(name))


def taken(given: dict[str, Any]) -> dict[str, Any]:
    """Takes the desk's settings out of parsed flags; gives them by their own names."""
    names = [n for n in given if n.removeprefix(_PREFIX) in DeskSettings.model_fields]
    return {
        name.removeprefix(_PREFIX): given.pop(name) for name in names if name.startswith(_PREFIX)
    }


def unusable(error: ValidationError | OSError) -> str:
    """Which settings somebody has to look at, never what they hold."""
    if isinstance(error, OSError):
        return f"a file of a secret cannot be read ({type(error).__name__})"
    return ", ".join(
        str(part["loc"][0]) if part["loc"] else str(part["msg"]).removeprefix("Value error, ")
        for part in error.errors()
    )


_HELP: Final = {
    "sms": "who carries texts: none (the default), console, notify or twilio",
    "voice": "who makes automated calls: none (the default), console or twilio",
    "public_url": "this office's address as providers reach it",
    "notify_template": "id of a Notify template whose whole text is ((text))",
    "twilio_redaction": "the account has Message Redaction",
    "twilio_sender": "a number, or a messaging service (MG…) for texts",
    "duty_code_file": "a file with the code of duty staff for /desk",
    "operator_code_file": "a file with the operators' code for /desk",
    "open_console": "show /desk/console to anybody on this machine (demo on loopback)",
    "duty_number": "the duty worker's telephone, where an order names none",
    "tick_s": "seconds between two looks at what is due (30)",
    "workers": "processes of `doorstep-office desk run` (1); 0: an office that does not send",
    "a_day": "automated messages that one number may get in a day (4)",
}
