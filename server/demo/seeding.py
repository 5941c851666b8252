"""Filling a database with the demo."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Protocol

from persistence import Database
from persistence.bulk import Row, bulk_load
from server.demo.comments import comments
from server.demo.posts import post_tags, posts, tag_counts
from server.demo.sizes import Sizes
from server.demo.tags import tags
from server.demo.users import users


class DatabaseNotEmpty(Exception):
    """The database holds something, which a demo would mix with."""

    def __init__(self) -> None:
        super().__init__("The database is not empty: nothing was seeded.")


class Progress(Protocol):
    """Hears how far along a table is: before its first row, and after every batch."""

    def __call__(self, table: str, loaded: int, *, total: int) -> object: ...


async def seed(
    database: Database,
    sizes: Sizes,
    on_progress: Progress,
    *,
    replace: bool = False,
    password_hash: str | None = None,
) -> None:
    """Fill an empty database, all or nothing; raises `DatabaseNotEmpty`.

    With `replace`, what the database holds is deleted first, and is back if anything fails.
    Without the hash of a password, nobody signs in as the demo's users.
    """
    async with bulk_load(database) as bulk:
        if replace:
            await bulk.clear()
        elif not await bulk.is_empty():
            raise DatabaseNotEmpty
        for table, total, rows in tables(sizes, password_hash):
            on_table = partial(on_progress, table, total=total)
            on_table(0)
            await bulk.load(table, rows, on_table)


def tables(
    sizes: Sizes, password_hash: str | None = None
) -> Iterator[tuple[str, int, Iterable[Row]]]:
    """List the tables in the order of their foreign keys, with the number of rows to come."""
    yield "users", sizes.users, users(sizes, password_hash)
    yield "tags", sizes.tags, tags(sizes)
    yield "posts", sizes.posts, posts(sizes)
    yield "post_tags", sum(tag_counts(sizes)), post_tags(sizes)
    yield "comments", sizes.comments, comments(sizes)
