"""Requests that are given up, at a moment that a test chooses."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


async def end_of(request: Coroutine[Any, Any, object], *, ticks: int, cancels: int) -> object:
    """Let a request run for some ticks of the event loop, cancel it, and return how it ended.

    That is what it returned, or the exception it ended with.
    """
    task = asyncio.create_task(request)
    for _ in range(ticks):
        await asyncio.sleep(0)
    for _ in range(cancels):
        task.cancel()
        await asyncio.sleep(0)
    (end,) = await asyncio.gather(task, return_exceptions=True)
    return end
