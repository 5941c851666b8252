"""Posts: what users publish."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from types import NoneType
from typing import NewType, Protocol, Self

from domain.errors import FieldProblem, InvalidInput, VersionConflict
from domain.excerpts import excerpt
from domain.pagination import Order, OrderField, Page, PageRequest
from domain.tags import TagId, fold_tags, tags_problems
from domain.text import slugify, text_problems
from domain.users import UserId

PostId = NewType("PostId", int)

MAX_TITLE_LENGTH = 200
MAX_BODY_LENGTH = 100_000


class PostStatus(Enum):
    """How far along a post is; only a published one is public."""

    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"
    ARCHIVED = "ARCHIVED"


class PostOrderField(OrderField):
    """What posts can be ordered by."""

    CREATED_AT = "created_at", datetime
    PUBLISHED_AT = "published_at", datetime, NoneType
    TITLE = "title", str


NEWEST_FIRST = {field: Order(field, descending=True) for field in PostOrderField}


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFilter:
    """Which posts; what is None does not narrow the list. Moments are exclusive."""

    author_id: UserId | None = None
    tag: str | None = None
    status: PostStatus | None = None
    published_after: datetime | None = None
    published_before: datetime | None = None

    @property
    def bounded_field(self) -> PostOrderField | None:
        """The field whose values it bounds, if any: an index has them in that order only."""
        if self.published_after is None and self.published_before is None:
            return None
        return PostOrderField.PUBLISHED_AT

    @property
    def default_order(self) -> Order:
        """Newest first, by the moments that it bounds if it does."""
        return NEWEST_FIRST[self.bounded_field or PostOrderField.CREATED_AT]


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A piece of writing, open to comments.

    It lacks what is heavy if it was read without: see `UnitOfWork.reading`.
    """

    id: PostId
    author_id: UserId
    slug: str
    title: str
    body: str
    status: PostStatus
    version: int
    published_at: datetime | None
    created_at: datetime
    updated_at: datetime | None

    def excerpt(self, length: int) -> str:
        """Begin the body as plain text: at most `length` characters, cut between words."""
        return excerpt(self.body, length)

    def check_version(self, expected: int | None) -> None:
        """Make sure that it is still what somebody saw; raises `VersionConflict`."""
        if expected not in {None, self.version}:
            raise VersionConflict(self.version)

    def edit(
        self,
        *,
        title: str | None = None,
        body: str | None = None,
        tags: Sequence[str] | None = None,
        status: PostStatus | None = None,
        at: datetime,
    ) -> "PostEdit":
        """Make the next version of it; what is None stays. Raises `InvalidInput`.

        The first time it is published is kept, and its slug from then on.
        """
        title = self.title if title is None else title.strip()
        body = self.body if body is None else body.strip()
        status = status or self.status
        if problems := [*post_problems(title, body, tags or ())]:
            raise InvalidInput(problems)
        keeps_slug = self.published_at is not None or slugify(title) == slugify(self.title)
        edited = replace(
            self,
            title=title,
            slug=self.slug if keeps_slug else slugify(title),
            body=body,
            status=status,
            version=self.version + 1,
            published_at=self.published_at or (at if status is PostStatus.PUBLISHED else None),
            updated_at=at,
        )
        return PostEdit(
            edited,
            None if tags is None else fold_tags(tags),
            changes_status=status is not self.status,
        )


@dataclass(frozen=True, slots=True)
class PostEdit:
    """The next version of a post, the names of its tags if they change, and if its status does."""

    post: Post
    tags: tuple[str, ...] | None
    changes_status: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPost:
    """A post to be, without a key."""

    author_id: UserId
    slug: str
    title: str
    body: str
    tags: tuple[str, ...]
    status: PostStatus
    version: int = 1
    published_at: datetime | None
    created_at: datetime

    @classmethod
    def write(
        cls,
        *,
        author_id: UserId,
        title: str,
        body: str,
        tags: Sequence[str] = (),
        publish: bool = False,
        at: datetime,
    ) -> Self:
        """Write a draft, or publish at once; raises `InvalidInput`."""
        title, body = title.strip(), body.strip()
        if problems := [*post_problems(title, body, tags)]:
            raise InvalidInput(problems)
        return cls(
            author_id=author_id,
            slug=slugify(title),
            title=title,
            body=body,
            tags=fold_tags(tags),
            status=PostStatus.PUBLISHED if publish else PostStatus.DRAFT,
            published_at=at if publish else None,
            created_at=at,
        )


def post_problems(title: str, body: str, tags: Sequence[str]) -> Iterator[FieldProblem]:
    """Check a trimmed title and body, and the tags as they were written."""
    yield from text_problems("title", title, required=True, at_most=MAX_TITLE_LENGTH, one_line=True)
    yield from text_problems("body", body, at_most=MAX_BODY_LENGTH)
    yield from tags_problems(tags)


@dataclass(frozen=True, slots=True)
class ArchiveMonth:
    """How many posts came out in one month, UTC."""

    year: int
    month: int
    post_count: int


class PostRepository(Protocol):
    """Where posts are kept. Every read leaves out what the viewer may not see."""

    async def get(self, id: PostId) -> Post:
        """Return one post; raises `NotFound`."""

    async def find(self, id: PostId) -> Post | None:
        """Return one post, if there is one."""

    async def get_many(self, ids: Collection[PostId]) -> Mapping[PostId, Post]:
        """Return the posts that exist, keyed by id."""

    async def get_many_by_slug(self, slugs: Collection[str]) -> Mapping[str, Post]:
        """Return the posts that exist, keyed by slug."""

    async def page(self, request: PageRequest[PostFilter]) -> Page[Post]:
        """Read one page of posts."""

    async def pages_by_author(
        self, author_ids: Collection[UserId], request: PageRequest[PostFilter]
    ) -> Mapping[UserId, Page[Post]]:
        """Read the same page of each author's posts; an author without any may be left out."""

    async def pages_by_tag(
        self, tag_ids: Collection[TagId], request: PageRequest[PostFilter]
    ) -> Mapping[TagId, Page[Post]]:
        """Read the same page of each tag's posts; a tag without any may be left out."""

    async def count(self, filter: PostFilter) -> int:
        """Count posts."""

    async def counts_by_author(
        self, author_ids: Collection[UserId], filter: PostFilter
    ) -> Mapping[UserId, int]:
        """Count each author's posts; an author without any may be left out."""

    async def counts_by_tag(
        self, tag_ids: Collection[TagId], filter: PostFilter
    ) -> Mapping[TagId, int]:
        """Count each tag's posts; a tag without any may be left out."""

    async def counts_by_month(self, filter: PostFilter) -> Sequence[ArchiveMonth]:
        """Count the posts of each month that has any by when they were published, newest first."""

    async def get_for_update(self, id: PostId) -> Post:
        """Return one post that nobody else changes before the transaction ends.

        Raises `NotFound`.
        """

    async def create(self, post: NewPost) -> Post:
        """Keep a new post and the tags it names; a slug in use gets an ending.

        Raises `NotFound` if its author is gone.
        """

    async def update(self, edit: PostEdit) -> Post:
        """Keep the next version of a post; a new slug that is in use gets an ending.

        Raises `VersionConflict` if it is not the next one, or `NotFound`.
        """

    async def delete(self, id: PostId) -> None:
        """Forget a post, with its comments; raises `NotFound`."""
