"""What commands share: settings, the database, and how to end with a message."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import NoReturn, TypeVar

import typer
from pydantic import ValidationError
from rich.console import Console

from persistence import Database, DatabaseUnreachable, migrations
from server.settings import Settings, explain

T = TypeVar("T")

WAIT_SECONDS = 0.5
SILENCE = logging.NullHandler()

log = logging.getLogger("inkwell.persistence")

out = Console(highlight=False, soft_wrap=True)
err = Console(highlight=False, soft_wrap=True, stderr=True)


def read_settings() -> Settings:
    """Read the settings, or end with a line for each that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        fail(f"These settings are wrong:\n{explain(error)}")


def check_revision(settings: Settings) -> None:
    """End the command unless the tables are those that it knows."""
    if not is_newest_revision(settings):
        fail("The database is not at the newest revision. First run: python -m server migrate")


def is_newest_revision(settings: Settings) -> bool:
    """Tell whether nothing is to be migrated; ends the command when there are no tables at all."""
    current, newest = on_database(settings, migrations.revisions)
    if not current:
        fail("The database has no tables yet. First run: python -m server migrate")
    return current == newest


def wait_for_database(settings: Settings, seconds: float) -> None:
    """Wait until the database answers, or end the command after so long with a line about it."""

    async def wait() -> None:
        ends_at = monotonic() + seconds
        async with Database.connect(settings.migration_url, settings.command_options) as database:
            while not await answers(database, is_last=monotonic() >= ends_at):  # noqa: ASYNC110 (a server tells nobody)
                await asyncio.sleep(WAIT_SECONDS)

    log.addHandler(SILENCE)  # for what it warns of is said here
    try:
        asyncio.run(wait())
    except DatabaseUnreachable as error:
        fail(f"The database does not answer: {error}")


async def answers(database: Database, *, is_last: bool) -> bool:
    """Tell whether a database answers; raises `DatabaseUnreachable` if it is the last time."""
    try:
        await database.ping()
    except DatabaseUnreachable:
        if is_last:
            raise
        return False
    return True


def on_database(settings: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    """Do some work on the database, or end with a line about why it does not answer."""
    log.addHandler(SILENCE)  # for what it warns of is said here

    async def connect() -> T:
        url = settings.database_url.get_secret_value()
        async with Database.connect(url, settings.command_options) as database:
            await database.ping()
            return await work(database)

    try:
        return asyncio.run(connect())
    except DatabaseUnreachable as error:
        fail(f"The database does not answer: {error}")


def fail(message: str) -> NoReturn:
    """End the command with a message and exit code 1."""
    err.print(message, style="red", markup=False)
    raise typer.Exit(1)
