"""A request's session: one connection, taken in turns."""

from __future__ import annotations

import asyncio

import domain
from persistence import Database
from persistence.database import SqlUnitOfWork
from tests.factories import NOON, Given
from tests.persistence.connections import checked_out, record
from tests.persistence.plans.meters import sent_by

EVERYONE = domain.UserFilter()
MODERATOR = domain.SignedIn(domain.UserId(2**62), domain.Role.MODERATOR)


async def test_concurrent_reads_take_turns_on_one_connection(
    database: Database, given: Given
) -> None:
    """The fields of a request resolve concurrently; a connection each would empty the pool.

    The pool is emptied first: an unguarded session only fails while it is
    still fetching a connection, which a warm pool hides.
    """
    ada = await given.a_user()
    await database.engine.dispose()

    with record(database, "checkout") as checkouts:
        async with database.unit_of_work() as work:
            found = await asyncio.gather(*(work.users.get(ada.id) for _ in range(20)))

    assert found == [ada] * 20
    assert len(checkouts) == 1
    assert checked_out(database) == 0


async def test_concurrent_writes_take_turns_too(database: Database) -> None:
    """And all are part of the transaction."""
    names = [f"tag-{n}" for n in range(20)]

    async with database.unit_of_work(MODERATOR) as work:

        async def write() -> None:
            await asyncio.gather(*(work.tags.get_or_create([name], at=NOON) for name in names))

        await work.transaction(write)
        assert await work.tags.count(None) == 20


async def test_what_reads_nothing_opens_no_connection(database: Database) -> None:
    """A request that is refused, or asks for the schema only, costs the database nothing."""
    await database.engine.dispose()

    with record(database, "checkout") as checkouts:
        async with database.unit_of_work():
            pass

    assert checkouts == []


async def test_a_read_sends_one_statement_and_no_transaction(
    database: Database, work: SqlUnitOfWork
) -> None:
    """BEGIN and ROLLBACK would cost two round trips more than the answer."""
    await work.users.count(EVERYONE)

    async with sent_by(database) as sent:
        await work.users.count(EVERYONE)

    assert len(sent) == 1, sent


async def test_a_read_after_a_transaction_begins_none(
    database: Database, work: SqlUnitOfWork
) -> None:
    """On SQLite it would hold the lock for writing until the request ends."""
    await work.transaction(lambda: work.tags.get_or_create(["tag"], at=NOON))

    async with sent_by(database) as sent:
        await work.tags.count(None)

    assert len(sent) == 1, sent


async def test_many_requests_write_at_once(database: Database) -> None:
    """More than there are connections; SQLite's take turns, and none is told it is locked."""

    async def create(n: int) -> domain.Tag:
        async with database.unit_of_work() as work:
            await work.tags.count(None)
            (tag,) = await work.transaction(lambda: work.tags.get_or_create([f"tag-{n}"], at=NOON))
            return tag

    tags = await asyncio.gather(*(create(n) for n in range(20)))

    async with database.unit_of_work(MODERATOR) as work:
        assert await work.tags.get_many([tag.id for tag in tags]) == {tag.id: tag for tag in tags}
