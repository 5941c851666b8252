"""Posts, in SQL."""

from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import ClassVar

from sqlalchemy import delete as delete_from
from sqlalchemy import extract, func, insert, select

import domain
from persistence.models import PostRecord, TagRecord, UserRecord, post_tags
from persistence.pagination import Children, Condition, Part
from persistence.repository import SqlRepository
from persistence.tags import SqlTagRepository
from persistence.visibility import in_scope

BY_AUTHOR = Children(parent=UserRecord, key=PostRecord.author_id)
BY_TAG = Children(
    parent=TagRecord,
    key=post_tags.c.tag_id,
    link=(post_tags, post_tags.c.post_id == PostRecord.id),
)


def equal_columns(scope: domain.PostScope, wanted: domain.PostFilter) -> tuple[str, ...]:
    """Name what is the same in all posts of a scope; nothing if a tag is the better way in."""
    if wanted.tag is not None:
        return ()
    is_of_one = scope.author_id is not None or wanted.author_id is not None
    return ("author_id", "status") if is_of_one else ("status",)


class SqlPostRepository(SqlRepository[domain.PostId, domain.Post]):
    """`domain.PostRepository` over a request's session."""

    kind = "Post"
    record: ClassVar[type[PostRecord]] = PostRecord

    async def get_many_by_slug(self, slugs: Collection[str]) -> Mapping[str, domain.Post]:
        return await self._get_many_by(PostRecord.slug, slugs)

    async def pages_by_author(
        self,
        author_ids: Collection[domain.UserId],
        request: domain.PageRequest[domain.PostFilter],
    ) -> Mapping[domain.UserId, domain.Page[domain.Post]]:
        return await self._pages(BY_AUTHOR, author_ids, request)

    async def pages_by_tag(
        self, tag_ids: Collection[domain.TagId], request: domain.PageRequest[domain.PostFilter]
    ) -> Mapping[domain.TagId, domain.Page[domain.Post]]:
        return await self._pages(BY_TAG, tag_ids, request)

    async def counts_by_author(
        self, author_ids: Collection[domain.UserId], filter: domain.PostFilter
    ) -> Mapping[domain.UserId, int]:
        return await self._counts(BY_AUTHOR, author_ids, filter)

    async def counts_by_tag(
        self, tag_ids: Collection[domain.TagId], filter: domain.PostFilter
    ) -> Mapping[domain.TagId, int]:
        return await self._counts(BY_TAG, tag_ids, filter)

    async def counts_by_month(self, filter: domain.PostFilter) -> Sequence[domain.ArchiveMonth]:
        year = extract("year", PostRecord.published_at)
        month = extract("month", PostRecord.published_at)
        statement = (
            select(year, month, func.count())
            .where(PostRecord.published_at.is_not(None), *self._where(filter))
            .group_by(year, month)
            .order_by(year.desc(), month.desc())
        )
        return [
            domain.ArchiveMonth(int(year), int(month), count)
            for year, month, count in await self._session.rows(statement)
        ]

    async def create(self, post: domain.NewPost) -> domain.Post:
        values = asdict(post)
        tags = values.pop("tags")
        author = UserRecord, domain.NotFound("User", post.author_id)

        async def write(slug: str) -> domain.Post:
            return await self._create({**values, "slug": slug}, author)

        created = await at_free_slug(post.slug, write)
        await self._tag(created.id, tags, at=post.created_at)
        return created

    async def update(self, edit: domain.PostEdit) -> domain.Post:
        async def write(slug: str) -> domain.Post:
            updated = replace(edit.post, slug=slug)
            if not await self._update(updated, PostRecord.version == updated.version - 1):
                raise domain.VersionConflict((await self.get(updated.id)).version)
            return updated

        updated = await at_free_slug(edit.post.slug, write)
        if edit.tags is not None:
            links = delete_from(post_tags).where(post_tags.c.post_id == updated.id)
            await self._session.change(links)
            await self._tag(updated.id, edit.tags, at=updated.updated_at or updated.created_at)
        return updated

    async def _tag(self, post_id: domain.PostId, names: Sequence[str], *, at: datetime) -> None:
        if names:
            tags = await SqlTagRepository(self._session, self._viewer).get_or_create(names, at=at)
            links = [{"post_id": post_id, "tag_id": tag.id} for tag in tags]
            await self._session.change(insert(post_tags), links)

    def _parts(self, filter: domain.PostFilter | None = None) -> list[Part]:
        """One part for each scope that the filter leaves something of.

        Only what was never published lacks a moment.
        """
        wanted = filter or domain.PostFilter()
        has_nulls = not (wanted.published_after or wanted.published_before)
        return [
            Part(
                in_scope(scope),
                has_nulls=has_nulls and scope.status is not domain.PostStatus.PUBLISHED,
                same=equal_columns(scope, wanted),
            )
            for scope in domain.visible_posts(self._viewer)
            if wanted.status in {None, scope.status}
            and (scope.author_id is None or wanted.author_id in {None, scope.author_id})
        ]

    def _matching(self, filter: domain.PostFilter) -> Iterator[Condition]:
        if filter.author_id is not None:
            yield PostRecord.author_id == filter.author_id
        if filter.tag is not None:
            tagged = select(post_tags.c.post_id).join(TagRecord).where(TagRecord.name == filter.tag)
            yield PostRecord.id.in_(tagged)
        if filter.published_after is not None:
            yield PostRecord.published_at > filter.published_after
        if filter.published_before is not None:
            yield PostRecord.published_at < filter.published_before


async def at_free_slug(slug: str, write: Callable[[str], Awaitable[domain.Post]]) -> domain.Post:
    """Write a post under a slug, or one like it if that is taken; the unique index decides."""
    for candidate in domain.free_slugs(slug):
        try:
            return await write(candidate)
        except domain.AlreadyTaken as error:
            if error.field != "slug":
                raise
            taken = error
    raise taken
