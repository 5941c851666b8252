"""A migration that is told to end, by Ctrl-C or as a container is."""

from __future__ import annotations

import asyncio
from pathlib import Path
from signal import SIGINT, SIGTERM, Signals

import pytest
from sqlalchemy import inspect

from persistence import Database
from tests.persistence.migrations.additions import a_process, add_revision, until_said
from tests.servers import PostgreSQL

SECONDS = 60
INTERRUPTED = 130  # as a shell says it of Ctrl-C
STATEMENTS = {
    "sqlite": (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    ),
    "postgresql": "SELECT pg_sleep(300)",
    "mysql": "DO sleep(300)",
}
COMMITTING = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
LASTS = """
op.create_table("halved", sa.Column("id", sa.Integer()))
print("begun", flush=True)
op.execute({statement!r})
"""
ALONE = """
with op.get_context().autocommit_block():
    print("begun", flush=True)
    op.execute("SELECT pg_sleep(300)")
"""
UNDONE = """lasts: lasts: it was interrupted
That was: {statement}
Nothing of this revision was kept.
"""
KEPT = """lasts: lasts: it was interrupted
That was: {statement}
It may take effect all the same: SHOW PROCESSLIST tells if the server is still at it.
These of its statements took effect, and can't be rolled back:
  CREATE TABLE halved ( id INTEGER );
"""


async def interrupted(url: str, directory: Path, how: Signals) -> tuple[int | None, str]:
    """Have a migration end when it says that it has begun; its exit code, and what it says."""
    async with asyncio.timeout(SECONDS), a_process(url, directory) as process:
        await until_said(process, "begun")
        process.send_signal(how)
        output, _ = await process.communicate()
    return process.returncode, output.decode()


@pytest.mark.parametrize("how", [pytest.param(SIGINT, marks=pytest.mark.slow), SIGTERM])
async def test_a_migration_that_is_told_to_end_says_what_there_is(
    bare_database_url: str, tmp_path: Path, how: Signals
) -> None:
    """At once, in the middle of a statement that would last."""
    kind = bare_database_url.partition("+")[0]
    statement = STATEMENTS[kind]
    add_revision(tmp_path, "lasts", LASTS.format(statement=statement))

    code, output = await interrupted(bare_database_url, tmp_path, how)

    async with Database.connect(bare_database_url) as database, database.reading() as connection:
        tables = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    assert code == INTERRUPTED
    assert output.startswith((KEPT if kind == "mysql" else UNDONE).format(statement=statement))
    assert ("halved" in tables) == (kind == "mysql")


@pytest.mark.backends("postgresql")
async def test_a_commit_that_was_heard_of_is_no_question(
    bare_database_url: str, tmp_path: Path
) -> None:
    """Such as the one before an index is built concurrently."""
    add_revision(tmp_path, "alone", ALONE)

    _, output = await interrupted(bare_database_url, tmp_path, SIGTERM)

    assert "It ran in no transaction, and may have left something" in output
    assert "not known" not in output


@pytest.mark.slow
async def test_nobody_knows_what_became_of_a_commit_that_was_interrupted(tmp_path: Path) -> None:
    """Here it waits for a replica that has gone, and is there all the same."""
    async with PostgreSQL() as server:
        await server.sql(
            "ALTER SYSTEM SET synchronous_standby_names = 'gone'", "SELECT pg_reload_conf()"
        )
        async with asyncio.timeout(SECONDS), a_process(server.url, tmp_path) as process:
            while not await server.sql(COMMITTING):  # noqa: ASYNC110 (it tells nobody)
                await asyncio.sleep(0.05)
            process.send_signal(SIGTERM)
            output = (await process.communicate())[0].decode()

    assert process.returncode == INTERRUPTED
    assert "Whether it was kept is not known: python -m server status tells." in output
