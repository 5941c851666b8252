"""Clients that go away while their request waits for something that may never come."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from persistence import Database
from tests.faults.service import Service, now, served
from tests.persistence.connections import checked_out
from tests.servers import MariaDB, PostgreSQL
from tests.servers.database import DatabaseServer

AT_ONCE = 10
QUICK_SECONDS = 1.5
ONE_CONNECTION: dict[str, Any] = {
    "db_pool_size": 1,
    "db_max_overflow": 0,
    "db_pool_timeout_seconds": 20,
}


async def leave(*requests: asyncio.Task[Any]) -> float:
    """Have clients go away; tell how long their requests took to end."""
    began = now()
    for request in requests:
        request.cancel()
    await asyncio.gather(*requests, return_exceptions=True)
    assert all(request.cancelled() for request in requests)
    return now() - began


async def test_who_leaves_while_waiting_for_a_connection_takes_no_place(
    database: Database, database_url: str
) -> None:
    """Some have just been promised one: whoever leaves passes it on."""
    async with served(database_url, **ONE_CONNECTION) as service:
        async with service.database.reading():
            waiting = [asyncio.create_task(service.read()) for _ in range(AT_ONCE)]
            _, unanswered = await asyncio.wait(waiting, timeout=0.3)
            assert len(unanswered) == AT_ONCE
        # The connection is free, and the first of them is about to have it.
        assert await leave(*waiting) < QUICK_SECONDS

        answers = await asyncio.gather(*(service.read() for _ in range(AT_ONCE)))

        assert [each for each in answers if not each.is_good] == []
        assert checked_out(service.database) == 0


@pytest.mark.backends("sqlite")
async def test_who_leaves_while_waiting_for_the_write_turn_takes_no_turn(service: Service) -> None:
    """The turn is for those who are still there."""
    async with service.database.writing():
        waiting = [asyncio.create_task(service.write(f"left {n}")) for n in range(AT_ONCE)]
        _, unanswered = await asyncio.wait(waiting, timeout=0.3)
        assert len(unanswered) == AT_ONCE
        assert await leave(*waiting) < QUICK_SECONDS

    assert (await service.write("stayed")).is_good
    assert await service.written() == {"stayed": 1}
    assert checked_out(service.database) == 0


@pytest.mark.slow
@pytest.mark.parametrize("kind", [PostgreSQL, MariaDB])
@pytest.mark.parametrize("is_connected", [False, True], ids=["connecting", "reading"])
async def test_who_leaves_a_server_that_says_nothing_leaves_at_once(
    kind: type[DatabaseServer], is_connected: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither a farewell nor a request to cancel is waited for: nobody would answer it."""
    async with kind() as server, served(server.url, anew=True) as service:
        await service.read()
        if not is_connected:
            await service.database.engine.dispose()
        server.freeze()

        requests = [asyncio.create_task(service.read()) for _ in range(3)]
        _, unanswered = await asyncio.wait(requests, timeout=0.3)
        seconds = await leave(*requests)

        assert len(unanswered) == 3
        assert seconds < QUICK_SECONDS
        assert checked_out(service.database) == 0
        server.thaw()
        assert (await service.read()).is_good
    assert [each for each in caplog.records if each.levelname == "ERROR"] == []
