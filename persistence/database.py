"""The shared engine, and a unit of work per request."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Self, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, async_sessionmaker

import domain
from persistence.comments import SqlCommentRepository
from persistence.dialects import EngineOptions, create_engine
from persistence.posts import SqlPostRepository
from persistence.session import AUTOCOMMIT, RequestSession
from persistence.sessions import SqlSessionRepository
from persistence.tags import SqlTagRepository
from persistence.users import SqlUserRepository

T = TypeVar("T")


class DatabaseUnreachable(Exception):
    """The database can't be connected to; the message says where it should be, and why not."""


def first_line(error: object) -> str:
    """Say what a driver says, without the statement and the links that follow it."""
    return (str(error).splitlines() or [""])[0]


class SqlUnitOfWork:
    """`domain.UnitOfWork` over one request's session."""

    def __init__(self, session: RequestSession, viewer: domain.Viewer) -> None:
        self._session = session
        self.viewer = viewer
        self.users = SqlUserRepository(session, viewer)
        self.sessions = SqlSessionRepository(session)
        self.posts = SqlPostRepository(session, viewer)
        self.comments = SqlCommentRepository(session, viewer)
        self.tags = SqlTagRepository(session, viewer)

    def seen_by(self, viewer: domain.Viewer) -> Self:
        return type(self)(self._session, viewer)

    async def transaction(self, write: Callable[[], Awaitable[T]]) -> T:
        return await self._session.transaction(write)

    async def release(self) -> None:
        await self._session.release()


class Database:
    """One engine for the life of the process."""

    def __init__(self, url: str, options: EngineOptions) -> None:
        self.engine: AsyncEngine = create_engine(url, options)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)

    @classmethod
    @asynccontextmanager
    async def connect(
        cls, url: str, options: EngineOptions | None = None
    ) -> AsyncGenerator[Database]:
        """Make the engine, which connects when first used; close its connections in the end."""
        database = cls(url, options or EngineOptions())
        try:
            yield database
        finally:
            await database.engine.dispose()

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncConnection]:
        """Lend a connection that reads, outside a transaction: on SQLite one would lock writers."""
        async with self.engine.connect() as connection:
            yield await connection.execution_options(**AUTOCOMMIT)

    async def ping(self) -> None:
        """Connect once; raises `DatabaseUnreachable`."""
        try:
            async with self.reading() as connection:
                await connection.execute(select(1))
        except (OSError, DBAPIError) as error:
            reason = first_line(getattr(error, "orig", error)) or "no answer in time"
            raise DatabaseUnreachable(f"{self.engine.url}: {reason}") from error

    @asynccontextmanager
    async def unit_of_work(self, viewer: domain.Viewer = None) -> AsyncGenerator[SqlUnitOfWork]:
        """Open a session for a viewer; it takes a connection once something is read or written.

        When the block ends, reads that still run are stopped and the connection is given back.
        """
        session = RequestSession(self._sessions())
        try:
            yield SqlUnitOfWork(session, viewer)
        finally:
            await session.close()
