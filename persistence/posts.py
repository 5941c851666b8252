"""Posts, in SQL."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from sqlalchemy import (
    ClauseElement,
    ScalarSelect,
    bindparam,
    extract,
    func,
    insert,
    select,
    update,
)
from sqlalchemy import delete as delete_from

import domain
from persistence.entities import values_in
from persistence.lists import Children, Condition, Part, Source
from persistence.models import PostRecord, TagRecord, UserRecord, post_tags
from persistence.reader import ListBelow, Parameters, any_of
from persistence.repository import SqlRepository
from persistence.statements import Query
from persistence.tags import SqlTagRepository
from persistence.visibility import POSTS, TAGGED_POSTS

BY_AUTHOR = Children(UserRecord, "author_id")
BY_TAG = Children(TagRecord, "tag_id")


def equal_columns(
    source: Source, scope: domain.PostScope, wanted: domain.PostFilter
) -> tuple[str, ...]:
    """Name what is the same in all posts of a scope."""
    is_tagged = source.link is not None
    is_of_one = scope.author_id is not None or wanted.author_id is not None
    return (*["tag_id"] * is_tagged, *["author_id"] * is_of_one, "status")


class SqlPostRepository(SqlRepository[domain.PostId, domain.Post]):
    """`domain.PostRepository` over a request's session."""

    kind = "Post"
    record: ClassVar[type[PostRecord]] = PostRecord
    entity = domain.Post
    unique = ("slug",)

    async def get_many_by_slug(self, slugs: Collection[str]) -> Mapping[str, domain.Post]:
        return await self._get_many_by("slug", slugs)

    async def pages_by_author(
        self,
        author_ids: Collection[domain.UserId],
        request: domain.PageRequest[domain.PostFilter],
    ) -> Mapping[domain.UserId, domain.Page[domain.Post]]:
        return await self._pages(SqlPostRepository._by_author, author_ids, request)

    async def pages_by_tag(
        self, tag_ids: Collection[domain.TagId], request: domain.PageRequest[domain.PostFilter]
    ) -> Mapping[domain.TagId, domain.Page[domain.Post]]:
        return await self._pages(SqlPostRepository._by_tag, tag_ids, request)

    async def counts_by_author(
        self, author_ids: Collection[domain.UserId], filter: domain.PostFilter
    ) -> Mapping[domain.UserId, int]:
        return await self._counts(SqlPostRepository._by_author, author_ids, filter)

    async def counts_by_tag(
        self, tag_ids: Collection[domain.TagId], filter: domain.PostFilter
    ) -> Mapping[domain.TagId, int]:
        return await self._counts(SqlPostRepository._by_tag, tag_ids, filter)

    async def counts_by_month(self, filter: domain.PostFilter) -> Sequence[domain.ArchiveMonth]:
        def build(own: SqlPostRepository, given: Parameters) -> ClauseElement:
            year = extract("year", PostRecord.published_at)
            month = extract("month", PostRecord.published_at)
            visible = any_of(POSTS, own._parts(POSTS, given.filter))
            return (
                select(year, month, func.count())
                .where(PostRecord.published_at.is_not(None), visible)
                .where(*own._matching(POSTS, given.filter))
                .group_by(year, month)
                .order_by(year.desc(), month.desc())
            )

        query = self._query(("months",), build, {}, filter, entity=None)
        return [
            domain.ArchiveMonth(int(year), int(month), count)
            for year, month, count in (await self._session.rows(query)).rows
        ]

    async def create(self, post: domain.NewPost) -> domain.Post:
        values = values_in(post)
        tags = values.pop("tags")
        author = UserRecord, domain.NotFound("User", post.author_id)

        async def write(slug: str) -> domain.Post:
            return await self._create({**values, "slug": slug}, author)

        created = await at_free_slug(post.slug, write)
        await self._tag(created, tags, at=post.created_at)
        return created

    async def update(self, edit: domain.PostEdit) -> domain.Post:
        async def write(slug: str) -> domain.Post:
            updated = replace(edit.post, slug=slug)
            if not await self._update(updated, updated.version - 1):
                raise domain.VersionConflict((await self.get(updated.id)).version)
            return updated

        updated = await at_free_slug(edit.post.slug, write)
        if edit.tags is not None:
            await self._session.change(Query("unlink", unlink, {"id": updated.id}))
            await self._tag(updated, edit.tags, at=updated.updated_at or updated.created_at)
        elif edit.changes_status:
            values = {"id": updated.id, "new_status": updated.status}
            await self._session.change(Query("change links", change_links, values))
        return updated

    async def _tag(self, post: domain.Post, names: Sequence[str], *, at: datetime) -> None:
        if names:
            tags = await SqlTagRepository(self._session, self._viewer).get_or_create(names, at=at)
            values: dict[str, Any] = {f"tag_{n}": tag.id for n, tag in enumerate(tags)}
            values |= {
                "post": post.id,
                "author": post.author_id,
                "of_status": post.status,
                "at": post.created_at,
            }
            await self._session.change(Query(("link", len(tags)), partial(link, len(tags)), values))

    def _by_author(self, filter: domain.PostFilter) -> ListBelow:
        return ListBelow(BY_AUTHOR, self._source(filter), filter)

    def _by_tag(self, filter: domain.PostFilter) -> ListBelow:
        others = [*under_too(filter.tag)]
        return ListBelow(BY_TAG, tagged(filter), replace(filter, tag=None), others)

    def _source(self, filter: domain.PostFilter | None = None) -> Source:
        return POSTS if filter is None or filter.tag is None else tagged(filter)

    def _parts(self, source: Source, filter: domain.PostFilter | None = None) -> list[Part]:
        """One part for each scope that the filter leaves something of.

        Only what was never published lacks a moment.
        """
        wanted = filter or domain.PostFilter()
        has_nulls = wanted.published_after is None and wanted.published_before is None
        return [
            Part(
                source["status"] == scope.status,
                owner=None if scope.author_id is None else ("author_id", scope.author_id),
                has_nulls=has_nulls and scope.status is not domain.PostStatus.PUBLISHED,
                same=equal_columns(source, scope, wanted),
            )
            for scope in domain.visible_posts(self._viewer)
            if wanted.status in {None, scope.status}
            and (scope.author_id is None or wanted.author_id in {None, scope.author_id})
        ]

    def _bounded(self, filter: domain.PostFilter) -> domain.OrderField | None:
        return filter.bounded_field

    def _matching(self, source: Source, filter: domain.PostFilter) -> Iterator[Condition]:
        if filter.author_id is not None:
            yield source["author_id"] == filter.author_id
        if filter.tag is not None:
            yield post_tags.c.tag_id == key_of_tag(filter.tag)
        if filter.published_after is not None:
            yield PostRecord.published_at > filter.published_after
        if filter.published_before is not None:
            yield PostRecord.published_at < filter.published_before


def unlink(_: object) -> ClauseElement:
    """Take a post's tags away."""
    return delete_from(post_tags).where(post_tags.c.post_id == bindparam("id"))


def change_links(_: object) -> ClauseElement:
    """Keep a post's status in its links."""
    links = update(post_tags).where(post_tags.c.post_id == bindparam("id"))
    return links.values(status=bindparam("new_status", type_=post_tags.c.status.type))


def link(count: int, _: object) -> ClauseElement:
    """Put a post under so many tags."""
    names = {"post_id": "post", "author_id": "author", "status": "of_status", "created_at": "at"}
    columns = post_tags.c
    copies = {name: bindparam(given, type_=columns[name].type) for name, given in names.items()}
    tags = [bindparam(f"tag_{n}", type_=columns.tag_id.type) for n in range(count)]
    return insert(post_tags).values([{**copies, "tag_id": tag} for tag in tags])


def tagged(filter: domain.PostFilter) -> Source:
    """Look for posts among their links to tags."""
    is_dated = filter.published_after is not None or filter.published_before is not None
    return replace(TAGGED_POSTS, is_joined=is_dated)


def key_of_tag(name: str) -> ScalarSelect[int]:
    """Find a tag's key: a constant to the rest of the statement, on every database."""
    return select(TagRecord.id).where(TagRecord.name == name).scalar_subquery()


def under_too(tag: str | None) -> Iterator[Condition]:
    """Narrow the posts of one tag to those of another as well, if one is named."""
    if tag is not None:
        links = post_tags.alias()
        of_tag = select(links.c.post_id).where(links.c.tag_id == key_of_tag(tag))
        yield post_tags.c.post_id.in_(of_tag)


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
