"""What a request asked of the database, as its session counts it."""

from __future__ import annotations

import asyncio

import domain
from persistence import Database
from persistence.database import SqlUnitOfWork
from persistence.failures import ConnectionLost
from persistence.lanes import Usage
from tests.conftest import Queries, RecordQueries
from tests.factories import NOON, Given, signed_in

BOUNDARIES = ("SAVEPOINT", "RELEASE", "ROLLBACK")
MODERATOR = domain.SignedIn(domain.UserId(2**62), domain.Role.MODERATOR)


def statements(queries: Queries) -> int:
    """How many of them are more than the beginnings and ends of savepoints."""
    return len([query for query in queries if not query.startswith(BOUNDARIES)])


async def test_reads_are_counted_as_they_are_sent(
    work: SqlUnitOfWork, given: Given, record_queries: RecordQueries
) -> None:
    """The log's numbers are what finds the request that asks too much."""
    users = [await given.a_user() for _ in range(3)]
    await work.users.count(domain.UserFilter())  # a first connection asks more of the server
    before = Usage(work.usage.statements, work.usage.rows)

    with record_queries() as queries:
        await work.users.get_many([user.id for user in users])
        await asyncio.gather(*(work.users.find(user.id) for user in users))
        await work.tags.count(None)

    assert before == Usage(statements=1, rows=1)
    assert work.usage == Usage(statements=1 + 5, rows=1 + 3 + 3 + 1)
    assert statements(queries) == 5, queries


async def test_writes_are_counted_with_the_rows_they_hit(
    database: Database, given: Given, record_queries: RecordQueries
) -> None:
    """One at a time or many at once, inside a savepoint or not; COMMIT is no statement."""
    ada = await given.a_user()
    new = domain.NewPost.write(
        author_id=ada.id, title="A title", body="Body.", tags=["a", "b"], publish=True, at=NOON
    )

    async with database.unit_of_work(signed_in(ada)) as work:
        await work.users.find(ada.id)
        with record_queries() as queries:
            post = await work.transaction(lambda: work.posts.create(new))
        created = Usage(work.usage.statements - 1, work.usage.rows - 1)
        await work.transaction(lambda: work.posts.delete(post.id))

    assert created.statements == statements(queries), queries
    assert created.rows == 1 + 2 + 2 + 2  # the post, two tags that are read again, and their links
    assert work.usage.statements == 1 + created.statements + 1
    assert work.usage.rows == 1 + created.rows + 1


async def test_a_transaction_counts_each_time_it_is_run(
    work: SqlUnitOfWork, record_queries: RecordQueries
) -> None:
    """What others' writes cost this one is what the log is to show."""
    await work.tags.count(None)
    attempts = 0

    async def write() -> None:
        nonlocal attempts
        attempts += 1
        await work.tags.count(None)
        if attempts < 3:
            raise ConnectionLost("gone")

    with record_queries() as queries:
        await work.transaction(write)

    assert work.usage == Usage(statements=1 + 3, rows=1 + 3)
    assert statements(queries) == 3, queries


async def test_whoever_it_is_seen_by_the_request_is_one(work: SqlUnitOfWork) -> None:
    """Whoever asks is known only after their session was read, which is part of the request."""
    await work.tags.count(None)

    await work.seen_by(MODERATOR).tags.count(None)

    assert work.usage.statements == 2
