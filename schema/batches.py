"""The loader of all: keys that many fields ask for one by one, and one call that answers them."""

from __future__ import annotations

from asyncio import Future, create_task, get_running_loop
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextvars import ContextVar
from types import TracebackType
from typing import Any, TypeVar

from aiodataloader import DataLoader

from schema.promises import Promise

K = TypeVar("K", bound=int | str)
V = TypeVar("V")

MAX_BATCH = 5_000  # keys in one statement; SQLite takes 32,766 parameters, asyncpg 32,767


watcher: ContextVar[Callable[[int], object] | None] = ContextVar("batch_watcher", default=None)
"""Who wants to know how many keys are loaded at once, if anybody does."""


class Batch:
    """Keys that a loader is asked for one by one, and loads at once when somebody waits for one."""

    __slots__ = (
        "_absent",
        "_end",
        "_error",
        "_found",
        "_is_scheduled",
        "_loader",
        "_traceback",
        "is_over",
        "keys",
    )

    def __init__(self, loader: Loader[Any, Any]) -> None:
        self.keys: list[Any] = []
        self.is_over = False
        self._loader: Loader[Any, Any] | None = loader
        self._absent = loader.absent
        self._found: Mapping[Any, Any] = {}
        self._error: BaseException | None = None
        self._traceback: TracebackType | None = None
        self._is_scheduled = False
        self._end: Future[None] | None = None

    def value_of(self, key: Any) -> Any:
        """Return what was loaded for a key; raises what loading raised."""
        if self._error is not None:
            raise self._error.with_traceback(self._traceback)  # or it would grow with each key
        return self._found.get(key, self._absent)

    def end(self) -> Future[None]:
        """Return a future that is done when the batch is over."""
        if self._end is None:
            self._end = get_running_loop().create_future()
            if self.is_over:
                self._end.set_result(None)
        return self._end

    async def load(self) -> bool:
        """Have its keys loaded, unless they are already; tell whether it was this that did.

        Who waits for a batch that is cancelled is cancelled too.
        """
        loader = self._loader
        if loader is None:
            return False
        self._loader = None  # which would be a cycle for the collector
        loader.next_batch = None
        watch = watcher.get()
        if watch is not None:
            watch(len(self.keys))
        try:
            self._found = await loader.found(self.keys)
        except BaseException as error:
            self._error, self._traceback = error, error.__traceback__
            for key in self.keys:  # who asks again may be luckier
                loader.clear(key)
            if not isinstance(error, Exception):
                raise
        finally:
            self.is_over = True
            if self._end is not None and not self._end.done():
                self._end.set_result(None)
        return True

    def load_soon(self) -> None:
        """Do so in a task, a turn later: tasks that others have just begun may ask until then."""
        if self._loader is not None and not self._is_scheduled:
            self._is_scheduled = True
            loop = get_running_loop()
            loop.call_soon(loop.call_soon, self._begin)

    def _begin(self) -> None:
        task = create_task(self.load())
        self.end().add_done_callback(lambda _: task)  # which nobody else holds on to


class Loader(DataLoader[K, V]):
    """Loads a value for each key, or `absent` for a key that has none.

    Each asker gets a promise, so that to cancel one who waits takes the value from no other. It is
    a DataLoader by what can be asked of it; a batch is loaded by `Batch`, with no future for a key.
    """

    def __init__(
        self, fetch: Callable[[Collection[K]], Awaitable[Mapping[K, V]]], absent: V
    ) -> None:
        # Not by DataLoader's own, which inspects `batch_load_fn` each time, for longer than a load.
        self._promises: dict[K, Promise[V]] = {}
        self._cache: Any = self._promises  # of which it only drops some
        self._fetch = fetch
        self.absent = absent
        self.next_batch: Batch | None = None

    def get_cache_key(self, key: K) -> K:
        return key

    async def found(self, keys: list[K]) -> Mapping[K, V]:
        """Load a batch, in as many calls as its size takes."""
        if len(keys) <= MAX_BATCH:
            return await self._fetch(keys)
        found: dict[K, V] = {}
        for start in range(0, len(keys), MAX_BATCH):
            found.update(await self._fetch(keys[start : start + MAX_BATCH]))
        return found

    def load(self, key: K) -> Promise[V]:  # type: ignore[override] # is awaited, as a future is
        """Promise the value of a key."""
        promise = self._promises.get(key)
        if promise is None:
            batch = self.next_batch
            if batch is None:
                batch = self.next_batch = Batch(self)
            promise = self._promises[key] = Promise(key, batch)
            batch.keys.append(key)
        return promise
