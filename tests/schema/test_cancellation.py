"""Clients go away at any moment."""

from __future__ import annotations

import asyncio

import pytest
from graphql import ExecutionResult

from persistence import Database
from tests.cancellation import end_of
from tests.conftest import Execute
from tests.factories import Given
from tests.persistence.connections import checked_out
from tests.schema.test_statements import FEED

TICKS = 150  # of the event loop; on SQLite the whole feed takes about as many


@pytest.mark.parametrize("cancels", [1, 2])
async def test_an_operation_cancelled_at_any_tick_gives_its_connection_back(
    database: Database, execute: Execute, given: Given, cancels: int
) -> None:
    """Before, between and within its statements, and again while it is ending."""
    ada = await given.a_user()
    await given.a_comment(on=await given.a_post(by=ada, tags=[await given.a_tag()]), by=ada)

    ends: set[type] = set()
    for ticks in range(TICKS):
        ends.add(type(await end_of(execute(FEED), ticks=ticks, cancels=cancels)))
        assert checked_out(database) == 0, f"cancelled after {ticks} ticks"

    assert ends <= {asyncio.CancelledError, ExecutionResult}
    assert (await execute(FEED)).errors is None
