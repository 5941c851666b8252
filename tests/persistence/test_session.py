"""A request's session: one connection, taken in turns, and given back come what may."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

import domain
from persistence import Database
from persistence.database import SqlUnitOfWork
from tests.conftest import RecordQueries
from tests.factories import NOON, Given

ADA = domain.NewUser.sign_up(username="ada", email="ada@example.com", at=NOON)
EVERYONE = domain.UserFilter()


def checked_out(database: Database) -> int:
    """How many connections are lent at the moment."""
    pool = database.engine.pool
    assert isinstance(pool, QueuePool)
    return pool.checkedout()


@contextmanager
def record(database: Database, name: str) -> Generator[list[object]]:
    """Collect the times that something happens in the engine's pool."""
    times: list[object] = []

    def happens(*args: Any) -> None:
        times.append(args)

    event.listen(database.engine.sync_engine, name, happens)
    try:
        yield times
    finally:
        event.remove(database.engine.sync_engine, name, happens)


async def test_concurrent_reads_take_turns_on_one_connection(
    database: Database, given: Given
) -> None:
    """The fields of a request resolve concurrently; a connection each would empty the pool.

    The pool is emptied first: an unguarded session only fails while it is
    still fetching a connection, which a warm pool hides.
    """
    ada = await given.a_user()
    await database.engine.dispose()

    with record(database, "checkout") as checkouts:
        async with database.unit_of_work() as work:
            found = await asyncio.gather(*(work.users.get(ada.id) for _ in range(20)))

    assert found == [ada] * 20
    assert len(checkouts) == 1
    assert checked_out(database) == 0


async def test_concurrent_writes_take_turns_too(database: Database) -> None:
    """And all are part of the transaction."""
    async with database.unit_of_work() as work:
        async with work.transaction():
            await asyncio.gather(
                *(work.tags.create(domain.NewTag.named(f"tag-{n}", at=NOON)) for n in range(20))
            )
        assert await work.tags.count(None) == 20


async def test_what_reads_nothing_opens_no_connection(database: Database) -> None:
    """A request that is refused, or asks for the schema only, costs the database nothing."""
    await database.engine.dispose()

    with record(database, "checkout") as checkouts:
        async with database.unit_of_work():
            pass

    assert checkouts == []


async def test_writing_needs_a_transaction(
    work: SqlUnitOfWork, given: Given, record_queries: RecordQueries
) -> None:
    """In autocommit a write could not be taken back with the one after it."""
    ada = await given.a_user()

    with record_queries() as queries:
        with pytest.raises(RuntimeError, match="needs a transaction"):
            await work.users.create(ADA)
        with pytest.raises(RuntimeError, match="needs a transaction"):
            await work.users.update(ada)
        with pytest.raises(RuntimeError, match="needs a transaction"):
            await work.users.delete(ada.id)

    assert queries == []


async def test_a_read_sends_one_statement_and_no_transaction(
    database: Database, work: SqlUnitOfWork, record_queries: RecordQueries
) -> None:
    """BEGIN and ROLLBACK would cost two round trips more than the answer."""
    await work.users.count(EVERYONE)

    with record_queries() as queries, record(database, "begin") as begun:
        await work.users.count(EVERYONE)

    assert len(queries) == 1, queries
    assert begun == []


async def test_a_failed_transaction_leaves_nothing_behind(work: SqlUnitOfWork) -> None:
    """The first write goes when the second one fails, whatever was read before."""
    assert await work.users.count(EVERYONE) == 0

    with pytest.raises(domain.AlreadyTaken):
        async with work.transaction():
            await work.users.create(ADA)
            await work.users.create(ADA)

    assert await work.users.count(EVERYONE) == 0


async def test_any_exception_takes_a_transaction_back(work: SqlUnitOfWork) -> None:
    """Also one that the database knows nothing of; the next transaction starts afresh."""
    with pytest.raises(ZeroDivisionError):
        async with work.transaction():
            await work.users.create(ADA)
            raise ZeroDivisionError
    async with work.transaction():
        ada = await work.users.create(ADA)

    assert await work.users.get(ada.id) == ada


async def test_a_transaction_reads_what_it_wrote(database: Database, work: SqlUnitOfWork) -> None:
    """Others do once it is committed; SQLite's readers do not wait for it either."""
    async with database.unit_of_work() as other:
        async with work.transaction():
            ada = await work.users.create(ADA)
            within = await work.users.find(ada.id)
            outside = await other.users.find(ada.id)
        afterwards = await other.users.find(ada.id)

    assert (within, outside, afterwards) == (ada, None, ada)


async def test_a_read_stands_alone(work: SqlUnitOfWork, given: Given) -> None:
    """It sees what others commit between reads, which a transaction could hide."""
    ada = await given.a_user()
    counts, names = [], []

    for n in range(3):
        counts.append(await work.users.count(EVERYONE))
        names.append((await work.users.get(ada.id)).display_name)
        await given.a_user()
        await rename(given, ada, f"Ada {n}")

    assert counts == [1, 2, 3]
    assert names == ["user1", "Ada 0", "Ada 1"]


async def rename(given: Given, user: domain.User, name: str) -> None:
    """Change a user in a request of its own."""
    described = user.describe(display_name=name, bio="", at=NOON + timedelta(days=1))
    async with given.a_transaction() as work:
        await work.users.update(described)


async def test_two_racers_cannot_take_one_name(database: Database) -> None:
    """The unique index decides, whichever request comes first; the other is told so."""
    start = asyncio.Barrier(2)

    async def sign_up(email: str) -> str:
        rival = domain.NewUser.sign_up(username="ada", email=email, at=NOON)
        async with database.unit_of_work() as work:
            await work.users.count(EVERYONE)
            await start.wait()
            try:
                async with work.transaction():
                    return (await work.users.create(rival)).username
            except domain.AlreadyTaken as error:
                return f"not the {error.field}"

    outcomes = await asyncio.gather(sign_up("one@example.com"), sign_up("two@example.com"))

    async with database.unit_of_work() as work:
        assert sorted(outcomes) == ["ada", "not the username"]
        assert await work.users.count(EVERYONE) == 1


async def test_two_racers_cannot_make_one_version(database: Database, given: Given) -> None:
    """Both edit what both have read; one is kept, and the other is told its version."""
    post = await given.a_post(by=await given.a_user())
    start = asyncio.Barrier(2)

    async def edit(body: str) -> str:
        async with database.unit_of_work() as work:
            edited = (await work.posts.get(post.id)).edit(body=body, at=NOON)
            await start.wait()
            try:
                async with work.transaction():
                    await work.posts.update(edited)
            except domain.VersionConflict as error:
                return f"not on version {error.current_version}"
            return body

    outcomes = await asyncio.gather(edit("Mine."), edit("Theirs."))

    async with database.unit_of_work() as work:
        kept = (await work.posts.get(post.id)).body
    assert sorted(outcomes) == sorted([kept, "not on version 2"])


@pytest.mark.parametrize("in_transaction", [False, True], ids=["reading", "writing"])
async def test_a_cancelled_request_gives_its_connection_back(
    database: Database, given: Given, in_transaction: bool
) -> None:
    """In the middle of one statement, with others waiting that nobody awaits any more."""
    ada = await given.a_user()
    sent = asyncio.Event()
    reads: list[asyncio.Task[domain.User]] = []
    complaints = listen_for_complaints()

    async def read_much(work: SqlUnitOfWork) -> None:
        reads.extend(asyncio.ensure_future(work.users.get(ada.id)) for _ in range(20))
        await asyncio.Event().wait()

    async def request() -> None:
        async with database.unit_of_work() as work:
            if not in_transaction:
                await read_much(work)
            async with work.transaction():
                await work.users.create(ADA)
                await read_much(work)

    def notice(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.startswith("SELECT"):
            sent.set()

    event.listen(database.engine.sync_engine, "before_cursor_execute", notice)
    task = asyncio.create_task(request())
    await sent.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert checked_out(database) == 0
    assert all(read.done() for read in reads)
    async with database.unit_of_work() as work:
        assert await work.users.count(EVERYONE) == 1
    del task
    reads.clear()
    gc.collect()
    assert complaints == []


async def test_a_request_stops_the_reads_it_leaves_behind(database: Database, given: Given) -> None:
    """A field that fails ends the request while its siblings still wait for their turn."""
    ada = await given.a_user()
    complaints = listen_for_complaints()

    with pytest.raises(ZeroDivisionError):
        async with database.unit_of_work() as work:
            reads = [asyncio.ensure_future(work.users.get(ada.id)) for _ in range(20)]
            await reads[0]
            raise ZeroDivisionError

    assert checked_out(database) == 0
    assert reads[0].result() == ada
    assert reads[-1].cancelled()
    del reads
    gc.collect()
    assert complaints == []


def listen_for_complaints() -> list[dict[str, Any]]:
    """Collect what the event loop would only log, like exceptions that nobody retrieved."""
    complaints: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: complaints.append(context))
    return complaints


async def test_many_requests_write_at_once(database: Database) -> None:
    """More than there are connections; SQLite's take turns, and none is told it is locked."""

    async def create(n: int) -> domain.Tag:
        async with database.unit_of_work() as work:
            await work.tags.count(None)
            async with work.transaction():
                return await work.tags.create(domain.NewTag.named(f"tag-{n}", at=NOON))

    tags = await asyncio.gather(*(create(n) for n in range(20)))

    async with database.unit_of_work() as work:
        assert await work.tags.get_many([tag.id for tag in tags]) == {tag.id: tag for tag in tags}


@pytest.mark.backends("sqlite")
@pytest.mark.parametrize(
    ("pragma", "value"), [("foreign_keys", 1), ("journal_mode", "wal"), ("synchronous", 1)]
)
async def test_sqlite_is_set_up_on_every_connection(
    database: Database, pragma: str, value: object
) -> None:
    """Its defaults are those of 2004: no foreign keys, and readers that wait for writers."""
    engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
    async with engine.connect() as one, engine.connect() as other:
        found = [await each.scalar(text(f"PRAGMA {pragma}")) for each in (one, other)]

    assert found == [value, value]


async def test_a_cancelled_statement_leaves_the_session_usable(
    database: Database, work: SqlUnitOfWork
) -> None:
    """A field that is given up must not take the rest of its request with it."""
    sent = asyncio.Event()

    def notice(*_: Any) -> None:
        sent.set()

    event.listen(database.engine.sync_engine, "before_cursor_execute", notice)
    read = asyncio.create_task(work.users.count(EVERYONE))
    await sent.wait()
    read.cancel()
    await asyncio.gather(read, return_exceptions=True)

    assert await work.users.count(EVERYONE) == 0


async def test_a_statement_cancelled_in_a_transaction_undoes_all_of_it(
    database: Database, work: SqlUnitOfWork
) -> None:
    """What goes on after it must not be kept alone, nor what went before be lost in silence."""
    sent = asyncio.Event()

    def notice(*_: Any) -> None:
        sent.set()

    with pytest.raises(SQLAlchemyError):
        async with work.transaction():
            await work.users.create(ADA)
            event.listen(database.engine.sync_engine, "before_cursor_execute", notice)
            read = asyncio.create_task(work.users.count(EVERYONE))
            await sent.wait()
            read.cancel()
            await asyncio.gather(read, return_exceptions=True)

    assert await work.users.count(EVERYONE) == 0
