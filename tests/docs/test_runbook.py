"""The troubles of the runbook, made on purpose, look as it says, and its cures cure them."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import pytest
from asyncpg.exceptions import QueryCanceledError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from persistence.migrations import locks
from tests.docs.checkout import Checkout
from tests.docs.pages import ROOT, section
from tests.docs.stores import MYSQL, a_session, fill
from tests.faults.instances import an_instance
from tests.faults.service import READ, served
from tests.server.processes import connected, deployed
from tests.servers import MariaDB, MySQL, PostgreSQL
from tests.servers.database import DatabaseServer

pytestmark = pytest.mark.slow  # servers are started for each

PAGE = "docs/runbook.md"
SECTIONS = {
    (PAGE, heading)
    for heading in (
        "First look",
        "The database is down",
        "PostgreSQL is slow",
        "MySQL and MariaDB are slow",
        "The pool is empty",
        "The database takes no more",
        "PostgreSQL",
        "MySQL and MariaDB",
        "The disk fills up",
    )
}
MYSQL_FAMILY = pytest.mark.parametrize("kind", [MariaDB, MYSQL])
REPORT = (  # which takes for ever, on MySQL too, that counts without looking if it can
    "SELECT count(*) FROM comments a, comments b, comments c, comments d, comments e"
    " WHERE a.id + b.id + c.id + d.id + e.id = 0"
)
ALONE = "SET max_parallel_workers_per_gather = 0"  # whose activity would be more rows
OPEN_REPORT = ("BEGIN", "SELECT count(*) FROM posts")
ALTER = "ALTER TABLE posts ADD COLUMN subtitle VARCHAR(200)"
PATIENCE_SECONDS = 60
REPORTS_ON_POSTGRESQL = (
    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'report' AND state = 'active'"
)
REPORTS_ON_MYSQL = (
    "SELECT count(*) FROM information_schema.processlist WHERE info LIKE 'SELECT % comments a%'"
    " AND id <> connection_id()"
)
WAITING_ON_POSTGRESQL = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
WAITING_ON_MYSQL = (
    "SELECT count(*) FROM information_schema.processlist WHERE state LIKE 'Waiting for table%'"
)


async def until(server: DatabaseServer, question: str, count: int) -> None:
    """Ask again and again, until the answer is this."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await server.sql(question) != [(count,)]:  # noqa: ASYNC110 (it tells by no event)
            await asyncio.sleep(0.02)


async def test_a_database_that_is_down_looks_as_the_runbook_says(checkout: Checkout) -> None:
    """Nothing has to be restarted but the database."""
    [well] = section(PAGE, "First look")
    down, up_again = section(PAGE, "The database is down")
    async with PostgreSQL() as server:
        await fill(server.url)
        async with deployed(checkout.folder, database_url=server.url) as instance:
            checkout.ports = {5432: server.port, 8000: instance.port}

            await checkout.run(well)
            await server.stop()
            await checkout.run(down)
            await server.start()
            await instance.until("/readyz", 200)
            await checkout.run(up_again)


async def test_a_report_that_slows_postgresql_down_is_found_and_ended(checkout: Checkout) -> None:
    """Without a superuser, as it is the same role's."""
    look, end = section(PAGE, "PostgreSQL is slow")
    async with PostgreSQL() as server:
        await fill(server.url)
        checkout.ports = {5432: server.port}
        async with a_session(server.url, ALONE, name="report") as session:
            connection = (await session.get_raw_connection()).driver_connection
            assert connection
            # In one message: who prepares it first is active in between, but can't be cancelled.
            report = asyncio.create_task(connection.execute(REPORT, timeout=PATIENCE_SECONDS))
            await until(server, REPORTS_ON_POSTGRESQL, 1)

            await checkout.run(look)
            await checkout.run(end)

            with pytest.raises(QueryCanceledError, match="due to user request"):
                await report


@MYSQL_FAMILY
async def test_a_report_that_slows_mysql_down_is_found_and_ended(
    checkout: Checkout, kind: type[MariaDB | MySQL]
) -> None:
    """Likewise."""
    look, end = section(PAGE, "MySQL and MariaDB are slow")
    async with kind() as server:
        await fill(server.url)
        checkout.ports = {3306: server.port}
        async with a_session(server.url) as session:
            report = asyncio.create_task(run(session, REPORT))
            await until(server, REPORTS_ON_MYSQL, 1)

            await checkout.run(look)
            await checkout.run(end)

            with pytest.raises(DBAPIError, match="interrupted"):
                await report


async def test_an_empty_pool_looks_as_the_runbook_says(checkout: Checkout) -> None:
    """Its connections wait for a lock, and whoever comes waits for them."""
    [look] = section(PAGE, "The pool is empty")
    small: dict[str, Any] = {"db_pool_size": 2, "db_max_overflow": 0, "db_pool_timeout_seconds": 1}
    async with PostgreSQL() as server:
        await fill(server.url)
        locked = ("BEGIN", "LOCK TABLE posts")
        async with (
            deployed(checkout.folder, database_url=server.url, **small) as instance,
            a_session(server.url, *locked) as session,
            connected(instance.port) as one,
            connected(instance.port) as other,
        ):
            checkout.ports = {5432: server.port, 8000: instance.port}
            waiting = [asyncio.create_task(each.query(READ)) for each in (one, other)]
            await until(server, WAITING_ON_POSTGRESQL, 2)

            await checkout.run(look)

            await session.execute(text("ROLLBACK"))
            assert [(await each).status for each in waiting] == [200, 200]


@pytest.mark.parametrize("kind", [PostgreSQL, MariaDB, MYSQL])
async def test_a_database_that_takes_no_more_looks_as_the_runbook_says(
    checkout: Checkout, kind: type[PostgreSQL | MariaDB | MySQL]
) -> None:
    """Its superuser still gets in."""
    of_postgresql, of_mysql = section(PAGE, "The database takes no more")
    async with kind("--max-connections=10") as server, AsyncExitStack() as sessions:
        checkout.ports = {5432: server.port, 3306: server.port}
        for _ in range(7 if kind is PostgreSQL else 10):
            await sessions.enter_async_context(a_session(server.url, "SELECT 1", name="inkwell"))

        await checkout.run(of_postgresql if kind is PostgreSQL else of_mysql)


async def test_a_migration_that_hangs_on_postgresql_is_freed(checkout: Checkout) -> None:
    """As soon as the session goes that has left its transaction open."""
    look, end = section(PAGE, "PostgreSQL")
    async with PostgreSQL() as server:
        await fill(server.url)
        checkout.ports = {5432: server.port}
        async with (
            a_session(server.url, *OPEN_REPORT, name="report"),
            a_session(server.url, name="migration") as migration,
            an_instance(server.url) as instance,
        ):
            altered = asyncio.create_task(run(migration, ALTER))
            await until(server, WAITING_ON_POSTGRESQL, 1)
            answer = asyncio.create_task(instance.ask(READ))
            await until(server, WAITING_ON_POSTGRESQL, 2)

            await checkout.run(look)
            await checkout.run(end)

            await altered
            assert (await answer).data


@MYSQL_FAMILY
async def test_a_migration_that_hangs_on_mysql_is_freed(
    checkout: Checkout, kind: type[MariaDB | MySQL]
) -> None:
    """Likewise."""
    look, end = section(PAGE, "MySQL and MariaDB")
    async with kind() as server:
        await fill(server.url)
        checkout.ports = {3306: server.port}
        async with (
            a_session(server.url, *OPEN_REPORT),
            a_session(server.url) as migration,
            an_instance(server.url) as instance,
        ):
            altered = asyncio.create_task(run(migration, ALTER))
            await until(server, WAITING_ON_MYSQL, 1)
            answer = asyncio.create_task(instance.ask(READ))
            await until(server, WAITING_ON_MYSQL, 2)

            await checkout.run(look)
            await checkout.run(end)

            await altered
            assert (await answer).data


async def test_postgresql_tells_what_fills_its_disk(checkout: Checkout) -> None:
    """Its tables, and the changes that it keeps for a replica that has gone."""
    on_postgresql, _, _ = section(PAGE, "The disk fills up")
    async with PostgreSQL() as server:
        await fill(server.url)
        await server.sql("SELECT pg_create_physical_replication_slot('gone', true)", "ANALYZE")
        checkout.ports = {5432: server.port}

        await checkout.run(on_postgresql)


@MYSQL_FAMILY
async def test_mysql_tells_what_fills_its_disk(
    checkout: Checkout, kind: type[MariaDB | MySQL]
) -> None:
    """Its tables."""
    _, on_mysql, _ = section(PAGE, "The disk fills up")
    async with kind() as server:
        await fill(server.url)
        checkout.ports = {3306: server.port}

        await checkout.run(on_mysql)


async def test_the_log_of_an_sqlite_file_is_emptied(checkout: Checkout) -> None:
    """While a server has the file open."""
    _, _, on_sqlite = section(PAGE, "The disk fills up")
    file = checkout.folder / "inkwell.db"
    log = checkout.folder / "inkwell.db-wal"
    async with served(f"sqlite+aiosqlite:///{file}", anew=True):
        before = log.stat().st_size
        await checkout.run(on_sqlite)

        assert before > 0 == log.stat().st_size


@pytest.mark.parametrize("kind", ["postgresql", "mysql"])
def test_the_runbook_asks_for_the_lock_that_migrations_take(kind: str) -> None:
    """Another one would always say that nobody migrates."""
    assert f"`{locks.LOCKS[kind].holder}`" in (ROOT / PAGE).read_text()


async def run(session: AsyncConnection, statement: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        await session.execute(text(statement))
