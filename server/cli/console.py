"""What commands share: settings, the database, and how to end with a message."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import NoReturn, TypeVar

import typer
from pydantic import ValidationError
from rich.console import Console

from persistence import Database, DatabaseUnreachable, migrations
from server.settings import Settings, explain
from server.spans import NoSpans, spans_from_environment

T = TypeVar("T")

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


def check_spans() -> None:
    """End the command if traces are on, and there can't be any."""
    try:
        spans_from_environment()
    except ValidationError as error:
        fail(f"These variables of OpenTelemetry are wrong:\n{explain(error)}")
    except NoSpans as error:
        fail(str(error))


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
