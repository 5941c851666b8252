"""Expand: a second column, which old code knows nothing of.

Revision ID: expand
"""

import sqlalchemy as sa
from alembic import op

from persistence import migrations, types
from tests.persistence.migrations.expanding import copies

revision = "expand"
(down_revision,) = migrations.newest()
accepted = {
    "dropping-not-null": "No release writes NULL before all read the new column.",
    "unknown-statement": "The triggers are made in a moment, and copy what old code writes.",
}


def upgrade() -> None:
    with op.batch_alter_table("users") as batch:  # SQLite loses a table's triggers by this
        batch.add_column(sa.Column("about", types.LongText(), nullable=True))
        batch.alter_column("bio", existing_type=types.LongText(), nullable=True)
    copies.start()


def downgrade() -> None:
    copies.stop()
    op.execute("UPDATE users SET bio = about WHERE bio IS NULL")
    with op.batch_alter_table("users") as batch:
        batch.alter_column("bio", existing_type=types.LongText(), nullable=False)
        batch.drop_column("about")
