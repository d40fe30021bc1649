"""The office says when its data was put back from a backup; revisions replace `layout`."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """One column for another in the table with one row."""
    with op.batch_alter_table("office") as office:
        office.drop_column("layout")
        office.add_column(sa.Column("restored", sa.LargeBinary))
