"""What Alembic's commands do with a database, for `migrations/env.py`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from persistence.cancellation import cancelled_once
from persistence.database import Database
from persistence.dialects import PROFILES, SQLite
from persistence.migrations.effects import Effects
from persistence.migrations.limits import Limits
from persistence.migrations.locks import locked
from persistence.migrations.progress import Progress
from persistence.migrations.revisions import beyond, unknown_of
from persistence.models import Base
from persistence.options import EngineOptions, Pooler, check_url

AWAKE_SECONDS = 0.2
BREAK_OFF_SECONDS = 1.0  # that a statement has to break off by itself


def run(context: Any, url: str, report: Callable[[str], None], limits: Limits) -> None:
    """Do what the current one of Alembic's commands is about, alone if that changes the database.

    Each revision is a transaction, if the database can have one, and is reported when it is over.
    Raises `CommandError` with what went wrong, and with what there is of it now.
    """
    effects = Effects()
    progress = Progress(report, effects)

    def migrate(connection: Connection) -> None:
        limits.set_on(connection)
        effects.listen(connection)
        if connection.dialect.name == "sqlite":
            suspend_foreign_keys(connection)
        configure(context, connection)
        migration = context.get_context()
        # Alembic tells when a step has ended, before it is committed, and not when one begins.
        migration._migrations_fn = progress.through(migration._migrations_fn)  # noqa: SLF001
        check_revision_is_known(context)
        context.run_migrations()

    def look(connection: Connection) -> None:
        configure(context, connection)
        context.run_migrations()

    async def connect() -> None:
        async with Database.connect(url, options_for(url)) as database:
            await database.ping()
            if changes_database(context):
                async with locked(database, report) as connection:
                    await interruptibly(connection, migrate)
            else:
                async with database.reading() as connection:
                    await connection.run_sync(look)

    try:
        asyncio.run(connect())
    except KeyboardInterrupt as error:
        report(progress.failure(error))
        raise
    except Exception as error:
        raise CommandError(progress.failure(error)) from error


async def interruptibly(connection: AsyncConnection, work: Callable[[Connection], None]) -> None:
    """Do work that ends soon if it is cancelled, by cutting the connection if need be.

    SQLite would else come to the end of a statement first, and a silent server is waited for.
    """
    lent = await connection.get_raw_connection()
    cut = partial(PROFILES[connection.dialect.name].cut, lent.driver_connection)
    awake = asyncio.create_task(stay_awake())
    try:
        await cancelled_once(
            connection.run_sync(work), patience_seconds=BREAK_OFF_SECONDS, hurry=cut
        )
    finally:
        awake.cancel()


async def stay_awake() -> None:
    """Have the event loop look for signals now and then.

    One that comes as the loop is about to wait is else seen when something else happens: that is
    at the end of a statement, if it has one. Of 1,500 such signals the loop slept through one.
    """
    while True:  # noqa: ASYNC110 (nothing is waited for)
        await asyncio.sleep(AWAKE_SECONDS)


def changes_database(context: Any) -> bool:
    """Tell upgrade, downgrade and stamp, which lead somewhere, from commands that only look."""
    try:
        context.get_revision_argument()
    except KeyError:
        return False
    return True


def check_revision_is_known(context: Any) -> None:
    """Raise `CommandError` if the database is ahead of the code."""
    migration = context.get_context()
    unknown = unknown_of({*migration.get_current_heads()}, context.script)
    if unknown and not migration.purge:
        raise CommandError(beyond(unknown))


def configure(context: Any, connection: Connection) -> None:
    """Tell Alembic about the models, and how it is to go."""
    is_sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=is_sqlite,  # it cannot alter a column in place
        user_module_prefix="types.",
        transaction_per_migration=True,
        on_version_apply=check_foreign_keys if is_sqlite else None,
    )


def suspend_foreign_keys(connection: Connection) -> None:
    """Have SQLite rebuild a table, which drops it, without a cascade; in no transaction yet."""
    connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    connection.commit()
    connection.execution_options(isolation_level=SQLite.transactions)


def check_foreign_keys(*, ctx: Any, **step: object) -> None:
    """Look, before a revision is committed, if each row still has those that it refers to."""
    if orphans := ctx.connection.exec_driver_sql("PRAGMA foreign_key_check").all():
        raise CommandError(f"These rows would miss others: {orphans}")


def options_for(url: str) -> EngineOptions:
    """Connect to PostgreSQL as through a pooler, so that one lets us in and is noticed."""
    is_postgresql = check_url(url).get_backend_name() == "postgresql"
    return EngineOptions(pooler=Pooler.TRANSACTION if is_postgresql else Pooler.NONE)
