"""Migrations that are started at once, or while another one runs."""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter
from pathlib import Path

import pytest

from persistence import Database, migrations
from persistence.migration_lock import WAITING, only_migration

ROOT = Path(__file__).parents[2]
HOLD = """
import asyncio, sys
from persistence import Database
from persistence.migration_lock import only_migration

async def hold():
    async with Database.connect(sys.argv[1]) as database, only_migration(database, print):
        print("locked", flush=True)
        await asyncio.Event().wait()

asyncio.run(hold())
"""


async def begin(url: str, *command: str) -> asyncio.subprocess.Process:
    """Begin a process of Python's, as an operator would."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, *command),
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def migrate_at_once(url: str, count: int) -> list[str]:
    """Begin so many migrations, each of which has to end well; return all lines that they said."""
    processes = [await begin(url, "-m", "server", "migrate") for _ in range(count)]
    said = [(await each.communicate())[0].decode() for each in processes]
    assert [each.returncode for each in processes] == [0] * count, said
    return "".join(said).splitlines()


async def check_each_ran_once(url: str, count: int) -> None:
    """Begin so many migrations of an empty database, and see that no revision ran twice."""
    lines = await migrate_at_once(url, count)

    applied = Counter(line.split(":")[0] for line in lines if line.startswith("Applied"))
    everything = migrations.newest() | migrations.earlier()
    assert applied == Counter(f"Applied {revision}" for revision in everything), lines
    async with Database.connect(url) as database:
        found, newest = await migrations.revisions(database)
    assert found == newest


async def test_two_migrations_at_once_run_each_revision_once(bare_database_url: str) -> None:
    """A deployment of two instances may begin with both of them."""
    await check_each_ran_once(bare_database_url, 2)


@pytest.mark.slow
async def test_ten_migrations_at_once_run_each_revision_once(bare_database_url: str) -> None:
    """And one of ten with ten."""
    await check_each_ran_once(bare_database_url, 10)


async def test_whoever_waits_says_so_and_goes_on_afterwards(bare_database_url: str) -> None:
    """An operator who sees nothing move wants to know why."""
    said: list[str] = []

    async with Database.connect(bare_database_url) as database, asyncio.timeout(20):
        async with only_migration(database, said.append):
            upgrade = asyncio.to_thread(migrations.upgrade, bare_database_url, said.append)
            waiting = asyncio.create_task(upgrade)
            while not said:  # noqa: ASYNC110 (it is said by a thread)
                await asyncio.sleep(0.01)
        await waiting

    assert said[0] == WAITING
    assert all(line.startswith("Applied") for line in said[1:]) and len(said) > 1


async def test_a_migration_that_is_killed_leaves_no_lock(bare_database_url: str) -> None:
    """Nobody has to find out how to take it away at three in the morning."""
    holder = await begin(bare_database_url, "-c", HOLD, bare_database_url)
    assert holder.stdout is not None
    said = await holder.stdout.readline()

    holder.kill()
    await holder.wait()

    assert said == b"locked\n"
    assert any(line.startswith("Applied") for line in await migrate_at_once(bare_database_url, 1))
