"""The request's session, safe to share between concurrent resolvers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from random import uniform
from typing import Any, TypeVar, TypeVarTuple, cast

from sqlalchemy import CursorResult, Delete, Dialect, Insert, Row, Select, Update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

import domain
from persistence import dialects
from persistence.cancellation import cancelled_once, finish
from persistence.models import Base

log = logging.getLogger("inkwell.persistence")

RecordT = TypeVar("RecordT", bound=Base)
T = TypeVar("T")
Columns = TypeVarTuple("Columns")

AUTOCOMMIT = {"isolation_level": "AUTOCOMMIT"}

RETRIES = 3
FIRST_PAUSE_SECONDS = 0.05  # at most, and twice as much each time: "full jitter"


class RequestSession:
    """Lends one `AsyncSession` to one statement at a time.

    GraphQL resolves sibling fields concurrently, and an `AsyncSession` refuses
    concurrent use. Taking turns keeps one connection per request, which a
    session per loader would give up. Outside `transaction` a read stands
    alone, which saves PostgreSQL the round trips of BEGIN and ROLLBACK.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._turn = asyncio.Lock()
        self._borrowers: set[asyncio.Task[Any]] = set()
        self._in_transaction = False
        self._is_interrupted = False
        self._is_closed = False
        can_cancel = dialects.can_cancel(session.get_bind().dialect)
        self._to_its_end = cancelled_once if can_cancel else finish

    async def dialect(self) -> Dialect:
        """Tell what the database can do; known once it has been asked, which connecting does."""

        async def look(session: AsyncSession) -> Dialect:
            return (await session.connection()).dialect

        return await self._lend(look)

    async def rows(
        self, statement: Select[*Columns], *, to_write: bool = False
    ) -> Sequence[Row[*Columns]]:
        """Run a statement and return its rows, fully read."""

        async def read(session: AsyncSession) -> Sequence[Row[*Columns]]:
            return (await session.execute(statement)).all()

        return await self._lend(read, to_write=to_write)

    async def add(self, record: RecordT) -> RecordT:
        """Write a record now, so that it has its key.

        Raises `IntegrityError` for a broken constraint, after which the transaction goes on.
        """

        async def write(session: AsyncSession) -> RecordT:
            async with savepoint(session):
                session.add(record)
                await session.flush()
            return record

        return await self._lend(write, to_write=True)

    async def change(
        self,
        statement: Insert | Update | Delete,
        rows: Sequence[Mapping[str, Any]] = (),
        *,
        may_break: bool = False,
    ) -> int:
        """Run a writing statement, once for all `rows` if there are any; count the rows it hit.

        If it `may_break` a constraint, the transaction goes on after the `IntegrityError`.
        """

        async def write(session: AsyncSession) -> int:
            async with savepoint(session) if may_break else nullcontext():
                result = await session.execute(statement, rows or None)
                return cast("CursorResult[Any]", result).rowcount

        return await self._lend(write, to_write=True)

    async def transaction(self, write: Callable[[], Awaitable[T]]) -> T:
        """Commit what `write` wrote and return its result, or roll back if it raises.

        One that the database gave up for the sake of others is run anew, `RETRIES`
        times; raises `domain.Busy` if the last is given up as well.
        """
        pauses = (uniform(0, FIRST_PAUSE_SECONDS * 2**n) for n in range(RETRIES))  # noqa: S311 (no secret)
        while True:
            try:
                return await self._attempt(write)
            except DBAPIError as error:
                if not dialects.is_lost_race(error):
                    raise
                log.info("A transaction lost a race: %s", error.orig)
                pause_seconds = next(pauses, None)
                if pause_seconds is None:
                    raise domain.Busy from error
            await asyncio.sleep(pause_seconds)

    async def release(self) -> None:
        """Give the connection back until the next statement; not within a transaction."""
        async with self._turn:
            if not self._in_transaction:
                await finish(self._session.rollback())

    async def close(self) -> None:
        """Stop what still runs or waits here, and give the connection back, come what may."""
        self._is_closed = True
        await finish(self._end())

    async def _attempt(self, write: Callable[[], Awaitable[T]]) -> T:
        """Run a transaction once; what has been sent of its COMMIT is not interrupted."""
        async with self._turn:
            if self._in_transaction:
                raise RuntimeError("This session is in a transaction already.")
            await finish(self._session.rollback())  # lets go of what reads in autocommit
            await self._session.begin()
            self._in_transaction, self._is_interrupted = True, False
        try:
            result = await write()
            async with self._turn:
                await finish(self._session.commit())
        except BaseException:
            await finish(self._roll_back())
            raise
        finally:
            self._in_transaction = False
        return result

    async def _roll_back(self) -> None:
        await self._stop_borrowers()
        async with self._turn:
            try:
                if not self._is_interrupted:
                    await self._session.rollback()
                    return
            except DBAPIError as error:
                log.info("A transaction could not be rolled back: %s", error.orig)
            await self._session.invalidate()  # what the server has to say is in doubt

    async def _end(self) -> None:
        await self._stop_borrowers()
        await self._session.close()

    async def _stop_borrowers(self) -> None:
        borrowers = [*self._borrowers]
        for task in borrowers:
            task.cancel()
        await asyncio.gather(*borrowers, return_exceptions=True)

    async def _lend(
        self, work: Callable[[AsyncSession], Awaitable[T]], *, to_write: bool = False
    ) -> T:
        """Do some work on the session when it is free."""
        if to_write and not self._in_transaction:
            raise RuntimeError("Writing needs a transaction.")
        if self._is_closed:  # a loader's batch that was scheduled before, and starts after
            raise asyncio.CancelledError
        task = cast("asyncio.Task[Any]", asyncio.current_task())
        self._borrowers.add(task)
        try:
            async with self._turn:
                return await self._to_its_end(self._do(work))
        finally:
            self._borrowers.discard(task)

    async def _do(self, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
        try:
            if not self._session.in_transaction():
                await self._session.connection(execution_options=AUTOCOMMIT)
            return await work(self._session)
        except asyncio.CancelledError:
            if self._in_transaction:  # which fails from now on, until it is rolled back
                self._is_interrupted = True
            else:
                await self._session.invalidate()
            raise


@asynccontextmanager
async def savepoint(session: AsyncSession) -> AsyncGenerator[None]:
    """Take a write that breaks a constraint back alone, so that its transaction can go on.

    Whatever else goes wrong takes the transaction with it, and on MySQL the savepoint.
    """
    nested = await session.begin_nested()
    try:
        yield
        await nested.commit()
    except IntegrityError:
        await nested.rollback()
        raise
