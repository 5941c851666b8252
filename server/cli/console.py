"""What commands share: settings, the database, and how to end with a message."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from time import monotonic
from typing import NoReturn, TypeVar

import typer
from pydantic import ValidationError
from rich.console import Console

from persistence import Database, DatabaseUnreachable, migrations
from server.settings import Settings, explain
from server.spans import NoSpans, spans_from_environment

T = TypeVar("T")

MIGRATE = "First run: python -m server migrate"
POLL_SECONDS = 0.5
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
    if told := on_database(settings, complaint):
        fail(told)


async def complaint(database: Database) -> str | None:
    """Say why a database can't be worked with as it stands, if it can't."""
    found = await migrations.standing(database)
    if not found.current:
        return f"The database has no tables yet. {MIGRATE}"
    if found.unknown:
        return f"The database is at {'; '.join(found.current)}: a newer release has migrated it."
    return None if found.is_newest else f"The database is not at the newest revision. {MIGRATE}"


def on_database(
    settings: Settings,
    work: Callable[[Database], Awaitable[T]],
    *,
    url: str | None = None,
    wait_seconds: float = 0,
    unreachable: Callable[[str], T] | None = None,
) -> T:
    """Do some work on the database, or end with a line about why it does not answer.

    It may have some time until it does, as one that is just starting. Whoever can do without it
    says what to make of that line.
    """
    log.addHandler(SILENCE)  # for what it warns of is said here

    async def connect() -> T:
        where = url or settings.database_url.get_secret_value()
        options = migrations.options_for(url) if url else settings.command_options
        if wait_seconds:
            within_seconds = min(wait_seconds, options.connect_timeout_seconds)
            options = replace(options, connect_timeout_seconds=within_seconds)
        async with Database.connect(where, options) as database:
            await wait_for(database, wait_seconds)
            return await work(database)

    try:
        return asyncio.run(connect())
    except DatabaseUnreachable as error:
        return (unreachable or fail)(f"The database does not answer: {error}")
    except migrations.MigrationFailed as error:
        fail(str(error))


async def wait_for(database: Database, seconds: float) -> None:
    """Wait until a database answers; raises `DatabaseUnreachable` if it has not in time."""
    ends_at, is_told = monotonic() + seconds, False
    while True:
        try:
            await database.ping()
        except DatabaseUnreachable as error:
            if monotonic() >= ends_at:
                raise
            if not is_told:
                err.print(f"Waiting for the database, up to {seconds:g} s: {error}", markup=False)
                is_told = True
            await asyncio.sleep(POLL_SECONDS)
        else:
            return


def fail(message: str) -> NoReturn:
    """End the command with a message and exit code 1."""
    err.print(message, style="red", markup=False)
    raise typer.Exit(1)
