"""The request's session, safe to share between concurrent resolvers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar, TypeVarTuple, cast

from sqlalchemy import CursorResult, Delete, Dialect, Insert, Row, Select, Update
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.models import Base

RecordT = TypeVar("RecordT", bound=Base)
Columns = TypeVarTuple("Columns")

AUTOCOMMIT = {"isolation_level": "AUTOCOMMIT"}


class RequestSession:
    """Lends one `AsyncSession` to one statement at a time.

    GraphQL resolves sibling fields concurrently, and an `AsyncSession` refuses
    concurrent use. Taking turns keeps one connection per request, which a
    session per loader would give up. Outside `transaction` a read stands
    alone, and saves the two round trips of BEGIN and ROLLBACK.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._turn = asyncio.Lock()
        self._borrowers: set[asyncio.Task[Any] | None] = set()
        self._in_transaction = False

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
        borrowers = [task for task in self._borrowers if task]
        for task in borrowers:
            task.cancel()
        await finish(asyncio.gather(*borrowers, return_exceptions=True))
        await finish(self._session.close())

    @asynccontextmanager
    async def _lend(self, *, to_write: bool = False) -> AsyncGenerator[AsyncSession]:
        if to_write and not self._in_transaction:
            raise RuntimeError("Writing needs a transaction.")
        task = asyncio.current_task()
        self._borrowers.add(task)
        try:
            async with self._turn:
                if not self._session.in_transaction():
                    await self._session.connection(execution_options=AUTOCOMMIT)
                yield self._session
        finally:
            self._borrowers.discard(task)


async def finish(work: Any) -> None:
    """Await something to its end, even if the awaiting task is cancelled meanwhile."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
