"""A pool of connections for which requests queue."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from time import time
from typing import Any

from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry, PoolProxiedConnection
from sqlalchemy.util import await_


class FairPool(AsyncAdaptedQueuePool):
    """SQLAlchemy's pool, which whoever comes first is the first to get a connection of.

    By itself it lets newcomers go before those who wait, and these do not hear of a place that
    is free because nothing could be connected to: they wait on for the full time.

    To check a connection in and out again takes as long as a statement. So one that comes back
    may be kept as it is, for whoever can take it so; anybody else finds it checked in.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places = asyncio.Semaphore(self.size() + self._max_overflow)
        self._kept: dict[Any, PoolProxiedConnection] = {}  # by their records; they have no place

    @property
    def is_exhausted(self) -> bool:
        """Whether all connections are lent, so that whoever wants one has to wait."""
        return self._places.locked()

    @property
    def has_room(self) -> bool:
        """Whether a connection that comes back is kept, and not closed."""
        return self.checkedin() < self.size()

    def checkedin(self) -> int:
        return self._pool.qsize() + len(self._kept)

    def checkedout(self) -> int:
        return super().checkedout() - len(self._kept)

    def keep(self, lent: PoolProxiedConnection, record: ConnectionPoolEntry) -> None:
        """Take back a connection that is good, with nothing begun, while there is room."""
        self._kept[record] = lent
        self._places.release()

    def lend_kept(
        self, is_fresh: Callable[[ConnectionPoolEntry], bool]
    ) -> PoolProxiedConnection | None:
        """Lend the connection that was kept last, if it need not be tried; None if there is none.

        It awaits nothing, and so takes no greenlet.
        """
        if not self._kept or self._places.locked():
            return None
        record, lent = self._kept.popitem()
        is_old = self._recycle > -1 and time() - record.last_connect_time > self._recycle
        if is_old or not is_fresh(record):
            self._kept[record] = lent
            self._check_in()
            return None
        self._take_place()
        return lent

    def dispose(self) -> None:
        while self._kept:
            self._check_in()
        super().dispose()

    def _check_in(self) -> None:
        """Check in the connection that was kept last."""
        record = next(reversed(self._kept))
        self._kept[record].close()
        del self._kept[record]

    def _do_get(self) -> ConnectionPoolEntry:
        if self._places.locked():
            await_(self._wait_for_place())
        else:
            self._take_place()
        try:
            if self._kept and self._pool.empty():
                self._check_in()
            return super()._do_get()
        except BaseException:
            self._places.release()
            raise

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        try:
            super()._do_return_conn(record)
        finally:
            if record not in self._kept:
                self._places.release()

    def _take_place(self) -> None:
        with suppress(StopIteration):  # as a coroutine ends that has nothing to wait for
            self._places.acquire().send(None)

    async def _wait_for_place(self) -> None:
        try:
            async with asyncio.timeout(self.timeout()):
                await self._places.acquire()
        except TimeoutError:
            places = self.size() + self._max_overflow
            raise PoolTimeout(
                f"all {places} connections were in use for {self.timeout():g} seconds"
            ) from None
