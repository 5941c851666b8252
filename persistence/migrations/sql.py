"""What a revision would do to a database, told without one."""

from __future__ import annotations

from io import StringIO
from typing import Any

from alembic.ddl.impl import DefaultImpl
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import Script
from sqlalchemy import ClauseElement, Dialect, text

from persistence.models import Base

UPGRADE = "upgrade"
DOWNGRADE = "downgrade"


class Written(StringIO):
    """Takes what Alembic writes, which is a statement at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.statements: list[str] = []

    def write(self, text: str) -> int:
        self.statements.append(text.strip())
        return len(text)


class Recorder(DefaultImpl):
    """Takes the changes themselves in place of their SQL: the same ones for every dialect."""

    def __init__(self, dialect: Dialect) -> None:
        super().__init__(dialect, None, True, None, None, {})  # noqa: FBT003 (as SQL, that is)
        self.changes: list[ClauseElement] = []

    def _exec(self, construct: Any, *_: Any, **__: Any) -> None:
        self.changes.append(text(construct) if isinstance(construct, str) else construct)


def statements_of(script: Script, dialect: Dialect, direction: str = UPGRADE) -> list[str]:
    """Write the SQL of one revision, with a semicolon behind each statement.

    Raises whatever the revision does if it asks the database, or SQLite has to copy a table.
    """
    written = Written()
    context = offline(dialect, output_buffer=written)
    run(script, context, direction)
    return written.statements


def changes_of(script: Script, dialect: Dialect, direction: str = UPGRADE) -> list[ClauseElement]:
    """List what one revision does, as the constructs of Alembic and SQLAlchemy; raises likewise."""
    context = offline(dialect)
    context.impl = recorder = Recorder(context.dialect)
    run(script, context, direction)
    return recorder.changes


def offline(dialect: Dialect, **options: Any) -> MigrationContext:
    """Make a context without a database, in which a percent sign is written once."""
    plain: Any = type(dialect)
    options |= {"as_sql": True, "literal_binds": True, "target_metadata": Base.metadata}
    return MigrationContext.configure(dialect=plain(paramstyle="named"), opts=options)


def run(script: Script, context: MigrationContext, direction: str) -> None:
    """Call a function of the revision's file."""
    with Operations.context(context):
        getattr(script.module, direction)()
