"""An administrator who ends the sessions of a database, over a connection of their own."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

POSTGRESQL = """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""
MYSQL = """SELECT id FROM information_schema.processlist
WHERE db = database() AND id <> connection_id()"""


class Administrator:
    """Ends the sessions of everybody else."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def end_sessions(self) -> int:
        """End all that there are, and count them."""
        if self._connection.dialect.name == "postgresql":
            return int(await self._connection.scalar(text(POSTGRESQL)) or 0)
        numbers = [*await self._connection.scalars(text(MYSQL))]
        for number in numbers:
            with suppress(DBAPIError):  # it has gone by itself
                await self._connection.execute(text(f"KILL {number}"))
        return len(numbers)


@asynccontextmanager
async def administrator(url: str) -> AsyncGenerator[Administrator]:
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    async with engine.connect() as connection:
        yield Administrator(connection)
