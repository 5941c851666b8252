"""Let PostgreSQL know how many of its posts an author has not published.

Revision ID: e5b80d1c7a36
Revises: c27d4be1f093
"""

from alembic import op

revision = "e5b80d1c7a36"
down_revision = "c27d4be1f093"
branch_labels = None
depends_on = None
accepted = {
    "unknown-statement": "CREATE and ALTER STATISTICS wait for no reads or writes, and stop none."
}


def upgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "CREATE STATISTICS st_posts_author_id_status (mcv) ON author_id, status FROM posts"
        )
        op.execute("ALTER STATISTICS st_posts_author_id_status SET STATISTICS 1000")


def downgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP STATISTICS st_posts_author_id_status")
