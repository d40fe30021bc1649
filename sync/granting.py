"""A supervisor's decisions about who may read and write what, and whose access ends.

Each is written down first, as a wish, and carried out at once or at the next contact. All raise
NotAllowed for anybody whose role does not permit it, and NoKey when the casefile is not hers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from storage.errors import NoKey, NotAllowed
from sync.carrying_out import admitted_devices, carry_out, trusted
from sync.directory import NEVER_MEMBERS, Certificate
from sync.errors import Offline
from sync.line import Line
from sync.wishes import Wish, add, wishes


def grant(line: Line, casefile: str, person: str) -> bool:
    """Let a person read and write a casefile, its whole history included, on all her devices.

    Gives whether it is done; if not, it will be at the next contact. Raises NotAllowed for
    anybody but a supervisor, NoKey when the casefile is not hers to give.
    """
    return _decide(line, [Wish(what="grant", casefile=casefile, person=person)])


def remove(line: Line, casefile: str, person: str) -> bool:
    """End a person's access to a casefile and change its key: future text is out of her reach,
    what she has read is not. See `grant`."""
    return _decide(line, [Wish(what="remove", casefile=casefile, person=person)])


def move_caseload(
    line: Line, casefiles: Iterable[str], *, to: str, away_from: str | None = None
) -> bool:
    """Give a list of casefiles to another person, in one decision; `away_from` loses them.

    For cover while somebody is away: move to the cover worker, and later back with the cover
    worker as `away_from`. See `grant`.
    """
    wishes: list[Wish] = []
    for casefile in casefiles:
        wishes.append(Wish(what="grant", casefile=casefile, person=to))
        if away_from is not None:
            wishes.append(Wish(what="remove", casefile=casefile, person=away_from))
    return _decide(line, wishes)


def admit(line: Line, device: str) -> bool:
    """Let a device that an administrator certified have what its person has. See `grant`."""
    return _decide(line, [Wish(what="admit", device=device)])


def revoke(line: Line, device: str, *, wipe: bool = True) -> bool:
    """End a device's access; it is asked to drop its keys when it is next in contact. What it has
    not sent goes to quarantine. For supervisors and administrators. See `grant`."""
    return _decide(line, [Wish(what="revoke", device=device, wipe=wipe)])


def end_access(line: Line, person: str, *, wipe: bool = True) -> bool:
    """A person leaves: all her devices are revoked, and nothing is kept for her return."""
    with line.lock:
        devices = line.directory.of_person(bytes.fromhex(person))
        wishes = [Wish(what="remove", casefile=c.id, person=person) for c in line.vault.casefiles()]
        me = line.vault.me
        if me is not None and me.role != "supervisor":
            wishes = []
    wishes += [Wish(what="revoke", device=c.device.hex(), wipe=wipe) for c in devices]
    return _decide(line, wishes)


def to_admit(line: Line) -> list[Certificate]:
    """Devices that an administrator certified and no supervisor has admitted yet."""
    with line.lock:
        admitted = admitted_devices(line, wishes(line))
        return [
            c
            for c in line.directory.devices.values()
            if c.revoked is None
            and c.role not in NEVER_MEMBERS
            and not trusted(line.directory, c, admitted)
        ]


def _decide(line: Line, decided: Sequence[Wish]) -> bool:
    me = line.vault.me
    role = me.role if me is not None else "worker"
    if role == "worker" or (role == "administrator" and any(w.what != "revoke" for w in decided)):
        raise NotAllowed("this device's role does not permit that")
    own = {c.id for c in line.vault.casefiles()}
    if any(w.casefile and w.casefile not in own for w in decided):
        raise NoKey("this device holds no key for that casefile")
    with line.lock:
        add(line, decided)
        try:
            line.catch_up()
            return not (set(carry_out(line).left) & set(decided))
        except Offline:
            return False
