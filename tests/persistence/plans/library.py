"""A large library: lists so long that a plan which reads them shows.

It has ties in every order, posts that came out long after they were begun, authors
and tags of many posts and of few, and one member with drafts and archived posts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import domain
from persistence import Database
from persistence.bulk import Row, bulk_load
from tests.factories import NOON

SETTLE = {  # what the servers do by themselves, after a while
    # A commit that waits for the disk takes those before it along, which VACUUM insists on.
    "postgresql": ("SET synchronous_commit = on", "ANALYZE", "VACUUM"),
    "mysql": ("ANALYZE TABLE users, tags, posts, post_tags, comments",),
}
STATUSES = [*domain.PostStatus]
DRAFT, PUBLISHED, ARCHIVED = domain.PostStatus
MODERATOR = domain.SignedIn(domain.UserId(2_000), domain.Role.MODERATOR)
MEMBER = domain.SignedIn(domain.UserId(1), domain.Role.MEMBER)
BUSY_AUTHOR, QUIET_AUTHOR = domain.UserId(2), domain.UserId(160)
HOT_POST = domain.PostId(1)
BIG_TAG, SMALL_TAG = "tag-1", "tag-2"
PARENTS = range(1, 101)  # those whose lists are read together; each is longer than a page


@dataclass(frozen=True, slots=True)
class Library:
    """How large it is: 160 of its 2,000 users write, under a tag for every fifty posts."""

    posts: int

    @property
    def is_small(self) -> bool:
        """Whether a database may take it as a whole."""
        return self.posts < 50_000

    @property
    def tags(self) -> int:
        """How many tags there are."""
        return self.posts // 50

    def moment(self, share: float) -> datetime:
        """The moment when this share of the posts had been begun."""
        return moment_of(int(self.posts * share))


def moment_of(n: int) -> datetime:
    """When a post was begun: three at a time."""
    return NOON + timedelta(minutes=n // 3)


def users() -> Iterator[Row]:
    for n in range(1, 2_001):
        yield {
            "id": n,
            "username": f"{'abcde'[n % 5]}{n:04}",
            "email": f"user{n}@example.com",
            "display_name": f"User {n}",
            "bio": "",
            "role": domain.Role.MODERATOR if n % 10 == 0 else domain.Role.MEMBER,
            "password_hash": None,
            "created_at": moment_of(n),
            "updated_at": None,
        }


def tags(library: Library) -> Iterator[Row]:
    for n in range(1, library.tags + 1):
        yield {"id": n, "name": f"tag-{n}", "created_at": moment_of(3 * n)}


def posts(library: Library) -> Iterator[Row]:
    rng = Random("posts")
    own = members_own(library)
    for n in range(library.posts):
        author = MEMBER.id if n in own else author_of(rng, n)
        others = PUBLISHED if author == MEMBER.id else rng.choices(STATUSES, (10, 85, 5))[0]
        status = own.get(n, others) if n + 1 != HOT_POST else PUBLISHED
        late = timedelta(days=rng.randrange(90)) if rng.random() < 0.3 else timedelta()
        yield {
            "id": n + 1,
            "author_id": author,
            "slug": f"post-{n}",
            "title": f"{rng.choice(('On', 'Why', 'How'))} {rng.randrange(library.posts // 2):06}",
            "body": "Once upon a time.",
            "status": status,
            "version": 1,
            "published_at": None if status is DRAFT else moment_of(n) + late,
            "created_at": moment_of(n),
            "updated_at": None,
        }


def members_own(library: Library) -> dict[int, domain.PostStatus]:
    """Which posts are the member's and not published, spread over the whole list."""
    return {n * 125 + 1: ARCHIVED if n % 2 else DRAFT for n in range(library.posts // 125)}


def author_of(rng: Random, n: int) -> int:
    """A few write much: the first tenth by one, and the last authors next to nothing."""
    if n % 10 == 0:
        return BUSY_AUTHOR
    if n % 1_000 == 1:
        return QUIET_AUTHOR
    return rng.randint(1, 140)


def links(library: Library) -> Iterator[Row]:
    """Every twentieth post is under the big tag, few are under the small one, the rest anywhere."""
    rng = Random("links")
    own = [*members_own(library)][::100]
    for n, post in enumerate(posts(library)):
        some_tag = 2 if n % 1_000 == 2 else rng.randint(3, library.tags)
        tag_id = 1 if n % 20 == 0 or n in own else some_tag
        yield {
            "post_id": post["id"],
            "tag_id": tag_id,
            "author_id": post["author_id"],
            "status": post["status"],
            "created_at": post["created_at"],
        }


def comments(library: Library) -> Iterator[Row]:
    """A tenth is by one on one post; half are on the first hundred posts by as many users."""
    rng = Random("comments")
    for n in range(library.posts // 2):
        few = n % 2 == 0
        hot = n % 10 == 0
        yield {
            "id": n + 1,
            "post_id": HOT_POST if hot else rng.randint(1, 100 if few else library.posts),
            "author_id": BUSY_AUTHOR if hot else rng.randint(1, 100 if few else 2_000),
            "body": "Indeed.",
            "created_at": moment_of(n),
            "updated_at": None,
        }


async def build(database: Database, library: Library) -> None:
    """Fill an empty database with a library, and let it count what it has."""
    async with bulk_load(database) as bulk:
        for name, rows in (
            ("users", users()),
            ("tags", tags(library)),
            ("posts", posts(library)),
            ("post_tags", links(library)),
            ("comments", comments(library)),
        ):
            await bulk.load(name, rows, lambda _: None)
    async with database.reading() as connection:
        for statement in SETTLE.get(database.engine.dialect.name, ()):
            await connection.exec_driver_sql(statement)
