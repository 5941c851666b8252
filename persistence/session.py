"""The request's session, safe to share between concurrent resolvers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar, TypeVarTuple, cast

from sqlalchemy import CursorResult, Delete, Dialect, Insert, Row, Select, Update
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.models import Base

RecordT = TypeVar("RecordT", bound=Base)
T = TypeVar("T")
Columns = TypeVarTuple("Columns")

AUTOCOMMIT = {"isolation_level": "AUTOCOMMIT"}


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
        self._is_closed = False

    async def dialect(self) -> Dialect:
        """Tell what the database can do; known once it has been asked, which connecting does."""
        async with self._lend() as session:
            return (await session.connection()).dialect

    async def rows(self, statement: Select[*Columns]) -> Sequence[Row[*Columns]]:
        """Run a statement and return its rows, fully read."""
        async with self._lend() as session:
            return (await session.execute(statement)).all()

    async def add(self, record: RecordT) -> RecordT:
        """Write a record now, so that it has its key, or a broken constraint is raised here."""
        async with self._lend(to_write=True) as session:
            session.add(record)
            await session.flush()
            return record

    async def change(
        self, statement: Insert | Update | Delete, rows: Sequence[Mapping[str, Any]] = ()
    ) -> int:
        """Run a writing statement, once for all `rows` if there are any; count the rows it hit."""
        async with self._lend(to_write=True) as session:
            result = await session.execute(statement, rows or None)
            return cast("CursorResult[Any]", result).rowcount

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[None]:
        """Commit at the end of the block, or roll back if it raises."""
        async with self._turn:
            await self._session.rollback()  # let go of the connection that reads in autocommit
            await self._session.begin()
        self._in_transaction = True
        try:
            yield
            async with self._turn:
                await self._session.commit()
        except BaseException:
            async with self._turn:
                await finish(self._session.rollback())
            raise
        finally:
            self._in_transaction = False

    async def close(self) -> None:
        """Stop what still runs or waits here, and give the connection back, come what may."""
        self._is_closed = True
        await finish(self._end())

    async def _end(self) -> None:
        borrowers = [*self._borrowers]
        for task in borrowers:
            task.cancel()
        await asyncio.gather(*borrowers, return_exceptions=True)
        await self._session.close()

    @asynccontextmanager
    async def _lend(self, *, to_write: bool = False) -> AsyncGenerator[AsyncSession]:
        if to_write and not self._in_transaction:
            raise RuntimeError("Writing needs a transaction.")
        if self._is_closed:  # a loader's batch that was scheduled before, and starts after
            raise asyncio.CancelledError
        task = cast("asyncio.Task[Any]", asyncio.current_task())
        self._borrowers.add(task)
        try:
            async with self._turn:
                try:
                    if not self._session.in_transaction():
                        await self._session.connection(execution_options=AUTOCOMMIT)
                    yield self._session
                except asyncio.CancelledError:
                    if not self._in_transaction:  # which is left to fail, and to be rolled back
                        await finish(self._session.invalidate())
                    raise
        finally:
            self._borrowers.discard(task)


async def finish(work: Awaitable[T]) -> T:
    """Await something to its end, however often the awaiting task is cancelled meanwhile."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
        except Exception:  # noqa: BLE001 (raised below, unless a cancellation goes before it)
            break
    if cancelled is None or task.cancelled():
        return task.result()
    task.exception()  # is looked at, so that nobody warns that it was not
    raise cancelled
