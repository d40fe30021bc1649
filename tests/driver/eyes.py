"""What a person at a Flet web app finds and sees, by role and name.

Semantics nodes are transparent, so what is asked for is that they are there, never that they are
"visible".
"""

import re
from abc import ABC, abstractmethod
from typing import Literal, get_args

from playwright.sync_api import Locator, Page, expect

_Tappable = Literal["button", "tab", "checkbox", "switch", "radio", "menuitem", "link"]
_TAPPABLE: tuple[_Tappable, ...] = get_args(_Tappable)


class Eyes(ABC):
    """Finding things on a page, and waiting until they are there or gone."""

    timeout: float
    """How long a sight is waited for, in seconds."""

    @property
    @abstractmethod
    def page(self) -> Page:
        """Playwright's page, for what there is no word for."""

    def button(self, name: str | re.Pattern[str], *, exact: bool = True) -> Locator:
        """Buttons, destinations, switches, checkboxes, radios, menu entries, tappable tiles."""
        if exact and isinstance(name, str):
            # Android's app bar says "Back\nBack", a rail "Families\nTab 2 of 5".
            plain = re.escape(name)
            name = re.compile(rf"^\s*{plain}(\s+{plain}|\s+Tab \d+ of \d+)?\s*$")
        found = self.page.locator("flt-semantics[flt-tappable]").filter(has_text=name)
        for role in _TAPPABLE:
            found = found.or_(self.page.get_by_role(role, name=name))
        return found.first

    def tile(self, title: str) -> Locator:
        """A tappable row by its first line; its name is title and subtitle joined."""
        return self.button(re.compile(rf"^\s*{re.escape(title)}(\s|$)"))

    def field(self, label: str) -> Locator:
        """A text field by its label."""
        return self.page.locator(
            f'input[aria-label="{label}"], textarea[aria-label="{label}"]'
        ).first

    def text(self, text: str | re.Pattern[str]) -> Locator:
        """Any node showing `text`: plain text, a merged tile, an accessible name."""
        by_text = self.page.locator("flt-semantics-host").get_by_text(text)
        if isinstance(text, re.Pattern):
            return by_text.first
        quoted = text.replace("\\", "\\\\").replace('"', '\\"')
        named = self.page.locator(f'flt-semantics-host [aria-label*="{quoted}"]')
        return by_text.or_(named).first

    def heading(self, name: str) -> Locator:
        """A heading by its text; app bar titles are headings."""
        return self.page.get_by_role("heading", name=name).first

    def see(self, text: str | re.Pattern[str], seconds: float | None = None) -> None:
        """Wait until `text` is on screen."""
        expect(self.text(text)).to_be_attached(timeout=(seconds or self.timeout) * 1000)

    def not_see(self, text: str | re.Pattern[str], seconds: float | None = None) -> None:
        """Wait until `text` is nowhere on screen."""
        expect(self.text(text)).to_have_count(0, timeout=(seconds or self.timeout) * 1000)

    def is_on(self, name: str, *, on: bool = True) -> None:
        """Wait until a checkbox, switch or radio called `name` is on (or off)."""
        expect(self.button(name)).to_have_attribute("aria-checked", "true" if on else "false")
