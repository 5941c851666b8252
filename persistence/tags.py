"""Tags, in SQL."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar

from sqlalchemy import select

import domain
from persistence.models import TagRecord, post_tags
from persistence.repository import SqlRepository


class SqlTagRepository(SqlRepository[domain.TagId, domain.Tag]):
    """`domain.TagRepository` over a request's session."""

    kind = "tag"
    record: ClassVar[type[TagRecord]] = TagRecord

    async def get_many_by_name(self, names: Collection[str]) -> Mapping[str, domain.Tag]:
        return await self._get_many_by(TagRecord.name, names)

    async def get_many_by_post(
        self, post_ids: Collection[domain.PostId]
    ) -> Mapping[domain.PostId, Sequence[domain.Tag]]:
        statement = (
            select(TagRecord, post_tags.c.post_id)
            .join(post_tags, post_tags.c.tag_id == TagRecord.id)
            .where(post_tags.c.post_id.in_(post_ids))
            .order_by(TagRecord.name)
        )
        tags = defaultdict[domain.PostId, list[domain.Tag]](list)
        for record, post_id in await self._session.rows(statement):
            tags[domain.PostId(post_id)].append(record.to_entity())
        return tags

    async def create(self, tag: domain.NewTag) -> domain.Tag:
        return await self._create(tag)
