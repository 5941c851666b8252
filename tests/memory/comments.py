"""Comments, in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict

import domain
from tests.memory.repository import MemoryRepository, sees
from tests.memory.tables import Tables


class MemoryCommentRepository(MemoryRepository[domain.CommentId, domain.Comment]):
    """`domain.CommentRepository` over a request's session."""

    kind = "Comment"

    async def pages_by_post(
        self, post_ids: Collection[domain.PostId], request: domain.PageRequest[None]
    ) -> Mapping[domain.PostId, domain.Page[domain.Comment]]:
        return self._pages(post_ids, lambda comment: [comment.post_id], request)

    async def pages_by_author(
        self, author_ids: Collection[domain.UserId], request: domain.PageRequest[None]
    ) -> Mapping[domain.UserId, domain.Page[domain.Comment]]:
        return self._pages(author_ids, lambda comment: [comment.author_id], request)

    async def counts_by_post(
        self, post_ids: Collection[domain.PostId], filter: None
    ) -> Mapping[domain.PostId, int]:
        return self._counts(post_ids, lambda comment: [comment.post_id], filter)

    async def counts_by_author(
        self, author_ids: Collection[domain.UserId], filter: None
    ) -> Mapping[domain.UserId, int]:
        return self._counts(author_ids, lambda comment: [comment.author_id], filter)

    async def create(self, comment: domain.NewComment) -> domain.Comment:
        tables = self._session.writable
        if comment.post_id not in tables.posts:
            raise domain.NotFound("Post", comment.post_id)
        if comment.author_id not in tables.users:
            raise domain.NotFound("User", comment.author_id)
        key = domain.CommentId(self._session.next_key())
        created = domain.Comment(id=key, updated_at=None, **asdict(comment))
        tables.comments[key] = created
        return created

    async def update(self, comment: domain.Comment) -> None:
        comments = self._session.writable.comments
        if comment.id not in comments:
            raise domain.NotFound(self.kind, comment.id)
        comments[comment.id] = comment

    def _rows(self, tables: Tables) -> dict[domain.CommentId, domain.Comment]:
        return tables.comments

    def _sees(self, comment: domain.Comment) -> bool:
        return sees(self._viewer, self._tables.posts[comment.post_id])
