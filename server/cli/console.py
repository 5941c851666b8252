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

from persistence import Database, DatabaseUnreachable, check_url, migrations
from server.settings import Settings, explain
from server.spans import NoSpans, spans_from_environment

T = TypeVar("T")

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
    except UnicodeDecodeError as error:
        fail(f".env is no text in UTF-8: {error}")


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
    if complaint := on_database(settings, migrations.standing).complaint:
        fail(complaint)


def on_database(
    settings: Settings,
    work: Callable[[Database], Awaitable[T]],
    *,
    url: str | None = None,
    wait_seconds: float = 0,
) -> T:
    """Do some work on the database, or end with a line about why it does not answer.

    It may have some time until it does, as one that is just starting.
    """
    try:
        return ask(settings, work, url=url, wait_seconds=wait_seconds)
    except DatabaseUnreachable as error:
        fail(no_answer(error))


def ask(
    settings: Settings,
    work: Callable[[Database], Awaitable[T]],
    *,
    url: str | None = None,
    wait_seconds: float = 0,
    within_seconds: float | None = None,
) -> T:
    """Do some work on the database; raises `DatabaseUnreachable`, also if it takes longer."""
    where = url or settings.database_url.get_secret_value()
    options = migrations.options_for(url) if url else settings.command_options
    if wait_seconds:
        connect_seconds = min(wait_seconds, options.connect_timeout_seconds)
        options = replace(options, connect_timeout_seconds=connect_seconds)

    async def connect() -> T:
        async with Database.connect(where, options) as database:
            try:
                async with asyncio.timeout(within_seconds) as limit:
                    await wait_for(database, wait_seconds)
                    return await work(database)
            except TimeoutError as error:
                if not limit.expired():
                    raise
                address = check_url(where).render_as_string()
                raise DatabaseUnreachable(f"{address}: no answer in time") from error

    log.addHandler(SILENCE)  # for what it warns of is said by those who call this
    try:
        return asyncio.run(connect())
    except migrations.MigrationFailed as error:
        fail(str(error))


def no_answer(error: Exception) -> str:
    """Say it as all commands do."""
    return f"The database does not answer: {error}"


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
