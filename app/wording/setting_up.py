"""What keeps an organisation from being started, said to somebody who has nothing yet.

`kindly` speaks to people at work, whose changes are safe and sent by themselves; here nothing goes
by itself, and what stands in the way is mostly an address or the code the office printed.
"""

from __future__ import annotations

from app.wording.catalogue import N_, _
from app.wording.kindly import Kind, plain
from sync.errors import (
    InviteRefused,
    Nonsense,
    NotOurOffice,
    NotUnderstood,
    Offline,
    UntrustedConnection,
)

_SAFE = N_("What you filled in is still here.")
_CHECK = N_("Check the address, letter by letter, then try again.")
_SAID: tuple[tuple[type[Exception], str, str], ...] = (
    (
        Offline,
        N_("Nothing answers at this address."),
        N_("Check the address and this device's connection, then try again."),
    ),
    (
        UntrustedConnection,
        N_("The connection to the office is not private, so nothing was sent."),
        N_("Try another network; if it stays so, tell whoever runs the office."),
    ),
    (
        NotOurOffice,
        N_("The office at this address belongs to an organisation already."),
        N_("Join it with an invite from there, or use an office that is new."),
    ),
    (
        InviteRefused,
        N_("The office did not accept this claim code."),
        N_("Type the one it printed last: it prints another each time it starts."),
    ),
    (Nonsense, N_("What answers at this address is not a Doorstep office."), _CHECK),
    (NotUnderstood, N_("What answers at this address is not a Doorstep office."), _CHECK),
    (
        ValueError,
        N_("This is not the address of an office."),
        N_("It looks like https://office.example.org. Then try again."),
    ),
)


def not_started(error: Exception) -> Kind:
    """Why the office could not be asked or claimed, and what to do about it."""
    for kind, says, then in _SAID:
        if isinstance(error, kind):
            return Kind(says=_(says), safe=_(_SAFE), then=_(then))
    return plain(error)


def not_joined(error: Exception) -> Kind:
    """Why nobody could be asked to let this device in, said to somebody with an invite in hand."""
    if isinstance(error, Offline):
        return Kind(
            says=_("The office cannot be reached right now."),
            safe=_("Nothing was changed, and what you filled in is still here."),
            then=_("Press “Pair again” once more when there is a signal."),
        )
    return plain(error)
