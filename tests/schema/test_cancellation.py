"""Clients go away at any moment."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy.pool import QueuePool
from strawberry.types import ExecutionResult

from persistence import Database
from tests.conftest import Execute
from tests.factories import Given
from tests.schema.test_statements import FEED

TICKS = 150  # of the event loop; on SQLite the whole feed takes about as many


# graphql-core, when cancelled, drops the resolvers it had called and not awaited yet
@pytest.mark.filterwarnings("ignore:Exception ignored in. <coroutine object GraphQLCoreConverter")
@pytest.mark.filterwarnings("ignore:Exception ignored in. <coroutine object Executor")
@pytest.mark.parametrize("cancels", [1, 2])
async def test_an_operation_cancelled_at_any_tick_gives_its_connection_back(
    database: Database, execute: Execute, given: Given, cancels: int
) -> None:
    """Before, between and within its statements, and again while it is ending."""
    pool = database.engine.pool
    assert isinstance(pool, QueuePool)
    ada = await given.a_user()
    await given.a_comment(on=await given.a_post(by=ada, tags=[await given.a_tag()]), by=ada)

    ends: list[ExecutionResult | BaseException] = []
    for ticks in range(TICKS):
        operation = asyncio.create_task(execute(FEED))
        for _ in range(ticks):
            await asyncio.sleep(0)
        for _ in range(cancels):
            operation.cancel()
            await asyncio.sleep(0)
        ends += await asyncio.gather(operation, return_exceptions=True)
        assert pool.checkedout() == 0, f"cancelled after {ticks} ticks"

    assert {type(end) for end in ends} <= {asyncio.CancelledError, ExecutionResult}
    after = await execute(FEED)
    assert after.errors is None
