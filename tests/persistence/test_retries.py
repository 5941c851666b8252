"""Transactions that lose a race for real, and are run anew."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event

import domain
from persistence import Database
from persistence.database import SqlUnitOfWork
from tests.factories import NOON, Given
from tests.persistence.connections import checked_out

MODERATOR = domain.SignedIn(domain.UserId(1), domain.Role.MODERATOR)
WRITERS = 50
WRITING_SECONDS = {"sqlite": 5, "postgresql": 1, "mysql": 1}  # SQLite has one writer at a time
IMPATIENCE = {
    "sqlite": "PRAGMA busy_timeout = 50",
    "postgresql": "SET lock_timeout = '50ms'",
    "mysql": "SET SESSION innodb_lock_wait_timeout = 1",
}


async def append(work: SqlUnitOfWork, post_id: domain.PostId, text: str) -> None:
    """Write something at the end of a post, within a transaction."""
    post = await work.posts.get_for_update(post_id)
    await work.posts.update(post.edit(body=post.body + text, at=NOON))


async def in_transaction(
    database: Database, write: Callable[[SqlUnitOfWork], Awaitable[None]]
) -> None:
    """Write as one request of the public."""
    async with database.unit_of_work() as work:
        await work.transaction(lambda: write(work))


async def be_impatient(database: Database) -> None:
    """Have every new connection give up soon what others hold."""
    await database.engine.dispose()

    def hurry(connection: Any, record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(IMPATIENCE[database.engine.dialect.name])
        cursor.close()
        connection.commit()  # or PostgreSQL takes the setting back with the transaction

    event.listen(database.engine.sync_engine, "connect", hurry)


async def bodies(database: Database, *posts: domain.Post) -> list[str]:
    async with database.unit_of_work() as work:
        return [(await work.posts.get(post.id)).body for post in posts]


class FirstAttempts:
    """Where transactions meet when they are run first, so that they are in each other's way."""

    def __init__(self, transactions: int) -> None:
        self._barrier = asyncio.Barrier(transactions)
        self._met: set[object] = set()
        self.attempts = 0

    async def meet(self, transaction: object) -> None:
        self.attempts += 1
        if transaction not in self._met:
            self._met.add(transaction)
            await self._barrier.wait()


@pytest.mark.backends("postgresql", "mysql", "mariadb")
async def test_the_victim_of_a_deadlock_is_run_anew(database: Database, given: Given) -> None:
    """Two that lock the same two posts in opposite order: the database gives up one of them."""
    ada = await given.a_user()
    one, two = [await given.a_post(by=ada, body="begun") for _ in range(2)]
    first = FirstAttempts(2)

    async def sign_both(name: str, *posts: domain.Post) -> None:
        async with database.unit_of_work() as work:

            async def write() -> None:
                await append(work, posts[0].id, f" {name}")
                await first.meet(name)
                await append(work, posts[1].id, f" {name}")

            await work.transaction(write)

    await asyncio.gather(sign_both("ada", one, two), sign_both("bob", two, one))

    assert first.attempts > 2
    for body in await bodies(database, one, two):
        assert sorted(body.split()) == ["ada", "begun", "bob"]


async def name_tags(work: SqlUnitOfWork, *names: str) -> None:
    """Add rows, of which another may be adding one."""
    await work.tags.get_or_create(names, at=NOON)


async def named_tags(work: SqlUnitOfWork, *names: str) -> set[str]:
    return {*await work.tags.get_many_by_name(names)}


async def rename_users(work: SqlUnitOfWork, *names: str) -> None:
    """Change rows, of which another may be changing one."""
    users = await work.users.get_many_by_username(names)
    for name in names:
        await work.users.update(replace(users[name], display_name="Renamed"))


async def renamed_users(work: SqlUnitOfWork, *names: str) -> set[str]:
    users = await work.users.get_many_by_username(names)
    return {name for name, user in users.items() if user.display_name == "Renamed"}


@pytest.mark.backends("postgresql", "mysql", "mariadb")
@pytest.mark.parametrize(
    ("write_to", "written"), [(name_tags, named_tags), (rename_users, renamed_users)]
)
async def test_the_victim_of_a_deadlock_may_be_in_a_savepoint(
    database: Database,
    given: Given,
    write_to: Callable[..., Awaitable[None]],
    written: Callable[..., Awaitable[set[str]]],
) -> None:
    """MySQL forgets the savepoint with the transaction, and what comes out is an error of that."""
    shared = ["one", "two"]
    names = [*shared, *(f"{name}_{racer}" for name in shared for racer in ("ada", "bob"))]
    for name in names:
        await given.a_user(username=name)
    first = FirstAttempts(2)

    async def write_both(racer: str, *names: str) -> None:
        async with database.unit_of_work(MODERATOR) as work:

            async def write() -> None:
                await write_to(work, names[0], f"{names[0]}_{racer}")
                await first.meet(racer)
                await write_to(work, names[1], f"{names[1]}_{racer}")

            await work.transaction(write)

    await asyncio.gather(write_both("ada", "one", "two"), write_both("bob", "two", "one"))

    assert first.attempts > 2
    assert checked_out(database) == 0
    async with database.unit_of_work(MODERATOR) as work:
        assert await written(work, *names) == {*names}


@pytest.mark.backends("postgresql")
async def test_a_serialization_failure_is_run_anew(database: Database) -> None:
    """Each counts the tags and names one by the number, which is right only one by one."""

    def serializable(
        connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any
    ) -> tuple[str, Any]:
        return statement.replace("READ COMMITTED", "SERIALIZABLE"), parameters

    event.listen(database.engine.sync_engine, "before_cursor_execute", serializable, retval=True)
    first = FirstAttempts(2)

    async def name_by_number(racer: str) -> None:
        async with database.unit_of_work(MODERATOR) as work:

            async def write() -> None:
                count = await work.tags.count(None)
                await first.meet(racer)
                await work.tags.get_or_create([f"{racer}-{count}"], at=NOON)

            await work.transaction(write)

    await asyncio.gather(name_by_number("ada"), name_by_number("bob"))

    async with database.unit_of_work(MODERATOR) as work:
        names = await work.tags.get_many_by_name(["ada-0", "ada-1", "bob-0", "bob-1"])
    assert first.attempts > 2
    assert sorted(name[-1] for name in names) == ["0", "1"]


@pytest.mark.backends("mysql", "mariadb")
async def test_a_lock_that_was_waited_for_too_long_is_waited_for_again(
    database: Database, given: Given
) -> None:
    """MySQL gives up the statement, and leaves the transaction half done: all of it goes."""
    post = await given.a_post(by=await given.a_user(), body="begun")
    await be_impatient(database)
    attempts = 0
    held, second_attempt = asyncio.Event(), asyncio.Event()

    async def hold(work: SqlUnitOfWork) -> None:
        await append(work, post.id, " held")
        held.set()
        await second_attempt.wait()

    async def hurry(work: SqlUnitOfWork) -> None:
        nonlocal attempts
        attempts += 1
        if attempts > 1:
            second_attempt.set()
        await append(work, post.id, " hurried")

    holding = asyncio.create_task(in_transaction(database, hold))
    await held.wait()
    await in_transaction(database, hurry)
    await holding

    assert attempts == 2
    assert await bodies(database, post) == ["begun held hurried"]


async def test_who_loses_every_race_is_told_so(
    database: Database, database_url: str, given: Given, caplog: pytest.LogCaptureFixture
) -> None:
    """After three more attempts, each logged; nothing is written, and the next request can try."""
    caplog.set_level(logging.INFO, "inkwell.persistence")
    post = await given.a_post(by=await given.a_user(), body="begun")
    await be_impatient(database)
    held, given_up = asyncio.Event(), asyncio.Event()

    async def hold(work: SqlUnitOfWork) -> None:
        await append(work, post.id, " held")
        held.set()
        await given_up.wait()

    async with Database.connect(database_url) as other_process:
        holding = asyncio.create_task(in_transaction(other_process, hold))
        await held.wait()
        with pytest.raises(domain.Busy, match="Try again"):
            await in_transaction(database, lambda work: append(work, post.id, " hurried"))
        given_up.set()
        await holding

    lost = [record for record in caplog.records if "taken back" in record.message]
    assert len(lost) == 4  # the function does not know: SQLite refuses the BEGIN before it
    assert await bodies(database, post) == ["begun held"]


@pytest.mark.parametrize(
    "error", [domain.NotFound("Post", 1), ConnectionResetError(), KeyError(1213)]
)
async def test_an_error_that_is_none_of_the_database_is_not_repeated(
    work: SqlUnitOfWork, error: Exception
) -> None:
    """What broke once would break again, or do twice what may be done once."""
    attempts = 0

    async def write() -> None:
        nonlocal attempts
        attempts += 1
        await work.tags.count(None)
        raise error

    with pytest.raises(type(error)):
        await work.transaction(write)

    assert attempts == 1


async def test_fifty_writers_lose_nothing(database: Database, given: Given) -> None:
    """For seconds, all at one post, with fewer connections than writers: each in its turn."""
    post = await given.a_post(by=await given.a_user())
    seconds = WRITING_SECONDS[database.engine.dialect.name]
    end = asyncio.get_running_loop().time() + seconds

    async def keep_writing() -> int:
        written = 0
        while asyncio.get_running_loop().time() < end:
            await in_transaction(database, lambda work: append(work, post.id, "."))
            written += 1
        return written

    written = await asyncio.gather(*(keep_writing() for _ in range(WRITERS)))

    async with database.unit_of_work() as work:
        kept = await work.posts.get(post.id)
    assert kept.version == post.version + sum(written)
    assert kept.body == post.body + "." * sum(written)
    assert min(written) > 0
