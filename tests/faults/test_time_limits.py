"""Statements that run too long, and locks that are held too long."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from persistence import Database, Pooler
from tests.databases import Backend
from tests.faults.service import Service, served
from tests.persistence.connections import checked_out

LIMIT_SECONDS = 1.0
LATE_SECONDS = LIMIT_SECONDS + 1 + 1  # a write on MySQL is cut by us, a second later
CODES = (200, "TIMEOUT")
ENDLESS = "SELECT count(*) FROM information_schema.columns a, information_schema.columns b, "
SLOW_READS = {
    "postgresql": "SELECT pg_sleep(20)",
    "mysql": f"{ENDLESS} information_schema.columns c, information_schema.columns d",
    "mariadb": "SELECT sleep(20)",
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
    "SELECT count(*) FROM n WHERE i < 0",
}
SLOW_WRITES = {**SLOW_READS, "mysql": "DO sleep(4)"}
LOCKS = {
    "postgresql": ["BEGIN", "SELECT id FROM posts FOR UPDATE"],
    "mysql": ["BEGIN", "SELECT id FROM posts FOR UPDATE"],
    "mariadb": ["BEGIN", "SELECT id FROM posts FOR UPDATE"],
    "sqlite": ["BEGIN IMMEDIATE"],
}


@pytest.fixture
async def hasty(database: Database, database_url: str) -> AsyncGenerator[Service]:
    """A server whose statements may take a second."""
    async with served(database_url, db_statement_timeout_seconds=LIMIT_SECONDS) as service:
        yield service


@contextmanager
def slowed_down(service: Service, part: str, instead: str) -> Generator[None]:
    """Have the database take long over statements that have a part."""

    def replace(
        conn: Any, cursor: Any, statement: str, parameters: Any, *rest: Any
    ) -> tuple[str, Any]:
        return (instead, ()) if part in statement else (statement, parameters)

    engine = service.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", replace, retval=True)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", replace)


async def test_a_read_that_takes_too_long_is_stopped_and_said_to_be(
    hasty: Service, backend: Backend
) -> None:
    """By the database itself, so that it does not go on for nobody; the connection stays good."""
    assert (await hasty.read()).is_good
    threads = threading.active_count()

    with slowed_down(hasty, "posts", SLOW_READS[backend.id]):
        answers = await asyncio.gather(*(hasty.read() for _ in range(5)))

    assert [(each.status, *each.codes) for each in answers] == [CODES] * 5
    assert max(each.seconds for each in answers) < LATE_SECONDS
    assert (await hasty.read()).is_good
    assert checked_out(hasty.database) == 0
    assert threading.active_count() <= threads + 5  # a connection's, on SQLite


async def test_a_transaction_with_a_statement_that_takes_too_long_is_undone(
    hasty: Service, backend: Backend
) -> None:
    """It is not run anew, for it would take as long again."""
    with slowed_down(hasty, "INSERT INTO comments", SLOW_WRITES[backend.id]):
        answer = await hasty.write("too slow")

    assert (answer.status, *answer.codes) == CODES
    assert not answer.may_be_saved
    assert answer.seconds < LATE_SECONDS
    assert (await hasty.write("quick")).is_good
    assert await hasty.written() == {"quick": 1}
    assert checked_out(hasty.database) == 0


async def test_what_fails_after_the_commit_says_that_something_was_saved(
    hasty: Service, backend: Backend
) -> None:
    """The payload is lost with the error: who only sees that would write it a second time."""
    with slowed_down(hasty, "FROM users", SLOW_READS[backend.id]):
        answer = await hasty.write("saved")

    assert (answer.status, *answer.codes) == CODES
    assert answer.may_be_saved
    assert await hasty.written() == {"saved": 1}


@pytest.fixture
async def limited(database: Database, database_url: str) -> AsyncGenerator[Service]:
    """A server whose operations may take a second, and their statements much longer."""
    async with served(
        database_url, operation_timeout_seconds=LIMIT_SECONDS, db_statement_timeout_seconds=30
    ) as service:
        yield service


async def test_a_query_whose_time_is_over_is_stopped_as_a_whole(
    limited: Service, backend: Backend
) -> None:
    """Its connection is given back, or a few slow queries would stop all others."""
    assert (await limited.read()).is_good

    with slowed_down(limited, "posts", SLOW_READS[backend.id]):
        answer = await limited.read()
        lent = checked_out(limited.database)

    assert (answer.status, *answer.codes) == (504, "TIMEOUT")
    assert not answer.may_be_saved
    assert answer.seconds < LATE_SECONDS
    assert lent == 0
    assert (await limited.read()).is_good


@pytest.mark.backends("postgresql", "mysql", "mariadb")
async def test_a_mutation_whose_time_is_over_is_undone_or_said_to_be_in_doubt(
    limited: Service, backend: Backend
) -> None:
    """Its COMMIT may have been sent by then: who reads `mayBeSaved` looks before writing again.

    SQLite's writes run to their end in a thread.
    """
    with slowed_down(limited, "INSERT INTO comments", SLOW_WRITES[backend.id]):
        answer = await limited.write("too slow")
        lent = checked_out(limited.database)

    assert (answer.status, *answer.codes) == (504, "TIMEOUT")
    assert answer.may_be_saved
    assert lent == 0
    assert (await limited.write("quick")).is_good
    assert await limited.written() == {"quick": 1}


@pytest.mark.backends("postgresql")
async def test_a_read_that_is_stopped_within_a_transaction_does_not_spoil_the_next(
    database: Database, database_url: str
) -> None:
    """Before a pooler each read is one, and PostgreSQL does nothing more in one that failed."""
    options: dict[str, Any] = {
        "db_statement_timeout_seconds": LIMIT_SECONDS,
        "db_pooler": Pooler.TRANSACTION,
    }
    async with served(database_url, **options) as service:
        with slowed_down(service, "FROM tags", SLOW_READS["postgresql"]):
            answer = await service.ask("{ tags { totalCount } posts { totalCount } }")

        assert [error["path"] for error in answer.errors] == [["tags", "totalCount"]]
        assert answer.codes == {"TIMEOUT"}
        assert checked_out(service.database) == 0


@pytest.mark.backends("sqlite")
async def test_sqlite_stops_what_is_too_slow_and_keeps_the_connection(hasty: Service) -> None:
    """A thread that went on would hold the file, and keep the process from ending."""
    assert (await hasty.read()).is_good
    threads = threading.active_count()

    for _ in range(3):
        with slowed_down(hasty, "posts", SLOW_READS["sqlite"]):
            assert (await hasty.read()).codes == {"TIMEOUT"}
        assert (await hasty.read()).is_good

    assert threading.active_count() == threads


@pytest.mark.slow
async def test_who_waits_for_a_lock_is_told_to_try_again(
    database: Database, database_url: str, backend: Backend
) -> None:
    """After four attempts of a second: nobody hangs because somebody forgot to commit."""
    holder = create_async_engine(database_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    async with served(
        database_url, db_statement_timeout_seconds=2, operation_timeout_seconds=60
    ) as service:
        async with holder.connect() as connection:
            for statement in LOCKS[backend.id]:
                await connection.exec_driver_sql(statement)
            writes = [service.write(f"{n}") for n in range(3)]
            refused, read = await asyncio.gather(asyncio.gather(*writes), service.read())
            await connection.exec_driver_sql("ROLLBACK")

        assert read.is_good and read.seconds < 2
        assert {(each.status, *each.codes) for each in refused} == {(503, "SERVICE_UNAVAILABLE")}
        assert max(each.seconds for each in refused) < 3 * (4 * 1 + 2)  # SQLite's, in turns
        assert (await service.write("free")).is_good
        assert await service.written() == {"free": 1}
