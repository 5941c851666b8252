"""Tags, in SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import ClassVar

from sqlalchemy import ClauseElement, or_, select

import domain
from persistence.lists import Condition, Part, Source
from persistence.models import TagRecord, post_tags
from persistence.reader import Parameters
from persistence.repository import SqlRepository
from persistence.visibility import TAGGED_POSTS, in_scope, seen_by


class SqlTagRepository(SqlRepository[domain.TagId, domain.Tag]):
    """`domain.TagRepository` over a request's session."""

    kind = "Tag"
    record: ClassVar[type[TagRecord]] = TagRecord
    entity = domain.Tag
    unique = ("name",)

    async def get_many_by_name(self, names: Collection[str]) -> Mapping[str, domain.Tag]:
        return await self._get_many_by("name", names)

    async def get_many_by_post(
        self, post_ids: Collection[domain.PostId]
    ) -> Mapping[domain.PostId, Sequence[domain.Tag]]:
        if not post_ids:
            return {}

        def build(own: SqlTagRepository, given: Parameters) -> ClauseElement:
            of_posts = given.keys.among(post_tags.c.post_id)
            return (
                own._select()
                .add_columns(post_tags.c.post_id)
                .join(post_tags, post_tags.c.tag_id == TagRecord.id)
                .where(of_posts, seen_by(own._viewer, TAGGED_POSTS))
                .order_by(TagRecord.name)
            )

        keys = self._keys.values(post_ids)
        query = self._query(("of posts", self._keys.shape(keys)), build, {"keys": keys})
        rows, make = await self._session.rows(query)
        tags = defaultdict[domain.PostId, list[domain.Tag]](list)
        for row in rows:
            tags[row[-1]].append(make(row))
        return tags

    async def get_or_create(self, names: Collection[str], *, at: datetime) -> Sequence[domain.Tag]:
        found = await self._get_all(names)
        if missing := {*names} - {*found}:
            for name in sorted(missing):  # in one order, so that racers do not deadlock
                with suppress(domain.AlreadyTaken):  # by one who was faster, and has committed
                    await self._create({"name": name, "created_at": at})
            found = await self._get_all(names)
        return [found[name] for name in names]

    async def _get_all(self, names: Collection[str]) -> dict[str, domain.Tag]:
        """Read the tags of these names, whoever may see them."""
        if not names:
            return {}

        def build(own: SqlTagRepository, given: Parameters) -> ClauseElement:
            return own._select().where(given.keys.among(TagRecord.name))

        keys = self._keys.values(names)
        query = self._query(("all", self._keys.shape(keys)), build, {"keys": keys})
        rows, make = await self._session.rows(query, to_write=True)
        return {tag.name: tag for tag in map(make, rows)}

    def _parts(self, source: Source, filter: None = None) -> list[Part]:
        """Those with a post that the viewer may see.

        Each scope is asked for a value: an EXISTS may be answered by all links at once.
        """
        if domain.moderates(self._viewer):
            return [Part()]
        scopes = domain.visible_posts(self._viewer)
        return [Part(or_(*(has_post(in_scope(scope, TAGGED_POSTS)) for scope in scopes)))]


def has_post(condition: Condition) -> Condition:
    """Tell whether there is a link that meets the condition under a tag."""
    of_tag = post_tags.c.tag_id == TagRecord.id
    first = select(post_tags.c.post_id).where(of_tag, condition).limit(1)
    return first.scalar_subquery().is_not(None)
