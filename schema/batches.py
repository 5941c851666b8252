"""The loader of all: keys that many fields ask for one by one, and one call that answers them."""

from __future__ import annotations

from asyncio import CancelledError
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any, TypeVar

from aiodataloader import DataLoader, dispatch_queue

from schema.promises import Promise

K = TypeVar("K", bound=int | str)
V = TypeVar("V")

MAX_BATCH = 5_000  # keys in one statement; SQLite takes 32,766 parameters, asyncpg 32,767


class Loader(DataLoader[K, V]):
    """Loads a value for each key, or `absent` for a key that has none.

    Each asker gets a promise, so that to cancel one who waits takes the value from no other.
    """

    max_batch_size = MAX_BATCH

    def __init__(
        self, fetch: Callable[[Collection[K]], Awaitable[Mapping[K, V]]], absent: V
    ) -> None:
        self._promises: dict[K, Promise[V]] = {}
        super().__init__(cache_map=self._promises)  # type: ignore[arg-type] # it only drops some of it
        self._fetch = fetch
        self._absent = absent

    async def batch_load_fn(self, keys: list[K]) -> list[V]:
        """Load a batch; who waits for one that is cancelled is cancelled too."""
        try:
            found = await self._fetch(keys)
        except CancelledError:
            for key in keys:
                self._promises.pop(key).future.cancel()
            raise
        absent = self._absent
        return [found.get(key, absent) for key in keys]

    def load(self, key: K) -> Promise[V]:  # type: ignore[override] # is awaited, as a future is
        """Promise the value of a key."""
        promise = self._promises.get(key)
        if promise is None:
            future = self.loop.create_future()
            queue: list[Any] = self._queue  # of what has a key and a future
            if not queue:
                # A turn later, so that tasks that others have just begun may ask as well.
                self.loop.call_soon(self.loop.call_soon, dispatch_queue, self)
            promise = Promise(key, future, queue[0].future if queue else future)
            self._promises[key] = promise
            queue.append(promise)
        return promise
