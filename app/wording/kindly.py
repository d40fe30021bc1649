"""What went wrong, said kindly: what happened, what is safe, what to do next.

Every exception of the floors below has its sentence here and nowhere else. The exception's own
text is never shown: it is for logs, and says nothing to somebody on a doorstep.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from app.casework import errors as casework
from app.casework.nhs_number import BadNhsNumber
from app.casework.phone_number import BadNumber, NumberProblem
from app.wording.catalogue import N_, _, ngettext
from app.wording.out_of_order import out_of_order
from app.wording.vocabulary_reminders import WORDS as VOCABULARY
from storage import errors as storage
from sync import errors as sync


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind message in three parts; `safe` and `then` may be empty."""

    says: str
    safe: str = ""
    then: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.says, self.safe, self.then) if part)


def plain(error: BaseException) -> Kind:
    """The kind message for any exception; one we do not know is not blamed on the person."""
    for cls in type(error).__mro__:
        said = _SAID.get(cls)
        if said is not None:
            return said(error)
    return Kind(
        says=_("That did not work."),
        safe=_("Nothing already saved is lost."),
        then=_("Please try once more."),
    )


def _fixed(says: str, safe: str = "", then: str = "") -> Callable[[BaseException], Kind]:
    """Sentences marked with `N_` below, looked up when they are shown."""
    return lambda _error: Kind(
        says=_(says), safe=_(safe) if safe else "", then=_(then) if then else ""
    )


_SAVED = N_("Everything you saved is safe on this device.")
_UNCHANGED = N_("Nothing was changed.")


def _too_many(error: BaseException) -> Kind:
    seconds = math.ceil(getattr(error, "seconds", 0))
    wait = (
        ngettext("{n} second", "{n} seconds", seconds).format(n=seconds)
        if seconds < 120
        else _("{n} minutes").format(n=math.ceil(seconds / 60))
    )
    return Kind(
        says=_("That was not the passphrase several times in a row."),
        safe=_(_SAVED),
        then=_("Wait {time}, then try again.").format(time=wait),
    )


def _too_long(error: BaseException) -> Kind:
    return Kind(
        says=_("This note is too long: {length} characters, and one note holds {limit}.").format(
            length=f"{getattr(error, 'length', 0):,}", limit=f"{getattr(error, 'limit', 0):,}"
        ),
        safe=_("Your text is still here."),
        then=_("Move part of it into a second note."),
    )


def _destroyed(error: BaseException) -> Kind:
    return Kind(
        says=_("The access of this device was ended, and its keys were destroyed.")
        if getattr(error, "ordered", False)
        else _("After too many wrong tries the keys on this device were destroyed."),
        safe=_("What it had not sent yet stays sealed and can still reach your supervisor."),
        then=_("Ask an administrator or supervisor for a new invite."),
    )


_INVITE = {
    "mangled": N_("This invite is not complete, or a character is wrong."),
    "used": N_("This invite was used already."),
    "expired": N_("This invite has run out: it was good for one day."),
}


def _invite(error: BaseException) -> Kind:
    reason = _INVITE.get(getattr(error, "reason", ""), N_("The office did not accept this invite."))
    return Kind(
        says=_(reason),
        safe=_(_UNCHANGED),
        then=_("Check it against the original, or ask for a new one."),
    )


_DATES = {
    ("edd", "too_far_ahead"): N_("This due date is too far ahead for a pregnancy known today."),
    ("edd", "too_long_ago"): N_("This due date is more than four weeks past."),
    ("starts", "too_long_ago"): N_("This appointment would be years ago."),
    ("starts", "too_far_ahead"): N_("This appointment is years ahead."),
    ("starts", "still_to_come"): N_("This appointment is still to come."),
    ("occurred_at", "in_the_future"): N_("This note is about a day that is still to come."),
    ("until", "in_the_past"): N_("This day has passed."),
    ("until", "too_far_ahead"): N_("This is more than a year ahead."),
    ("dob", "in_the_future"): N_("This date of birth is in the future."),
    ("dob", "too_long_ago"): N_("This date of birth is more than 120 years ago."),
    ("dob", "not_with_due_date"): N_("This date of birth does not fit the due date."),
    ("on", "in_the_future"): N_("This day lies in the future."),
    ("on", "before_birth"): N_("This day lies before the birth."),
}


def _date(error: BaseException) -> Kind:
    key = (getattr(error, "field", ""), getattr(error, "reason", ""))
    return Kind(
        says=_(_DATES.get(key, N_("This date cannot be right."))), then=_("Please check it.")
    )


def _order(error: BaseException) -> Kind:
    said = out_of_order(getattr(error, "reason", ""), getattr(error, "than", None))
    return Kind(says=said, safe=_(_UNCHANGED), then=_("Please check the date."))


def _no_room(error: BaseException) -> Kind:
    return Kind(
        says=_("The service works with {held} families and takes {most}.").format(
            held=getattr(error, "held", 0), most=getattr(error, "most", 0)
        ),
        safe=_("The family stays on the waiting list."),
        then=_("A supervisor can allocate it all the same."),
    )


_NUMBERS = VOCABULARY["number_problem"]


def _number(error: BaseException) -> Kind:
    problem = getattr(error, "problem", NumberProblem.NOT_A_NUMBER)
    return Kind(says=_(_NUMBERS[problem]), safe=_(_UNCHANGED))


_SAID: dict[type, Callable[[BaseException], Kind]] = {
    BadNumber: _number,
    BadNhsNumber: _fixed(
        N_("This is not an NHS number: a digit is wrong or missing."),
        _UNCHANGED,
        N_("It has ten digits. Leave it empty if you do not have it at hand."),
    ),
    storage.NoDesk: _fixed(
        N_("No reminder desk has been set up at the office yet."),
        _UNCHANGED,
        N_("Ask a supervisor to confirm the office's desk under Team. Until then ring duty."),
    ),
    # -- the device ----------------------------------------------------------------------
    storage.WrongPassphrase: _fixed(
        N_("That is not the passphrase of this device."), _UNCHANGED, N_("Please try again.")
    ),
    storage.TooManyTries: _too_many,
    storage.KeysDestroyed: _destroyed,
    storage.VaultLocked: _fixed(
        N_("This device is locked."), _SAVED, N_("Unlock it and try again.")
    ),
    storage.WeakPassphrase: _fixed(
        N_("This passphrase is too easy to guess."),
        _UNCHANGED,
        N_("Take four unrelated words, or at least 14 characters."),
    ),
    storage.DamagedFile: _fixed(
        N_("The file on this device is damaged."),
        N_("It was set aside and not overwritten; what is readable is kept."),
        N_("Tell your supervisor: what had been sent comes back from the office."),
    ),
    storage.ClonedDevice: _fixed(
        N_("This file is a copy from another device, so it may not go on writing."),
        N_("Nothing in it is lost."),
        N_("Pair this device again as a new one."),
    ),
    storage.DiskFull: _fixed(
        N_("Not saved: this device has no room left."),
        N_("Your text is still on the screen, and everything saved before is safe."),
        N_("Free some space, then save again."),
    ),
    storage.WriteFailed: _fixed(
        N_("Not saved: this device could not write it down."),
        N_("Your text is still on the screen, and everything saved before is safe."),
        N_("Please try again in a moment."),
    ),
    storage.TooLarge: _fixed(
        N_("This is too large to be kept as one record."),
        N_("It is still on the screen."),
        N_("Please divide it."),
    ),
    storage.UnknownRecord: _fixed(
        N_("This record is not on this device any more."), _SAVED, N_("Go back and look again.")
    ),
    storage.NoKey: _fixed(
        N_("This device has no access to that family."),
        _UNCHANGED,
        N_("Ask your supervisor if you should have it."),
    ),
    storage.NotAllowed: _fixed(
        N_("Your role does not allow this."), _UNCHANGED, N_("Ask your supervisor.")
    ),
    storage.BadEnvelope: _fixed(
        N_("Something that arrived cannot be opened, so it was set aside."),
        _SAVED,
        N_("You find it under Sync, for your supervisor to look at."),
    ),
    storage.BadRecoveryWords: _fixed(
        N_("These are not the words of the recovery sheet."),
        _UNCHANGED,
        N_("Check the spelling and the order, word by word."),
    ),
    storage.AlreadyOpen: _fixed(
        N_("Doorstep is open on this device already."),
        _UNCHANGED,
        N_("Go on in the window that is open, or close it first."),
    ),
    storage.KeyStoreUnavailable: _fixed(
        N_("This device's own key store does not answer."),
        N_("Nothing is lost."),
        N_("Unlock the device itself, or start it again, then open Doorstep."),
    ),
    storage.NewerFile: _fixed(
        N_("A later version of Doorstep was used on this device."),
        N_("Its records are untouched."),
        N_("Update Doorstep, then open it again."),
    ),
    storage.NoVault: _fixed(
        N_("There is nothing set up on this device yet."), then=N_("Set it up first.")
    ),
    storage.NotJoined: _fixed(
        N_("This device belongs to no organisation yet."), then=N_("Set it up first.")
    ),
    storage.UnsafeParameters: _fixed(
        N_("The lock of this device was tampered with, so it stays shut."),
        N_("Nothing in it was changed."),
        N_("Tell your administrator, and pair this device again as a new one."),
    ),
    storage.StorageError: _fixed(
        N_("This device could not do that."), _SAVED, N_("Please try again.")
    ),
    # -- the office ----------------------------------------------------------------------
    sync.Offline: _fixed(
        N_("The office cannot be reached right now."),
        _SAVED,
        N_("It is sent by itself as soon as there is a signal."),
    ),
    sync.UntrustedConnection: _fixed(
        N_("The connection to the office is not private, so nothing was sent."),
        _SAVED,
        N_("Try another network; if it stays so, tell your administrator."),
    ),
    sync.NotOurOffice: _fixed(
        N_("This address belongs to another organisation's office."),
        N_("Nothing was sent to it."),
        N_("Check the address with your administrator."),
    ),
    sync.Nonsense: _fixed(
        N_("The office answered something this app does not understand."),
        _SAVED,
        N_("It tries again by itself; if it stays so, tell your administrator."),
    ),
    sync.DeviceUnknown: _fixed(
        N_("The office does not know this device."),
        _SAVED,
        N_("Ask for a new invite and pair it again."),
    ),
    sync.DeviceRevoked: _fixed(
        N_("The access of this device was ended."),
        N_("What it had not sent goes, sealed, to your supervisor."),
        N_("Ask your supervisor if this is a surprise."),
    ),
    sync.Stale: _fixed(
        N_("Somebody else changed this a moment before you."),
        _SAVED,
        N_("Look at it again, then repeat your change."),
    ),
    sync.ChainRefused: _fixed(
        N_("The office did not take some changes of this device."),
        _SAVED,
        N_("You find them under Sync. Tell your supervisor."),
    ),
    sync.TooMuch: _fixed(
        N_("That is more than the office takes from one device today."),
        _SAVED,
        N_("The rest is sent by itself later."),
    ),
    sync.InviteRefused: _invite,
    sync.OfficeWithholds: _fixed(
        N_("The office seems to keep some changes back."),
        _SAVED,
        N_("Tell your administrator: this should not happen."),
    ),
    sync.NotUnderstood: _fixed(
        N_("The office runs an older version and did not understand."),
        _SAVED,
        N_("It is tried again by itself; if it stays so, tell your administrator."),
    ),
    sync.NotYours: _fixed(
        N_("The office has nothing under this name for this device."),
        _UNCHANGED,
        N_("Ask your supervisor if you should have it."),
    ),
    sync.SignedOut: _fixed(
        N_("The office asked who this is."), _SAVED, N_("It is tried again by itself.")
    ),
    sync.SyncError: _fixed(
        N_("The office could not take part in that."), _SAVED, N_("It is tried again by itself.")
    ),
    # -- the work ------------------------------------------------------------------------
    casework.Unknown: _fixed(
        N_("This is not on this device any more."), _SAVED, N_("Go back and look again.")
    ),
    casework.NotASensibleDate: _date,
    casework.OutOfOrder: _order,
    casework.NoRoom: _no_room,
    casework.EpisodeClosed: _fixed(
        N_("This family is closed."), _UNCHANGED, N_("Write down a new referral first.")
    ),
    casework.EpisodeOpen: _fixed(
        N_("This family is still open, so it needs no new referral."), _UNCHANGED
    ),
    casework.Missing: _fixed(N_("Something is still empty."), then=N_("Please fill it in.")),
    casework.NotInRange: _fixed(
        N_("A score lies outside of its range."), _UNCHANGED, N_("Please check the numbers.")
    ),
    casework.NoteTooLong: _too_long,
    casework.PastedImage: _fixed(
        N_("A picture was pasted into the text as characters."),
        N_("Your text is still here."),
        N_("Take the picture's characters out, then go on."),
    ),
    casework.AlreadySigned: _fixed(
        N_("This note is signed and stays as it is."), then=N_("Write an addendum below it.")
    ),
    casework.NotSigned: _fixed(N_("This note is not signed yet."), _UNCHANGED),
    casework.ReasonNeeded: _fixed(
        N_("A restricted note is opened only with a reason."), then=N_("Please give one.")
    ),
    casework.OnlySupervisors: _fixed(
        N_("Only a supervisor may do this."), _UNCHANGED, N_("Ask your supervisor.")
    ),
    casework.NotJoined: _fixed(
        N_("This device belongs to no organisation yet."), then=N_("Set it up first.")
    ),
    casework.SameFamily: _fixed(N_("The note is with that family already."), _UNCHANGED),
    casework.NotYourNote: _fixed(N_("Only the person who wrote a note may do this."), _UNCHANGED),
    casework.AlreadyEnded: _fixed(
        N_("A loss is written down for this baby or child."),
        _UNCHANGED,
        N_("If that was a mistake, take it back first, on the family's screen."),
    ),
    casework.NotExpected: _fixed(
        N_("This baby is not expected any more."), _UNCHANGED, N_("Go back and look again.")
    ),
    casework.OneFamily: _fixed(N_("These two are one family already."), _UNCHANGED),
    casework.TwoFamilies: _fixed(N_("These two are two families already."), _UNCHANGED),
    casework.AlreadyOnRegister: _fixed(
        N_("That person is on this register already."), _UNCHANGED, N_("Mark her there.")
    ),
    casework.SessionCalledOff: _fixed(
        N_("This session was called off."), _UNCHANGED, N_("Nobody can have come to it.")
    ),
    casework.AddressKeptSecret: _fixed(
        N_("Somebody who is expected must not learn this address."),
        _UNCHANGED,
        N_("Choose another place, or meet them apart."),
    ),
    casework.CaseworkError: _fixed(
        N_("That is not possible here."), _UNCHANGED, N_("Go back and look again.")
    ),
    # -- anywhere ------------------------------------------------------------------------
    TimeoutError: _fixed(
        N_("That took too long."), N_("Nothing already saved is lost."), N_("Please try again.")
    ),
}
