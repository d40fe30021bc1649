"""Opening what is on this device at start, and what to say when it was found damaged."""

from __future__ import annotations

from app.device import Device
from app.wording import Kind, _, ngettext
from storage.errors import DamagedFile
from storage.vault import Vault


def open_device(device: Device) -> tuple[Vault | None, Kind | None]:
    """The vault, locked, or None before set-up; and what the person must be told first, if any.

    A damaged file was set aside, never overwritten; what was readable is in the one opened.
    Raises AlreadyOpen, NewerFile, KeyStoreUnavailable, or DamagedFile when nothing can be done.
    """
    notice: Kind | None = None
    for _attempt in range(3):
        try:
            return device.open(), notice
        except DamagedFile as damage:
            notice = damage_words(damage)
            last = damage
    raise last


def damage_words(damage: DamagedFile) -> Kind:
    """What was found, what is safe, what to do."""
    kept = ngettext("{n} entry was readable", "{n} entries were readable", damage.kept).format(
        n=damage.kept
    )
    lost = ngettext("{n} was not", "{n} were not", damage.lost).format(n=damage.lost)
    aside = damage.set_aside.name if damage.set_aside is not None else ""
    if damage.usable:
        then = _("Unlock as always. The office still has everything that was sent.")
    else:
        then = _("Ask your supervisor for an invite and join again.")
    return Kind(
        says=_("The file on this device was damaged."),
        safe=_("It was set aside as {name}, nothing was overwritten: {kept}, {lost}.").format(
            name=aside, kept=kept, lost=lost
        ),
        then=then,
    )
