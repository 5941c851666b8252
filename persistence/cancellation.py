"""Work that may not be left half done when whoever awaits it is cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def cancelled_once(
    work: Coroutine[Any, Any, T], *, patience_seconds: float, hurry: Callable[[], None]
) -> T:
    """Await work that ends before this does, and is cancelled but once.

    A second cancellation would meet drivers and pools as they clean up after the
    first, and leave a connection that nobody has and nobody can have. If they take
    longer than the patience lasts, `hurry` may have them end.
    """
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        task.cancel()
        end = asyncio.get_running_loop().call_later(patience_seconds, hurry)
        try:
            await finish(asyncio.gather(task, return_exceptions=True))
        finally:
            end.cancel()
        raise


async def finish(work: Awaitable[T], *, hurry: Callable[[], None] | None = None) -> T:
    """Await something to its end, however often the awaiting task is cancelled meanwhile.

    Each time that it is, `hurry` may have the work end sooner.
    """
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
            if hurry is not None and not task.done():
                hurry()
        except Exception:  # noqa: BLE001 (raised below, unless a cancellation goes before it)
            break
    if cancelled is None or task.cancelled():
        return task.result()
    task.exception()  # is looked at, so that nobody warns that it was not
    raise cancelled
