"""The rows that are read and written while the servers are measured: the same ones every time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeAlias

from domain import PostStatus
from domain.text import slugify
from server import demo
from server.demo.moments import FIRST_POST, part_way
from server.demo.prose import OPENINGS, PARAGRAPHS
from server.demo.replies import ADDITIONS, REMARKS
from server.demo.tags import tags
from server.demo.titles import subject_at, title_at
from server.demo.users import users
from server.demo.words import SUBJECTS, fill_in

Record: TypeAlias = tuple[Any, ...]

VERSION = 1
"""Goes up with each change of what is generated, so that a database of old rows is filled anew."""

FULL = demo.Sizes(users=10_000, posts=200_000, comments=1_000_000, tags=200)
SMALL = demo.Sizes(users=400, posts=8_000, comments=40_000, tags=50)

DRAFTS_EVERY = 20
PARAGRAPH_COUNTS = (1, 2, 2, 3, 3)  # behind an opening: 600 characters, more or less
TAG_COUNTS = (2, 3, 3, 3, 4)
DAYS_OF_COMMENTS = 30


@dataclass(frozen=True, slots=True)
class Table:
    """A table's rows, in the order of `columns`, drawn as they are needed."""

    name: str
    columns: tuple[str, ...]
    size: int
    rows: Iterable[Record]


def tables(sizes: demo.Sizes) -> Iterator[Table]:
    """List the tables in the order of their foreign keys."""
    people = [*users(sizes)]
    names = tuple(people[0])
    yield Table("users", names, sizes.users, (plain(each.values()) for each in people))
    yield Table(
        "tags", ("id", "name", "created_at"), sizes.tags, (plain(x.values()) for x in tags(sizes))
    )
    yield Table("posts", POST_COLUMNS, sizes.posts, posts(sizes))
    yield Table("post_tags", LINK_COLUMNS, sum(tag_counts(sizes)), post_tags(sizes))
    yield Table("comments", COMMENT_COLUMNS, sizes.comments, comments(sizes))


def describe(sizes: demo.Sizes) -> str:
    """Name what a database of these sizes holds, to know it again."""
    held = ", ".join(f"{count} {name}" for name, count in asdict(sizes).items())
    return f"Inkwell's benchmark, rows of version {VERSION}: {held}"


POST_COLUMNS = (
    "id",
    "author_id",
    "slug",
    "title",
    "body",
    "status",
    "version",
    "published_at",
    "created_at",
)
LINK_COLUMNS = ("post_id", "tag_id", "author_id", "status", "created_at")
COMMENT_COLUMNS = ("id", "post_id", "author_id", "body", "created_at")


def posts(sizes: demo.Sizes) -> Iterator[Record]:
    """Make all posts, in the order they were begun; one in twenty is a draft."""
    rng = Random("bodies")
    for index, author_id in enumerate(author_ids(sizes)):
        title, created_at = title_at(index, sizes), begun_at(index, sizes)
        yield (
            index + 1,
            author_id,
            slugify(title),
            title,
            body(rng, SUBJECTS[subject_at(index, sizes)]),
            status_at(index).value,
            1,
            None if is_draft(index) else created_at,
            created_at,
        )


def post_tags(sizes: demo.Sizes) -> Iterator[Record]:
    """Give each post about three tags."""
    rng = Random("links")
    both = zip(tag_counts(sizes), author_ids(sizes), strict=True)
    for index, (count, author_id) in enumerate(both):
        status, created_at = status_at(index).value, begun_at(index, sizes)
        for tag in rng.sample(range(sizes.tags), count):
            yield index + 1, tag + 1, author_id, status, created_at


def comments(sizes: demo.Sizes) -> Iterator[Record]:
    """Share the comments out among the posts that are out, within a month of each."""
    rng = Random("comments")
    for index in range(sizes.comments):
        post = rng.randrange(sizes.posts)
        post -= is_draft(post)
        remark = fill_in(rng.choice(REMARKS), SUBJECTS[subject_at(post, sizes)])
        later = timedelta(days=DAYS_OF_COMMENTS * rng.random())
        author_id = rng.randrange(sizes.users) + 1
        text = f"{remark} {rng.choice(ADDITIONS)}"
        yield index + 1, post + 1, author_id, text, begun_at(post, sizes) + later


def author_ids(sizes: demo.Sizes) -> Iterator[int]:
    """Tell the author of each post: all write about as much."""
    rng = Random("authors")
    for _ in range(sizes.posts):
        yield rng.randrange(sizes.users) + 1


def tag_counts(sizes: demo.Sizes) -> Iterator[int]:
    """Tell how many tags each post bears."""
    rng = Random("tag counts")
    for _ in range(sizes.posts):
        yield min(rng.choice(TAG_COUNTS), sizes.tags)


def begun_at(index: int, sizes: demo.Sizes) -> datetime:
    """Tell when the post at this position was begun."""
    return part_way(FIRST_POST, index / sizes.posts)


def is_draft(index: int) -> bool:
    """Tell whether the post at this position is not out; the first one is."""
    return index % DRAFTS_EVERY == DRAFTS_EVERY - 1


def status_at(index: int) -> PostStatus:
    """Tell how far along the post at this position is."""
    return PostStatus.DRAFT if is_draft(index) else PostStatus.PUBLISHED


def body(rng: Random, subject: str) -> str:
    """Write some paragraphs about a subject."""
    paragraphs = [rng.choice(OPENINGS), *rng.sample(PARAGRAPHS, rng.choice(PARAGRAPH_COUNTS))]
    return fill_in("\n\n".join(paragraphs), subject)


def plain(values: Iterable[Any]) -> Record:
    """Write enums as the words that tables keep."""
    return tuple(getattr(value, "value", value) for value in values)
