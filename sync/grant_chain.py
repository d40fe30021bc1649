"""Whether a casefile's grants are ones that this device should believe.

Storage checks the form, the signatures and that they follow on one another; here stands who may
grant what to whom, by the directory. The office checks the same, and is not trusted with it.
"""

from __future__ import annotations

from collections.abc import Sequence

from storage.errors import BadEnvelope
from storage.grants import Grant, read_grant
from storage.statements import FIRST, read_statement
from sync.directory import NEVER_MEMBERS, Directory
from sync.errors import Nonsense, OfficeWithholds


def checked_chain(
    directory: Directory, casefile: bytes, packed: Sequence[bytes], known: Sequence[Grant]
) -> list[Grant]:
    """A casefile's whole chain of grants, each by somebody who may make it.

    `known` are those this device has already, oldest first; the office must show them again, or
    OfficeWithholds is raised. Raises Nonsense for a grant that nobody may make.
    """
    try:
        chain = [read_grant(read_statement(each)) for each in packed]
    except BadEnvelope as error:
        raise Nonsense("the office hands out grants in an unknown form") from error
    if any(grant.casefile != casefile or grant.statement.org != directory.org for grant in chain):
        raise Nonsense("the office hands out another casefile's grants")
    shown = {grant.id for grant in chain}
    if not chain or any(grant.id not in shown for grant in known):
        raise OfficeWithholds("the office does not show grants that it showed before")
    before: Grant | None = None
    for grant in chain:
        wrong = _fault(directory, before, grant)
        if wrong:
            raise Nonsense(wrong)
        before = grant
    last = chain[-1]
    if last.id not in {g.id for g in known} and not _may_still_grant(directory, last, before=chain):
        raise Nonsense("the newest grant is by a device whose access was ended")
    return chain


def _fault(directory: Directory, before: Grant | None, grant: Grant) -> str | None:
    """What is wrong with a grant after the one before it; None if nothing is."""
    s = grant.statement
    signer = directory.certificate(s.signer)
    members = [directory.certificate(m) for m in grant.members]
    if signer is None or any(m is None for m in members):
        return "a grant names a device that nobody certified"
    if any(m is not None and m.role in NEVER_MEMBERS for m in members):
        return "a grant would let an administrator or the desk read"
    if s.prev != (before.id if before else FIRST):
        return "a grant does not follow on the one before it"
    if before is None:
        if grant.epoch != 1 or grant.last:
            return "a casefile's first grant starts in the middle"
        if signer.role != "supervisor" and not all(
            m is not None and (m.person == signer.person or m.role == "supervisor") for m in members
        ):
            return "a casefile was founded for others by somebody who may not"
        return None if signer.role not in NEVER_MEMBERS else "a casefile was founded by no member"
    if signer.role != "supervisor":
        return "a grant is by somebody who may not grant"
    if grant.kids[: before.epoch] != before.kids or grant.epoch > before.epoch + 1:
        return "a grant does not keep the keys of the one before it"
    if (grant.linked_to, grant.label) != (before.linked_to, before.label):
        return "a grant turns a casefile into another kind"
    gone = (set(before.members) | set(before.last)) - set(grant.members)
    if not gone <= set(grant.last):
        return "a grant does not say how far a removed device's changes stand"
    if set(before.members) - set(grant.members) and grant.epoch == before.epoch:
        return "a grant removes somebody and keeps the key"
    return None


def _may_still_grant(directory: Directory, last: Grant, *, before: Sequence[Grant]) -> bool:
    """Whether a newest grant never seen before may be believed.

    A device whose access was ended could have made it together with a dishonest office. A
    founding one, or one made before anybody could know, is put right by the next supervisor's.
    """
    return directory.in_good_standing(last.statement.signer) or len(before) == 1
