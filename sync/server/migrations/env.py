"""What Alembic runs a revision in. The office hands over its own connection, in a transaction
that ends when all of them are done; the `alembic` command, for whoever writes one, opens the
database that the office's settings name.
"""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from sync.server import dialects, tables
from sync.server.settings import Settings


def run(connection: Connection) -> None:
    """Carry out what was asked for, and leave the transaction to whoever began it."""
    context.configure(connection=connection, target_metadata=tables.metadata, render_as_batch=True)
    context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine, _turn = dialects.open_engine(Settings().url)
    with engine.connect() as own:
        dialects.begin_write(own)
        run(own)
        own.commit()
