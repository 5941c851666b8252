"""One session on one server, whose statements end in time and leave no connection in doubt."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Generator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncSession

import domain
from persistence import failures
from persistence.cancellation import cancelled_once, finish
from persistence.servers import TAKEN, Server

T = TypeVar("T")

FAREWELL_SECONDS = 0.4  # for a server to hear that what it does is not wanted any more

log = logging.getLogger("inkwell.persistence")


class Lease:
    """An `AsyncSession` on a server; it takes a connection when something is first run.

    It begins a transaction if it is `to_write`, and else reads in autocommit.
    """

    def __init__(self, server: Server, *, to_write: bool = False) -> None:
        self.server = server
        self._to_write = to_write
        self._session: AsyncSession = (server.writing if to_write else server.reading)()
        self._driver_connection: Any = None
        self._is_broken = False

    async def run(self, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
        """Do some work on the session; raises what the driver does, or `TookTooLong`.

        Whoever cancels it waits for its end, which a server is asked to hurry, and so is SQLite
        unless it writes: its statements run in a thread, and would go on without a connection.
        """
        if self.server.profile.is_local:
            return await finish(self._run(work), hurry=self._hurry)
        return await cancelled_once(
            self._run(work), patience_seconds=FAREWELL_SECONDS, hurry=self._cut
        )

    async def commit(self) -> None:
        """Commit; raises `OutcomeUnknown` if the connection dies before the answer."""
        try:
            with self._limited():
                await self._session.commit()
        except Exception as error:
            if isinstance(error, domain.TookTooLong) or failures.is_lost_connection(error):
                raise domain.OutcomeUnknown from error
            raise

    async def roll_back(self) -> None:
        """Roll back, or throw the connection away if what the server has to say is in doubt."""
        try:
            if not self._is_broken:
                with self._limited():
                    await self._session.rollback()
                return
        except Exception as error:  # noqa: BLE001 (what made it roll back is being raised)
            log.info("A transaction could not be rolled back: %s", failures.first_line(error))
        await self._session.invalidate()

    async def close(self) -> None:
        """Give the connection back."""
        await self._session.close()

    async def _run(self, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
        try:
            if self._driver_connection is None:
                await self._take_connection()
            with self._limited():
                result = await work(self._session)
                if self._is_one_read:
                    await self._session.commit()
                    self._driver_connection = None  # which is the pool's again
                return result
        except Exception:
            if not self._to_write:  # or the next one would be refused, as by PostgreSQL
                await self.roll_back()
                self._driver_connection = None
            raise
        except asyncio.CancelledError:
            if self._to_write:  # which fails from now on, until it is rolled back
                self._is_broken = True
            else:
                await self._session.invalidate()
                self._driver_connection = None
            raise

    @property
    def _is_one_read(self) -> bool:
        """Whether what is run next is a transaction of its own."""
        return self.server.reads_in_transactions and not self._to_write

    async def _take_connection(self) -> None:
        """Wait for a connection, and begin; only the latter is a statement, with its limit."""
        with ExitStack() as stack:

            def taken(connection: Connection) -> None:
                self._driver_connection = connection.connection.driver_connection
                stack.enter_context(self._limited())

            await self._session.connection(execution_options={TAKEN: taken})

    @contextmanager
    def _limited(self) -> Generator[None]:
        """Cut what takes too long; raises `TookTooLong` in place of what the driver makes of it.

        A replica that has gone silent is `Unreachable` long before that.
        """
        limit_seconds = self.server.time_limit_seconds
        reasons: list[Exception] = []

        def cut(reason: Exception) -> None:
            reasons.append(reason)
            self._cut()

        with ExitStack() as guards:
            if limit_seconds is not None:
                loop = asyncio.get_running_loop()
                limit = loop.call_later(limit_seconds, cut, domain.TookTooLong())
                guards.callback(limit.cancel)
            if self.server.is_replica:
                silent = failures.Unreachable("no answer in time")
                guards.enter_context(self.server.silence.watching(partial(cut, silent)))
            try:
                yield
            except Exception as error:
                if reasons:
                    raise reasons[0] from error
                raise

    def _hurry(self) -> None:
        """Cut a read that nobody awaits; a write that is cut takes SQLite's transaction with it."""
        if not self._to_write:
            self._cut()

    def _cut(self) -> None:
        if self._driver_connection is not None:
            self.server.profile.cut(self._driver_connection)
