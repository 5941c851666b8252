"""More requests than there are connections."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from persistence import Database
from tests.faults.service import Service, now, served
from tests.persistence.connections import checked_out

POOL_SECONDS = 0.5
BUSY_SECONDS = 4  # that so many requests may take on a machine that does other things, too
SETTINGS: dict[str, Any] = {
    "db_pool_size": 2,
    "db_max_overflow": 1,
    "db_pool_timeout_seconds": POOL_SECONDS,
}
CONNECTIONS = 3
CROWD = 40


@pytest.fixture
async def small(database: Database, database_url: str) -> AsyncGenerator[Service]:
    """A server with few connections, which are not waited for long."""
    async with served(database_url, **SETTINGS) as service:
        yield service


@asynccontextmanager
async def all_in_use(database: Database) -> AsyncGenerator[list[AsyncConnection]]:
    """Hold every connection that the pool may lend."""
    connections = [database.reading() for _ in range(CONNECTIONS)]
    held = [await each.__aenter__() for each in connections]
    try:
        yield held
    finally:
        for each in connections:
            await each.__aexit__(None, None, None)


async def test_who_waits_for_a_connection_is_told_when_there_is_none_in_time(
    small: Service,
) -> None:
    """By then somebody else may serve it; and whoever comes afterwards is served."""
    async with all_in_use(small.database):
        reads = (small.read() for _ in range(CROWD // 2))
        writes = (small.write(f"refused {n}") for n in range(CROWD // 2))
        refused = await asyncio.gather(*reads, *writes)
    served_again = [await small.read() for _ in range(CROWD)]

    assert {(each.status, *each.codes) for each in refused} == {(503, "SERVICE_UNAVAILABLE")}
    assert min(each.seconds for each in refused) >= POOL_SECONDS
    assert max(each.seconds for each in refused) < POOL_SECONDS + BUSY_SECONDS
    assert {each.retry_after for each in refused} == {"1"}
    assert [each for each in served_again if not each.is_good] == []
    assert (await small.written()).total() == 0
    assert checked_out(small.database) == 0


async def test_who_waits_is_served_as_soon_as_a_connection_is_free(small: Service) -> None:
    """Waiting is not failing: each is served in its turn, by one connection after the other."""
    async with all_in_use(small.database):
        waiting = [asyncio.create_task(small.read()) for _ in range(CROWD // 5)]
        _, unanswered = await asyncio.wait(waiting, timeout=POOL_SECONDS / 10)
    answers = await asyncio.gather(*waiting)

    assert len(unanswered) == len(waiting)
    assert [each for each in answers if not each.is_good] == []


async def test_mutations_that_read_their_payload_do_not_wait_for_each_other(
    database: Database, database_url: str
) -> None:
    """Each lets go of one connection before it takes the next, or a full pool would never move."""
    settings = {**SETTINGS, "db_max_overflow": 0, "db_pool_timeout_seconds": 20}
    async with served(database_url, **settings) as service:
        began = now()
        answers = await asyncio.gather(*(service.write(f"{n}") for n in range(CROWD)))

        assert [each for each in answers if not each.is_good] == []
        assert now() - began < 20
        assert (await service.written()) == {f"{n}": 1 for n in range(CROWD)}
