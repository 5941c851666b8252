"""Everything that differs between the databases, but for their errors: see `failures.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from sqlalchemy import Connection, Dialect, Engine, event, func, select, true

from persistence import mysql, sqlite
from persistence.drivers import Aiomysql, Aiosqlite, Asyncpg, Driver
from persistence.options import EngineOptions

AUTOCOMMIT = "AUTOCOMMIT"
READ_COMMITTED = "READ COMMITTED"  # so that who lost a race reads what the winner committed

PLAN_BY_VALUES = """SELECT set_config(name, 'force_custom_plan', false)
FROM pg_settings WHERE name = 'plan_cache_mode'"""

SQLITE_BUSY_TIMEOUT_SECONDS = 10.0
SQLITE_PRAGMAS = (
    "PRAGMA synchronous = NORMAL",  # safe with WAL: a power cut may cost the last commits only
    "PRAGMA foreign_keys = ON",
)


class Profile(Protocol):
    """How one kind of database wants to be treated, by the driver there is for it."""

    transactions: str
    """The isolation level of whatever is no read in autocommit."""
    driver: Driver
    """How statements are sent to it."""
    is_local: bool
    """Whether it is a library in this process: nothing to ping, and one writer at a time."""
    has_arrays: bool
    """Whether many keys can be one parameter."""
    needs_savepoints: bool
    """Whether a statement that fails ends its transaction, unless it goes back to a savepoint."""

    def connect_args(self, options: EngineOptions) -> dict[str, Any]:
        """Give the driver's arguments for connecting."""

    def prepare(self, engine: Engine, options: EngineOptions) -> None:
        """Listen for connections and transactions that are to be set up."""

    def begin(self, options: EngineOptions) -> str:
        """Write what begins a transaction, with its limits if it has to bring them."""

    def explain_prefix(self, dialect: Dialect) -> str:
        """Write what before a SELECT asks how it is done; needs a connected engine."""

    def plan_of(self, rows: Sequence[Any]) -> str:
        """Lay out what that brought, in lines for people."""

    async def ping(self, connection: Any) -> None:
        """Have a driver's connection ask the server for a sign of life."""

    def cut(self, connection: Any) -> None:
        """Have what runs on a driver's connection fail at once."""


class PostgreSQL:
    """By asyncpg; maybe behind a pooler, which lends a session for no more than a transaction."""

    transactions = READ_COMMITTED
    driver: Driver = Asyncpg()
    is_local = False
    has_arrays = True
    needs_savepoints = True

    def connect_args(self, options: EngineOptions) -> dict[str, Any]:
        session = {"application_name": "inkwell", "timezone": "UTC"}
        caches = {}
        if options.is_pooled:  # the next session would not know what this one has prepared
            caches = {"statement_cache_size": 0, "prepared_statement_cache_size": 0}
        else:
            session |= self._limits(options)
        return {"timeout": options.connect_timeout_seconds, "server_settings": session, **caches}

    def prepare(self, engine: Engine, options: EngineOptions) -> None:
        limits = self._limits(options)
        if options.is_pooled and limits:
            event.listen(engine, "begin", partial(self._limit, limits))
        elif limits:  # and not for commands, behind whatever pooler they may run
            within_seconds = options.connect_timeout_seconds
            event.listen(engine, "connect", partial(self._plan_by_values, within_seconds))

    def begin(self, options: EngineOptions) -> str:
        local = self._limits(options).items() if options.is_pooled else ()
        settings = [f"SET LOCAL {name} = {limit}" for name, limit in local]
        return "; ".join([f"BEGIN ISOLATION LEVEL {self.transactions}", *settings])

    def explain_prefix(self, dialect: Dialect) -> str:
        return "EXPLAIN (ANALYZE, BUFFERS)"

    def plan_of(self, rows: Sequence[Any]) -> str:
        return lines_of(rows)

    async def ping(self, connection: Any) -> None:
        await connection.execute("SELECT 1")

    def cut(self, connection: Any) -> None:
        connection.terminate()

    def _limits(self, options: EngineOptions) -> dict[str, str]:
        limits = {
            "statement_timeout": options.statement_timeout_seconds,
            "lock_timeout": options.lock_timeout_seconds,
        }
        return {name: f"{limit * 1_000:.0f}" for name, limit in limits.items() if limit is not None}

    def _plan_by_values(self, within_seconds: float, dbapi_connection: Any, record: object) -> None:
        """Have no statement planned for any values: that is to guess the LIMIT, and to sort lists.

        It is not said as one connects, or a pooler would not let us in.
        """
        dbapi_connection.run_async(
            lambda connection: connection.execute(PLAN_BY_VALUES, timeout=within_seconds)
        )

    def _limit(self, limits: Mapping[str, str], connection: Connection) -> None:
        """Say in the transaction what can't be said of a session that is shared."""
        local = (func.set_config(name, limit, true()) for name, limit in limits.items())
        connection.execute(select(*local))


class MySQL:
    """MySQL or MariaDB, by aiomysql.

    In a group whose members all write, SAVEPOINT would say nothing of a transaction that was taken
    back for another member's, and let its second half be committed without the first.
    """

    transactions = READ_COMMITTED
    driver: Driver = Aiomysql()
    is_local = False
    has_arrays = False
    needs_savepoints = False

    def connect_args(self, options: EngineOptions) -> dict[str, Any]:
        connect = partial(mysql.connect, within_seconds=options.connect_timeout_seconds)
        return {
            "async_creator_fn": connect,
            "autocommit": True,
            "charset": "utf8mb4",
            "init_command": mysql.set_up(options),
        }

    def prepare(self, engine: Engine, options: EngineOptions) -> None:
        event.listen(engine, "begin", partial(begin, "BEGIN"))

    def begin(self, options: EngineOptions) -> str:
        return "BEGIN"

    def explain_prefix(self, dialect: Dialect) -> str:
        return "ANALYZE FORMAT=JSON" if is_mariadb(dialect) else "EXPLAIN ANALYZE"

    def plan_of(self, rows: Sequence[Any]) -> str:
        return lines_of(rows)

    async def ping(self, connection: Any) -> None:
        await connection.ping(reconnect=False)

    def cut(self, connection: Any) -> None:
        connection.abort()


class SQLite:
    """By aiosqlite, in a thread for each connection."""

    transactions = "SERIALIZABLE"
    driver: Driver = Aiosqlite()
    is_local = True
    has_arrays = False
    needs_savepoints = False

    def connect_args(self, options: EngineOptions) -> dict[str, Any]:
        timeout_seconds = options.lock_timeout_seconds or SQLITE_BUSY_TIMEOUT_SECONDS
        return {"async_creator_fn": sqlite.connect, "timeout": timeout_seconds}

    def prepare(self, engine: Engine, options: EngineOptions) -> None:
        event.listen(engine, "connect", self._set_up)
        # The write lock at once: a reader that turns writer could be refused it.
        event.listen(engine, "begin", partial(begin, "BEGIN IMMEDIATE"))

    def begin(self, options: EngineOptions) -> str:
        return "BEGIN IMMEDIATE"  # or a reader that turns writer could be refused the lock

    def explain_prefix(self, dialect: Dialect) -> str:
        return "EXPLAIN QUERY PLAN"

    def plan_of(self, rows: Sequence[Any]) -> str:
        """Indent each step below the one that it is part of."""
        depths = {0: -1}
        lines = []
        for id_, parent, _, step in rows:
            depths[id_] = depths[parent] + 1
            lines.append(f"{'  ' * depths[id_]}{step}")
        return "\n".join(lines)

    async def ping(self, connection: Any) -> None:
        pass

    def cut(self, connection: Any) -> None:
        connection._conn.interrupt()  # noqa: SLF001 (the coroutine around it does no more)

    def _set_up(self, dbapi_connection: Any, record: object) -> None:
        cursor = dbapi_connection.cursor()
        dbapi_connection.run_async(sqlite.make_wal)
        for pragma in SQLITE_PRAGMAS:
            cursor.execute(pragma)
        cursor.close()


def begin(statement: str, connection: Connection) -> None:
    """Begin a transaction, which the driver does not, on a connection that is not to autocommit."""
    if connection.get_execution_options().get("isolation_level", AUTOCOMMIT) != AUTOCOMMIT:
        connection.exec_driver_sql(statement)


def lines_of(rows: Sequence[Any]) -> str:
    """Join rows of one column."""
    return "\n".join(row[0] for row in rows)


PROFILES: Mapping[str, Profile] = {
    "postgresql": PostgreSQL(),
    "mysql": MySQL(),
    "mariadb": MySQL(),
    "sqlite": SQLite(),
}


def has_lateral(dialect: Dialect) -> bool:
    """Tell whether a subquery may look at its left neighbour; needs a connected engine.

    MariaDB has no LATERAL (as of 11.8), nor has SQLite (as of 3.50).
    """
    return dialect.name == "postgresql" or (dialect.name == "mysql" and not is_mariadb(dialect))


def is_mariadb(dialect: Dialect) -> bool:
    """Tell MariaDB from MySQL, whose URLs may be the same; needs a connected engine."""
    return getattr(dialect, "is_mariadb", False)
