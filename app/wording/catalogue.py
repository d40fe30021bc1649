"""The sentences themselves: gettext, read from the text catalogues at start.

Catalogues are `assets/wording/<language>/doorstep.po`, read as they are, so that no compiled file
is committed and a translator's change shows at the next start. Knows nothing of screens.
"""

from __future__ import annotations

import gettext as _gettext
import io
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from app.places import ASSETS

LANGUAGES = {"en_GB": "English"}
"""What may be chosen, each in its own words."""

DOMAIN = "doorstep"
_spoken: _gettext.NullTranslations = _gettext.NullTranslations()
_language = "en_GB"


def speak(language: str) -> None:
    """Word everything in `language` from now on, for all tabs of this device.

    Raises KeyError for a language that is not in `LANGUAGES`.
    """
    global _spoken, _language  # noqa: PLW0603 - one language per device process, no secret in it
    LANGUAGES[language]
    _spoken = _load(catalogue_file(language))
    _language = language


def current_language() -> str:
    """The language being spoken, such as `en_GB`."""
    return _language


def catalogue_file(language: str) -> Path:
    """Where a language's sentences stand."""
    return ASSETS / "wording" / language / f"{DOMAIN}.po"


def _(message: str) -> str:
    """The sentence in the current language; fill `{placeholders}` with `.format` afterwards."""
    return _spoken.gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """The form for `n`; fill `{n}` with `.format` afterwards."""
    return _spoken.ngettext(one, many, n)


def N_(message: str) -> str:
    """Mark a sentence for translation where it is only kept; `_` it where it is shown."""
    return message


def _load(path: Path) -> _gettext.NullTranslations:
    """A text catalogue as gettext wants it. English without one speaks for itself."""
    if not path.is_file():
        return _gettext.NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return _gettext.GNUTranslations(compiled)
