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


@pytest.mark.parametrize("cancels", [1, 2])
async def test_an_operation_cancelled_at_any_tick_gives_its_connection_back(
    database: Database, execute: Execute, given: Given, cancels: int
) -> None:
    """Before, between and within its statements, and again while it is ending."""
    pool = database.engine.pool
    assert isinstance(pool, QueuePool)
    ada = await given.a_user()
    await given.a_comment(on=await given.a_post(by=ada, tags=[await given.a_tag()]), by=ada)

    ends: set[type] = set()
    for ticks in range(TICKS):
        ends.add(await end_of(execute, ticks=ticks, cancels=cancels))
        assert pool.checkedout() == 0, f"cancelled after {ticks} ticks"

    assert ends <= {asyncio.CancelledError, ExecutionResult}
    assert (await execute(FEED)).errors is None


async def end_of(execute: Execute, *, ticks: int, cancels: int) -> type:
    """Let an operation run for some ticks, cancel it, and tell how it ended."""
    operation = asyncio.create_task(execute(FEED))
    for _ in range(ticks):
        await asyncio.sleep(0)
    for _ in range(cancels):
        operation.cancel()
        await asyncio.sleep(0)
    (end,) = await asyncio.gather(operation, return_exceptions=True)
    return type(end)
