"""The migrations and the models tell the same story."""

from __future__ import annotations

import asyncio

from alembic import command
from sqlalchemy import Connection, inspect

from persistence import Database, migrations


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

    assert up == {"alembic_version", "users", "posts", "comments", "tags", "post_tags"}
    assert down == {"alembic_version"}
    assert await tables(bare_database_url) == up
    assert [line.split()[0] for line in told] == ["Applied", "Took", "Applied"]


async def test_revisions_tell_where_a_database_stands(bare_database_url: str) -> None:
    """Nowhere before the first migration, at the newest after the last, of which there is one."""
    async with Database.connect(bare_database_url) as database:
        before, newest = await migrations.revisions(database)
        await asyncio.to_thread(migrations.upgrade, bare_database_url, lambda line: None)
        after, _ = await migrations.revisions(database)

    assert before == set()
    assert after == newest
    assert len(newest) == 1


async def tables(url: str) -> set[str]:
    def names(connection: Connection) -> set[str]:
        return set(inspect(connection).get_table_names())

    async with Database.connect(url) as database, database.engine.connect() as connection:
        return await connection.run_sync(names)
