"""Serving, and the database it takes."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from logging.config import dictConfig
from pathlib import Path
from typing import Annotated

import typer

import domain
from persistence import Database, DatabaseUnreachable, migrations
from schema import schema as graphql_schema
from server import demo, serving
from server.cli import revisions
from server.cli import users as users_commands
from server.cli.console import (
    ask,
    check_revision,
    check_spans,
    err,
    fail,
    no_answer,
    on_database,
    out,
    read_settings,
)
from server.cli.measuring import sharing_metrics
from server.cli.seeding import seed_database
from server.explorer.pages import BUILT, PlainPage, page_for
from server.logs import log_config
from server.settings import Environment, Settings, misspelled, told
from server.version import version as our_version

DEMO = demo.Sizes()
LOOK_SECONDS = 10  # that the database may take, before the server starts all the same
NOT_READY = "%s. The server starts all the same, and is ready once that has changed."
MISSPELLED = "%s is no setting. Is %s meant?"
PLAIN = (
    "It is a plain page, which loads its program from other hosts. "
    "`make explorer` builds ours, for the next start."
)

log = logging.getLogger("inkwell.server")

commands = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
commands.add_typer(revisions.commands)
commands.add_typer(users_commands.commands, name="users")


def show_version(asked: bool) -> None:  # noqa: FBT001 (typer calls it)
    """Print the version and end, if that is asked."""
    if asked:
        typer.echo(our_version())
        raise typer.Exit


@commands.callback()
def main(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Show it.")
    ] = False,
) -> None:
    """Inkwell, a GraphQL API server for publishing.

    Settings come from the environment and from .env; .env.example lists them.
    """


@commands.command()
def serve() -> None:
    """Serve the API until stopped."""
    settings = read_settings()
    check_spans()
    logs = log_config(settings.log_level.value, as_json=settings.logs_json)
    with sharing_metrics(settings):
        complaint, users = look(settings)
        dictConfig(logs)
        for name, meant in misspelled():
            log.warning(MISSPELLED, name, meant)
        if complaint:
            log.warning(NOT_READY, complaint.rstrip("."))
        for line in about_explorer(settings):
            out.print(line)
        if users:
            out.print(f"Users to try: {users}; password: {demo.PASSWORD}")
        serving.run(
            "server.app:app_from_environment",
            factory=True,
            host=settings.host,
            port=settings.port,
            workers=settings.workers,
            drain_seconds=settings.drain_seconds,
            timeout_graceful_shutdown=settings.grace_seconds,
            log_config=logs,
            access_log=False,
            ws="none",
            server_header=False,
            proxy_headers=bool(settings.forwarded_allow_ips),
            forwarded_allow_ips=settings.forwarded_allow_ips,
        )


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
    in_production = settings.environment is Environment.PRODUCTION
    if replace and in_production:
        fail("Nothing is replaced by demo data in production.")
    check_revision(settings)
    password = None if in_production else demo.PASSWORD
    try:
        sizes = demo.Sizes(users=users, posts=posts, comments=comments, tags=tags)
        on_database(
            settings, lambda database: seed_database(database, sizes, password, replace=replace)
        )
    except ValueError as error:
        fail(str(error))
    except demo.DatabaseNotEmpty as error:
        if not if_empty:
            fail(f"{error} --replace (make seed replace=yes) deletes what it holds first.")
    else:
        if in_production:
            out.print("These users have no password, and nobody can sign in as them.")


@commands.command()
def config() -> None:
    """Show the settings in force, without secrets, and where each came from."""
    for name, meant in misspelled():
        err.print(MISSPELLED % (name, meant), markup=False)
    for variable, value, origin in told(read_settings()):
        out.print(f"{variable}={value}  # {origin.value}", markup=False)


@commands.command()
def schema() -> None:
    """Print the schema in GraphQL's own language."""
    typer.echo(graphql_schema.as_str())


def about_explorer(settings: Settings, folder: Path = BUILT) -> Iterator[str]:
    """Say where the explorer is, and what it lacks."""
    page = page_for(settings, folder)
    if page is not None:
        yield f"Explorer: http://{settings.host}:{settings.port}/graphql"
        if isinstance(page, PlainPage):
            yield PLAIN
        if not settings.tells_schema:
            yield "It shows no docs and completes nothing, as INTROSPECTION is off."
    elif settings.shows_explorer:
        yield "EXPLORER is on, but the explorer is not built, and so not served: make explorer"


def look(settings: Settings) -> tuple[str | None, str]:
    """Say why the database can't be worked with yet, or else name its users in development."""

    async def standing_and_users(database: Database) -> tuple[str | None, str]:
        complaint = (await migrations.standing(database)).complaint
        if complaint or not settings.in_development:
            return complaint, ""
        with database.asked():
            return None, await demo_users(database)

    try:
        return ask(settings, standing_and_users, within_seconds=LOOK_SECONDS)
    except (DatabaseUnreachable, domain.DomainError) as error:
        return no_answer(error), ""


async def demo_users(database: Database) -> str:
    """Name the demo's users, of those that can sign in to this database."""
    named = []
    async with database.unit_of_work() as work:
        found = await work.users.get_many_by_username(demo.USERS_TO_TRY.values())
        for user in found.values():
            credentials = await work.users.find_credentials(user.username)
            if credentials and credentials.password_hash:
                named.append(f"{user.username} ({user.role.value.lower()})")
    return ", ".join(named)
