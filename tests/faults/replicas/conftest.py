"""A primary with two replicas, and a server in front of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import make_url

from persistence import Database
from tests.conftest import create_tables, forget_everything
from tests.faults.instances import Instance, an_instance
from tests.faults.replicas.cluster import Servers
from tests.servers import PostgreSQL, Replica


@pytest.fixture(scope="package")
def started() -> Generator[Servers]:
    """A primary and two replicas, which give up what hinders them within 0.1 s."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()

        async def start() -> Servers:
            primary = await stack.enter_async_context(PostgreSQL())
            await create_tables(make_url(primary.url))
            hasty = "--max_standby_streaming_delay=100ms"
            one = await stack.enter_async_context(Replica(primary, hasty))
            other = await stack.enter_async_context(Replica(primary, hasty))
            return Servers(primary, one, other)

        yield runner.run(start())
        runner.run(stack.aclose())


@pytest.fixture
async def store(started: Servers) -> AsyncGenerator[Database]:
    """What the primary holds: nothing, at first."""
    async with Database.connect(started.primary.url) as database:
        async with database.writing() as connection:
            await forget_everything(connection)
        yield database


@pytest.fixture
def servers(started: Servers, store: Database) -> Servers:
    """The servers, empty."""
    return started


@pytest.fixture
async def instance(servers: Servers) -> AsyncGenerator[Instance]:
    """A server that reads from both replicas."""
    urls = [replica.url for replica in servers.replicas]
    async with an_instance(servers.primary.url, replicas=urls) as instance:
        yield instance
