"""A pool of connections for which requests queue."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import time
from typing import Any

from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry, PoolProxiedConnection
from sqlalchemy.util import await_


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolUse:
    """What the connections of a pool do."""

    limit: int
    in_use: int
    idle: int
    waiting: int
    """Those who wait for a connection."""

    waits: int
    """How often somebody had to."""


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
        self._waiting = self._waits = 0
        self._kept: dict[ConnectionPoolEntry, PoolProxiedConnection] = {}

    @property
    def is_exhausted(self) -> bool:
        """Whether all connections are lent, so that whoever wants one has to wait."""
        return self._places.locked() and not self._kept

    @property
    def has_room(self) -> bool:
        """Whether a connection that comes back is kept, and not closed."""
        return self.checkedin() < self.size()

    @property
    def use(self) -> PoolUse:
        """What its connections do."""
        return PoolUse(
            limit=self.size() + self._max_overflow,
            in_use=self.checkedout(),
            idle=self.checkedin(),
            waiting=self._waiting,
            waits=self._waits,
        )

    def checkedin(self) -> int:
        return self._pool.qsize() + len(self._kept)

    def checkedout(self) -> int:
        return super().checkedout() - len(self._kept)

    def keep(self, lent: PoolProxiedConnection, record: ConnectionPoolEntry) -> bool:
        """Keep a connection with nothing begun, if nobody waits for it; tell whether it is."""
        is_kept = lent.is_valid and self.has_room and not self._waiting
        if is_kept:
            self._kept[record] = lent
        return is_kept

    def lend_kept(
        self, settle: Callable[[ConnectionPoolEntry], bool]
    ) -> PoolProxiedConnection | None:
        """Lend the connection that was kept last, unless it has to be tried; None if there is none.

        It awaits nothing, and so takes no greenlet.
        """
        if not self._kept:
            return None
        record, lent = self._kept.popitem()
        made_at: float = record.last_connect_time  # type: ignore[attr-defined] # the record has it
        is_old = self._recycle > -1 and time() - made_at > self._recycle
        if is_old or not settle(record):
            lent.close()
            return None
        return lent

    def dispose(self) -> None:
        while self._kept:
            self._check_in()
        super().dispose()

    def _check_in(self) -> None:
        """Check in the connection that was kept last."""
        _, lent = self._kept.popitem()
        lent.close()

    def _do_get(self) -> ConnectionPoolEntry:
        if self._kept and (self._places.locked() or self._pool.empty()):
            self._check_in()
        if self._places.locked():
            await_(self._wait_for_place())
        else:
            with suppress(StopIteration):  # as a coroutine ends that has nothing to wait for
                self._places.acquire().send(None)
        try:
            return super()._do_get()
        except BaseException:
            self._places.release()
            raise

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        try:
            if self.has_room:
                super()._do_return_conn(record)
            else:  # which SQLAlchemy can't tell, as it does not know of those that are kept
                self._close(record)
        finally:
            self._places.release()

    def _close(self, record: ConnectionPoolEntry) -> None:
        try:
            record.close()
        finally:
            self._dec_overflow()

    async def _wait_for_place(self) -> None:
        self._waiting += 1
        self._waits += 1
        try:
            async with asyncio.timeout(self.timeout()):
                await self._places.acquire()
        except TimeoutError:
            places = self.size() + self._max_overflow
            raise PoolTimeout(
                f"all {places} connections were in use for {self.timeout():g} seconds"
            ) from None
        finally:
            self._waiting -= 1
