"""How things stand with the office: what is only on this device, and why, in plain words."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from app.casework.casebook import Casebook
from app.casework.note import NoteDraft
from app.casework.unsent import Waiting, things
from app.guards import screen
from app.layout import Shell
from app.navigation import go
from app.parts import banners, buttons, cards, lists, text
from app.rounds import only_here
from app.session import Session
from app.state import use_session, use_state, use_sync
from app.sync_line import sync_words
from app.wording import _, ago, moment, ngettext, plain
from app.wording.vocabulary import word
from storage.errors import ClonedDevice
from storage.vault import Vault
from sync.errors import DeviceRevoked
from sync.founding import FAMILY
from sync.outcome import Outcome

SHOWN = 40
AT_MOST = 1_000
"""Records looked at for the list: weeks without a signal."""


@screen
def SyncStatus() -> ft.View:
    """`/sync`."""
    session, glance = use_session(), use_sync()
    last = session.rounds.last
    vault = session.vault
    waiting = only_here(session)

    answered, set_answered = use_state(False)

    async def now() -> None:
        set_answered(False)
        last = await session.rounds.now()
        set_answered(last is not None and last.outcome is not None)

    total, done = glance.total, glance.done
    lines: list[ft.Control] = [text.heading(sync_words(glance), level=2)]
    if total and done is not None:
        lines.append(
            banners.waiting(
                _("{done} of {total} sent").format(done=done, total=total), done=done, total=total
            )
        )
    lines.append(text.line(_contact_words(session)))
    if last is not None and last.offline:
        lines.append(
            banners.banner(
                _(
                    "The office cannot be reached. Everything is kept here and goes out by "
                    "itself as soon as it can."
                ),
                tone="attention",
                icon=ft.Icons.CLOUD_OFF,
            )
        )
    elif last is not None and last.trouble is not None:
        lines.append(banners.problem(last.trouble))
    if last is not None and last.outcome is not None:
        lines += _outcome(session, last.outcome)
    if answered:
        lines.append(text.small(_("You asked, and the office has answered.")))
    lines.append(buttons.actions(buttons.primary(_("Sync now"), now, icon=ft.Icons.SYNC)))
    body: list[ft.Control] = [cards.card(*lines)]
    if vault is not None and waiting:
        body.append(
            cards.section(
                ngettext("{n} only on this device", "{n} only on this device", waiting).format(
                    n=waiting
                ),
                _waiting(session, vault),
            )
        )
    elif waiting == 0:
        body.append(
            banners.empty(
                _("Nothing waits: the office has everything."),
                icon=ft.Icons.CLOUD_DONE_OUTLINED,
            )
        )
    if vault is not None and not any(c.kind == FAMILY for c in vault.casefiles()):
        body.insert(0, banners.banner(none_yet(), icon=ft.Icons.FAMILY_RESTROOM))
    if begun := session.casebook.notes.drafts():
        body.append(_begun(session.casebook, begun))
    return Shell(_("Sync"), body, selected="/sync")


def _contact_words(session: Session) -> str:
    at = session.rounds.last_contact
    if at is None:
        return _("No contact with the office since this app was started.")
    return _("Last contact with the office {when}.").format(when=ago(at, session.clock.now()))


def _outcome(session: Session, outcome: Outcome) -> list[ft.Control]:
    said: list[ft.Control] = []
    if outcome.revoked:
        said.append(banners.problem(plain(DeviceRevoked())))
    if outcome.cloned:
        said.append(banners.problem(plain(ClonedDevice())))
    names = session.casebook.families.name_of
    for casefile in outcome.doubted:
        name = names(casefile) or _("A casefile")
        said.append(
            banners.banner(
                _(
                    "{name}: the office keeps something back or has altered it. Tell your "
                    "supervisor. What is here is kept."
                ).format(name=name),
                tone="bad",
            )
        )
    if outcome.waiting_for_a_supervisor:
        said.append(
            banners.banner(
                ngettext(
                    "{n} change is at the office and waits for a supervisor.",
                    "{n} changes are at the office and wait for a supervisor.",
                    outcome.waiting_for_a_supervisor,
                ).format(n=outcome.waiting_for_a_supervisor)
            )
        )
    return said


def _waiting(session: Session, vault: Vault) -> list[ft.Control]:
    """What waits, thing by thing, and how much of it speaks to the reminder desk."""
    found, size = things(vault.unsent(AT_MOST)), vault.device_file.outbox_size()
    said: list[ft.Control] = []
    if found:
        said.append(lists.rows([_row(session, one) for one in found[:SHOWN]]))
    if len(found) > SHOWN:
        said.append(text.small(_("And {n} more.").format(n=len(found) - SHOWN)))
    if size.orders:
        said.append(
            text.small(
                ngettext(
                    "{n} order for the reminder desk goes first.",
                    "{n} orders for the reminder desk go first, stops before all others.",
                    size.orders,
                ).format(n=size.orders)
            )
        )
    if size.entries:
        said.append(
            text.small(
                ngettext(
                    "{n} entry for a family that is not on this device.",
                    "{n} entries for families that are not on this device.",
                    size.entries,
                ).format(n=size.entries)
            )
        )
    return said


def _begun(book: Casebook, drafts: Sequence[NoteDraft]) -> ft.Control:
    """Notes nobody has signed: sealed on this device, and not sent before they are."""
    return cards.section(
        _("Begun, and kept on this device until you sign"),
        [
            lists.rows(
                [
                    lists.tile(
                        _("{name}: {what}").format(
                            name=book.families.name_of(d.family),
                            what=word("contact_type", d.contact_type),
                        ),
                        moment(d.saved_at or d.started_at, book.now),
                        go(f"/write/{d.id}"),
                        icon=ft.Icons.EDIT_NOTE,
                        key=d.id,
                    )
                    for d in drafts
                ]
            )
        ],
    )


def _row(session: Session, one: Waiting) -> ft.Control:
    book = session.casebook
    what = word("waiting", one.what)
    name = book.families.name_of(one.casefile)
    title = f"{name}: {what}" if name else what
    return lists.tile(
        title,
        ", ".join((moment(one.at, session.clock.now()), refusal_words(one.refused))),
        icon=ft.Icons.CLOUD_QUEUE if one.refused is None else ft.Icons.SYNC_PROBLEM,
        key=one.record,
    )


def none_yet() -> str:
    """Why a device that has just joined, or was paired again, shows no family."""
    return _(
        "No family has come to this device yet. Those that were given to you arrive by themselves, "
        "once a supervisor's device has been in contact."
    )


def refusal_words(code: str | None) -> str:
    """Why the office has not taken a record yet, and what will happen."""
    said = {
        None: _("waits for the next contact"),
        "gap": _("something before it is missing at the office; it is sent again by itself"),
        "fork": _("this device's file is a copy of another; pair it again"),
        "not-a-member": _("your access to this family has ended; a supervisor can take it in"),
        "redacted": _("a supervisor removed it"),
        "too-large": _("too large to travel; shorten it or split it"),
        "bad-head": _("the office could not check it; it is sent again by itself"),
    }
    return said.get(code, _("the office did not take it; ask your supervisor"))
