"""What a request leaves behind: nothing that only the garbage collector could find."""

from __future__ import annotations

import gc
from typing import Any

from schema import schema
from schema.context import Context
from server.operations import OperationLimits, Operations
from tests.conftest import CLIENT
from tests.factories import Given, Store
from tests.server.execution.test_work import FEED

REQUESTS = 5


async def test_nothing_is_left_to_the_collector(store: Store, given: Given) -> None:
    """Its pauses are what the slowest requests wait for."""
    ada = await given.a_user()
    await given.a_comment(on=await given.a_post(by=ada, tags=["a"]), by=ada)
    operations = Operations(schema, OperationLimits(), introspection=True)

    async def ask() -> None:
        async with store.unit_of_work() as work:
            context: Any = Context(work, None, CLIENT)  # type: ignore[arg-type] # which no read needs
            assert (await operations.prepare(FEED).execute(context)).errors is None

    await ask()
    gc.collect()
    gc.disable()
    try:
        for _ in range(REQUESTS):
            await ask()
        left = gc.collect()
    finally:
        gc.enable()

    assert left < REQUESTS, left
