"""A primary and its replicas, and what can be done to them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import NamedTuple

from persistence import Database
from tests.faults.instances import Answer
from tests.servers import PostgreSQL, Replica

TITLES = "{ posts(first: 50) { nodes { title } } }"
FEED = "{ posts { nodes { title author { username } tags { name } comments { nodes { body } } } } }"
SLOW_ON_REPLICAS = """CREATE POLICY slow ON tags USING
  (CASE WHEN pg_is_in_recovery() THEN pg_sleep(5) IS NOT NULL ELSE true END)"""


class Servers(NamedTuple):
    primary: PostgreSQL
    one: Replica
    other: Replica

    @property
    def replicas(self) -> tuple[Replica, Replica]:
        return self.one, self.other

    async def catch_up(self) -> None:
        for replica in self.replicas:
            await replica.catch_up()


@asynccontextmanager
async def paused(*replicas: Replica) -> AsyncGenerator[None]:
    """Have replicas lag behind, and catch up in the end."""
    for replica in replicas:
        await replica.pause()
    try:
        yield
    finally:
        for replica in replicas:
            await replica.resume()
            await replica.catch_up()


@asynccontextmanager
async def slow_tags(servers: Servers) -> AsyncGenerator[None]:
    """Have each tag take the replicas five seconds to read, and the primary none."""
    async with Database.connect(servers.primary.url) as owner, owner.reading() as connection:
        await connection.exec_driver_sql(SLOW_ON_REPLICAS)
        await connection.exec_driver_sql("ALTER TABLE tags FORCE ROW LEVEL SECURITY")
        await connection.exec_driver_sql("ALTER TABLE tags ENABLE ROW LEVEL SECURITY")
        await servers.catch_up()
        try:
            yield
        finally:
            await connection.exec_driver_sql("ALTER TABLE tags DISABLE ROW LEVEL SECURITY")
            await connection.exec_driver_sql("DROP POLICY slow ON tags")


async def until(happened: Callable[[], Awaitable[bool]], *, seconds: float = 10) -> None:
    """Ask again and again, and fail if it does not happen at all."""
    async with asyncio.timeout(seconds):
        while not await happened():  # noqa: ASYNC110 (a server tells by no event)
            await asyncio.sleep(0.02)


def titles(answer: Answer) -> list[str]:
    return [node["title"] for node in answer.data["posts"]["nodes"]]
