"""What this device signs and seals in its own name besides changes: orders, entries, drafts.

Must not know who asks, nor write anything but a draft.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from storage.clock import HybridClock, milliseconds
from storage.device_file import DeviceFile
from storage.drafts import seal_draft
from storage.inbox import Entry, EntryHeader, Leaving, seal_entry
from storage.keyring import Keyring
from storage.kinds import Fields
from storage.secrets import DESK, Membership, Secrets
from storage.signed import Signer


class OwnHand:
    """This device as author. `member` raises NotJoined before it belongs to an organisation."""

    def __init__(
        self,
        file: DeviceFile,
        keyring: Keyring,
        secrets: Secrets,
        hybrid: HybridClock,
        member: Callable[[], Membership],
    ) -> None:
        self.file, self.keyring, self.secrets = file, keyring, secrets
        self.hybrid, self.member = hybrid, member

    def signer(self) -> Signer:
        """Who signs an order made here and now. Raises NotJoined."""
        return Signer(
            org=bytes.fromhex(self.member().org),
            device=self.file.device_id,
            signing=self.keyring.device.signing,
            at=milliseconds(self.file.surroundings.clock.now()),
            desk=self.secrets.get(DESK),
            randomness=self.file.surroundings.randomness,
        )

    def entry(self, leaving: Leaving) -> tuple[EntryHeader, Entry]:
        """Seal and sign what is to be left in another's inbox. Raises NotJoined, TooLarge, or
        BadEnvelope for what no reader would take."""
        me = self.member()
        header = EntryHeader(
            org=bytes.fromhex(me.org),
            casefile=bytes.fromhex(leaving.casefile),
            device=self.file.device_id,
            entry=self.file.surroundings.randomness(16),
            kid=leaving.kid,
        )
        return header, seal_entry(
            header,
            inbox_public=leaving.inbox,
            kind=leaving.kind,
            record=bytes.fromhex(leaving.record),
            fields=leaving.fields,
            hlc=self.hybrid.stamp(),
            author=bytes.fromhex(me.person),
            signing=self.keyring.device.signing,
            randomness=self.file.surroundings.randomness,
        )

    def keep_draft(self, casefile: str, draft_id: str, fields: Fields, at: datetime) -> None:
        """Seal unfinished text onto the disk, inside a transaction."""
        me = self.member()
        sealed = seal_draft(
            fields,
            draft=bytes.fromhex(draft_id),
            key=self.keyring.writing_key(bytes.fromhex(casefile)),
            org=bytes.fromhex(me.org),
            device=self.file.device_id,
            person=bytes.fromhex(me.person),
            at=at,
            signing=self.keyring.device.signing,
            randomness=self.file.surroundings.randomness,
        )
        self.file.connection.execute(
            "INSERT OR REPLACE INTO drafts VALUES (?, ?, ?, ?, ?, ?)",
            [
                sealed.draft,
                sealed.casefile,
                sealed.person,
                sealed.kid,
                sealed.sealed,
                sealed.signature,
            ],
        )
