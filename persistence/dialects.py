"""Everything that differs between the three databases."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from typing import Any

from sqlalchemy import URL, Connection, Dialect, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

DRIVERS = ("postgresql+asyncpg", "mysql+aiomysql", "mariadb+aiomysql", "sqlite+aiosqlite")

READ_COMMITTED = "READ COMMITTED"  # so that who lost a race reads what the winner committed
ISOLATION_LEVELS = dict.fromkeys(("postgresql", "mysql", "mariadb"), READ_COMMITTED)

SQLITE_BUSY_TIMEOUT_SECONDS = 10
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL",  # readers and the writer do not wait for each other
    "PRAGMA synchronous = NORMAL",  # safe with WAL: a power cut may cost the last commits only
    "PRAGMA foreign_keys = ON",
)

MISSING_PARENT = {"23503", 1452}  # SQLSTATEs are PostgreSQL's, numbers are MySQL's
LOST_RACE = {
    "40001",  # serialization failure
    "40P01",  # deadlock
    "55P03",  # lock timeout, where one is set
    1213,  # deadlock
    1205,  # lock wait timeout
    1180,  # a conflict at the COMMIT of a cluster
}

MYSQL_KEY = re.compile(r"for key '(?:[^'.]+\.)?([^'.]+)'\W*$")
SQLITE_COLUMNS = re.compile(r"UNIQUE constraint failed: (\w+)\.(.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineOptions:
    """How many connections a process holds, and how it looks after them."""

    echo: bool = False
    pool_size: int = 10
    max_overflow: int = 10
    pool_timeout_seconds: float = 30
    pool_recycle_seconds: int = 1_800


def check_url(text: str) -> URL:
    """Read a database's URL; raises `ValueError` unless it names one of `DRIVERS`."""
    try:
        url = make_url(text)
    except ArgumentError:
        raise ValueError("not a URL like driver://user:password@host:port/database") from None
    if url.drivername not in DRIVERS:
        raise ValueError(f"its driver must be one of {', '.join(DRIVERS)}")
    return url


def create_engine(text: str, options: EngineOptions) -> AsyncEngine:
    """Make an engine with the settings its database needs; it opens nothing yet.

    Raises `ValueError` as `check_url` does.
    """
    url = check_url(text)
    in_memory = url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}
    pool: dict[str, Any] = {
        "pool_size": options.pool_size,
        "max_overflow": options.max_overflow,
        "pool_timeout": options.pool_timeout_seconds,
        "pool_recycle": options.pool_recycle_seconds,
        "pool_pre_ping": True,
    }
    engine = create_async_engine(
        url,
        echo=options.echo,
        hide_parameters=not options.echo,  # of errors, which are logged
        skip_autocommit_rollback=True,
        isolation_level=ISOLATION_LEVELS.get(url.get_backend_name()),
        connect_args=_connect_args(url.get_backend_name()),
        **({} if in_memory else pool),  # one connection is all that an in-memory database has
    )
    if url.get_backend_name() == "sqlite":
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_immediate)
    return engine


def has_lateral(dialect: Dialect) -> bool:
    """Tell whether a subquery may look at its left neighbour; needs a connected engine.

    MariaDB has no LATERAL (as of 11.8), nor has SQLite (as of 3.50).
    """
    is_mariadb = getattr(dialect, "is_mariadb", False)
    return dialect.name == "postgresql" or (dialect.name == "mysql" and not is_mariadb)


def can_cancel(dialect: Dialect) -> bool:
    """Tell whether a statement can be stopped.

    SQLite's runs in a thread, which goes on. To drop the connection meanwhile would
    leave its transaction, and the lock for writing, to the garbage collector.
    """
    return dialect.name != "sqlite"


def violated_unique(error: IntegrityError) -> str | None:
    """Name the unique constraint that a write broke; None if it broke another kind."""
    if isinstance(error.orig, sqlite3.Error):
        found = SQLITE_COLUMNS.search(str(error.orig))
        return found and f"uq_{found[1]}_{found[2].replace(f', {found[1]}.', '_')}"
    if found := MYSQL_KEY.search(str(error.orig)):
        return found[1]
    cause = error.orig.__cause__ if error.orig else None
    name: str | None = getattr(cause, "constraint_name", None)
    return name if name and name.startswith("uq_") else None


def is_missing_parent(error: IntegrityError) -> bool:
    """Tell whether a write names a row, by a foreign key, that there is not."""
    if isinstance(error.orig, sqlite3.Error):
        return error.orig.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
    return not MISSING_PARENT.isdisjoint(_error_codes(error))


def is_lost_race(error: BaseException | None) -> bool:
    """Tell whether a transaction was taken back for the sake of others, and may be run anew.

    That may be told by what went wrong first: MySQL takes the savepoints with the transaction,
    and going back to one is the error that comes out.
    """
    while error is not None:
        if isinstance(error, DBAPIError) and _tells_of_lost_race(error):
            return True
        error = error.__context__
    return False


def _tells_of_lost_race(error: DBAPIError) -> bool:
    if isinstance(error.orig, sqlite3.Error):
        primary = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
        return primary == sqlite3.SQLITE_BUSY
    return not LOST_RACE.isdisjoint(_error_codes(error))


def _error_codes(error: DBAPIError) -> set[object]:
    """Tell an error's SQLSTATE and, of MySQL's drivers, its number."""
    return {getattr(error.orig, "sqlstate", None), *(error.orig.args[:1] if error.orig else ())}


def _connect_args(backend: str) -> dict[str, Any]:
    if backend == "postgresql":
        return {"server_settings": {"application_name": "inkwell", "timezone": "UTC"}}
    if backend in {"mysql", "mariadb"}:
        return {"charset": "utf8mb4", "connect_timeout": 10}
    return {"timeout": SQLITE_BUSY_TIMEOUT_SECONDS}


def _prepare_sqlite(dbapi_connection: Any, record: object) -> None:
    cursor = dbapi_connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    """Take the write lock at once: a reader that turns writer could be refused it."""
    if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
