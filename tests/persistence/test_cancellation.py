"""What is cancelled gives its connection back, and takes with it what belongs together."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

import domain
from persistence import Database
from persistence.database import SqlUnitOfWork
from tests.cancellation import end_of
from tests.factories import NOON, Given, signed_in
from tests.persistence.connections import checked_out

ADA = domain.NewUser(username="ada", email="ada@example.com", display_name="Ada", created_at=NOON)
EVERYONE = domain.UserFilter()
ALL_POSTS = domain.PageRequest(
    size=1_000,
    order=domain.Order(domain.PostOrderField.CREATED_AT, descending=False),
    filter=domain.PostFilter(),
)
TICKS = 150  # of the event loop, which is about what the whole transaction takes


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

    async def write(work: SqlUnitOfWork) -> None:
        await work.users.create(ADA)
        await read_much(work)

    async def request() -> None:
        async with database.unit_of_work() as work:
            if not in_transaction:
                await read_much(work)
            await work.transaction(lambda: write(work))

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


@pytest.mark.backends("postgresql", "mysql", "mariadb")
async def test_a_statement_cancelled_in_a_transaction_undoes_all_of_it(
    database: Database, work: SqlUnitOfWork
) -> None:
    """What goes on after it must not be kept alone, nor what went before be lost in silence."""
    with pytest.raises(SQLAlchemyError):
        await work.transaction(lambda: write_and_cancel_a_read(database, work))

    assert await work.users.count(EVERYONE) == 0


@pytest.mark.backends("sqlite")
async def test_a_statement_cancelled_on_sqlite_is_run_to_its_end(
    database: Database, work: SqlUnitOfWork
) -> None:
    """Its thread cannot be stopped: the read that nobody awaits harms nothing."""
    await work.transaction(lambda: write_and_cancel_a_read(database, work))

    assert await work.users.count(EVERYONE) == 1


async def write_and_cancel_a_read(database: Database, work: SqlUnitOfWork) -> None:
    """Create a user, and give up a statement that is on its way."""
    sent = asyncio.Event()

    def notice(*_: Any) -> None:
        sent.set()

    await work.users.create(ADA)
    event.listen(database.engine.sync_engine, "before_cursor_execute", notice)
    read = asyncio.create_task(work.users.count(EVERYONE))
    await sent.wait()
    read.cancel()
    await asyncio.gather(read, return_exceptions=True)


@pytest.mark.parametrize("cancels", [1, 2, 3])
async def test_a_transaction_cancelled_at_any_tick_is_whole_or_nothing(
    database: Database, given: Given, cancels: int
) -> None:
    """And again while it ends: drivers that are cancelled as they clean up lose connections."""
    ada = await given.a_user()
    viewer = signed_in(ada)

    async def request(ticks: int) -> None:
        async with database.unit_of_work(viewer) as work:
            new = domain.NewPost.write(
                author_id=ada.id, title="Title", body="", tags=["old", f"new-{ticks}"], at=NOON
            )
            await work.transaction(lambda: work.posts.create(new))

    finished = []
    for ticks in range(TICKS):
        end = await end_of(request(ticks), ticks=ticks, cancels=cancels)
        finished.append(end is None)
        assert isinstance(end, asyncio.CancelledError | None)
        assert checked_out(database) == 0, f"cancelled after {ticks} ticks"

    async with database.unit_of_work(viewer) as work:
        page = await work.posts.page(ALL_POSTS)
        tags = await work.tags.get_many_by_post([post.id for post in page.items])
    assert [len(tags[post.id]) for post in page.items] == [2] * len(page.items)
    assert sum(finished) <= len(page.items) < TICKS
