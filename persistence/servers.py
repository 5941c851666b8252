"""A database server, and the pool of connections to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Dialect, event, select
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.util import greenlet_spawn

from persistence import failures, mysql
from persistence.circuit_breaker import CircuitBreaker
from persistence.dialects import AUTOCOMMIT, PROFILES
from persistence.options import EngineOptions, check_url
from persistence.pools import FairPool
from persistence.silence import SilenceWatch

TAKEN = "inkwell_taken"  # an execution option: whom to tell of a connection before it begins
USED_AT = "used_at"
PING_AFTER_IDLE_SECONDS = 1.0
PING_TIMEOUT_SECONDS = 0.4
GRACE_SECONDS = 1.0
RECENTLY_SECONDS = 1.0
REPLICA_CONNECT_TIMEOUT_SECONDS = 1.0


class Server:
    """One server: its connections, and what is known of its health.

    A connection that lay idle is tried before it is lent, and so is each that was last used
    before another one died. Nothing is opened before the first is needed.

    A replica is not waited for as long: what it does not answer, the primary can.
    """

    def __init__(self, url: str, options: EngineOptions, *, is_replica: bool = False) -> None:
        if is_replica:
            within_seconds = min(options.connect_timeout_seconds, REPLICA_CONNECT_TIMEOUT_SECONDS)
            options = replace(options, connect_timeout_seconds=within_seconds)
        self.url = check_url(url)
        self.options = options
        self.is_replica = is_replica
        self.profile = PROFILES[self.url.get_backend_name()]
        self.breaker = CircuitBreaker(self.url.render_as_string())
        self.engine = self._create_engine()
        in_transactions = self.engine.execution_options(isolation_level=self.profile.transactions)
        self.reading = async_sessionmaker(self.engine, expire_on_commit=False)
        self.writing = async_sessionmaker(in_transactions, expire_on_commit=False)
        self.silence = SilenceWatch(self._knock)
        self._in_transactions = in_transactions
        self._doubted_at = monotonic()

    @property
    def reads_in_transactions(self) -> bool:
        """Whether each read is a transaction: a pooler keeps together nothing else."""
        return self.options.is_pooled

    @property
    def time_limit_seconds(self) -> float | None:
        """When a statement is to be cut: a server does so itself, unless it has gone silent."""
        limit = self.options.statement_timeout_seconds
        return limit if limit is None or self.profile.is_local else limit + GRACE_SECONDS

    @asynccontextmanager
    async def connection(self) -> AsyncGenerator[AsyncConnection]:
        """Lend a connection in autocommit; raises `Unreachable`."""
        async with self.engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[AsyncConnection]:
        """Lend a connection in a transaction, committed unless the block raises."""
        async with self._in_transactions.begin() as connection:
            yield connection

    async def ping(self) -> None:
        """Have the server answer a statement; raises what its driver does, or `Unreachable`."""
        async with self.connection() as connection:
            await connection.execute(select(1))
        self.breaker.close()  # over a connection that was there already, as after a frozen network

    @property
    def is_busy(self) -> bool:
        """Whether all of its connections are lent."""
        pool = self.engine.pool
        return isinstance(pool, FairPool) and pool.is_exhausted

    async def is_there(self) -> bool:
        """Tell whether it answers, without a connection of the pool's: it has just now, or does."""
        if self.profile.is_local or self.breaker.has_answered_within(RECENTLY_SECONDS):
            return True
        try:
            await self._knock()
        except failures.ConnectionLost:  # whoever hangs up has answered
            return True
        except failures.Unreachable as error:  # and so has whoever refuses
            return not error.was_silent
        return True

    async def close(self) -> None:
        """Close all connections."""
        await self.silence.close()
        await self.engine.dispose()

    async def _knock(self) -> None:
        """Connect once more, beside the pool, in which there may be no room; or `Unreachable`."""
        dialect = self.engine.dialect
        args, kwargs = dialect.create_connect_args(self.engine.url)
        kwargs.update(self.profile.connect_args(self.options))
        with self.breaker.trying():
            connection = await greenlet_spawn(dialect.connect, *args, **kwargs)
        self.profile.cut(connection.driver_connection)

    def _create_engine(self) -> AsyncEngine:
        """Make an engine in autocommit, unless reads are to be transactions as well."""
        is_mysql = self.url.get_backend_name() in {"mysql", "mariadb"}
        engine = create_async_engine(
            self.url.set(drivername=mysql.DRIVER) if is_mysql else self.url,
            echo=self.options.echo,
            hide_parameters=not self.options.echo,  # of errors, which are logged
            skip_autocommit_rollback=True,
            isolation_level=(
                self.profile.transactions if self.reads_in_transactions else AUTOCOMMIT
            ),
            connect_args=self.profile.connect_args(self.options),
            **self._pool_arguments(),
        )
        event.listen(engine.sync_engine, "do_connect", self._connect)
        event.listen(engine.sync_engine, "handle_error", self._examine)
        if not self.profile.is_local:
            event.listen(engine.sync_engine, "checkin", self._note_use)
            event.listen(engine.sync_engine, "checkout", self._try)
        event.listen(engine.sync_engine, "begin", tell_taker)  # before the profile's statement
        self.profile.prepare(engine.sync_engine, self.options)
        return engine

    def _pool_arguments(self) -> dict[str, Any]:
        if self.profile.is_local and self.url.database in {None, "", ":memory:"}:
            sizes = {"pool_size": 1, "max_overflow": 0}  # a second would be another database
        else:
            sizes = {
                "pool_size": self.options.pool_size,
                "max_overflow": self.options.max_overflow,
                "pool_recycle": self.options.pool_recycle_seconds,
            }
        timeout_seconds = self.options.pool_timeout_seconds
        return {"poolclass": FairPool, "pool_timeout": timeout_seconds, **sizes}

    def _connect(self, dialect: Dialect, record: object, args: Any, kwargs: Any) -> Any:
        with self.breaker.trying():
            return dialect.connect(*args, **kwargs)

    def _note_use(self, dbapi_connection: object, record: Any) -> None:
        record.info[USED_AT] = monotonic()
        if dbapi_connection is not None:  # as it is if it died
            self.breaker.note_answer()

    def _try(self, dbapi_connection: Any, record: Any, proxy: object) -> None:
        """Refuse a connection that is dead, whereupon the pool makes another."""
        used_at = record.info.get(USED_AT)
        is_new = used_at is None
        if is_new or used_at > max(monotonic() - PING_AFTER_IDLE_SECONDS, self._doubted_at):
            return
        try:
            dbapi_connection.run_async(self._ping)
        except Exception as error:
            raise DisconnectionError from error

    async def _ping(self, connection: Any) -> None:
        """Ask for a sign of life; cut, and not cancelled, or asyncpg would connect to say so."""
        loop = asyncio.get_running_loop()
        end = loop.call_later(PING_TIMEOUT_SECONDS, self.profile.cut, connection)
        try:
            await self.profile.ping(connection)
        finally:
            end.cancel()

    def _examine(self, context: ExceptionContext) -> Exception | None:
        """Doubt all connections when one died; closing them, as SQLAlchemy would, may take long."""
        error = context.original_exception
        if isinstance(error, Exception):
            is_of_system = isinstance(error, OSError)
            context.is_disconnect |= is_of_system or failures.is_lost_connection(error)
            context.invalidate_pool_on_disconnect = False
            if context.is_disconnect:
                self._doubted_at = monotonic()
            if is_of_system:  # told from what `open` and others raise, beside statements
                return failures.ConnectionLost(failures.first_line(error))
        return None


def tell_taker(connection: Connection) -> None:
    """Tell who asked for it that there is a connection, on which nothing has been sent yet."""
    taken = connection.get_execution_options().get(TAKEN)
    if taken is not None:
        taken(connection)
