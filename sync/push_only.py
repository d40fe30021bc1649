"""What a device can still do that cannot be read: send what is sealed in it.

For one that is locked, locked out, revoked, wiped or set aside. It logs in with the key that the
passphrase does not guard. What a revoked device sends waits in quarantine for a supervisor. On an
order to wipe it destroys its keys, but only after everything has been sent, and only if the order
stands signed in the directory: the office alone must not be able to give it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from storage.clock import milliseconds
from storage.device_file import DeviceFile
from storage.drafts import SealedDraft
from storage.errors import BadEnvelope
from storage.grants import read_grant
from storage.statements import FIRST, read_statement
from sync.directory import Directory
from sync.errors import ChainRefused, NotYours, Stale
from sync.inbox import push_entries
from sync.line import SignedIn
from sync.orders import all_silenced, push_orders
from sync.outcome import CLOCK_MAY_BE_OFF, OnProgress, Outcome
from sync.protocol import Login, Office, ParkedDraft
from sync.push import push

log = logging.getLogger(__name__)

_DRAFTS_AT_ONCE = 20
_CLOCK_OFF = "clock-off"  # whole seconds that it is ahead


def push_only(
    file: DeviceFile,
    office: Office,
    *,
    on_progress: OnProgress | None = None,
    park_drafts: bool = False,
    wipe: Callable[[], None] | None = None,
) -> Outcome:
    """Send the outbox with all that waits for others, and the drafts when `park_drafts` or when
    access has ended.

    `wipe` destroys the keys; without it an order to wipe is left for later. Raises what stops a
    round.
    """
    signed = SignedIn(office, file, even_revoked=True)
    login = signed.login()
    revoked = login.standing == "revoked"
    told = _tell_desk(signed, urgent=True)
    if all_silenced(file):
        signed.ask(office.withdrawals_done)
    if not revoked:
        _offer_founded(signed)
    pushed = push(
        file,
        lambda batch: signed.ask_ahead(office.push, batch.runs, batch.heads, batch.drops),
        before=told,
        on_progress=on_progress,
    )
    left = push_entries(file, lambda batch: signed.ask(office.inbox_write, batch))
    told += _tell_desk(signed, urgent=False)
    if park_drafts or revoked:
        _park(signed)
    wiped = revoked and wipe is not None and _wiped_on_order(signed, login, wipe)
    return Outcome(
        sent=pushed.sent,
        still_here=file.outbox_size().everything,
        told=told,
        left=left,
        refusals={c.hex(): code for c, code in file.refusals().items()},
        waiting_for_a_supervisor=pushed.quarantined,
        revoked=revoked,
        wiped=wiped,
        cloned=file.cloned,
        clock_off=clock_off(file, login.office_time),
    )


def _tell_desk(signed: SignedIn, *, urgent: bool) -> int:
    return push_orders(
        signed.file, lambda batch: signed.ask(signed.office.put_orders, batch), urgent=urgent
    )


def _offer_founded(signed: SignedIn) -> None:
    """A casefile founded out of signal has to be there before what was written into it."""
    for _, packed in signed.file.grants_to_offer():
        if read_grant(read_statement(packed)).statement.prev != FIRST:
            continue
        try:
            signed.ask(signed.office.grant, packed)
        except (Stale, ChainRefused, NotYours) as error:
            # The unlocked device makes it anew; a locked one cannot.
            log.info("a founding waits", extra={"why": type(error).__name__})


def _park(signed: SignedIn) -> None:
    drafts = [
        ParkedDraft(
            draft=d.draft,
            casefile=d.casefile,
            device=d.device,
            person=d.person,
            kid=d.kid,
            sealed=d.sealed,
            signature=d.signature,
        )
        for d in signed.file.drafts_to_park()
    ]
    for start in range(0, len(drafts), _DRAFTS_AT_ONCE):
        signed.ask(signed.office.park, drafts[start : start + _DRAFTS_AT_ONCE])


def as_sealed(parked: ParkedDraft) -> SealedDraft:
    """A draft from the office in the words of storage."""
    return SealedDraft(
        draft=parked.draft,
        casefile=parked.casefile,
        device=parked.device,
        person=parked.person,
        kid=parked.kid,
        sealed=parked.sealed,
        signature=parked.signature,
    )


def done_with(file: DeviceFile, office: Office) -> bool:
    """Whether the access of a file's device has ended; its keys are destroyed then, if that was
    ordered, and the office told. For a file set aside, after all of it was sent.
    """
    signed = SignedIn(office, file, even_revoked=True)
    login = signed.login()
    if login.standing != "revoked":
        return False
    _wiped_on_order(signed, login, lambda: file.drop_keys(ordered=True))
    return True


def _wiped_on_order(signed: SignedIn, login: Login, wipe: Callable[[], None]) -> bool:
    if not login.wipe:
        return False
    if not _ordered(signed):
        log.warning("the office asks for a wipe that nobody signed")
        return False
    wipe()
    signed.ask(signed.office.wiped)
    return True


def _ordered(signed: SignedIn) -> bool:
    """Whether the directory, checked from its root, says that this device shall drop its keys."""
    statements: list[bytes] = []
    while more := signed.ask(signed.office.directory, len(statements)):
        statements += more
    try:
        directory = Directory.from_statements(signed.org, statements)
    except BadEnvelope:
        return False
    mine = directory.certificate(signed.file.device_id)
    return mine is not None and mine.revoked is not None and mine.wipe


def clock_off(file: DeviceFile, office_time: int) -> timedelta | None:
    """How far this device's clock is ahead of the office's, when that is too much; remembered,
    for a device that is opened again before it has a signal."""
    here = milliseconds(file.surroundings.clock.now())
    off = timedelta(milliseconds=here - office_time)
    wrong = off if abs(off) > CLOCK_MAY_BE_OFF else None
    if wrong is not None or file.number(_CLOCK_OFF):
        seconds = int(wrong.total_seconds()) if wrong is not None else 0
        if seconds != file.number(_CLOCK_OFF):
            with file.transaction():
                file.put_number(_CLOCK_OFF, seconds)
    return wrong


def last_clock_off(file: DeviceFile) -> timedelta | None:
    """What `clock_off` gave when the office last answered; None while it has found nothing."""
    seconds = file.number(_CLOCK_OFF)
    return timedelta(seconds=seconds) if seconds else None
