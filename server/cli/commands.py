"""Serving, and the database it takes."""

from __future__ import annotations

from typing import Annotated

import typer

from schema import schema as graphql_schema
from server import demo, serving
from server.cli import revisions
from server.cli import users as users_commands
from server.cli.console import (
    check_revision,
    check_spans,
    err,
    fail,
    on_database,
    out,
    read_settings,
)
from server.cli.measuring import sharing_metrics
from server.cli.seeding import seed_database
from server.cli.starting import MISSPELLED, announce
from server.logs import log_config
from server.settings import Environment, misspelled, told
from server.version import version as our_version

DEMO = demo.Sizes()

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
        announce(settings, logs)
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
