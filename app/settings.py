"""How this device looks and speaks: what must be known before anything is unlocked.

Kept in the clear beside the vault, so it may never hold anything about a person, a family or an
organisation. The office's address and everything else that matters live inside the vault.
"""

from __future__ import annotations

import contextlib
import json
import logging
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from app.wording.catalogue import LANGUAGES

log = logging.getLogger(__name__)

TextSize = Literal["normal", "large", "largest"]
Brightness = Literal["system", "light", "dark"]
Sound = Literal["on", "off"]
FILE = "settings.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the person chose. Unknown or damaged values fall back to these defaults."""

    text_size: TextSize = "normal"
    brightness: Brightness = "system"
    language: str = "en_GB"
    sound: Sound = "on"
    """Whether the alert before a visit is heard."""

    def but(self, **changes: str) -> Settings:
        """These settings with some changed."""
        return replace(self, **changes)  # type: ignore[arg-type]  # checked by `_valid` on load


def load(folder: Path) -> Settings:
    """The settings kept in `folder`, defaults where there are none or they cannot be read."""
    try:
        kept = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError) as error:
        log.warning("settings not readable: %s", type(error).__name__)
        return Settings()
    return _valid(kept if isinstance(kept, dict) else {})


def save(folder: Path, settings: Settings) -> None:
    """Keep them, by rename, so that a crash leaves the old or the new ones.

    Raises OSError when the disk does not take them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f"{FILE}.new"
    try:
        new.write_text(json.dumps(asdict(settings), indent=2), encoding="utf-8")
        new.replace(folder / FILE)
    except OSError:
        with contextlib.suppress(OSError):
            new.unlink()
        raise


def _valid(kept: dict[str, object]) -> Settings:
    good = {}
    for name, allowed in (
        ("text_size", get_args(TextSize)),
        ("brightness", get_args(Brightness)),
        ("language", tuple(LANGUAGES)),
        ("sound", get_args(Sound)),
    ):
        if kept.get(name) in allowed:
            good[name] = str(kept[name])
    return Settings().but(**good)
