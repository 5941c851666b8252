"""Whole tables at once: all or nothing, and keys that work afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress

import domain
from persistence import Database
from persistence.bulk import BATCH_SIZE, Row, bulk_load
from tests.factories import NOON, Given

STUCK_AFTER_SECONDS = 30


def user_rows(count: int) -> Iterator[Row]:
    """Rows of some size, so that a batch is sent in several pieces."""
    for key in range(1, count + 1):
        yield {
            "id": key,
            "username": f"u{key}",
            "email": f"u{key}@example.com",
            "display_name": "Someone",
            "bio": "Reads a lot. " * 30,
            "role": domain.Role.MEMBER,
            "created_at": NOON,
            "updated_at": None,
        }


async def user_count(database: Database) -> int:
    async with database.unit_of_work() as work:
        return await work.users.count(domain.UserFilter())


async def test_rows_are_kept_batch_by_batch(database: Database) -> None:
    """The last batch is rarely a full one."""
    heard: list[int] = []

    async with bulk_load(database) as bulk:
        await bulk.load("users", user_rows(BATCH_SIZE + 1), heard.append)

    assert heard == [BATCH_SIZE, BATCH_SIZE + 1]
    assert await user_count(database) == BATCH_SIZE + 1


async def test_the_next_key_comes_after_those_loaded(database: Database, given: Given) -> None:
    """PostgreSQL would count from 1 and meet rows that are there."""
    async with bulk_load(database) as bulk:
        await bulk.load("users", user_rows(5), lambda loaded: None)

    user = await given.a_user(username="newcomer")

    assert user.id > 5


async def test_a_failed_load_leaves_what_there_was(database: Database, given: Given) -> None:
    """Rows that were cleared come back, and the keys after them are still free."""
    async with bulk_load(database) as bulk:
        await bulk.load("users", user_rows(5), lambda loaded: None)

    with suppress(ZeroDivisionError):
        async with bulk_load(database) as bulk:
            await bulk.clear()
            await bulk.load("users", user_rows(1), lambda loaded: None)
            raise ZeroDivisionError
    user = await given.a_user(username="newcomer")

    assert user.id > 5
    assert await user_count(database) == 6


async def test_a_load_can_be_stopped(database: Database) -> None:
    """Cancelled in the middle of a batch, it ends, and nothing of it is kept."""
    loop = asyncio.get_running_loop()

    async def load() -> None:
        async with bulk_load(database) as bulk:
            rows = user_rows(2 * BATCH_SIZE)
            await bulk.load("users", rows, lambda loaded: loop.call_soon(loading.cancel))

    loading = asyncio.create_task(load())
    await asyncio.wait([loading], timeout=STUCK_AFTER_SECONDS)

    assert loading.cancelled()
    assert await user_count(database) == 0


async def test_clearing_empties_every_table(database: Database, given: Given) -> None:
    """Rows go before those that they refer to."""
    author = await given.a_user()
    post = await given.a_post(by=author, tags=[await given.a_tag()])
    await given.a_comment(on=post, by=author)

    async with bulk_load(database) as bulk:
        before = await bulk.is_empty()
        await bulk.clear()
        after = await bulk.is_empty()

    assert (before, after) == (False, True)


async def test_one_row_of_any_table_makes_a_database_not_empty(
    database: Database, given: Given
) -> None:
    """Somebody put it there, if only a tag."""
    await given.a_tag()

    async with bulk_load(database) as bulk:
        empty = await bulk.is_empty()

    assert not empty
