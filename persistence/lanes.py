"""Statements straight to the driver, over a connection that is the pool's.

SQLAlchemy writes the statements and keeps the pool. To have it run them as well would take
longer than the driver, the network and the entities together.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.util import greenlet_spawn

from persistence.entities import Make
from persistence.servers import Server
from persistence.statements import Query

T = TypeVar("T")


@dataclass(slots=True)
class Usage:
    """What was asked of the database: statements sent, but for a transaction's beginnings and ends.

    The rows are those that came back or were hit. What is run anew counts each time.
    """

    statements: int = 0
    rows: int = 0

    def lane(self, server: Server, lent: PoolProxiedConnection) -> Lane:
        """Send statements over a connection that is lent, and count them here."""
        return Lane(server, lent, self)


class Found(NamedTuple):
    """Rows as they came from the driver, and what makes an entity or a tuple of one."""

    rows: Sequence[Any]
    make: Make


class Lane:
    """A connection that is lent, by its driver. Statements are logged and can be listened to.

    What drivers raise comes out as SQLAlchemy's errors.
    """

    __slots__ = ("_connection", "_driver", "_engine", "_is_logged", "_lent", "_server", "_usage")

    def __init__(self, server: Server, lent: PoolProxiedConnection, usage: Usage) -> None:
        self._server = server
        self._lent = lent
        self._usage = usage
        self._driver = server.profile.driver
        self._connection: Any = lent.driver_connection
        self._engine = server.engine.sync_engine
        self._is_logged = self._engine.logger.isEnabledFor(logging.INFO)

    async def fetch(self, query: Query) -> Found:
        """Run a statement, and return its rows."""
        statement = self._server.statement_of(query)
        self._usage.statements += 1
        rows = await self._send(
            self._driver.fetch, statement.text, statement.parameters(query.values)
        )
        self._usage.rows += len(rows)
        return Found(rows, statement.make)

    async def change(self, query: Query) -> int:
        """Run a writing statement, and count the rows that it hit."""
        statement = self._server.statement_of(query)
        self._usage.statements += 1
        hit = await self._send(
            self._driver.change, statement.text, statement.parameters(query.values)
        )
        self._usage.rows += hit
        return hit

    async def insert(self, query: Query) -> int | None:
        """Write a row, and tell the key that it got; None if it was not written."""
        statement = self._server.statement_of(query)
        self._usage.statements += 1
        key = await self._send(
            self._driver.insert, statement.text, statement.parameters(query.values)
        )
        self._usage.rows += key is not None
        return key

    async def explain(self, text: str, parameters: Sequence[Any]) -> str:
        """Run a SELECT to tell how the database does it."""
        profile, dialect = self._server.profile, self._engine.dialect
        self._usage.statements += 1
        asked = f"{profile.explain_prefix(dialect)} {text}"
        return profile.plan_of(await self._send(self._driver.fetch, asked, parameters))

    async def command(self, text: str) -> None:
        """Run what has neither parameters nor rows, such as COMMIT."""
        await self._send(self._command, text, ())

    def _command(self, connection: Any, text: str, _: Sequence[Any]) -> Awaitable[None]:
        return self._driver.command(connection, text)

    async def _send(
        self,
        run: Callable[[Any, str, Sequence[Any]], Awaitable[T]],
        text: str,
        parameters: Sequence[Any],
    ) -> T:
        if self._is_logged or self._engine.dispatch.before_cursor_execute:
            text, parameters = await self._announce(text, parameters)
        try:
            return await run(self._connection, text, parameters)
        except Exception as error:
            raise self._server.translated(error, self._lent, text, parameters) from error

    async def _announce(self, text: str, parameters: Sequence[Any]) -> tuple[str, Sequence[Any]]:
        """Log a statement, and show it to the engine's listeners, who may put another in its place.

        They get one of SQLAlchemy's connections, over which they can do more.
        """
        if listeners := self._engine.dispatch.before_cursor_execute:
            connection = Connection(self._engine, self._lent)

            def tell() -> tuple[str, Sequence[Any]]:
                told: tuple[str, Sequence[Any]] = text, tuple(parameters)
                for listener in listeners:
                    told = listener(connection, None, *told, None, False)  # noqa: FBT003 (theirs)
                return told

            text, parameters = await greenlet_spawn(tell)
        if self._is_logged:
            self._engine.logger.info(text)
            self._engine.logger.info("%r", parameters)
        return text, parameters
