"""What speaks against deploying."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from sqlalchemy import text

from persistence import Database, migrations
from persistence.migrations.checks import of_revisions


async def test_tables_that_are_not_the_models_are_told(bare_database_url: str) -> None:
    """By the lines of a revision that would mend them."""
    await asyncio.to_thread(migrations.upgrade, bare_database_url, print)
    async with Database.connect(bare_database_url) as database:
        before = await migrations.complaints(database)
        async with database.writing() as connection:
            await connection.execute(text("ALTER TABLE tags ADD COLUMN more INTEGER"))

        after = await migrations.complaints(database)

    (added,) = {*after} - {*before}
    assert "op.drop_column('tags', 'more')" in added


async def test_pending_revisions_are_told(bare_database_url: str) -> None:
    """And a database without tables is not compared with the models."""
    async with Database.connect(bare_database_url) as database:
        complaints = await migrations.complaints(database)

    assert "The database has no tables yet: python -m server migrate" in complaints


async def test_two_newest_revisions_are_told(bare_database_url: str) -> None:
    """Two branches that each added one, and were merged since."""
    async with Database.connect(bare_database_url) as database:
        standing = await migrations.standing(database)

    found = [*of_revisions(replace(standing, heads=["aaa: One", "bbb: Other"]))]

    assert found[0].startswith("There are two newest revisions, aaa and bbb: ")
