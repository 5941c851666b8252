"""Add sessions and passwords.

Revision ID: 4c0e9d7a51b2
Revises: b7d5350855da
"""

import sqlalchemy as sa
from alembic import op

from persistence import types

revision = "4c0e9d7a51b2"
down_revision = "b7d5350855da"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", types.Key(), nullable=False),
        sa.Column("user_id", types.Key(), nullable=False),
        sa.Column("token_digest", types.Line(length=64), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", types.UtcDateTime(), nullable=False),
        sa.Column("expires_at", types.UtcDateTime(), nullable=False),
        sa.Column("user_agent", types.Line(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_sessions_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_sessions_token_digest")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_sessions_user_id_created_at_id"), "sessions", ["user_id", "created_at", "id"]
    )
    op.add_column("users", sa.Column("password_hash", sa.String(length=255), nullable=True))


def downgrade() -> None:
    op.drop_column("users", "password_hash")
    op.drop_table("sessions")
