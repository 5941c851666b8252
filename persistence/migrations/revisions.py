"""The database's revisions, through Alembic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from traceback import extract_tb

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from persistence.database import Database
from persistence.migrations.limits import Limits

TWO_HEADS = (
    "There are two newest revisions, {heads}: somebody else added one at the same time. "
    "Let one follow the other, by its down_revision, or: alembic merge heads"
)
MIGRATE = "python -m server migrate"
ROOT = Path(__file__).resolve().parents[2]


class MigrationFailed(Exception):
    """A revision can't be found, or can't be applied; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a database stands, beside the revisions that this code has."""

    current: list[str]
    """Each in a line with what it does, none of an empty database."""
    pending: list[Script]
    """In the order in which they are applied; none if it is at a revision that nobody knows."""
    unknown: set[str]
    heads: list[str]

    @property
    def is_newest(self) -> bool:
        """Whether there is nothing to migrate, and nothing beyond."""
        return not self.pending and not self.unknown

    @property
    def complaint(self) -> str | None:
        """Why this code can't work with the database as it is, and what to do, if it can't."""
        if self.unknown:
            return beyond(self.unknown)
        if not self.current:
            return f"The database has no tables yet: {MIGRATE}"
        if self.pending:
            return f"The database lacks {len(self.pending)} of the revisions: {MIGRATE}"
        return None


def upgrade(url: str, report: Callable[[str], None], limits: Limits | None = None) -> None:
    """Apply the pending revisions, and report each in a line; raises `MigrationFailed`.

    Waits for its end if somebody else does so. Not to be called from a running event loop.
    """
    check_heads(directory())
    config = configuration()
    config.attributes.update(url=url, report=report, limits=limits or Limits())
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise MigrationFailed(str(error)) from error


async def standing(database: Database) -> Standing:
    """Tell where a database stands; raises `DatabaseUnreachable`."""
    found, scripts = await current(database), directory()
    known = {each.revision: each for each in scripts.walk_revisions()}
    unknown = unknown_of(found, scripts)
    pending = [] if unknown else pending_after(found, scripts)
    return Standing(
        current=[line_of(each, known) for each in sorted(found)],
        pending=pending,
        unknown=unknown,
        heads=[line_of(each, known) for each in scripts.get_heads()],
    )


def beyond(unknown: set[str]) -> str:
    """Say that a database stands at revisions that this code does not know."""
    return (
        f"The database is at {', '.join(sorted(unknown))}, which is no revision of this code: "
        "a newer release has migrated it, and is the one to run."
    )


def unknown_of(found: set[str], scripts: ScriptDirectory) -> set[str]:
    """Tell which of the revisions that a database stands at are none of these scripts'."""
    return found - {each.revision for each in scripts.walk_revisions()}


def pending_after(found: set[str], scripts: ScriptDirectory) -> list[Script]:
    """List the revisions that lead from where a database stands to the newest."""
    lower = tuple(found) or "base"
    return [*scripts.iterate_revisions("heads", lower)][::-1]


def line_of(revision: str, known: dict[str, Script]) -> str:
    """Name a revision, and what it does."""
    if revision not in known:
        return f"{revision}, which is no revision of this code"
    return f"{revision}: {known[revision].doc.rstrip('.')}"


async def current(database: Database) -> set[str]:
    """Tell the revisions that the database stands at, none if it is empty."""

    def ask(connection: Connection) -> set[str]:
        return set(MigrationContext.configure(connection).get_current_heads())

    with database.answering():
        async with database.reading() as connection:
            return await connection.run_sync(ask)


def newest() -> set[str]:
    """Read from the scripts the newest revisions, of which there is one."""
    return {*directory().get_heads()}


def earlier() -> set[str]:
    """Read from the scripts the revisions that are followed by others."""
    scripts = directory()
    return {script.revision for script in scripts.walk_revisions()} - {*scripts.get_heads()}


def check_heads(scripts: ScriptDirectory) -> None:
    """Raise `MigrationFailed` unless there is one newest revision."""
    heads = scripts.get_heads()
    if not heads:
        raise MigrationFailed("There are no revisions in migrations/versions.")
    if len(heads) > 1:
        raise MigrationFailed(TWO_HEADS.format(heads=" and ".join(sorted(heads))))


def directory() -> ScriptDirectory:
    """Read the scripts of all revisions; raises `MigrationFailed` if one can't be."""
    scripts = ScriptDirectory.from_config(configuration())
    try:
        scripts.get_heads()
    except Exception as error:
        where = extract_tb(error.__traceback__)[-1]
        raise MigrationFailed(
            f"The revisions can't be read: {type(error).__name__}: {error} "
            f"({Path(where.filename).name}, line {where.lineno})"
        ) from error
    return scripts


def configuration() -> Config:
    """Alembic's configuration, as `pyproject.toml` has it."""
    return Config(toml_file=ROOT / "pyproject.toml")
