"""How statements are sent over a driver's own connection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol


class Driver(Protocol):
    """Sends statements as they are; raises what the driver does."""

    async def fetch(
        self, connection: Any, text: str, parameters: Sequence[Any]
    ) -> Sequence[Sequence[Any]]:
        """Run a statement, and return all of its rows."""

    async def change(self, connection: Any, text: str, parameters: Sequence[Any]) -> int:
        """Run a writing statement, and count the rows that it hit."""

    async def insert(self, connection: Any, text: str, parameters: Sequence[Any]) -> int | None:
        """Write a row, and tell the key that it got; None if it was not written."""

    async def command(self, connection: Any, text: str) -> None:
        """Run what has neither parameters nor rows."""


class Asyncpg:
    """PostgreSQL's, whose INSERT returns the key."""

    async def fetch(
        self, connection: Any, text: str, parameters: Sequence[Any]
    ) -> Sequence[Sequence[Any]]:
        rows: Sequence[Sequence[Any]] = await connection.fetch(text, *parameters)
        return rows

    async def change(self, connection: Any, text: str, parameters: Sequence[Any]) -> int:
        status: str = await connection.execute(text, *parameters)  # such as "UPDATE 1"
        return int(status.rpartition(" ")[2])

    async def insert(self, connection: Any, text: str, parameters: Sequence[Any]) -> int | None:
        key: int | None = await connection.fetchval(text, *parameters)
        return key

    async def command(self, connection: Any, text: str) -> None:
        await connection.execute(text)


class Aiomysql:
    """That of MySQL and MariaDB."""

    async def fetch(
        self, connection: Any, text: str, parameters: Sequence[Any]
    ) -> Sequence[Sequence[Any]]:
        async with connection.cursor() as cursor:
            await cursor.execute(text, parameters)
            rows: Sequence[Sequence[Any]] = await cursor.fetchall()
            return rows

    async def change(self, connection: Any, text: str, parameters: Sequence[Any]) -> int:
        async with connection.cursor() as cursor:
            hit: int = await cursor.execute(text, parameters)
            return hit

    async def insert(self, connection: Any, text: str, parameters: Sequence[Any]) -> int | None:
        async with connection.cursor() as cursor:
            await cursor.execute(text, parameters)
            return cursor.lastrowid if cursor.rowcount else None

    async def command(self, connection: Any, text: str) -> None:
        await connection.query(text)


class Aiosqlite:
    """SQLite's, which runs them in a thread."""

    async def fetch(
        self, connection: Any, text: str, parameters: Sequence[Any]
    ) -> Sequence[Sequence[Any]]:
        rows: Sequence[Sequence[Any]] = await connection.execute_fetchall(text, parameters)
        return rows

    async def change(self, connection: Any, text: str, parameters: Sequence[Any]) -> int:
        async with connection.execute(text, parameters) as cursor:
            hit: int = cursor.rowcount
            return hit

    async def insert(self, connection: Any, text: str, parameters: Sequence[Any]) -> int | None:
        async with connection.execute(text, parameters) as cursor:
            return cursor.lastrowid if cursor.rowcount else None

    async def command(self, connection: Any, text: str) -> None:
        await connection.execute_fetchall(text)
