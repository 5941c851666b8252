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
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places = asyncio.Semaphore(self.size() + self._max_overflow)
        self._chosen: ConnectionPoolEntry | None = None

    @property
    def is_exhausted(self) -> bool:
        """Whether all connections are lent, so that whoever wants one has to wait."""
        return self._places.locked()

    @property
    def has_room(self) -> bool:
        """Whether a connection that comes back is kept, and not closed."""
        return self.checkedin() < self.size()

    def connect_at_once(
        self, is_fresh: Callable[[ConnectionPoolEntry], bool]
    ) -> PoolProxiedConnection | None:
        """Lend a connection that is there and fresh, which awaits nothing; None if there is none.

        What is awaited in SQLAlchemy takes a greenlet, which costs as much as all the rest.
        """
        if self._places.locked() or not self.checkedin():
            return None
        record: Any = self._pool.get(block=False)
        is_old = self._recycle > -1 and time() - record.last_connect_time > self._recycle
        if record.dbapi_connection is None or is_old or not is_fresh(record):
            self._pool.put(record, block=False)
            return None
        self._chosen = record
        return self.connect()

    def _do_get(self) -> ConnectionPoolEntry:
        if self._places.locked():
            await_(self._wait_for_place())
        else:
            with suppress(StopIteration):  # as a coroutine ends that has nothing to wait for
                self._places.acquire().send(None)
        chosen, self._chosen = self._chosen, None
        if chosen is not None:
            return chosen
        try:
            return super()._do_get()
        except BaseException:
            self._places.release()
            raise

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        try:
            super()._do_return_conn(record)
        finally:
            self._places.release()

    async def _wait_for_place(self) -> None:
        try:
            async with asyncio.timeout(self.timeout()):
                await self._places.acquire()
        except TimeoutError:
            places = self.size() + self._max_overflow
            raise PoolTimeout(
                f"all {places} connections were in use for {self.timeout():g} seconds"
            ) from None
