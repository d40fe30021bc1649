"""Bringing a database to the layout that this office works with, by Alembic's revisions.

Safe with several processes: one does it while the others wait, in one transaction, so that a
database is never seen, and never left, half-way.
"""

from __future__ import annotations

import functools
import logging
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

import sync.server.desk.tables  # noqa: F401  registered with the others
from sync.server.tables import office

log = logging.getLogger(__name__)

_PLACE: Final = "sync.server:migrations"
BASELINE: Final = "0001"


class NewerLayout(Exception):
    """The database was written by a newer office than this one; nothing was changed."""


def current(connection: Connection) -> str | None:
    """The revision a database is at; None for an empty one. Raises NewerLayout."""
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is not None and not knows(revision):
        raise NewerLayout
    if revision is None and inspect(connection).has_table(office.name):
        return BASELINE  # from before revisions were written down
    return revision


def knows(revision: str) -> bool:
    """Whether this office can work with data of that revision."""
    return revision in _known()


def newest() -> str:
    """The revision that this office works with."""
    return _known()[0]


def bring(connection: Connection, to: str | None = None) -> None:
    """Carry out the revisions that are missing up to `to`, the newest by default.

    For whoever holds the layout. Raises NewerLayout, and nothing is changed, for a database that
    is ahead of this office.
    """
    at = current(connection)
    config = _config()
    config.attributes["connection"] = connection
    if at == BASELINE:
        command.stamp(config, BASELINE)
    command.upgrade(config, to or "head")
    log.info("layout brought forward", extra={"before": at or "none", "now": to or newest()})


@functools.cache
def _known() -> tuple[str, ...]:
    """Every revision, newest first. They follow on one another: there is one newest."""
    scripts = ScriptDirectory.from_config(_config())
    return tuple(script.revision for script in scripts.walk_revisions())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", _PLACE)
    return config
