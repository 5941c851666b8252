"""Loaders, and those who wait for what they load."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping

from schema.batches import MAX_BATCH, Loader


async def test_who_waits_for_a_batch_that_is_cancelled_is_cancelled_too() -> None:
    """However many statements it takes: nobody is left to wait for one that is never sent."""
    asked: list[int] = []

    async def fetch(keys: Collection[int]) -> Mapping[int, int]:
        asked.extend(keys)
        raise asyncio.CancelledError  # as a session does that has ended

    loader = Loader(fetch, None)
    promises = [loader.load(key) for key in range(MAX_BATCH + 1)]

    async with asyncio.timeout(5):
        ends = await asyncio.gather(promises[0], promises[-1], return_exceptions=True)

    assert [type(end) for end in ends] == [asyncio.CancelledError] * 2
    assert len(asked) == MAX_BATCH
    assert loader.load(0) is not promises[0]
