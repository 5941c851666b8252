"""Servers that end sessions which were idle for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from tests.faults.service import served
from tests.servers import MariaDB, MySQL, PostgreSQL
from tests.servers.database import DatabaseServer

pytestmark = pytest.mark.slow

IDLE_SECONDS = 3  # for longer than the servers allow
AT_ONCE = 10


@pytest.mark.parametrize(
    "server",
    [
        pytest.param(lambda: PostgreSQL("-c", "idle_session_timeout=1000"), id="PostgreSQL"),
        pytest.param(lambda: MariaDB("--wait-timeout=2"), id="MariaDB"),
        pytest.param(lambda: MySQL("--wait-timeout=2"), id="MySQL"),
    ],
)
async def test_no_client_hears_that_the_server_has_gone_away(
    server: Callable[[], DatabaseServer],
) -> None:
    """A pool that nobody used for a night is the first thing that the morning's requests meet."""
    async with server() as running, served(running.url, anew=True) as service:
        for n in range(2):
            reads = (service.read() for _ in range(AT_ONCE))
            writes = (service.write(f"{n}.{i}") for i in range(AT_ONCE))
            answers = await asyncio.gather(*reads, *writes)
            await asyncio.sleep(IDLE_SECONDS)
            answers += await asyncio.gather(*(service.read() for _ in range(AT_ONCE)))

            assert [each for each in answers if not each.is_good] == []
        assert (await service.written()).total() == 2 * AT_ONCE
