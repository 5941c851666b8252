"""The database's revisions, through Alembic."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from persistence.database import Database
from persistence.failures import first_line

ROOT = Path(__file__).resolve().parents[2]


class MigrationFailed(Exception):
    """A revision can't be found, or can't be applied; the message says why."""


def upgrade(url: str, report: Callable[[str], None]) -> None:
    """Apply the pending revisions, and report each in a line; raises `MigrationFailed`.

    Not to be called from a running event loop.
    """
    config = configuration()
    config.attributes["url"] = url
    config.attributes["report"] = report
    try:
        command.upgrade(config, "head")
    except (CommandError, SQLAlchemyError) as error:
        raise MigrationFailed(first_line(error)) from error


async def revisions(database: Database) -> tuple[set[str], set[str]]:
    """Tell the revisions that the database stands at, none if it is empty, and the newest ones."""

    def current(connection: Connection) -> set[str]:
        return set(MigrationContext.configure(connection).get_current_heads())

    async with database.reading() as connection:
        found = await connection.run_sync(current)
    return found, newest()


def newest() -> set[str]:
    """Read from the scripts the newest revisions, of which there is one."""
    return set(ScriptDirectory.from_config(configuration()).get_heads())


def earlier() -> set[str]:
    """Read from the scripts the revisions that are followed by others."""
    scripts = ScriptDirectory.from_config(configuration())
    return {script.revision for script in scripts.walk_revisions()} - {*scripts.get_heads()}


def configuration() -> Config:
    """Alembic's configuration, as `pyproject.toml` has it."""
    return Config(toml_file=ROOT / "pyproject.toml")
