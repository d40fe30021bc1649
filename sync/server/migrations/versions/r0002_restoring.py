"""What an office needs once its data was put back from a backup; revisions replace `layout`."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """One column for another in the table with one row, and a list that is usually empty."""
    with op.batch_alter_table("office") as office:
        office.drop_column("layout")
        office.add_column(sa.Column("restored", sa.LargeBinary))
    op.create_table(
        "erased",
        sa.Column("id", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
