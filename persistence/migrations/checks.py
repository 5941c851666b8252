"""What speaks against deploying the revisions that there are."""

from __future__ import annotations

from collections.abc import Iterator

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from persistence.database import Database
from persistence.migrations import squawk
from persistence.migrations.linting import lint
from persistence.migrations.revisions import TWO_HEADS, Standing, directory, standing
from persistence.models import Base


async def complaints(database: Database) -> list[str]:
    """Say what is wrong with the revisions, and with the database beside them."""
    found = await standing(database)
    complained = [*of_revisions(found)]
    if found.is_newest and len(found.heads) == 1:
        async with database.reading() as connection:
            complained += await connection.run_sync(of_tables)
    return complained


def of_revisions(found: Standing) -> Iterator[str]:
    """Say what is wrong with revisions, also without a database."""
    if len(found.heads) > 1:
        yield TWO_HEADS.format(heads=" and ".join(each.partition(":")[0] for each in found.heads))
    yield from map(str, lint(directory()))
    if found.complaint:
        yield found.complaint


def reads_sql() -> bool:
    """Tell whether SQL of a revision's own is looked into."""
    return squawk.program() is not None


def of_tables(connection: Connection) -> list[str]:
    """Say what the tables lack of the models, or have beyond them."""
    context = MigrationContext.configure(connection)
    changes = produce_migrations(context, Base.metadata).upgrade_ops
    if changes is None or changes.is_empty():
        return []
    code = render_python_code(changes, migration_context=context)
    return [f"The tables are not the models'. What would make them so:\n{code}"]
