"""What whoever runs the office may set: by flag, or by an environment variable of the same name.

Every variable begins with DOORSTEP_OFFICE_, for instance DOORSTEP_OFFICE_PORT=8443.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from sync.server.surroundings import Limits


class Settings(BaseSettings):
    """Where the office keeps its data, where it listens, and what it asks of callers."""

    model_config = SettingsConfigDict(env_prefix="DOORSTEP_OFFICE_", frozen=True, extra="forbid")

    data: Path = Path("doorstep-office")
    database_url: str = Field(default="", repr=False)
    """An SQLAlchemy URL; empty means an SQLite file in `data`. May hold a password: not shown."""
    kept_apart: Path | None = None
    """Where what a restore must not undo is written down; `data` by default, but best on another
    disk than the database."""
    host: str = "127.0.0.1"
    port: int = Field(default=8460, ge=0, le=65535)
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    trusted_proxies: tuple[str, ...] = ()
    """Addresses of reverse proxies whose X-Forwarded-Proto and X-Forwarded-For are believed."""
    open_claim: bool = False
    """Let anybody claim an empty office without the printed code. For a demo on loopback only."""
    bytes_a_day: int = Field(default=Limits().bytes_a_day, gt=0)
    """Of sealed changes, for each device."""
    failed_enrolments: int = Field(default=Limits().failed_enrolments, gt=0)
    """For each address and hour."""

    desk_keys: Path | None = None
    """The reminder desk's own keys; by default a file in `data`, made at the first start. Kept out
    of the database and of its backups. Several processes share it."""
    desk_secret: SecretStr | None = None
    """The same as text, where secrets are handed in by the environment; then no file is read."""

    @property
    def desk_keys_file(self) -> Path:
        """Where the desk's keys lie."""
        return self.desk_keys or self.data / "desk.keys"

    @property
    def url(self) -> str:
        """The database's URL."""
        return self.database_url or f"sqlite:///{self.sqlite_file}"

    @property
    def sqlite_file(self) -> Path:
        """The database's file, unless there is a URL."""
        return self.data / "office.sqlite3"

    @property
    def apart_folder(self) -> Path:
        return self.kept_apart or self.data

    @property
    def limits(self) -> Limits:
        return Limits(bytes_a_day=self.bytes_a_day, failed_enrolments=self.failed_enrolments)
