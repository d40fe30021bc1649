"""Unfinished text in an open vault: kept within a moment, found again, carried over."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

from storage.doorway import Doorway
from storage.drafts import Draft, SealedDraft, open_draft
from storage.errors import BadEnvelope, NoKey
from storage.kinds import Fields
from storage.roster import Roster
from storage.unlocked import Unlocked

log = logging.getLogger(__name__)


class Drafting(Doorway):
    """Drafts. None is ever written unsealed."""

    def save_draft(self, casefile: str, draft_id: str, fields: Fields) -> None:
        """Keep unfinished text, sealed; on disk when this returns."""
        with self._inside() as u, self.device_file.transaction():
            u.hand.keep_draft(casefile, draft_id, fields, self._clock.now())

    def drafts(self, casefile: str | None = None) -> list[Draft]:
        """Unfinished text that can be opened here, latest first."""
        with self._inside() as u:
            return sorted(self._drafts(u, casefile), key=lambda d: d.saved_at, reverse=True)

    def drop_draft(self, draft_id: str) -> None:
        with self._inside(), self.device_file.transaction():
            self._delete_drafts([draft_id])

    def open_draft_from(self, parked: SealedDraft, roster: Roster) -> Draft:
        """Take in a draft that this person's earlier device left, as one of this device's.

        `parked` is anything with `SealedDraft`'s fields. Raises NoKey until the casefile is
        granted, BadSignature or BadEnvelope when it is not hers.
        """
        with self._inside() as u:
            me = u.member()
            org = bytes.fromhex(me.org)
            signing = roster.signing_key(parked.device)
            person = roster.person_of(parked.device)
            if signing is None or person is None or person.hex() != me.person:
                raise BadEnvelope("a draft does not come from a device of this person")
            sealed = SealedDraft(
                draft=parked.draft,
                casefile=parked.casefile,
                device=parked.device,
                person=parked.person,
                kid=parked.kid,
                sealed=parked.sealed,
                signature=parked.signature,
            )
            sealed.check(org, signing)
            key = u.keyring.by_kid.get(sealed.kid)
            if key is None or key.casefile != sealed.casefile:
                raise NoKey("this device holds no key for that casefile")
            draft = open_draft(sealed, key, org)
            here = {d.draft_id: d for d in self._drafts(u, draft.casefile)}
            known = here.get(draft.draft_id)
            if known is None or known.saved_at < draft.saved_at:
                with self.device_file.transaction():
                    u.hand.keep_draft(draft.casefile, draft.draft_id, draft.fields, draft.saved_at)
            return draft

    def _drafts(self, u: Unlocked, casefile: str | None = None) -> Iterator[Draft]:
        if u.me is None:
            return
        for sealed in self.device_file.drafts_to_park():
            key = u.keyring.by_kid.get(sealed.kid)
            if key is None or casefile not in (None, sealed.casefile.hex()):
                continue
            try:
                yield open_draft(sealed, key, bytes.fromhex(u.me.org))
            except BadEnvelope:
                log.warning("a draft does not open", extra={"draft": sealed.draft.hex()})

    def _delete_drafts(self, ids: Sequence[str]) -> None:
        if not ids:
            return
        self.device_file.connection.executemany(
            "DELETE FROM drafts WHERE draft = ?", [(bytes.fromhex(i),) for i in ids]
        )
