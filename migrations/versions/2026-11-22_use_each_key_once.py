"""Use each key once on SQLite, as the other databases do.

Revision ID: 9a1f6d0c3e84
Revises: 4c0e9d7a51b2
"""

from alembic import op

revision = "9a1f6d0c3e84"
down_revision = "4c0e9d7a51b2"
branch_labels = None
depends_on = None

TABLES = ("users", "tags", "posts", "comments")


def upgrade() -> None:
    rebuild(sqlite_autoincrement=True)


def downgrade() -> None:
    rebuild(sqlite_autoincrement=False)


def rebuild(**options: bool) -> None:
    """Give SQLite's tables other options, for which they have to be made anew."""
    if op.get_context().dialect.name == "sqlite":
        for table in TABLES:
            with op.batch_alter_table(table, recreate="always", table_kwargs=options):
                pass
