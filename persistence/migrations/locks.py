"""One migration of a database at a time: whoever comes second waits, and finds nothing to do.

The lock belongs to the connection that migrates, so that it lasts as long as what is done over it,
also if the process is killed. It is asked for again and again, and not waited for in the database:
who waits there is in a transaction, for whose end CREATE INDEX CONCURRENTLY would wait in turn.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from typing import Any

from alembic.util import CommandError
from filelock import AsyncFileLock, Timeout
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from persistence.database import Database

POLL_SECONDS = 0.2
FILE_ENDING = "-migration-lock"


@dataclass(frozen=True, slots=True)
class SessionLock:
    """What asks for the lock, which ends with the session, and who holds it."""

    take: TextClause
    holder: TextClause


LOCKS = {
    "postgresql": SessionLock(
        text("SELECT pg_try_advisory_lock(4715829367041)"),  # a number of our own
        text(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND (classid::bigint << 32) + objid::bigint = 4715829367041"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        ),
    ),
    "mysql": SessionLock(  # its names are the whole server's
        text("SELECT GET_LOCK(CONCAT('inkwell.', SHA2(DATABASE(), 224)), 0)"),
        text("SELECT IS_USED_LOCK(CONCAT('inkwell.', SHA2(DATABASE(), 224)))"),
    ),
}
BACKEND = text("SELECT pg_backend_pid()")


class SessionNotKept(CommandError):
    """The connection is a pooler's, which may lend its session to others at any time."""

    def __init__(self) -> None:
        super().__init__(
            "Migrations take a lock that lasts as long as a session, and there is a pooler "
            "between, whose sessions are anybody's. "
            "MIGRATION_DATABASE_URL should lead past it, to the database itself."
        )


@asynccontextmanager
async def locked(
    database: Database, report: Callable[[str], None]
) -> AsyncGenerator[AsyncConnection]:
    """Lend a connection that alone may migrate, once others have, which is reported.

    Its transactions are to be begun and ended in the block. Raises `SessionNotKept`.
    """
    if database.engine.dialect.name == "sqlite":
        async with locked_file(file_of(database), report), database.reading() as connection:
            yield connection
    else:
        async with database.transactions() as connection:
            await check_session_is_ours(connection)
            await lock_session(connection, report)
            yield connection


async def check_session_is_ours(connection: AsyncConnection) -> None:
    """Raise `SessionNotKept` if whoever let us in is not PostgreSQL itself.

    A pooler makes up the number that it tells us as the session's, since that may be another soon.
    To be asked before anything is locked: the lock would stay behind in the pooler's session.
    """
    if connection.dialect.name == "postgresql":
        lent = await connection.get_raw_connection()
        driver: Any = lent.driver_connection
        if driver.get_server_pid() != await asked(connection, BACKEND):
            raise SessionNotKept


async def lock_session(connection: AsyncConnection, report: Callable[[str], None]) -> None:
    """Take the lock for as long as a connection lasts, when nobody has it any more."""
    lock, is_told = LOCKS[connection.dialect.name], False
    while not (taken := await asked(connection, lock.take)):
        if taken is None:
            raise CommandError("The server could not give a lock.")
        if not is_told:
            holder = await asked(connection, lock.holder)
            report(waiting(f" in the session {holder}" if holder else ""))
            is_told = True
        await asyncio.sleep(POLL_SECONDS)


async def asked(connection: AsyncConnection, question: TextClause) -> Any:
    """Ask for one value, in a transaction that is over then."""
    found = await connection.scalar(question)
    await connection.commit()
    return found


@asynccontextmanager
async def locked_file(path: str, report: Callable[[str], None]) -> AsyncGenerator[None]:
    """Lock a file beside that of a database, if it has one."""
    if not path:
        yield
        return
    lock = AsyncFileLock(
        f"{path}{FILE_ENDING}", poll_interval=POLL_SECONDS, preserve_lock_file=True
    )
    try:
        await lock.acquire(timeout=0)
    except Timeout:
        report(waiting(""))
        await lock.acquire()
    try:
        yield
    finally:
        await lock.release()


def file_of(database: Database) -> str:
    """Ask SQLite for the file of a database, whatever the URL calls it; empty if there is none.

    Over a plain connection: ours write as they set up a new file, which takes the lock first.
    """
    engine = database.engine
    (filename, *_), options = engine.dialect.create_connect_args(engine.url)
    with closing(sqlite3.connect(filename, uri=options.get("uri", False))) as connection:
        path: str = connection.execute("PRAGMA database_list").fetchone()[2]
    return path


def waiting(where: str) -> str:
    """Say that others migrate."""
    return f"Another migration of this database is running{where}: waiting for it to end."
