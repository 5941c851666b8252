"""The SQL of what is pending."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import Script
from sqlalchemy import Connection, Dialect, create_engine, event, text

from persistence.database import Database
from persistence.failures import first_line
from persistence.migrations.effects import changes
from persistence.migrations.revisions import (
    MigrationFailed,
    beyond,
    check_heads,
    directory,
    standing,
)
from persistence.migrations.sql import statements_of

SCHEMA = text(
    "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
    " ORDER BY type <> 'table'"
)


@dataclass(frozen=True, slots=True)
class Planned:
    """A revision, and the statements that it will run, each with its semicolon."""

    script: Script
    statements: list[str]


async def plan(database: Database) -> list[Planned]:
    """Tell what an upgrade will do, and do nothing of it; raises `MigrationFailed`.

    SQLite copies a table to change it, for which it is looked at. So there each revision is
    applied to a database in memory that has the same tables, without their rows.
    """
    check_heads(directory())
    found = await standing(database)
    if found.unknown:
        raise MigrationFailed(beyond(found.unknown))
    pending = found.pending
    if database.engine.dialect.name == "sqlite":
        async with database.reading() as connection:
            tables = [*(await connection.scalars(SCHEMA)).all()]
        return rehearsed(pending, tables)
    dialect = database.engine.dialect
    return [Planned(script, written(script, dialect)) for script in pending]


def written(script: Script, dialect: Dialect) -> list[str]:
    """Write the SQL of a revision; raises `MigrationFailed` if it depends on what there is."""
    try:
        return statements_of(script, dialect)
    except Exception as error:
        raise MigrationFailed(
            f"The SQL of {script.revision} can't be told without running it: {first_line(error)}"
        ) from error


def rehearsed(pending: Iterable[Script], tables: Iterable[str]) -> list[Planned]:
    """Apply revisions to a copy of SQLite's tables, one after the other, and note how."""
    engine = create_engine("sqlite://")
    try:
        with engine.connect() as connection:
            for statement in tables:
                connection.exec_driver_sql(statement)
            return [Planned(script, rehearse(script, connection)) for script in pending]
    finally:
        engine.dispose()


def rehearse(script: Script, connection: Connection) -> list[str]:
    """Apply one revision, and return what was sent."""
    sent: list[str] = []

    def note(connection: Connection, cursor: object, statement: str, *others: object) -> None:
        if changes(statement):
            sent.append(f"{statement.strip()};")

    event.listen(connection, "before_cursor_execute", note)
    context = MigrationContext.configure(connection)
    try:
        with Operations.context(context):
            script.module.upgrade()
    except Exception as error:
        raise MigrationFailed(
            f"{script.revision} can't be told without the rows there are: {first_line(error)}"
        ) from error
    finally:
        event.remove(connection, "before_cursor_execute", note)
    return sent
