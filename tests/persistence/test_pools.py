"""The queue before a pool of connections."""

from __future__ import annotations

import asyncio
import logging
from time import monotonic

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import TimeoutError as PoolTimeout

from persistence import Database, DatabaseUnreachable, EngineOptions, doubts
from persistence.pools import FairPool, PoolUse
from persistence.servers import ServerState
from tests.cancellation import end_of
from tests.persistence.connections import checked_out

USERS = 10
TICKS = 30  # of the event loop, by which another connection is being made
END_THE_OTHERS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


async def test_who_comes_first_is_served_first(database_url: str) -> None:
    """Nobody is passed over until their time is up, however many come again and again."""
    options = EngineOptions(pool_size=1, max_overflow=0)
    served: list[int] = []

    async with Database.connect(database_url, options) as database:

        async def use_twice(n: int) -> None:
            for _ in range(2):
                connection = await database.engine.connect()
                served.append(n)
                await connection.close()

        await asyncio.gather(*(use_twice(n) for n in range(USERS)))

    assert served == [*range(USERS), *range(USERS)]


async def test_who_waited_in_vain_is_told_how_many_connections_there_are(
    database_url: str,
) -> None:
    """The log has the sentence, and the operator the choice; the place is not lost."""
    options = EngineOptions(pool_size=1, max_overflow=1, pool_timeout_seconds=0.1)

    async with Database.connect(database_url, options) as database:
        async with database.reading(), database.reading():
            with pytest.raises(PoolTimeout, match=r"all 2 connections were in use for 0\.1 s"):
                await database.engine.connect()

        async with database.reading(), database.reading():
            assert checked_out(database) == 2


async def test_who_waits_hears_that_there_is_nothing_to_connect_to() -> None:
    """A place that is free because connecting failed is a place."""
    options = EngineOptions(pool_size=1, max_overflow=0, pool_timeout_seconds=20)
    nowhere = "postgresql+asyncpg://ada@127.0.0.1:1/inkwell"

    async with Database.connect(nowhere, options) as database, asyncio.timeout(5):
        ends = await asyncio.gather(
            *(database.engine.connect() for _ in range(USERS)), return_exceptions=True
        )

    assert {type(end).__name__ for end in ends} == {"Unreachable"}


async def test_what_a_request_gave_back_is_there_for_anybody(database_url: str) -> None:
    """Requests pass it on without checking it in, which others would wait for in vain."""
    options = EngineOptions(pool_size=1, max_overflow=0, pool_timeout_seconds=1)

    async with Database.connect(database_url, options) as database:
        for _ in range(2):
            async with database.unit_of_work() as work:
                await work.tags.count(None)
            assert checked_out(database) == 0
            async with database.reading():
                assert checked_out(database) == 1


async def test_what_requests_passed_on_is_closed_in_the_end(database_url: str) -> None:
    """Nobody has checked it in, but the server is not to keep it open for us."""
    async with Database.connect(database_url, EngineOptions(pool_size=1)) as database:
        closed = []
        event.listen(database.engine.sync_engine, "close", lambda *_: closed.append(True))
        async with database.unit_of_work() as work:
            await work.tags.count(None)
        assert not closed

    assert closed


async def test_no_more_lie_idle_than_there_may(database_url: str) -> None:
    """What requests pass on is idle as well: whoever comes back to a full pool is closed."""
    options = EngineOptions(pool_size=1, max_overflow=1)

    async with Database.connect(database_url, options) as database:
        async with database.unit_of_work() as work, database.unit_of_work() as other:
            await work.tags.count(None)
            await other.tags.count(None)

        pool = database.engine.pool
        assert isinstance(pool, FairPool)
        assert (pool.checkedin(), pool.checkedout()) == (1, 0)


@pytest.mark.backends("postgresql")
async def test_what_lay_idle_is_tried(
    database_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Requests pass connections on, but not those that may have died since."""
    caplog.set_level(logging.INFO, "inkwell.persistence")

    async with Database.connect(database_url) as database, Database.connect(database_url) as other:
        async with database.unit_of_work() as work:
            await work.tags.count(None)
        async with other.writing() as connection:
            await connection.execute(END_THE_OTHERS)
        monkeypatch.setattr(doubts, "monotonic", lambda: monotonic() + 10)
        async with database.unit_of_work() as work:
            await work.tags.count(None)

    assert "repeated" not in caplog.text


@pytest.mark.backends("postgresql")
async def test_who_leaves_while_a_dead_connection_is_thrown_away_loses_no_place(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be lost until the garbage is collected, which is seldom."""
    monkeypatch.setattr(doubts, "PING_AFTER_IDLE_SECONDS", 0)

    async with Database.connect(database_url) as database, Database.connect(database_url) as other:

        async def read() -> None:
            async with database.unit_of_work() as work:
                await work.tags.count(None)

        for ticks in range(TICKS):
            await read()
            async with other.writing() as connection:
                await connection.execute(END_THE_OTHERS)

            await end_of(read(), ticks=ticks, cancels=1)

            assert checked_out(database) == 0, f"cancelled after {ticks} ticks"


async def test_it_tells_who_has_connections_and_who_waits(database_url: str) -> None:
    """Without asking the server, so that it can be looked at as often as anybody likes."""
    options = EngineOptions(pool_size=1, max_overflow=1)

    async with Database.connect(database_url, options) as database:

        async def read() -> None:
            async with database.reading():
                pass

        (before,) = database.servers()
        async with database.reading(), database.reading():
            waiting = asyncio.create_task(read())
            while not database.servers()[0].pool.waiting:  # noqa: ASYNC110 (it tells by no event)
                await asyncio.sleep(0)
            (busy,) = database.servers()
        await waiting
        (after,) = database.servers()

    assert before == ServerState("primary", answers=True, pool=use(in_use=0, idle=0))
    assert busy.pool == use(in_use=2, idle=0, waiting=1, waits=1)
    assert after.pool == use(in_use=0, idle=1, waits=1)


def use(*, in_use: int, idle: int, waiting: int = 0, waits: int = 0) -> PoolUse:
    return PoolUse(limit=2, in_use=in_use, idle=idle, waiting=waiting, waits=waits)


async def test_it_tells_which_server_does_not_answer() -> None:
    """By its name, which has no password in it."""
    nowhere = "postgresql+asyncpg://ada:plainly-fake@127.0.0.1:1/inkwell"

    async with Database.connect(nowhere, replica_urls=[nowhere]) as database:
        with pytest.raises(DatabaseUnreachable):
            await database.ping()
        primary, replica = database.servers()

    assert (primary.name, primary.answers) == ("primary", False)
    assert (replica.name, replica.answers) == ("replica 127.0.0.1:1", True)
