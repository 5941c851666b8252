"""Whole data sets for property tests: drawn as entities, stored in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from itertools import chain
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import insert

import domain
from persistence import Base, Database
from tests.conftest import forget_everything
from tests.factories import NOON, Store
from tests.memory import MemoryStore

AUTHORS = [domain.UserId(n) for n in (1, 2, 3)]
TAGS = [domain.TagId(n) for n in (1, 2, 3)]
MOMENTS = [NOON, NOON + timedelta(microseconds=1), NOON + timedelta(days=40)]
TITLES = ["a", "A", "a b", "é", "z", "😀", "\uffee"]
TABLES = {
    domain.User: Base.metadata.tables["users"],
    domain.Tag: Base.metadata.tables["tags"],
    domain.Post: Base.metadata.tables["posts"],
    domain.Comment: Base.metadata.tables["comments"],
}
LINKS = Base.metadata.tables["post_tags"]

SOME_POST = domain.Post(
    id=domain.PostId(1),
    author_id=AUTHORS[0],
    slug="post",
    title="Post",
    body="",
    status=domain.PostStatus.DRAFT,
    version=1,
    published_at=None,
    created_at=NOON,
    updated_at=None,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Posts by three authors, and under which of three tags they are."""

    posts: Sequence[domain.Post]
    tags_of: Mapping[domain.PostId, Sequence[domain.TagId]]


@st.composite
def a_post(draw: st.DrawFn, key: int) -> domain.Post:
    """A post that ties with others on whatever it is ordered by; a draft may lack its date."""
    status = draw(st.sampled_from(domain.PostStatus))
    dates = st.sampled_from(MOMENTS)
    is_published = status is domain.PostStatus.PUBLISHED
    return replace(
        SOME_POST,
        id=domain.PostId(key),
        author_id=draw(st.sampled_from(AUTHORS)),
        slug=f"post-{key}",
        title=draw(st.sampled_from(TITLES)),
        status=status,
        published_at=draw(dates if is_published else st.none() | dates),
        created_at=draw(dates),
    )


@st.composite
def shelves(draw: st.DrawFn, *, min_size: int = 0) -> Shelf:
    """Up to a dozen posts."""
    posts = [draw(a_post(n)) for n in range(1, draw(st.integers(min_size, 12)) + 1)]
    tags = st.lists(st.sampled_from(TAGS), unique=True)
    return Shelf(posts=posts, tags_of={post.id: draw(tags) for post in posts})


@st.composite
def comments_on(draw: st.DrawFn, posts: Sequence[domain.Post]) -> list[domain.Comment]:
    """Up to a dozen comments, some of the same moment."""
    return [
        domain.Comment(
            id=domain.CommentId(n),
            post_id=draw(st.sampled_from(posts)).id,
            author_id=draw(st.sampled_from(AUTHORS)),
            body="Indeed.",
            created_at=draw(st.sampled_from(MOMENTS)),
            updated_at=None,
        )
        for n in range(1, draw(st.integers(0, 12)) + 1)
    ]


@st.composite
def some_users(draw: st.DrawFn) -> list[domain.User]:
    """Up to a dozen users whose names begin alike."""
    names = draw(st.lists(st.text("ab_0", min_size=3, max_size=4), unique=True, max_size=12))
    roles, moments = st.sampled_from(domain.Role), st.sampled_from(MOMENTS)
    return [
        replace(a_user(n, name), role=draw(roles), created_at=draw(moments))
        for n, name in enumerate(names, 1)
    ]


@st.composite
def some_tags(draw: st.DrawFn) -> list[domain.Tag]:
    """Up to a dozen tags."""
    names = draw(st.lists(st.text("ab-0", min_size=1, max_size=3), unique=True, max_size=12))
    return [
        replace(a_tag(n, name), created_at=draw(st.sampled_from(MOMENTS)))
        for n, name in enumerate(names, 1)
    ]


def a_tag(key: int, name: str) -> domain.Tag:
    return domain.Tag(id=domain.TagId(key), name=name, created_at=NOON)


def a_user(key: int, username: str) -> domain.User:
    return domain.User(
        id=domain.UserId(key),
        username=username,
        email=f"{username}@example.com",
        display_name=username,
        bio="",
        role=domain.Role.MEMBER,
        created_at=NOON,
        updated_at=None,
    )


async def keep(
    store: Store,
    *entities: Sequence[domain.User | domain.Tag | domain.Post | domain.Comment],
    links: Sequence[tuple[domain.PostId, domain.TagId]] = (),
) -> None:
    """Keep lists of entities, each of one kind, under the keys that they have."""
    if isinstance(store, MemoryStore):
        store.keep(*entities, links=links)
        return
    posts = {each.id: each for each in chain(*entities) if isinstance(each, domain.Post)}
    async with database_of(store).writing() as connection:
        for kind in filter(None, entities):
            rows = [asdict(entity) for entity in kind]
            await connection.execute(insert(TABLES[type(kind[0])]), rows)
        if links:
            rows = [a_link(posts[post_id], tag_id) for post_id, tag_id in links]
            await connection.execute(insert(LINKS), rows)


def a_link(post: domain.Post, tag_id: domain.TagId) -> dict[str, Any]:
    """The row that puts a post under a tag, with its copies."""
    return {
        "post_id": post.id,
        "tag_id": tag_id,
        "author_id": post.author_id,
        "status": post.status,
        "created_at": post.created_at,
    }


async def forget(store: Store) -> None:
    """Empty a store: Hypothesis goes on with it from example to example."""
    if isinstance(store, MemoryStore):
        store.forget_everything()
        return
    async with database_of(store).writing() as connection:
        await forget_everything(connection)


def database_of(store: Store) -> Database:
    assert isinstance(store, Database)
    return store


async def keep_shelf(store: Store, shelf: Shelf) -> None:
    """Keep a shelf, its authors and its tags, and nothing else."""
    users = [a_user(n, f"user{n}") for n in AUTHORS]
    tags = [a_tag(n, f"tag-{n}") for n in TAGS]
    links = [(post_id, tag_id) for post_id, ids in shelf.tags_of.items() for tag_id in ids]
    await forget(store)
    await keep(store, users, tags, shelf.posts, links=links)
