"""The loader of all: keys that many fields ask for one by one, and one call that answers them."""

from __future__ import annotations

from asyncio import CancelledError, Future, create_task, get_running_loop
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any, TypeVar

from aiodataloader import DataLoader, dispatch_queue_batch

from schema.promises import Promise

K = TypeVar("K", bound=int | str)
V = TypeVar("V")

MAX_BATCH = 5_000  # keys in one statement; SQLite takes 32,766 parameters, asyncpg 32,767


class Batch:
    """Keys that a loader is asked for one by one, and loads at once when somebody waits for one.

    The `first` of its promises is kept no later than the others.
    """

    __slots__ = ("_is_scheduled", "_loader", "first", "promises")

    def __init__(self, loader: Loader[Any, Any], first: Future[Any]) -> None:
        self.first = first
        self.promises: list[Promise[Any]] = []
        self._loader: Loader[Any, Any] | None = loader
        self._is_scheduled = False

    async def load(self) -> bool:
        """Have its keys loaded, unless they are already; tell whether it was this that did.

        Who waits for a batch that is cancelled is cancelled too.
        """
        if self._loader is None:
            return False
        loader, promises = self._loader, self.promises
        self._loader, self.promises = None, []  # which would be a cycle for the collector
        loader.next_batch = None
        try:
            for start in range(0, len(promises), MAX_BATCH):
                chunk: Any = promises[start : start + MAX_BATCH]  # of what has a key and a future
                await dispatch_queue_batch(loader, chunk)
        except CancelledError:
            for promise in promises:
                if promise.future.cancel():
                    loader.clear(promise.key)
            raise
        return True

    def load_soon(self) -> None:
        """Do so in a task, a turn later: tasks that others have just begun may ask until then."""
        if self._loader is not None and not self._is_scheduled:
            self._is_scheduled = True
            loop = self._loader.loop
            loop.call_soon(loop.call_soon, self._begin)

    def _begin(self) -> None:
        task = create_task(self.load())
        self.first.add_done_callback(lambda _: task)  # which nobody else holds on to


class Loader(DataLoader[K, V]):
    """Loads a value for each key, or `absent` for a key that has none.

    Each asker gets a promise, so that to cancel one who waits takes the value from no other.
    """

    def __init__(
        self, fetch: Callable[[Collection[K]], Awaitable[Mapping[K, V]]], absent: V
    ) -> None:
        # Not by DataLoader's own, which inspects `batch_load_fn` each time, for longer than a load.
        self.loop = get_running_loop()
        self._promises: dict[K, Promise[V]] = {}
        self._cache: Any = self._promises  # of which it only drops some
        self._fetch = fetch
        self._absent = absent
        self.next_batch: Batch | None = None

    def get_cache_key(self, key: K) -> K:
        return key

    async def batch_load_fn(self, keys: list[K]) -> list[V]:
        found = await self._fetch(keys)
        absent = self._absent
        return [found.get(key, absent) for key in keys]

    def load(self, key: K) -> Promise[V]:  # type: ignore[override] # is awaited, as a future is
        """Promise the value of a key."""
        promise = self._promises.get(key)
        if promise is None:
            future = self.loop.create_future()
            if self.next_batch is None:
                self.next_batch = Batch(self, future)
            promise = self._promises[key] = Promise(key, future, self.next_batch)
            self.next_batch.promises.append(promise)
        return promise
