"""What a server says as it starts."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from logging.config import dictConfig
from pathlib import Path
from typing import Any

import domain
from persistence import Database, DatabaseUnreachable, migrations
from server import demo
from server.cli.console import ask, no_answer, out
from server.explorer.pages import BUILT, PlainPage, page_for
from server.settings import Settings, misspelled

PLAIN = (
    "It is a plain page, which loads its program from other hosts. "
    "`make explorer` builds ours, for the next start."
)
LOOK_SECONDS = 10  # that the database may take, before the server starts all the same
NOT_READY = "%s. The server starts all the same, and is ready once that has changed."
MISSPELLED = "%s is no setting. Is %s meant?"

log = logging.getLogger("inkwell.server")


def announce(settings: Settings, logs: dict[str, Any]) -> None:
    """Log, as `logs` configures it, what may be wrong, and print what a newcomer wants to know."""
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
        with database.answering():
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
