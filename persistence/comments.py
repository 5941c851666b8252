"""Comments, in SQL."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import ClassVar

import domain
from persistence.models import CommentRecord, PostRecord, UserRecord
from persistence.pagination import Children, Part
from persistence.repository import SqlRepository
from persistence.visibility import seen_by

BY_POST = Children(parent=PostRecord, key=CommentRecord.post_id)
BY_AUTHOR = Children(parent=UserRecord, key=CommentRecord.author_id)


class SqlCommentRepository(SqlRepository[domain.CommentId, domain.Comment]):
    """`domain.CommentRepository` over a request's session."""

    kind = "Comment"
    record: ClassVar[type[CommentRecord]] = CommentRecord

    async def pages_by_post(
        self, post_ids: Collection[domain.PostId], request: domain.PageRequest[None]
    ) -> Mapping[domain.PostId, domain.Page[domain.Comment]]:
        return await self._pages(BY_POST, post_ids, request)

    async def pages_by_author(
        self, author_ids: Collection[domain.UserId], request: domain.PageRequest[None]
    ) -> Mapping[domain.UserId, domain.Page[domain.Comment]]:
        return await self._pages(BY_AUTHOR, author_ids, request)

    async def counts_by_post(
        self, post_ids: Collection[domain.PostId], filter: None
    ) -> Mapping[domain.PostId, int]:
        return await self._counts(BY_POST, post_ids, filter)

    async def counts_by_author(
        self, author_ids: Collection[domain.UserId], filter: None
    ) -> Mapping[domain.UserId, int]:
        return await self._counts(BY_AUTHOR, author_ids, filter)

    async def create(self, comment: domain.NewComment) -> domain.Comment:
        post = PostRecord, domain.NotFound("Post", comment.post_id)
        author = UserRecord, domain.NotFound("User", comment.author_id)
        return await self._create(asdict(comment), post, author)

    async def update(self, comment: domain.Comment) -> None:
        await self._replace(comment)

    def _parts(self, filter: None = None) -> list[Part]:
        """Those on posts that the viewer may see."""
        return [Part(CommentRecord.post.has(seen_by(self._viewer)))]
