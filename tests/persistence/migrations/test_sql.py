"""The SQL of a revision is written without a database, for the dialect of any."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.script import Script, ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Dialect, make_url

from persistence.migrations.sql import DOWNGRADE, statements_of

REVISION = """
import sqlalchemy as sa
from alembic import op

revision = "one"
down_revision = None


def upgrade():
    op.alter_column("users", "bio", existing_type=sa.Text(), nullable=True)
    op.execute("UPDATE users SET bio = NULL WHERE bio LIKE 'a%'")
    users = sa.table("users", sa.column("bio", sa.Text))
    op.execute(sa.update(users).values(bio="it's"))
    with op.get_context().autocommit_block():
        op.create_index("ix_users_bio", "users", ["bio"], postgresql_concurrently=True)


def downgrade():
    with op.batch_alter_table("users") as batch:
        batch.drop_column("bio")
"""
WRITTEN = {
    "postgresql+asyncpg": [
        "ALTER TABLE users ALTER COLUMN bio DROP NOT NULL;",
        "UPDATE users SET bio = NULL WHERE bio LIKE 'a%';",
        "UPDATE users SET bio='it''s';",
        "COMMIT;",
        "CREATE INDEX CONCURRENTLY ix_users_bio ON users (bio);",
        "BEGIN;",
    ],
    "mysql+aiomysql": [
        "ALTER TABLE users MODIFY bio TEXT NULL;",
        "UPDATE users SET bio = NULL WHERE bio LIKE 'a%';",
        "UPDATE users SET bio='it''s';",
        "CREATE INDEX ix_users_bio ON users (bio);",
    ],
}


@pytest.mark.parametrize("driver", WRITTEN)
def test_statements_are_those_that_the_database_gets(tmp_path: Path, driver: str) -> None:
    """Values and percent signs stand as they are, for the SQL is read and may be run by hand."""
    written = statements_of(script(tmp_path), dialect(driver))

    assert written == WRITTEN[driver]


def test_the_way_back_is_written_as_well(tmp_path: Path) -> None:
    """Whoever takes a release back wants to know what goes."""
    written = statements_of(script(tmp_path), dialect("postgresql+asyncpg"), DOWNGRADE)

    assert written == ["ALTER TABLE users DROP COLUMN bio;"]


def test_what_sqlite_copies_cannot_be_written(tmp_path: Path) -> None:
    """Its new table has the columns of the old one, which only the database knows."""
    with pytest.raises(CommandError, match="live database connection"):
        statements_of(script(tmp_path), dialect("sqlite+aiosqlite"), DOWNGRADE)


def script(directory: Path) -> Script:
    versions = directory / "versions"
    versions.mkdir()
    (versions / "one.py").write_text(REVISION)
    return ScriptDirectory(str(directory)).get_revision("one")


def dialect(driver: str) -> Dialect:
    return make_url(f"{driver}://").get_dialect()()
