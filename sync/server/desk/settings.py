"""The desk's settings: which provider for which channel, limits, and where secrets come from.

Secrets come from the environment or from a file each, never from the database and never from the
command line, where others could read them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from sync.server.desk import codes, numbers
from sync.server.desk.desk import DeskLimits
from sync.server.desk.keys import DeskKeys
from sync.server.desk.providers.base import Provider
from sync.server.desk.providers.notify import BASE_URL, PER_SECOND, Notify
from sync.server.desk.providers.twilio_account import Account
from sync.server.desk.providers.twilio_calls import TwilioCalls
from sync.server.desk.providers.twilio_texts import TwilioTexts

CALLBACKS: Final = "/desk/callbacks"
SHORTEST_CODE: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What proves to us who calls, and what our own addresses are."""

    public_url: str | None = None
    notify_callback_token: str | None = field(default=None, repr=False)
    twilio_token: str | None = field(default=None, repr=False)
    duty_code: str | None = field(default=None, repr=False)
    operator_code: str | None = field(default=None, repr=False)
    open_console: bool = False

    def address(self, kind: str, code: str) -> str | None:
        """Where Twilio finds us for one kind of callback; None where it could not."""
        if self.public_url is None:
            return None
        return f"{self.public_url}{CALLBACKS}/twilio/{kind}/{code}"


class DeskSettings(BaseSettings):
    """All of them begin with DOORSTEP_OFFICE_DESK_ in the environment."""

    model_config = SettingsConfigDict(env_prefix="DOORSTEP_OFFICE_DESK_", frozen=True)

    sms: Literal["none", "console", "notify", "twilio"] = "none"
    """Who carries texts. Never the console by default: it says of each that it arrived."""
    voice: Literal["none", "console", "twilio"] = "none"
    """Who makes automated calls."""
    public_url: str | None = None
    """This office's address as providers reach it, https://office.example.org."""

    notify_key: SecretStr | None = None
    notify_key_file: Path | None = None
    notify_template: str = ""
    """Id of a template whose whole text is ((text))."""
    notify_sender: str | None = None
    notify_url: str = BASE_URL
    notify_per_second: float = Field(default=PER_SECOND, ge=0)
    """Over all processes; 0 for no limit."""
    notify_callback_token: SecretStr | None = None
    notify_callback_token_file: Path | None = None

    twilio_account: str = ""
    twilio_token: SecretStr | None = None
    twilio_token_file: Path | None = None
    twilio_sender: str = ""
    """A number in E.164, or a messaging service for texts."""
    twilio_voice_number: str = ""
    twilio_redaction: bool = False
    """The account has Message Redaction, so Twilio keeps neither words nor numbers."""
    twilio_url: str | None = None

    duty_code: SecretStr | None = None
    duty_code_file: Path | None = None
    operator_code: SecretStr | None = None
    operator_code_file: Path | None = None
    open_console: bool = False
    """Show the console's page to anybody on this machine. For a demo on loopback only."""
    duty_number: str | None = None

    tick_s: float = Field(default=30, gt=0, le=60)
    """How often it is looked for what is due."""
    alarm_tick_s: float = Field(default=5, gt=0, le=30)
    workers: int = Field(default=1, ge=0, le=32)
    """Processes of `doorstep-office desk run`; 0 lets an office serve without sending."""
    threads: int = Field(default=DeskLimits().threads, ge=1, le=64)
    a_day: int = Field(default=DeskLimits().a_day, ge=1)
    """Automated messages that one number may get in a day."""
    timeout_s: float = Field(default=10, gt=0, le=10)

    @field_validator("public_url")
    @classmethod
    def _without_a_slash(cls, value: str | None) -> str | None:
        return value.rstrip("/") if value else None

    @field_validator("duty_number")
    @classmethod
    def _a_number(cls, value: str | None) -> str | None:
        if not value:
            return None
        number = numbers.plainly(value)
        if number is None:
            raise ValueError("not a telephone number")
        return number

    @model_validator(mode="after")
    def _complete(self) -> DeskSettings:
        if self.sms == "notify" and not (self._notify_key and self.notify_template):
            raise ValueError("notify needs a key and a template")
        if "twilio" in (self.sms, self.voice) and not (
            self.twilio_account and self._twilio_token and self.twilio_sender
        ):
            raise ValueError("twilio needs an account, a token and a sender")
        if self.voice == "twilio" and not self.public_url:
            raise ValueError("calls through twilio need a public address")
        for code in (self._duty_code, self._operator_code):
            if code is not None and len(code) < SHORTEST_CODE:
                raise ValueError("a code is too short")
        return self

    @property
    def _notify_key(self) -> str | None:
        return _secret(self.notify_key, self.notify_key_file)

    @property
    def _twilio_token(self) -> str | None:
        return _secret(self.twilio_token, self.twilio_token_file)

    @property
    def _duty_code(self) -> str | None:
        return _secret(self.duty_code, self.duty_code_file)

    @property
    def _operator_code(self) -> str | None:
        return _secret(self.operator_code, self.operator_code_file)

    @property
    def limits(self) -> DeskLimits:
        return DeskLimits(a_day=self.a_day, threads=self.threads, duty=self.duty_number)

    @property
    def secrets(self) -> Secrets:
        return Secrets(
            public_url=self.public_url,
            notify_callback_token=_secret(
                self.notify_callback_token, self.notify_callback_token_file
            ),
            twilio_token=self._twilio_token,
            duty_code=self._duty_code,
            operator_code=self._operator_code,
            open_console=self.open_console,
        )

    def texts(self) -> Provider | None:
        """Whoever carries texts; None for the console, which the desk makes itself, and nobody."""
        if self.sms == "notify":
            return Notify(
                key=self._notify_key or "",
                template=self.notify_template,
                sender=self.notify_sender,
                base_url=self.notify_url,
                timeout_s=self.timeout_s,
                per_second=self.notify_per_second or None,
                reports=self.secrets.notify_callback_token is not None,
            )
        return TwilioTexts(self._account(self.twilio_sender)) if self.sms == "twilio" else None

    def calls(self) -> Provider | None:
        """Whoever makes calls."""
        number = self.twilio_voice_number or self.twilio_sender
        return TwilioCalls(self._account(number)) if self.voice == "twilio" else None

    def _account(self, sender: str) -> Account:
        return Account(
            sid=self.twilio_account,
            token=self._twilio_token or "",
            sender=sender,
            callbacks=self.secrets.address,
            redacted=self.twilio_redaction,
            api=self.twilio_url,
            timeout_s=self.timeout_s,
        )


def addresses(secrets: Secrets, keys: DeskKeys) -> dict[str, str]:
    """What is typed into providers' sites, by what it is for."""
    if secrets.public_url is None:
        return {}
    base = secrets.public_url + CALLBACKS
    return {
        "GOV.UK Notify, delivery receipts": f"{base}/notify/receipt/"
        + codes.of_office(keys.secret, "notify-receipt"),
        "GOV.UK Notify, received texts": f"{base}/notify/reply/"
        + codes.of_office(keys.secret, "notify-reply"),
        "Twilio, a message comes in": f"{base}/twilio/reply/"
        + codes.of_office(keys.secret, "twilio-reply"),
    }


def _secret(given: SecretStr | None, file: Path | None) -> str | None:
    if given is not None:
        return given.get_secret_value().strip() or None
    if file is not None:
        return file.read_text(encoding="utf-8").strip() or None
    return None
