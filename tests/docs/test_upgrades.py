"""A database goes on to the newest revision and back as the page on operations says."""

from __future__ import annotations

import asyncio

import pytest
from alembic import command
from sqlalchemy.exc import DBAPIError

from persistence import migrations
from tests.databases import migrate
from tests.docs.checkout import Checkout
from tests.docs.pages import section
from tests.docs.stores import MYSQL, a_session, fill
from tests.faults.service import served
from tests.server.processes import deployed
from tests.servers import MariaDB, MySQL, PostgreSQL

pytestmark = pytest.mark.slow  # servers are started for each

PAGE = "docs/operations.md"
SECTIONS = {(PAGE, "Upgrade and rollback"), (PAGE, "Privileges")}
SERVING = ("inkwell:inkwell@", "serving:serving@")


async def test_an_upgrade_and_its_rollback_print_what_the_page_says(checkout: Checkout) -> None:
    """Instances are as ready as it says, before and after."""
    upgrade, by_old_code, downgrade = section(PAGE, "Upgrade and rollback")
    async with PostgreSQL() as server:
        checkout.configure(database_url=server.url)
        await fill(server.url)
        await downgrade_to("e5b80d1c7a36", server.url)
        await checkout.run(upgrade)
        [newest] = migrations.newest()

        await stand_at("7f3c21d0b9e8", server.url)
        async with deployed(checkout.folder, readiness=503, database_url=server.url) as old:
            checkout.ports = {8000: old.port}
            await checkout.run(by_old_code)

        await stand_at(newest, server.url)
        async with deployed(checkout.folder, database_url=server.url) as new:
            checkout.ports = {8000: new.port}
            await checkout.run(downgrade)


async def test_a_postgresql_role_serves_with_the_privileges_of_the_page(
    checkout: Checkout,
) -> None:
    """Whoever gets into an instance has no role that drops a table."""
    grant, _ = section(PAGE, "Privileges")
    async with PostgreSQL() as server:
        await fill(server.url)
        checkout.ports = {5432: server.port}

        await checkout.run(grant)

        await check_serving(server.url, refusal="must be owner")
        later = ("CREATE TABLE later (id SERIAL)", "INSERT INTO later DEFAULT VALUES")
        async with (
            a_session(server.url, *later),
            a_session(server.url.replace(*SERVING), *later[1:]),
        ):
            pass


@pytest.mark.parametrize("kind", [MariaDB, MYSQL])
async def test_mysql_users_migrate_and_serve_with_the_privileges_of_the_page(
    checkout: Checkout, kind: type[MariaDB | MySQL]
) -> None:
    """Likewise."""
    _, grant = section(PAGE, "Privileges")
    async with kind() as server:
        checkout.ports = {3306: server.port}

        await checkout.run(grant)

        await migrate(server.url.replace("inkwell:inkwell@", "migrating:migrating@"))
        await check_serving(server.url, refusal="denied")


async def check_serving(url: str, *, refusal: str) -> None:
    """Serve as the role that only serves, and try to do more."""
    url = url.replace(*SERVING)
    async with served(url) as service:
        assert (await service.read()).is_good
        assert (await service.write("Written.")).is_good
    with pytest.raises(DBAPIError, match=refusal):
        async with a_session(url, "DROP TABLE sessions"):
            pass


async def downgrade_to(revision: str, url: str) -> None:
    """Have the tables be those of an earlier release."""
    config = migrations.configuration()
    config.attributes |= {"url": url, "report": lambda line: None}
    await asyncio.to_thread(command.downgrade, config, revision)


async def stand_at(revision: str, url: str) -> None:
    """Have the database be at a revision that this release may not know."""
    told = f"UPDATE alembic_version SET version_num = '{revision}'"  # noqa: S608 (it is ours)
    async with a_session(url, told):
        pass
