"""The copies of posts that links have, looked at row by row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, or_, select

import domain
from persistence import Base, Database
from server import demo
from tests.conftest import RecordQueries
from tests.factories import NOON, Given

LATER = NOON + timedelta(hours=1)
POSTS, LINKS = (Base.metadata.tables[name] for name in ("posts", "post_tags"))
COPIES = ("author_id", "status", "created_at")


async def links_and_strays(database: Database) -> tuple[int, int]:
    """How many links there are, and how many say something else than their post."""
    differs = or_(*(POSTS.c[name] != LINKS.c[name] for name in COPIES))
    count = select(func.count()).select_from(LINKS)
    async with database.reading() as connection:
        links = await connection.scalar(count)
        joined = count.join(POSTS, POSTS.c.id == LINKS.c.post_id)
        return links or 0, await connection.scalar(joined.where(differs)) or 0


async def update(work: domain.UnitOfWork, edit: domain.PostEdit) -> domain.Post:
    return await work.posts.update(edit)


async def test_links_say_what_their_posts_say(database: Database, given: Given) -> None:
    """Whatever is written: a copy that strays shows a draft to all, or hides what is out."""
    post = await given.a_post(by=await given.a_user(), tags=["a", "b"], publish=False)
    seen = [await links_and_strays(database)]
    changes: list[Callable[[domain.Post], domain.PostEdit]] = [
        lambda post: post.edit(status=domain.PostStatus.PUBLISHED, at=LATER),
        lambda post: post.edit(tags=["b", "c", "d"], at=LATER),
        lambda post: post.edit(status=domain.PostStatus.ARCHIVED, tags=["d"], at=LATER),
        lambda post: post.edit(status=domain.PostStatus.DRAFT, title="Another", at=LATER),
    ]

    for change in changes:
        post = await given.written(partial(update, edit=change(post)))
        seen.append(await links_and_strays(database))

    assert seen == [(2, 0), (2, 0), (3, 0), (1, 0), (1, 0)]


async def test_the_demo_is_linked_as_if_it_had_been_written(database: Database) -> None:
    """It is loaded past the repositories, and brings its copies."""
    await demo.seed(database, demo.Sizes(posts=300, comments=0), lambda *_, total: None)

    links, strays = await links_and_strays(database)

    assert links > 300
    assert strays == 0


@pytest.mark.parametrize(
    ("status", "statements"),
    [(None, 0), (domain.PostStatus.DRAFT, 0), (domain.PostStatus.PUBLISHED, 1)],
)
async def test_links_are_written_only_when_the_status_changes(
    given: Given,
    record_queries: RecordQueries,
    status: domain.PostStatus | None,
    statements: int,
) -> None:
    """Most edits change a text, and cost what they always did."""
    post = await given.a_post(by=await given.a_user(), tags=["a"], publish=False)
    edit = post.edit(body="Twice.", status=status, at=LATER)

    with record_queries() as queries:
        await given.written(lambda work: work.posts.update(edit))

    assert len([query for query in queries if "post_tags" in query]) == statements, queries
