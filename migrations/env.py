"""Run migrations over the product's own engine and metadata.

The caller may hand over a URL instead of the settings' one, and a function
that is told of each revision as it is applied.
"""

import asyncio
from typing import Any

from alembic import context
from alembic.util import CommandError
from sqlalchemy import Connection

from persistence import Base, Database
from persistence.dialects import SQLite
from server.settings import Settings

report = context.config.attributes.get("report", context.config.print_stdout)


def tell(*, step: Any, **_: Any) -> None:
    """Report a revision that was applied, or taken back."""
    revision = step.up_revision
    report(f"{'Applied' if step.is_upgrade else 'Took back'} {revision.revision}: {revision.doc}")


def migrate(connection: Connection) -> None:
    """Run the migrations that were asked for on an open connection."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",  # it cannot alter a column in place
        user_module_prefix="types.",
        on_version_apply=tell,
    )
    with context.begin_transaction():
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
    url = context.config.attributes.get("url") or Settings().database_url.get_secret_value()
    async with Database.connect(url) as database:
        if database.engine.dialect.name == "sqlite":
            async with database.reading() as connection:
                await connection.run_sync(migrate_sqlite)
        else:
            async with database.writing() as connection:
                await connection.run_sync(migrate)


if context.is_offline_mode():
    raise CommandError("Migrations look at the database they change: run them without --sql.")

asyncio.run(main())
