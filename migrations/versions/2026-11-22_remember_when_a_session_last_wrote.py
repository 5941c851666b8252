"""Remember when a session last wrote, for it then reads no replica for a while.

Revision ID: e58b30c7d2a4
Revises: e5b80d1c7a36
"""

import sqlalchemy as sa
from alembic import op

from persistence import types

revision = "e58b30c7d2a4"
down_revision = "e5b80d1c7a36"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("last_write_at", types.UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("sessions", "last_write_at")
