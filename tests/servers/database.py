"""What all database servers have in common: a user and a database for the tests, and an admin."""

from __future__ import annotations

import asyncio
from typing import Any

from asyncpg import PostgresError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from tests.servers.process import ServerProcess

ANSWER_SECONDS = 5


class DatabaseServer(ServerProcess):
    """A database server with an empty database `inkwell`, which is the user `inkwell`'s."""

    DRIVER: str
    ADMIN: str

    @property
    def url(self) -> str:
        """Where the tests' user finds the tests' database."""
        return f"{self.DRIVER}://inkwell:inkwell@127.0.0.1:{self.port}/inkwell"

    @property
    def admin_url(self) -> str:
        """Where somebody who may do everything logs in."""
        return f"{self.DRIVER}://{self.ADMIN}@127.0.0.1:{self.port}/"

    async def sql(self, *statements: str) -> list[Any]:
        """Run statements as the admin; the rows of the last one."""
        rows: list[Any] = []
        engine = create_async_engine(
            self.admin_url, isolation_level="AUTOCOMMIT", poolclass=NullPool
        )
        async with engine.connect() as connection:
            for statement in statements:
                result = await connection.execute(text(statement))
                rows = [*result.all()] if result.returns_rows else []
        return rows

    async def _answers(self) -> bool:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self.sql("SELECT 1")
        except (OSError, DBAPIError, PostgresError, TimeoutError):
            return False
        return True
