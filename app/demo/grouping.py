"""The demo's groups: a cohort of what the service offers, its list, and the registers so far.

The supervisor puts families of both workers on the list; the family worker leads, and marks also
those that she may not read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta

from app.casework.attendance import Code
from app.casework.casebook import Casebook
from app.casework.casebook.group_lists import GroupForm
from app.casework.family import FamilyStatus
from app.demo.chance import Chance
from app.demo.clock import SetClock
from app.demo.registering import Placed

_GROUPS = 2
_LISTED = 7
_WEEKS = 3
"""So many sessions are over; the next one is today."""
_EVENING = (time(17, 15), time(18, 45))
_MARKS = (Code.ON_TIME, Code.ON_TIME, Code.ON_TIME, Code.LATE_SEEN, Code.DID_NOT_ATTEND,
          Code.ON_TIME, Code.CANCELLED_BY_FAMILY)  # fmt: skip
_WALKED_IN = "Shanice, a friend's sister"


def groups(
    head: Casebook,
    leader: Casebook,
    clock: SetClock,
    placed: Iterable[Placed],
    carry: Callable[[], None],
    seed: int,
) -> None:
    """A cohort for each of the first programmes that families come to."""
    now, today = head.now, head.today
    offered = [p for p in head.profile.programmes if p.audience == "family"][:_GROUPS]
    open_ = {line.id for line in head.families.lines() if line.status is FamilyStatus.OPEN}
    likely = [one for one in placed if one.family in open_ and not one.lost]
    started: list[str] = []
    for number, programme in enumerate(offered):
        first = today - timedelta(days=_WEEKS * programme.every_days)
        listed = [one for one in likely if one.allocated < first][number::2][:_LISTED]
        if programme.every_days > 7 or not listed:
            continue
        clock.show(head.at(first - timedelta(days=3), time(12)))
        group = head.groups.start(
            GroupForm(
                programme=programme.code,
                cohort=("Southmere, autumn", "Brackenfold, autumn")[number],
                starts=head.at(first, _EVENING[number]),
                venue=("Weir Lane children's centre", "Hazel Lodge, the bright room")[number],
                leaders=(leader.me.person,),
            )
        )
        for one in listed:
            head.groups.enrol(group, one.family, one.mother)
        started.append(group)
    clock.show(now)
    carry()
    for group in started:
        _registers(leader, clock, group, now, Chance(seed, "groups"))
    clock.show(now)


def _registers(
    leader: Casebook, clock: SetClock, group: str, now: datetime, chance: Chance
) -> None:
    sessions = leader.groups.sessions(group)
    over = [s for s in sessions if s.ends < now - timedelta(hours=12)]
    for session in over:
        clock.show(session.ends)
        for line in leader.groups.register(session.id).lines:
            leader.groups.mark(session.id, line.enrolled.id, chance.draw("marks", _MARKS))
    if over:
        clock.show(over[-1].ends)
        leader.groups.walk_in_by_name(over[-1].id, _WALKED_IN)
