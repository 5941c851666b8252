"""Backups are taken and restored as the page on operations says, and nothing is missing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from tests.docs.checkout import Checkout
from tests.docs.pages import Block, section
from tests.docs.stores import MYSQL, a_session, beside, everything, fill, ruin
from tests.factories import Given
from tests.faults.service import served
from tests.servers import MariaDB, MySQL, PostgreSQL

pytestmark = pytest.mark.slow  # servers are started for each

PAGE = "docs/operations.md"
SECTIONS = {
    (PAGE, "PostgreSQL"),
    (PAGE, "MySQL and MariaDB"),
    (PAGE, "SQLite"),
    (PAGE, "After a restore"),
}
TEXT = 'Grüße 🙂 it\'s \\ "quoted"\n\ttwice;'


async def check(
    checkout: Checkout, url: str, restored: str, backups: list[Block], restores: list[Block]
) -> None:
    """Back up while a server runs, ruin everything, restore, compare, and write on."""
    await fill(url)
    async with served(url) as service:
        await service.write(TEXT)
        given = Given(service.database)
        gone = await given.a_post(by=await given.a_user(username="grace"), title="Gone")
        async with a_session(url, "DELETE FROM posts WHERE title = 'Gone'"):
            before = await everything(url)
        for block in backups:
            await checkout.run(block)
    await ruin(url)
    for block in restores:
        await checkout.run(block)

    assert TEXT in [row.body for row in before["comments"]]
    assert await everything(restored) == before != await everything(url)
    async with served(restored, user="hopper") as service:
        assert (await service.read()).is_good
        assert service.post.id > gone.id


async def test_a_postgresql_database_survives(checkout: Checkout) -> None:
    """By a dump of its owner's, and by one of a role that only reads."""
    one, other, restore = section(PAGE, "PostgreSQL")
    [sign_out] = section(PAGE, "After a restore")
    async with PostgreSQL() as server:
        checkout.ports = {5432: server.port}
        restored = beside(server.url)

        await check(checkout, server.url, restored, [one, other], [restore])
        await checkout.run(sign_out)

        assert not (await everything(restored))["sessions"]


@pytest.mark.parametrize("kind", [MariaDB, MYSQL])
async def test_a_mysql_database_survives(checkout: Checkout, kind: type[MariaDB | MySQL]) -> None:
    """Likewise; the words of MariaDB's tools are what MySQL's understand."""
    one, other, restore = section(PAGE, "MySQL and MariaDB")
    async with kind() as server:
        checkout.ports = {3306: server.port}

        await check(checkout, server.url, beside(server.url), [one, other], [restore])


async def test_an_sqlite_file_survives(checkout: Checkout) -> None:
    """By SQLite's program, and by Python alone."""
    one, other, restore = section(PAGE, "SQLite")
    url, restored = (url_of(checkout.folder / f"inkwell{end}.db") for end in ("", "-restored"))

    await check(checkout, url, restored, [one, other], [restore])

    backup = await everything(url_of(checkout.folder / "inkwell-backup.db"))
    assert await everything(url_of(checkout.folder / "inkwell-backup-2.db")) == backup


async def test_a_copy_of_an_sqlite_file_alone_is_no_backup(tmp_path: Path) -> None:
    """As the page says: all that was written so far may stand in the file beside it."""
    file, copy = tmp_path / "inkwell.db", tmp_path / "copy.db"

    async with served(url_of(file), anew=True):
        shutil.copy(file, copy)
        whole = await everything(url_of(file))

    assert whole["posts"]
    with pytest.raises(OperationalError, match="no such table"):
        await everything(url_of(copy))


def url_of(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"
