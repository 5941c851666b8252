"""The other commands of the pages print what these say, and none is left out without a reason."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from persistence import Database
from server.demo import Sizes
from tests.docs import test_backups, test_runbook, test_upgrades
from tests.docs.checkout import Checkout
from tests.docs.pages import blocks, section
from tests.docs.stores import fill
from tests.factories import Given
from tests.servers import MariaDB, PostgreSQL

OPERATIONS, ACCOUNTS, DATABASE = "docs/operations.md", "docs/accounts.md", "docs/database.md"
SECTIONS = {
    (OPERATIONS, "Settings"),
    (ACCOUNTS, "Accounts and roles"),
    (DATABASE, "Troubleshooting: writing"),
    (DATABASE, "Troubleshooting: slow queries"),
}
NOT_RUN = {
    (OPERATIONS, "The image"): "it is built with Docker",
    (OPERATIONS, "With Compose"): "likewise",
    (OPERATIONS, "Migrating at deploy"): "tests/server/cli/test_revisions.py has these",
    (DATABASE, "Three databases"): "it installs, and serves until it is stopped",
    (
        DATABASE,
        "Troubleshooting: connections",
    ): "it installs, and tests of the command say the rest",
    (DATABASE, "Troubleshooting: migrations"): "it mends a revision that nobody has made",
}


def test_every_command_of_a_page_is_run_unless_there_is_a_reason() -> None:
    """A new section has to have its test, and one that went may not leave its name."""
    pages = (OPERATIONS, ACCOUNTS, DATABASE, test_runbook.PAGE)
    found = {(block.page, block.heading) for page in pages for block in blocks(page)}
    run = SECTIONS.union(*(each.SECTIONS for each in (test_backups, test_runbook, test_upgrades)))

    assert found == run | NOT_RUN.keys()
    assert not run & NOT_RUN.keys()


async def test_the_settings_in_force_are_shown_as_the_page_says(checkout: Checkout) -> None:
    """Without the password, to the letter."""
    [config] = section(OPERATIONS, "Settings")
    checkout.exact = True

    await checkout.run(config)


async def test_users_are_looked_after_as_the_page_says(checkout: Checkout) -> None:
    """All but the password, which is asked for on a terminal."""
    promote, list_users, sessions, _ = section(ACCOUNTS, "Accounts and roles")
    checkout.exact = True
    url = f"sqlite+aiosqlite:///{checkout.folder}/inkwell.db"
    await fill(url, Sizes(posts=1, comments=0, tags=1))
    async with Database.connect(url) as database:
        given = Given(database)
        ada = await given.a_user(username="ada")
        await given.a_session(of=ada, user_agent="curl/7.88.1", at=datetime.now(UTC))

    for block in (promote, list_users, sessions):
        await checkout.run(block)


@pytest.mark.parametrize("heading", ["Troubleshooting: writing", "Troubleshooting: slow queries"])
async def test_databases_take_the_statements_of_their_page(
    checkout: Checkout, heading: str
) -> None:
    """What they answer depends on what is stored."""
    [statements] = section(DATABASE, heading)
    async with PostgreSQL() as postgresql, MariaDB() as mariadb:
        checkout.ports = {5432: postgresql.port, 3306: mariadb.port}
        for url in (
            postgresql.url,
            mariadb.url,
            f"sqlite+aiosqlite:///{checkout.folder}/inkwell.db",
        ):
            await fill(url)

        await checkout.run(statements)
