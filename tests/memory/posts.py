"""Posts, in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime

import domain
from tests.memory.repository import MemoryRepository, sees
from tests.memory.tables import Tables
from tests.memory.tags import MemoryTagRepository


class MemoryPostRepository(MemoryRepository[domain.PostId, domain.Post]):
    """`domain.PostRepository` over a request's session."""

    kind = "Post"

    async def get_many_by_slug(self, slugs: Collection[str]) -> Mapping[str, domain.Post]:
        return {post.slug: self._read(post) for post in self._seen().values() if post.slug in slugs}

    async def pages_by_author(
        self,
        author_ids: Collection[domain.UserId],
        request: domain.PageRequest[domain.PostFilter],
    ) -> Mapping[domain.UserId, domain.Page[domain.Post]]:
        return self._pages(author_ids, author_of, request)

    async def pages_by_tag(
        self, tag_ids: Collection[domain.TagId], request: domain.PageRequest[domain.PostFilter]
    ) -> Mapping[domain.TagId, domain.Page[domain.Post]]:
        return self._pages(tag_ids, self._tags_of, request)

    async def counts_by_author(
        self, author_ids: Collection[domain.UserId], filter: domain.PostFilter
    ) -> Mapping[domain.UserId, int]:
        return self._counts(author_ids, author_of, filter)

    async def counts_by_tag(
        self, tag_ids: Collection[domain.TagId], filter: domain.PostFilter
    ) -> Mapping[domain.TagId, int]:
        return self._counts(tag_ids, self._tags_of, filter)

    async def counts_by_month(self, filter: domain.PostFilter) -> Sequence[domain.ArchiveMonth]:
        dates = [
            each.published_at.astimezone(UTC) for each in self._listed(filter) if each.published_at
        ]
        counts = Counter((date.year, date.month) for date in dates)
        return [
            domain.ArchiveMonth(year, month, counts[year, month])
            for year, month in sorted(counts, reverse=True)
        ]

    async def create(self, post: domain.NewPost) -> domain.Post:
        tables, values = self._session.writable, asdict(post)
        names = values.pop("tags")
        if post.author_id not in tables.users:
            raise domain.NotFound("User", post.author_id)
        key = domain.PostId(self._session.next_key())
        created = domain.Post(id=key, updated_at=None, **values)
        created = replace(created, slug=self._free_slug(created))
        tables.posts[key] = created
        await self._tag(key, names, at=created.created_at)
        return created

    async def update(self, edit: domain.PostEdit) -> domain.Post:
        tables, post = self._session.writable, edit.post
        if post.id not in tables.posts or tables.posts[post.id].version != post.version - 1:
            raise domain.VersionConflict((await self.get(post.id)).version)
        updated = replace(post, slug=self._free_slug(post))
        tables.posts[post.id] = updated
        if edit.tags is not None:
            await self._tag(post.id, edit.tags, at=post.updated_at or post.created_at)
        return updated

    def _free_slug(self, post: domain.Post) -> str:
        others = [each for each in self._tables.posts.values() if each.id != post.id]
        taken = {other.slug for other in others}
        return next(slug for slug in domain.free_slugs(post.slug) if slug not in taken)

    async def _tag(self, id: domain.PostId, names: Collection[str], *, at: datetime) -> None:
        repository = MemoryTagRepository(self._session, self._viewer)
        tags = await repository.get_or_create(names, at=at)
        self._session.writable.link(id, [tag.id for tag in tags])

    def _tags_of(self, post: domain.Post) -> list[domain.TagId]:
        return [tag.id for tag in self._tables.tags_of(post.id)]

    def _forget(self, id: domain.PostId) -> None:
        self._session.writable.delete_post(id)

    def _rows(self, tables: Tables) -> dict[domain.PostId, domain.Post]:
        return tables.posts

    def _sees(self, post: domain.Post) -> bool:
        return sees(self._viewer, post)

    def _matches(self, post: domain.Post, filter: domain.PostFilter) -> bool:
        after, before, date = filter.published_after, filter.published_before, post.published_at
        names = [tag.name for tag in self._tables.tags_of(post.id)]
        return (
            filter.author_id in {None, post.author_id}
            and (filter.tag is None or filter.tag in names)
            and filter.status in {None, post.status}
            and (after is None or (date is not None and date > after))
            and (before is None or (date is not None and date < before))
        )


def author_of(post: domain.Post) -> list[domain.UserId]:
    """Name a post's author, as the parents of one child."""
    return [post.author_id]
