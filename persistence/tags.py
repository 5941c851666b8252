"""Tags, in SQL."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import ClassVar

from sqlalchemy import or_, select

import domain
from persistence.lists import Condition, Part, Source
from persistence.models import TagRecord, post_tags
from persistence.repository import SqlRepository
from persistence.visibility import TAGGED_POSTS, in_scope, seen_by


class SqlTagRepository(SqlRepository[domain.TagId, domain.Tag]):
    """`domain.TagRepository` over a request's session."""

    kind = "Tag"
    record: ClassVar[type[TagRecord]] = TagRecord

    async def get_many_by_name(self, names: Collection[str]) -> Mapping[str, domain.Tag]:
        return await self._get_many_by(TagRecord.name, names)

    async def get_many_by_post(
        self, post_ids: Collection[domain.PostId]
    ) -> Mapping[domain.PostId, Sequence[domain.Tag]]:
        statement = (
            select(TagRecord, post_tags.c.post_id)
            .join(post_tags, post_tags.c.tag_id == TagRecord.id)
            .where(post_tags.c.post_id.in_(post_ids), seen_by(self._viewer, TAGGED_POSTS))
            .order_by(TagRecord.name)
        )
        tags = defaultdict[domain.PostId, list[domain.Tag]](list)
        for record, post_id in await self._session.rows(statement):
            tags[domain.PostId(post_id)].append(record.to_entity())
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
        statement = select(TagRecord).where(TagRecord.name.in_(names))
        records = await self._session.rows(statement, to_write=True)
        return {record.name: record.to_entity() for (record,) in records}

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
