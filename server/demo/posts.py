"""The posts of the demo, and the tags they bear."""

from collections.abc import Iterator
from datetime import datetime
from random import Random
from typing import NamedTuple

from domain import PostStatus
from domain.text import slugify
from persistence.bulk import Row
from server.demo.articles import Stock
from server.demo.moments import FIRST_POST, part_way, soon_after
from server.demo.sizes import STAFF, Sizes
from server.demo.titles import subject_at, subjects, title_at
from server.demo.users import members_by

STATUSES = (PostStatus.PUBLISHED,) * 17 + (PostStatus.DRAFT,) * 2 + (PostStatus.ARCHIVED,)
SHARE_OF_FORMER_DRAFTS = 0.4
SHARE_EDITED = 0.25
TAG_COUNTS = (0, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4, 5)


class History(NamedTuple):
    """Who wrote a post, and what became of it when."""

    author_id: int
    status: PostStatus
    version: int
    published_at: datetime | None
    created_at: datetime
    updated_at: datetime | None


def posts(sizes: Sizes) -> Iterator[Row]:
    """Make the rows of all posts, in the order they were written."""
    rng = Random("articles")
    stocks = [Stock.about(subject) for subject in subjects(sizes)]
    for index, history in enumerate(histories(sizes)):
        title = title_at(index, sizes)
        yield {
            "id": index + 1,
            "slug": slugify(title),
            "title": title,
            "body": stocks[subject_at(index, sizes)].article(rng),
            **history._asdict(),
        }


def histories(sizes: Sizes) -> Iterator[History]:
    """Tell the history of each post; they are cheap to tell again, so that nobody keeps them."""
    rng = Random("histories")
    for index in range(sizes.posts):
        status = rng.choice(STATUSES) if index else PostStatus.PUBLISHED  # comments need one
        created_at = part_way(FIRST_POST, (index + rng.random()) / sizes.posts)
        yield _history(rng, _author_id(rng, created_at, sizes), status, created_at)


def post_tags(sizes: Sizes) -> Iterator[Row]:
    """Make the rows that say which post bears which tag: its subject, and some popular ones."""
    rng = Random("post tags")
    for index, (count, history) in enumerate(zip(tag_counts(sizes), histories(sizes), strict=True)):
        chosen = {subject_at(index, sizes)} if count else set()
        while len(chosen) < count:
            chosen.add(int(sizes.tags * rng.random() ** 2))
        for tag in sorted(chosen):
            yield {
                "post_id": index + 1,
                "tag_id": tag + 1,
                "author_id": history.author_id,
                "status": history.status,
                "created_at": history.created_at,
            }


def tag_counts(sizes: Sizes) -> Iterator[int]:
    """Tell how many tags each post bears."""
    rng = Random("tag counts")
    for _ in range(sizes.posts):
        yield min(rng.choice(TAG_COUNTS), sizes.tags)


def _author_id(rng: Random, moment: datetime, sizes: Sizes) -> int:
    """Let a few write much, and the staff, who come last here, least."""
    members = members_by(moment, sizes)
    return (STAFF + int(members * rng.random() ** 2)) % members + 1


def _history(rng: Random, author_id: int, status: PostStatus, created_at: datetime) -> History:
    """Publish, edit and archive a post as the domain would."""
    published_at = None if status is PostStatus.DRAFT else created_at
    updated_at, version = None, 1
    if published_at and rng.random() < SHARE_OF_FORMER_DRAFTS:
        published_at = updated_at = soon_after(rng, created_at, hours=20)
        version += 1
    if status is PostStatus.ARCHIVED or rng.random() < SHARE_EDITED:
        updated_at = soon_after(rng, updated_at or created_at, hours=300)
        version += rng.randint(1, 3)
    return History(author_id, status, version, published_at, created_at, updated_at)
