"""One migration of a database at a time: whoever comes second waits, and finds nothing to do.

The lock is asked for again and again, and not waited for in the database: who waits there is in a
transaction, for whose end others wait in their turn, as CREATE INDEX CONCURRENTLY does.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from filelock import AsyncFileLock, Timeout
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from persistence.database import Database

POLL_SECONDS = 0.2
TRY = {
    "postgresql": text("SELECT pg_try_advisory_lock(4715829367041)"),  # a number of our own
    "mysql": text("SELECT GET_LOCK(CONCAT('inkwell.', SHA1(DATABASE())), 0)"),  # one for a server
}
WAITING = "Another migration of this database is running: waiting for it to end."


class SessionNotKept(Exception):
    """The connection is a pooler's, which lends a session for no more than a transaction."""

    def __init__(self) -> None:
        super().__init__(
            "Migrations take a lock that lasts as long as a session, and a pooler in transaction "
            "mode keeps none. MIGRATION_DATABASE_URL should lead past it, to the database itself."
        )


@asynccontextmanager
async def only_migration(database: Database, report: Callable[[str], None]) -> AsyncGenerator[None]:
    """Be the only one to migrate a database in a block, once others have, which is reported.

    Raises `SessionNotKept`. The lock ends with the process, whatever becomes of that.
    """
    if database.engine.dialect.name == "sqlite":
        async with locked_file(database.engine.url.database, report):
            yield
    else:
        async with database.reading() as connection:
            await locked_session(connection, report)
            try:
                await check_session_is_kept(database, connection)
                yield
            finally:
                await connection.invalidate()  # which ends the session, and the lock with it


async def locked_session(connection: AsyncConnection, report: Callable[[str], None]) -> None:
    """Lock for as long as a connection lasts."""
    is_told = False
    while not await takes_lock(connection):
        if not is_told:
            report(WAITING)
            is_told = True
        await asyncio.sleep(POLL_SECONDS)


async def takes_lock(connection: AsyncConnection) -> bool:
    """Take the lock, if nobody has it."""
    return bool(await connection.scalar(TRY[connection.dialect.name]))


async def check_session_is_kept(database: Database, connection: AsyncConnection) -> None:
    """See that nobody else can take the lock; raises `SessionNotKept`.

    A pooler in transaction mode lends another connection the session that has just been used, and
    to one session PostgreSQL gives the same lock as often as it asks.
    """
    if connection.dialect.name == "postgresql":
        async with database.reading() as other:
            if await takes_lock(other):
                raise SessionNotKept


@asynccontextmanager
async def locked_file(path: str | None, report: Callable[[str], None]) -> AsyncGenerator[None]:
    """Lock a file beside that of a database, if it has one."""
    if path in {None, "", ":memory:"}:
        yield
        return
    lock = AsyncFileLock(f"{path}-migration-lock", poll_interval=POLL_SECONDS)
    try:
        await lock.acquire(timeout=0)
    except Timeout:
        report(WAITING)
        await lock.acquire()
    try:
        yield
    finally:
        await lock.release()
