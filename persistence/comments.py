"""Comments, in SQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import ClassVar

import domain
from persistence.entities import values_in
from persistence.lists import Children, Part, Source
from persistence.models import CommentRecord, PostRecord, UserRecord
from persistence.reader import ListBelow
from persistence.repository import SqlRepository
from persistence.visibility import is_on_seen_post, seen_by

BY_AUTHOR = Children(UserRecord, "author_id")


class SqlCommentRepository(SqlRepository[domain.CommentId, domain.Comment]):
    """`domain.CommentRepository` over a request's session."""

    kind = "Comment"
    record: ClassVar[type[CommentRecord]] = CommentRecord
    entity = domain.Comment

    async def pages_by_post(
        self, post_ids: Collection[domain.PostId], request: domain.PageRequest[None]
    ) -> Mapping[domain.PostId, domain.Page[domain.Comment]]:
        return await self._pages(SqlCommentRepository._by_post, post_ids, request)

    async def pages_by_author(
        self, author_ids: Collection[domain.UserId], request: domain.PageRequest[None]
    ) -> Mapping[domain.UserId, domain.Page[domain.Comment]]:
        return await self._pages(SqlCommentRepository._by_author, author_ids, request)

    async def counts_by_post(
        self, post_ids: Collection[domain.PostId], filter: None
    ) -> Mapping[domain.PostId, int]:
        return await self._counts(SqlCommentRepository._by_post, post_ids, filter)

    async def counts_by_author(
        self, author_ids: Collection[domain.UserId], filter: None
    ) -> Mapping[domain.UserId, int]:
        return await self._counts(SqlCommentRepository._by_author, author_ids, filter)

    async def create(self, comment: domain.NewComment) -> domain.Comment:
        post = PostRecord, domain.NotFound("Post", comment.post_id)
        author = UserRecord, domain.NotFound("User", comment.author_id)
        return await self._create(values_in(comment), post, author)

    async def update(self, comment: domain.Comment) -> None:
        await self._replace(comment)

    def _by_post(self, filter: None) -> ListBelow:
        children = Children(PostRecord, "post_id", seen_with=seen_by(self._viewer))
        return ListBelow(children, self._source(), filter)

    def _by_author(self, filter: None) -> ListBelow:
        return ListBelow(BY_AUTHOR, self._source(), filter)

    def _parts(self, source: Source, filter: None = None) -> list[Part]:
        """Those on posts that the viewer may see."""
        return [Part(is_on_seen_post(CommentRecord.post_id, self._viewer))]
