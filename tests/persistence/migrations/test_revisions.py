"""The migrations and the models tell the same story."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, inspect, select, text

import domain
from persistence import Base, Database, migrations
from tests.databases import migrate
from tests.factories import Given
from tests.persistence.migrations.additions import with_additions

LINKS = Base.metadata.tables["post_tags"]


async def test_migrations_lead_to_the_models_and_back(bare_database_url: str) -> None:
    """Up from nothing there is nothing left to migrate; down nothing is left; and up again."""
    config = migrations.configuration()
    config.attributes["url"] = bare_database_url
    told: list[str] = []
    config.attributes["report"] = told.append

    await asyncio.to_thread(command.upgrade, config, "head")
    await asyncio.to_thread(command.check, config)
    up = await tables(bare_database_url)
    await asyncio.to_thread(command.downgrade, config, "base")
    down = await tables(bare_database_url)
    await asyncio.to_thread(command.upgrade, config, "head")

    assert up == {"alembic_version", *Base.metadata.tables}
    assert down == {"alembic_version"}
    assert await tables(bare_database_url) == up
    steps = len(told) // 3
    assert [line.split()[0] for line in told] == steps * ["Applied"] + steps * ["Took"] + steps * [
        "Applied"
    ]


async def test_revisions_tell_where_a_database_stands(bare_database_url: str) -> None:
    """Nowhere before the first migration, at the newest after the last, of which there is one."""
    async with Database.connect(bare_database_url) as database:
        before = await migrations.standing(database)
        await migrate(bare_database_url)
        after = await migrations.standing(database)

    assert (before.current, before.is_newest) == ([], False)
    assert (after.current, after.pending, after.is_newest) == (after.heads, [], True)
    assert len(after.heads) == 1


WIDEN = """
from alembic import op
from persistence import types

revision = "widen"
down_revision = "{newest}"


def upgrade() -> None:
    with op.batch_alter_table("users") as batch:
        batch.alter_column("display_name", type_=types.Line(120), existing_nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("users") as batch:
        batch.alter_column("display_name", type_=types.Line(100), existing_nullable=False)
"""


async def test_changing_a_table_keeps_what_refers_to_it(
    database: Database, database_url: str, given: Given, tmp_path: Path
) -> None:
    """SQLite can change a table only by dropping it, which must not cascade to its children."""
    ada = await given.a_user()
    await given.a_comment(on=await given.a_post(by=ada), by=ada)
    config, newest = await with_a_widening(database, database_url, tmp_path)

    await asyncio.to_thread(command.stamp, config, newest)
    await asyncio.to_thread(command.upgrade, config, "widen")
    await asyncio.to_thread(command.downgrade, config, newest)

    async with database.unit_of_work() as work:
        assert await work.posts.count(domain.PostFilter()) == 1
        assert await work.comments.count(None) == 1
    async with database.writing() as connection:
        await connection.execute(text("DROP TABLE alembic_version"))


@pytest.mark.backends("sqlite")
async def test_a_migration_that_finds_orphans_changes_nothing(
    database: Database, database_url: str, given: Given, tmp_path: Path
) -> None:
    """Foreign keys are off meanwhile, so what refers to nothing is looked for before the end."""
    await given.a_post(by=await given.a_user())
    config, newest = await with_a_widening(database, database_url, tmp_path)
    await asyncio.to_thread(command.stamp, config, newest)
    async with database.reading() as connection:
        await connection.execute(text("PRAGMA foreign_keys = OFF"))
        await connection.execute(text("DELETE FROM users"))
        await connection.invalidate()

    with pytest.raises(CommandError, match="would miss others"):
        await asyncio.to_thread(command.upgrade, config, "widen")

    (current,) = (await migrations.standing(database)).current
    assert current.startswith(newest)


async def with_a_widening(database: Database, url: str, directory: Path) -> tuple[Config, str]:
    """Alembic on a database, with one revision more after the newest, whose name comes along."""
    (newest,) = migrations.newest()
    (directory / "widen.py").write_text(WIDEN.format(newest=newest))
    return with_additions(url, directory), newest


async def tables(url: str) -> set[str]:
    def names(connection: Connection) -> set[str]:
        return set(inspect(connection).get_table_names())

    async with Database.connect(url) as database, database.engine.connect() as connection:
        return await connection.run_sync(names)


OLD_ROWS = (
    (
        "INSERT INTO users (id, username, email, display_name, bio, role, created_at) "
        "VALUES (7, 'ada', 'ada@example.com', 'Ada', '', 'MEMBER', '2026-01-01 12:00:00.000001')"
    ),
    (
        "INSERT INTO posts (id, author_id, slug, title, body, status, version, created_at) "
        "VALUES (8, 7, 'post', 'Post', '', 'ARCHIVED', 1, '2026-01-02 12:00:00.000001')"
    ),
    "INSERT INTO tags (id, name, created_at) VALUES (9, 'tag', '2026-01-01 12:00:00.000001')",
    "INSERT INTO post_tags (post_id, tag_id) VALUES (8, 9)",
)


async def test_links_that_there_were_get_their_copies(bare_database_url: str) -> None:
    """Whoever has posts under tags already finds them there, and after going back and on again."""
    config = migrations.configuration()
    config.attributes.update(url=bare_database_url, report=lambda line: None)
    await asyncio.to_thread(command.upgrade, config, "9a1f6d0c3e84")
    async with (
        Database.connect(bare_database_url) as database,
        database.engine.begin() as connection,
    ):
        for statement in OLD_ROWS:
            await connection.execute(text(statement))

    found = []
    for _ in range(2):
        await asyncio.to_thread(command.upgrade, config, "head")
        async with (
            Database.connect(bare_database_url) as database,
            database.reading() as connection,
        ):
            found.append((await connection.execute(select(LINKS))).one())
        await asyncio.to_thread(command.downgrade, config, "9a1f6d0c3e84")

    moment = datetime(2026, 1, 2, 12, 0, 0, 1, tzinfo=UTC)
    assert found == 2 * [(8, 9, 7, domain.PostStatus.ARCHIVED, moment)]
