"""The wording of one message in every language and in easy read, and what it may mention.

A template names a weekday, a date, a time and a worker's first name, nothing else: what it cannot
mention, it cannot give away. A wording that is missing is an error when the profile is loaded, not
a text in the wrong language on the day.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from string import Formatter

FIELDS = frozenset(
    {"worker", "weekday", "date", "time", "weekday_before", "date_before", "time_before"}
)
"""What a template may fill in; `_before` is what an earlier message told."""

EASY = "_easy"
"""A wording's key is its language, followed by this for easy read: `en`, `en_easy`, `cy`."""


class TemplateError(ValueError):
    """A template cannot be used. `template` is its key, `wording` the language at fault."""

    def __init__(self, template: str, wording: str, why: str) -> None:
        super().__init__(f"{template}.{wording}: {why}")
        self.template = template
        self.wording = wording


class MissingTranslation(TemplateError):
    """A language of the service, or its easy read, has no wording."""


class UnknownField(TemplateError):
    """A wording asks for something that no message may mention."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTemplate:
    """One message's wordings, by language: `{"en": …, "en_easy": …, "cy": …, "cy_easy": …}`."""

    key: str
    wordings: Mapping[str, str]

    def check(self, languages: Collection[str]) -> None:
        """Raises MissingTranslation or UnknownField."""
        for language in languages:
            for wording in (language, language + EASY):
                if not self.wordings.get(wording, "").strip():
                    raise MissingTranslation(self.key, wording, "there is no wording")
        for wording, said in self.wordings.items():
            self._check_fields(wording, said)

    def wording(self, language: str, *, easy: bool) -> str:
        """The words in that language. Raises MissingTranslation."""
        key = language + EASY if easy else language
        said = self.wordings.get(key)
        if not said:
            raise MissingTranslation(self.key, key, "there is no wording")
        return said

    def _check_fields(self, wording: str, said: str) -> None:
        try:
            parts = list(Formatter().parse(said))
        except ValueError as error:
            raise UnknownField(self.key, wording, "a brace stands alone") from error
        for _before, name, form, conversion in parts:
            if name is not None and (name not in FIELDS or form or conversion):
                raise UnknownField(self.key, wording, "it asks for something it may not mention")
