"""The database's revisions: to apply them, and to see where a database stands."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from persistence import Database, migrations
from server.cli.console import fail, on_database, out, read_settings

MAX_WAIT_SECONDS = 86_400
WAIT = typer.Option(
    min=0, max=MAX_WAIT_SECONDS, help="For how many seconds to wait for the database to answer."
)
PLAN = typer.Option("--plan", help="Print the SQL of what is pending, and do nothing.")

commands = typer.Typer()
say = partial(out.print, markup=False, emoji=False)


@commands.command()
def migrate(wait: Annotated[int, WAIT] = 0, *, plan: Annotated[bool, PLAN] = False) -> None:
    """Bring the database to the newest revision, alone: others wait, and find nothing to do."""
    settings = read_settings()
    url = settings.migration_url
    if plan:
        planned = on_database(settings, migrations.plan, url=url, wait_seconds=wait)
        if not planned:
            say("-- Nothing is pending.")
        for each in planned:
            say(f"-- {each.script.revision}: {each.script.doc}")
            typer.echo("\n".join(each.statements) or "-- There is nothing to do on this database.")
        return
    on_database(settings, Database.ping, url=url, wait_seconds=wait)
    try:
        migrations.upgrade(url, say, settings.migration_limits)
    except migrations.MigrationFailed as error:
        fail(f"The migration failed: {error}")
    say("The database is at the newest revision.")


@commands.command()
def status() -> None:
    """Tell the database's revision, what is pending, and the newest there is."""
    settings = read_settings()
    found = on_database(settings, migrations.standing, url=settings.migration_url)
    tell("Revision", found.current, "none, nothing was applied yet")
    pending = [f"{each.revision}: {each.doc.rstrip('.')}" for each in found.pending]
    tell("Pending", pending, "nothing" if found.is_newest else "nobody knows")
    tell("Newest", found.heads, "none")


@commands.command()
def check() -> None:
    """Fail if the revisions are not fit to be deployed, or the tables are not the models'."""
    settings = read_settings()
    if complaints := on_database(settings, migrations.complaints, url=settings.migration_url):
        fail("\n".join(complaints))
    if not migrations.reads_sql():
        say("Nobody has read the SQL of op.execute: squawk, of requirements-dev.txt, is missing.")
    say("The revisions are fit, and the tables are the models'.")


def tell(title: str, lines: list[str], otherwise: str) -> None:
    """Print lines behind a title, or what there is to say if there are none."""
    for n, line in enumerate(lines or [otherwise]):
        say(f"{'' if n else title + ':':<10}{line}")
