"""The commands an operator has: `python -m server --help`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, NoReturn, TypeVar

import typer
import uvicorn
from pydantic import ValidationError
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from persistence import Database, DatabaseUnreachable, migrations
from schema import schema as graphql_schema
from server import demo
from server.logs import log_config
from server.settings import Environment, Settings, explain

T = TypeVar("T")
DEMO = demo.Sizes()

commands = typer.Typer(
    help="Inkwell, a GraphQL API server for publishing. Settings come from the environment "
    "and from .env; .env.example lists them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
out = Console(highlight=False, soft_wrap=True)
err = Console(highlight=False, soft_wrap=True, stderr=True)


@commands.command()
def serve() -> None:
    """Serve the API until stopped."""
    settings = read_settings()
    check_revision(settings)
    if settings.environment is Environment.DEVELOPMENT:
        out.print(f"GraphiQL: http://{settings.host}:{settings.port}/graphql")
        if users := on_database(settings, demo_users):
            out.print(f"Users to try: {users}")
    uvicorn.run(
        "server.app:app_from_environment",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        log_config=log_config(settings.log_level.value),
        ws="none",
        server_header=False,
        proxy_headers=False,
    )


@commands.command()
def migrate() -> None:
    """Bring the database to the newest revision."""
    settings = read_settings()
    current, newest = on_database(settings, migrations.revisions)
    if current == newest:
        out.print("The database is at the newest revision.")
    else:
        try:
            migrations.upgrade(settings.database_url.get_secret_value(), out.print)
        except migrations.MigrationFailed as error:
            fail(f"The migration failed: {error}")


@commands.command()
def seed(
    users: Annotated[int, typer.Option(help="How many users.")] = DEMO.users,
    posts: Annotated[int, typer.Option(help="How many posts.")] = DEMO.posts,
    comments: Annotated[int, typer.Option(help="How many comments.")] = DEMO.comments,
    tags: Annotated[int, typer.Option(help="How many tags.")] = DEMO.tags,
    *,
    if_empty: Annotated[bool, typer.Option("--if-empty", help="Else do nothing.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Delete all there is first.")] = False,
) -> None:
    """Fill an empty database with demo data: all of it, or none if it fails."""
    settings = read_settings()
    if replace and settings.environment is Environment.PRODUCTION:
        fail("Nothing is replaced by demo data in production.")
    check_revision(settings)
    try:
        sizes = demo.Sizes(users=users, posts=posts, comments=comments, tags=tags)
        on_database(settings, lambda database: seed_database(database, sizes, replace=replace))
    except ValueError as error:
        fail(str(error))
    except demo.DatabaseNotEmpty as error:
        if not if_empty:
            fail(f"{error} --replace (make seed replace=yes) deletes what it holds first.")


@commands.command()
def schema() -> None:
    """Print the schema in GraphQL's own language."""
    typer.echo(graphql_schema.as_str())


async def seed_database(database: Database, sizes: demo.Sizes, *, replace: bool) -> None:
    """Seed with a progress bar for each table."""
    columns = TextColumn("{task.description:>10}"), BarColumn(), MofNCompleteColumn()
    progress = Progress(*columns, TimeElapsedColumn(), console=out)
    bars: dict[str, TaskID] = {}

    def show(table: str, loaded: int, *, total: int) -> None:
        progress.start()
        if table not in bars:
            bars[table] = progress.add_task(table.replace("_", " "), total=total)
        progress.update(bars[table], completed=loaded)

    try:
        await demo.seed(database, sizes, show, replace=replace)
    finally:
        if bars:
            progress.stop()


async def demo_users(database: Database) -> str:
    """Name the demo's users, of those that this database holds."""
    async with database.unit_of_work() as work:
        found = await work.users.get_many_by_username(demo.USERS_TO_TRY.values())
    return ", ".join(f"{user.username} ({user.role.value.lower()})" for user in found.values())


def read_settings() -> Settings:
    """Read the settings, or end with a line for each that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        fail(f"These settings are wrong:\n{explain(error)}")


def check_revision(settings: Settings) -> None:
    """Warn about pending migrations, or end the command when there is no table to work on."""
    current, newest = on_database(settings, migrations.revisions)
    if not current:
        fail("The database has no tables yet. First run: python -m server migrate")
    if current != newest:
        err.print("The database is not at the newest revision: python -m server migrate")


def on_database(settings: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    """Do some work on the database, or end with a line about why it does not answer."""

    async def connect() -> T:
        url = settings.database_url.get_secret_value()
        async with Database.connect(url, settings.engine_options) as database:
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
