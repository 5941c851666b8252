"""A connection of one server, whose statements end in time and leave it in no doubt."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from operator import methodcaller
from typing import Any, TypeVar

from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.util import greenlet_spawn

import domain
from persistence import failures
from persistence.cancellation import cancelled_once, finish
from persistence.lanes import Lane, Usage
from persistence.servers import Server

T = TypeVar("T")

FAREWELL_SECONDS = 0.4  # for a server to hear that what it does is not wanted any more

COMMIT, ROLLBACK = methodcaller("command", "COMMIT"), methodcaller("command", "ROLLBACK")

log = logging.getLogger("inkwell.persistence")


class Lease:
    """A connection to a server, which is taken from the pool when something is first run.

    It begins a transaction if it is `to_write`, and else reads in autocommit.
    """

    def __init__(self, server: Server, usage: Usage, *, to_write: bool = False) -> None:
        self.server = server
        self._usage = usage
        self._to_write = to_write
        self._begins_and_ends = to_write or server.reads_in_transactions
        self._is_one_read = server.reads_in_transactions and not to_write
        self._lent: PoolProxiedConnection | None = None
        self._lane: Lane | None = None
        self._is_broken = False
        self._cut_because: Exception | None = None

    @property
    def is_idle(self) -> bool:
        """Whether its connection can be given back at once, with nothing to await."""
        is_open = self._lane is not None and self._begins_and_ends
        return not is_open and not self._is_broken and self.server.has_room

    def run(self, work: Callable[[Lane], Awaitable[T]]) -> Awaitable[T]:
        """Do some work on the connection; raises what SQLAlchemy does, or `TookTooLong`.

        Whoever cancels it waits for its end, which a server is asked to hurry, and so is SQLite
        unless it writes: its statements run in a thread, and would go on without a connection.
        """
        if self.server.profile.is_local:
            return finish(self._run(work), hurry=self._hurry)
        return self._run(work)

    async def commit(self) -> None:
        """Commit; raises `OutcomeUnknown` if the connection dies before the answer."""
        if self._is_broken:
            raise InvalidRequestError("This transaction was lost with its connection.")
        if self._lane is None:
            return
        try:
            await self._limited(self._lane, COMMIT)
        except Exception as error:
            if isinstance(error, domain.TookTooLong) or failures.is_lost_connection(error):
                self._is_broken = True
                raise domain.OutcomeUnknown from error
            raise
        self._lane = None

    async def roll_back(self) -> None:
        """Roll back, or throw the connection away if what the server has to say is in doubt."""
        lane, self._lane = self._lane, None
        if lane is not None and not self._is_broken:
            try:
                await self._limited(lane, ROLLBACK)
            except Exception as error:  # noqa: BLE001 (what made it roll back is being raised)
                log.info("A transaction could not be rolled back: %s", failures.first_line(error))
                self._is_broken = True
        if self._is_broken:
            await self._throw_away()

    async def close(self) -> None:
        """Give the connection back, and take back what was not committed."""
        if self._is_broken or self._begins_and_ends:
            await self.roll_back()
        await greenlet_spawn(self.give_back)

    def give_back(self) -> None:
        """Give the connection back, if it `is_idle` or in a greenlet."""
        lent, self._lent, self._lane = self._lent, None, None
        if lent is not None:
            self.server.take_back(lent)

    async def _run(self, work: Callable[[Lane], Awaitable[T]]) -> T:
        if self._is_broken:
            raise InvalidRequestError("This transaction was lost with its connection.")
        try:
            result = await self._limited(self._lane or await self._take(), work)
            if self._lane is not None and self._is_one_read:
                await self._limited(self._lane, COMMIT)
                self._lane = None
                await finish(self._end())
        except Exception as error:
            is_lost = failures.is_lost_connection(error) or self._cut_because is not None
            self._is_broken = is_lost and not self.server.profile.is_local
            if not self._to_write and (self._is_broken or self.server.reads_in_transactions):
                await finish(self._end())
            raise
        except asyncio.CancelledError:  # once: what comes of it is out of reach of another one
            if not self.server.profile.is_local:
                await finish(self._abandon())
            raise
        return result

    async def _end(self) -> None:
        """Be done with the connection, so that the next read takes another."""
        await self.close()
        self._is_broken = False

    async def _take(self) -> Lane:
        """Wait for a connection, and begin; only the latter is a statement, with its limit."""
        if self._lent is None:
            self._lent = self.server.connection_at_once()
        if self._lent is None:
            connecting = greenlet_spawn(self._connect)
            if self.server.profile.is_local:
                await connecting
            else:
                await cancelled_once(connecting, patience_seconds=FAREWELL_SECONDS, hurry=self._cut)
        lent: Any = self._lent
        lane = self._usage.lane(self.server, lent)
        if self._begins_and_ends:
            await self._limited(lane, lambda lane: lane.command(self.server.begin))
        self._lane = lane
        return lane

    def _connect(self) -> None:
        self._lent = self.server.connect()

    async def _limited(self, lane: Lane, work: Callable[[Lane], Awaitable[T]]) -> T:
        """Cut what takes too long; raises `TookTooLong` in place of what the driver makes of it.

        A replica that has gone silent is `Unreachable` long before that.
        """
        self._cut_because = None
        limit, limit_seconds = None, self.server.time_limit_seconds
        if limit_seconds is not None:
            loop = asyncio.get_running_loop()
            limit = loop.call_later(limit_seconds, self._cut_as_slow)
        try:
            if not self.server.is_replica:
                return await work(lane)
            with self.server.silence.watching(self._cut_as_silent):
                return await work(lane)
        except Exception as error:
            if self._cut_because is not None:
                raise self._cut_because from error
            raise
        finally:
            if limit is not None:
                limit.cancel()

    async def _abandon(self) -> None:
        """Throw the connection away once its server has heard of it, or soon."""
        self._is_broken = True
        if not self._to_write:
            loop = asyncio.get_running_loop()
            end = loop.call_later(FAREWELL_SECONDS, self._cut)
            try:
                await self._end()
            finally:
                end.cancel()

    async def _throw_away(self) -> None:
        lent = self._lent
        if lent is not None and lent.dbapi_connection is not None:
            await greenlet_spawn(lent.invalidate)

    def _hurry(self) -> None:
        """Cut a read that nobody awaits; a write that is cut takes SQLite's transaction with it."""
        if not self._to_write:
            self._cut()

    def _cut_as_slow(self) -> None:
        self._cut(domain.TookTooLong())

    def _cut_as_silent(self) -> None:
        self._cut(failures.Unreachable("no answer in time"))

    def _cut(self, reason: Exception | None = None) -> None:
        self._cut_because = self._cut_because or reason
        if self._lent is not None and self._lent.driver_connection is not None:
            self.server.profile.cut(self._lent.driver_connection)
