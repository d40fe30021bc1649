"""The team at a glance: what came in, what waits too long, and who carries how much."""

from __future__ import annotations

import flet as ft

from app.casework.appraisal import AppraisalState
from app.casework.casebook import Casebook
from app.casework.caseload import Role
from app.guards import screen
from app.layout import Shell
from app.navigation import go
from app.parts import banners, cards, lists, marks, text
from app.session import Session
from app.state import use_changes, use_session, use_sync, use_wide
from app.supervisor.at_office import Seen, use_office
from app.wording import _, hours_or_days, near_day, ngettext
from sync.directory import DESK
from sync.granting import to_admit


@screen
def TeamHub() -> ft.View:
    """`/team`."""
    use_changes(
        "visit_note", "note_review", "addendum", "obstacle", "allocation", "wrong_family",
        "family", "appointment", "cover", "worker", "recorded_twice",
        "period", "decision", "referral", "episode", "clock_pause", "plan", "action",
        "paper",
    )  # fmt: skip
    use_sync()  # what a round put into quarantine changes no record
    session, wide = use_session(), use_wide()
    book = session.casebook
    seen = book.supervision.overview()
    aside = session.vault.count_quarantined() if session.vault is not None else 0
    team = book.team.team()
    knocking, silent = _devices(session, use_office().seen)
    waiting = [
        *_about_devices(book, knocking, silent),
        _row(
            ngettext("{n} note to review", "{n} notes to review", seen.to_review),
            seen.to_review,
            "/team/review",
            ft.Icons.RATE_REVIEW_OUTLINED,
        ),
        _row(
            ngettext(
                "{n} note unsigned after a day", "{n} notes unsigned after a day", seen.unsigned
            ),
            seen.unsigned,
            "/team/unsigned",
            ft.Icons.EDIT_NOTE,
        ),
        _row(
            ngettext(
                "{n} obstacle conversation open",
                "{n} obstacle conversations open",
                seen.conversations,
            ),
            seen.conversations,
            "/team/conversations",
            ft.Icons.SUPPORT_AGENT,
        ),
        _row(
            ngettext(
                "{n} family with a time limit passed",
                "{n} families with a time limit passed",
                seen.clocks_overdue,
            ),
            seen.clocks_overdue,
            "/team/clocks",
            ft.Icons.TIMER_OFF_OUTLINED,
        ),
        _row(
            ngettext(
                "{n} entry changed by two people",
                "{n} entries changed by two people",
                seen.conflicts,
            ),
            seen.conflicts,
            "/conflicts",
            ft.Icons.CALL_SPLIT,
        ),
        _row(
            ngettext(
                "{n} note on the wrong family", "{n} notes on the wrong family", seen.wrong_copies
            ),
            seen.wrong_copies,
            "/team/wrong-family",
            ft.Icons.WRONG_LOCATION_OUTLINED,
        ),
        _row(
            ngettext("{n} entry in quarantine", "{n} entries in quarantine", aside),
            aside,
            "/team/quarantine",
            ft.Icons.INVENTORY_2_OUTLINED,
            about=_("What came from devices whose access had ended"),
        ),
    ]
    if seen.still_allocated:
        words_of = ngettext(
            "{n} closed family somebody can still read",
            "{n} closed families somebody can still read",
            seen.still_allocated,
        )
        waiting.append(
            _row(words_of, seen.still_allocated, "/team/caseloads", ft.Icons.LOCK_OPEN_OUTLINED)
        )
    joined = book.joining.to_share()
    if joined:
        words_of = ngettext(
            "{n} family joined from two entries, not yet read by both teams",
            "{n} families joined from two entries, not yet read by both teams",
            len(joined),
        )
        where = f"/families/{joined[0].stays}"
        waiting.append(_row(words_of, len(joined), where, ft.Icons.MERGE))
    people = [
        lists.tile(
            _("Caseloads"),
            ngettext("{n} family open", "{n} families open", seen.families_open).format(
                n=seen.families_open
            )
            + (
                _(", {n} over their capacity").format(n=seen.over_capacity)
                if seen.over_capacity
                else ""
            ),
            go("/team/caseloads"),
            icon=ft.Icons.BALANCE,
        ),
        lists.tile(
            _("Waiting list"),
            _waits(book, seen.waiting),
            go("/team/waiting"),
            icon=ft.Icons.HOURGLASS_EMPTY,
        ),
        *_meetings(book),
        lists.tile(
            _("Figures"),
            _("What came in, what became of it, and what changed"),
            go("/team/figures"),
            icon=ft.Icons.INSIGHTS,
        ),
        lists.tile(
            _("People, devices and invites"),
            _("Invite, approve, revoke; devices not seen for a while"),
            go("/team/people"),
            icon=ft.Icons.DEVICES,
        ),
        lists.tile(
            _("Messages to families"),
            _("Sent, reached, failed and not sent, and why"),
            go("/team/deliveries"),
            icon=ft.Icons.SMS_OUTLINED,
        ),
        lists.tile(
            _("Duty"),
            _("Who takes over on which day, and the duty telephone"),
            go("/team/duty"),
            icon=ft.Icons.SUPPORT_AGENT,
        ),
    ]
    attention = (
        seen.to_review, seen.unsigned, seen.conversations, seen.conflicts, seen.wrong_copies,
        seen.clocks_overdue, seen.still_allocated, aside, len(joined), knocking, silent,
    )  # fmt: skip
    calm = not any(attention)
    left = cards.section(
        _("What waits for you"),
        [
            *(
                [banners.banner(_("Nothing waits. All is read and chosen."), tone="good")]
                if calm
                else []
            ),
            lists.rows(waiting),
        ],
    )
    right = cards.section(_("The team"), [lists.rows(people)])
    return Shell(
        team.name if team and team.name else _("Team"),
        [cards.columns(left, right, wide=wide)],
        full_width=wide,
        selected="/team",
    )


def _devices(session: Session, seen: Seen) -> tuple[int, int]:
    """Devices that wait for this person's word, and those out of touch for too long."""
    line = session.exchange.line if session.exchange is not None else None
    if line is None:
        return 0, 0
    knocking = len(seen.requests)
    if session.casebook.me.role == Role.SUPERVISOR:
        knocking += len(to_admit(line))
    live = {
        device.hex()
        for device, found in line.directory.devices.items()
        if found.revoked is None and found.role != DESK
    }
    silent = session.casebook.supervision.unseen_devices(d for d in seen.last if d.device in live)
    return knocking, len(silent)


def _about_devices(book: Casebook, knocking: int, silent: int) -> list[ft.Control]:
    found: list[ft.Control] = []
    if knocking:
        words_of = ngettext(
            "{n} device waits to be let in", "{n} devices wait to be let in", knocking
        )
        found.append(_row(words_of, knocking, "/team/people", ft.Icons.HOW_TO_REG_OUTLINED))
    if silent:
        words_of = ngettext(
            "{n} device not seen for {time}", "{n} devices not seen for {time}", silent
        ).replace("{time}", hours_or_days(book.profile.stale_hours))
        found.append(_row(words_of, silent, "/team/people", ft.Icons.PHONELINK_OFF))
    return found


def _meetings(book: Casebook) -> list[ft.Control]:
    """The panel and what agencies were asked for, where the service has these."""
    tiles: list[ft.Control] = []
    agenda = book.panels.agenda()
    if agenda is not None:
        count = len(agenda.items)
        said = ngettext("{n} family on the agenda", "{n} families on the agenda", count)
        when = near_day(agenda.meets_on, book.today)
        tiles.append(
            lists.tile(
                _("Panel, {day}").format(day=when),
                said.format(n=count),
                go("/team/panel"),
                icon=ft.Icons.GROUPS_OUTLINED,
            )
        )
    if book.profile.appraisals:
        out = book.appraisals.out()
        late = sum(one.state(book.today) is AppraisalState.OVERDUE for one in out)
        said = ngettext("{n} out, {late} overdue", "{n} out, {late} overdue", len(out))
        tiles.append(
            lists.tile(
                _("Appraisals"),
                said.format(n=len(out), late=late),
                go("/team/appraisals"),
                icon=ft.Icons.FACT_CHECK_OUTLINED,
            )
        )
    taken = len(book.papers.all())
    tiles.append(
        lists.tile(
            _("Taken out on paper or as a file"),
            ngettext("{n} so far", "{n} so far", taken).format(n=taken),
            go("/team/papers"),
            icon=ft.Icons.PRINT_OUTLINED,
        )
    )
    return tiles


def _waits(book: Casebook, waiting: int) -> str:
    """How many wait, and whether there is room for them."""
    said = ngettext("{n} family waits", "{n} families wait", waiting).format(n=waiting)
    room = book.pathways.room()
    return _("{waits}. The service is full.").format(waits=said) if room.full else said


def _row(
    words_of: str, count: int, route: str, icon: ft.IconData, *, about: str = ""
) -> ft.Control:
    return lists.tile(
        words_of.format(n=count),
        about,
        go(route),
        icon=icon,
        trailing=marks.status(str(count), "attention") if count else text.small("–"),
        key=str(icon),
    )
