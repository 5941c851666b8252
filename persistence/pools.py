"""A pool of connections for which requests queue."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry
from sqlalchemy.util import await_


class FairPool(AsyncAdaptedQueuePool):
    """SQLAlchemy's pool, which whoever comes first is the first to get a connection of.

    By itself it lets newcomers go before those who wait, and these do not hear of a place that
    is free because nothing could be connected to: they wait on for the full time.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places = asyncio.Semaphore(self.size() + self._max_overflow)

    @property
    def is_exhausted(self) -> bool:
        """Whether all connections are lent, so that whoever wants one has to wait."""
        return self._places.locked()

    def _do_get(self) -> ConnectionPoolEntry:
        await_(self._take_place())
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

    async def _take_place(self) -> None:
        try:
            async with asyncio.timeout(self.timeout()):
                await self._places.acquire()
        except TimeoutError:
            places = self.size() + self._max_overflow
            raise PoolTimeout(
                f"all {places} connections were in use for {self.timeout():g} seconds"
            ) from None
