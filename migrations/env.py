"""Run migrations over the product's own engine and metadata, one process at a time.

The caller may hand over a URL and options instead of the settings' ones, and a function
that is told of each revision as it is applied.
"""

import asyncio
from time import monotonic
from typing import Any

from alembic import context
from alembic.util import CommandError
from sqlalchemy import Connection

from persistence import Base, Database
from persistence.dialects import SQLite
from persistence.migration_lock import only_migration
from server.settings import Settings


class Stopwatch:
    """Tells how many seconds have passed since it was asked last."""

    def __init__(self) -> None:
        self._at = monotonic()

    def lap(self) -> float:
        """Tell, and begin anew."""
        before, self._at = self._at, monotonic()
        return self._at - before


attributes = context.config.attributes
report = attributes.get("report", context.config.print_stdout)
clock = Stopwatch()


def tell(*, step: Any, **_: Any) -> None:
    """Report a revision that was applied, or taken back."""
    verb, revision = "Applied" if step.is_upgrade else "Took back", step.up_revision
    report(f"{verb} {revision.revision}: {revision.doc} ({clock.lap():.2f} s)")


def migrate(connection: Connection) -> None:
    """Run the migrations that were asked for on an open connection."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",  # it cannot alter a column in place
        user_module_prefix="types.",
        on_version_apply=tell,
        transaction_per_migration=True,
    )
    clock.lap()
    context.run_migrations()


def migrate_sqlite(connection: Connection) -> None:
    """Migrate without foreign keys: a table is rebuilt by dropping it, which would cascade."""
    connection.execution_options(isolation_level=SQLite.transactions)
    connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")  # no use in a transaction
    with connection.begin():
        migrate(connection)
        if orphans := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
            raise CommandError(f"Nothing was changed, for these rows would miss others: {orphans}")


async def main() -> None:
    """Connect, to the database the caller names or else to the configured one."""
    settings = None if "url" in attributes else Settings()
    url = settings.migration_url if settings else attributes["url"]
    options = settings.migration_options if settings else attributes.get("options")
    async with Database.connect(url, options) as database, only_migration(database, report):
        if database.engine.dialect.name == "sqlite":
            async with database.reading() as connection:
                await connection.run_sync(migrate_sqlite)
        else:
            async with database.transactions() as connection:
                await connection.run_sync(migrate)


if context.is_offline_mode():
    raise CommandError("Migrations look at the database they change: run them without --sql.")

asyncio.run(main())
