"""Revisions that break off, databases that are ahead, and what is told of them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from alembic import command
from alembic.util import CommandError
from sqlalchemy import text

from persistence import Database, migrations
from persistence.migrations import Limits
from persistence.migrations.progress import KEPT
from tests.persistence.migrations.additions import add_revision, with_additions
from tests.persistence.migrations.test_revisions import tables

AFTERWARDS = KEPT.splitlines()[2].replace("{of}", "")
BREAKS_OFF = """
op.create_table("first", sa.Column("id", sa.Integer()))
op.execute("INSERT INTO first (id) VALUES (1)")
op.create_table("second", sa.Column("id", sa.Integer()))
op.execute("INSERT INTO first (id) VALUES (2)")
op.execute("INSERT INTO nowhere (id) VALUES (1)")
op.create_table("third", sa.Column("id", sa.Integer()))
"""


async def failure(url: str, directory: Path, **attributes: object) -> tuple[str, list[str]]:
    """What is said of an upgrade that fails, and of what went well before."""
    reported: list[str] = []
    config = with_additions(url, directory, reported)
    config.attributes.update(attributes)
    with pytest.raises(CommandError) as raised:
        await asyncio.to_thread(command.upgrade, config, "head")
    return str(raised.value), reported


async def test_a_revision_that_breaks_off_leaves_nothing_or_says_what(
    bare_database_url: str, tmp_path: Path
) -> None:
    """A change of tables ends the transaction on MySQL, and what comes after it is in none."""
    add_revision(tmp_path, "half", BREAKS_OFF)

    said, reported = await failure(bare_database_url, tmp_path)

    left = await tables(bare_database_url) & {"first", "second", "third"}
    async with Database.connect(bare_database_url) as database:
        assert (await migrations.standing(database)).is_newest  # but for the addition
    assert len(reported) == len(migrations.earlier()) + 1
    assert said.startswith("half: half: ")
    assert "That was: INSERT INTO nowhere (id) VALUES (1)\n" in said
    if bare_database_url.startswith("mysql"):
        assert left == {"first", "second"}
        assert said.partition("rolled back:\n")[2].splitlines()[:4] == [
            "  CREATE TABLE first ( id INTEGER );",
            "  INSERT INTO first (id) VALUES (1);",
            "  CREATE TABLE second ( id INTEGER );",
            "  INSERT INTO first (id) VALUES (2);",
        ]
        assert said.endswith("and then run: alembic stamp half")
        async with Database.connect(bare_database_url) as database, database.reading() as reading:
            assert (await reading.scalars(text("SELECT id FROM first"))).all() == [1, 2]
    else:
        assert left == set()
        assert said.endswith("\nNothing of this revision was kept.")


@pytest.mark.backends("mysql", "mariadb")
async def test_a_change_of_tables_that_fails_keeps_what_came_before(
    bare_database_url: str, tmp_path: Path
) -> None:
    """It commits before it begins, so that the row is there as well."""
    rows = 'op.execute("INSERT INTO first (id) VALUES (1)")'
    fails = 'op.create_table("tags", sa.Column("id", sa.Integer()))'
    creates = 'op.create_table("first", sa.Column("id", sa.Integer()))'
    add_revision(tmp_path, "half", f"{creates}\n{rows}\n{fails}")

    said, _ = await failure(bare_database_url, tmp_path)

    assert "  INSERT INTO first (id) VALUES (1);\n" in said
    async with Database.connect(bare_database_url) as database, database.reading() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM first")) == 1


@pytest.mark.backends("postgresql")
async def test_what_came_before_an_autocommit_block_is_told(
    bare_database_url: str, tmp_path: Path
) -> None:
    """An index is built concurrently in no transaction, which ends the one there was."""
    add_revision(
        tmp_path,
        "half",
        """
op.create_table("first", sa.Column("id", sa.Integer()))
with op.get_context().autocommit_block():
    op.create_index("ix_first", "first", ["id"], postgresql_concurrently=True)
op.execute("INSERT INTO first (id) VALUES (1)")
op.execute("INSERT INTO nowhere (id) VALUES (1)")
""",
    )

    said, _ = await failure(bare_database_url, tmp_path)

    assert said.partition("rolled back:\n")[2].splitlines()[:3] == [
        "  CREATE TABLE first ( id INTEGER );",
        "  CREATE INDEX CONCURRENTLY ix_first ON first (id);",
        AFTERWARDS,
    ]


async def test_a_bug_of_a_script_is_told_with_its_place(
    bare_database_url: str, tmp_path: Path
) -> None:
    """There is no traceback on an operator's screen, so the line has to be named."""
    add_revision(tmp_path, "buggy", '{}["missing"]')

    said, _ = await failure(bare_database_url, tmp_path)

    assert said.startswith("buggy: buggy: KeyError: 'missing' (buggy.py, line 13)")


@pytest.mark.backends("postgresql", "mysql", "mariadb")
async def test_a_table_that_others_hold_is_not_waited_for_long(
    bare_database_url: str, tmp_path: Path
) -> None:
    """Whoever wants to read it has to wait behind the migration meanwhile."""
    await asyncio.to_thread(migrations.upgrade, bare_database_url, print)
    add_revision(tmp_path, "locks", 'op.add_column("tags", sa.Column("more", sa.Integer()))')

    async with (
        Database.connect(bare_database_url) as database,
        database.writing() as connection,
        asyncio.timeout(20),
    ):
        await connection.execute(text("SELECT * FROM tags"))
        said, _ = await failure(bare_database_url, tmp_path, limits=Limits(lock_seconds=1))

    assert "Others hold a lock that it needs" in said


@pytest.mark.backends("postgresql", "mariadb")
async def test_a_statement_that_takes_too_long_is_stopped(
    bare_database_url: str, tmp_path: Path
) -> None:
    """One that was never tried on as many rows as there are; MySQL limits what only reads."""
    is_postgresql = bare_database_url.startswith("postgresql")
    sleep = "pg_sleep(20)" if is_postgresql else "SLEEP(20)"
    add_revision(tmp_path, "sleeps", f'op.execute("CREATE TABLE slow AS SELECT {sleep} AS slept")')

    async with asyncio.timeout(15):
        said, _ = await failure(bare_database_url, tmp_path, limits=Limits(statement_seconds=1))

    assert "That was: CREATE TABLE slow" in said


async def test_a_database_that_is_ahead_is_left_alone(
    bare_database_url: str, tmp_path: Path
) -> None:
    """An old release is started by mistake: it says so, and status and check do too."""
    add_revision(tmp_path, "later", 'op.create_table("later", sa.Column("id", sa.Integer()))')
    config = with_additions(bare_database_url, tmp_path, [])
    await asyncio.to_thread(command.upgrade, config, "head")

    with pytest.raises(migrations.MigrationFailed, match="at later, which is no revision of this"):
        await asyncio.to_thread(migrations.upgrade, bare_database_url, print)

    async with Database.connect(bare_database_url) as database:
        standing = await migrations.standing(database)
        assert (standing.unknown, standing.pending, standing.is_newest) == ({"later"}, [], False)
        assert standing.current == ["later, which is no revision of this code"]
        assert any("later" in each for each in await migrations.complaints(database))


@pytest.mark.backends("mysql", "mariadb")
async def test_comments_temporary_tables_and_blocks_do_not_mislead(
    bare_database_url: str, tmp_path: Path
) -> None:
    """What is listed is what is there, however the statements are written."""
    add_revision(
        tmp_path,
        "half",
        """
op.execute("INSERT INTO tags (name, created_at) VALUES ('one', now())")
op.execute("CREATE TEMPORARY TABLE passing (id INTEGER)")
op.execute("INSERT INTO nowhere (id) VALUES (1)")
""",
    )
    rolled_back, _ = await failure(bare_database_url, tmp_path)
    (tmp_path / "half.py").unlink()
    add_revision(
        tmp_path,
        "other",
        """
op.execute("-- why\\nCREATE TABLE first (id INTEGER)")
with op.get_context().autocommit_block():
    op.execute("INSERT INTO first (id) VALUES (1)")
op.execute("INSERT INTO first (id) VALUES (2)")
op.execute("INSERT INTO nowhere (id) VALUES (1)")
""",
    )
    kept, _ = await failure(bare_database_url, tmp_path)

    async with Database.connect(bare_database_url) as database, database.reading() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM tags")) == 0
        assert (await connection.scalars(text("SELECT id FROM first"))).all() == [1]
    assert "rolled back" not in rolled_back
    assert kept.partition("rolled back:\n")[2].splitlines()[:3] == [
        "  -- why CREATE TABLE first (id INTEGER);",
        "  INSERT INTO first (id) VALUES (1);",
        AFTERWARDS,
    ]


@pytest.mark.backends("postgresql")
@pytest.mark.parametrize(
    "index",
    [
        'op.create_index("ix_tags_id", "tags", ["id"], postgresql_concurrently=True)',
        'op.execute("-- Why.\\nCREATE INDEX\\nCONCURRENTLY ix_tags_id ON tags (id)")',
    ],
)
async def test_an_index_is_built_concurrently_however_long_others_take(
    bare_database_url: str, tmp_path: Path, index: str
) -> None:
    """It waits for their transactions, and nobody waits behind it: no limit for locks ends that."""
    await asyncio.to_thread(migrations.upgrade, bare_database_url, print)
    add_revision(tmp_path, "index", f"with op.get_context().autocommit_block():\n    {index}")
    config = with_additions(bare_database_url, tmp_path, [])
    config.attributes["limits"] = Limits(lock_seconds=0.5)

    async with Database.connect(bare_database_url) as database, asyncio.timeout(60):
        async with database.writing() as connection:
            await connection.execute(text("LOCK TABLE tags IN ROW EXCLUSIVE MODE"))
            upgrade = asyncio.create_task(asyncio.to_thread(command.upgrade, config, "head"))
            waiting = text(
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                " AND state = 'active' AND query LIKE '%CONCURRENTLY ix_tags_id%'"
                " AND pid <> pg_backend_pid()"
            )
            async with database.reading() as looking:
                while await looking.scalar(waiting) is None:  # noqa: ASYNC110 (it tells nobody)
                    await asyncio.sleep(0.05)
            await asyncio.sleep(1)  # for longer than one that is in the way waits for a lock
        await upgrade
        async with database.reading() as connection:
            valid = text(
                "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_tags_id'::regclass"
            )
            assert await connection.scalar(valid) is True


async def test_what_is_reported_too_late_is_no_failure_of_the_revision(
    bare_database_url: str, tmp_path: Path
) -> None:
    """A pipe may be closed, or a disk full, when it is committed already."""
    config = with_additions(bare_database_url, tmp_path, [])

    def report(line: str) -> None:
        raise OSError("there is nobody to tell")

    config.attributes["report"] = report
    with pytest.raises(CommandError, match=r"^there is nobody to tell$"):
        await asyncio.to_thread(command.upgrade, config, "head")

    async with Database.connect(bare_database_url) as database:
        assert (await migrations.standing(database)).current
