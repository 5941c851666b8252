"""Where a transaction begins and ends, and what of it is kept when something breaks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.exc import DBAPIError

import domain
from persistence import Database
from persistence.database import SqlUnitOfWork
from tests.factories import NOON, Given, signed_in
from tests.persistence.connections import checked_out

EVERYONE = domain.UserFilter()
ADA = domain.NewUser(username="ada", email="ada@example.com", display_name="Ada", created_at=NOON)


def break_sqlite(connection: Connection) -> None:
    """Owe a foreign key, which a COMMIT may be refused for."""
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    connection.exec_driver_sql("INSERT INTO post_tags VALUES (-1, -1, -1, 'DRAFT', '')")


def break_postgresql(connection: Connection) -> None:
    """Owe a foreign key, among tables that go with the transaction."""
    connection.exec_driver_sql("CREATE TEMPORARY TABLE parents (id int PRIMARY KEY)")
    connection.exec_driver_sql(
        "CREATE TEMPORARY TABLE children (id int REFERENCES parents INITIALLY DEFERRED)"
    )
    connection.exec_driver_sql("INSERT INTO children VALUES (1)")


def break_mysql(connection: Connection) -> None:
    """Lose the connection: nothing else fails as late as that."""
    own = connection.exec_driver_sql("SELECT connection_id()").scalar_one()
    with connection.engine.connect() as other:
        other.exec_driver_sql(f"KILL {own}")


BREAK = {"sqlite": break_sqlite, "postgresql": break_postgresql, "mysql": break_mysql}
BROKEN = {"sqlite": DBAPIError, "postgresql": DBAPIError, "mysql": domain.OutcomeUnknown}


@contextmanager
def before_commit(database: Database, act: Callable[[Connection], object]) -> Generator[None]:
    """Do something when a COMMIT is about to be sent."""

    def look(connection: Connection, cursor: Any, statement: str, *rest: Any) -> None:
        if statement == "COMMIT":
            act(connection)

    event.listen(database.engine.sync_engine, "before_cursor_execute", look)
    try:
        yield
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", look)


async def test_a_commit_that_was_begun_is_finished(database: Database) -> None:
    """A cancellation that comes meanwhile cannot tell any more what it would take back."""
    committing = asyncio.Event()
    closed: list[object] = []
    event.listen(
        database.engine.sync_engine, "close", lambda connection, record: closed.append(record)
    )

    async def sign_up() -> None:
        async with database.unit_of_work() as work:
            await work.transaction(lambda: work.users.create(ADA))

    with before_commit(database, lambda _: committing.set()):
        request = asyncio.create_task(sign_up())
        await committing.wait()
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request

    async with database.unit_of_work() as work:
        assert await work.users.count(EVERYONE) == 1
    assert checked_out(database) == 0
    assert closed == []


async def test_a_failed_transaction_does_not_wait_for_reads_that_nobody_awaits(
    database: Database, given: Given
) -> None:
    """Its locks are everybody's wait: what still queues behind it is dropped."""
    ada = await given.a_user()
    reads: list[asyncio.Task[domain.User]] = []

    async with database.unit_of_work() as work:

        async def write() -> None:
            await work.users.create(ADA)
            reads.extend(asyncio.ensure_future(work.users.get(ada.id)) for _ in range(20))
            await asyncio.wait(reads, return_when=asyncio.FIRST_COMPLETED)
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await work.transaction(write)

        assert reads[-1].cancelled()
        assert await work.users.count(EVERYONE) == 1


async def test_a_write_that_missed_its_transaction_is_refused(
    database: Database, given: Given
) -> None:
    """It would be kept at once and alone, whatever it was to be kept with."""
    await given.a_user()
    late: list[asyncio.Task[domain.User]] = []

    async with database.unit_of_work() as work:

        def write_more(connection: Connection) -> None:
            late.append(asyncio.ensure_future(work.users.create(ADA)))

        with before_commit(database, write_more):
            await work.transaction(lambda: work.users.count(EVERYONE))
        with pytest.raises(RuntimeError, match="Writing needs a transaction"):
            await late[0]

        assert await work.users.count(EVERYONE) == 1
    assert checked_out(database) == 0


@pytest.mark.backends("postgresql", "mysql", "mariadb")  # on SQLite they take turns
async def test_of_two_transactions_at_once_one_is_refused(database: Database) -> None:
    """They would share a connection, and each commit what the other has half written."""
    async with database.unit_of_work() as work:
        ends = await asyncio.gather(
            *(work.transaction(lambda: work.users.create(ADA)) for _ in range(2)),
            return_exceptions=True,
        )

        assert sorted(type(end).__name__ for end in ends) == ["RuntimeError", "User"]
        assert await work.users.count(EVERYONE) == 1
    assert checked_out(database) == 0


async def test_a_connection_is_given_back_for_the_time_of_other_work(
    database: Database, work: SqlUnitOfWork
) -> None:
    """Hashing a password takes longer than any statement; others need the connection."""
    await work.users.count(EVERYONE)
    lent = checked_out(database)

    await work.release()

    assert (lent, checked_out(database)) == (1, 0)
    assert await work.users.count(EVERYONE) == 0


async def test_a_read_after_the_commit_is_not_from_before(
    database: Database, work: SqlUnitOfWork, given: Given
) -> None:
    """Another request's change is seen, though this session has had the post in its hands."""
    ada = await given.a_user()
    post = await given.a_post(by=ada)

    async def edit(work: SqlUnitOfWork, body: str) -> domain.Post:
        current = await work.posts.get_for_update(post.id)
        return await work.posts.update(current.edit(body=body, at=NOON))

    mine = await work.transaction(lambda: edit(work, "Mine."))
    async with database.unit_of_work(signed_in(ada)) as other:
        theirs = await other.transaction(lambda: edit(other, "Theirs."))

    assert (mine.version, theirs.version) == (2, 3)
    assert await work.posts.get(post.id) == theirs


async def test_a_commit_that_fails_keeps_nothing(
    database: Database, work: SqlUnitOfWork, given: Given
) -> None:
    """The error comes out of the transaction, as any other; the next one starts afresh."""
    await given.a_user()
    break_commit = BREAK[database.engine.dialect.name]

    with (
        before_commit(database, break_commit),
        pytest.raises(BROKEN[database.engine.dialect.name]),
    ):
        await work.transaction(lambda: work.users.create(ADA))

    assert await work.users.count(EVERYONE) == 1
    await work.transaction(lambda: work.users.create(ADA))
    assert await work.users.count(EVERYONE) == 2
