"""What an upgrade will do, told before."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from persistence import Base, Database, migrations
from persistence.migrations.checks import of_tables
from tests.persistence.migrations.test_revisions import tables


async def test_the_plan_of_an_empty_database_makes_its_tables(bare_database_url: str) -> None:
    """Its statements, run one by one, are what the migration does; and telling it does nothing."""
    async with Database.connect(bare_database_url) as database:
        planned = await migrations.plan(database)
        assert await tables(bare_database_url) == set()
        async with database.writing() as connection:
            for revision in planned:
                for statement in revision.statements:
                    await connection.exec_driver_sql(statement.removesuffix(";"))

        made = await tables(bare_database_url)
        async with database.reading() as connection:
            unlike_models = await connection.run_sync(of_tables)
    assert made >= {*Base.metadata.tables}
    assert unlike_models == []


async def test_there_is_no_plan_beyond_what_this_code_knows(bare_database_url: str) -> None:
    """No statements would look as if there were nothing to do."""
    await asyncio.to_thread(migrations.upgrade, bare_database_url, print)

    async with Database.connect(bare_database_url) as database:
        async with database.writing() as connection:
            await connection.execute(text("UPDATE alembic_version SET version_num = 'later'"))
        with pytest.raises(migrations.MigrationFailed, match="at later, which is no revision"):
            await migrations.plan(database)


async def test_a_plan_has_what_is_pending_only(bare_database_url: str, tmp_path: Path) -> None:
    """Nothing, when nothing is."""
    await asyncio.to_thread(migrations.upgrade, bare_database_url, print)

    async with Database.connect(bare_database_url) as database:
        assert await migrations.plan(database) == []
