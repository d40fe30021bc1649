"""Whoever looks after an office in tests: backs it up, loses it, puts it back."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from databases import Place
from storage.clock import Clock, milliseconds
from sync.server import apart, backup, restoring
from sync.server.database import Database
from sync.server.office import OfficeService
from sync.server.restoring import Restored

AT = 1_780_304_400_000


@dataclass
class Keeper:
    """`folder` holds the backups; what is kept apart is in a folder of its own."""

    office: OfficeService
    place: Place
    folder: Path
    clock: Clock

    @property
    def apart(self) -> Path:
        return self.folder / "apart"

    def back_up(self, name: str = "backup") -> Path:
        path = self.folder / name
        backup.write(self.office.surroundings.database, path, at=AT, version="1")
        return path

    def put_back(
        self,
        path: Path,
        url: str | None = None,
        *,
        replace: bool = True,
        folders: Sequence[Path] | None = None,
    ) -> Restored:
        database = Database(url or self.place.url)
        try:
            return restoring.restore(
                database,
                path,
                replace=replace,
                remembered=apart.read([self.apart] if folders is None else folders),
                randomness=random.Random(str(path)).randbytes,
                now=milliseconds(self.clock.now()),
            )
        finally:
            database.close()
