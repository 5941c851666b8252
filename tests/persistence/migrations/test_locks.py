"""Several migrations of one database at a time."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import text

from persistence import Database, migrations
from persistence.migrations.locks import SessionNotKept, file_of, locked
from tests.persistence.migrations.additions import a_process, add_revision, until_said

SECONDS = 180  # of a machine that does other things too
HOLDS = """
op.create_table("held", sa.Column("id", sa.Integer()))
print("holding", flush=True)
time.sleep(300)
"""


@pytest.mark.parametrize("count", [2, pytest.param(10, marks=pytest.mark.slow)])
async def test_each_revision_runs_once_however_many_begin(
    bare_database_url: str, tmp_path: Path, count: int
) -> None:
    """As when all instances of a deploy migrate first: on a new database all of them end well."""
    async with asyncio.timeout(SECONDS), AsyncExitStack() as stack:
        begun = [
            await stack.enter_async_context(a_process(bare_database_url, tmp_path))
            for _ in range(count)
        ]
        outputs = [(await process.communicate())[0].decode() for process in begun]

    assert [process.returncode for process in begun] == [0] * count, outputs
    lines = Counter(line for output in outputs for line in output.splitlines())
    applied = [line for line in lines.elements() if line.startswith("Applied")]
    async with Database.connect(bare_database_url) as database:
        assert (await migrations.standing(database)).is_newest
    assert len(applied) == len(migrations.earlier()) + 1


async def test_a_lock_ends_with_the_process_that_has_it(
    bare_database_url: str, tmp_path: Path
) -> None:
    """Killed halfway, it leaves nothing behind that has to be cleared away by hand."""
    add_revision(tmp_path, "holds", HOLDS)

    async with asyncio.timeout(SECONDS), a_process(bare_database_url, tmp_path) as first:
        await until_said(first, "holding")
        (tmp_path / "holds.py").unlink()
        add_revision(tmp_path, "holds", HOLDS.partition("print")[0])
        async with a_process(bare_database_url, tmp_path) as second:
            assert second.stdout is not None
            waiting = await second.stdout.readline()
            first.kill()
            await first.wait()
            output, _ = await second.communicate()

    assert waiting.startswith(b"Another migration of this database is running")
    if bare_database_url.startswith("mysql"):  # which keeps the half of a revision
        assert b"already exists" in output
        assert b"an attempt before may have left some" in output
    else:
        assert second.returncode == 0, output
        assert b"Applied holds" in output


@pytest.mark.backends("postgresql")
async def test_one_session_under_two_connections_is_refused(
    bare_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock would not last; what is refused has not locked anything."""
    monkeypatch.setattr("persistence.migrations.locks.BACKEND", text("SELECT 1"))

    async with Database.connect(bare_database_url) as database:
        with pytest.raises(SessionNotKept, match="MIGRATION_DATABASE_URL"):
            async with locked(database, print):
                pass
        async with database.reading() as connection:
            held = await connection.scalar(
                text(
                    "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
                    " WHERE locktype = 'advisory' AND datname = current_database()"
                )
            )

    assert held == 0


@pytest.mark.parametrize("name", ["{file}", "file:{file}?uri=true", "{link}"])
async def test_a_file_is_one_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    """By its path, a URI or a link: they would lock different files else."""
    file, link = tmp_path / "one.db", tmp_path / "other.db"
    file.touch()
    link.symlink_to(file)
    url = f"sqlite+aiosqlite:///{name.format(file=file, link=link)}"

    async with Database.connect(url) as database:
        found = file_of(database)

    assert found == str(file)


async def test_a_database_in_memory_has_nobody_to_wait_for() -> None:
    """It is the process's own."""
    async with (
        Database.connect("sqlite+aiosqlite://") as database,
        locked(database, print) as connection,
    ):
        assert await connection.scalar(text("SELECT 1")) == 1
