"""A migration that is told to end, by Ctrl-C or as a container is."""

from __future__ import annotations

import asyncio
from pathlib import Path
from signal import SIGINT, SIGTERM, Signals

import pytest
from sqlalchemy import inspect

from persistence import Database
from tests.persistence.migrations.additions import a_process, add_revision

SECONDS = 60
INTERRUPTED = 130  # as a shell says it of Ctrl-C
STATEMENTS = {
    "sqlite": (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    ),
    "postgresql": "SELECT pg_sleep(300)",
    "mysql": "DO sleep(300)",
}
LASTS = """
op.create_table("halved", sa.Column("id", sa.Integer()))
print("begun", flush=True)
op.execute({statement!r})
"""
UNDONE = """lasts: lasts: it was interrupted
That was: {statement}
Nothing of this revision was kept.
"""
KEPT = """lasts: lasts: it was interrupted
That was: {statement}
The server may still be at it: SHOW PROCESSLIST tells, and KILL ends it.
These of its statements took effect, and can't be rolled back:
  CREATE TABLE halved ( id INTEGER );
"""


@pytest.mark.parametrize("how", [SIGINT, SIGTERM])
async def test_a_migration_that_is_told_to_end_says_what_there_is(
    bare_database_url: str, tmp_path: Path, how: Signals
) -> None:
    """At once, in the middle of a statement that would last."""
    kind = bare_database_url.partition("+")[0]
    statement = STATEMENTS[kind]
    add_revision(tmp_path, "lasts", LASTS.format(statement=statement))

    async with asyncio.timeout(SECONDS):
        process = await a_process(bare_database_url, tmp_path)
        assert process.stdout is not None
        await process.stdout.readuntil(b"begun\n")
        await asyncio.sleep(0.2)  # so that the statement has begun as well
        process.send_signal(how)
        output = (await process.communicate())[0].decode()

    async with Database.connect(bare_database_url) as database, database.reading() as connection:
        tables = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    assert process.returncode == INTERRUPTED
    assert output.startswith((KEPT if kind == "mysql" else UNDONE).format(statement=statement))
    assert ("halved" in tables) == (kind == "mysql")
