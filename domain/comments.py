"""Comments: what readers reply."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NewType, Protocol, Self

from domain.errors import InvalidInput
from domain.pagination import OrderField, Page, PageRequest
from domain.posts import Post, PostId
from domain.text import text_problems
from domain.users import UserId

CommentId = NewType("CommentId", int)

MAX_COMMENT_LENGTH = 5_000


class CommentOrderField(OrderField):
    """What comments can be ordered by."""

    CREATED_AT = "created_at", datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A reader's reply to a post.

    It lacks what is heavy if it was read without: see `UnitOfWork.reading`.
    """

    id: CommentId
    post_id: PostId
    author_id: UserId
    body: str
    created_at: datetime
    updated_at: datetime | None

    def reword(self, body: str, *, at: datetime) -> Self:
        """Say it differently; raises `InvalidInput`."""
        return replace(self, body=checked_body(body), updated_at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewComment:
    """A comment to be, without a key."""

    post_id: PostId
    author_id: UserId
    body: str
    created_at: datetime

    @classmethod
    def reply(cls, post: Post, *, author_id: UserId, body: str, at: datetime) -> Self:
        """Reply to a post; raises `InvalidInput`."""
        return cls(post_id=post.id, author_id=author_id, body=checked_body(body), created_at=at)


def checked_body(body: str) -> str:
    """Trim a comment's text; raises `InvalidInput` when there is none, or too much."""
    body = body.strip()
    if problems := [*text_problems("body", body, required=True, at_most=MAX_COMMENT_LENGTH)]:
        raise InvalidInput(problems)
    return body


class CommentRepository(Protocol):
    """Where comments are kept. Every read leaves out those on posts the viewer may not see."""

    async def get(self, id: CommentId) -> Comment:
        """Return one comment; raises `NotFound`."""

    async def find(self, id: CommentId) -> Comment | None:
        """Return one comment, if there is one."""

    async def get_many(self, ids: Collection[CommentId]) -> Mapping[CommentId, Comment]:
        """Return the comments that exist, keyed by id."""

    async def pages_by_post(
        self, post_ids: Collection[PostId], request: PageRequest[None]
    ) -> Mapping[PostId, Page[Comment]]:
        """Read the same page of each post's comments; a post without any may be left out."""

    async def pages_by_author(
        self, author_ids: Collection[UserId], request: PageRequest[None]
    ) -> Mapping[UserId, Page[Comment]]:
        """Read the same page of each author's comments; an author without any may be left out."""

    async def counts_by_post(
        self, post_ids: Collection[PostId], filter: None
    ) -> Mapping[PostId, int]:
        """Count each post's comments; a post without any may be left out."""

    async def counts_by_author(
        self, author_ids: Collection[UserId], filter: None
    ) -> Mapping[UserId, int]:
        """Count each author's comments; an author without any may be left out."""

    async def get_for_update(self, id: CommentId) -> Comment:
        """Return one comment that nobody else changes before the transaction ends.

        Raises `NotFound`.
        """

    async def create(self, comment: NewComment) -> Comment:
        """Keep a new comment; raises `NotFound` if its post or author is gone."""

    async def update(self, comment: Comment) -> None:
        """Keep a changed comment; raises `NotFound`."""

    async def delete(self, id: CommentId) -> None:
        """Forget a comment; raises `NotFound`."""
