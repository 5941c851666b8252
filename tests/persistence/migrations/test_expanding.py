"""A column is changed while the code before the change runs: each step, with data, for real."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

import domain
from persistence import Database, migrations
from persistence.migrations.linting import lint
from tests.factories import Given
from tests.persistence.migrations import expanding
from tests.persistence.migrations.expanding.backfill import backfill

COUNT = 60


async def test_what_old_code_writes_is_in_the_new_column(bare_database_url: str) -> None:
    """Rows from before, from between and from after the expansion are the same in both columns."""
    await migrated(bare_database_url, "head")
    async with Database.connect(bare_database_url) as database:
        before = await Given(database).a_user(username="before")
    await migrated(bare_database_url, expanding.EXPANDED)

    async with Database.connect(bare_database_url) as database:
        written = await Given(database).a_user()
        await tells(database, written.id, "Written by the code of before.")
        filled = await backfill(database)
        await tells(database, before.id, "Changed by the code of before.")

        assert filled == 1
        assert await columns(database) == {
            before.id: ("Changed by the code of before.",) * 2,
            written.id: ("Written by the code of before.",) * 2,
        }


async def test_a_backfill_loses_nothing_while_others_write(bare_database_url: str) -> None:
    """Whoever wrote last is right, whether they came before, between or after a batch."""
    await migrated(bare_database_url, "head")
    async with Database.connect(bare_database_url) as database:
        given = Given(database)
        users = [await given.a_user() for _ in range(COUNT)]
    await migrated(bare_database_url, expanding.EXPANDED)

    async with Database.connect(bare_database_url) as database:

        async def write() -> None:
            for number, user in enumerate(users):
                await tells(database, user.id, f"Text {number}")
                await Given(database).a_user(username=f"late{number}")

        await asyncio.gather(write(), backfill(database, size=5), backfill(database, size=7))
        found = await columns(database)

    assert len(found) == 2 * COUNT
    assert [found[user.id][0] for user in users] == [f"Text {number}" for number in range(COUNT)]
    assert all(bio == about for bio, about in found.values())


async def test_new_code_writes_either_way(bare_database_url: str) -> None:
    """A release may write both columns, and the one after it the new one alone."""
    await migrated(bare_database_url, expanding.EXPANDED)

    async with Database.connect(bare_database_url) as database:
        given = Given(database)
        both, one = await given.a_user(), await given.a_user()
        async with database.writing() as connection:
            await connection.execute(
                text("UPDATE users SET bio = 'new', about = 'new' WHERE id = :id"), {"id": both.id}
            )
            await connection.execute(
                text("UPDATE users SET about = 'newer' WHERE id = :id"), {"id": one.id}
            )
            await connection.execute(
                text(
                    "INSERT INTO users (username, email, display_name, about, role, created_at) "
                    "VALUES ('x', 'x@example.com', 'X', 'newest', 'MEMBER', '2026-01-01 12:00:00')"
                )
            )
        found = await columns(database)

    assert found.pop(both.id) == ("new", "new")
    assert found.pop(one.id) == ("", "newer")
    assert [*found.values()] == [(None, "newest")]


async def test_old_code_fails_on_the_contracted_schema(bare_database_url: str) -> None:
    """So its tests would fail as well, and the contraction waits for its end."""
    await migrated(bare_database_url, expanding.CONTRACTED)

    async with Database.connect(bare_database_url) as database:
        with pytest.raises(DBAPIError, match="bio"):
            await Given(database).a_user()


async def test_each_step_is_taken_back_with_its_rows(bare_database_url: str) -> None:
    """What new code wrote to its column is what old code then reads in its own."""
    await migrated(bare_database_url, "head")
    async with Database.connect(bare_database_url) as database:
        user = await Given(database).a_user()
    await migrated(bare_database_url, expanding.EXPANDED)
    async with Database.connect(bare_database_url) as database:
        await backfill(database)
    await migrated(bare_database_url, expanding.CONTRACTED)
    async with Database.connect(bare_database_url) as database, database.writing() as connection:
        await connection.execute(text("UPDATE users SET about = 'Written by new code.'"))

    (newest,) = migrations.newest()
    config = expanding.configuration(bare_database_url)
    await asyncio.to_thread(command.downgrade, config, expanding.EXPANDED)
    await asyncio.to_thread(command.downgrade, config, newest)

    async with Database.connect(bare_database_url) as database:
        async with database.unit_of_work() as work:
            (found,) = (await work.users.get_many([user.id])).values()
        assert found.bio == "Written by new code."
        await Given(database).a_user(username="later")


def test_the_steps_are_clean() -> None:
    """The linter lets them pass, for reasons that each of them gives."""
    scripts = ScriptDirectory.from_config(expanding.configuration("sqlite://"))

    assert [str(finding) for finding in lint(scripts)] == []
    assert scripts.get_heads() == [expanding.CONTRACTED]


async def migrated(url: str, revision: str) -> None:
    """Bring a database to a revision; `head` is the product's own."""
    target = migrations.newest().pop() if revision == "head" else revision
    await asyncio.to_thread(command.upgrade, expanding.configuration(url), target)


async def tells(database: Database, id: domain.UserId, bio: str) -> None:
    """Have a user tell something of themselves, by the code of before."""
    async with database.unit_of_work() as work:

        async def write() -> None:
            user = await work.users.get_for_update(id)
            await work.users.update(user.edit(bio=bio, at=datetime.now(UTC)))

        await work.transaction(write)


async def columns(database: Database) -> dict[int, tuple[str | None, str | None]]:
    async with database.reading() as connection:
        rows = await connection.execute(text("SELECT id, bio, about FROM users"))
        return {key: (bio, about) for key, bio, about in rows}
