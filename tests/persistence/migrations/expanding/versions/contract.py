"""Contract: the old column goes, one release after the last that wrote it.

Revision ID: contract
Revises: expand
"""

import sqlalchemy as sa
from alembic import op

from persistence import types
from tests.persistence.migrations.expanding import copies

revision = "contract"
down_revision = "expand"
accepted = {
    "ban-drop-function": "Nobody calls it but the trigger that goes with it.",
    "dropping-column": "No running release names it any more.",
    "requiring-column": "All fill it, and the users are read through in less than a second.",
    "unknown-statement": "The triggers go in a moment, and nobody writes what they copy.",
}


def upgrade() -> None:
    copies.stop()
    with op.batch_alter_table("users") as batch:
        batch.alter_column("about", existing_type=types.LongText(), nullable=False)
        batch.drop_column("bio")


def downgrade() -> None:
    with op.batch_alter_table("users") as batch:
        batch.add_column(sa.Column("bio", types.LongText(), nullable=True))
        batch.alter_column("about", existing_type=types.LongText(), nullable=True)
    op.execute("UPDATE users SET bio = about")
    copies.start()
