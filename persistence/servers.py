"""A database server, and the pool of connections to it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, cast

from sqlalchemy import Dialect, event, select
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.util import LRUCache, greenlet_spawn

from persistence import failures, mysql, tls
from persistence.circuit_breaker import CircuitBreaker
from persistence.dialects import AUTOCOMMIT, PROFILES, Profile, is_mariadb
from persistence.doubts import Doubts
from persistence.options import EngineOptions, check_url
from persistence.pools import FairPool, PoolUse
from persistence.silence import SilenceWatch
from persistence.statements import Query, Statement

GRACE_SECONDS = 1.0
RECENTLY_SECONDS = 1.0
REPLICA_CONNECT_TIMEOUT_SECONDS = 1.0
MAX_STATEMENTS = 500  # of which each has some kilobytes


@dataclass(frozen=True, slots=True)
class ServerState:
    """How a server fares."""

    name: str
    answers: bool
    """Whether it let us in when somebody last tried, or nobody has yet."""

    pool: PoolUse


class Address(NamedTuple):
    """What a server is, and where; a library in this process is nowhere else."""

    system: str
    """postgresql, mysql, mariadb or sqlite."""

    host: str | None
    port: int | None
    database: str | None


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
        self.reads_in_transactions = options.is_pooled  # a pooler keeps together nothing else
        self.time_limit_seconds = time_limit(self.profile, options)
        self.breaker = CircuitBreaker(self.url.render_as_string())
        self._doubts = Doubts(self.profile, self.breaker)
        self._connect_args = self.profile.connect_args(options) | tls.arguments_of(self.url)
        self.engine = self._create_engine()
        self._sync_engine = self.engine.sync_engine
        self.begin = self.profile.begin(options)
        self.silence = SilenceWatch(self._knock)
        self._in_transactions = self.engine.execution_options(
            isolation_level=self.profile.transactions
        )
        self._statements = LRUCache[Any, Statement](MAX_STATEMENTS)

    def connection_at_once(self) -> PoolProxiedConnection | None:
        """Lend a connection in autocommit, if there is one that need not be tried."""
        return self._pool.lend_kept(self._doubts.settle_at_once)

    def take_back(self, lent: PoolProxiedConnection) -> None:
        """Take back a connection with nothing begun; in a greenlet unless it `has_room`."""
        record: Any = lent._connection_record  # noqa: SLF001 (there is no other way to it)
        if self._pool.keep(lent, record):
            self._doubts.note_use(lent.dbapi_connection, record)
        else:
            lent.close()

    def connect(self) -> PoolProxiedConnection:
        """Lend a connection in autocommit, within a greenlet; raises `Unreachable`."""
        try:
            return self.engine.pool.connect()
        except self.engine.dialect.loaded_dbapi.Error as error:
            raise self._told(error) from error

    def statement_of(self, query: Query) -> Statement:
        """Find the statement for a query of this shape, or build it; there has to be a connection.

        What a database can do is known once it has been connected to.
        """
        statement = self._statements.get(query.shape)
        if statement is None:
            statement = self._statements[query.shape] = Statement(query, self.engine.dialect)
        return statement

    @property
    def name(self) -> str:
        """What people call it: the primary, or a replica and where it is."""
        host, port = self.url.host, self.url.port
        where = host if port is None else f"{host}:{port}"
        return f"replica {where}" if self.is_replica else "primary"

    @property
    def state(self) -> ServerState:
        """How it fares, as far as that is known without asking it."""
        return ServerState(self.name, self.breaker.is_closed, self._pool.use)

    @property
    def address(self) -> Address:
        """What it is, which is known once it has been connected to, and where."""
        dialect = self.engine.dialect
        system = "mariadb" if is_mariadb(dialect) else dialect.name
        if self.profile.is_local:
            return Address(system, None, None, None)
        return Address(system, self.url.host, self.url.port, self.url.database)

    def translated(
        self, error: Exception, lent: PoolProxiedConnection, text: str, parameters: Sequence[Any]
    ) -> Exception:
        """Say as SQLAlchemy does what its driver raised at a statement."""
        adapted: Any = lent.dbapi_connection
        try:
            adapted._handle_exception(error)  # noqa: SLF001 (each driver's errors become its own)
        except Exception as translated:  # noqa: BLE001 (which is what it raises)
            error = translated
        dialect: Any = self.engine.dialect
        is_disconnect = dialect.is_disconnect(error, adapted, None)
        return self._told(error, text, parameters, is_disconnect=is_disconnect)

    @asynccontextmanager
    async def connection(self) -> AsyncGenerator[AsyncConnection]:
        """Lend a connection in autocommit; raises `Unreachable`."""
        async with self.engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def transactions(self) -> AsyncGenerator[AsyncConnection]:
        """Lend a connection on which transactions are begun and ended one after the other."""
        async with self._in_transactions.connect() as connection:
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
    def has_room(self) -> bool:
        """Whether a connection that comes back is kept, and not closed."""
        return self._pool.has_room

    @property
    def is_busy(self) -> bool:
        """Whether all of its connections are lent."""
        return self._pool.is_exhausted

    @property
    def _pool(self) -> FairPool:
        return cast("FairPool", self._sync_engine.pool)  # as it was told

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
        kwargs.update(self._connect_args)
        with self.breaker.trying():
            connection = await greenlet_spawn(dialect.connect, *args, **kwargs)
        self.profile.cut(connection.driver_connection)

    def _create_engine(self) -> AsyncEngine:
        """Make an engine in autocommit, unless reads are to be transactions as well."""
        is_mysql = self.url.get_backend_name() in {"mysql", "mariadb"}
        url = self.url.difference_update_query(tls.PARAMETERS)
        engine = create_async_engine(
            url.set(drivername=mysql.DRIVER) if is_mysql else url,
            echo=self.options.echo,
            hide_parameters=not self.options.echo,  # of errors, which are logged
            skip_autocommit_rollback=True,
            isolation_level=(
                self.profile.transactions if self.reads_in_transactions else AUTOCOMMIT
            ),
            connect_args=self._connect_args,
            **self._pool_arguments(),
        )
        event.listen(engine.sync_engine, "do_connect", self._connect)
        event.listen(engine.sync_engine, "handle_error", self._examine)
        if not self.profile.is_local:
            event.listen(engine.sync_engine, "checkin", self._doubts.note_use)
            event.listen(engine.sync_engine, "checkout", self._doubts.settle)
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

    def _examine(self, context: ExceptionContext) -> Exception | None:
        """Doubt all connections when one died; closing them, as SQLAlchemy would, may take long."""
        error = context.original_exception
        if isinstance(error, Exception):
            context.is_disconnect = self._note(error, is_disconnect=context.is_disconnect)
            context.invalidate_pool_on_disconnect = False
            if isinstance(error, OSError):  # told from what `open` and others raise
                return failures.ConnectionLost(failures.first_line(error))
        return None

    def _note(self, error: Exception, *, is_disconnect: bool) -> bool:
        """Tell whether a connection died, and take note."""
        is_lost = isinstance(error, OSError) or failures.is_lost_connection(error)
        if is_disconnect or is_lost:
            self._doubts.arise()
        return is_disconnect or is_lost

    def _told(
        self,
        error: Exception,
        text: str | None = None,
        parameters: Sequence[Any] = (),
        *,
        is_disconnect: bool = False,
    ) -> Exception:
        is_disconnect = self._note(error, is_disconnect=is_disconnect)
        if isinstance(error, OSError):
            return failures.ConnectionLost(failures.first_line(error))
        return DBAPIError.instance(
            text,
            tuple(parameters),
            error,
            self.engine.dialect.loaded_dbapi.Error,
            hide_parameters=self.engine.sync_engine.hide_parameters,
            connection_invalidated=is_disconnect,
            dialect=self.engine.dialect,
        )


def time_limit(profile: Profile, options: EngineOptions) -> float | None:
    """Tell when a statement is to be cut: a server does so itself, unless it has gone silent."""
    limit = options.statement_timeout_seconds
    return limit if limit is None or profile.is_local else limit + GRACE_SECONDS
